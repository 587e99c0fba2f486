import { describe, expect, it } from 'vitest'
import {
  make_bag,
  make_list,
  make_list_if,
  make_list_with_nulls,
  make_set,
  makelist,
  makeset,
} from '../../../src/engine/functions/aggregate/lists.ts'
import { buildschema } from '../../../src/engine/functions/aggregate/schema.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../../src/types/dynamic-json.ts'
import { rowsOf } from '../engine/run-query.ts'
import { column, constant, total } from './aggregate-harness.ts'

function json(text: string): Dynamic {
  return parseDynamic(text) as Dynamic
}

describe('make_list', () => {
  it('keeps the order, leaves out nulls, keeps empty strings', () => {
    expect(total(make_list, column('long', 3n, null, 1n, 3n))).toEqual([3, 1, 3])
    expect(total(make_list, column('string', 'a', '', 'b'))).toEqual(['a', '', 'b'])
    expect(total(make_list, column('long'))).toEqual([])
  })

  it('holds each type as itself', () => {
    expect(total(make_list, column('real', 1, Number.NaN))).toEqual([
      new WholeReal(1),
      new WholeReal(Number.NaN),
    ])
    expect(total(make_list, column('bool', true))).toEqual([true])
    expect(total(make_list, column('long', 2n ** 60n))).toEqual([2n ** 60n])
    expect(total(make_list, column('datetime', 5n))).toEqual([new DynamicScalar('datetime', 5n)])
    expect(total(make_list, column('decimal', decimalOf('1.5')))).toEqual([
      new DynamicScalar('decimal', '1.5'),
    ])
  })

  it('takes arrays apart, one level, and keeps dynamic nulls, as measured', () => {
    const values = [json('{"a":1}'), json('{"b":2}'), json('[1,2,[3]]'), null]
    expect(printDynamic(total(make_list, column('dynamic', ...values)) as Dynamic)).toBe(
      '[{"a":1},{"b":2},1,2,[3],null]',
    )
  })

  it('stops at the size asked for, also within an array', () => {
    expect(total(make_list, column('long', 1n, 2n, 3n), constant('long', 2n))).toEqual([1, 2])
    expect(total(make_list, column('dynamic', 0, [1, 2, 3]), constant('long', 3n))).toEqual([
      0, 1, 2,
    ])
    const many = column('int', ...Array.from({ length: 200 }, (_, k) => k))
    expect(total(makelist, many)).toHaveLength(128)
    expect(total(makeset, many)).toHaveLength(128)
    expect(total(makelist, many, constant('long', 150n))).toHaveLength(150)
  })

  it('keeps nulls where asked to', () => {
    expect(total(make_list_with_nulls, column('int', null, 5))).toEqual([null, 5])
    expect(total(make_list_with_nulls, column('dynamic', null, [1, null]))).toEqual([null, 1, null])
  })

  it('takes the rows of the predicate', () => {
    const predicate = column('bool', false, true, null, true)
    expect(total(make_list_if, column('int', 1, 3, 2, 1), predicate, constant('long', 1n))).toEqual(
      [3],
    )
  })
})

describe('make_set', () => {
  it('tells many values of many groups apart', async () => {
    // Each group g has the values below 300 that leave g when they are divided by 7.
    const rows = await rowsOf(
      'range n from 0 to 599 step 1 | extend v = n % 300, g = n % 300 % 7 ' +
        '| summarize s = make_set(v), d = dcount(v, 4), c = count() by g | order by g asc',
    )
    const expected = Array.from({ length: 7 }, (_, g) => {
      const values = Array.from({ length: 300 }, (_, v) => v).filter(v => v % 7 === g)
      return [BigInt(g), values, BigInt(values.length), BigInt(values.length * 2)]
    })
    expect(rows).toEqual(expected)
  })

  it('keeps the first of each value in their order', () => {
    expect(total(make_set, column('int', 5, 3, null, 5, 9))).toEqual([5, 3, 9])
    expect(total(make_set, column('string', 'abc', '', 'x', ''))).toEqual(['abc', '', 'x'])
  })

  it('unites the elements of arrays', () => {
    const values = column('dynamic', ['A1', 'A2'], ['A2', 'C1'], 'C1', [['A1']])
    expect(total(make_set, values)).toEqual(['A1', 'A2', 'C1', ['A1']])
  })

  it('stops at the size asked for', () => {
    expect(total(make_set, column('int', 1, 1, 2, 3), constant('long', 2n))).toEqual([1, 2])
    expect(total(make_set, column('int', 1, 2), constant('long', 0n))).toEqual([])
  })

  it('gives every type back as it was', () => {
    expect(total(make_set, column('real', -0.5, 2))).toEqual([-0.5, new WholeReal(2)])
    expect(total(make_set, column('long', -1n, 2n ** 62n))).toEqual([-1, 2n ** 62n])
    expect(total(make_set, column('timespan', -7n))).toEqual([new DynamicScalar('timespan', -7n)])
    expect(total(make_set, column('bool', true, false))).toEqual([true, false])
  })
})

describe('make_bag', () => {
  it('keeps the first value of a name, null or not, and skips what is no bag', () => {
    const values = [json('{"1":10}'), null, json('{"1":null,"2":null}'), json('[1]'), 'x']
    expect(printDynamic(total(make_bag, column('dynamic', ...values)) as Dynamic)).toBe(
      '{"1":10,"2":null}',
    )
    expect(total(make_bag, column('dynamic', null))).toEqual(new Map())
  })
})

describe('buildschema', () => {
  it('builds the schema of the documentation', () => {
    const values = [
      '{"x":1, "y":3.5}',
      '{"x":"somevalue", "z":[1, 2, 3]}',
      '{"y":{"w":"zzz"}, "t":["aa", "bb"], "z":["foo"]}',
    ].map(json)
    expect(printDynamic(total(buildschema, column('dynamic', ...values)) as Dynamic)).toBe(
      '{"x":["long","string"],"y":["double",{"w":"string"}],"z":{"`indexer`":["long","string"]},"t":{"`indexer`":"string"}}',
    )
  })

  it('is null of nothing', () => {
    expect(total(buildschema, column('dynamic', null))).toBeNull()
  })
})
