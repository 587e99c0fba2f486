import { fitLine, lineValues } from './shared-lines.ts'
import { detectPeriods } from './shared-periods.ts'
import { meanOf, quantileOf } from './shared-series.ts'

/** How the trend of a series is found. */
export type Trend = 'avg' | 'linefit' | 'none'

/** How a series is taken apart. */
export interface DecompositionOptions {
  /** A period; -1 to detect it, 0 for none. */
  readonly seasonality: number
  /** A detected period is one from this score on. */
  readonly threshold: number
  readonly trend: Trend
  /** Elements at the end that nothing is learned from. */
  readonly testPoints: number
}

/** A series as the sum of its parts. */
export interface Decomposition {
  readonly baseline: Float64Array
  readonly seasonal: Float64Array
  readonly trend: Float64Array
  readonly residual: Float64Array
}

/** The parts of a series; undefined where there is nothing to learn from. */
export function decompose(
  values: Float64Array,
  options: DecompositionOptions,
): Decomposition | undefined {
  const { length } = values
  const learned = length - Math.max(0, options.testPoints)
  if (learned <= 0) return undefined
  const known = values.subarray(0, learned)
  const seasonal = seasonalOf(known, length, options)
  const trend = trendOf(
    known.map((value, i) => value - seasonal[i]!),
    length,
    options.trend,
  )
  const baseline = seasonal.map((value, i) => value + trend[i]!)
  return { baseline, seasonal, trend, residual: values.map((value, i) => value - baseline[i]!) }
}

/** The median of the known elements at the same place of each period, over the whole length. */
export function seasonalOf(
  known: Float64Array,
  length: number,
  { seasonality, threshold }: Pick<DecompositionOptions, 'seasonality' | 'threshold'>,
): Float64Array {
  const period = seasonality === -1 ? detectedPeriod(known, threshold) : seasonality
  if (period <= 0) return new Float64Array(length)
  const medians = Float64Array.from({ length: Math.min(period, known.length) }, (_, phase) => {
    const count = Math.ceil((known.length - phase) / period)
    const same = Float64Array.from({ length: count }, (_value, i) => known[phase + i * period]!)
    return quantileOf(same.sort(), 0.5)
  })
  return Float64Array.from({ length }, (_, i) => medians[i % period] ?? 0)
}

/**
 * The most significant period whose score reaches the threshold; 0 where none does. It is that of the
 * series without its linear trend, which would hide it: the documented examples show that it does not.
 */
function detectedPeriod(known: Float64Array, threshold: number): number {
  const line = lineValues(fitLine(known), known.length)
  const level = known.map((value, i) => value - line[i]!)
  const [best] = detectPeriods(level, 0, known.length, 1)
  return best !== undefined && best.score >= threshold ? best.length : 0
}

function trendOf(known: Float64Array, length: number, trend: Trend): Float64Array {
  switch (trend) {
    case 'avg':
      return new Float64Array(length).fill(meanOf(known))
    case 'linefit':
      return lineValues(fitLine(known), length)
    case 'none':
      return new Float64Array(length)
  }
}
