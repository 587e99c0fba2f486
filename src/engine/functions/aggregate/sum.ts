import { isDatetime } from '../../../types/datetime.ts'
import { decimalOf, divideDecimal } from '../../../types/decimal.ts'
import { accumulator, aggregate } from '../declare.ts'
import { conditionalOverloads } from './shared-condition.ts'
import type { DecimalSum, IntSum, LongSum, RealSum, TimeSum } from './shared-sums.ts'
import {
  addDecimals,
  addInts,
  addLongs,
  addReals,
  addTimes,
  intSum,
  intTotal,
  longSum,
  mergeDecimals,
  mergeInts,
  mergeLongs,
  mergeReals,
  mergeTimes,
  realSum,
  realTotal,
  timeMean,
  timeSum,
} from './shared-sums.ts'

function longOverload(type: 'long' | 'timespan') {
  return accumulator({
    params: [type],
    returns: type,
    nulls: 'skip',
    init: (groups): LongSum => longSum(groups),
    update: (state, [values], groupOf, selection) => addLongs(state, values, groupOf, selection),
    merge: mergeLongs,
    finish: (state, group) => state.total[group]!,
  })
}

/** @see https://learn.microsoft.com/kusto/query/sum-aggregation-function */
export const sum = aggregate({
  name: 'sum',
  doc: 'Sum of the group; of ints a long. Nulls are skipped; of nothing 0. Longs wrap at 64 bits; NaN makes the sum NaN; a datetime sum past year 9999 is null.',
  examples: [
    { query: 'range x from 1 to 4 step 1 | summarize sum(x)', rows: [{ sum_x: 10 }] },
    {
      query: 'datatable(x:long)[9223372036854775807, 1] | summarize s = sum(x)',
      rows: [{ s: -9223372036854775808n }],
    },
    { query: 'datatable(x:int)[] | summarize s = sum(x)', rows: [{ s: 0 }] },
  ],
  overloads: [
    accumulator({
      params: ['int'],
      returns: 'long',
      nulls: 'skip',
      init: (groups): IntSum => intSum(groups),
      update: (state, [values], groupOf, selection) => addInts(state, values, groupOf, selection),
      merge: mergeInts,
      finish: intTotal,
    }),
    longOverload('long'),
    accumulator({
      params: ['real'],
      returns: 'real',
      nulls: 'skip',
      init: (groups): RealSum => realSum(groups),
      update: (state, [values], groupOf, selection) => addReals(state, values, groupOf, selection),
      merge: mergeReals,
      finish: realTotal,
    }),
    accumulator({
      params: ['decimal'],
      returns: 'decimal',
      nulls: 'skip',
      init: (groups): DecimalSum => ({ count: new Uint32Array(groups), total: [] }),
      update: addDecimals,
      merge: mergeDecimals,
      finish: (state, group) => {
        const total = state.total[group]
        return total === undefined ? decimalOf(0) : total
      },
    }),
    longOverload('timespan'),
    accumulator({
      params: ['datetime'],
      returns: 'datetime',
      nulls: 'skip',
      init: (groups): LongSum => longSum(groups),
      update: (state, [values], groupOf, selection) => addLongs(state, values, groupOf, selection),
      merge: mergeLongs,
      finish: (state, group) => (isDatetime(state.total[group]!) ? state.total[group]! : null),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/sumif-aggregation-function */
export const sumif = aggregate({
  name: 'sumif',
  doc: 'Sum over the rows for which the predicate is true; null is not true. Otherwise as `sum`.',
  examples: [
    {
      query: 'range x from 1 to 4 step 1 | summarize sumif(x, x % 2 == 0)',
      rows: [{ sumif_x: 6 }],
    },
  ],
  overloads: conditionalOverloads(sum),
})

function timeOverload(type: 'datetime' | 'timespan') {
  return accumulator({
    params: [type],
    returns: type,
    nulls: 'skip',
    init: (groups): TimeSum => timeSum(groups),
    update: (state, [values], groupOf, selection) => addTimes(state, values, groupOf, selection),
    merge: mergeTimes,
    finish: timeMean,
  })
}

/** @see https://learn.microsoft.com/kusto/query/avg-aggregation-function */
export const avg = aggregate({
  name: 'avg',
  doc: 'Arithmetic mean of the group. Nulls are skipped; of nothing NaN, or null for decimals and times. The sum of longs wraps at 64 bits, as that of `sum` does.',
  examples: [
    { query: 'range x from 1 to 4 step 1 | summarize avg(x)', rows: [{ avg_x: 2.5 }] },
    {
      query: 'datatable(t:timespan)[1d, 2d] | summarize a = avg(t)',
      rows: [{ a: '1.12:00:00' }],
    },
  ],
  overloads: [
    accumulator({
      params: ['int'],
      returns: 'real',
      nulls: 'skip',
      init: (groups): IntSum => intSum(groups),
      update: (state, [values], groupOf, selection) => addInts(state, values, groupOf, selection),
      merge: mergeInts,
      finish: (state, group) => Number(intTotal(state, group)) / state.count[group]!,
    }),
    accumulator({
      params: ['long'],
      returns: 'real',
      nulls: 'skip',
      init: (groups): LongSum => longSum(groups),
      update: (state, [values], groupOf, selection) => addLongs(state, values, groupOf, selection),
      merge: mergeLongs,
      finish: (state, group) => Number(state.total[group]!) / state.count[group]!,
    }),
    accumulator({
      params: ['real'],
      returns: 'real',
      nulls: 'skip',
      init: (groups): RealSum => realSum(groups),
      update: (state, [values], groupOf, selection) => addReals(state, values, groupOf, selection),
      merge: mergeReals,
      finish: (state, group) => realTotal(state, group) / state.count[group]!,
    }),
    accumulator({
      params: ['decimal'],
      returns: 'decimal',
      nulls: 'skip',
      init: (groups): DecimalSum => ({ count: new Uint32Array(groups), total: [] }),
      update: addDecimals,
      merge: mergeDecimals,
      finish(state, group) {
        const total = state.total[group] ?? null
        return total === null ? null : divideDecimal(total, decimalOf(state.count[group]!))
      },
    }),
    timeOverload('timespan'),
    timeOverload('datetime'),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/avgif-aggregation-function */
export const avgif = aggregate({
  name: 'avgif',
  doc: 'Mean over the rows for which the predicate is true; null is not true. Otherwise as `avg`.',
  examples: [
    { query: 'range x from 1 to 4 step 1 | summarize avgif(x, x > 2)', rows: [{ avgif_x: 3.5 }] },
  ],
  overloads: conditionalOverloads(avg),
})
