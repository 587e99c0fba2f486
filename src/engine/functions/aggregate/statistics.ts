import type { Vector } from '../../../tables/vector.ts'
import type { Accumulator } from '../declare.ts'
import { accumulator, aggregate } from '../declare.ts'
import { conditionalOverloads } from './shared-condition.ts'
import type { CoMomentState, MomentState } from './shared-moments.ts'
import {
  addCoMoments,
  addMoments,
  coMomentState,
  covarianceOf,
  mergeCoMoments,
  mergeMoments,
  momentState,
  varianceOf,
} from './shared-moments.ts'
import { realsOf } from './shared-reals.ts'

function moments(finish: (state: MomentState, group: number) => number): readonly Accumulator[] {
  return [
    accumulator({
      params: ['summable'],
      returns: 'real',
      nulls: 'skip',
      init: groups => momentState(groups),
      update(state: MomentState, args: readonly Vector[], groupOf, selection) {
        addMoments(state, realsOf(args[0]!, selection), groupOf, selection)
      },
      merge: mergeMoments,
      finish,
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/variance-aggregation-function */
export const variance = aggregate({
  name: 'variance',
  doc: 'Variance of the group as a sample; times count in ticks. Nulls are skipped; of fewer than two values 0.',
  examples: [
    { query: 'range x from 1 to 5 step 1 | summarize variance(x)', rows: [{ variance_x: 2.5 }] },
  ],
  overloads: moments((state, group) => varianceOf(state, group, true)),
})

/** @see https://learn.microsoft.com/kusto/query/varianceif-aggregation-function */
export const varianceif = aggregate({
  name: 'varianceif',
  doc: 'Variance over the rows for which the predicate is true; null is not true. Otherwise as `variance`.',
  examples: [
    {
      query: 'range x from 1 to 100 step 1 | summarize varianceif(x, x % 2 == 0)',
      rows: [{ varianceif_x: 850 }],
    },
  ],
  overloads: conditionalOverloads(variance),
})

/** @see https://learn.microsoft.com/kusto/query/variancep-aggregation-function */
export const variancep = aggregate({
  name: 'variancep',
  doc: 'Variance of the group as a whole population; times count in ticks. Nulls are skipped; of nothing 0.',
  examples: [
    { query: 'range x from 1 to 5 step 1 | summarize variancep(x)', rows: [{ variancep_x: 2 }] },
  ],
  overloads: moments((state, group) => varianceOf(state, group, false)),
})

/** @see https://learn.microsoft.com/kusto/query/variancepif-aggregation-function */
export const variancepif = aggregate({
  name: 'variancepif',
  doc: 'Population variance over the rows for which the predicate is true; null is not true. Otherwise as `variancep`.',
  examples: [
    {
      query: 'range x from 1 to 6 step 1 | summarize variancepif(x, x < 6)',
      rows: [{ variancepif_x: 2 }],
    },
  ],
  overloads: conditionalOverloads(variancep),
})

/** @see https://learn.microsoft.com/kusto/query/stdev-aggregation-function */
export const stdev = aggregate({
  name: 'stdev',
  doc: 'Standard deviation of the group as a sample; times count in ticks. Nulls are skipped; of fewer than two values 0.',
  examples: [{ query: 'datatable(x:long)[1, 2, 3] | summarize stdev(x)', rows: [{ stdev_x: 1 }] }],
  overloads: moments((state, group) => Math.sqrt(varianceOf(state, group, true))),
})

/** @see https://learn.microsoft.com/kusto/query/stdevif-aggregation-function */
export const stdevif = aggregate({
  name: 'stdevif',
  doc: 'Standard deviation over the rows for which the predicate is true; null is not true. Otherwise as `stdev`.',
  examples: [
    {
      query: 'range x from 1 to 9 step 1 | summarize stdevif(x, x <= 3)',
      rows: [{ stdevif_x: 1 }],
    },
  ],
  overloads: conditionalOverloads(stdev),
})

/** @see https://learn.microsoft.com/kusto/query/stdevp-aggregation-function */
export const stdevp = aggregate({
  name: 'stdevp',
  doc: 'Standard deviation of the group as a whole population; times count in ticks. Nulls are skipped; of nothing 0.',
  examples: [{ query: 'datatable(x:long)[1, 5] | summarize stdevp(x)', rows: [{ stdevp_x: 2 }] }],
  overloads: moments((state, group) => Math.sqrt(varianceOf(state, group, false))),
})

function coMoments(ofSample: boolean): readonly Accumulator[] {
  return [
    accumulator({
      params: ['summable', 'summable'],
      returns: 'real',
      nulls: 'skip',
      init: groups => coMomentState(groups),
      update(state: CoMomentState, args: readonly Vector[], groupOf, selection) {
        const xs = realsOf(args[0]!, selection)
        addCoMoments(state, xs, realsOf(args[1]!, selection), groupOf, selection)
      },
      merge: mergeCoMoments,
      finish: (state, group) => covarianceOf(state, group, ofSample),
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/covariance-aggregation-function */
export const covariance = aggregate({
  name: 'covariance',
  doc: 'Covariance of two columns as a sample. Rows with a null are skipped; of fewer than two 0.',
  examples: [
    {
      query:
        'datatable(x:real, y:real)[1.0,14.0, 2.0,10.0, 3.0,17.0, 4.0,20.0, 5.0,50.0] | summarize c = covariance(x, y)',
      rows: [{ c: 20.5 }],
    },
  ],
  naming: { prefix: 'covariance', arguments: 2 },
  overloads: coMoments(true),
})

/** @see https://learn.microsoft.com/kusto/query/covarianceif-aggregation-function */
export const covarianceif = aggregate({
  name: 'covarianceif',
  doc: 'Covariance over the rows for which the predicate is true; null is not true. Otherwise as `covariance`.',
  examples: [
    {
      query: 'range x from 1 to 6 step 1 | summarize c = covarianceif(x, x * 2, x < 6)',
      rows: [{ c: 5 }],
    },
  ],
  naming: { prefix: 'covarianceif', arguments: 2 },
  overloads: conditionalOverloads(covariance, 2),
})

/** @see https://learn.microsoft.com/kusto/query/covariancep-aggregation-function */
export const covariancep = aggregate({
  name: 'covariancep',
  doc: 'Covariance of two columns as a whole population. Rows with a null are skipped; of none 0.',
  examples: [
    {
      query:
        'datatable(x:real, y:real)[1.0,14.0, 2.0,10.0, 3.0,17.0, 4.0,20.0, 5.0,50.0] | summarize c = covariancep(x, y)',
      rows: [{ c: 16.4 }],
    },
  ],
  naming: { prefix: 'covariancep', arguments: 2 },
  overloads: coMoments(false),
})

/** @see https://learn.microsoft.com/kusto/query/covariancepif-aggregation-function */
export const covariancepif = aggregate({
  name: 'covariancepif',
  doc: 'Population covariance over the rows for which the predicate is true; null is not true. Otherwise as `covariancep`.',
  examples: [
    {
      query: 'range x from 1 to 6 step 1 | summarize c = covariancepif(x, x * 2, x < 6)',
      rows: [{ c: 4 }],
    },
  ],
  naming: { prefix: 'covariancepif', arguments: 2 },
  overloads: conditionalOverloads(covariancep, 2),
})
