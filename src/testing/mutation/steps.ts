import type { LiteralSyntax } from '../../parser/syntax.ts'
import { formatTimespan } from '../../types/timespan.ts'

/** A literal one step away from another. */
export interface Step {
  readonly literal: LiteralSyntax
  /** "`30m` becomes `31m`" */
  readonly what: string
}

/** A number or a span of time one step up and one down; of others nothing. */
export function steps(literal: LiteralSyntax): Step[] {
  const { value, type } = literal
  const to = (other: number | bigint, shown: (value: number | bigint) => string): Step => ({
    literal: { ...literal, value: other },
    what: `\`${shown(value as number | bigint)}\` becomes \`${shown(other)}\``,
  })
  switch (type) {
    case 'int':
    case 'long':
      return typeof value === 'bigint'
        ? [to(value + 1n, String), to(value - 1n, String)]
        : typeof value === 'number'
          ? [to(value + 1, String), to(value - 1, String)]
          : []
    case 'real':
      return typeof value === 'number' ? realSteps(value).map(other => to(other, String)) : []
    case 'timespan':
      return typeof value === 'bigint'
        ? timespanSteps(value).map(other => to(other, ticks => formatTimespan(BigInt(ticks))))
        : []
    default:
      return []
  }
}

/** By one in the last digit that is needed to write it: 0.25 by 0.01. */
function realSteps(value: number): number[] {
  const [, fraction = '', exponent = '0'] = /(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(value)) ?? []
  const digits = fraction.length - Number(exponent)
  if (!Number.isFinite(value) || digits > MAX_DIGITS) return []
  const step = 10 ** -digits
  const rounded = (other: number) => (digits < 0 ? other : Number(other.toFixed(digits)))
  return [rounded(value + step), rounded(value - step)]
}

/** Digits behind the point that a number is rounded to, at most. */
const MAX_DIGITS = 100

const TICKS = 10_000_000n
const UNITS: readonly bigint[] = [86_400n * TICKS, 3600n * TICKS, 60n * TICKS, TICKS, 10_000n, 1n]

/** By one of the largest unit of which it is a multiple; from one such unit down by a smaller one. */
function timespanSteps(value: bigint): bigint[] {
  const at = UNITS.findIndex(unit => value !== 0n && value % unit === 0n)
  const unit = UNITS[at]
  if (unit === undefined) return [TICKS]
  const down = value === unit ? (UNITS[at + 1] ?? unit) : unit
  return [value + unit, value - down]
}
