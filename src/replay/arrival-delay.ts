import { parseDuration } from '../rules/duration.ts'

/** How long after its time a row arrives, in ticks: the same for all rows, or differing from row to row. */
export type ArrivalDelay = bigint | SpreadDelay

/** Of the rows, `part` (from 0 to 1) arrives within `ticks`. */
interface Quantile {
  readonly part: number
  readonly ticks: bigint
}

/**
 * Delays that are spread over the rows as quantiles say, evenly between each two. A row's delay follows
 * from its time alone: the same in every replay, table and thread.
 */
export class SpreadDelay {
  readonly #quantiles: readonly Quantile[]

  /** The quantiles in order, of which there is at least one. */
  constructor(quantiles: readonly Quantile[]) {
    this.#quantiles = quantiles
  }

  /** The delay of a row of this time. */
  of(time: bigint): bigint {
    const part = partOf(time)
    const above = this.#quantiles.findIndex(quantile => quantile.part >= part)
    const high = this.#quantiles.at(above)
    const low = this.#quantiles[above - 1]
    if (high === undefined) return 0n
    // Beyond the last quantile, and below the first, there is nothing to go between.
    if (above < 0 || low === undefined) return high.ticks
    const share = (part - low.part) / (high.part - low.part)
    return low.ticks + BigInt(Math.round(share * Number(high.ticks - low.ticks)))
  }
}

/** How many ticks after their times all rows arrive; `spread` where that differs from row to row. */
export function sameDelay(delay: ArrivalDelay = 0n): bigint | 'spread' {
  return typeof delay === 'bigint' ? delay : 'spread'
}

const GOLDEN = 0x9e3779b97f4a7c15n
const MIX = 0xbf58476d1ce4e5b9n

/** A number from 0 to below 1 that any two times have hardly in common (SplitMix64). */
function partOf(time: bigint): number {
  let mixed = BigInt.asUintN(64, time * GOLDEN)
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * MIX)
  return Number(((mixed ^ (mixed >> 27n)) >> 32n) & 0xffffffffn) / 2 ** 32
}

/**
 * `5m`; `1m..10m`, evenly between; or `50%=1m,99%=20m`, quantiles that begin with none at once.
 * undefined where the text is in none of these forms.
 */
export function parseArrivalDelay(text: string): ArrivalDelay | undefined {
  const range = text.split('..')
  if (range.length === 2) {
    const [from, to] = range.map(delayOf)
    if (from === undefined || to === undefined || from > to) return undefined
    return new SpreadDelay([
      { part: 0, ticks: from },
      { part: 1, ticks: to },
    ])
  }
  return text.includes('%') ? quantilesOf(text) : delayOf(text)
}

function delayOf(text: string): bigint | undefined {
  const ticks = parseDuration(text)
  return ticks === undefined || ticks < 0n ? undefined : ticks
}

function quantilesOf(text: string): SpreadDelay | undefined {
  const quantiles: Quantile[] = [{ part: 0, ticks: 0n }]
  for (const item of text.split(',')) {
    const [, percent = '', duration = ''] = /^\s*(\d+(?:\.\d+)?)%=(\S+)\s*$/.exec(item) ?? []
    const part = Number(percent) / 100
    const ticks = delayOf(duration)
    const last = quantiles.at(-1)
    if (percent === '' || ticks === undefined || last === undefined) return undefined
    if (part <= last.part || part > 1 || ticks < last.ticks) return undefined
    quantiles.push({ part, ticks })
  }
  return new SpreadDelay(quantiles)
}
