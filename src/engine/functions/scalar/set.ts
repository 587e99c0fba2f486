import type { Dynamic } from '../../../types/dynamic.ts'
import { dynamicEquals, dynamicKey, dynamicReal, isArray } from '../../../types/dynamic.ts'
import { overload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'

/** The distinct values by key, the first of each, in order. */
function distinct(values: readonly Dynamic[]): Map<string, Dynamic> {
  const set = new Map<string, Dynamic>()
  for (const value of values) {
    const key = dynamicKey(value)
    if (!set.has(key)) set.set(key, value)
  }
  return set
}

/** @see https://learn.microsoft.com/kusto/query/set-union-function */
export const set_union = scalar({
  name: 'set_union',
  doc: 'The distinct values of all arrays in the order in which they first appear. An argument that is no array, null included, adds nothing.',
  examples: [
    { query: 'print r = set_union(dynamic([1, 2, 1]), dynamic([3, 2]))', rows: [{ r: [1, 2, 3] }] },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      rest: 'dynamic',
      most: 64,
      returns: 'dynamic',
      nulls: 'handled',
      each: (...sets: Dynamic[]) => [...distinct(sets.filter(isArray).flat(1)).values()],
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/set-intersect-function */
export const set_intersect = scalar({
  name: 'set_intersect',
  doc: 'The distinct values that are in all arrays, in the order of the first. Null where an argument is no array.',
  examples: [
    {
      query: 'print r = set_intersect(dynamic([3, 1, 2]), dynamic([2, 3]))',
      rows: [{ r: [3, 2] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      rest: 'dynamic',
      most: 64,
      returns: 'dynamic',
      nulls: 'propagate',
      each(...sets: Dynamic[]) {
        if (!sets.every(isArray)) return null
        const [first, ...others] = sets.map(distinct)
        return [...(first ?? [])]
          .filter(([key]) => others.every(other => other.has(key)))
          .map(([, value]) => value)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/set-difference-function */
export const set_difference = scalar({
  name: 'set_difference',
  doc: 'The distinct values of the first array that are in none of the others, in order. Null where the first is no array; another argument that is none takes nothing away.',
  examples: [
    {
      query: 'print r = set_difference(dynamic([1, 2, 2, 3]), dynamic([1]))',
      rows: [{ r: [2, 3] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      rest: 'dynamic',
      most: 64,
      returns: 'dynamic',
      nulls: 'handled',
      each(first: Dynamic, ...others: Dynamic[]) {
        if (!isArray(first)) return null
        const left = distinct(first)
        for (const value of others.filter(isArray).flat(1)) left.delete(dynamicKey(value))
        return [...left.values()]
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/set-has-element-function */
export const set_has_element = scalar({
  name: 'set_has_element',
  doc: 'Whether the array has an element equal to the value; numbers are equal by value, strings with case. Null for what is no array.',
  examples: [
    {
      query:
        'print a = set_has_element(dynamic([1, 2]), 2), b = set_has_element(dynamic([1, 2]), "2")',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'scalar'],
      returns: 'bool',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = packer(types[1]!)
        return {
          each(set, value) {
            if (!isArray(set)) return null
            const sought = pack(value)
            return set.some(item => dynamicEquals(item, sought))
          },
        }
      },
    }),
  ],
})

/** Whether two arrays have the same values, however often and in whatever order. */
export const set_equals = scalar({
  name: 'set_equals',
  doc: 'Whether two arrays have the same distinct values in whatever order. Null where an argument is no array.',
  examples: [
    {
      query: 'print r = set_equals(dynamic([1, 2]), dynamic([2, 1, 2]))',
      rows: [{ r: true }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'bool',
      nulls: 'propagate',
      each(a, b) {
        if (!isArray(a) || !isArray(b)) return null
        const left = distinct(a)
        const right = distinct(b)
        return left.size === right.size && [...left.keys()].every(key => right.has(key))
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/jaccard-index-function */
export const jaccard_index = scalar({
  name: 'jaccard_index',
  doc: 'Number of values that two arrays share, over the number of all their values; NaN where both are empty. Null where an argument is no array.',
  examples: [
    {
      query: 'print r = jaccard_index(dynamic([1, 2, 3]), dynamic([1, 2, 3, 4]))',
      rows: [{ r: 0.75 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(a, b) {
        if (!isArray(a) || !isArray(b)) return null
        const left = distinct(a)
        const right = distinct(b)
        const shared = [...left.keys()].filter(key => right.has(key)).length
        return dynamicReal(shared / (left.size + right.size - shared))
      },
    }),
  ],
})
