import { realFromDynamic } from '../../../types/convert.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { dynamicEquals, dynamicTag, isArray } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { fromStart, isNumber, rotated, shifted, splitAt, truth } from './shared-array.ts'

/** @see https://learn.microsoft.com/kusto/query/array-length-function */
export const array_length = scalar({
  name: 'array_length',
  aliases: ['arraylength'],
  doc: 'Number of elements of an array; null for what is none.',
  examples: [
    {
      query: 'print a = array_length(dynamic([1, null, "x"])), b = array_length(dynamic({"a": 1}))',
      rows: [{ a: 3, b: null }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'long',
      nulls: 'propagate',
      each: array => (isArray(array) ? BigInt(array.length) : null),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-concat-function */
export const array_concat = scalar({
  name: 'array_concat',
  doc: 'The elements of all arrays in one array. An argument that is no array, null included, adds nothing.',
  examples: [
    {
      query: 'print r = array_concat(dynamic([1, 2]), dynamic(null), dynamic([2]))',
      rows: [{ r: [1, 2, 2] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      rest: 'dynamic',
      most: 64,
      returns: 'dynamic',
      nulls: 'handled',
      each: (...arrays: Dynamic[]) => arrays.filter(isArray).flat(1),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-slice-function */
export const array_slice = scalar({
  name: 'array_slice',
  doc: 'The elements from one position to another, both included; negative ones count from the end. Null for what is no array.',
  examples: [
    { query: 'print r = array_slice(dynamic([1, 2, 3, 4, 5]), 2, -1)', rows: [{ r: [3, 4, 5] }] },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'long', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(array, start, end) {
        if (!isArray(array)) return null
        const from = Math.max(fromStart(start, array.length), 0)
        return array.slice(from, Math.max(fromStart(end, array.length) + 1, from))
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-index-of-function */
export const array_index_of = scalar({
  name: 'array_index_of',
  doc: 'Position of a value in an array: of its n-th occurrence among so many elements from a start, which may count from the end; -1 where there is none. Null for what is no array, a length below -1 or an occurrence below 1.',
  examples: [
    {
      query:
        'print a = array_index_of(dynamic(["x", "y", "x"]), "x", 1), b = array_index_of(dynamic([1]), 2)',
      rows: [{ a: 2, b: -1 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'scalar', 'long', 'long', 'long'],
      required: 2,
      constants: [4],
      returns: 'long',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = packer(types[1]!)
        return {
          each(array, value, start = 0n, length = -1n, occurrence = 1n) {
            if (!isArray(array) || start === null || length === null || occurrence === null) {
              return null
            }
            if (length < -1n || occurrence < 1n) return null
            const from = Math.max(fromStart(start, array.length), 0)
            const end = length < 0n ? array.length : Math.min(array.length, from + Number(length))
            const sought = pack(value)
            let left = Number(occurrence)
            for (let k = from; k < end; k++) {
              if (dynamicEquals(array[k]!, sought) && --left === 0) return BigInt(k)
            }
            return -1n
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-reverse-function */
export const array_reverse = scalar({
  name: 'array_reverse',
  doc: 'The elements in reverse order; null for what is no array.',
  examples: [{ query: 'print r = array_reverse(dynamic([1, 2, 3]))', rows: [{ r: [3, 2, 1] }] }],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: array => (isArray(array) ? array.toReversed() : null),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-sum-function */
export const array_sum = scalar({
  name: 'array_sum',
  doc: 'Sum of an array as a real; nulls add nothing. Null for what is no array, or has an element that is no number.',
  examples: [{ query: 'print r = array_sum(dynamic([1, null, 2.5]))', rows: [{ r: 3.5 }] }],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'real',
      nulls: 'propagate',
      each(array) {
        if (!isArray(array)) return null
        let sum = 0
        for (const item of array) {
          if (item === null) continue
          if (!isNumber(dynamicTag(item))) return null
          sum += realFromDynamic(item) ?? 0
        }
        return sum
      },
    }),
  ],
})

const CHOICE: readonly ScalarOverload[] = [
  overload({
    params: ['dynamic', 'scalar', 'scalar'],
    returns: 'dynamic',
    nulls: 'handled',
    prepare(_, __, types) {
      const packTrue = packer(types[1]!)
      const packFalse = packer(types[2]!)
      return {
        each(conditions, whenTrue, whenFalse) {
          if (!isArray(conditions)) return null
          const trues = packTrue(whenTrue)
          const falses = packFalse(whenFalse)
          return conditions.map((condition, k) => {
            const chosen = truth(condition)
            if (chosen === undefined) return null
            const from = chosen ? trues : falses
            return isArray(from) ? (from[k] ?? null) : from
          })
        },
      }
    },
  }),
]

/** @see https://learn.microsoft.com/kusto/query/array-iff-function */
export const array_iff = scalar({
  name: 'array_iff',
  aliases: ['array_iif'],
  doc: 'For each condition of an array the element of the second argument, or of the third where it is false or 0; an argument that is no array is chosen as it is. Null where the condition is neither bool nor number, or the chosen array is too short; null for what is no array of conditions.',
  examples: [
    {
      query: 'print r = array_iff(dynamic([true, false, true]), dynamic([1, 2]), dynamic([4, 5]))',
      rows: [{ r: [1, 5, null] }],
    },
    { query: 'print r = array_iff(dynamic([1, 0]), "yes", "no")', rows: [{ r: ['yes', 'no'] }] },
  ],
  overloads: CHOICE,
})

/** @see https://learn.microsoft.com/kusto/query/array-split-function */
export const array_split = scalar({
  name: 'array_split',
  doc: 'The array cut at one position, or at each of an array of positions; negative ones count from the end. Null for what is no array and for positions that are no whole numbers.',
  examples: [
    {
      query: 'print r = array_split(dynamic([1, 2, 3, 4, 5]), dynamic([1, 3]))',
      rows: [{ r: [[1], [2, 3], [4, 5]] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (array, index) => splitAt(array, [index]),
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(array, indexes) {
        const positions = isArray(indexes) ? indexes : [indexes]
        if (!positions.every(position => dynamicTag(position) === 'long')) return null
        return splitAt(
          array,
          positions.map(position => BigInt(position as number | bigint)),
        )
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-rotate-left-function */
export const array_rotate_left = scalar({
  name: 'array_rotate_left',
  doc: 'The array rotated to the left by so many places, to the right by a negative number; null for what is no array.',
  examples: [
    { query: 'print r = array_rotate_left(dynamic([1, 2, 3]), 1)', rows: [{ r: [2, 3, 1] }] },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (array, by) => rotated(array, by),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/array-rotate-right-function */
export const array_rotate_right = scalar({
  name: 'array_rotate_right',
  doc: 'The array rotated to the right by so many places, to the left by a negative number; null for what is no array.',
  examples: [
    { query: 'print r = array_rotate_right(dynamic([1, 2, 3]), 1)', rows: [{ r: [3, 1, 2] }] },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (array, by) => rotated(array, -by),
    }),
  ],
})

function shiftOverloads(sign: 1n | -1n): readonly ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'long', 'scalar'],
      required: 2,
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = types[2] === undefined ? () => undefined : packer(types[2])
        return {
          each: (array, by, fill) => (by === null ? null : shifted(array, sign * by, pack(fill))),
        }
      },
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/array-shift-left-function */
export const array_shift_left = scalar({
  name: 'array_shift_left',
  doc: 'The array shifted to the left by so many places, to the right by a negative number. The places that come free hold the third argument; without it the empty string among strings, else null. Null for what is no array.',
  examples: [
    {
      query: 'print r = array_shift_left(dynamic([1, 2, 3]), 2, 0)',
      rows: [{ r: [3, 0, 0] }],
    },
  ],
  overloads: shiftOverloads(1n),
})

/** @see https://learn.microsoft.com/kusto/query/array-shift-right-function */
export const array_shift_right = scalar({
  name: 'array_shift_right',
  doc: 'The array shifted to the right by so many places, to the left by a negative number; otherwise as `array_shift_left`.',
  examples: [
    { query: 'print r = array_shift_right(dynamic([1, 2, 3]), 1)', rows: [{ r: [null, 1, 2] }] },
  ],
  overloads: shiftOverloads(-1n),
})

/** @see https://learn.microsoft.com/kusto/query/pack-array-function */
export const pack_array = scalar({
  name: 'pack_array',
  doc: 'Array of the arguments, nulls included; `*` alone stands for all columns.',
  examples: [
    {
      query: 'print r = pack_array(1, "2", 3s, long(null))',
      rows: [{ r: [1, '2', '00:00:03', null] }],
    },
    { query: 'print a = 1, b = "x" | project r = pack_array(*)', rows: [{ r: [1, 'x'] }] },
  ],
  overloads: [
    overload({
      params: ['scalar'],
      rest: 'scalar',
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const packers = types.map(packer)
        return {
          each: (...values) => values.map((value, k): Dynamic => packers[k]!(value)),
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/zip-function */
export const zip = scalar({
  name: 'zip',
  doc: 'Array of arrays, each with the elements of all arrays at one position; a shorter array gives nulls. Null where an argument is no array.',
  examples: [
    {
      query: 'print r = zip(dynamic([1, 3]), dynamic(["a"]))',
      rows: [
        {
          r: [
            [1, 'a'],
            [3, null],
          ],
        },
      ],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      rest: 'dynamic',
      most: 64,
      returns: 'dynamic',
      nulls: 'propagate',
      each(...arrays: Dynamic[]) {
        if (!arrays.every(isArray)) return null
        const length = Math.max(...arrays.map(array => array.length))
        return Array.from({ length }, (_, k) => arrays.map(array => array[k] ?? null))
      },
    }),
  ],
})
