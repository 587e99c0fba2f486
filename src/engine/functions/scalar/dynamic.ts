import type { ScalarValue } from '../../../tables/vector.ts'
import { compareStrings } from '../../../types/collation.ts'
import { conversion } from '../../../types/convert.ts'
import { addDecimal, type Decimal, decimalOf } from '../../../types/decimal.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { isArray, isBag } from '../../../types/dynamic.ts'
import { dynamicToText, parseDynamic, printDynamic } from '../../../types/dynamic-json.ts'
import { atPath, type JsonPath, parseJsonPath } from '../../../types/json-path.ts'
import { type ScalarType, scalarTypeOf } from '../../../types/scalar-type.ts'
import { type Constants, overload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { QueryError } from '../query-error.ts'

/** How many elements `range` and `repeat` give at most. */
const MAX_LENGTH = 1_048_576
const TICKS_PER_HOUR = 36_000_000_000n

/** start, start + step, … up to and including stop; of a step of 0 null. */
function longsUpTo(start: bigint, stop: bigint, step: bigint): bigint[] | null {
  if (step === 0n) return null
  const values: bigint[] = []
  for (let value = start; values.length < MAX_LENGTH; value += step) {
    if (step > 0n ? value > stop : value < stop) break
    values.push(value)
  }
  return values
}

/** Each from the start anew, so that errors do not add up. */
function realsUpTo(start: number, stop: number, step: number): number[] | null {
  if (!Number.isFinite(start) || !Number.isFinite(step) || step === 0) return null
  const values: number[] = []
  for (let k = 0; k < MAX_LENGTH; k++) {
    const value = start + k * step
    if (Number.isNaN(stop) || (step > 0 ? value > stop : value < stop)) break
    values.push(value)
  }
  return values
}

function decimalsUpTo(start: Decimal, stop: Decimal, step: Decimal): Decimal[] | null {
  if (step.isZero()) return null
  const values: Decimal[] = []
  let value: Decimal | null = start
  while (value !== null && values.length < MAX_LENGTH) {
    if (step.isNegative() ? value.lt(stop) : value.gt(stop)) break
    values.push(value)
    value = addDecimal(value, step)
  }
  return values
}

function packed(type: ScalarType, values: readonly ScalarValue[] | null): Dynamic {
  return values === null ? null : values.map(packer(type))
}

/** @see https://learn.microsoft.com/kusto/query/range-function */
export const range = scalar({
  name: 'range',
  doc: 'Array of start, start + step, … up to and including stop, at most 1048576 elements. The step is 1, or 1h for times, where there is none; towards the wrong side the array is empty. Null where an argument is null or the step is 0.',
  examples: [
    { query: 'print r = range(1, 8, 3)', rows: [{ r: [1, 4, 7] }] },
    { query: 'print r = range(1h, 2h)', rows: [{ r: ['01:00:00', '02:00:00'] }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long', 'long'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      each: (start, stop, step = 1n) => packed('long', longsUpTo(start, stop, step)),
    }),
    overload({
      params: ['real', 'real', 'real'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      each: (start, stop, step = 1) => packed('real', realsUpTo(start, stop, step)),
    }),
    overload({
      params: ['decimal', 'decimal', 'decimal'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      each: (start, stop, step = decimalOf(1)) =>
        packed('decimal', decimalsUpTo(start, stop, step)),
    }),
    overload({
      params: ['datetime', 'datetime', 'timespan'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      each: (start, stop, step = TICKS_PER_HOUR) =>
        packed('datetime', longsUpTo(start, stop, step)),
    }),
    overload({
      params: ['timespan', 'timespan', 'timespan'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      each: (start, stop, step = TICKS_PER_HOUR) =>
        packed('timespan', longsUpTo(start, stop, step)),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/repeat-function */
export const repeat = scalar({
  name: 'repeat',
  naming: 'name-and-argument',
  doc: 'Array with the value so many times, at most 1048576; null for a negative number or null.',
  examples: [
    { query: 'print a = repeat("x", 2), b = repeat(1, -1)', rows: [{ a: ['x', 'x'], b: null }] },
  ],
  overloads: [
    overload({
      params: ['scalar', 'long'],
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = packer(types[0]!)
        return {
          each(value, count) {
            if (count === null || count < 0n) return null
            return new Array<Dynamic>(Math.min(Number(count), MAX_LENGTH)).fill(pack(value))
          },
        }
      },
    }),
  ],
})

function addPaths(value: Dynamic, path: string, paths: Set<string>): void {
  if (path !== '') paths.add(path)
  if (isArray(value)) {
    // All elements stand for the first: a path says what there is, not how often.
    for (const item of value) addPaths(item, `${path}[0]`, paths)
  } else if (isBag(value)) {
    for (const [name, item] of value) {
      addPaths(item, `${path}['${name.replace(/[\\']/g, '\\$&')}']`, paths)
    }
  }
}

/** @see https://learn.microsoft.com/kusto/query/treepath-function */
export const treepath = scalar({
  name: 'treepath',
  naming: { prefix: 'tree' },
  doc: 'Array of the paths of everything in a bag or array, elements of arrays all as `[0]`; null for what is neither.',
  examples: [
    {
      query: 'print r = treepath(dynamic({"prop1": [1, 2, {"x": 3}], "prop2": "v"}))',
      rows: [{ r: ["['prop1']", "['prop1'][0]", "['prop1'][0]['x']", "['prop2']"] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(value) {
        if (!isArray(value) && !isBag(value)) return null
        const paths = new Set<string>()
        addPaths(value, '', paths)
        return [...paths]
      },
    }),
  ],
})

function constantPath([path]: Constants): JsonPath {
  const steps = typeof path === 'string' ? parseJsonPath(path) : undefined
  if (steps === undefined) throw new QueryError('KS128', 'The text is no JSONPath.', 0)
  return steps
}

/** The type that a literal such as `typeof(long)` names; undefined where the argument names none. */
function namedType(constants: Constants): ScalarType | undefined {
  const name = constants[2]
  return typeof name === 'string' ? scalarTypeOf(name) : undefined
}

/** @see https://learn.microsoft.com/kusto/query/extract-json-function */
export const extract_json = scalar({
  name: 'extract_json',
  aliases: ['extractjson'],
  doc: 'What is at a JSONPath in a JSON text, as a string or in the type of the third argument. Null, or the empty string, where the text is no JSON, there is nothing at the path, or it does not convert.',
  examples: [
    {
      query: `print a = extract_json("$.x[1]['y z']", '{"x": [1, {"y z": 30}]}'), b = extract_json("$.n", '{"n": "5"}', typeof(long))`,
      rows: [{ a: '30', b: 5 }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string'],
      constants: [0],
      returns: 'string',
      nulls: 'propagate',
      prepare(constants) {
        const path = constantPath(constants)
        return { each: (_, text) => dynamicToText(atPath(parseDynamic(text) ?? null, path)) }
      },
    }),
    overload({
      params: ['string', 'string', 'string'],
      constants: [0, 2],
      returns: (_, constants) => namedType(constants) ?? 'string',
      nulls: 'propagate',
      prepare(constants) {
        const path = constantPath(constants)
        const type = namedType(constants)
        if (type === undefined) {
          throw new QueryError('KS128', 'The argument is no type, such as typeof(long).', 2)
        }
        const convert: ((value: Dynamic) => ScalarValue) | undefined = conversion('dynamic', type)
        return {
          each(_, text) {
            const value = atPath(parseDynamic(text) ?? null, path)
            return value === null || convert === undefined ? null : convert(value)
          },
        }
      },
    }),
  ],
})

/** {@link printDynamic} with the slots of every bag in the order of their names. */
function canonical(value: Dynamic): Dynamic {
  if (isArray(value)) return value.map(canonical)
  if (!isBag(value)) return value
  const slots = [...value].sort(([a], [b]) => compareStrings(a, b))
  return new Map(slots.map(([name, item]) => [name, canonical(item)]))
}

/** @see https://learn.microsoft.com/kusto/query/dynamic-to-json-function */
export const dynamic_to_json = scalar({
  name: 'dynamic_to_json',
  doc: 'JSON text of a dynamic with the slots of bags in the order of their names; of a value of another type what `tostring` gives. The empty string for null.',
  examples: [
    {
      query: 'print r = dynamic_to_json(dynamic({"b": [1, {"d": 2, "c": 3}], "a": "x"}))',
      rows: [{ r: '{"a":"x","b":[1,{"c":3,"d":2}]}' }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_, __, [type]) {
        if (type === 'dynamic') return { each: value => printDynamic(canonical(value as Dynamic)) }
        const convert = conversion(type!, 'string') as (value: ScalarValue) => ScalarValue
        return { each: value => convert(value) as string | null }
      },
    }),
  ],
})
