import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dcount } from '../../../../src/engine/functions/aggregate/distinct.ts'
import { make_set } from '../../../../src/engine/functions/aggregate/lists.ts'
import type { AggregateFunction } from '../../../../src/engine/functions/declare.ts'
import {
  Aggregation,
  type PreparedAggregate,
} from '../../../../src/engine/operators/aggregation.ts'
import { identityRows, TextVector } from '../../../../src/tables/vector.ts'
import { rowsOf, type TestTable } from '../run-query.ts'

const T: TestTable = {
  columns: { g: 'string', s: 'string', n: 'long', d: 'dynamic', p: 'bool' },
  rows: [
    ['a', 'x', 1, ['u', 'v'], true],
    ['b', 'x', null, 'u', false],
    ['a', 'y', 2, ['v', 'w'], null],
    ['a', 'x', null, null, true],
    ['b', '', 3, ['u'], true],
    ['a', 'z', 1, 'v', false],
    ['a', 'y', 3, 'w', true],
  ],
}
const rows = (text: string) => rowsOf(`T | ${text}`, { tables: { T } })

describe('aggregates that hold the same', () => {
  it('give what each of them gives alone, with its own limit', async () => {
    expect(
      await rows(
        'summarize make_set(s, 2), dcount(s), make_set(s), make_set(s, 1), count_distinct(s) by g',
      ),
    ).toEqual([
      ['a', ['x', 'y'], 3n, ['x', 'y', 'z'], ['x'], 3n],
      ['b', ['x', ''], 2n, ['x', ''], ['x'], 2n],
    ])
  })

  it('keep as many as the one that keeps the most, wherever it stands', async () => {
    const [row] = await rows('summarize make_set(s, 1), make_set(s, 3), make_set(s, 2)')
    expect(row).toEqual([['x'], ['x', 'y', ''], ['x', 'y']])
  })

  it('leave nulls out, and tell elements from values', async () => {
    expect(await rows('summarize dcount(n), make_set(n), dcount(d), make_set(d), make_set(d, 1)'))
      // Of the dynamics ["u","v"], "u", ["v","w"], ["u"], "v" and "w" are six values.
      .toEqual([[3n, [1, 2, 3], 6n, ['u', 'v', 'w', null], ['u']]])
  })

  it('do not mix rows for which a predicate is true with all', async () => {
    expect(
      await rows(
        'summarize dcountif(s, p), make_set_if(s, p), make_set(s, 2), make_set_if(s, p, 1) by g',
      ),
    ).toEqual([
      ['a', 2n, ['x', 'y'], ['x', 'y'], ['x']],
      ['b', 1n, [''], ['x', ''], ['']],
    ])
  })

  it('give the same together as one by one', async () => {
    const call = fc.constantFrom(
      ...['s', 'n', 'd'].flatMap(column => [
        `dcount(${column})`,
        `make_set(${column})`,
        `make_set(${column}, 1)`,
        `make_set(${column}, 0)`,
        `makeset(${column}, 2)`,
        `dcountif(${column}, p)`,
        `make_set_if(${column}, p)`,
        `make_set_if(${column}, p, 1)`,
      ]),
      'count_distinct(s)',
      'count_distinctif(s, p)',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 5 }), async calls => {
        const named = calls.map((text, at) => `c${at} = ${text}`)
        const together = await rows(`summarize ${named.join(', ')} by g`)
        const alone = await Promise.all(named.map(text => rows(`summarize ${text} by g`)))
        expect(together).toEqual(
          together.map(([g], row) => [g, ...alone.map(table => table[row]?.[1])]),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('have one state', () => {
    const span = { start: 0, end: 0 }
    const prepared = (fn: AggregateFunction, ...names: readonly string[]): PreparedAggregate => {
      const accumulator = fn.overloads[0]
      if (accumulator === undefined) throw new Error(`no overload of ${fn.name}`)
      return {
        aggregate: {
          function: fn.name,
          overload: 0,
          arguments: names.map(name => ({ kind: 'column', name, type: 'string', span })),
          outputs: [{ name: 'out', type: fn === dcount ? 'long' : 'dynamic' }],
          span,
        },
        accumulator,
        constants: [],
        types: names.map(() => 'string'),
      }
    }
    const texts = Array.from({ length: 1000 }, (_, row) => `text ${row}`)
    const bytesOf = (...aggregates: readonly PreparedAggregate[]): number => {
      const aggregation = new Aggregation([], aggregates)
      const vector = TextVector.plain('string', texts)
      aggregation.add({
        keys: [],
        args: aggregates.map(() => [vector]),
        rows: identityRows(texts.length),
        length: texts.length,
      })
      return aggregation.bytes
    }
    const one = bytesOf(prepared(dcount, 's'))
    expect(bytesOf(prepared(make_set, 's'), prepared(dcount, 's'), prepared(make_set, 's'))).toBe(
      one,
    )
    expect(bytesOf(prepared(dcount, 's'), prepared(make_set, 't'))).toBeGreaterThan(one * 1.5)
  })
})
