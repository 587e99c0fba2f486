import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import {
  array_concat,
  array_iff,
  array_index_of,
  array_length,
  array_reverse,
  array_rotate_left,
  array_rotate_right,
  array_shift_left,
  array_shift_right,
  array_slice,
  array_split,
  array_sum,
  pack_array,
  zip,
} from '../../../src/engine/functions/scalar/array.ts'
import { array_sort_asc, array_sort_desc } from '../../../src/engine/functions/scalar/array-sort.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../../src/types/dynamic-json.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { callOne } from './harness.ts'

type Rest = readonly (readonly [ScalarType, ScalarValue])[]

/** The function of the JSON value and further arguments, as JSON. */
function applied(fn: ScalarFunction, json: string, ...rest: Rest): string | null {
  const value = callOne(fn, [['dynamic', parseDynamic(json) as Dynamic], ...rest])
  return value === null ? null : printDynamic(value as Dynamic)
}

function array(json: string): readonly [ScalarType, ScalarValue] {
  return ['dynamic', parseDynamic(json) as Dynamic]
}

function long(value: bigint): readonly [ScalarType, ScalarValue] {
  return ['long', value]
}

describe('what is no array', () => {
  it('gives null', () => {
    for (const json of ['null', '{"a":1}', '"a"', '1']) {
      expect(applied(array_length, json)).toBeNull()
      expect(applied(array_reverse, json)).toBeNull()
      expect(applied(array_sum, json)).toBeNull()
      expect(applied(array_sort_asc, json)).toBeNull()
      expect(applied(array_slice, json, long(0n), long(1n))).toBeNull()
      expect(applied(array_split, json, long(1n))).toBeNull()
      expect(applied(array_rotate_left, json, long(1n))).toBeNull()
      expect(applied(array_shift_left, json, long(1n))).toBeNull()
      expect(applied(array_index_of, json, long(1n))).toBeNull()
      expect(applied(zip, json, array('[1]'))).toBeNull()
      expect(applied(array_iff, json, long(1n), long(2n))).toBeNull()
    }
  })

  it('adds nothing to a concatenation', () => {
    // Measured.
    expect(applied(array_concat, '{"a":1}', array('[99]'))).toBe('[99]')
    expect(applied(array_concat, 'null', array('[99,[1]]'), array('[99]'))).toBe('[99,[1],99]')
    expect(applied(array_concat, 'null')).toBe('[]')
  })
})

describe('array_length', () => {
  it('counts nulls', () => {
    expect(callOne(array_length, [array('[null,1,null]')])).toBe(3n)
    expect(callOne(array_length, [array('[]')])).toBe(0n)
  })
})

describe('array_slice', () => {
  it.each([
    [1n, 2n, '[2,3]'],
    [2n, -1n, '[3,4,5]'],
    [-3n, -2n, '[3,4]'],
    [0n, 0n, '[1]'],
    [-9n, 1n, '[1,2]'],
    [3n, 9n, '[4,5]'],
    [5n, 9n, '[]'],
    [3n, 1n, '[]'],
    [0n, -9n, '[]'],
  ])('from %s to %s', (start, end, expected) => {
    expect(applied(array_slice, '[1,2,3,4,5]', long(start), long(end))).toBe(expected)
  })
})

describe('array_index_of', () => {
  const words = '["this","is","an","example","an","example"]'
  it.each<readonly [string, readonly bigint[], string]>([
    ['an', [], '2'],
    ['example', [1n, 3n], '3'],
    ['example', [1n, 2n], '-1'],
    ['is', [2n, 4n], '-1'],
    ['example', [2n, -1n], '3'],
    ['an', [1n, -1n, 2n], '4'],
    ['an', [1n, -1n, 3n], '-1'],
    ['an', [-3n], '4'],
    ['is', [-4n], '-1'],
    ['this', [-99n], '0'],
    ['this', [99n], '-1'],
    ['An', [], '-1'],
  ])('%s %s', (word, numbers, expected) => {
    const rest = numbers.map(number => long(number))
    expect(applied(array_index_of, words, ['string', word], ...rest)).toBe(expected)
  })

  it('is null for a length or an occurrence that means nothing', () => {
    const [one, no] = [long(1n), long(-2n)]
    expect(applied(array_index_of, words, ['string', 'an'], one, no)).toBeNull()
    expect(applied(array_index_of, words, ['string', 'an'], one, one, no)).toBeNull()
  })

  it('finds numbers by value and other types by themselves', () => {
    expect(applied(array_index_of, '[1,2.0,"2"]', long(2n))).toBe('1')
    expect(applied(array_index_of, '[true,1]', ['bool', true])).toBe('0')
    expect(applied(array_index_of, '[0,null]', ['long', null])).toBe('1')
    const time = new DynamicScalar('datetime', 5n)
    expect(
      callOne(array_index_of, [
        ['dynamic', [time]],
        ['datetime', 5n],
      ]),
    ).toBe(0n)
  })
})

describe('array_sort_asc and array_sort_desc', () => {
  it('sorts kinds one after another, in both directions', () => {
    const mixed = '["b",null,2,true,"B",10,1.5,{"a":1}]'
    expect(applied(array_sort_asc, mixed)).toBe('[1.5,2,10,"B","b",true,{"a":1},null]')
    expect(applied(array_sort_desc, mixed)).toBe('[10,2,1.5,"b","B",true,{"a":1},null]')
  })

  it('puts nulls first where asked to', () => {
    const colours = '[null,"blue","yellow","green",null]'
    expect(applied(array_sort_asc, colours, ['bool', false])).toBe(
      '[null,null,"blue","green","yellow"]',
    )
    expect(applied(array_sort_desc, colours, ['bool', false])).toBe(
      '[null,null,"yellow","green","blue"]',
    )
    expect(applied(array_sort_desc, colours, ['bool', true])).toBe(
      '["yellow","green","blue",null,null]',
    )
  })

  it('leaves its argument as it was', () => {
    const values: Dynamic = [3, 1, 2]
    callOne(array_sort_asc, [['dynamic', values]])
    expect(values).toEqual([3, 1, 2])
  })
})

describe('array_sum', () => {
  it('skips nulls', () => {
    expect(callOne(array_sum, [array('[1,null,3]')])).toBe(4)
    expect(callOne(array_sum, [array('[]')])).toBe(0)
    expect(callOne(array_sum, [array('[1.0,0.5]')])).toBe(1.5)
  })

  it.each(['[1,"5"]', '[1,true]', '[1,[2]]', '["a"]'])(
    'is null with what is no number: %s',
    json => {
      expect(callOne(array_sum, [array(json)])).toBeNull()
    },
  )
})

describe('array_iff', () => {
  it('chooses by bools and numbers', () => {
    const [yes, no] = [
      ['string', 'yes'],
      ['string', 'no'],
    ] as const
    expect(applied(array_iff, '[1,0,50]', yes, no)).toBe('["yes","no","yes"]')
    expect(applied(array_iff, '[true,false,true]', array('[1,2,3]'), array('[4,5,6]'))).toBe(
      '[1,5,3]',
    )
  })

  it('is null where it cannot choose or the array is too short', () => {
    const ones = [long(1n), long(0n)] as const
    expect(applied(array_iff, '["x",null,{}]', ...ones)).toBe('[null,null,null]')
    expect(applied(array_iff, '[true,true,true]', array('[1,2]'), array('[3,4]'))).toBe(
      '[1,2,null]',
    )
  })
})

describe('array_split', () => {
  it.each([
    ['[1,3]', '[[1],[2,3],[4,5]]'],
    ['[-2]', '[[1,2,3],[4,5]]'],
    ['[9]', '[[1,2,3,4,5],[]]'],
    ['[3,1]', '[[1,2,3],[],[4,5]]'],
    ['[]', '[[1,2,3,4,5]]'],
  ])('at %s', (indexes, expected) => {
    expect(applied(array_split, '[1,2,3,4,5]', array(indexes))).toBe(expected)
  })

  it('cuts at one position, and not at what is none', () => {
    expect(applied(array_split, '[1,2,3]', long(2n))).toBe('[[1,2],[3]]')
    expect(applied(array_split, '[1,2,3]', array('["a"]'))).toBeNull()
  })
})

describe('array_rotate and array_shift', () => {
  it.each([
    [2n, '[3,4,5,1,2]', '[4,5,1,2,3]'],
    [-2n, '[4,5,1,2,3]', '[3,4,5,1,2]'],
    [7n, '[3,4,5,1,2]', '[4,5,1,2,3]'],
    [0n, '[1,2,3,4,5]', '[1,2,3,4,5]'],
  ])('rotates by %s', (by, left, right) => {
    expect(applied(array_rotate_left, '[1,2,3,4,5]', long(by))).toBe(left)
    expect(applied(array_rotate_right, '[1,2,3,4,5]', long(by))).toBe(right)
    expect(applied(array_rotate_left, '[]', long(by))).toBe('[]')
  })

  it('shifts and fills', () => {
    const numbers = '[1,2,3,4,5]'
    expect(applied(array_shift_left, numbers, long(2n))).toBe('[3,4,5,null,null]')
    expect(applied(array_shift_left, numbers, long(-2n), long(-1n))).toBe('[-1,-1,1,2,3]')
    expect(applied(array_shift_right, numbers, long(2n), ['string', 'x'])).toBe('["x","x",1,2,3]')
    expect(applied(array_shift_right, numbers, long(-2n), long(-1n))).toBe('[3,4,5,-1,-1]')
    expect(applied(array_shift_left, numbers, long(9n))).toBe('[null,null,null,null,null]')
    expect(applied(array_shift_left, '["a","b"]', long(1n))).toBe('["b",""]')
    expect(applied(array_shift_left, '["a",1]', long(1n))).toBe('[1,null]')
  })
})

describe('pack_array', () => {
  it('holds each type as itself', () => {
    const packed = callOne(pack_array, [
      ['bool', true],
      ['int', 1],
      ['long', 2n ** 60n],
      ['real', 1],
      ['decimal', decimalOf('1.5')],
      ['datetime', 5n],
      ['timespan', 20_000_000n],
      ['string', '{"a":1}'],
      ['guid', '00000000-0000-0000-0000-000000000001'],
      ['dynamic', [1]],
      ['long', null],
    ])
    expect(packed).toEqual([
      true,
      1,
      2n ** 60n,
      new WholeReal(1),
      new DynamicScalar('decimal', '1.5'),
      new DynamicScalar('datetime', 5n),
      new DynamicScalar('timespan', 20_000_000n),
      '{"a":1}',
      new DynamicScalar('guid', '00000000-0000-0000-0000-000000000001'),
      [1],
      null,
    ])
  })
})

describe('zip', () => {
  it('fills shorter arrays with nulls', () => {
    expect(applied(zip, '["A",1,1.5]', array('[{},"B"]'))).toBe('[["A",{}],[1,"B"],[1.5,null]]')
    expect(applied(zip, '[]', array('[]'), array('[1]'))).toBe('[[null,null,1]]')
  })
})
