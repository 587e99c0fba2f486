import { logGamma } from './shared-gamma.ts'

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI)
const EPSILON = 1e-17
/** The least that a denominator of a continued fraction may be. */
const TINY = 1e-300
const MAX_STEPS = 20_000

/** The error function, by its series near 0, where all terms have one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 2.5) return Math.sign(x) * (1 - tailOfErf(Math.abs(x)))
  if (Number.isNaN(x)) return x
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > Math.abs(sum) * EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum
}

/** 1 - erf(x), without the loss of digits where erf is near 1. */
export function erfc(x: number): number {
  return x > 2.5 ? tailOfErf(x) : 1 - erf(x)
}

/** erfc above 2.5, by a continued fraction from its far end. */
function tailOfErf(x: number): number {
  if (x > 28) return 0
  let fraction = 0
  for (let k = 120; k >= 1; k--) fraction = k / 2 / (x + fraction)
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction))
}

/** The regularized incomplete beta function at `x` from 0 to 1, for positive parameters. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** The natural logarithm of the beta function. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** The continued fraction of the incomplete beta function, by the method of Lentz. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m < MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const factor = d * c
    result *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return result
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** The x for which {@link incompleteBeta} is `p`, by halving: each step is one more bit. */
export function inverseBeta(p: number, a: number, b: number): number {
  if (p >= 1) return 1
  let low = 0
  let high = 1
  for (let step = 0; step < 1100; step++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (incompleteBeta(middle, a, b) < p) low = middle
    else high = middle
  }
  return high
}
