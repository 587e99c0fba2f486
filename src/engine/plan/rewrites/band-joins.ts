import {
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../../../types/datetime.ts'
import { varies } from '../expression.ts'
import type { Expr, JoinBand, JoinPlan, Plan } from '../nodes.ts'
import { conjunctsOf, substitute } from '../predicates.ts'
import { mapOwnInputs } from './map-plan.ts'

/** Larger offsets than some three hundred years are left alone: no sum of them with a time overflows. */
const MOST_TICKS = 10n ** 17n

/** Ticks of the periods that datetime_diff counts and that are all of one length. */
const PERIOD_TICKS: ReadonlyMap<string, bigint> = new Map([
  ['second', TICKS_PER_SECOND],
  ['minute', TICKS_PER_MINUTE],
  ['hour', TICKS_PER_HOUR],
  ['day', TICKS_PER_DAY],
])

/**
 * Tells each inner join between which bounds a time of the right side minus one of the left must be for
 * the predicates above it to hold: pairs that lie outside need not be made.
 */
export function bandJoins(plan: Plan): Plan {
  const mapped = mapOwnInputs(plan, bandJoins)
  if (mapped.kind !== 'where' || !isOverJoin(mapped.input)) return mapped
  return { ...mapped, input: told(mapped.input, conjunctsOf(mapped.predicate)) }
}

/** Whether there is a join that predicates above the plan may say something of. */
function isOverJoin(plan: Plan): boolean {
  if (plan.kind === 'where' || plan.kind === 'project') return isOverJoin(plan.input)
  return plan.kind === 'join' && (plan.joinKind === 'inner' || plan.joinKind === 'innerunique')
}

/** The plan with its join told of the predicates, which are above it. */
function told(plan: Plan, predicates: readonly Expr[]): Plan {
  switch (plan.kind) {
    case 'where':
      return { ...plan, input: told(plan.input, predicates) }
    case 'project': {
      if (plan.columns.some(({ expr }) => varies(expr))) return plan
      const exprs = new Map(plan.columns.map(({ name, expr }) => [name, expr]))
      const below = predicates.map(predicate => substitute(predicate, name => exprs.get(name)))
      return { ...plan, input: told(plan.input, below) }
    }
    case 'join':
      return withBand(plan, predicates)
    default:
      return plan
  }
}

function withBand(join: JoinPlan, predicates: readonly Expr[]): JoinPlan {
  let band = join.band
  for (const { plus, minus, least, greatest } of predicates.flatMap(rangesOf)) {
    const [a, b] = [plus, minus].map(name => join.columns.find(column => column.name === name))
    if (a === undefined || b === undefined || a.side === b.side) continue
    const own: JoinBand =
      a.side === 'right'
        ? { right: a.column, left: b.column, ...bounds(least, greatest) }
        : { right: b.column, left: a.column, ...bounds(negated(greatest), negated(least)) }
    if (band === undefined) band = own
    else if (band.left === own.left && band.right === own.right) band = narrowed(band, own)
  }
  return band === undefined ? join : { ...join, band }
}

function narrowed(band: JoinBand, own: JoinBand): JoinBand {
  const pick = (
    a: bigint | undefined,
    b: bigint | undefined,
    isBetter: (a: bigint, b: bigint) => boolean,
  ) => (a === undefined || (b !== undefined && isBetter(b, a)) ? b : a)
  const least = pick(band.least, own.least, (a, b) => a > b)
  const greatest = pick(band.greatest, own.greatest, (a, b) => a < b)
  return { left: band.left, right: band.right, ...bounds(least, greatest) }
}

function bounds(least: bigint | undefined, greatest: bigint | undefined) {
  return {
    ...(least === undefined ? {} : { least }),
    ...(greatest === undefined ? {} : { greatest }),
  }
}

/** What bounds the negative of what the ticks bound. */
export function negated(ticks: bigint | undefined): bigint | undefined {
  return ticks === undefined ? undefined : -ticks
}

/** One time minus another is at least, and at most, so many ticks. */
interface Range {
  readonly plus: string
  readonly minus: string
  readonly least?: bigint
  readonly greatest?: bigint
}

/** What of differences of two times a predicate says. It may hold of fewer than are in the range. */
function rangesOf(predicate: Expr): Range[] {
  if (predicate.kind !== 'call') return []
  const [a, b, c] = predicate.arguments
  if (a === undefined || b === undefined) return []
  switch (predicate.function) {
    case 'between':
      return c === undefined ? [] : [...atMost(b, a), ...atMostEnd(a, b, c)]
    case '<':
    case '<=':
      return atMost(a, b)
    case '>':
    case '>=':
      return atMost(b, a)
    default:
      return []
  }
}

/** What `a <= b` says. */
function atMost(a: Expr, b: Expr): Range[] {
  const counted = atMostCounted(a, b)
  if (counted !== undefined) return counted
  const size = a.kind === 'call' && a.function === 'abs' ? linearOf(a.arguments[0]) : undefined
  const limit = linearOf(b)
  if (size !== undefined && limit !== undefined && limit.plus.length + limit.minus.length === 0) {
    // |x| <= c says that x <= c and -x <= c.
    return [...rangeOf(minus(size, limit)), ...rangeOf(minus(negation(size), limit))]
  }
  const left = linearOf(a)
  return left === undefined || limit === undefined ? [] : rangeOf(minus(left, limit))
}

/** What the upper bound of `a between (start .. end)` says, where it may be a distance from the lower one. */
function atMostEnd(a: Expr, start: Expr, end: Expr): Range[] {
  if (start.type !== 'datetime' || end.type !== 'timespan') return atMost(a, end)
  const [time, from, length] = [a, start, end].map(linearOf)
  if (time === undefined || from === undefined || length === undefined) return []
  return rangeOf(minus(minus(time, from), length))
}

/** What `a <= b` says where one counts periods between two times, and the other is a number. */
function atMostCounted(a: Expr, b: Expr): Range[] | undefined {
  const [first, second] = [periodsOf(a), periodsOf(b)]
  // A count of boundaries is less than one off what was passed.
  if (first !== undefined && isCount(b)) {
    const { ticks, times } = first
    return rangeOf({ ...times, offset: -(BigInt(b.value) + 1n) * ticks })
  }
  if (second !== undefined && isCount(a)) {
    const { ticks, times } = second
    return rangeOf({ ...negation(times), offset: (BigInt(a.value) - 1n) * ticks })
  }
  return undefined
}

function isCount(expr: Expr): expr is Expr & { kind: 'literal'; value: bigint | number } {
  if (expr.kind !== 'literal') return false
  return typeof expr.value === 'bigint' || Number.isSafeInteger(expr.value)
}

function periodsOf(expr: Expr): { ticks: bigint; times: Linear } | undefined {
  if (expr.kind !== 'call' || expr.function !== 'datetime_diff') return undefined
  const [period, from, to] = expr.arguments
  if (period?.kind !== 'literal' || typeof period.value !== 'string') return undefined
  const ticks = PERIOD_TICKS.get(period.value.toLowerCase())
  const [one, other] = [linearOf(from), linearOf(to)]
  if (ticks === undefined || one === undefined || other === undefined) return undefined
  if (one.offset !== 0n || other.offset !== 0n) return undefined
  return { ticks, times: minus(one, other) }
}

/** A sum of times, less others, and a number of ticks. */
interface Linear {
  readonly plus: readonly string[]
  readonly minus: readonly string[]
  readonly offset: bigint
}

/** undefined where a part of it may be more than fits into 64 bits, and another number then. */
function linearOf(expr: Expr | undefined): Linear | undefined {
  const linear = sumOf(expr)
  return linear === undefined || isLarge(linear.offset) ? undefined : linear
}

function isLarge(ticks: bigint): boolean {
  return ticks > MOST_TICKS || ticks < -MOST_TICKS
}

function sumOf(expr: Expr | undefined): Linear | undefined {
  if (expr === undefined) return undefined
  if (expr.kind === 'column') {
    return expr.type === 'datetime' ? { plus: [expr.name], minus: [], offset: 0n } : undefined
  }
  if (expr.kind === 'literal') {
    if (expr.type !== 'timespan' || typeof expr.value !== 'bigint') return undefined
    return { plus: [], minus: [], offset: expr.value }
  }
  if (expr.kind !== 'call' || (expr.function !== '+' && expr.function !== '-')) return undefined
  if (expr.type !== 'datetime' && expr.type !== 'timespan') return undefined
  const [left, right] = expr.arguments.map(linearOf)
  if (left === undefined || right === undefined || expr.arguments.length !== 2) return undefined
  return minus(left, expr.function === '-' ? right : negation(right))
}

function negation({ plus, minus, offset }: Linear): Linear {
  return { plus: minus, minus: plus, offset: -offset }
}

function minus(a: Linear, b: Linear): Linear {
  return {
    plus: [...a.plus, ...b.minus],
    minus: [...a.minus, ...b.plus],
    offset: a.offset - b.offset,
  }
}

/** What it says that the sum is 0 at most. */
function rangeOf({ plus, minus, offset }: Linear): Range[] {
  const [one, other] = [plus[0], minus[0]]
  if (plus.length !== 1 || minus.length !== 1 || one === undefined || other === undefined) return []
  if (isLarge(offset)) return []
  return [{ plus: one, minus: other, greatest: -offset }]
}
