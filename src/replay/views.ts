import { LIMITS } from '../rules/limits.ts'
import type { Rule, TriggerOperator } from '../rules/rule.ts'
import { formatDatetime, MAX_DATETIME, MIN_DATETIME } from '../types/datetime.ts'
import type { FedPlan } from './feeds.ts'
import { ReplayLimitError } from './kept-rows.ts'
import type { LoadedSpan } from './load-timelines.ts'
import type { ReplayRule } from './records.ts'
import type { RunView } from './replay-rule.ts'
import { defaultAnchor, firstRunFrom, runsBetween, type Schedule } from './schedule.ts'
import type { Timeline } from './timeline.ts'

/** When rules are replayed. Times are in ticks. */
export interface ReplayTimes {
  /** Runs before it, and after `to`, are left out; where missing, all that touch data run. */
  readonly from?: bigint
  readonly to?: bigint
  /** A time at which the rules run: their schedules go on from it in both directions. */
  readonly anchor?: bigint
  /** Moves every schedule later by this part of its frequency, from 0 to below 1. */
  readonly phase?: number
  /** Whether runs whose window begins before the data are left out: they look back on nothing. */
  readonly warmUp?: boolean
}

/** Runs of a rule at most: more come of a time that is no time of the logs, such as one of the year 1. */
const MOST_RUNS = 1_000_000n

/**
 * What each run of a rule sees, in order. `data`: the first and last time in what the rule reads.
 * @throws ReplayLimitError where there are too many runs.
 */
export function viewsOf(
  rule: ReplayRule,
  fed: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  data: LoadedSpan | undefined,
  times: ReplayTimes,
): readonly RunView[] {
  const { frequency, period } = rule
  const { kind } = rule.rule
  const delay = LIMITS.delay[kind]
  const end = times.to ?? data?.last
  if (kind === 'Hunting' && period === undefined) {
    if (end === undefined || (times.from !== undefined && end < times.from)) return []
    return [viewAt(end, undefined, undefined)]
  }
  if (data === undefined && (times.from === undefined || times.to === undefined)) return []
  const first = data?.first ?? (times.from as bigint)
  const last = data?.last ?? (times.to as bigint)
  const shift = BigInt(Math.floor(Number(frequency) * (times.phase ?? 0)))
  const anchor = (times.anchor ?? defaultAnchor(first, frequency)) + shift
  const schedule: Schedule = { anchor, frequency }
  if (kind === 'NRT') return nearRealTime(schedule, fed, timelines, times)
  const silence = firesOnSilence(rule)
  const complete = first + (period ?? 0n)
  // Silence before the data begin and after they end says nothing.
  const given = times.from ?? (silence ? complete : first)
  const from = times.warmUp === true && given < complete ? complete : given
  const to = least(times.to ?? (silence ? last : last + (period ?? 0n)), MAX_DATETIME - delay)
  const count = (to - from) / frequency
  if (count > MOST_RUNS) {
    const message = `\`${rule.rule.name}\` would have some ${count} runs from ${formatDatetime(from)} to ${formatDatetime(to)}, more than ${MOST_RUNS}.`
    throw new ReplayLimitError(message, 'Say between which times rules run: from and to.')
  }
  return Array.from(runsBetween(schedule, from, to), time =>
    viewAt(
      time,
      period === undefined ? undefined : greatest(time - period, MIN_DATETIME),
      time + delay,
    ),
  )
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** Whether a number of rows raises alerts. */
export function fires({ rule }: Pick<ReplayRule, 'rule'>, rows: number): boolean {
  const threshold = rule.triggerThreshold ?? 0
  if (rule.kind !== 'Scheduled') return rows > 0
  switch (rule.triggerOperator ?? 'gt') {
    case 'gt':
      return rows > threshold
    case 'lt':
      return rows < threshold
    case 'eq':
      return rows === threshold
    case 'ne':
      return rows !== threshold
  }
}

const TRIGGERS: Readonly<Record<TriggerOperator, string>> = {
  gt: 'more than',
  lt: 'fewer than',
  eq: 'exactly',
  ne: 'other than',
}

/** At how many rows a rule fires, in words. */
export function triggerText({ triggerOperator = 'gt', triggerThreshold = 0 }: Rule): string {
  return `${TRIGGERS[triggerOperator]} ${triggerThreshold}`
}

/** Whether a run without rows may raise an alert. */
function firesOnSilence(rule: ReplayRule): boolean {
  return fires(rule, 0)
}

function viewAt(time: bigint, from: bigint | undefined, until: bigint | undefined): RunView {
  return { time, window: { from, to: time }, until }
}

/** The runs of a rule near real time to which rows arrived; the others see nothing. */
function nearRealTime(
  schedule: Schedule,
  fed: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  { from, to }: ReplayTimes,
): RunView[] {
  const times = new Set<bigint>()
  const last = least(to ?? MAX_DATETIME, MAX_DATETIME - LIMITS.delay.NRT)
  for (const { id } of fed.feeds) {
    for (const { arrival } of timelines.get(id)?.arrivals() ?? []) {
      const time = firstRunFrom(schedule, arrival)
      if (from !== undefined && time < from) continue
      if (time > last) continue
      times.add(time)
    }
  }
  const sorted = [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted.map(time => ({
    time,
    window: { from: undefined, to: undefined },
    until: time,
    after: time - schedule.frequency,
  }))
}
