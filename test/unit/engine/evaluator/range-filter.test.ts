import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rangeFilter } from '../../../../src/engine/evaluator/range-filter.ts'
import type { Expr } from '../../../../src/engine/plan/nodes.ts'
import { ColumnBatch } from '../../../../src/tables/batch.ts'
import { Int64Vector } from '../../../../src/tables/vector.ts'

const span = { start: 0, end: 0 }
const column: Expr = { kind: 'column', type: 'datetime', name: 't', span }

function filterBy(operator: string, bound: bigint, mirrored: boolean, each: () => Uint32Array) {
  const literal: Expr = { kind: 'literal', type: 'datetime', value: bound, span }
  const operands = mirrored ? [literal, column] : [column, literal]
  const call: Expr = {
    kind: 'call',
    type: 'bool',
    function: operator,
    overload: 0,
    arguments: operands,
    span,
  }
  return rangeFilter(
    call,
    expr => (expr.kind === 'literal' ? expr.value : undefined),
    () => 0,
    each,
  )
}

const COMPARE: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** Values whose words meet: equal high words, low words whose sign bit is set. */
const value = fc.constantFrom(0n, 1n, -1n, 2n ** 31n, 2n ** 32n, -(2n ** 32n), 2n ** 63n - 1n)

it('decides of a batch only what is so of each of its rows', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(COMPARE)),
      value,
      fc.boolean(),
      fc.array(value, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (operator, bound, mirrored, values, hasNull) => {
        const nulls = hasNull ? Uint8Array.from(values, (_, row) => (row === 0 ? 1 : 0)) : undefined
        const vector = new Int64Vector('datetime', BigInt64Array.from(values), nulls)
        const batch = new ColumnBatch([{ name: 't', type: 'datetime' }], [vector], values.length)
        const undecided = Uint32Array.of(99)
        const filter = filterBy(operator, bound, mirrored, () => undecided)
        const rows = filter?.(batch, batch.rows)
        const compare = COMPARE[operator] as (a: bigint, b: bigint) => boolean
        const passes = values.map(own => (mirrored ? compare(bound, own) : compare(own, bound)))
        if (hasNull || new Set(passes).size > 1) expect(rows).toBe(undecided)
        else expect(rows).toEqual(passes[0] ? batch.rows : new Uint32Array(0))
      },
    ),
  )
})

it('is none of another comparison, nor of two columns', () => {
  expect(filterBy('==', 1n, false, () => new Uint32Array(0))).toBeUndefined()
  const call: Expr = {
    kind: 'call',
    type: 'bool',
    function: '<',
    overload: 0,
    arguments: [column, { ...column, name: 'u' }],
    span,
  }
  const none = rangeFilter(
    call,
    () => undefined,
    () => 0,
    () => new Uint32Array(0),
  )
  expect(none).toBeUndefined()
})
