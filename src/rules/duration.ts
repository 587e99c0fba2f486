import { parseTimespan } from '../types/timespan.ts'

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i
/** The longest of KQL's timespans. */
const LONGEST = 2n ** 63n - 1n
const ISO_UNITS = [6_048_000_000_000n, 864_000_000_000n, 36_000_000_000n, 600_000_000n, 10_000_000n]

/**
 * Ticks of a duration as rule files write it: `1h`, `01:00:00`, `1.00:00:00`, `PT1H`. undefined when
 * it is none; years and months, whose length varies, are none, nor is what no timespan of KQL can hold.
 */
export function parseDuration(text: string): bigint | undefined {
  const match = ISO.exec(text.trim())
  if (match === null) return parseTimespan(text) ?? undefined
  const parts = match.slice(1)
  if (parts.every(part => part === undefined) || /T$/i.test(text.trim())) return undefined
  const ticks = parts.reduce(
    (sum, part, index) => sum + BigInt(part ?? 0) * (ISO_UNITS[index] ?? 0n),
    0n,
  )
  return ticks > LONGEST ? undefined : ticks
}
