import type { ColumnBatch } from '../../../tables/batch.ts'
import { TICKS_PER_DAY } from '../../../types/datetime.ts'
import type { EvaluatePlan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import { plugin } from './declare.ts'
import { optionOf } from './running.ts'
import {
  bindTimeline,
  byTime,
  DIMENSIONS,
  END,
  ID,
  lengthOf,
  lengthOptions,
  literalText,
  loadActivities,
  ROW_BYTES,
  START,
  spanOf,
  stepOf,
  TIME,
  type TimelineRow,
  timelineBatches,
  timelineSchema,
  timeOptions,
  windowsOf,
} from './timeline.ts'

/** What is counted of a group in a window. */
interface Count {
  rows: number
  readonly ids: Set<number>
}

/** The counts of each group, by window, for windows that have any. */
type Counts = readonly ReadonlyMap<number, Count>[]

/** @see https://learn.microsoft.com/kusto/query/activity-counts-metrics-plugin */
export const activityCountsMetrics = plugin({
  name: 'activity_counts_metrics',
  doc:
    'Counts records and identities in each window of time, and the identities that no window before ' +
    'had. Windows without records have no row.',
  parameters: [ID, TIME, START, END, stepOf('Step', 'The length of a window.'), DIMENSIONS],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "B", 1, "B", 2, "C", 2, "C", 2] ' +
        '| evaluate activity_counts_metrics(u, t, 1, 2, 1)',
      rows: [
        { t: 1, count: 2, dcount: 2, new_dcount: 2, aggregated_dcount: 2 },
        { t: 2, count: 3, dcount: 2, new_dcount: 1, aggregated_dcount: 3 },
      ],
    },
  ],
  bind(call) {
    const bound = bindTimeline(call)
    if (bound === undefined) return call.failedPlan()
    const schema = timelineSchema(call, bound, [
      { name: 'count', type: 'long' },
      { name: 'dcount', type: 'long' },
      { name: 'new_dcount', type: 'long' },
      { name: 'aggregated_dcount', type: 'long' },
    ])
    return call.evaluate([bound.rows], schema, {
      ...timeOptions(call, bound.time, ['Start', 'End']),
      ...lengthOptions(call, bound.time, [], ['Step']),
    })
  },
  execute: (plan, run) => runActivityCounts(plan, run),
})

async function* runActivityCounts(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'Step')
  const activities = await loadActivities(plan, run)
  if (windows === undefined) return
  const counts: Map<number, Count>[] = Array.from(
    { length: activities.dimensions.size },
    () => new Map(),
  )
  for (let row = 0; row < activities.length; row++) {
    const at = activities.at(row)
    if (at === null || at < windows.start || at > windows.end) continue
    add(counts[activities.groups[row]!]!, windows.of(at), activities.ids[row]!)
  }
  const rows: TimelineRow[] = []
  counts.forEach((byWindow, group) => {
    const seen = new Set<number>()
    for (const [window, { rows: count, ids }] of [...byWindow].sort(([a], [b]) => a - b)) {
      const before = seen.size
      for (const id of ids) seen.add(id)
      const values = [count, ids.size, seen.size - before, seen.size].map(BigInt)
      rows.push({ time: [windows.startOf(window)], group, values })
    }
  })
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}

function add(counts: Map<number, Count>, window: number, id: number): void {
  let count = counts.get(window)
  if (count === undefined) {
    count = { rows: 0, ids: new Set() }
    counts.set(window, count)
  }
  count.rows++
  count.ids.add(id)
}

/** @see https://learn.microsoft.com/kusto/query/sliding-window-counts-plugin */
export const slidingWindowCounts = plugin({
  name: 'sliding_window_counts',
  doc:
    'Counts records and identities in the lookback window that ends with each bin. Windows without ' +
    'records have no row.',
  parameters: [
    ID,
    TIME,
    START,
    END,
    lengthOf('LookbackWindow', 'The length of a window, rounded down to whole bins.'),
    {
      ...lengthOf('Bin', 'The distance between two windows; weeks begin on Sunday.'),
      takes: 'constant timespan, or number, or week',
    },
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "B", 1, "B", 2, "C", 2] ' +
        '| evaluate sliding_window_counts(u, t, 1, 3, 2, 1)',
      rows: [
        { t: 1, Count: 2, Dcount: 2 },
        { t: 2, Count: 4, Dcount: 3 },
        { t: 3, Count: 2, Dcount: 2 },
      ],
    },
  ],
  bind(call) {
    const bound = bindTimeline(call)
    if (bound === undefined) return call.failedPlan()
    const schema = timelineSchema(call, bound, [
      { name: 'Count', type: 'long' },
      { name: 'Dcount', type: 'long' },
    ])
    const lengths = lengthOptions(call, bound.time, ['LookbackWindow'], ['Bin'])
    const unit = literalText(lengths.Bin)
    if (unit === 'month' || unit === 'year') {
      const message = `Bins by \`${unit}\` are not supported: a lookback window is no multiple of one.`
      return call.fail('KQL101', message, call.syntax('Bin')?.span ?? call.span)
    }
    return call.evaluate([bound.rows], schema, {
      ...timeOptions(call, bound.time, ['Start', 'End']),
      ...lengths,
    })
  },
  execute: (plan, run) => runSlidingCounts(plan, run),
})

async function* runSlidingCounts(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'Bin')
  const step = await optionOf(plan, 'Bin', run)
  const bin = step === 'week' ? 7n * TICKS_PER_DAY : step
  const lookback = await spanOf(plan, run, 'LookbackWindow')
  const activities = await loadActivities(plan, run)
  if (windows === undefined || typeof bin !== 'bigint' || lookback === undefined) return
  const width = Math.max(1, Number(lookback / bin))
  // From the last window, as the first week of all times is short of a day.
  const first = windows.startOf(windows.count - 1) - BigInt(windows.count + width - 2) * bin
  const counts: Map<number, Count>[] = Array.from(
    { length: activities.dimensions.size },
    () => new Map(),
  )
  for (let row = 0; row < activities.length; row++) {
    const at = activities.at(row)
    if (at === null || at < first || at > windows.end) continue
    add(counts[activities.groups[row]!]!, Number((at - first) / bin), activities.ids[row]!)
  }
  const rows: TimelineRow[] = []
  for (const [group, byBin] of counts.entries()) {
    for (const [window, count] of slide(byBin, width, windows.count)) {
      const values = [BigInt(count.rows), BigInt(count.ids)]
      run.keep(1, ROW_BYTES, plan.plugin)
      rows.push({ time: [windows.startOf(window)], group, values })
      await run.pause(1)
    }
  }
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}

/** The windows of `width` bins that are not empty; window `w` ends with bin `w + width - 1`. */
function* slide(
  byBin: Counts[number],
  width: number,
  windows: number,
): Generator<[window: number, count: { readonly rows: number; readonly ids: number }]> {
  const bins = [...byBin].sort(([a], [b]) => a - b)
  const inside = new Map<number, number>()
  let [rows, entered, left] = [0, 0, 0]
  for (let window = 0; window < windows; window++) {
    for (; entered < bins.length && bins[entered]![0] < window + width; entered++) {
      const { rows: count, ids } = bins[entered]![1]
      rows += count
      for (const id of ids) inside.set(id, (inside.get(id) ?? 0) + 1)
    }
    for (; left < entered && bins[left]![0] < window; left++) {
      const { rows: count, ids } = bins[left]![1]
      rows -= count
      for (const id of ids) {
        const others = (inside.get(id) ?? 0) - 1
        if (others > 0) inside.set(id, others)
        else inside.delete(id)
      }
    }
    if (rows > 0) {
      yield [window, { rows, ids: inside.size }]
      continue
    }
    const next = bins[entered]
    if (next === undefined) return
    // The window before the first that has the next bin.
    window = next[0] - width
  }
}
