import type { ColumnBatch } from '../../../tables/batch.ts'
import type { EvaluatePlan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import {
  bindAttributes,
  countOf,
  loadAttributes,
  patternBatches,
  thresholdOf,
  WEIGHT,
  WILDCARDS,
  weighing,
  weightOf,
  withoutDefaults,
} from './attributes.ts'
import { closedPatterns, comparePatterns, valuesIn } from './closed-patterns.ts'
import { plugin } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/basket-plugin */
export const basket = plugin({
  name: 'basket',
  doc:
    'Finds the values that many rows share: every pattern of at least the share of rows, with all ' +
    'values that its rows have in common. All rows are counted, where Kusto samples. Ordered by rows ' +
    'times values, as in the documentation. Null and the empty string are values too. The weight ' +
    'column stays in the result, for any value.',
  parameters: [
    {
      name: 'Threshold',
      takes: 'constant real, or "~"',
      doc: 'The share of rows, from 0.015 to 1; 0.05 if missing.',
      optional: true,
    },
    WEIGHT,
    {
      name: 'MaxDimensions',
      takes: 'constant long, or "~"',
      doc: 'How many values a pattern may have, without those that follow from them; 5 if missing.',
      optional: true,
    },
    WILDCARDS,
  ],
  examples: [
    {
      query:
        'datatable(a: string, b: long)["x", 1, "x", 1, "x", 2, "y", 2] | evaluate basket(0.5, "~", "~", "*", long(-1))',
      rows: [
        { SegmentId: 0, Count: 2, Percent: 50, a: 'x', b: 1 },
        { SegmentId: 1, Count: 3, Percent: 75, a: 'x', b: -1 },
        { SegmentId: 2, Count: 2, Percent: 50, a: '*', b: 2 },
      ],
    },
  ],
  bind(given) {
    const call = withoutDefaults(given)
    const computed = [
      { name: 'SegmentId', type: 'long' },
      { name: 'Count', type: 'long' },
      { name: 'Percent', type: 'real' },
    ] as const
    return bindAttributes(call, computed, {
      Threshold: call.constant('Threshold', 'real'),
      MaxDimensions: call.constant('MaxDimensions', 'long'),
    })
  },
  execute: (plan, run) => runBasket(plan, run),
})

async function* runBasket(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const threshold = await thresholdOf(plan, run)
  const most = await countOf(plan, 'MaxDimensions', 5, run)
  const attributes = await loadAttributes(plan, run)
  const { total } = attributes
  // Products of shares are not exact: a count that is just the share must not fall short of it.
  const least = threshold * total * (1 - Number.EPSILON * 4)
  const isEnough = (combinations: Uint32Array): boolean => {
    const weight = weightOf(attributes.weights, combinations)
    return weight > 0 && weight >= least
  }
  const found = await closedPatterns(
    attributes,
    weighing(attributes.weights),
    most,
    isEnough,
    run,
    plan.plugin,
  )
  const rows = found
    .map(({ pattern, combinations }) => {
      const weight = weightOf(attributes.weights, combinations)
      return { pattern, weight, score: weight * valuesIn(pattern) }
    })
    .sort(
      (a, b) => b.score - a.score || b.weight - a.weight || comparePatterns(a.pattern, b.pattern),
    )
    .map(({ pattern, weight }, id) => {
      const computed = [BigInt(id), BigInt(Math.trunc(weight)), (100 * weight) / total]
      return { pattern, computed }
    })
  yield* patternBatches(plan, run, attributes, rows)
}
