import type { Int64Vector } from '../../../tables/vector.ts'
import { DAY_TICKS, dayOfHalves, storeDayTick, tickOfHalves } from '../../../types/calendar.ts'

/** The remainder of a floored division: not negative, for a positive divisor. */
export function floorModulo(value: bigint, step: bigint): bigint {
  const rest = value % step
  return rest < 0n ? rest + step : rest
}

type Ticks = Int64Vector<'datetime'> | Int64Vector<'timespan'>

/** Writes the bin of each row of `values` into `out`; all rows have the same bin size. */
export type ConstantBin = (values: Ticks, out: Ticks, selection: Uint32Array) => void

/**
 * The loop for a constant bin size in ticks, positive. Sizes that divide a day, and whole days, are
 * computed on days and ticks of the day, in doubles: exact, and without a 64-bit division.
 */
export function constantBin(step: bigint): ConstantBin {
  const ticks = Number(step)
  if (ticks <= DAY_TICKS && DAY_TICKS % ticks === 0) {
    return (values, out, selection) => binWithinDay(values, out, selection, ticks)
  }
  if (Number.isSafeInteger(ticks) && ticks % DAY_TICKS === 0) {
    return (values, out, selection) => binOfDays(values, out, selection, ticks / DAY_TICKS)
  }
  return (values, out, selection) => {
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      const value = values.values[row]!
      const rest = value % step
      out.values[row] = BigInt.asIntN(64, value - (rest < 0n ? rest + step : rest))
    }
  }
}

function binWithinDay(values: Ticks, out: Ticks, selection: Uint32Array, step: number): void {
  const from = values.halves
  const to = out.halves
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const low = from[row * 2]!
    const high = from[row * 2 + 1]!
    const day = dayOfHalves(low, high)
    const tick = tickOfHalves(low, high, day)
    storeDayTick(to, row, day, Math.floor(tick / step) * step)
  }
}

function binOfDays(values: Ticks, out: Ticks, selection: Uint32Array, step: number): void {
  const from = values.halves
  const to = out.halves
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const day = dayOfHalves(from[row * 2]!, from[row * 2 + 1]!)
    storeDayTick(to, row, Math.floor(day / step) * step, 0)
  }
}
