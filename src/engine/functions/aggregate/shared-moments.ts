/** Count, mean and sum of squared deviations by group, as Welford's method has them. */
export interface MomentState {
  count: Float64Array
  mean: Float64Array
  squares: Float64Array
}

export function momentState(groups: number): MomentState {
  return {
    count: new Float64Array(groups),
    mean: new Float64Array(groups),
    squares: new Float64Array(groups),
  }
}

export function addMoments(
  state: MomentState,
  values: Float64Array,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, mean, squares } = state
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const value = values[row]!
    const n = count[g]! + 1
    const delta = value - mean[g]!
    count[g] = n
    mean[g]! += delta / n
    squares[g]! += delta * (value - mean[g]!)
  }
}

export function mergeMoments(a: MomentState, b: MomentState, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const added = b.count[g]!
    if (added === 0) continue
    const target = into[g]!
    const before = a.count[target]!
    const count = before + added
    const delta = b.mean[g]! - a.mean[target]!
    a.count[target] = count
    a.mean[target]! += (delta * added) / count
    a.squares[target]! += b.squares[g]! + (delta * delta * before * added) / count
  }
}

/**
 * The variance; 0 of fewer than two values for a sample, of none for a population. NaN where a value
 * is not finite.
 *
 * Measured: 5/3 comes out as 1.6666666667, and its root is the deviation. Small variances keep as
 * many digits.
 */
export function varianceOf(state: MomentState, group: number, ofSample: boolean): number {
  const divisor = state.count[group]! - (ofSample ? 1 : 0)
  if (divisor <= 0) return 0
  const variance = state.squares[group]! / divisor
  if (!Number.isFinite(variance)) return Number.NaN
  if (variance < 1) return Number(variance.toPrecision(11))
  return variance < 1e5 ? Math.round(variance * 1e10) / 1e10 : variance
}

/** Co-moments of two columns by group. */
export interface CoMomentState {
  count: Float64Array
  meanX: Float64Array
  meanY: Float64Array
  products: Float64Array
}

export function coMomentState(groups: number): CoMomentState {
  return {
    count: new Float64Array(groups),
    meanX: new Float64Array(groups),
    meanY: new Float64Array(groups),
    products: new Float64Array(groups),
  }
}

export function addCoMoments(
  state: CoMomentState,
  xs: Float64Array,
  ys: Float64Array,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, meanX, meanY, products } = state
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const n = count[g]! + 1
    const deltaX = xs[row]! - meanX[g]!
    count[g] = n
    meanX[g]! += deltaX / n
    meanY[g]! += (ys[row]! - meanY[g]!) / n
    products[g]! += deltaX * (ys[row]! - meanY[g]!)
  }
}

export function mergeCoMoments(a: CoMomentState, b: CoMomentState, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const added = b.count[g]!
    if (added === 0) continue
    const target = into[g]!
    const before = a.count[target]!
    const count = before + added
    const deltaX = b.meanX[g]! - a.meanX[target]!
    const deltaY = b.meanY[g]! - a.meanY[target]!
    a.count[target] = count
    a.meanX[target]! += (deltaX * added) / count
    a.meanY[target]! += (deltaY * added) / count
    a.products[target]! += b.products[g]! + (deltaX * deltaY * before * added) / count
  }
}

/** The covariance; 0 where there are too few pairs, NaN where a value is not finite. */
export function covarianceOf(state: CoMomentState, group: number, ofSample: boolean): number {
  const divisor = state.count[group]! - (ofSample ? 1 : 0)
  if (divisor <= 0) return 0
  const covariance = state.products[group]! / divisor
  return Number.isFinite(covariance) ? covariance : Number.NaN
}
