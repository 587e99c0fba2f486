import { type Decimal, realFromDecimal } from '../../../types/decimal.ts'
import { roundReal } from '../../../types/number.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const

/** The power of 1024 of a unit in any case; throws {@link QueryError} where it is none. */
function powerOf(unit: string): number {
  const power = UNITS.findIndex(name => name.toLowerCase() === unit.toLowerCase())
  if (power >= 0) return power
  throw new QueryError('KS128', `'${unit}' is not one of ${UNITS.join(', ')}.`, 2)
}

/** The largest unit of which there is at least one. */
function fittingPower(size: number): number {
  let power = 0
  while (power < UNITS.length - 1 && Math.abs(size) >= 1024 ** (power + 1)) power++
  return power
}

/** The unit that a constant argument names; undefined where it is empty or not given. */
function constantPower(unit: unknown): number | undefined {
  return typeof unit === 'string' && unit !== '' ? powerOf(unit) : undefined
}

function formatBytes(size: number, precision: bigint, fixed: number | undefined): string {
  const power = fixed ?? fittingPower(size)
  return `${roundReal(size / 1024 ** power, Number(precision))} ${UNITS[power]}`
}

/** @see https://learn.microsoft.com/kusto/query/format-bytes-function */
export const format_bytes = scalar({
  name: 'format_bytes',
  naming: 'argument',
  doc: 'The number of bytes in a unit of Bytes, KB, MB, GB, TB, PB or EB, by default the largest of which there is at least one, rounded to some digits after the point, none by default. Empty where an argument is null; another unit is an error.',
  examples: [
    {
      query:
        "print a = format_bytes(564), b = format_bytes(10332, 1), c = format_bytes(20010332, 0, 'KB')",
      rows: [{ a: '564 Bytes', b: '10.1 KB', c: '19541 KB' }],
    },
  ],
  overloads: [
    overload({
      params: ['real', 'long', 'string'],
      required: 1,
      constants: [1, 2],
      returns: 'string',
      nulls: 'propagate',
      prepare([, , unit]) {
        const power = constantPower(unit)
        return { each: (size: number, precision = 0n) => formatBytes(size, precision, power) }
      },
    }),
    overload({
      params: ['decimal', 'long', 'string'],
      required: 1,
      constants: [1, 2],
      returns: 'string',
      nulls: 'propagate',
      prepare([, , unit]) {
        const power = constantPower(unit)
        return {
          each: (size: Decimal, precision = 0n) =>
            formatBytes(realFromDecimal(size), precision, power),
        }
      },
    }),
  ],
})
