import { accumulator, aggregate } from '../declare.ts'

interface CountState {
  count: Uint32Array
}

function mergeCounts(a: CountState, b: CountState, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) a.count[into[g]!]! += b.count[g]!
}

const EVERY_ROW = {
  returns: 'long',
  nulls: 'handled',
  init: (groups: number): CountState => ({ count: new Uint32Array(groups) }),
  update(state: CountState, _: unknown, groupOf: Uint32Array, selection: Uint32Array): void {
    const { count } = state
    for (let k = 0; k < selection.length; k++) count[groupOf[selection[k]!]!]!++
  },
  merge: mergeCounts,
  finish: (state: CountState, group: number) => BigInt(state.count[group]!),
} as const

/** @see https://learn.microsoft.com/kusto/query/count-aggregation-function */
export const count = aggregate({
  name: 'count',
  doc: 'Number of rows of the group. An argument changes nothing: rows where it is null count too.',
  examples: [
    { query: 'range x from 1 to 3 step 1 | summarize count()', rows: [{ count_: 3 }] },
    {
      query:
        'datatable(g:string, x:long)["a",1, "a",long(null), "b",2] | summarize n = count() by g',
      rows: [
        { g: 'a', n: 2 },
        { g: 'b', n: 1 },
      ],
    },
  ],
  overloads: [
    accumulator({ params: [], ...EVERY_ROW }),
    accumulator({ params: ['scalar'], ...EVERY_ROW }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/countif-aggregation-function */
export const countif = aggregate({
  name: 'countif',
  doc: 'Number of rows of the group for which the predicate is true; null is not true.',
  examples: [
    { query: 'range x from 1 to 5 step 1 | summarize countif(x > 3)', rows: [{ countif_: 2 }] },
  ],
  overloads: [
    accumulator({
      params: ['bool'],
      returns: 'long',
      nulls: 'skip',
      init: (groups): CountState => ({ count: new Uint32Array(groups) }),
      update(state, [predicate], groupOf, selection) {
        const { count } = state
        const { values } = predicate
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          count[groupOf[row]!]! += values[row]!
        }
      },
      merge: mergeCounts,
      finish: (state, group) => BigInt(state.count[group]!),
    }),
  ],
})
