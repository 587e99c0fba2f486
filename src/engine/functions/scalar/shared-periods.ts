import { fourier, selfProducts } from './shared-fourier.ts'
import { meanOf } from './shared-series.ts'

/** A period of a series, in elements, and how significant it is: 0 to 1. */
export interface Period {
  readonly length: number
  readonly score: number
}

const MIN_PERIOD = 4

/** Autocorrelations of a series by lag, each as if there were as many pairs as elements. */
class Autocorrelation {
  readonly size: number
  readonly #products: Float64Array

  constructor(values: Float64Array) {
    this.size = values.length
    const mean = meanOf(values)
    this.#products = selfProducts(values.map(value => value - mean))
  }

  at(lag: number): number {
    const variance = this.#products[0] ?? 0
    if (lag >= this.size || !(variance > 0)) return 0
    return ((this.#products[lag]! / variance) * this.size) / (this.size - lag)
  }

  /**
   * How significant a period is. Where the series repeats, it does so after two periods as well as
   * after one: the lesser of both, which gives the documented scores.
   */
  score(period: number): number {
    return Math.min(1, Math.max(0, Math.min(this.at(period), this.at(period * 2))))
  }
}

/** The scores of given periods: 0 for those that are shorter than 4 or longer than half the series. */
export function validatePeriods(values: Float64Array, periods: readonly number[]): number[] {
  const correlation = new Autocorrelation(values)
  return periods.map(period =>
    period < MIN_PERIOD || period > values.length / 2 ? 0 : correlation.score(Math.round(period)),
  )
}

/**
 * The most significant periods, best first. Frequencies of more than average power in the spectrum say
 * where to look; the period is the lag near there at which the autocorrelation has its hill.
 */
export function detectPeriods(
  values: Float64Array,
  shortest: number,
  longest: number,
  count: number,
): Period[] {
  const { length } = values
  const least = Math.max(MIN_PERIOD, shortest)
  const correlation = new Autocorrelation(values)
  const found = new Map<number, number>()
  for (const frequency of strongFrequencies(values)) {
    const period = hillNear(correlation, length, frequency)
    if (period === undefined || period < least || period > longest) continue
    const score = correlation.score(period)
    if (score > 0) found.set(period, score)
  }
  const ranked = [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0])
  const kept: Period[] = []
  for (const [period, score] of ranked) {
    // A series repeats after several periods too: those are no periods of their own.
    if (!kept.some(other => period % other.length === 0)) kept.push({ length: period, score })
  }
  return kept.slice(0, count)
}

/** Numbers of cycles in the series whose power is above the average. */
function strongFrequencies(values: Float64Array): number[] {
  const { length } = values
  const mean = meanOf(values)
  const { real, imag } = fourier({
    real: values.map(value => value - mean),
    imag: new Float64Array(length),
  })
  const power = Array.from(
    { length: Math.floor(length / 2) },
    (_, k) => real[k + 1]! ** 2 + imag[k + 1]! ** 2,
  )
  const average = meanOf(power)
  return power.flatMap((value, k) => (value > average ? [k + 1] : []))
}

/** The lag with the hill of the autocorrelation between the neighbours of a frequency. */
function hillNear(
  correlation: Autocorrelation,
  length: number,
  frequency: number,
): number | undefined {
  const from = Math.max(MIN_PERIOD, Math.ceil(length / (frequency + 1)))
  const to = Math.min(Math.ceil(length / 2) - 1, Math.floor(length / Math.max(frequency - 1, 1)))
  let best: number | undefined
  for (let lag = from; lag <= to; lag++) {
    if (best === undefined || correlation.at(lag) > correlation.at(best)) best = lag
  }
  if (best === undefined) return undefined
  const height = correlation.at(best)
  const isHill = height >= correlation.at(best - 1) && height >= correlation.at(best + 1)
  return isHill ? best : undefined
}
