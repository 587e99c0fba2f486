import { isDatetime } from '../../../types/datetime.ts'
import { addDecimal, subtractDecimal } from '../../../types/decimal.ts'
import { overload, scalar } from '../declare.ts'
import { calculateDynamic, withDynamicNumber, withDynamicTime } from './dynamic-arithmetic.ts'

/** The ticks where they are a datetime, else null. */
function datetimeOf(ticks: bigint): bigint | null {
  return isDatetime(ticks) ? ticks : null
}

/**
 * @see https://learn.microsoft.com/kusto/query/numerical-operators
 * @see https://learn.microsoft.com/kusto/query/datetime-timespan-arithmetic
 */
export const plus = scalar({
  name: '+',
  doc: 'Sum of two numbers, timespans, or a datetime and a timespan; null where an operand is null or a datetime leaves years 1 to 9999. The sum of longs wraps.',
  examples: [
    { query: 'print r = int(2147483647) + 1', rows: [{ r: 2147483648 }] },
    { query: 'print r = 1d + 2h', rows: [{ r: '1.02:00:00' }] },
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
          out.values[row] = BigInt.asIntN(64, a[row]! + b[row]!)
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
          out.values[row] = a[row]! + b[row]!
        }
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: (a, b) => addDecimal(a, b),
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = BigInt.asIntN(64, a[row]! + b[row]!)
        }
      },
    }),
    overload({
      params: ['datetime', 'timespan'],
      returns: 'datetime',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const sum = a[row]! + b[row]!
          if (isDatetime(sum)) out.values[row] = sum
          else out.setNull(row)
        }
      },
    }),
    overload({
      params: ['timespan', 'datetime'],
      returns: 'datetime',
      nulls: 'propagate',
      each: (a, b) => datetimeOf(a + b),
    }),
    // The sum of two datetimes is that of their ticks: `(t1 + t2) / 2` lies between them.
    overload({
      params: ['datetime', 'datetime'],
      returns: 'datetime',
      nulls: 'propagate',
      each: (a, b) => datetimeOf(a + b),
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (a, b) => calculateDynamic('+', a, b),
    }),
    ...withDynamicNumber('+'),
    ...withDynamicTime('+'),
  ],
})

/**
 * @see https://learn.microsoft.com/kusto/query/numerical-operators
 * @see https://learn.microsoft.com/kusto/query/datetime-timespan-arithmetic
 */
export const minus = scalar({
  name: '-',
  doc: 'Difference of two numbers, timespans or datetimes, or a datetime that much earlier; null where an operand is null or a datetime leaves years 1 to 9999. The difference of longs wraps.',
  examples: [
    { query: 'print r = 1.5 - 2', rows: [{ r: -0.5 }] },
    {
      query: 'print r = datetime(2024-03-01) - datetime(2024-02-01)',
      rows: [{ r: '29.00:00:00' }],
    },
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
          out.values[row] = BigInt.asIntN(64, a[row]! - b[row]!)
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
          out.values[row] = a[row]! - b[row]!
        }
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: (a, b) => subtractDecimal(a, b),
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = BigInt.asIntN(64, a[row]! - b[row]!)
        }
      },
    }),
    overload({
      params: ['datetime', 'datetime'],
      returns: 'timespan',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = BigInt.asIntN(64, a[row]! - b[row]!)
        }
      },
    }),
    overload({
      params: ['datetime', 'timespan'],
      returns: 'datetime',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.values
        const b = y.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const difference = a[row]! - b[row]!
          if (isDatetime(difference)) out.values[row] = difference
          else out.setNull(row)
        }
      },
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (a, b) => calculateDynamic('-', a, b),
    }),
    ...withDynamicNumber('-'),
    ...withDynamicTime('-'),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/numerical-operators */
export const negate = scalar({
  name: '$negate',
  doc: 'The number or timespan with the other sign; null for null. The smallest long stays what it is.',
  examples: [{ query: 'print a = -(2 + 3), b = -(1h)', rows: [{ a: -5, b: '-01:00:00' }] }],
  overloads: [
    overload({
      params: ['long'],
      returns: 'long',
      nulls: 'propagate',
      each: x => BigInt.asIntN(64, -x),
    }),
    overload({
      params: ['real'],
      returns: 'real',
      nulls: 'propagate',
      each: x => -x,
    }),
    overload({
      params: ['decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: x => x.neg(),
    }),
    overload({
      params: ['timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: x => BigInt.asIntN(64, -x),
    }),
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: x => calculateDynamic('-', 0, x),
    }),
  ],
})
