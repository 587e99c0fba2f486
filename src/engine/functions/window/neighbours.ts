import type { Int64Vector, Vector } from '../../../tables/vector.ts'
import { realFromHalves } from '../../../types/number.ts'
import type { Constants } from '../declare.ts'
import { type WindowOverload, windowFunction, windowOverload } from './declare-window.ts'
import { shiftRows, shiftRowsBy } from './shared-rows.ts'

/** The overload of `prev` with `direction` 1, and of `next` with -1. */
function neighbourOverload(direction: 1 | -1): WindowOverload {
  return windowOverload({
    params: ['scalar', 'long', 'scalar'],
    required: 1,
    constants: [2],
    returns: ([type]) => type ?? 'dynamic',
    compute(args, out, length, [, constant]) {
      const [values, offset, fallback]: readonly [Vector, Int64Vector<'long'>?, Vector?] = args
      if (offset === undefined) shiftRows(values, direction, fallback, out, length)
      else shift(values, offset, constant, fallback, out, length)
    },
  })

  function shift(
    values: Vector,
    offset: Int64Vector<'long'>,
    constant: Constants[number],
    fallback: Vector | undefined,
    out: Vector,
    length: number,
  ): void {
    if (typeof constant === 'bigint') {
      shiftRows(values, Number(constant) * direction, fallback, out, length)
      return
    }
    const distanceAt = (row: number): number | null =>
      offset.isNull(row) ? null : realFromHalves(offset.halves, row) * direction
    shiftRowsBy(values, distanceAt, fallback, out, length)
  }
}

/** @see https://learn.microsoft.com/kusto/query/prev-function */
export const prev = windowFunction({
  name: 'prev',
  doc: 'The value of the expression some rows before, one by default. Where there is no such row: the default value, converted to the type of the expression, and null without one.',
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | sort by x asc | extend p = prev(x)',
      rows: [
        { x: 1, p: null },
        { x: 2, p: 1 },
        { x: 3, p: 2 },
      ],
    },
  ],
  overloads: [neighbourOverload(1)],
})

/** @see https://learn.microsoft.com/kusto/query/next-function */
export const next = windowFunction({
  name: 'next',
  doc: 'The value of the expression some rows behind, one by default. Where there is no such row: the default value, converted to the type of the expression, and null without one.',
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | sort by x asc | extend n = next(x, 2, -1)',
      rows: [
        { x: 1, n: 3 },
        { x: 2, n: -1 },
        { x: 3, n: -1 },
      ],
    },
  ],
  overloads: [neighbourOverload(-1)],
})
