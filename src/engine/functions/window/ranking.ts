import type { BoolVector, Int64Vector } from '../../../tables/vector.ts'
import { windowFunction, windowOverload } from './declare-window.ts'
import { restartsAt, sameAsBefore } from './shared-rows.ts'

/** @see https://learn.microsoft.com/kusto/query/row-number-function */
export const row_number = windowFunction({
  name: 'row_number',
  doc: 'The number of the row, from a start (1 by default) that it goes back to where the restart condition is true. null where the start is null.',
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | sort by x desc | extend n = row_number(7)',
      rows: [
        { x: 3, n: 7 },
        { x: 2, n: 8 },
        { x: 1, n: 9 },
      ],
    },
    {
      query: 'range x from 1 to 3 step 1 | sort by x asc | extend n = row_number(1, x == 3)',
      rows: [
        { x: 1, n: 1 },
        { x: 2, n: 2 },
        { x: 3, n: 1 },
      ],
    },
  ],
  overloads: [
    windowOverload({
      params: ['long', 'bool'],
      required: 0,
      returns: 'long',
      compute(args, out, length) {
        const [start, restart]: readonly [Int64Vector<'long'>?, BoolVector?] = args
        let current = 0n
        let missing = false
        for (let row = 0; row < length; row++) {
          if (row === 0 || restartsAt(restart, row)) {
            missing = start?.isNull(row) === true
            current = start === undefined || missing ? 1n : start.values[row]!
          } else {
            current++
          }
          if (missing) out.setNull(row)
          else out.values[row] = current
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/row-rank-dense-function */
export const row_rank_dense = windowFunction({
  name: 'row_rank_dense',
  doc: 'The rank of the row: 1 at first and where the restart condition is true, one more wherever the term differs from the row before. Null terms are the same.',
  examples: [
    {
      query: 'datatable(x: long)[3, 2, 3] | sort by x asc | extend r = row_rank_dense(x)',
      rows: [
        { x: 2, r: 1 },
        { x: 3, r: 2 },
        { x: 3, r: 2 },
      ],
    },
  ],
  overloads: [
    windowOverload({
      params: ['notDynamic', 'bool'],
      required: 1,
      returns: 'long',
      compute([term, restart], out, length) {
        let rank = 0n
        for (let row = 0; row < length; row++) {
          if (row === 0 || restartsAt(restart, row)) rank = 1n
          else if (!sameAsBefore(term, row)) rank++
          out.values[row] = rank
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/row-rank-min-function */
export const row_rank_min = windowFunction({
  name: 'row_rank_min',
  doc: 'The number of the first row that has the term of this one, counted from the last row where the restart condition was true. Null terms are the same.',
  examples: [
    {
      query: 'datatable(x: long)[3, 2, 3, 9] | sort by x asc | extend r = row_rank_min(x)',
      rows: [
        { x: 2, r: 1 },
        { x: 3, r: 2 },
        { x: 3, r: 2 },
        { x: 9, r: 4 },
      ],
    },
  ],
  overloads: [
    windowOverload({
      params: ['notDynamic', 'bool'],
      required: 1,
      returns: 'long',
      compute([term, restart], out, length) {
        let rank = 0n
        let number = 0n
        for (let row = 0; row < length; row++) {
          if (row === 0 || restartsAt(restart, row)) {
            number = 1n
            rank = 1n
          } else {
            number++
            if (!sameAsBefore(term, row)) rank = number
          }
          out.values[row] = rank
        }
      },
    }),
  ],
})
