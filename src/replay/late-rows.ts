import { LIMITS } from '../rules/limits.ts'
import type { FedPlan } from './feeds.ts'
import type { ReplayRule } from './records.ts'
import type { RunView } from './replay-rule.ts'
import type { Timeline } from './timeline.ts'

/** Rows that belong to windows of runs, but arrived after the last of those. */
export function lateRows(
  rule: ReplayRule,
  fed: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  views: readonly RunView[],
): number {
  const { frequency, period } = rule
  const lastRun = views.at(-1)?.time
  const firstRun = views[0]?.time
  if (rule.rule.kind !== 'Scheduled' || period === undefined || lastRun === undefined) return 0
  let late = 0
  for (const { id } of fed.feeds) {
    for (const { time, arrival } of timelines.get(id)?.arrivals() ?? []) {
      if (time > lastRun || time < (firstRun as bigint) - period) continue
      // The last run whose window has the row.
      const steps = (time + period - lastRun) / frequency
      const exact = lastRun + steps * frequency
      const run = exact > time + period ? exact - frequency : exact
      const seen = run > lastRun ? lastRun : run
      if (arrival > seen + LIMITS.delay.Scheduled) late++
    }
  }
  return late
}
