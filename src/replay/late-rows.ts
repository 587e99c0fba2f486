import { LIMITS } from '../rules/limits.ts'
import type { FedPlan } from './feeds.ts'
import type { ReplayRule } from './records.ts'
import type { RunView } from './replay-rule.ts'
import type { Timeline } from './timeline.ts'

/** Rows of the data that no run could see. */
export interface UnseenRows {
  /** Those that belong to windows of runs, but arrived after the last of those. */
  readonly late: number
  /** Those that belong to the window of no run: the period is shorter than the frequency. */
  readonly between: number
  /** How late rows may arrive until some of them are lost, in ticks; of none where no row is late. */
  readonly delays: readonly LosingDelay[]
}

/** Rows that arrive later than `delay` after their time are lost, for a part of the rows. */
export interface LosingDelay {
  readonly percent: number
  readonly delay: bigint
}

/** The tables of which a rule reads rows that have no time, so that no run sees them. */
export function untimedTables(
  { feeds }: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
): string[] {
  const found = feeds.filter(({ id }) => timelines.get(id)?.hasUntimed === true)
  return [...new Set(found.map(({ table }) => table))]
}

/** Why a query has rows though nothing that it reads says when; undefined where that is not so. */
export function timelessReason(
  { feeds }: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
): string | undefined {
  if (feeds.length === 0) return 'the query reads no table.'
  const timeless = feeds.filter(({ id }) => timelines.get(id)?.isTimeless === true)
  const tables = new Set(timeless.map(({ table }) => `\`${table}\``))
  if (tables.size === 0) return undefined
  return `rows of ${[...tables].join(', ')} have no time, in a column TimeGenerated or Timestamp.`
}

const NONE: UnseenRows = { late: 0, between: 0, delays: [] }
/** The parts of the rows for which the delay is told that loses them. */
const PERCENTS = [1, 10, 50] as const

/**
 * Which rows of what a rule reads its runs, of which there were these, could not see. A row that a later run
 * sees is none of them, though that is not replayed.
 */
export function unseenRows(
  rule: ReplayRule,
  { feeds }: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  views: readonly RunView[],
): UnseenRows {
  const { frequency, period } = rule
  const last = views.at(-1)?.time
  const first = views[0]?.time
  if (rule.rule.kind !== 'Scheduled' || period === undefined) return NONE
  if (last === undefined || first === undefined) return NONE
  const own = new Set(feeds.flatMap(({ id }) => timelines.get(id) ?? []))
  const tolerance = LIMITS.delay.Scheduled
  let late = 0
  let between = 0
  for (const timeline of own) {
    if (period >= frequency && timeline.arrivesWithin(tolerance)) continue
    for (const { time, arrival } of timeline.arrivals()) {
      if (time > last || time < first - period) continue
      const run = lastRunWith(time, last, frequency, period)
      if (run < time) between++
      else if (arrival > run + tolerance) late++
    }
  }
  return { late, between, delays: late === 0 ? [] : losingDelays(rule, own, first, last) }
}

/**
 * The last run of the schedule, of which `known` is one, whose window has a time, or the last before it
 * where none has. It may be after the last run of the replay.
 */
function lastRunWith(time: bigint, known: bigint, frequency: bigint, period: bigint): bigint {
  const end = time + period
  const run = known + ((end - known) / frequency) * frequency
  return run > end ? run - frequency : run
}

/** The rows that have all their runs among these, by how late they may arrive. */
function losingDelays(
  { frequency, period = 0n }: ReplayRule,
  timelines: ReadonlySet<Timeline>,
  first: bigint,
  last: bigint,
): LosingDelay[] {
  const slacks: bigint[] = []
  for (const timeline of timelines) {
    for (const { time } of timeline.arrivals()) {
      if (time < first - period || time + period > last) continue
      const run = lastRunWith(time, last, frequency, period)
      if (run >= time) slacks.push(run + LIMITS.delay.Scheduled - time)
    }
  }
  const sorted = BigInt64Array.from(slacks).sort()
  const delays = PERCENTS.flatMap(percent => {
    // The least delay beyond which so many of a hundred rows, rounded up, are lost.
    const delay = sorted[Math.ceil((sorted.length * percent) / 100) - 1]
    return delay === undefined ? [] : [{ percent, delay }]
  })
  return delays.filter(({ delay }, index) => delays[index + 1]?.delay !== delay)
}
