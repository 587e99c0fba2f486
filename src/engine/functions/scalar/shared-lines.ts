import { meanOf } from './shared-series.ts'

/** A line fitted to a series, whose elements lie at 1, 2, … */
export interface Line {
  readonly rsquare: number
  readonly slope: number
  /** Sample variance of the series. */
  readonly variance: number
  /** The same of what the line leaves. */
  readonly rvariance: number
  /** The value of the line at 0. */
  readonly interception: number
}

/** The line with the least squares through the elements from `start` to before `end`. */
export function fitLine(values: Float64Array, start = 0, end = values.length): Line {
  const part = values.subarray(start, end)
  const { length } = part
  const meanY = meanOf(part)
  const meanX = start + (length + 1) / 2
  let [xx, xy, yy] = [0, 0, 0]
  for (let i = 0; i < length; i++) {
    const dx = start + i + 1 - meanX
    const dy = part[i]! - meanY
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  }
  const slope = xx > 0 ? xy / xx : 0
  const interception = meanY - slope * meanX
  let left = 0
  for (let i = 0; i < length; i++) {
    left += (part[i]! - interception - slope * (start + i + 1)) ** 2
  }
  const freedom = Math.max(1, length - 1)
  return {
    rsquare: rsquareOf(yy, left),
    slope,
    variance: yy / freedom,
    rvariance: left / freedom,
    interception,
  }
}

/** How much of the squares a fit explains: 0 to 1. A series without any variance is explained by all. */
export function rsquareOf(squares: number, left: number): number {
  return squares > 0 ? Math.max(0, 1 - left / squares) : 1
}

/** The value of the line at each of so many elements. */
export function lineValues({ slope, interception }: Line, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => interception + slope * (i + 1))
}

/** Two lines fitted to a series, one up to `split` and one from there on. */
export interface TwoLines {
  readonly rsquare: number
  readonly split: number
  readonly variance: number
  readonly rvariance: number
  readonly left: Line
  readonly right: Line
}

const MIN_PART = 2

/** The two lines that together leave the least squares; undefined for less than four elements. */
export function fitTwoLines(values: Float64Array): TwoLines | undefined {
  const { length } = values
  if (length < MIN_PART * 2) return undefined
  const mean = meanOf(values)
  const level = values.map(value => value - mean)
  const before = squaresLeft(level)
  const after = squaresLeft(level.toReversed())
  let split = MIN_PART
  for (let i = MIN_PART; i <= length - MIN_PART; i++) {
    // Sums of rounded squares: a split is better only where that is no matter of rounding.
    const best = before[split]! + after[length - split]!
    if (before[i]! + after[length - i]! < best - before[length]! * 1e-12) split = i
  }
  const left = fitLine(values, 0, split)
  const right = fitLine(values, split)
  const squares = level.reduce((sum, value) => sum + value * value, 0)
  const rest =
    left.rvariance * Math.max(1, split - 1) + right.rvariance * Math.max(1, length - split - 1)
  const freedom = length - 1
  return {
    rsquare: rsquareOf(squares, rest),
    split,
    variance: squares / freedom,
    rvariance: rest / freedom,
    left,
    right,
  }
}

/** The squares that the best line through the first n elements leaves, by n: from running sums. */
function squaresLeft(values: Float64Array): Float64Array {
  const left = new Float64Array(values.length + 1)
  let [meanX, meanY, xx, xy, yy] = [0, 0, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const n = i + 1
    const dx = n - meanX
    const dy = values[i]! - meanY
    meanX += dx / n
    meanY += dy / n
    xx += dx * (n - meanX)
    xy += dx * (values[i]! - meanY)
    yy += dy * (values[i]! - meanY)
    left[n] = xx > 0 ? Math.max(0, yy - (xy * xy) / xx) : 0
  }
  return left
}
