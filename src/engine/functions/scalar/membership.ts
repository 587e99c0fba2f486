import type { ScalarValue } from '../../../tables/vector.ts'
import { foldCase } from '../../../types/collation.ts'
import { commonType } from '../../../types/common-type.ts'
import { convertScalar } from '../../../types/convert.ts'
import { formatDecimal, isDecimal } from '../../../types/decimal.ts'
import { type Dynamic, dynamicKey, WholeReal } from '../../../types/dynamic.ts'
import { dynamicToText } from '../../../types/dynamic-json.ts'
import { isNumeric, type ScalarType } from '../../../types/scalar-type.ts'

/**
 * What values are told apart by: two values compared as one type are equal exactly when their keys
 * are. undefined for a value that is equal to none: null, NaN, or one that does not convert.
 */
type Key = string | number | bigint | boolean | undefined

/**
 * The type as which an operand and an item are compared, as by `==`: of two numbers the wider, an int
 * being a long, and so is a bool beside a number.
 */
function comparedAs(operand: ScalarType, item: ScalarType): ScalarType {
  if (operand === item || item === 'dynamic') return wide(operand)
  if (operand === 'dynamic') return wide(item)
  const numbers = [operand, item].map(type => (type === 'bool' ? 'long' : wide(type)))
  return (numbers.every(isNumeric) ? commonType(numbers) : undefined) ?? wide(operand)
}

function wide(type: ScalarType): ScalarType {
  return type === 'int' ? 'long' : type
}

function keyOf(value: ScalarValue, type: ScalarType, as: ScalarType): Key {
  if (as === 'string') return textKey(value, type)
  if (value === null) return undefined
  if (as === 'dynamic') return tagKey(value as Dynamic)
  if (as === 'long' || as === 'real') return numberKey(numberOf(value, type, as))
  if (type === as && as !== 'decimal') return value as Key
  const converted = convertScalar(value, type, as)
  return (isDecimal(converted) ? formatDecimal(converted) : (converted ?? undefined)) as Key
}

function textKey(value: ScalarValue, type: ScalarType): Key {
  if (typeof value === 'string') return value
  if (type === 'dynamic') return value === null ? undefined : dynamicToText(value as Dynamic)
  return value === null ? '' : (convertScalar(value, type, 'string') as string)
}

/** A number as one of the type; one in a dynamic stays what it is. */
function numberOf(value: ScalarValue, type: ScalarType, as: 'long' | 'real'): ScalarValue {
  if (type !== 'dynamic') return convertScalar(value, type, as)
  if (value instanceof WholeReal) return value.value
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  return isNumber ? value : convertScalar(value, type, as)
}

/** A number by its value, whatever its type: `1 in (1.0)` is true. */
function numberKey(value: ScalarValue): Key {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value
}

/** The key of a dynamic among dynamics: numbers by value, everything else by tag and value. */
function tagKey(value: Dynamic): Key {
  if (value instanceof WholeReal) return numberKey(value.value)
  if (typeof value === 'number' || typeof value === 'bigint') return numberKey(value)
  return dynamicKey(value)
}

/**
 * The items of an `in`: whether an operand is equal to one of them. An item that is a dynamic array
 * stands for its elements, and null for none. Items that are constant are prepared once.
 */
export class ItemSet {
  readonly #operand: ScalarType
  readonly #types: readonly ScalarType[]
  readonly #caseSensitive: boolean
  /** Keys of the constant items, by the type as which they are compared with the operand. */
  readonly #known = new Map<ScalarType, Set<Key>>()
  /** Positions of the items that differ by row. */
  readonly #varying: number[] = []

  constructor(
    operand: ScalarType,
    items: readonly (ScalarValue | undefined)[],
    types: readonly ScalarType[],
    caseSensitive: boolean,
  ) {
    this.#operand = operand
    this.#types = types
    this.#caseSensitive = caseSensitive
    items.forEach((item, index) => {
      if (item === undefined) {
        this.#varying.push(index)
        return
      }
      const as = comparedAs(operand, types[index]!)
      let keys = this.#known.get(as)
      if (keys === undefined) {
        keys = new Set()
        this.#known.set(as, keys)
      }
      for (const key of this.#itemKeys(item, types[index]!, as)) {
        if (key !== undefined) keys.add(key)
      }
    })
  }

  /** Whether all items are constant. */
  get constant(): boolean {
    return this.#varying.length === 0
  }

  /** The keys of the constant items where all items are compared as texts. */
  get texts(): ReadonlySet<unknown> {
    return this.#known.get('string') ?? new Set()
  }

  /** What longs within ±2^53 are equal to, as numbers; undefined where that depends on more. */
  get numbers(): ReadonlySet<unknown> | undefined {
    const types = [...this.#known.keys()]
    if (types.some(type => type !== 'long' && type !== 'real')) return undefined
    return new Set(types.flatMap(type => [...(this.#known.get(type) ?? [])]))
  }

  /** Whether the operand is equal to one of the constant items, or to one of `items` that vary. */
  has(operand: ScalarValue, items: readonly ScalarValue[]): boolean {
    for (const [as, keys] of this.#known) {
      const key = this.#operandKey(operand, as)
      if (key !== undefined && keys.has(key)) return true
    }
    return this.#varying.some(index => {
      const type = this.#types[index]!
      const as = comparedAs(this.#operand, type)
      const key = this.#operandKey(operand, as)
      return key !== undefined && this.#itemKeys(items[index] ?? null, type, as).includes(key)
    })
  }

  #key(value: ScalarValue, type: ScalarType, as: ScalarType): Key {
    const key = keyOf(value, type, as)
    return this.#caseSensitive || typeof key !== 'string' ? key : foldCase(key)
  }

  /** Beside strings a null is the empty text, as it is for `==`. */
  #operandKey(value: ScalarValue, as: ScalarType): Key {
    return value === null && as === 'string' ? '' : this.#key(value, this.#operand, as)
  }

  #itemKeys(item: ScalarValue, type: ScalarType, as: ScalarType): readonly Key[] {
    if (type === 'dynamic' && Array.isArray(item)) {
      return item.map((element: Dynamic) => this.#key(element, 'dynamic', as))
    }
    return [this.#key(item, type, as)]
  }
}

/** The texts that an item of `has_any` stands for: an array for its elements, null for none. */
export function textsOf(item: ScalarValue, type: ScalarType): readonly string[] {
  if (item === null) return []
  if (type !== 'dynamic') return [convertScalar(item, type, 'string') as string]
  const value = item as Dynamic
  if (!Array.isArray(value)) return [dynamicToText(value)]
  return value.filter(element => element !== null).map(dynamicToText)
}
