import { Word } from '../word.ts'
import type { NeededTime } from './line-needs.ts'
import {
  type FoundLines,
  type LinePattern,
  type LinePatterns,
  PLACE_NUMBERS,
} from './line-patterns.ts'
import { mayHideLetters } from './record-words.ts'
import {
  CARRIAGE_RETURN,
  CLOSE_OBJECT,
  COLON,
  NEWLINE,
  OPEN_OBJECT,
  QUOTE,
  viewOf,
} from './skip.ts'

/** Lines that are listed at most in one go. */
const MOST_LINES = 1024

const DOT = 0x2e
const UTC = 0x5a
const SHAPE = '0000-00-00T00:00:00'

/** What skip-memory.ts does in WebAssembly, for where there is none. */
export function linesByBytes(
  { patterns, needs, late, time }: LinePatterns,
  bytes: Uint8Array,
  start: number,
  end: number,
): FoundLines {
  const words = patterns.map(wordOf)
  const lateWords = late.filter(([first]) => !first!.isTime).map(need => need.map(wordOf))
  const timed = [...patterns, ...late.flat()].find(({ isTime }) => isTime)
  const view = viewOf(bytes)
  const mayMatter = (from: number, to: number): boolean => {
    if (bytes[from] !== OPEN_OBJECT) return true
    const last = bytes[to - 1] === CARRIAGE_RETURN ? to - 2 : to - 1
    if (bytes[last] !== CLOSE_OBJECT || mayHideLetters(bytes, view, from, to)) return true
    if (time !== undefined && timed !== undefined) {
      const seen = seenTimes(bytes, from, to, timed, time)
      if (time.outside === true && seen === MAY_MATTER) return true
      if (time.outside !== true && seen === NO_MATTER) return false
    }
    const isIn = (word: Word): boolean => word.isIn(bytes, from, to)
    return (
      needs.every(mask => words.some((word, index) => (mask & (1 << index)) !== 0 && isIn(word))) &&
      lateWords.every(need => need.some(isIn))
    )
  }
  const places: number[] = []
  let lines = 0
  let at = start
  while (at < end && places.length < MOST_LINES * PLACE_NUMBERS) {
    const newline = bytes.indexOf(NEWLINE, at)
    if (newline > at && mayMatter(at, newline)) places.push(at, newline, lines)
    lines++
    at = newline + 1
  }
  return { lines, end: at, places: Int32Array.from(places) }
}

function wordOf({ bytes }: LinePattern): Word {
  return new Word(String.fromCharCode(...bytes))
}

// What is seen of times in a line: none, some and none of them matters, one that may matter.
const NO_TIME = 0
const NO_MATTER = 1
const MAY_MATTER = 2

/** What is seen of the times that stand behind the name in the line. */
function seenTimes(
  bytes: Uint8Array,
  start: number,
  end: number,
  { bytes: first, other = first }: LinePattern,
  time: NeededTime,
): number {
  let seen = NO_TIME
  for (
    let at = bytes.indexOf(QUOTE, start);
    at >= 0 && at < end;
    at = bytes.indexOf(QUOTE, at + 1)
  ) {
    // Both names begin alike.
    if (bytes[at + 1] !== first[1] || bytes[at + 2] !== first[2]) continue
    const name = startsWith(bytes, at, first)
      ? first
      : startsWith(bytes, at, other)
        ? other
        : undefined
    if (name === undefined) continue
    seen = NO_MATTER
    if (!isNoMatter(bytes, at + name.length, time)) return MAY_MATTER
  }
  return seen
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return true
}

/** Whether what follows a name is a time in UTC that does not matter. */
function isNoMatter(bytes: Uint8Array, start: number, { from, to, outside }: NeededTime): boolean {
  if (bytes[start] !== COLON || bytes[start + 1] !== QUOTE) return false
  let at = start + 2
  const second = String.fromCharCode(...bytes.subarray(at, at + SHAPE.length))
  if (second.replace(/[0-9]/g, '0') !== SHAPE) return false
  if ((second >= from && second <= to) !== (outside === true)) return false
  at += SHAPE.length
  if (bytes[at] === DOT) {
    do at++
    while (bytes[at]! >= 0x30 && bytes[at]! <= 0x39)
  }
  return bytes[at] === UTC && bytes[at + 1] === QUOTE
}
