import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import {
  jaccard_index,
  set_difference,
  set_equals,
  set_has_element,
  set_intersect,
  set_union,
} from '../../../src/engine/functions/scalar/set.ts'
import { type Dynamic, WholeReal } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../../src/types/dynamic-json.ts'
import { callOne } from './harness.ts'

function result(fn: ScalarFunction, ...jsons: readonly string[]): string | null {
  const args = jsons.map(json => ['dynamic', parseDynamic(json) as Dynamic] as const)
  const value = callOne(fn, args)
  return value === null ? null : printDynamic(value as Dynamic)
}

describe('set functions', () => {
  it('keep the first of equal values in order', () => {
    expect(result(set_union, '[1,2,1,4]', '[1,2]', '[8,"8",[1],[1]]')).toBe('[1,2,4,8,"8",[1]]')
    expect(result(set_intersect, '[3,1,3,2]', '[2,3]', '[3,2,9]')).toBe('[3,2]')
    expect(result(set_difference, '[1,2,1,4]', '[1]', '[2,9]')).toBe('[4]')
    expect(result(set_difference, '[null,1,null,2]', '[null]')).toBe('[1,2]')
  })

  it('take what is no array as written down', () => {
    expect(result(set_union, 'null', '[1,1]')).toBe('[1]')
    expect(result(set_intersect, 'null', '[1]')).toBeNull()
    expect(result(set_intersect, '[1]', '{}')).toBeNull()
    expect(result(set_difference, 'null', '[1]')).toBeNull()
    expect(result(set_difference, '[1,1]', 'null')).toBe('[1]')
    expect(result(set_equals, '[1]', 'null')).toBeNull()
    expect(result(jaccard_index, '[1]', '1')).toBeNull()
  })

  it('compare as sets', () => {
    expect(result(set_equals, '[1,2,2]', '[2,1]')).toBe('true')
    expect(result(set_equals, '[1,2]', '[1,3]')).toBe('false')
    expect(result(set_equals, '[]', '[]')).toBe('true')
    expect(result(jaccard_index, '[1,2,3]', '[1,2,3,4]')).toBe('0.75')
    expect(result(jaccard_index, '["a"]', '["a","a"]')).toBe('1.0')
    expect(result(jaccard_index, '[]', '[]')).toBe('"NaN"')
  })

  it('obey the laws of sets', () => {
    const set = fc.array(fc.constantFrom<Dynamic>(1, 'a', null, true, [1], new WholeReal(2)))
    const run = (fn: ScalarFunction, a: Dynamic, b: Dynamic): Dynamic =>
      callOne(fn, [
        ['dynamic', a],
        ['dynamic', b],
      ]) as Dynamic
    fc.assert(
      fc.property(set, set, (a, b) => {
        const union = run(set_union, a, b)
        const both = run(set_intersect, a, b)
        const onlyA = run(set_difference, a, b)
        const onlyB = run(set_difference, b, a)
        expect(run(set_equals, union, run(set_union, run(set_union, onlyA, both), onlyB))).toBe(
          true,
        )
        expect(run(set_intersect, onlyA, b)).toEqual([])
        expect(run(set_equals, both, run(set_intersect, b, a))).toBe(true)
      }),
    )
  })
})

describe('set_has_element', () => {
  const set: Dynamic = ['a', 2, new WholeReal(3), null]
  it.each([
    ['string', 'a', true],
    ['string', 'A', false],
    ['string', '2', false],
    ['int', 2, true],
    ['real', 2, true],
    ['long', 3n, true],
    ['long', null, true],
    ['dynamic', 'a', true],
  ] as const)('%s %s', (type, value, expected) => {
    expect(
      callOne(set_has_element, [
        ['dynamic', set],
        [type, value],
      ]),
    ).toBe(expected)
  })

  it('is null for what is no array', () => {
    expect(
      callOne(set_has_element, [
        ['dynamic', 'a'],
        ['string', 'a'],
      ]),
    ).toBeNull()
  })
})
