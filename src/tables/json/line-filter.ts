import type { LineNeeds, NeededTime } from './line-needs.ts'
import { alikeLength, MOST_BYTES } from './line-needs.ts'
import {
  type FoundLines,
  type LinePattern,
  type LinePatterns,
  PLACE_NUMBERS,
} from './line-patterns.ts'
import { linesByBytes } from './lines-by-bytes.ts'
import { isLoaded, linesLoaded } from './skip-memory.ts'

/** Patterns that are looked for at once, at most. */
export const MOST_PATTERNS = 8
/** Patterns that are looked for in lines that have those, at most. */
const MOST_LATE = 64

/** How lines are left out, and how long lines take then, in nanoseconds a byte. */
export interface ChosenFilter {
  readonly filter: LineFilter | undefined
  readonly time: number
}

/**
 * Tells by their bytes which lines of JSON records may matter. The others are not looked at any
 * further: whether they are JSON is not known of them, but that they begin and end like an object.
 */
export class LineFilter implements LinePatterns {
  readonly patterns: readonly LinePattern[]
  readonly needs: readonly number[]
  readonly late: readonly (readonly LinePattern[])[]
  readonly time: NeededTime | undefined

  constructor({ patterns, needs, late, time }: LinePatterns) {
    this.patterns = patterns
    this.needs = needs
    this.late = late
    this.time = time
  }

  /**
   * The filter that takes the least time, judged by the lines of a sample; none where to look at all
   * lines takes less. Any choice leaves all lines that matter.
   */
  static choose(needs: LineNeeds, sample: Uint8Array, start: number, end: number): ChosenFilter {
    const counts = countBytes(sample, start, end)
    const isThere = isLoaded(sample)
    const parsing = LineFilter.none(isThere).time
    const search = (some: LineNeeds): number =>
      isThere ? timeOf(patternsOf(some)) : plainTimeOf(some)
    const share = (filter: LineFilter): number => filter.share(sample, start, end)
    // What lines lack that one search leaves is looked for in those alone: none of them leaves more.
    let first: LineNeeds | undefined
    let left = 1
    let least = Number.POSITIVE_INFINITY
    let whole: number | undefined
    for (const some of combinations(needs)) {
      whole ??= share(LineFilter.of(some, counts, othersThan(some, needs)))
      const leaves = share(LineFilter.of(some, counts))
      const time = search(some) + (leaves - whole) * LOOK_TIME + whole * parsing
      if (time >= least) continue
      least = time
      first = some
      left = leaves
    }
    if (first === undefined) return { filter: undefined, time: parsing }
    let filter = LineFilter.of(first, counts)
    let time = search(first) + left * parsing
    const late: LineNeeds[] = []
    for (const need of othersThan(first, needs)) {
      const more = LineFilter.of(first, counts, [...late, need])
      const after = share(more)
      const gain = (left - after) * parsing - left * search(need)
      if (left >= FEW && gain <= 0) continue
      late.push(need)
      filter = more
      time -= gain
      left = after
    }
    return time < parsing ? { filter, time } : { filter: undefined, time: parsing }
  }

  /** What it takes to look at all lines. */
  static none(kernel: boolean): ChosenFilter {
    return { filter: undefined, time: 1 / (kernel ? PARSED_BYTES : PARSED_BYTES_PLAIN) }
  }

  /**
   * The filter for all of the needs, of which there is one at least and {@link MOST_PATTERNS} at most, and,
   * in lines that have those, for a word or a time of each of the `late` ones.
   */
  static of(
    { words, time }: LineNeeds,
    counts: Uint32Array = new Uint32Array(256),
    late: readonly LineNeeds[] = [],
  ): LineFilter {
    const patterns: LinePattern[] = []
    const needs = words.map(alternatives => {
      let mask = 0
      for (const word of alternatives) {
        mask |= 1 << patterns.length
        patterns.push(wordPattern(word, counts))
      }
      return mask
    })
    if (time !== undefined) patterns.push(timePattern(time, counts))
    const lateTime = late.find(need => need.time !== undefined)?.time
    const latePatterns = [
      ...late.flatMap(need => need.words).map(need => need.map(word => wordPattern(word, counts))),
      ...(lateTime === undefined ? [] : [[timePattern(lateTime, counts)]]),
    ]
    return new LineFilter({ patterns, needs, late: latePatterns, time: time ?? lateTime })
  }

  /** Looks through the lines from `start` to `end`, which is behind a newline, or through some of them. */
  find(bytes: Uint8Array, start: number, end: number): FoundLines {
    return isLoaded(bytes) ? linesLoaded(this, start, end) : linesByBytes(this, bytes, start, end)
  }

  /** The share of the bytes that are in lines which may matter. */
  share(bytes: Uint8Array, start: number, end: number): number {
    let left = 0
    for (let at = start; at < end; ) {
      const { places, end: after } = this.find(bytes, at, end)
      for (let i = 0; i < places.length; i += PLACE_NUMBERS) left += places[i + 1]! - places[i]!
      at = after
    }
    return left / Math.max(1, end - start)
  }
}

// What a byte takes, as measured: bytes a nanosecond.
const PARSED_BYTES = 1.8
const SEARCHED_BYTES = [0, 13, 6, 5.3, 4, 3, 2.5, 2, 1.8]
const MOST_SEARCHED_BYTES = 14
/** What it takes to look a line through once more, in nanoseconds a byte. */
const LOOK_TIME = 1 / 6
/** So small a share of a sample tells nothing of what is in the lines. */
const FEW = 0.02

// The same without WebAssembly, where names of times are as slow to find as records are to read.
const PARSED_BYTES_PLAIN = 0.6
const WORD_BYTES_PLAIN = 1.2
const TIME_BYTES_PLAIN = 0.25

function plainTimeOf({ words, time }: LineNeeds): number {
  const count = words.reduce((sum, need) => sum + need.length, 0)
  return count / WORD_BYTES_PLAIN + (time === undefined ? 0 : 1 / TIME_BYTES_PLAIN)
}

function timeOf(patterns: number): number {
  return 1 / (SEARCHED_BYTES[patterns] ?? MOST_SEARCHED_BYTES / patterns)
}

/** How many patterns are looked for. */
function patternsOf({ words, time }: LineNeeds): number {
  return words.reduce((sum, need) => sum + need.length, 0) + (time === undefined ? 0 : 1)
}

/** Each of the needs that are not among some of them, as far as there is room for their patterns. */
function othersThan(some: LineNeeds, { words, time }: LineNeeds): LineNeeds[] {
  const others: LineNeeds[] = words
    .filter(need => !some.words.includes(need))
    .map(need => ({ words: [need] }))
  if (time !== undefined && some.time === undefined) others.unshift({ words: [], time })
  let room = MOST_LATE
  return others.filter(need => {
    const takes = patternsOf(need)
    if (takes > room) return false
    room -= takes
    return true
  })
}

/**
 * What may be looked for: each need alone, the time, each with the time, and all together. Where times
 * outside of the range matter, neither words nor times alone tell that a line does not.
 */
function* combinations({ words, time }: LineNeeds): Generator<LineNeeds> {
  const withTime = time === undefined ? undefined : { time }
  const isEnough = time?.outside !== true
  if (withTime !== undefined && isEnough) yield { words: [], ...withTime }
  const sets = [...words.map(need => [need]), ...(words.length > 1 ? [words] : [])]
  for (const set of sets) {
    const patterns = set.reduce((sum, need) => sum + need.length, 0)
    if (patterns <= MOST_PATTERNS && isEnough) yield { words: set }
    if (patterns < MOST_PATTERNS && withTime !== undefined) yield { words: set, ...withTime }
  }
}

function countBytes(bytes: Uint8Array, start: number, end: number): Uint32Array {
  const counts = new Uint32Array(256)
  for (let at = start; at < end; at++) counts[bytes[at]!]!++
  return counts
}

/** The pattern of a word. */
function wordPattern(word: string, counts: Uint32Array): LinePattern {
  const bytes = bytesOf(word.slice(0, MOST_BYTES))
  const isLetter = (byte: number): boolean => byte >= 0x61
  const countOf = (byte: number): number =>
    counts[byte]! + (isLetter(byte) ? counts[byte - 0x20]! : 0)
  return { bytes, isTime: false, probes: probesOf(bytes, countOf) }
}

/** The pattern of the names of a time, searched by what they have in common. */
function timePattern({ members }: NeededTime, counts: Uint32Array): LinePattern {
  const [bytes = bytesOf(''), other] = members.map(member => bytesOf(`"${member}"`))
  const common = other === undefined ? bytes : bytes.subarray(0, alikeLength(members) + 1)
  const probes = probesOf(common, byte => counts[byte]!)
  return { bytes, isTime: true, probes, ...(other === undefined ? {} : { other }) }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, char => char.charCodeAt(0))
}

/** Where the two bytes of a text are that are the rarest, in order. */
function probesOf(bytes: Uint8Array, countOf: (byte: number) => number): [number, number] {
  const places = [...bytes.keys()].sort((a, b) => countOf(bytes[a]!) - countOf(bytes[b]!) || a - b)
  const [first = 0] = places
  const second = places.find(at => bytes[at] !== bytes[first]) ?? first
  return [Math.min(first, second), Math.max(first, second)]
}
