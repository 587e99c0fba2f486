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
