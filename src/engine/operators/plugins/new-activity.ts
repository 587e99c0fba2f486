import { type ColumnBatch, NO_ROW } from '../../../tables/batch.ts'
import type { Column } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import type { EvaluatePlan, Plan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { plugin } from './declare.ts'
import { allRows, optionOf } from './running.ts'
import {
  type Activities,
  bindTimeline,
  DIMENSIONS,
  END,
  ID,
  idsByWindow,
  lengthOptions,
  loadActivities,
  ROW_BYTES,
  START,
  stepOf,
  TIME,
  type TimelineRow,
  timelineBatches,
  timelineSchema,
  timeOptions,
  windowsOf,
} from './timeline.ts'

/** @see https://learn.microsoft.com/kusto/query/new-activity-metrics-plugin */
export const newActivityMetrics = plugin({
  name: 'new_activity_metrics',
  doc:
    'Follows the identities that are first seen in a window of time through the windows from then ' +
    'on: how many come back, and how many others are new.',
  parameters: [
    ID,
    TIME,
    START,
    END,
    stepOf('Window', 'The length of a window.'),
    {
      name: 'Cohort',
      takes: 'constant of the type of the time',
      doc: 'Only the identities first seen in the window that starts there.',
      optional: true,
    },
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: long)["A", 1, "B", 1, "B", 2, "C", 2] ' +
        '| evaluate new_activity_metrics(u, t, 1, 2, 1) | where from_t == 1',
      rows: [
        {
          from_t: 1,
          to_t: 1,
          dcount_new_values: 2,
          dcount_retained_values: 2,
          dcount_churn_values: 0,
          retention_rate: 1,
          churn_rate: 0,
        },
        {
          from_t: 1,
          to_t: 2,
          dcount_new_values: 1,
          dcount_retained_values: 1,
          dcount_churn_values: 1,
          retention_rate: 0.5,
          churn_rate: 0.5,
        },
      ],
    },
  ],
  bind: bindNewActivity,
  execute: (plan, run) => runNewActivity(plan, run),
})

/** A column in the place of the cohort is a dimension; a table in the last place, the lookback. */
function bindNewActivity(call: PluginCall): Plan {
  const { binder, input } = call
  const id = call.column('IdColumn')
  const given = [...call.all('Cohort'), ...call.all('Dimension')]
  const isColumn = (name: string): boolean => input.schema.some(column => column.name === name)
  const [first] = given
  const cohort = first !== undefined && !(first.kind === 'name' && isColumn(first.name))
  const last = given.at(-1)
  const isTable = last !== undefined && binder.isTabular(last, input.schema) && id !== undefined
  const cohortSyntax = cohort && !(isTable && given.length === 1) ? first : undefined
  const lookback = isTable ? lookbackOf(call, id) : undefined
  const names = given.slice(cohortSyntax === undefined ? 0 : 1, isTable ? -1 : undefined)
  const dimensions = names.flatMap(syntax => call.columnAt(syntax) ?? [])
  const bound = bindTimeline(call.with({ Cohort: [], Dimension: names }), id)
  if (call.failed || bound === undefined || dimensions.length < names.length) {
    return call.failedPlan()
  }
  const [time, ...rest] = timelineSchema(call, bound, [
    { name: 'dcount_new_values', type: 'long' },
    { name: 'dcount_retained_values', type: 'long' },
    { name: 'dcount_churn_values', type: 'long' },
    { name: 'retention_rate', type: 'real' },
    { name: 'churn_rate', type: 'real' },
  ])
  if (time === undefined) return call.failedPlan()
  const fromTo = [`from_${time.name}`, `to_${time.name}`].map(name => binder.renamed(time, name))
  const own = call.with({ Cohort: cohortSyntax === undefined ? [] : [cohortSyntax] })
  const options = {
    ...timeOptions(own, bound.time, ['Start', 'End', 'Cohort']),
    ...lengthOptions(own, bound.time, [], ['Window']),
  }
  if (own.failed) return call.failedPlan()
  return call.evaluate(
    lookback === undefined ? [bound.rows] : [bound.rows, lookback],
    [...fromTo, ...rest],
    options,
  )
}

/** The identities that a table has, in its column of that name. */
function lookbackOf(call: PluginCall, id: Column): Plan | undefined {
  const syntax = [...call.all('Cohort'), ...call.all('Dimension')].at(-1)
  if (syntax === undefined) return undefined
  const table = call.binder.tabular(syntax)
  if (call.binder.isFailedPlan(table)) {
    call.reported()
    return undefined
  }
  const column = call.binder.columnIn(table.schema, id.name)
  if (column === undefined || column.type !== id.type) {
    const message = `The table has no column \`${id.name}\` of type ${id.type}.`
    call.fail('KS107', message, syntax.span)
    return undefined
  }
  const expr = readColumn(call.binder, column, syntax.span)
  return call.project(table, [{ name: '$id', expr }])
}

async function* runNewActivity(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'Window')
  const cohort = await optionOf(plan, 'Cohort', run)
  const activities = await loadActivities(plan, run)
  if (windows === undefined) return
  const known = await knownBefore(plan, run, activities)
  const groups = await idsByWindow(activities, windows, run)
  const rows: TimelineRow[] = []
  for (const [group, byWindow] of groups.entries()) {
    const order = [...byWindow.keys()].sort((a, b) => a - b)
    const seen = new Set(known)
    for (const from of order) {
      const fresh = new Set([...(byWindow.get(from) ?? [])].filter(id => !seen.has(id)))
      // Of the first window, all are new; later ones leave out whoever was seen before.
      const before = new Set(seen)
      for (const id of byWindow.get(from) ?? []) seen.add(id)
      if (fresh.size === 0) continue
      if (typeof cohort === 'bigint' && windows.startOf(from) !== cohort) continue
      for (let to = from; to < windows.count; to++) {
        await run.pause(byWindow.get(to)?.size ?? 0)
        const ids = [...(byWindow.get(to) ?? [])]
        const retained = ids.filter(id => fresh.has(id)).length
        const unseen = to === from ? before : seen
        const values = [
          BigInt(ids.filter(id => !unseen.has(id)).length),
          BigInt(retained),
          BigInt(fresh.size - retained),
          retained / fresh.size,
          (fresh.size - retained) / fresh.size,
        ]
        run.keep(1, ROW_BYTES, plan.plugin)
        rows.push({ time: [windows.startOf(from), windows.startOf(to)], group, values })
      }
    }
  }
  yield* timelineBatches(plan, activities.dimensions, rows, run.batchSize)
}

/** The identities of the lookback, by the numbers that the activities have. */
async function knownBefore(
  plan: EvaluatePlan,
  run: Run,
  { identities }: Activities,
): Promise<Set<number>> {
  if (plan.inputs.length < 2) return new Set()
  const lookback = await allRows(plan, run, 1)
  const found = new Uint32Array(lookback.length)
  if (lookback.length > 0) identities.find([lookback.columns[0]!], lookback.rows, found)
  return new Set([...found].filter(id => id !== NO_ROW))
}
