import type { Vector } from '../../../tables/vector.ts'
import type { Accumulator } from '../declare.ts'
import { accumulator, aggregate } from '../declare.ts'
import { conditionalOverloads } from './shared-condition.ts'
import type { Direction, ExtremeState } from './shared-extremes.ts'
import {
  addExtremes,
  extremeOf,
  extremeState,
  mergeExtreme,
  ORDERED_TYPES,
} from './shared-extremes.ts'

function overloads(direction: Direction): readonly Accumulator[] {
  return ORDERED_TYPES.map(type => {
    const params: readonly [typeof type] = [type]
    return accumulator({
      params,
      returns: (): typeof type => type,
      ordered: true,
      nulls: 'skip',
      init: groups => extremeState(type, direction, groups),
      update(state: ExtremeState, args: readonly Vector[], groupOf, selection) {
        addExtremes(state, args[0]!, groupOf, selection)
      },
      merge(a, b, into) {
        for (let g = 0; g < into.length; g++) mergeExtreme(a, into[g]!, b, g)
      },
      finish: extremeOf,
    })
  })
}

/** @see https://learn.microsoft.com/kusto/query/min-aggregation-function */
export const min = aggregate({
  name: 'min',
  doc: 'Smallest value of the group; strings in ordinal order. Nulls are skipped; of nothing null. A NaN makes it NaN.',
  examples: [
    { query: 'range x from 3 to 5 step 1 | summarize min(x)', rows: [{ min_x: 3 }] },
    {
      query: 'datatable(t:datetime)[datetime(2024-05-01), datetime(null)] | summarize t = min(t)',
      rows: [{ t: '2024-05-01T00:00:00.0000000Z' }],
    },
  ],
  overloads: overloads('min'),
})

/** @see https://learn.microsoft.com/kusto/query/max-aggregation-function */
export const max = aggregate({
  name: 'max',
  doc: 'Largest value of the group; strings in ordinal order. Nulls are skipped; of nothing null. A NaN makes it NaN.',
  examples: [
    { query: 'range x from 3 to 5 step 1 | summarize max(x)', rows: [{ max_x: 5 }] },
    {
      query: 'datatable(s:string)["B", "a", "A"] | summarize s = max(s)',
      rows: [{ s: 'a' }],
    },
  ],
  overloads: overloads('max'),
})

/** @see https://learn.microsoft.com/kusto/query/minif-aggregation-function */
export const minif = aggregate({
  name: 'minif',
  doc: 'Smallest value of the rows for which the predicate is true; null is not true. Otherwise as `min`.',
  examples: [
    { query: 'range x from 1 to 5 step 1 | summarize minif(x, x > 2)', rows: [{ minif_x: 3 }] },
  ],
  overloads: conditionalOverloads(min),
})

/** @see https://learn.microsoft.com/kusto/query/maxif-aggregation-function */
export const maxif = aggregate({
  name: 'maxif',
  doc: 'Largest value of the rows for which the predicate is true; null is not true. Otherwise as `max`.',
  examples: [
    { query: 'range x from 1 to 5 step 1 | summarize maxif(x, x < 4)', rows: [{ maxif_x: 3 }] },
  ],
  overloads: conditionalOverloads(max),
})
