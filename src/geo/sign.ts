import { isSame, type Vector3 } from './vector.ts'

/** What rounding can make of the determinant of three unit vectors at most: as in the S2 library. */
const ROUNDING = 8.2e-16

/**
 * On which side of the great circle from `a` to `b` the point `c` lies: 1 to the left, -1 to the
 * right, 0 only where two of the points are the same. Exact, and never 0 for three distinct points:
 * where they are on one great circle, the points are moved by amounts that are too small to be
 * numbers, the same way for each order of the arguments, so that all tests agree with each other.
 * @see http://s2geometry.io/about/overview
 */
export function sign(a: Vector3, b: Vector3, c: Vector3): number {
  const determinant =
    a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) + a.z * (b.x * c.y - b.y * c.x)
  if (determinant > ROUNDING) return 1
  if (determinant < -ROUNDING) return -1
  if (isSame(a, b) || isSame(b, c) || isSame(a, c)) return 0
  return exactSign(a, b, c)
}

type Exact = readonly [x: bigint, y: bigint, z: bigint]

function exactSign(first: Vector3, second: Vector3, third: Vector3): number {
  let a = first
  let b = second
  let c = third
  let permutation = 1
  if (isGreater(a, b)) {
    ;[a, b] = [b, a]
    permutation = -permutation
  }
  if (isGreater(b, c)) {
    ;[b, c] = [c, b]
    permutation = -permutation
  }
  if (isGreater(a, b)) {
    ;[a, b] = [b, a]
    permutation = -permutation
  }
  const [p, q, r] = scaled([a, b, c]) as [Exact, Exact, Exact]
  const cross: Exact = [
    q[1] * r[2] - q[2] * r[1],
    q[2] * r[0] - q[0] * r[2],
    q[0] * r[1] - q[1] * r[0],
  ]
  const determinant = p[0] * cross[0] + p[1] * cross[1] + p[2] * cross[2]
  return permutation * (signOf(determinant) || perturbedSign(p, q, r, cross))
}

/** Order by x, then y, then z. */
function isGreater(a: Vector3, b: Vector3): boolean {
  if (a.x !== b.x) return a.x > b.x
  return a.y === b.y ? a.z > b.z : a.y > b.y
}

/**
 * The sign of the determinant after each coordinate was moved: the first coefficient that is not zero
 * of the determinant as a polynomial in the moves, the largest move first (S2 has the derivation).
 */
function perturbedSign(a: Exact, b: Exact, c: Exact, cross: Exact): number {
  return (
    signOf(cross[2]) ||
    signOf(cross[1]) ||
    signOf(cross[0]) ||
    signOf(c[0] * a[1] - c[1] * a[0]) ||
    signOf(c[0]) ||
    -signOf(c[1]) ||
    signOf(c[2] * a[0] - c[0] * a[2]) ||
    signOf(c[2]) ||
    signOf(a[0] * b[1] - a[1] * b[0]) ||
    -signOf(b[0]) ||
    signOf(b[1]) ||
    signOf(a[0]) ||
    1
  )
}

function signOf(value: bigint): number {
  return value > 0n ? 1 : value < 0n ? -1 : 0
}

const view = new DataView(new ArrayBuffer(8))

/** Mantissa and exponent of a number: it is `mantissa * 2 ** exponent`. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xf_ffff_ffff_ffffn
  const magnitude = biased === 0 ? fraction : fraction | 0x10_0000_0000_0000n
  const exponent = (biased === 0 ? 1 : biased) - 1075
  return { mantissa: bits >> 63n === 0n ? magnitude : -magnitude, exponent }
}

/** The points times one power of two that makes all their coordinates integers. */
function scaled(points: readonly Vector3[]): Exact[] {
  const all = points.map(({ x, y, z }) => [parts(x), parts(y), parts(z)])
  const used = all.flat().filter(({ mantissa }) => mantissa !== 0n)
  const least = Math.min(...used.map(({ exponent }) => exponent))
  return all.map(coordinates => {
    const [x = 0n, y = 0n, z = 0n] = coordinates.map(({ mantissa, exponent }) =>
      mantissa === 0n ? 0n : mantissa << BigInt(exponent - least),
    )
    return [x, y, z]
  })
}
