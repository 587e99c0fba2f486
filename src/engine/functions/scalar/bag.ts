import type { ScalarValue } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { isArray, isBag } from '../../../types/dynamic.ts'
import { type JsonPath, parseJsonPath } from '../../../types/json-path.ts'
import { overload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { QueryError } from '../query-error.ts'

/** Bag of the values at odd positions under the keys before them; of equal keys the last counts. */
function bagOf(values: readonly ScalarValue[], packers: readonly Pack[]): Dynamic {
  const bag = new Map<string, Dynamic>()
  for (let k = 0; k + 1 < values.length; k += 2) {
    bag.set(values[k] as string, packers[k + 1]!(values[k + 1]!))
  }
  return bag
}

type Pack = (value: ScalarValue) => Dynamic

/** @see https://learn.microsoft.com/kusto/query/pack-function */
export const bag_pack = scalar({
  name: 'bag_pack',
  aliases: ['pack', 'pack_dictionary'],
  doc: 'Bag of the values under the keys before them, nulls included.',
  examples: [
    {
      query: 'print r = bag_pack("a", 1, "b", bag_pack("c", datetime(null)))',
      rows: [{ r: { a: 1, b: { c: null } } }],
    },
  ],
  overloads: [
    overload({
      repeated: ['string', 'scalar'],
      params: [],
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const packers = types.map(packer)
        return { each: (...values: ScalarValue[]) => bagOf(values, packers) }
      },
    }),
  ],
})

function isEmpty(value: Dynamic): boolean {
  return value === null || value === ''
}

/** What `pack_all` and `bag_pack_columns` come to: the columns' names and values are its arguments. */
export const $pack_all = scalar({
  name: '$pack_all',
  doc: 'Bag of the values under the keys before them; where the first argument is true, without nulls and empty strings.',
  examples: [
    {
      query:
        'print Source = "a", Target = "", Count = 46 | project all = pack_all(), some = pack_all(true)',
      rows: [
        {
          all: { Source: 'a', Target: '', Count: 46 },
          some: { Source: 'a', Count: 46 },
        },
      ],
    },
  ],
  overloads: [
    overload({
      params: ['bool'],
      rest: 'scalar',
      constants: [0],
      returns: 'dynamic',
      nulls: 'handled',
      prepare([ignoreEmpty], _, types) {
        const packers = types.slice(1).map(packer)
        return {
          each(_, ...values: ScalarValue[]) {
            const bag = bagOf(values, packers)
            if (ignoreEmpty !== true || !isBag(bag)) return bag
            return new Map([...bag].filter(([, value]) => !isEmpty(value)))
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/bag-keys-function */
export const bag_keys = scalar({
  name: 'bag_keys',
  doc: 'Array of the names of the slots of a bag; null for what is none.',
  examples: [
    {
      query: 'print a = bag_keys(dynamic({"x": 1, "y": {"z": 2}})), b = bag_keys(dynamic([1]))',
      rows: [{ a: ['x', 'y'], b: null }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: bag => (isBag(bag) ? [...bag.keys()] : null),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/bag-merge-function */
export const bag_merge = scalar({
  name: 'bag_merge',
  doc: 'Bag with the slots of all bags; of slots with one name the first stays. An argument that is no bag, null included, adds nothing; null where none is a bag.',
  examples: [
    {
      query: 'print r = bag_merge(dynamic({"a": 1, "b": 2}), dynamic({"b": 3, "c": 4}))',
      rows: [{ r: { a: 1, b: 2, c: 4 } }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      rest: 'dynamic',
      most: 64,
      returns: 'dynamic',
      nulls: 'handled',
      each(...values: Dynamic[]) {
        const bags = values.filter(isBag)
        if (bags.length === 0) return null
        const merged = new Map<string, Dynamic>()
        for (const bag of bags) {
          for (const [name, value] of bag) if (!merged.has(name)) merged.set(name, value)
        }
        return merged
      },
    }),
  ],
})

/**
 * The names that lead to a key: itself, or the steps of a JSONPath. undefined for a path that names
 * a position in an array or nothing, which bags do not have.
 */
function keyPath(key: string): readonly string[] | undefined {
  const path: JsonPath | undefined = /^\$[.[]/.test(key) ? parseJsonPath(key) : undefined
  if (path === undefined) return key === '$' ? undefined : [key]
  return path.every(step => typeof step === 'string') ? path : undefined
}

function hasPath(bag: Dynamic, path: readonly string[]): boolean {
  let value: Dynamic | undefined = bag
  for (const name of path) {
    if (value === undefined || !isBag(value) || !value.has(name)) return false
    value = value.get(name)
  }
  return true
}

/** @see https://learn.microsoft.com/kusto/query/bag-has-key-function */
export const bag_has_key = scalar({
  name: 'bag_has_key',
  doc: 'Whether a bag has a slot of that name, or at that JSONPath (`$.a.b`); positions in arrays are not looked at. Null for what is no bag.',
  examples: [
    {
      query:
        'print a = bag_has_key(dynamic({"k": {"x": 1}}), "$.k.x"), b = bag_has_key(dynamic({"k": 1}), "K")',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'string'],
      returns: 'bool',
      nulls: 'propagate',
      each(bag, key) {
        if (!isBag(bag)) return null
        const path = keyPath(key)
        return path !== undefined && hasPath(bag, path)
      },
    }),
  ],
})

function without(bag: Dynamic, path: readonly string[]): Dynamic {
  const [name, ...rest] = path
  if (name === undefined || !isBag(bag) || !bag.has(name)) return bag
  const copy = new Map(bag)
  if (rest.length === 0) copy.delete(name)
  else copy.set(name, without(bag.get(name) ?? null, rest))
  return copy
}

/** @see https://learn.microsoft.com/kusto/query/bag-remove-keys-function */
export const bag_remove_keys = scalar({
  name: 'bag_remove_keys',
  doc: 'The bag without the slots of those names, or at those JSONPaths (`$.a.b`). Null for what is no bag; names that it lacks, and what is no string, change nothing.',
  examples: [
    {
      query:
        'print r = bag_remove_keys(dynamic({"a": 1, "b": {"c": 2, "d": 3}}), dynamic(["a", "$.b.c"]))',
      rows: [{ r: { b: { d: 3 } } }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'handled',
      each(bag, keys) {
        if (!isBag(bag)) return null
        let left: Dynamic = bag
        for (const key of isArray(keys) ? keys : []) {
          const path = typeof key === 'string' ? keyPath(key) : undefined
          if (path !== undefined) left = without(left, path)
        }
        return left
      },
    }),
  ],
})

function withValue(bag: Dynamic, path: readonly string[], value: Dynamic): Dynamic {
  const [name, ...rest] = path
  if (name === undefined) return value
  const copy = new Map<string, Dynamic>(isBag(bag) ? bag : [])
  copy.set(name, withValue(copy.get(name) ?? null, rest, value))
  return copy
}

/** @see https://learn.microsoft.com/kusto/query/bag-set-key-function */
export const bag_set_key = scalar({
  name: 'bag_set_key',
  doc: 'The bag with the value in the slot of that name, or at that JSONPath (`$.a.b`), whose bags are made where they are missing. Null for what is no bag, and for a path with positions.',
  examples: [
    {
      query: 'print r = bag_set_key(dynamic({"a": 1}), "$.b.c", "x")',
      rows: [{ r: { a: 1, b: { c: 'x' } } }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'string', 'scalar'],
      constants: [1],
      returns: 'dynamic',
      nulls: 'handled',
      prepare([, constantKey], _, types) {
        if (typeof constantKey === 'string' && keyPath(constantKey) === undefined) {
          const message = 'The path of a slot has names only, and at least one.'
          throw new QueryError('KS128', message, 1)
        }
        const pack = packer(types[2]!)
        return {
          each(bag, key, value) {
            const path = keyPath(key ?? '')
            return isBag(bag) && path !== undefined ? withValue(bag, path, pack(value)) : null
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/bag-zip */
export const bag_zip = scalar({
  name: 'bag_zip',
  doc: 'Bag of the values of one array under the strings of another; keys that are no strings are left out with their values, missing values are null. Null where the keys are no array.',
  examples: [
    {
      query: 'print r = bag_zip(dynamic(["a", 8, "b", "c"]), dynamic([1, "2", 2.5]))',
      rows: [{ r: { a: 1, b: 2.5, c: null } }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'handled',
      each(keys, values) {
        if (!isArray(keys)) return null
        const bag = new Map<string, Dynamic>()
        keys.forEach((key, k) => {
          if (typeof key === 'string') bag.set(key, isArray(values) ? (values[k] ?? null) : null)
        })
        return bag
      },
    }),
  ],
})
