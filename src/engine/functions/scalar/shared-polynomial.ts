import { rsquareOf } from './shared-lines.ts'
import { meanOf } from './shared-series.ts'

/** A polynomial fitted to points. */
export interface PolynomialFit {
  readonly rsquare: number
  /** From the highest power on. */
  readonly coefficients: Float64Array
  readonly variance: number
  readonly rvariance: number
  readonly values: Float64Array
}

/**
 * The polynomial of the degree with the least squares, by Householder reflections; undefined where the
 * points do not determine one.
 */
export function fitPolynomial(
  x: Float64Array,
  y: Float64Array,
  degree: number,
): PolynomialFit | undefined {
  const { length } = y
  if (x.length !== length || length <= degree) return undefined
  const columns = powersOf(x, degree)
  const coefficients = leastSquares(columns, y)
  if (coefficients === undefined) return undefined
  const values = x.map(place => coefficients.reduce((sum, factor) => sum * place + factor, 0))
  const mean = meanOf(y)
  const squares = y.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const rest = y.reduce((sum, value, i) => sum + (value - values[i]!) ** 2, 0)
  const freedom = Math.max(1, length - 1)
  return {
    rsquare: rsquareOf(squares, rest),
    coefficients,
    variance: squares / freedom,
    rvariance: rest / freedom,
    values,
  }
}

/** The powers of the places, the highest first. */
function powersOf(x: Float64Array, degree: number): Float64Array[] {
  return Array.from({ length: degree + 1 }, (_, column) =>
    x.map(place => place ** (degree - column)),
  )
}

/** The factors of the columns whose sum comes nearest to `target`. */
function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
): Float64Array | undefined {
  const count = columns.length
  // Columns of one length: powers of large places differ by so much that little else would be left.
  const scales = columns.map(column => Math.sqrt(dot(column, column, 0)))
  if (scales.some(scale => !(scale > 0) || !Number.isFinite(scale))) return undefined
  const matrix = columns.map((column, c) => column.map(value => value / scales[c]!))
  const right = Float64Array.from(target)
  for (let c = 0; c < count; c++) {
    const reflected = matrix[c]!
    const norm = Math.sqrt(dot(reflected, reflected, c))
    if (!(norm > 1e-13)) return undefined
    const vector = Float64Array.from(reflected)
    vector[c] = vector[c]! + (vector[c]! < 0 ? -norm : norm)
    const size = dot(vector, vector, c)
    for (const column of [...matrix.slice(c), right]) {
      const factor = (2 * dot(vector, column, c)) / size
      for (let i = c; i < column.length; i++) column[i] = column[i]! - factor * vector[i]!
    }
  }
  const solution = new Float64Array(count)
  for (let c = count - 1; c >= 0; c--) {
    let value = right[c]!
    for (let k = c + 1; k < count; k++) value -= matrix[k]![c]! * solution[k]!
    solution[c] = value / matrix[c]![c]!
  }
  return solution.map((value, c) => value / scales[c]!)
}

/** The sum of products of two columns, from a row on. */
function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0
  for (let i = from; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
