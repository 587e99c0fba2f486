import type { ScalarValue } from '../../tables/vector.ts'
import { convertScalar } from '../../types/convert.ts'
import {
  formatDatetime,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../../types/datetime.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { everydayText, everydayValues } from './everyday.ts'
import type { Hint } from './hint.ts'
import { sampleOf } from './sample-regex.ts'

/** What candidates are made for. */
export interface Wanted {
  readonly type: ScalarType
  /** The name of the column or slot. */
  readonly name: string
  /** What each predicate says: alternatives, each of which may be several hints. */
  readonly hints: readonly (readonly (readonly Hint[])[])[]
  /** Makes different values for different rows. */
  readonly salt: number
  readonly now: bigint
}

/** Combinations of alternatives that are tried, and texts that the longest may have. */
const COMBINATIONS = 64
const LONGEST = 200_000

/** Values that may satisfy the hints, the likeliest first, each once. */
export function* candidatesFor(wanted: Wanted): Generator<ScalarValue> {
  const seen = new Set<string>()
  for (const value of allCandidates(wanted)) {
    if (value === undefined) continue
    const key = keyOfValue(value)
    if (seen.has(key) || key.length > LONGEST) continue
    seen.add(key)
    yield value
  }
}

function keyOfValue(value: ScalarValue): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, bigints)
  return `${typeof value} ${String(value)}`
}

function bigints(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  return typeof value === 'bigint' ? `${value}n` : value
}

function* allCandidates(wanted: Wanted): Generator<ScalarValue | undefined> {
  for (const hints of combinations(wanted.hints)) yield* fromHints(hints, wanted)
  for (let n = wanted.salt; n < wanted.salt + 3; n++) {
    yield* everydayValues(wanted.type, wanted.name, n, wanted.now)
  }
}

/** One alternative of each predicate: the first ones, then with one of them exchanged. */
function* combinations(hints: Wanted['hints']): Generator<Hint[]> {
  const choices = hints.filter(alternatives => alternatives.length > 0)
  const first = choices.map(alternatives => alternatives[0] ?? [])
  yield first.flat()
  let left = COMBINATIONS
  for (const [at, alternatives] of choices.entries()) {
    for (const other of alternatives.slice(1)) {
      if (left-- === 0) return
      yield first.with(at, other).flat()
    }
  }
}

function* fromHints(hints: readonly Hint[], wanted: Wanted): Generator<ScalarValue | undefined> {
  if (hints.length === 0) return
  if (hints.some(({ kind }) => kind === 'empty')) yield wanted.type === 'string' ? '' : null
  for (const hint of hints)
    if (hint.kind === 'value') yield converted(hint.value, hint.type, wanted.type)
  const isText = wanted.type === 'string' || wanted.type === 'dynamic'
  if (isText) yield* texts(hints, wanted)
  else for (const text of texts(hints, wanted)) yield converted(text, 'string', wanted.type)
  for (const hint of hints) {
    if (hint.kind === 'elements' && wanted.type === 'dynamic') {
      yield Array.from({ length: Math.min(hint.count, 5000) }, (_, n) => `item${n}`)
    }
    if (hint.kind === 'key') yield new Map([[hint.name, 'sample']])
  }
  yield* between(hints, wanted)
}

/** The value in the other type; undefined where it has none there. */
export function converted(
  value: ScalarValue,
  from: ScalarType,
  to: ScalarType,
): ScalarValue | undefined {
  if (value === null) return to === 'string' ? '' : null
  return inForm(asNumberOf(value, from), from, to)
}

/** A number in the form that values of the type have; sums of different types are not in it. */
function asNumberOf(value: ScalarValue, type: ScalarType): ScalarValue {
  const isWhole = type === 'long' || type === 'datetime' || type === 'timespan'
  if (typeof value === 'number' && isWhole) {
    return Number.isFinite(value) ? BigInt(Math.round(value)) : null
  }
  return typeof value === 'bigint' && (type === 'int' || type === 'real') ? Number(value) : value
}

function inForm(value: ScalarValue, from: ScalarType, to: ScalarType): ScalarValue | undefined {
  if (from === to) return value
  if (from === 'dynamic' && typeof value === 'string') {
    return to === 'string' ? value : (convertScalar(value, 'string', to) ?? undefined)
  }
  // Inside of a dynamic, a time is the text that JSON has for it.
  if (to === 'dynamic' && from === 'string') return value
  if (to === 'dynamic' && from === 'datetime') return formatDatetime(value as bigint)
  return convertScalar(value as never, from, to) ?? undefined
}

function* texts(hints: readonly Hint[], { name, salt }: Wanted): Generator<string> {
  const parts = hints.flatMap(hint => (hint.kind === 'text' ? [hint] : []))
  const patterns = hints.flatMap(hint => (hint.kind === 'pattern' ? [hint] : []))
  const values = hints.flatMap(hint =>
    hint.kind === 'value' && typeof hint.value === 'string' ? [hint.value] : [],
  )
  const of = (part: string) => parts.filter(each => each.part === part).map(({ text }) => text)
  const longest = (all: readonly string[]) => all.toSorted((a, b) => b.length - a.length)[0] ?? ''
  const start = longest(of('start'))
  const end = longest(of('end'))
  const inner = [...of('word'), ...of('inside')]
  for (let branch = 0; branch < (patterns.length > 0 ? 4 : 0); branch++) {
    const samples = patterns.map(({ pattern, group }) => sampleOf(pattern, group, branch) ?? '')
    yield samples[0] ?? ''
    yield start + [...samples, ...inner, ...values].join(' ') + end
    yield ` ${samples.join(' ')} `
  }
  if (parts.length > 0) {
    const middle = covering(inner.filter(text => !start.includes(text) && !end.includes(text)))
    const varied = salt === 0 ? [] : [String(salt)]
    if (salt === 0) yield start + middle.join(' ') + end
    yield [start, ...middle, ...varied, end].filter(text => text !== '').join(' ')
    yield start + [...middle, ...varied].join('') + end
    yield `${start}${[...middle, ...varied].join('/')}/x${end}`
    yield `${start}${everydayText(name, salt)} ${middle.join(' ')}${end}`
    for (const value of values) yield `${start}${value} ${middle.join(' ')}${end}`
    yield start + middle.join(' ') + end
  }
  if (salt > 0) for (const value of values) yield `${value}${salt}`
  if (hints.some(({ kind }) => kind === 'filled')) yield everydayText(name, salt)
}

/** The texts that no other one has in it. */
function covering(all: readonly string[]): string[] {
  return all.filter(
    (text, at) =>
      !all.some((other, k) => k !== at && other.includes(text) && (other !== text || k < at)),
  )
}

/** Numbers and times between the bounds, in the type that is wanted. */
function* between(hints: readonly Hint[], wanted: Wanted): Generator<ScalarValue | undefined> {
  const bounds = hints.flatMap(hint => (hint.kind === 'low' || hint.kind === 'high' ? [hint] : []))
  const [first] = bounds
  if (first === undefined) return
  const isTime = first.type === 'datetime' || first.type === 'timespan'
  const isWhole = isTime || first.type === 'int' || first.type === 'long'
  const lows = bounds.filter(({ kind }) => kind === 'low').map(({ value }) => value)
  const highs = bounds.filter(({ kind }) => kind === 'high').map(({ value }) => value)
  const low = lows.toSorted(descending)[0]
  const high = highs.toSorted(descending).at(-1)
  const numbers = isWhole
    ? wholeNumbers(bigintOf(low), bigintOf(high), isTime, wanted)
    : realNumbers(
        low === undefined ? undefined : Number(low),
        high === undefined ? undefined : Number(high),
      )
  for (const number of numbers) {
    const value = first.type === 'int' ? Number(number) : number
    yield converted(value, first.type, wanted.type)
  }
}

function descending(a: number | bigint, b: number | bigint): number {
  return a > b ? -1 : a < b ? 1 : 0
}

function bigintOf(value: number | bigint | undefined): bigint | undefined {
  return value === undefined || typeof value === 'bigint' ? value : BigInt(Math.floor(value))
}

function* wholeNumbers(
  low: bigint | undefined,
  high: bigint | undefined,
  isTime: boolean,
  { now, salt }: Wanted,
): Generator<bigint> {
  const unit = isTime ? TICKS_PER_SECOND : 1n
  const step = unit * BigInt(salt)
  if (isTime) {
    // Within the window, and before now: a log has nothing that is to come.
    const isMoment = (low ?? high ?? 0n) > 500_000_000_000_000_000n
    const top = high ?? (isMoment ? now : (low ?? 0n) + TICKS_PER_HOUR)
    const last = isMoment && top > now ? now : top
    const bottom = low ?? last - 48n * TICKS_PER_HOUR
    if (last - bottom > TICKS_PER_HOUR) yield last - TICKS_PER_HOUR / 2n - step
    yield (bottom + last) / 2n + step
    for (let hour = 1n; hour <= 24n && last - hour * TICKS_PER_HOUR > bottom; hour++) {
      yield last - hour * TICKS_PER_HOUR - TICKS_PER_MINUTE - step
    }
    for (let part = 1n; part < 16n; part++) yield bottom + ((last - bottom) * part) / 16n + step
  }
  if (low !== undefined) yield* [low + step, low + unit + step, low, low + 1n]
  if (high !== undefined) yield* [high - step, high - unit - step, high, high - 1n]
  if (low !== undefined && high !== undefined) yield (low + high) / 2n
}

function* realNumbers(low: number | undefined, high: number | undefined): Generator<number> {
  if (low !== undefined && high !== undefined) yield (low + high) / 2
  if (low !== undefined) yield* [Math.floor(low) + 1, low + 0.01, low]
  if (high !== undefined) yield* [Math.ceil(high) - 1, high - 0.01, high]
}

/** The value as a dynamic has it. */
export function asDynamic(value: ScalarValue, type: ScalarType): Dynamic {
  return (converted(value, type, 'dynamic') ?? null) as Dynamic
}
