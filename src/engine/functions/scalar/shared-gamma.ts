// Lanczos approximation with g = 7 and 9 terms: about 15 digits.
const G = 7
const COEFFICIENTS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const

const HALF_LOG_TWO_PI = 0.9189385332046728

/** (n - 1)! of the whole numbers whose factorial is exact in a double. */
const FACTORIALS: readonly number[] = (() => {
  const values = [1, 1]
  for (let n = 2; n <= 22; n++) values.push((values[n - 1] as number) * n)
  return values
})()

/** The gamma function; NaN at 0 and the negative whole numbers, where it has poles. */
export function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return Number.NaN
    const exact = FACTORIALS[x - 1]
    if (exact !== undefined) return exact
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x))
  if (x > 171.7) return Number.POSITIVE_INFINITY
  const t = x - 1 + G + 0.5
  // Half the power at a time: all of it overflows before the result does.
  const power = t ** ((x - 0.5) / 2)
  return Math.sqrt(2 * Math.PI) * power * Math.exp(-t) * power * series(x)
}

/** The natural logarithm of the absolute value of the gamma function; infinity at its poles. */
export function logGamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return Number.POSITIVE_INFINITY
    const exact = FACTORIALS[x - 1]
    if (exact !== undefined) return Math.log(exact)
  }
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x)
  if (x === Number.POSITIVE_INFINITY) return x
  const t = x - 1 + G + 0.5
  return HALF_LOG_TWO_PI + (x - 0.5) * Math.log(t) - t + Math.log(series(x))
}

function series(x: number): number {
  let sum: number = COEFFICIENTS[0]
  for (let i = 1; i < COEFFICIENTS.length; i++) sum += COEFFICIENTS[i]! / (x - 1 + i)
  return sum
}
