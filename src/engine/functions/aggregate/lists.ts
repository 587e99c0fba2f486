import { dynamicBytes, textBytes } from '../../../tables/batch-size.ts'
import { ownText } from '../../../tables/own-text.ts'
import type { Vector } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { isArray, isBag } from '../../../types/dynamic.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import type { Accumulator, Constants } from '../declare.ts'
import { accumulator, aggregate } from '../declare.ts'
import { dynamicAt } from '../dynamic-value.ts'
import { conditionalOverloads } from './shared-condition.ts'
import type { DistinctState } from './shared-distinct.ts'
import {
  addDistinct,
  addElements,
  DISTINCT_ELEMENTS,
  DISTINCT_VALUES,
  distinctState,
  distinctValues,
  mergeDistinct,
} from './shared-distinct.ts'

/** How many elements a list, set or bag holds at most, and by default. */
const MAX_SIZE = 1_048_576
/** The default of the old forms `makelist`, `makeset`, `make_dictionary`. */
const OLD_DEFAULT_SIZE = 128

/** The size that the constant at position 1 asks for, within bounds. */
function limitOf(constants: Constants, defaultSize: number): number {
  const asked = constants[1]
  if (typeof asked !== 'bigint' && typeof asked !== 'number') return defaultSize
  return Math.min(Math.max(Number(asked), 0), MAX_SIZE)
}

interface ListState {
  lists: Dynamic[][]
  /** What the lists take in memory, roughly. */
  bytes: number
  readonly limit: number
  readonly withNulls: boolean
}

/** What an empty list takes. */
const LIST_BYTES = 64

/** Adds a value; gives the bytes that it takes. */
function append(list: Dynamic[], value: Dynamic, limit: number): number {
  if (!isArray(value)) return appendOne(list, value, limit)
  let bytes = 0
  for (let k = 0; k < value.length && list.length < limit; k++) {
    bytes += appendOne(list, value[k]!, limit)
  }
  return bytes
}

function appendOne(list: Dynamic[], value: Dynamic, limit: number): number {
  if (list.length >= limit) return 0
  list.push(typeof value === 'string' ? ownText(value) : value)
  return dynamicBytes(value)
}

/**
 * Measured: nulls of every type but dynamic are left out, dynamic ones stay, and an array gives its
 * elements.
 */
function listParts(defaultSize: number, withNulls: boolean) {
  return {
    returns: 'dynamic',
    nulls: 'handled',
    init: (_: number, constants: Constants): ListState => ({
      lists: [],
      bytes: 0,
      limit: limitOf(constants, defaultSize),
      withNulls,
    }),
    update(
      state: ListState,
      args: readonly Vector[],
      groupOf: Uint32Array,
      selection: Uint32Array,
    ): void {
      const { lists, limit } = state
      const vector = args[0]!
      const skipNulls = !withNulls && vector.type !== 'dynamic' && vector.nulls !== undefined
      for (let k = 0; k < selection.length; k++) {
        const row = selection[k]!
        if (skipNulls && vector.isNull(row)) continue
        const g = groupOf[row]!
        let list = lists[g]
        if (list === undefined) {
          list = []
          lists[g] = list
          state.bytes += LIST_BYTES
        }
        state.bytes += append(list, dynamicAt(vector, row), limit)
      }
    },
    merge(a: ListState, b: ListState, into: Uint32Array): void {
      a.bytes += b.bytes
      for (let g = 0; g < into.length; g++) {
        const added = b.lists[g]
        if (added === undefined) continue
        const list = a.lists[into[g]!]
        if (list === undefined) a.lists[into[g]!] = added.slice()
        // One level only: elements that are arrays themselves were taken out of an array.
        else for (let k = 0; k < added.length && list.length < a.limit; k++) list.push(added[k]!)
      }
    },
    finish: (state: ListState, group: number): Dynamic => state.lists[group] ?? [],
  } as const
}

function listOverloads(defaultSize: number): readonly Accumulator[] {
  const parts = listParts(defaultSize, false)
  return [accumulator({ params: ['scalar', 'long'], required: 1, constants: [1], ...parts })]
}

/** @see https://learn.microsoft.com/kusto/query/make-list-aggregation-function */
export const make_list = aggregate({
  name: 'make_list',
  doc: 'Array of the values of the group in the order of the rows; of arrays their elements. Nulls are left out, but for dynamic ones; of nothing the empty array. At most 1048576 elements, or as many as asked for.',
  examples: [
    {
      query: 'datatable(x:long)[3, long(null), 3] | summarize make_list(x)',
      rows: [{ list_x: [3, 3] }],
    },
    {
      query: 'datatable(x:string)["a", "b", "c"] | summarize l = make_list(x, 2)',
      rows: [{ l: ['a', 'b'] }],
    },
  ],
  naming: { prefix: 'list' },
  overloads: listOverloads(MAX_SIZE),
})

/** @see https://learn.microsoft.com/kusto/query/make-list-if-aggregation-function */
export const make_list_if = aggregate({
  name: 'make_list_if',
  doc: 'Array of the values of the rows for which the predicate is true; null is not true. Otherwise as `make_list`.',
  examples: [
    {
      query: 'range x from 1 to 4 step 1 | summarize make_list_if(x, x > 2)',
      rows: [{ list_x: [3, 4] }],
    },
  ],
  naming: { prefix: 'list' },
  overloads: conditionalOverloads(make_list),
})

/** @see https://learn.microsoft.com/kusto/query/make-list-with-nulls-aggregation-function */
export const make_list_with_nulls = aggregate({
  name: 'make_list_with_nulls',
  doc: 'Array of the values of the group in the order of the rows, nulls included; of arrays their elements; of nothing the empty array.',
  examples: [
    {
      query: 'datatable(x:long)[3, long(null)] | summarize make_list_with_nulls(x)',
      rows: [{ list_x: [3, null] }],
    },
  ],
  naming: { prefix: 'list' },
  overloads: [accumulator({ params: ['scalar'], ...listParts(MAX_SIZE, true) })],
})

/** @see https://learn.microsoft.com/kusto/query/make-list-aggregation-function */
export const makelist = aggregate({
  name: 'makelist',
  doc: 'Old form of `make_list`: at most 128 elements where no number is given.',
  examples: [
    { query: 'range x from 1 to 3 step 1 | summarize makelist(x)', rows: [{ list_x: [1, 2, 3] }] },
  ],
  naming: { prefix: 'list' },
  overloads: listOverloads(OLD_DEFAULT_SIZE),
})

/** The rows that are not null. */
function valued({ nulls }: Vector, selection: Uint32Array): Uint32Array {
  if (nulls === undefined) return selection
  const rows = new Uint32Array(selection.length)
  let size = 0
  for (let k = 0; k < selection.length; k++) {
    if (nulls[selection[k]!] === 0) rows[size++] = selection[k]!
  }
  return rows.subarray(0, size)
}

function setOverloads(defaultSize: number): readonly Accumulator[] {
  return [
    accumulator({
      params: ['scalar', 'long'],
      required: 1,
      constants: [1],
      returns: 'dynamic',
      nulls: 'handled',
      init: (groups, constants, types) =>
        distinctState(groups, types[0] as ScalarType, limitOf(constants, defaultSize)),
      update(state: DistinctState, args: readonly Vector[], groupOf, selection) {
        const vector = args[0]!
        if (vector.type === 'dynamic') addElements(state, vector, groupOf, selection)
        else addDistinct(state, vector, groupOf, valued(vector, selection))
      },
      merge: mergeDistinct,
      finish: (state, group, constants) =>
        distinctValues(state, group, limitOf(constants, defaultSize)),
      holds: {
        name: ([type]) => (type === 'dynamic' ? DISTINCT_ELEMENTS : DISTINCT_VALUES),
        most: constants => limitOf(constants, defaultSize),
      },
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/make-set-aggregation-function */
export const make_set = aggregate({
  name: 'make_set',
  doc: 'Array of the distinct values of the group in the order of their first rows; of arrays their elements. Nulls are left out, but for dynamic ones; of nothing the empty array. At most 1048576 elements, or as many as asked for.',
  examples: [
    {
      query: 'datatable(x:string)["b", "a", "b"] | summarize make_set(x)',
      rows: [{ set_x: ['b', 'a'] }],
    },
    {
      query:
        'datatable(d:dynamic)[dynamic(["a","b"]), dynamic(["b","c"])] | summarize s = make_set(d)',
      rows: [{ s: ['a', 'b', 'c'] }],
    },
  ],
  naming: { prefix: 'set' },
  overloads: setOverloads(MAX_SIZE),
})

/** @see https://learn.microsoft.com/kusto/query/make-set-if-aggregation-function */
export const make_set_if = aggregate({
  name: 'make_set_if',
  doc: 'Array of the distinct values of the rows for which the predicate is true; null is not true. Otherwise as `make_set`.',
  examples: [
    {
      query: 'datatable(x:long)[1, 2, 3, 2] | summarize make_set_if(x, x > 1)',
      rows: [{ set_x: [2, 3] }],
    },
  ],
  naming: { prefix: 'set' },
  overloads: conditionalOverloads(make_set),
})

/** @see https://learn.microsoft.com/kusto/query/make-set-aggregation-function */
export const makeset = aggregate({
  name: 'makeset',
  doc: 'Old form of `make_set`: at most 128 elements where no number is given.',
  examples: [
    { query: 'datatable(x:long)[1, 2, 1] | summarize makeset(x)', rows: [{ set_x: [1, 2] }] },
  ],
  naming: { prefix: 'set' },
  overloads: setOverloads(OLD_DEFAULT_SIZE),
})

interface BagState {
  bags: Map<string, Dynamic>[]
  /** What the bags take in memory, roughly. */
  bytes: number
  readonly limit: number
}

/** What an empty bag takes, and a slot besides its name and value. */
const BAG_BYTES = 240
const SLOT_BYTES = 48

function addSlots(state: BagState, group: number, slots: ReadonlyMap<string, Dynamic>): void {
  let bag = state.bags[group]
  if (bag === undefined) {
    bag = new Map()
    state.bags[group] = bag
    state.bytes += BAG_BYTES
  }
  for (const [name, value] of slots) {
    if (bag.size >= state.limit) return
    if (bag.has(name)) continue
    bag.set(ownText(name), value)
    state.bytes += SLOT_BYTES + textBytes(name) + dynamicBytes(value)
  }
}

function bagOverloads(defaultSize: number): readonly Accumulator[] {
  return [
    accumulator({
      params: ['dynamic', 'long'],
      required: 1,
      constants: [1],
      returns: 'dynamic',
      nulls: 'skip',
      init: (_, constants): BagState => ({
        bags: [],
        bytes: 0,
        limit: limitOf(constants, defaultSize),
      }),
      update(state, [vector], groupOf, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const value = vector.at(row)
          if (isBag(value)) addSlots(state, groupOf[row]!, value)
        }
      },
      merge(a, b, into) {
        for (let g = 0; g < into.length; g++) {
          const bag = b.bags[g]
          if (bag !== undefined) addSlots(a, into[g]!, bag)
        }
      },
      finish: (state, group): Dynamic => state.bags[group] ?? new Map(),
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/make-bag-aggregation-function */
export const make_bag = aggregate({
  name: 'make_bag',
  doc: 'Bag with the slots of all bags of the group; of slots with one name the first stays. What is no bag is left out; of nothing the empty bag.',
  examples: [
    {
      query:
        'datatable(k:string, v:long)["a",1, "b",2, "a",3] | summarize b = make_bag(bag_pack(k, v))',
      rows: [{ b: { a: 1, b: 2 } }],
    },
  ],
  naming: { prefix: 'bag' },
  overloads: bagOverloads(MAX_SIZE),
})

/** @see https://learn.microsoft.com/kusto/query/make-bag-if-aggregation-function */
export const make_bag_if = aggregate({
  name: 'make_bag_if',
  doc: 'Bag with the slots of the bags of the rows for which the predicate is true; null is not true. Otherwise as `make_bag`.',
  examples: [
    {
      query:
        'datatable(k:string, v:long)["a",1, "b",2] | summarize b = make_bag_if(bag_pack(k, v), v > 1)',
      rows: [{ b: { b: 2 } }],
    },
  ],
  naming: { prefix: 'bag' },
  overloads: conditionalOverloads(make_bag),
})

/** @see https://learn.microsoft.com/kusto/query/make-bag-aggregation-function */
export const make_dictionary = aggregate({
  name: 'make_dictionary',
  doc: 'Old form of `make_bag`: at most 128 slots where no number is given.',
  examples: [
    {
      query: 'print d = bag_pack("a", 1) | summarize make_dictionary(d)',
      rows: [{ dictionary_d: { a: 1 } }],
    },
  ],
  naming: { prefix: 'dictionary' },
  overloads: bagOverloads(OLD_DEFAULT_SIZE),
})
