import type { Vector } from '../../../tables/vector.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { accumulator, aggregate } from '../declare.ts'
import { conditionalOverloads } from './shared-condition.ts'
import type { DistinctState } from './shared-distinct.ts'
import { addDistinct, DISTINCT_VALUES, distinctState, mergeDistinct } from './shared-distinct.ts'

const DISTINCT = {
  returns: 'long',
  nulls: 'skip',
  init: (groups: number, _: unknown, types: readonly ScalarType[]): DistinctState =>
    distinctState(groups, types[0]!, Number.POSITIVE_INFINITY),
  update(
    state: DistinctState,
    args: readonly Vector[],
    groupOf: Uint32Array,
    selection: Uint32Array,
  ): void {
    addDistinct(state, args[0]!, groupOf, selection)
  },
  merge: mergeDistinct,
  finish: (state: DistinctState, group: number) => BigInt(state.count[group]!),
  holds: { name: () => DISTINCT_VALUES, most: () => Number.POSITIVE_INFINITY },
} as const

/** @see https://learn.microsoft.com/kusto/query/dcount-aggregation-function */
export const dcount = aggregate({
  name: 'dcount',
  doc: 'Number of distinct values in the group. It is exact: the accuracy is accepted and not needed. Nulls do not count, empty strings do.',
  examples: [
    {
      query: 'datatable(s:string)["a", "b", "a", ""] | summarize dcount(s)',
      rows: [{ dcount_s: 3 }],
    },
    {
      query: 'datatable(x:long)[1, long(null), 1] | summarize n = dcount(x, 2)',
      rows: [{ n: 1 }],
    },
  ],
  overloads: [accumulator({ params: ['scalar', 'notDynamic'], required: 1, ...DISTINCT })],
})

/** @see https://learn.microsoft.com/kusto/query/dcountif-aggregation-function */
export const dcountif = aggregate({
  name: 'dcountif',
  doc: 'Number of distinct values in the rows for which the predicate is true; null is not true. Otherwise as `dcount`.',
  examples: [
    {
      query: 'range x from 1 to 6 step 1 | summarize dcountif(x % 3, x > 4)',
      rows: [{ dcountif_: 2 }],
    },
  ],
  overloads: conditionalOverloads(dcount),
})

/** @see https://learn.microsoft.com/kusto/query/count-distinct-aggregation-function */
export const count_distinct = aggregate({
  name: 'count_distinct',
  doc: 'Number of distinct values in the group. Nulls do not count, empty strings do.',
  examples: [
    {
      query: 'datatable(s:string)["a", "b", "a"] | summarize count_distinct(s)',
      rows: [{ count_distinct_s: 2 }],
    },
  ],
  overloads: [accumulator({ params: ['notDynamic'], ...DISTINCT })],
})

/** @see https://learn.microsoft.com/kusto/query/count-distinctif-aggregation-function */
export const count_distinctif = aggregate({
  name: 'count_distinctif',
  doc: 'Number of distinct values in the rows for which the predicate is true; null is not true. Otherwise as `count_distinct`.',
  examples: [
    {
      query: 'range x from 1 to 6 step 1 | summarize count_distinctif(x, x > 4)',
      rows: [{ count_distinctif_x: 2 }],
    },
  ],
  overloads: conditionalOverloads(count_distinct),
})
