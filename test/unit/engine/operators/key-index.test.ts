import { describe, expect, it } from 'vitest'
import { IdMap } from '../../../../src/engine/operators/id-map.ts'
import { KeyIndex } from '../../../../src/engine/operators/key-index.ts'
import { NO_ROW } from '../../../../src/tables/batch.ts'
import type { ScalarValue, Vector } from '../../../../src/tables/vector.ts'
import { identityRows, TextVector, valueAt } from '../../../../src/tables/vector.ts'
import { vectorOf } from '../../../../src/tables/vector-builder.ts'
import { decimalOf } from '../../../../src/types/decimal.ts'
import type { ScalarType } from '../../../../src/types/scalar-type.ts'

function assign(index: KeyIndex, keys: readonly Vector[], rows?: Uint32Array): number[] {
  const length = keys[0]?.length ?? 0
  const selection = rows ?? identityRows(length)
  const out = new Uint32Array(length)
  index.assign(keys, selection, out)
  return Array.from(selection, row => out[row] as number)
}

function find(index: KeyIndex, keys: readonly Vector[]): number[] {
  const length = keys[0]?.length ?? 0
  const out = new Uint32Array(length)
  index.find(keys, identityRows(length), out)
  return [...out]
}

const vector = (type: ScalarType, values: readonly ScalarValue[]): Vector =>
  vectorOf(type, values) as Vector

describe('KeyIndex', () => {
  it.each<[ScalarType, ScalarValue[], number[]]>([
    ['long', [1n, 4294967297n, -1n, 4294967295n, null, 1n, 0n, null], [0, 1, 2, 3, 4, 0, 5, 4]],
    ['long', [2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 1n, -(2n ** 63n)], [0, 1, 0, 1]],
    ['int', [2147483647, -2147483648, 0, null, 0], [0, 1, 2, 3, 2]],
    ['real', [0, -0, Number.NaN, Number.NaN, null, 1.5], [0, 0, 1, 1, 2, 3]],
    ['bool', [true, false, null, true], [0, 1, 2, 0]],
    ['string', ['', 'a', 'A', 'a', ''], [0, 1, 2, 1, 0]],
    ['decimal', [decimalOf('1.50'), decimalOf('1.5'), decimalOf(0), null], [0, 0, 1, 2]],
    ['datetime', [0n, 1n, null, 0n], [0, 1, 2, 0]],
    ['dynamic', [1, '1', [1], [1], null], [0, 1, 2, 2, 3]],
  ])('numbers %s values as they appear', (type, values, groups) => {
    expect(assign(new KeyIndex([type]), [vector(type, values)])).toEqual(groups)
  })

  it('tells combinations apart and gives them back', () => {
    const index = new KeyIndex(['string', 'long', 'bool'])
    const keys = [
      vector('string', ['a', 'a', 'b', 'a', 'a']),
      vector('long', [1n, 2n, 1n, 1n, null]),
      vector('bool', [true, true, true, true, null]),
    ]
    expect(assign(index, keys)).toEqual([0, 1, 2, 0, 3])
    const [strings, longs, bools] = index.keyVectors(1, 4) as [Vector, Vector, Vector]
    expect([0, 1, 2].map(row => valueAt(strings, row))).toEqual(['a', 'b', 'a'])
    expect([0, 1, 2].map(row => valueAt(longs, row))).toEqual([2n, 1n, null])
    expect([0, 1, 2].map(row => valueAt(bools, row))).toEqual([true, true, null])
    const others = [
      vector('string', ['b', 'b', 'c', 'a']),
      vector('long', [1n, 2n, 1n, null]),
      vector('bool', [true, true, true, null]),
    ]
    expect(find(index, others)).toEqual([2, NO_ROW, NO_ROW, 3])
  })

  it('only looks at the selected rows', () => {
    const index = new KeyIndex(['long'])
    const rows = Uint32Array.from([3, 1])
    expect(assign(index, [vector('long', [7n, 8n, 9n, 8n])], rows)).toEqual([0, 0])
    expect(index.size).toBe(1)
  })

  it('follows a dictionary that grows, and does not take one for another', () => {
    const index = new KeyIndex(['string'])
    const grows = ['a', 'b']
    const text = (dict: string[], codes: number[]) =>
      [new TextVector('string', Uint32Array.from(codes), dict, true) as Vector] as const
    expect(assign(index, text(grows, [1, 0, 1]))).toEqual([0, 1, 0])
    grows.push('c')
    expect(assign(index, text(grows, [2, 0]))).toEqual([2, 1])
    expect(find(index, text(['c', 'x', 'b'], [0, 1, 2]))).toEqual([2, NO_ROW, 0])
    expect(assign(index, text(['c', 'x', 'b'], [0, 1, 2]))).toEqual([2, 3, 0])
    expect(find(index, text(['x'], [0]))).toEqual([3])
  })

  it('gives the texts of groups by a dictionary where they repeat among them', () => {
    const index = new KeyIndex(['string', 'guid'])
    const ids = ['74be27de-1e4e-49d9-b579-fe0b331d3642', null]
    const keys = [
      vector('string', ['a', 'a', 'b', 'b', 'a']),
      vector('guid', [ids[0]!, null, null, ids[0]!, null]),
    ]
    expect(assign(index, keys)).toEqual([0, 1, 2, 3, 1])
    const [texts, guids] = index.keyVectors(0, 4) as [TextVector, TextVector]
    expect([texts.dictionary, guids.dictionary]).toEqual([true, true])
    const values = [texts, guids].map(column =>
      [0, 1, 2, 3].map(row => valueAt(column as Vector, row)),
    )
    expect(values).toEqual([
      ['a', 'a', 'b', 'b'],
      [ids[0], null, null, ids[0]],
    ])
  })

  it('gives unique texts one by one, and those of a column of nulls', () => {
    const index = new KeyIndex(['string'])
    const texts = Array.from({ length: 2000 }, (_, k) => `text ${k}`)
    assign(index, [vector('string', texts)])
    const [column] = index.keyVectors(500, 2000) as [TextVector]
    expect(column.dictionary).toBe(false)
    expect([column.at(0), column.at(1499)]).toEqual(['text 500', 'text 1999'])
    const none = new KeyIndex(['guid'])
    assign(none, [vector('guid', [null])])
    const [nothing] = none.keyVectors(0, 1) as [Vector]
    expect(valueAt(nothing, 0)).toBe(null)
  })
})

describe('IdMap', () => {
  it('goes on where one Map is full', () => {
    const map = new IdMap<string>(2)
    for (const [id, key] of ['a', 'b', 'c', 'd', 'e'].entries()) map.add(key, id)
    expect(map.size).toBe(5)
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map(key => map.get(key))).toEqual([
      0,
      1,
      2,
      3,
      4,
      undefined,
    ])
  })
})
