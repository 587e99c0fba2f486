import { type ArrivalDelay, parseArrivalDelay } from '../replay/arrival-delay.ts'
import { closedAfter } from '../replay/closing.ts'
import type { Closing } from '../replay/incidents.ts'
import type { ScheduleDefaults } from '../replay/rules.ts'
import type { ReplayTimes } from '../replay/views.ts'
import { parseDuration } from '../rules/duration.ts'
import { parseDatetime } from '../types/datetime.ts'
import { UsageError } from './exit.ts'
import type { ExecutionOptions } from './options.ts'

/** The options that say when rules run, and how. */
export interface ScheduleOptions extends ExecutionOptions {
  readonly from?: string
  readonly to?: string
  readonly anchor?: string
  readonly delay?: string
  readonly freq?: string
  readonly period?: string
  readonly warmUp?: boolean
  readonly closeAfter?: string
  readonly workers?: number
}

/**
 * When rules run.
 * @throws UsageError where an option is not in its form, or the first time is later than the last.
 */
export function replayTimes({ from, to, anchor, warmUp }: ScheduleOptions): ReplayTimes {
  const given = {
    from: time('--from', from),
    to: time('--to', to),
    anchor: time('--anchor', anchor),
    warmUp,
  }
  if (given.from !== undefined && given.to !== undefined && given.from > given.to) {
    throw new UsageError(`--from ${from} is later than --to ${to}: no rule would run.`)
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/**
 * The schedule of rules that have none.
 * @throws UsageError where an option is not in its form.
 */
export function scheduleDefaults({ freq, period }: ScheduleOptions): ScheduleDefaults {
  const given = { frequency: duration('--freq', freq), period: duration('--period', period) }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/**
 * How long after its time a row arrives; undefined where that is not given.
 * @throws UsageError where an option is not in its form.
 */
export function arrivalDelay({ delay }: ScheduleOptions): ArrivalDelay | undefined {
  if (delay === undefined) return undefined
  const parsed = parseArrivalDelay(delay)
  if (parsed !== undefined) return parsed
  throw new UsageError(
    `--delay takes a duration such as 5m, a range such as 1m..10m, or 50%=1m,99%=20m, not '${delay}'.`,
  )
}

/**
 * When incidents are closed; undefined where that is not given.
 * @throws UsageError where an option is not in its form.
 */
export function givenClosing({ closeAfter }: ScheduleOptions): Closing | undefined {
  const ticks = duration('--close-after', closeAfter)
  return ticks === undefined ? undefined : closedAfter(ticks)
}

function time(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDatetime(text)
  if (ticks !== null) return ticks
  throw new UsageError(`${option} takes a time such as 2026-03-17T15:00:00Z, not '${text}'.`)
}

function duration(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDuration(text)
  if (ticks !== undefined && ticks > 0n) return ticks
  throw new UsageError(`${option} takes a duration such as 1h or PT5M, not '${text}'.`)
}
