import type { ColumnBatch } from '../../../tables/batch.ts'
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
  idsByWindow,
  lengthOf,
  lengthOptions,
  loadActivities,
  needsRange,
  positiveOf,
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

/** @see https://learn.microsoft.com/kusto/query/activity-metrics-plugin */
export const activityMetrics = plugin({
  name: 'activity_metrics',
  doc:
    'Compares the identities of each window of time with those of the window before: how many are ' +
    'new, and which parts stayed and left. Windows without records have no row.',
  parameters: [
    ID,
    TIME,
    { ...START, optional: true },
    { ...END, optional: true },
    { ...stepOf('Step', 'The length of a window.'), optional: true },
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "B", 1, "B", 2, "C", 2, "D", 2] ' +
        '| evaluate activity_metrics(u, t, 1, 2, 1) | where t == 2',
      rows: [{ t: 2, dcount_values: 3, dcount_newvalues: 2, retention_rate: 0.5, churn_rate: 0.5 }],
    },
  ],
  bind(call) {
    if (!call.has('Step')) return needsRange(call)
    const bound = bindTimeline(call)
    if (bound === undefined) return call.failedPlan()
    const schema = timelineSchema(call, bound, [
      { name: 'dcount_values', type: 'long' },
      { name: 'dcount_newvalues', type: 'long' },
      { name: 'retention_rate', type: 'real' },
      { name: 'churn_rate', type: 'real' },
    ])
    return call.evaluate([bound.rows], schema, {
      ...timeOptions(call, bound.time, ['Start', 'End']),
      ...lengthOptions(call, bound.time, [], ['Step']),
    })
  },
  execute: (plan, run) => runActivityMetrics(plan, run),
})

async function* runActivityMetrics(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'Step')
  const activities = await loadActivities(plan, run)
  if (windows === undefined) return
  const groups = await idsByWindow(activities, windows, run)
  const rows: TimelineRow[] = []
  groups.forEach((byWindow, group) => {
    for (const [window, ids] of byWindow) {
      const before = byWindow.get(window - 1) ?? new Set<number>()
      const returned = [...ids].filter(id => before.has(id)).length
      const values = [
        BigInt(ids.size),
        BigInt(ids.size - returned),
        returned / before.size,
        (before.size - returned) / before.size,
      ]
      rows.push({ time: [windows.startOf(window)], group, values })
    }
  })
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}

/** @see https://learn.microsoft.com/kusto/query/activity-engagement-plugin */
export const activityEngagement = plugin({
  name: 'activity_engagement',
  doc:
    'The ratio of identities in an inner window of time to those in the outer window that ends with ' +
    'it, such as daily to monthly users. Inner windows without records have no row.',
  parameters: [
    ID,
    TIME,
    START,
    END,
    { ...lengthOf('InnerActivityWindow', 'The length of an inner window.'), optional: true },
    { ...lengthOf('OuterActivityWindow', 'The length of an outer window.'), optional: true },
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "B", 1, "C", 2] ' +
        '| evaluate activity_engagement(u, t, 1, 2, 1, 4) | where t == 2',
      rows: [
        { t: 2, dcount_activities_inner: 1, dcount_activities_outer: 3, activity_ratio: 1 / 3 },
      ],
    },
  ],
  bind(call) {
    if (!call.has('InnerActivityWindow')) return needsRange(call)
    const bound = bindTimeline(call)
    if (bound === undefined) return call.failedPlan()
    const schema = timelineSchema(call, bound, [
      { name: 'dcount_activities_inner', type: 'long' },
      { name: 'dcount_activities_outer', type: 'long' },
      { name: 'activity_ratio', type: 'real' },
    ])
    return call.evaluate([bound.rows], schema, {
      ...timeOptions(call, bound.time, ['Start', 'End']),
      ...lengthOptions(call, bound.time, ['InnerActivityWindow', 'OuterActivityWindow']),
    })
  },
  execute: (plan, run) => runEngagement(plan, run),
})

/** When each identity was active, in order. */
function timesById(
  activities: Awaited<ReturnType<typeof loadActivities>>,
  from: bigint,
  to: bigint,
): Map<number, { readonly at: bigint; readonly id: number }[]> {
  const groups = new Map<number, { at: bigint; id: number }[]>()
  for (let row = 0; row < activities.length; row++) {
    const at = activities.at(row)
    if (at === null || at < from || at > to) continue
    const group = activities.groups[row]!
    const events = groups.get(group) ?? []
    events.push({ at, id: activities.ids[row]! })
    groups.set(group, events)
  }
  for (const events of groups.values())
    events.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
  return groups
}

async function* runEngagement(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'InnerActivityWindow')
  const inner = await optionOf(plan, 'InnerActivityWindow', run)
  const outer = await spanOf(plan, run, 'OuterActivityWindow')
  const activities = await loadActivities(plan, run)
  if (windows === undefined || typeof inner !== 'bigint' || outer === undefined) return
  const rows: TimelineRow[] = []
  const first = windows.start + (outer > inner ? inner - outer : 0n)
  for (const [group, events] of timesById(activities, first, windows.end)) {
    const inside = new Map<number, number>()
    let [entered, left] = [0, 0]
    const innerIds = await idsOfWindows(events, windows, run)
    for (const [window, ids] of innerIds) {
      const end = windows.startOf(window) + inner
      for (; entered < events.length && events[entered]!.at < end; entered++) {
        const { id } = events[entered]!
        inside.set(id, (inside.get(id) ?? 0) + 1)
      }
      for (; left < entered && events[left]!.at < end - outer; left++) {
        const { id } = events[left]!
        const count = (inside.get(id) ?? 0) - 1
        if (count > 0) inside.set(id, count)
        else inside.delete(id)
      }
      const values = [BigInt(ids.size), BigInt(inside.size), ids.size / inside.size]
      rows.push({ time: [windows.startOf(window)], group, values })
    }
  }
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}

/** The identities of each window that has any, in order. */
async function idsOfWindows(
  events: readonly { readonly at: bigint; readonly id: number }[],
  windows: { readonly start: bigint; of(time: bigint): number },
  run: Run,
): Promise<Map<number, Set<number>>> {
  const found = new Map<number, Set<number>>()
  for (const { at, id } of events) {
    if (at < windows.start) continue
    const window = windows.of(at)
    const ids = found.get(window)
    if (ids === undefined) found.set(window, new Set([id]))
    else ids.add(id)
  }
  await run.pause(events.length)
  return found
}

/** @see https://learn.microsoft.com/kusto/query/active-users-count-plugin */
export const activeUsersCount = plugin({
  name: 'active_users_count',
  doc:
    'Counts the identities of each bin that were seen in so many periods of the lookback window that ' +
    'ends when they are seen. Bins without any have no row.',
  parameters: [
    ID,
    TIME,
    START,
    END,
    lengthOf('LookbackWindow', 'How far back appearances count.'),
    lengthOf('Period', 'Appearances within one period are one.'),
    { name: 'ActivePeriods', takes: 'constant long', doc: 'How many periods make it active.' },
    stepOf('Bin', 'The length of a bin.'),
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "A", 3, "B", 3, "A", 9] ' +
        '| evaluate active_users_count(u, t, 2, 10, 4, 1, 2, 5)',
      rows: [{ t: 2, dcount: 1 }],
    },
  ],
  bind(call) {
    const bound = bindTimeline(call)
    if (bound === undefined) return call.failedPlan()
    const schema = timelineSchema(call, bound, [{ name: 'dcount', type: 'long' }])
    return call.evaluate([bound.rows], schema, {
      ...timeOptions(call, bound.time, ['Start', 'End']),
      ...lengthOptions(call, bound.time, ['LookbackWindow', 'Period'], ['Bin']),
      ActivePeriods: call.constant('ActivePeriods', 'long'),
    })
  },
  execute: (plan, run) => runActiveUsers(plan, run),
})

async function* runActiveUsers(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'Bin')
  const period = await positiveOf(plan, run, 'Period')
  const lookback = await spanOf(plan, run, 'LookbackWindow')
  const least = await optionOf(plan, 'ActivePeriods', run)
  const activities = await loadActivities(plan, run)
  if (windows === undefined || lookback === undefined || typeof least !== 'bigint') return
  const reach = Number(lookback / period)
  const rows: TimelineRow[] = []
  const earliest = windows.start - lookback
  for (const [group, events] of timesById(activities, earliest, windows.end)) {
    // The last periods in which each identity was seen, as many as the lookback window has.
    const seen = new Map<number, number[]>()
    const active = new Map<number, Set<number>>()
    for (const { at, id } of events) {
      const since = at - windows.start
      const number = Number((since < 0n ? since - period + 1n : since) / period)
      const last = (seen.get(id) ?? []).filter(before => before > number - reach)
      if (last.at(-1) !== number) last.push(number)
      seen.set(id, last)
      if (at < windows.start || last.length < Number(least)) continue
      const window = windows.of(at)
      active.set(window, (active.get(window) ?? new Set()).add(id))
    }
    await run.pause(events.length)
    for (const [window, ids] of active) {
      rows.push({ time: [windows.startOf(window)], group, values: [BigInt(ids.size)] })
    }
  }
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}

/** @see https://learn.microsoft.com/kusto/query/session-count-plugin */
export const sessionCount = plugin({
  name: 'session_count',
  doc:
    'Counts the sessions that start in each bin: an identity starts one when it was not seen in the ' +
    'lookback window before. Bins without any have no row.',
  parameters: [
    ID,
    TIME,
    START,
    END,
    stepOf('Bin', 'The length of a bin.'),
    lengthOf('LookBackWindow', 'How long a session goes on without a record.'),
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "A", 3, "A", 12, "B", 12] ' +
        '| evaluate session_count(u, t, 1, 20, 10, 5)',
      rows: [
        { t: 1, count_sessions: 1 },
        { t: 11, count_sessions: 2 },
      ],
    },
  ],
  bind(call) {
    const bound = bindTimeline(call)
    if (bound === undefined) return call.failedPlan()
    const schema = timelineSchema(call, bound, [{ name: 'count_sessions', type: 'long' }])
    return call.evaluate([bound.rows], schema, {
      ...timeOptions(call, bound.time, ['Start', 'End']),
      ...lengthOptions(call, bound.time, ['LookBackWindow'], ['Bin']),
    })
  },
  execute: (plan, run) => runSessionCount(plan, run),
})

async function* runSessionCount(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'Bin')
  const lookback = await spanOf(plan, run, 'LookBackWindow')
  const activities = await loadActivities(plan, run)
  if (windows === undefined || lookback === undefined) return
  const rows: TimelineRow[] = []
  for (const [group, events] of timesById(activities, windows.start - lookback, windows.end)) {
    const last = new Map<number, bigint>()
    const sessions = new Map<number, number>()
    for (const { at, id } of events) {
      const before = last.get(id)
      last.set(id, at)
      if (at < windows.start || (before !== undefined && at - before <= lookback)) continue
      const window = windows.of(at)
      sessions.set(window, (sessions.get(window) ?? 0) + 1)
    }
    await run.pause(events.length)
    for (const [window, count] of sessions) {
      rows.push({ time: [windows.startOf(window)], group, values: [BigInt(count)] })
    }
  }
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}
