import { compareDynamic, type Dynamic, isArray } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { type Compare, compareDescending, sorted } from './shared-array.ts'

function sortOverloads(compare: Compare): readonly ScalarOverload[] {
  return [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: array => sorted(array, compare, true),
    }),
    overload({
      params: ['dynamic', 'bool'],
      constants: [1],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (array, nullsLast) => sorted(array, compare, nullsLast),
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/array-sort-asc-function */
export const array_sort_asc = scalar({
  name: 'array_sort_asc',
  naming: 'sorted',
  doc: 'The array in ascending order: numbers, times, strings, guids, all others. Nulls come last, or first where the second argument is false. Null for what is no array. Of several arrays each is a column of its own: the others are put in the order of the first, and are null where they are not as long.',
  examples: [
    {
      query: 'print r = array_sort_asc(dynamic(["b", null, 10, "a", 9]))',
      rows: [{ r: [9, 10, 'a', 'b', null] }],
    },
    {
      query:
        'let array1 = dynamic([1, 3, 4, 5, 2]); let array2 = dynamic(["a", "b", "c", "d", "e"]); print array_sort_asc(array1, array2)',
      rows: [{ array1_sorted: [1, 2, 3, 4, 5], array2_sorted: ['a', 'e', 'b', 'c', 'd'] }],
    },
  ],
  overloads: sortOverloads(compareDynamic),
})

/** @see https://learn.microsoft.com/kusto/query/array-sort-desc-function */
export const array_sort_desc = scalar({
  name: 'array_sort_desc',
  naming: 'sorted',
  doc: 'The array in descending order within numbers, times, strings, guids, which follow one another as in `array_sort_asc`. Nulls come last, or first where the second argument is false. Null for what is no array. Several arrays as in `array_sort_asc`.',
  examples: [
    {
      query: 'print r = array_sort_desc(dynamic([null, "blue", "yellow"]), false)',
      rows: [{ r: [null, 'yellow', 'blue'] }],
    },
    {
      query: 'print who = array_sort_desc(dynamic([2, 1, 3]), dynamic(["b", "a", "c"]))[1]',
      rows: [{ who: ['c', 'b', 'a'] }],
    },
  ],
  overloads: sortOverloads(compareDescending),
})

/** Arrays in the order that the first is sorted to; null for one that is not as long. */
function sortedTogether(
  arrays: readonly Dynamic[],
  compare: Compare,
  nullsLast: boolean,
): readonly Dynamic[] {
  const [first = null] = arrays
  if (!isArray(first)) return arrays.map(() => null)
  const positions = [...first.keys()]
  const values = positions.filter(k => first[k] !== null)
  values.sort((a, b) => compare(first[a]!, first[b]!))
  const nulls = positions.filter(k => first[k] === null)
  const order = nullsLast ? [...values, ...nulls] : [...nulls, ...values]
  return arrays.map(array =>
    isArray(array) && array.length === first.length ? order.map(k => array[k]!) : null,
  )
}

function togetherOverload(compare: Compare): ScalarOverload {
  return overload({
    params: ['bool', 'dynamic', 'dynamic'],
    rest: 'dynamic',
    constants: [0],
    returns: 'dynamic',
    nulls: 'handled',
    each: (nullsLast, ...arrays: Dynamic[]) => sortedTogether(arrays, compare, nullsLast !== false),
  })
}

/** What `array_sort_asc` of several arrays comes to: an array of them. */
export const $array_sort_asc = scalar({
  name: '$array_sort_asc',
  doc: 'The arrays, each in the order that the first is in when it is sorted; where the first argument is false, nulls come first.',
  examples: [
    {
      query:
        'print array_sort_asc(dynamic([2, null, 1]), dynamic(["b", "-", "a"]), dynamic([1]), false)',
      rows: [{ array0_sorted: [null, 1, 2], array1_sorted: ['-', 'a', 'b'], array2_sorted: null }],
    },
  ],
  overloads: [togetherOverload(compareDynamic)],
})

/** What `array_sort_desc` of several arrays comes to: an array of them. */
export const $array_sort_desc = scalar({
  name: '$array_sort_desc',
  doc: 'The arrays, each in the order that the first is in when it is sorted descending; where the first argument is false, nulls come first.',
  examples: [
    {
      query: 'print array_sort_desc(dynamic([1, null, 2]), dynamic(["a", "-", "b"]))',
      rows: [{ array0_sorted: [2, 1, null], array1_sorted: ['b', 'a', '-'] }],
    },
  ],
  overloads: [togetherOverload(compareDescending)],
})
