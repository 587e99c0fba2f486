import { parseDatetime } from '../types/datetime.ts'
import { parseTimespan, TIMESPAN_UNITS } from '../types/timespan.ts'
import type { TestTime } from './model.ts'

const QUANTITIES = /^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i
const QUANTITY = /(\d+(?:\.\d+)?)\s*([a-z]+)/gi

/**
 * A time as tests write it: `now`, `-25m`, `+1h30m`, `-1.02:00:00`, each from the `now` of the test, or
 * a time of its own, `2026-03-17T15:00:00Z`. undefined where it is none.
 */
export function parseTestTime(text: string): TestTime | undefined {
  const body = text.trim()
  if (body === 'now') return { ticks: 0n, relative: true }
  const sign = body[0]
  if (sign !== '-' && sign !== '+') {
    const ticks = parseDatetime(body)
    return ticks === null ? undefined : { ticks, relative: false }
  }
  const size = durationOf(body.slice(1))
  return size === undefined ? undefined : { ticks: sign === '-' ? -size : size, relative: true }
}

/** The ticks of `2h30m`, `90s`, `1.02:00:00`; undefined where the text is none, or no unit is named. */
function durationOf(text: string): bigint | undefined {
  if (!QUANTITIES.test(text))
    return text.includes(':') ? (parseTimespan(text) ?? undefined) : undefined
  let ticks = 0n
  for (const [quantity, , unit = ''] of text.matchAll(QUANTITY)) {
    const own = TIMESPAN_UNITS.has(unit.toLowerCase()) ? parseTimespan(quantity) : null
    if (own === null) return undefined
    ticks += own
  }
  return ticks
}

/** The time in ticks. */
export function timeAt({ ticks, relative }: TestTime, now: bigint): bigint {
  return relative ? now + ticks : ticks
}
