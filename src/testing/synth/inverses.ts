import type { CallExpr, Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { UNIX_EPOCH_TICKS } from '../../types/datetime.ts'
import { isCall } from './calls.ts'
import type { Hint } from './hint.ts'
import { sampleOf } from './sample-regex.ts'

/** Hints for a part of an expression. */
export interface Inverse {
  readonly expr: Expr
  readonly alternatives: readonly (readonly Hint[])[]
}

type Alternatives = readonly (readonly Hint[])[]
type Undo = (call: CallExpr, alternatives: Alternatives) => Inverse[]

/** What hints for the value of an expression say of its arguments. */
export function inverseOf(expr: Expr, alternatives: Alternatives): Inverse[] {
  if (expr.kind === 'path') return ofPath(expr.target, expr.steps, alternatives)
  if (expr.kind !== 'call') return []
  const undo = UNDO[expr.function]
  if (undo !== undefined) return undo(expr, alternatives)
  // What is not known is taken as keeping the text: the value is tested in the end.
  return through(expr, alternatives)
}

/** The hints as they are, for the first argument that is not constant. */
const through: Undo = (call, alternatives) => {
  const subject = call.arguments.find(argument => argument.kind !== 'literal')
  return subject === undefined ? [] : [{ expr: subject, alternatives }]
}

function mapHints(alternatives: Alternatives, map: (hint: Hint) => Hint | undefined): Hint[][] {
  return alternatives.map(hints =>
    hints.flatMap(hint => {
      const mapped = map(hint)
      return mapped === undefined ? [] : [mapped]
    }),
  )
}

/** Hints with their texts mapped; a hint for a filled value becomes that text. */
function mapTexts(alternatives: Alternatives, map: (text: string) => string): Hint[][] {
  return mapHints(alternatives, hint => {
    switch (hint.kind) {
      case 'value':
        return typeof hint.value === 'string'
          ? { kind: 'value', value: map(hint.value), type: 'string' }
          : undefined
      case 'text':
        return { kind: 'value', value: map(hint.text), type: 'string' }
      case 'pattern':
        return { kind: 'value', value: map(sampleOf(hint.pattern) ?? 'x'), type: 'string' }
      case 'filled':
        return { kind: 'value', value: map('x'), type: 'string' }
      case 'low':
      case 'high':
        return {
          kind: 'value',
          value: map(String(numberNear(hint.value, hint.kind))),
          type: 'string',
        }
      default:
        return hint
    }
  })
}

function numberNear(value: number | bigint, side: 'low' | 'high'): bigint {
  const whole = typeof value === 'bigint' ? value : wholeOf(Math.trunc(value))
  return side === 'low' ? whole + 1n : whole - 1n
}

/** The nearest whole number; 0 of what none is near to. */
function wholeOf(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.round(value)) : 0n
}

/** Parts that a text is made of at most: what needs more is not solved. */
const MOST_PARTS = 10_000

function repeated(text: string, count: number): string {
  return text.repeat(Math.min(count, MOST_PARTS))
}

/** A text that has no part of the delimiter. */
function fillerFor(delimiter: string): string {
  return ['x', 'a', '0'].find(text => !delimiter.includes(text)) ?? 'x'
}

/** Numbers of the hints moved. */
function shift(
  alternatives: Alternatives,
  map: (value: number | bigint) => number | bigint,
): Hint[][] {
  return mapHints(alternatives, hint => {
    if (hint.kind === 'low' || hint.kind === 'high') return { ...hint, value: map(hint.value) }
    if (hint.kind !== 'value') return hint
    const { value } = hint
    if (typeof value !== 'number' && typeof value !== 'bigint') return hint
    return { ...hint, value: map(value) as ScalarValue }
  })
}

function add(a: number | bigint, b: number | bigint, sign: 1 | -1): number | bigint {
  if (typeof a === 'bigint' && typeof b === 'bigint') return sign === 1 ? a + b : a - b
  return Number(a) + sign * Number(b)
}

/** Low becomes high and the other way round. */
function mirrored(alternatives: Alternatives): Hint[][] {
  return mapHints(alternatives, hint => {
    if (hint.kind === 'low') return { ...hint, kind: 'high' }
    return hint.kind === 'high' ? { ...hint, kind: 'low' } : hint
  })
}

function numberOf(expr: Expr | undefined): number | bigint | undefined {
  if (expr?.kind !== 'literal') return undefined
  const { value } = expr
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined
}

function textOf(expr: Expr | undefined): string | undefined {
  return expr?.kind === 'literal' && typeof expr.value === 'string' ? expr.value : undefined
}

const UNIT_TICKS: Readonly<Record<string, bigint>> = {
  second: 10_000_000n,
  minute: 600_000_000n,
  hour: 36_000_000_000n,
  day: 864_000_000_000n,
  week: 6_048_000_000_000n,
  month: 26_784_000_000_000n,
  quarter: 80_352_000_000_000n,
  year: 315_576_000_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
}

/** The number of units of so many ticks that a moment is after 1970. */
function sinceEpoch(ticks: number): Undo {
  return ({ arguments: [count] }, alternatives) => {
    if (count === undefined) return []
    const since = shift(alternatives, value => add(value, UNIX_EPOCH_TICKS, -1))
    const counted = shift(since, value => Number(value) / ticks)
    return [{ expr: count, alternatives: typed(counted, count, 'long') }]
  }
}

const UNDO: Readonly<Record<string, Undo>> = {
  '+': ({ arguments: [left, right], type }, alternatives) => {
    const [moving, fixed] = numberOf(right) === undefined ? [right, left] : [left, right]
    const by = numberOf(fixed)
    if (moving === undefined || by === undefined) return []
    const moved = shift(alternatives, value => add(value, by, -1))
    return [{ expr: moving, alternatives: typed(moved, moving, type) }]
  },
  '-': ({ arguments: [left, right], type }, alternatives) => {
    if (left === undefined || right === undefined) return []
    const subtrahend = numberOf(right)
    if (subtrahend !== undefined) {
      const moved = shift(alternatives, value => add(value, subtrahend, 1))
      return [{ expr: left, alternatives: typed(moved, left, type) }]
    }
    const from = numberOf(left)
    if (from === undefined) return []
    const moved = mirrored(shift(alternatives, value => add(from, value, -1)))
    return [{ expr: right, alternatives: typed(moved, right, type) }]
  },
  '*': ({ arguments: [left, right] }, alternatives) => {
    const [moving, fixed] = numberOf(right) === undefined ? [right, left] : [left, right]
    const by = Number(numberOf(fixed) ?? 0)
    if (moving === undefined || by === 0) return []
    return [{ expr: moving, alternatives: stretched(alternatives, 1 / by) }]
  },
  '/': ({ arguments: [left, right], type }, alternatives) => {
    const by = Number(numberOf(right) ?? 0)
    if (left === undefined || by === 0) return []
    const quotients =
      type === 'long' || type === 'int' ? wholeQuotients(alternatives) : alternatives
    return [{ expr: left, alternatives: stretched(quotients, by) }]
  },
  $negate: ({ arguments: [operand] }, alternatives) =>
    operand === undefined
      ? []
      : [{ expr: operand, alternatives: mirrored(shift(alternatives, value => -value)) }],
  datetime_diff: ({ arguments: [unit, left, right] }, alternatives) => {
    const ticks = UNIT_TICKS[textOf(unit) ?? '']
    if (ticks === undefined || left === undefined || right === undefined) return []
    const inTicks = shift(alternatives, value => wholeOf(Number(value)) * ticks)
    const subtrahend = numberOf(right)
    if (subtrahend !== undefined) {
      const moved = shift(inTicks, value => add(value, subtrahend, 1))
      return [{ expr: left, alternatives: typed(moved, left, 'datetime') }]
    }
    const from = numberOf(left)
    if (from === undefined) return []
    const moved = mirrored(shift(inTicks, value => add(from, value, -1)))
    return [{ expr: right, alternatives: typed(moved, right, 'datetime') }]
  },
  datetime_add: ({ arguments: [unit, amount, moment] }, alternatives) => {
    const ticks = UNIT_TICKS[textOf(unit)?.toLowerCase() ?? '']
    const by = numberOf(amount)
    if (moment === undefined || ticks === undefined || by === undefined) return []
    const later = wholeOf(Number(by)) * ticks
    return [{ expr: moment, alternatives: shift(alternatives, value => add(value, later, -1)) }]
  },
  unixtime_seconds_todatetime: sinceEpoch(10_000_000),
  unixtime_milliseconds_todatetime: sinceEpoch(10_000),
  unixtime_microseconds_todatetime: sinceEpoch(10),
  unixtime_nanoseconds_todatetime: sinceEpoch(0.01),
  split: ({ arguments: [text, delimiter] }, alternatives) => {
    const by = textOf(delimiter)
    if (text === undefined || by === undefined) return []
    const x = fillerFor(by)
    return [{ expr: text, alternatives: mapTexts(alternatives, part => `${part}${by}${x}`) }]
  },
  array_length: ({ arguments: [array] }, alternatives) => {
    if (array === undefined) return []
    const counts = mapHints(alternatives, countHint)
    return ofLength(array, counts)
  },
  bag_keys: ({ arguments: [bag] }, alternatives) => {
    if (bag === undefined) return []
    const keys = mapHints(alternatives, hint => {
      if (hint.kind === 'value' && typeof hint.value === 'string') {
        return { kind: 'key', name: hint.value }
      }
      return hint.kind === 'text' ? { kind: 'key', name: hint.text } : undefined
    })
    return [{ expr: bag, alternatives: keys }]
  },
  extract: ({ arguments: [pattern, group, text] }, alternatives) => {
    const regex = textOf(pattern)
    const index = Number(numberOf(group) ?? 0)
    if (regex === undefined || text === undefined) return []
    const patterns = mapHints(alternatives, hint => {
      if (hint.kind === 'empty') return hint
      const wanted = textHint(hint)
      if (wanted === undefined) return { kind: 'pattern', pattern: regex }
      // The whole of what matches is the text itself.
      if (index === 0) return { kind: 'text', part: 'inside', text: wanted }
      return { kind: 'pattern', pattern: regex, group: { index, text: wanted } }
    })
    return [{ expr: text, alternatives: patterns }]
  },
  strcat: (call, alternatives) => {
    const at = call.arguments.findIndex(argument => argument.kind !== 'literal')
    const subject = call.arguments[at]
    if (subject === undefined) return []
    const before = call.arguments
      .slice(0, at)
      .map(part => textOf(part) ?? '')
      .join('')
    const behind = call.arguments.slice(at + 1)
    const after = behind.every(part => part.kind === 'literal')
      ? behind.map(part => textOf(part) ?? '').join('')
      : ''
    const stripped = mapHints(alternatives, hint =>
      hint.kind === 'value' && typeof hint.value === 'string'
        ? { ...hint, value: without(hint.value, before, after) }
        : hint,
    )
    return [{ expr: subject, alternatives: stripped }]
  },
  substring: ({ arguments: [text, start] }, alternatives) => {
    if (text === undefined) return []
    const from = Math.max(0, Number(numberOf(start) ?? 0))
    return [
      { expr: text, alternatives: mapTexts(alternatives, part => repeated('x', from) + part) },
    ]
  },
  strlen: ({ arguments: [text] }, alternatives) => {
    if (text === undefined) return []
    const texts = mapHints(alternatives, hint => {
      const counted = countHint(hint)
      if (counted?.kind !== 'elements') return undefined
      return { kind: 'value', value: repeated('x', counted.count), type: 'string' }
    })
    return [{ expr: text, alternatives: texts }]
  },
  pack_array: through,
  extract_all: ({ arguments: [pattern, ...rest] }, alternatives) => {
    const regex = textOf(pattern)
    const text = rest.at(-1)
    if (regex === undefined || text === undefined) return []
    const patterns = mapHints(alternatives, hint => {
      const wanted = textHint(hint)
      const group = wanted === undefined ? {} : { group: { index: 1, text: wanted } }
      return { kind: 'pattern', pattern: regex, ...group }
    })
    return [{ expr: text, alternatives: patterns }]
  },
}

function scaled(value: number | bigint, by: number): number | bigint {
  return typeof value === 'bigint' ? wholeOf(Number(value) * by) : value * by
}

/** Numbers of the hints times a factor, which turns bounds around where it is negative. */
function stretched(alternatives: Alternatives, by: number): Hint[][] {
  const moved = shift(alternatives, value => scaled(value, by))
  return by < 0 ? mirrored(moved) : moved
}

/** What is less than one, however often it is taken. */
const TINY = 1e-6

/** Bounds of a quotient whose fraction is cut off, as of one that has it: above 10 is 11 at least. */
function wholeQuotients(alternatives: Alternatives): Hint[][] {
  return mapHints(alternatives, hint => {
    if (hint.kind !== 'low' && hint.kind !== 'high') return hint
    const near = numberNear(hint.value, hint.kind)
    return { ...hint, value: hint.kind === 'low' ? Number(near) - TINY : Number(near) + TINY }
  })
}

/** The hints as of the type of the part that they are for now. */
function typed(alternatives: Hint[][], expr: Expr, type: Expr['type']): Hint[][] {
  const own = expr.type === 'dynamic' ? type : expr.type
  return mapHints(alternatives, hint =>
    hint.kind === 'low' || hint.kind === 'high' || hint.kind === 'value'
      ? { ...hint, type: own }
      : hint,
  )
}

function without(text: string, before: string, after: string): string {
  const start = text.startsWith(before) ? before.length : 0
  const end = after !== '' && text.endsWith(after) ? text.length - after.length : text.length
  return text.slice(start, Math.max(start, end))
}

function countHint(hint: Hint): Hint | undefined {
  const bound = hint.kind === 'value' ? hint.value : 'value' in hint ? hint.value : undefined
  if (typeof bound !== 'number' && typeof bound !== 'bigint') return undefined
  const count = Number(bound) + (hint.kind === 'low' ? 1 : hint.kind === 'high' ? -1 : 0)
  return { kind: 'elements', count: Math.max(0, Math.ceil(count)) }
}

/** Hints for the length of an array, which may be made by taking a text apart. */
function ofLength(array: Expr, counts: Hint[][]): Inverse[] {
  if (!isCall(array, 'split')) return [{ expr: array, alternatives: counts }]
  const [text, delimiter] = array.arguments
  const by = textOf(delimiter)
  if (text === undefined || by === undefined) return []
  const x = fillerFor(by)
  const texts = mapHints(counts, hint =>
    hint.kind === 'elements'
      ? {
          kind: 'value',
          value: `${repeated(`${x}${by}`, Math.max(0, hint.count - 1))}${x}`,
          type: 'string',
        }
      : undefined,
  )
  return [{ expr: text, alternatives: texts }]
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real'])

/** The text that a hint asks for; of a number, its digits. */
function textHint(hint: Hint): string | undefined {
  switch (hint.kind) {
    case 'text':
      return hint.text
    case 'low':
    case 'high':
      return NUMBERS.has(hint.type) ? String(numberNear(hint.value, hint.kind)) : undefined
    case 'value': {
      const { value, type } = hint
      return typeof value === 'string' || NUMBERS.has(type) ? String(value) : undefined
    }
    default:
      return undefined
  }
}

/** What is at a path of something that is no place itself. */
function ofPath(
  target: Expr,
  steps: readonly (string | number)[],
  alternatives: Alternatives,
): Inverse[] {
  const [first] = steps
  if (isCall(target, 'split') && typeof first === 'number') {
    const [text, delimiter] = target.arguments
    const by = textOf(delimiter)
    if (text === undefined || by === undefined) return []
    const x = fillerFor(by)
    const build = (part: string) =>
      first >= 0 ? repeated(`${x}${by}`, first) + part : part + repeated(`${by}${x}`, -first - 1)
    const padded = (part: string) =>
      first >= 0 ? `${build(part)}${by}${x}` : `${x}${by}${build(part)}`
    return [
      {
        expr: text,
        alternatives: [...mapTexts(alternatives, build), ...mapTexts(alternatives, padded)],
      },
    ]
  }
  if (isCall(target, 'pack_array') && typeof first === 'number') {
    const item = target.arguments.at(first)
    return item === undefined ? [] : [{ expr: item, alternatives }]
  }
  if (isCall(target, 'bag_keys') && typeof first === 'number') {
    return inverseOf(target, alternatives)
  }
  if (isCall(target, 'extract_all')) return inverseOf(target, alternatives)
  if (target.kind === 'call') return through(target, alternatives)
  return []
}
