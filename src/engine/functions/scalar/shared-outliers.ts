import { normalQuantile } from './shared-normal.ts'
import { quantileOf } from './shared-series.ts'

/** The percentiles between which values are usual. */
export interface UsualRange {
  readonly low: number
  readonly high: number
}

/** The ranges of the kinds of test. */
export const USUAL_RANGES: Readonly<Record<'tukey' | 'ctukey', UsualRange>> = {
  tukey: { low: 25, high: 75 },
  ctukey: { low: 10, high: 90 },
}

/** Where Tukey's fences lie in a normal distribution: 1.5 ranges beyond the quartiles. */
const FENCE = normalQuantile(0.75) * 4

/**
 * How far each value lies outside the usual range, in units of it: 1.5 is a mild outlier, negative
 * ones lie below; 0 inside. For percentiles other than the quartiles the unit is such that 1.5 means
 * as rare a value of a normal distribution as it does for the quartiles. Undefined values count for
 * nothing, and have 0.
 */
export function outlierScores(
  values: readonly (number | undefined)[],
  { low, high }: UsualRange,
): number[] {
  const sorted = Float64Array.from(values.filter(value => value !== undefined)).sort()
  if (sorted.length === 0) return values.map(() => 0)
  const bottom = quantileOf(sorted, low / 100)
  const top = quantileOf(sorted, high / 100)
  const [below, above] = [normalQuantile(low / 100), normalQuantile(high / 100)]
  const width = above - below
  const up = (1.5 * width) / (FENCE - above) / (top - bottom)
  const down = (1.5 * width) / (FENCE + below) / (top - bottom)
  return values.map(value => {
    if (value === undefined) return 0
    if (value > top) return (value - top) * up
    return value < bottom ? (value - bottom) * down : 0
  })
}
