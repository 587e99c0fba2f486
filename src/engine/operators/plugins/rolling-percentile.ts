import type { ColumnBatch } from '../../../tables/batch.ts'
import { type ScalarValue, valueAt } from '../../../tables/vector.ts'
import type { Decimal } from '../../../types/decimal.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { nearestRank, PERCENTILE_TYPES } from '../../functions/aggregate/shared-percentiles.ts'
import type { EvaluatePlan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import { plugin } from './declare.ts'
import { faultOf, optionOf } from './running.ts'
import {
  bindTimeline,
  byTime,
  DIMENSIONS,
  lengthOf,
  lengthOptions,
  loadActivities,
  type TimelineRow,
  timelineBatches,
  timelineSchema,
} from './timeline.ts'

/** @see https://learn.microsoft.com/kusto/query/rolling-percentile-plugin */
export const rollingPercentile = plugin({
  name: 'rolling_percentile',
  doc:
    'A percentile of the values in the window of bins that ends with each bin, by the nearest rank. ' +
    'Nulls are skipped; bins without values have no row.',
  parameters: [
    { name: 'ValueColumn', takes: 'column of numbers or times', doc: 'The values.' },
    { name: 'Percentile', takes: 'constant real', doc: 'From 0 to 100.' },
    {
      name: 'IndexColumn',
      takes: 'datetime, timespan, long or int column',
      doc: 'What the windows slide over.',
    },
    lengthOf('BinSize', 'The length of a bin.'),
    { name: 'BinsPerWindow', takes: 'constant long', doc: 'How many bins a window has.' },
    DIMENSIONS,
  ],
  examples: [
    {
      query:
        'range t from 1 to 4 step 1 | extend v = t * 10 | evaluate rolling_percentile(v, 50, t, 1, 3)',
      rows: [
        { t: 1, rolling_3_percentile_v_50: 10 },
        { t: 2, rolling_3_percentile_v_50: 10 },
        { t: 3, rolling_3_percentile_v_50: 20 },
        { t: 4, rolling_3_percentile_v_50: 30 },
      ],
    },
  ],
  bind(call) {
    const { binder, span } = call
    const value = call.columnOf('ValueColumn', PERCENTILE_TYPES)
    const percentile = call.value('Percentile', 'real')
    const bins = call.value('BinsPerWindow', 'long')
    const timeline = call.with({ TimelineColumn: call.all('IndexColumn') })
    const bound = bindTimeline(timeline, value)
    if (call.failed || timeline.failed || bound === undefined || value === undefined) {
      return call.failedPlan()
    }
    if (typeof bins !== 'bigint' || bins < 1n || bins > 1_000_000n) {
      return call.fail('KS128', 'BinsPerWindow is from 1 to 1000000.', span)
    }
    if (typeof percentile !== 'number' || !(percentile >= 0 && percentile <= 100)) {
      return call.fail('KS128', 'Percentile is from 0 to 100.', span)
    }
    const name = `rolling_${bins}_percentile_${value.name}_${percentile}`
    const type = binder.isFailedColumn(value) ? 'dynamic' : value.type
    const options = lengthOptions(timeline, bound.time, ['BinSize'])
    if (timeline.failed) return call.failedPlan()
    return call.evaluate([bound.rows], timelineSchema(call, bound, [{ name, type }]), {
      ...options,
      Percentile: call.constant('Percentile', 'real'),
      BinsPerWindow: call.constant('BinsPerWindow', 'long'),
    })
  },
  execute: (plan, run) => runRollingPercentile(plan, run),
})

async function* runRollingPercentile(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const percentile = Number(await optionOf(plan, 'Percentile', run))
  const width = Number(await optionOf(plan, 'BinsPerWindow', run))
  const size = await optionOf(plan, 'BinSize', run)
  const activities = await loadActivities(plan, run)
  if (typeof size !== 'bigint') return
  if (size <= 0n) throw faultOf(plan, 'KS128', 'BinSize must be greater than 0.')
  const values = activities.who
  const groups: Map<bigint, ScalarValue[]>[] = Array.from(
    { length: activities.dimensions.size },
    () => new Map(),
  )
  for (let row = 0; row < activities.length; row++) {
    const at = activities.at(row)
    const value = valueAt(values, row)
    if (at === null || value === null) continue
    const bin = at - (((at % size) + size) % size)
    const bins = groups[activities.groups[row]!]!
    const found = bins.get(bin)
    if (found === undefined) bins.set(bin, [value])
    else found.push(value)
  }
  const rows: TimelineRow[] = []
  for (const [group, bins] of groups.entries()) {
    const order = [...bins.keys()].sort((a, b) => (a < b ? -1 : 1))
    let first = 0
    for (const [index, bin] of order.entries()) {
      while (order[first]! <= bin - size * BigInt(width)) first++
      const inside = order.slice(first, index + 1).flatMap(key => bins.get(key) ?? [])
      await run.pause(inside.length)
      rows.push({ time: [bin], group, values: [percentileOf(inside, percentile, values.type)] })
    }
  }
  yield* timelineBatches(plan, activities.dimensions, byTime(rows), run.batchSize)
}

/** The percentile of the values; NaN is past every number. */
function percentileOf(
  values: readonly ScalarValue[],
  percentile: number,
  type: ScalarType,
): ScalarValue {
  switch (type) {
    case 'int':
    case 'real':
      return nearestRank(Float64Array.from(values as readonly number[]).sort(), percentile)
    case 'decimal':
      return nearestRank(
        (values as readonly Decimal[]).toSorted((a, b) => a.cmp(b)),
        percentile,
      )
    default:
      return nearestRank(BigInt64Array.from(values as readonly bigint[]).sort(), percentile)
  }
}
