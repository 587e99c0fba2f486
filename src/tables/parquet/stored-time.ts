import { ticksFromEpochMillis } from '../../types/datetime.ts'

/** 1970-01-01 in ticks. */
export const EPOCH_TICKS = ticksFromEpochMillis(0) ?? 0n
const EPOCH_LOW = Number(EPOCH_TICKS & 0xffffffffn)
const EPOCH_HIGH = Number(EPOCH_TICKS >> 32n)

/** Ticks that are told exactly in nanoseconds since 1970, which 64 bits hold: 1677-09-21 to 2262-04-11. */
export const LEAST_NANO_TICKS = EPOCH_TICKS - 2n ** 63n / 100n
export const GREATEST_NANO_TICKS = EPOCH_TICKS + (2n ** 63n - 1n) / 100n

/** Nanoseconds since 1970 of ticks in that range. */
export function nanosOf(ticks: bigint): bigint {
  return (ticks - EPOCH_TICKS) * 100n
}

/**
 * Makes ticks of nanoseconds since 1970, in place; `halves` are their 32-bit words, low word first.
 * Without BigInt, which would take twenty times as long.
 */
export function ticksOfNanos(halves: Int32Array): void {
  for (let i = 0; i < halves.length; i += 2) {
    const high = halves[i + 1]!
    const quotient = Math.floor(high / 100)
    const low = Math.floor(((high - quotient * 100) * 2 ** 32 + (halves[i]! >>> 0)) / 100)
    const sum = low + EPOCH_LOW
    halves[i] = sum
    halves[i + 1] = quotient + EPOCH_HIGH + (sum >= 2 ** 32 ? 1 : 0)
  }
}
