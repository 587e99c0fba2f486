import { isDatetime } from '../../../types/datetime.ts'
import {
  divideDecimal,
  modDecimal,
  multiplyDecimal,
  realFromDecimal,
} from '../../../types/decimal.ts'
import { longFromReal, realFromHalves } from '../../../types/number.ts'
import { overload, scalar } from '../declare.ts'
import { calculateDynamic, withDynamicNumber } from './dynamic-arithmetic.ts'

/** The timespan of a real count of ticks, cut; null where int64 cannot hold it. */
function spanOf(ticks: number): bigint | null {
  return Math.abs(ticks) < 2 ** 63 ? longFromReal(ticks) : null
}

/** The ticks where they are a datetime, else null. */
function datetimeOf(ticks: bigint): bigint | null {
  return isDatetime(ticks) ? ticks : null
}

/**
 * @see https://learn.microsoft.com/kusto/query/numerical-operators
 * @see https://learn.microsoft.com/kusto/query/datetime-timespan-arithmetic
 */
export const times = scalar({
  name: '*',
  doc: 'Product of two numbers, or a timespan that many times; null where an operand is null. The product of longs wraps.',
  examples: [
    { query: 'print r = 6 * 7', rows: [{ r: 42 }] },
    { query: 'print r = 1.5 * 1h', rows: [{ r: '01:30:00' }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = BigInt.asIntN(64, a[row]! * b[row]!)
        }
      },
    }),
    overload({
      params: ['real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = a[row]! * b[row]!
        }
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: (a, b) => multiplyDecimal(a, b),
    }),
    overload({
      params: ['timespan', 'long'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => BigInt.asIntN(64, a * b),
    }),
    overload({
      params: ['long', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => BigInt.asIntN(64, a * b),
    }),
    overload({
      params: ['timespan', 'real'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => spanOf(Number(a) * b),
    }),
    overload({
      params: ['real', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => spanOf(a * Number(b)),
    }),
    overload({
      params: ['timespan', 'decimal'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => spanOf(Number(a) * realFromDecimal(b)),
    }),
    overload({
      params: ['decimal', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => spanOf(realFromDecimal(a) * Number(b)),
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (a, b) => calculateDynamic('*', a, b),
    }),
    ...withDynamicNumber('*'),
  ],
})

/**
 * @see https://learn.microsoft.com/kusto/query/numerical-operators
 * @see https://learn.microsoft.com/kusto/query/datetime-timespan-arithmetic
 */
export const divide = scalar({
  name: '/',
  doc: 'Quotient of two numbers or timespans, or a part of a timespan. Of two longs it is cut to a long, and null for divisor 0; of reals, divisor 0 gives an infinity or NaN. null where an operand is null.',
  examples: [
    {
      query: 'print whole = 5 / 2, part = 5.0 / 2, none = 5 / 0',
      rows: [{ whole: 2, part: 2.5, none: null }],
    },
    { query: 'print r = 1d / 5h', rows: [{ r: 4.8 }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const divisor = b[row]!
          // The smallest long by -1 does not fit, and wraps.
          if (divisor === 0n) out.setNull(row)
          else out.values[row] = BigInt.asIntN(64, a[row]! / divisor)
        }
      },
    }),
    overload({
      params: ['real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = a[row]! / b[row]!
        }
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: (a, b) => divideDecimal(a, b),
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'real',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.halves
        const b = y.halves
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = realFromHalves(a, row) / realFromHalves(b, row)
        }
      },
    }),
    overload({
      params: ['datetime', 'timespan'],
      returns: 'real',
      nulls: 'propagate',
      each: (a, b) => Number(a) / Number(b),
    }),
    overload({
      params: ['timespan', 'long'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => (b === 0n ? null : BigInt.asIntN(64, a / b)),
    }),
    overload({
      params: ['timespan', 'real'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => spanOf(Number(a) / b),
    }),
    overload({
      params: ['timespan', 'decimal'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => spanOf(Number(a) / realFromDecimal(b)),
    }),
    // Divides the ticks: the documentation takes the middle of two datetimes by `(t1 + t2) / 2.0`.
    overload({
      params: ['datetime', 'long'],
      returns: 'datetime',
      nulls: 'propagate',
      each: (a, b) => (b === 0n ? null : datetimeOf(a / b)),
    }),
    overload({
      params: ['datetime', 'real'],
      returns: 'datetime',
      nulls: 'propagate',
      each: (a, b) => {
        const ticks = spanOf(Number(a) / b)
        return ticks === null ? null : datetimeOf(ticks)
      },
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (a, b) => calculateDynamic('/', a, b),
    }),
    ...withDynamicNumber('/'),
  ],
})

/**
 * @see https://learn.microsoft.com/kusto/query/numerical-operators#comment-about-the-modulo-operator
 */
export const modulo = scalar({
  name: '%',
  doc: 'Remainder of a division, never negative; of longs, null for divisor 0; of reals, NaN. null where an operand is null.',
  examples: [
    {
      query: 'print a = -14 % 12, b = 14 % -12, c = -14 % -12, d = 5.5 % -3.0',
      rows: [{ a: 10, b: 2, c: 10, d: 2.5 }],
    },
    { query: 'print r = datetime(2024-05-17 13:30) % 1d', rows: [{ r: '13:30:00' }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const divisor = b[row]!
          if (divisor === 0n) {
            out.setNull(row)
            continue
          }
          const rest = a[row]! % divisor
          out.values[row] = rest < 0n ? rest + (divisor < 0n ? -divisor : divisor) : rest
        }
      },
    }),
    overload({
      params: ['real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const rest = a[row]! % b[row]!
          out.values[row] = rest < 0 ? rest + Math.abs(b[row]!) : rest
        }
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: (a, b) => modDecimal(a, b),
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => remainder(a, b),
    }),
    overload({
      params: ['datetime', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (a, b) => remainder(a, b),
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (a, b) => calculateDynamic('%', a, b),
    }),
    ...withDynamicNumber('%'),
  ],
})

function remainder(a: bigint, b: bigint): bigint | null {
  if (b === 0n) return null
  const rest = a % b
  return rest < 0n ? rest + (b < 0n ? -b : b) : rest
}
