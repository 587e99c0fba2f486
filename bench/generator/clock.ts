const TICKS_PER_SECOND = 10_000_000

/** 100-nanosecond ticks in an hour and in a minute. */
export const TICKS_PER_HOUR = 3600 * TICKS_PER_SECOND
export const TICKS_PER_MINUTE = 60 * TICKS_PER_SECOND

/**
 * Turns offsets in ticks from a fixed instant into ISO text of 7 fractional digits. Offsets, not
 * absolute ticks, because those of our century need more than the 53 bits of a double.
 */
export interface Clock {
  /** `2026-03-01T11:59:59.1234567Z` */
  zulu(offset: number): string
  /** `2026-03-01T11:59:59.1234567+00:00`, the spelling inside nested records. */
  utcOffset(offset: number): string
}

/** A clock whose offset 0 is `startMs`; `startMs` is a whole second since the Unix epoch, in ms. */
export function createClock(startMs: number): Clock {
  let cachedSecond = Number.NaN
  let cachedText = ''
  const format = (offset: number): string => {
    const second = Math.floor(offset / TICKS_PER_SECOND)
    if (second !== cachedSecond) {
      cachedSecond = second
      cachedText = new Date(startMs + second * 1000).toISOString().slice(0, 20)
    }
    return cachedText + String(offset - second * TICKS_PER_SECOND).padStart(7, '0')
  }
  return {
    zulu: offset => `${format(offset)}Z`,
    utcOffset: offset => `${format(offset)}+00:00`,
  }
}
