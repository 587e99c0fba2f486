import { realFromDynamic } from '../../../types/convert.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { DynamicScalar, dynamicReal, dynamicTag, isArray } from '../../../types/dynamic.ts'

/** An element as a number: datetimes and timespans as their ticks; undefined for what is none. */
export function numberOf(value: Dynamic): number | undefined {
  switch (dynamicTag(value)) {
    case 'long':
    case 'real':
    case 'decimal':
      return realFromDynamic(value) ?? undefined
    case 'datetime':
    case 'timespan':
      return value instanceof DynamicScalar ? Number(value.value) : undefined
    default:
      return undefined
  }
}

/** The elements as numbers; undefined for what is no array, or has an element that is no finite number. */
export function finiteSeries(series: Dynamic): Float64Array | undefined {
  if (!isArray(series)) return undefined
  const numbers = new Float64Array(series.length)
  for (let i = 0; i < series.length; i++) {
    const value = numberOf(series[i]!)
    if (value === undefined || !Number.isFinite(value)) return undefined
    numbers[i] = value
  }
  return numbers
}

/** The elements that are numbers, without the others; undefined for what is no array. */
export function numbersOf(series: Dynamic): number[] | undefined {
  if (!isArray(series)) return undefined
  return series.map(numberOf).filter(value => value !== undefined)
}

/** The numbers as an array of reals. */
export function realSeries(values: ArrayLike<number>): Dynamic[] {
  return Array.from(values, dynamicReal)
}

/** The arithmetic mean; NaN of nothing. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/** The value of a quantile of sorted numbers, in between two of them where it falls there. */
export function quantileOf(sorted: Float64Array, quantile: number): number {
  const place = (sorted.length - 1) * quantile
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (place - below) * (high - low)
}
