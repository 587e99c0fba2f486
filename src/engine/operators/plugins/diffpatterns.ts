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
  weightsOfSplit,
  withoutDefaults,
} from './attributes.ts'
import { type ClosedPattern, closedPatterns, comparePatterns, valuesIn } from './closed-patterns.ts'
import { plugin } from './declare.ts'
import { faultOf, optionOf } from './running.ts'

/** @see https://learn.microsoft.com/kusto/query/diffpatterns-plugin */
export const diffpatterns = plugin({
  name: 'diffpatterns',
  doc:
    'Finds the values that rows of one of two sets share more often than those of the other, the ' +
    'greatest difference first. The numbers of a pattern are exact; which patterns are given the ' +
    'documentation leaves open, so Kusto may give others. Here: those with at least the difference, ' +
    'and of these such as owe at least half of it to rows that no pattern before has. The columns of ' +
    'the split and the weight stay in the result, for any value.',
  parameters: [
    { name: 'SplitColumn', takes: 'column', doc: 'Which set a row is in.' },
    { name: 'SplitValueA', takes: 'constant string', doc: 'Its text in rows of set A.' },
    { name: 'SplitValueB', takes: 'constant string', doc: 'Its text in rows of set B.' },
    WEIGHT,
    {
      name: 'Threshold',
      takes: 'constant real, or "~"',
      doc: 'The least difference of shares, from 0.015 to 1; 0.05 if missing.',
      optional: true,
    },
    {
      name: 'MaxDimensions',
      takes: 'constant long, or "~"',
      doc: 'How many values a pattern may have, without those that follow from them.',
      optional: true,
    },
    WILDCARDS,
  ],
  examples: [
    {
      query:
        'datatable(run: string, host: string, code: int)["bad", "a", 5, "bad", "a", 5, "bad", "b", 7, "ok", "a", 0, "ok", "b", 0, "ok", "b", 0] ' +
        '| evaluate diffpatterns(run, "bad", "ok", "~", 0.5) | project-away run',
      rows: [
        {
          SegmentId: 0,
          CountA: 0,
          CountB: 3,
          PercentA: 0,
          PercentB: 100,
          PercentDiffAB: 100,
          host: '',
          code: 0,
        },
        {
          SegmentId: 1,
          CountA: 2,
          CountB: 0,
          PercentA: 66.67,
          PercentB: 0,
          PercentDiffAB: 66.67,
          host: 'a',
          code: 5,
        },
      ],
    },
  ],
  bind(given) {
    const call = withoutDefaults(given)
    const split = call.column('SplitColumn')
    if (split === undefined) return call.failedPlan()
    const computed = [
      { name: 'SegmentId', type: 'long' },
      { name: 'CountA', type: 'long' },
      { name: 'CountB', type: 'long' },
      { name: 'PercentA', type: 'real' },
      { name: 'PercentB', type: 'real' },
      { name: 'PercentDiffAB', type: 'real' },
    ] as const
    const options = {
      SplitValueA: call.constant('SplitValueA', 'string'),
      SplitValueB: call.constant('SplitValueB', 'string'),
      Threshold: call.constant('Threshold', 'real'),
      MaxDimensions: call.constant('MaxDimensions', 'long'),
    }
    return bindAttributes(call, computed, options, split)
  },
  execute: (plan, run) => runDiffpatterns(plan, run),
})

/** The two sets, as weights of the combinations of values. */
interface Sets {
  readonly a: Float64Array
  readonly b: Float64Array
  readonly totalA: number
  readonly totalB: number
}

interface Found extends ClosedPattern {
  readonly difference: number
}

async function* runDiffpatterns(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const threshold = await thresholdOf(plan, run)
  const most = await countOf(plan, 'MaxDimensions', Number.POSITIVE_INFINITY, run)
  const attributes = await loadAttributes(plan, run)
  if (attributes.rows.length === 0) return
  const [a, totalA] = await readSet(plan, 'SplitValueA', attributes, run)
  const [b, totalB] = await readSet(plan, 'SplitValueB', attributes, run)
  const sets: Sets = { a, b, totalA, totalB }
  // Shares are not exact: a difference that is just the threshold must not fall short of it.
  const least = threshold * (1 - Number.EPSILON * 4)
  const isEnough = (combinations: Uint32Array): boolean =>
    Math.max(...sharesOf(sets, combinations)) >= least
  const start = weighing(a.map((weight, index) => weight + b[index]!))
  const patterns = await closedPatterns(attributes, start, most, isEnough, run, plan.plugin)
  const found = patterns
    .map((pattern): Found => ({ ...pattern, difference: differenceOf(sets, pattern.combinations) }))
    .filter(({ difference }) => Math.abs(difference) >= least)
    .sort(
      (x, y) =>
        Math.abs(y.difference) - Math.abs(x.difference) ||
        valuesIn(y.pattern) - valuesIn(x.pattern) ||
        comparePatterns(x.pattern, y.pattern),
    )
  const rows = apartFrom(sets, found).map(({ pattern, combinations, difference }, id) => {
    const [shareA, shareB] = sharesOf(sets, combinations)
    const counts = [a, b].map(weights => BigInt(Math.trunc(weightOf(weights, combinations))))
    const percents = [shareA, shareB, Math.abs(difference)].map(percentOf)
    return { pattern, computed: [BigInt(id), ...counts, ...percents] }
  })
  yield* patternBatches(plan, run, attributes, rows)
}

async function readSet(
  plan: EvaluatePlan,
  option: string,
  attributes: Awaited<ReturnType<typeof loadAttributes>>,
  run: Run,
): Promise<[weights: Float64Array, total: number]> {
  const text = String((await optionOf(plan, option, run)) ?? '')
  const weights = weightsOfSplit(attributes, text)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total > 0) return [weights, total]
  throw faultOf(plan, 'KS128', `No row has '${text}' in the column that splits them.`)
}

function sharesOf(sets: Sets, combinations: Uint32Array): [a: number, b: number] {
  return [
    weightOf(sets.a, combinations) / sets.totalA,
    weightOf(sets.b, combinations) / sets.totalB,
  ]
}

function differenceOf(sets: Sets, combinations: Uint32Array): number {
  const [a, b] = sharesOf(sets, combinations)
  return a - b
}

/** The patterns that owe at least half of their difference to combinations that none before has. */
function apartFrom(sets: Sets, found: readonly Found[]): Found[] {
  const taken = new Set<number>()
  return found.filter(({ combinations, difference }) => {
    const fresh = combinations.filter(index => !taken.has(index))
    if (differenceOf(sets, fresh) / difference < 0.5) return false
    for (const index of combinations) taken.add(index)
    return true
  })
}

/** With two decimals, as the documentation shows. */
function percentOf(share: number): number {
  return Math.round(share * 10_000) / 100
}
