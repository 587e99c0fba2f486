import { isDatetime } from '../../../types/datetime.ts'
import type { Decimal } from '../../../types/decimal.ts'
import { overload, scalar } from '../declare.ts'

/** The remainder of a floored division: not negative, for a positive divisor. */
function floorModulo(value: bigint, step: bigint): bigint {
  const rest = value % step
  return rest < 0n ? rest + step : rest
}

function decimalBin(value: Decimal, step: Decimal): Decimal | null {
  return step.lte(0) ? null : value.div(step).floor().mul(step)
}

/**
 * @see https://learn.microsoft.com/kusto/query/bin-function
 */
export const bin = scalar({
  name: 'bin',
  aliases: ['floor'],
  naming: 'argument',
  doc: 'The largest multiple of the bin size that is not above the value; datetimes count from 0001-01-01. null where an argument is null or the bin size is not positive.',
  examples: [
    { query: 'print r = bin(-5, 2)', rows: [{ r: -6 }] },
    { query: 'print r = bin(4.5, 1)', rows: [{ r: 4 }] },
    {
      query: 'print r = bin(datetime(1970-05-11 13:45:07), 1d)',
      rows: [{ r: '1970-05-11T00:00:00.0000000Z' }],
    },
    { query: 'print r = bin(16d, 7d)', rows: [{ r: '14.00:00:00' }] },
    { query: 'print r = bin(1h, -1h)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const step = y.values[row]!
          if (step <= 0n) {
            out.setNull(row)
            continue
          }
          const value = x.values[row]!
          const rest = value % step
          out.values[row] = BigInt.asIntN(64, value - (rest < 0n ? rest + step : rest))
        }
      },
    }),
    overload({
      params: ['real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const step = y.values[row]!
          if (step <= 0) out.setNull(row)
          else out.values[row] = Math.floor(x.values[row]! / step) * step
        }
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: decimalBin,
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const step = y.values[row]!
          if (step <= 0n) {
            out.setNull(row)
            continue
          }
          const value = x.values[row]!
          const rest = value % step
          out.values[row] = BigInt.asIntN(64, value - (rest < 0n ? rest + step : rest))
        }
      },
    }),
    overload({
      params: ['datetime', 'timespan'],
      returns: 'datetime',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const step = y.values[row]!
          if (step <= 0n) {
            out.setNull(row)
            continue
          }
          const value = x.values[row]!
          out.values[row] = BigInt.asIntN(64, value - (value % step))
        }
      },
    }),
    overload({
      params: ['datetime', 'datetime'],
      returns: 'datetime',
      nulls: 'propagate',
      each: (value, step) => (step <= 0n ? null : value - (value % step)),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/bin-at-function */
export const bin_at = scalar({
  name: 'bin_at',
  naming: 'argument',
  doc: 'The start of the bin that holds the value, where one bin starts at the fixed point. null where an argument is null, the bin size is not positive or the bin starts before year 1.',
  examples: [
    { query: 'print r = bin_at(6.5, 2.5, 7)', rows: [{ r: 4.5 }] },
    { query: 'print r = bin_at(1h, 1d, 12h)', rows: [{ r: '-12:00:00' }] },
    {
      query: 'print r = bin_at(datetime(2017-05-15 10:20:00), 1d, datetime(1970-01-01 12:00:00))',
      rows: [{ r: '2017-05-14T12:00:00.0000000Z' }],
    },
  ],
  overloads: [
    overload({
      params: ['long', 'long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      each: (value, step, point) =>
        step <= 0n ? null : BigInt.asIntN(64, value - floorModulo(value - point, step)),
    }),
    overload({
      params: ['real', 'real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      each: (value, step, point) =>
        step <= 0 ? null : Math.floor((value - point) / step) * step + point,
    }),
    overload({
      params: ['decimal', 'decimal', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each: (value, step, point) => decimalBin(value.sub(point), step)?.add(point) ?? null,
    }),
    overload({
      params: ['timespan', 'timespan', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each: (value, step, point) =>
        step <= 0n ? null : BigInt.asIntN(64, value - floorModulo(value - point, step)),
    }),
    overload({
      params: ['datetime', 'timespan', 'datetime'],
      returns: 'datetime',
      nulls: 'propagate',
      kernel([x, y, z], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const step = y.values[row]!
          if (step <= 0n) {
            out.setNull(row)
            continue
          }
          const value = x.values[row]!
          const rest = (value - z.values[row]!) % step
          const start = value - (rest < 0n ? rest + step : rest)
          if (isDatetime(start)) out.values[row] = start
          else out.setNull(row)
        }
      },
    }),
  ],
})
