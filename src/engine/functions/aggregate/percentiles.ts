import type { Vector } from '../../../tables/vector.ts'
import { realFromDynamic } from '../../../types/convert.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import type { Accumulator, Constants, ParameterType } from '../declare.ts'
import { accumulator, aggregate } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { QueryError } from '../query-error.ts'
import type { PercentileState, PercentileType } from './shared-percentiles.ts'
import {
  PERCENTILE_TYPES,
  percentileResultType,
  percentileState,
  percentilesOf,
} from './shared-percentiles.ts'

/** Throws {@link QueryError} where the number is no percentile. */
function checked(percentile: number | null, position: number): number {
  if (percentile !== null && percentile >= 0 && percentile <= 100) return percentile
  throw new QueryError('KS128', 'A percentile is a number from 0 to 100.', position)
}

/**
 * The percentiles that the constants from `first` on ask for, or the one constant array there; NaN for
 * one that is not known before the run.
 */
function percentilesFrom(constants: Constants, first: number): number[] {
  const array = constants[first]
  if (Array.isArray(array)) {
    return array.map(item => checked(realFromDynamic(item as Dynamic), first))
  }
  return constants.slice(first).map((value, k) => {
    if (value === undefined) return Number.NaN
    return checked(value === null ? null : Number(value), first + k)
  })
}

/** Positions that must be constant where any number of percentiles may follow. */
const CONSTANTS: readonly number[] = Array.from({ length: 64 }, (_, position) => position)

/** What follows the values and weights: one percentile, several, or an array of them. */
type Asked = 'one' | 'several' | 'array'

function overload(type: PercentileType, weighted: boolean, asked: Asked): Accumulator {
  const first = weighted ? 2 : 1
  const columns: ParameterType[] = weighted ? [type, 'long'] : [type]
  const params: readonly ParameterType[] = [...columns, asked === 'array' ? 'dynamic' : 'number']
  const pack = packer(percentileResultType(type))
  return accumulator({
    params,
    ...(asked === 'several' ? { rest: 'number' } : {}),
    constants: asked === 'several' ? CONSTANTS.slice(first) : [first],
    returns: () => (asked === 'one' ? percentileResultType(type) : 'dynamic'),
    nulls: 'skip',
    init: (_, constants) => percentileState(type, percentilesFrom(constants, first)),
    update(state: PercentileState, args: readonly Vector[], groupOf, selection) {
      state.log.add(args[0]!, weighted ? args[1] : undefined, groupOf, selection)
    },
    merge: (a, b, into) => a.log.addAll(b.log, into),
    finish(state, group) {
      const values = percentilesOf(state, group)
      if (values === undefined) return null
      return asked === 'one' ? values[0]! : values.map(pack)
    },
  })
}

function overloads(weighted: boolean, ...forms: readonly Asked[]): readonly Accumulator[] {
  return forms.flatMap(asked => PERCENTILE_TYPES.map(type => overload(type, weighted, asked)))
}

/** @see https://learn.microsoft.com/kusto/query/percentiles-aggregation-function */
export const percentile = aggregate({
  name: 'percentile',
  doc: 'Nearest-rank percentile of the group, exact: the smallest value that at least so many percent are not above. Nulls are skipped; of nothing null. The percentile is a constant from 0 to 100.',
  examples: [
    {
      query: 'range x from 1 to 10 step 1 | summarize p = percentile(x, 50)',
      rows: [{ p: 5 }],
    },
  ],
  overloads: overloads(false, 'one'),
})

/** @see https://learn.microsoft.com/kusto/query/percentilesw-aggregation-function */
export const percentilew = aggregate({
  name: 'percentilew',
  doc: 'Nearest-rank percentile of values that count as often as their weight says. Rows with a null or a weight below 1 are skipped; of nothing null.',
  examples: [
    {
      query:
        'datatable(n:long, ms:long)[8,10, 6,20, 3,30, 1,40] | summarize p = percentilew(ms, n, 75)',
      rows: [{ p: 20 }],
    },
  ],
  naming: { prefix: 'percentile' },
  overloads: overloads(true, 'one'),
})

/** @see https://learn.microsoft.com/kusto/query/percentiles-aggregation-function */
export const percentiles_array = aggregate({
  name: 'percentiles_array',
  doc: 'Array of nearest-rank percentiles of the group, in the order asked for: as arguments, or as one constant array. Nulls are skipped; of nothing null.',
  examples: [
    {
      query: 'range x from 1 to 10 step 1 | summarize p = percentiles_array(x, 50, 90)',
      rows: [{ p: [5, 9] }],
    },
    {
      query: 'range x from 1 to 10 step 1 | summarize p = percentiles_array(x, dynamic([0, 100]))',
      rows: [{ p: [1, 10] }],
    },
  ],
  naming: { prefix: 'percentiles' },
  overloads: overloads(false, 'several', 'array'),
})

/** @see https://learn.microsoft.com/kusto/query/percentilesw-aggregation-function */
export const percentilesw_array = aggregate({
  name: 'percentilesw_array',
  doc: 'Array of nearest-rank percentiles of weighted values, in the order asked for: as arguments, or as one constant array. Otherwise as `percentilew`.',
  examples: [
    {
      query:
        'datatable(n:long, ms:long)[8,10, 6,20, 3,30, 1,40] | summarize p = percentilesw_array(ms, n, 50, 99.9)',
      rows: [{ p: [20, 40] }],
    },
  ],
  naming: { prefix: 'percentiles' },
  overloads: overloads(true, 'several', 'array'),
})
