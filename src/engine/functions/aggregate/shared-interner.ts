import { dynamicBytes, textBytes } from '../../../tables/batch-size.ts'
import { ownText } from '../../../tables/own-text.ts'
import type { DecimalVector, DynamicVector, TextVector, Vector } from '../../../tables/vector.ts'
import { InternalError } from '../../../text/internal-error.ts'
import { formatDecimal } from '../../../types/decimal.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { DynamicScalar, dynamicKey, dynamicLong, dynamicReal } from '../../../types/dynamic.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { roomyInt32 } from './shared-buffers.ts'
import { WordTable } from './shared-word-table.ts'

/** Numbers the distinct values of a column from 0 on, in the order in which they appear. */
export interface Interner {
  /** Writes the number of each row's value into `ids`, by row. No row is null. */
  number(vector: Vector, selection: Uint32Array, ids: Uint32Array): void
  /** Numbers the values of another interner of the same type; by its numbers, ours. */
  adopt(other: Interner): Uint32Array
  /** The value with that number, as a dynamic. */
  valueOf(id: number): Dynamic
  /** Bytes in memory, roughly. */
  readonly bytes: number
}

/** What a value costs besides itself: an entry of a Map and a place in a list. */
const ENTRY_BYTES = 80

/** An interner for values of the type. */
export function internerFor(type: ScalarType): Interner {
  switch (type) {
    case 'string':
      return new TextInterner(text => text)
    case 'guid':
      return new TextInterner(text => new DynamicScalar('guid', text))
    case 'decimal':
      return new DecimalInterner()
    case 'dynamic':
      return new DynamicInterner()
    default:
      return new WordInterner(type)
  }
}

/** The numbers of a dictionary's entries, by code. */
class CodeNumbers {
  #dict: readonly string[] | undefined
  /** The number + 1, or 0 where it was not asked for. */
  #numbers: Int32Array = new Int32Array(0)

  get bytes(): number {
    return this.#numbers.byteLength
  }

  /** Writes the number of each row's text into `ids`, by row. */
  number(
    { codes, dict }: TextVector,
    selection: Uint32Array,
    ids: Uint32Array,
    numberOf: (text: string) => number,
  ): void {
    // A dictionary of which nothing is asked takes the place of no other.
    if (selection.length === 0) return
    if (this.#dict !== dict) {
      this.#dict = dict
      this.#numbers = new Int32Array(dict.length)
    }
    // It may have grown since.
    this.#numbers = roomyInt32(this.#numbers, dict.length)
    const numbers = this.#numbers
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      const code = codes[row]!
      let number = numbers[code]!
      if (number === 0) {
        number = numberOf(dict[code]!) + 1
        numbers[code] = number
      }
      ids[row] = number - 1
    }
  }
}

/**
 * Finds the numbers of texts. While all come from one dictionary, whose entries are distinct, none needs
 * to be found: the map is made when others come.
 */
class NumberedTexts {
  readonly #all: () => Iterable<readonly [string, number]>
  #map: Map<string, number> | undefined
  #dict: readonly string[] | undefined

  /** `all` gives what has a number. */
  constructor(all: () => Iterable<readonly [string, number]>) {
    this.#all = all
  }

  /** Whether an entry of the dictionary that is met for the first time has no number. */
  isOnly(dict: readonly string[]): boolean {
    if (this.#map !== undefined) return false
    this.#dict ??= dict
    return this.#dict === dict
  }

  get(text: string): number | undefined {
    this.#map ??= new Map(this.#all())
    return this.#map.get(text)
  }

  set(text: string, number: number): void {
    this.#map?.set(text, number)
  }
}

class TextInterner implements Interner {
  readonly #texts: string[] = []
  readonly #ids = new NumberedTexts(() => this.#texts.map((text, id) => [text, id]))
  readonly #pack: (text: string) => Dynamic
  readonly #codes = new CodeNumbers()
  #textBytes = 0

  constructor(pack: (text: string) => Dynamic) {
    this.#pack = pack
  }

  number(vector: Vector, selection: Uint32Array, ids: Uint32Array): void {
    const { codes, dict, dictionary } = vector as TextVector
    if (!dictionary) {
      for (let k = 0; k < selection.length; k++) {
        const row = selection[k]!
        ids[row] = this.idOf(dict[codes[row]!]!)
      }
      return
    }
    const numberOf = this.#ids.isOnly(dict)
      ? (text: string) => this.#add(text)
      : (text: string) => this.idOf(text)
    this.#codes.number(vector as TextVector, selection, ids, numberOf)
  }

  idOf(text: string): number {
    return this.#ids.get(text) ?? this.#add(ownText(text))
  }

  #add(text: string): number {
    const id = this.#texts.push(text) - 1
    this.#ids.set(text, id)
    this.#textBytes += textBytes(text)
    return id
  }

  get bytes(): number {
    return this.#textBytes + this.#texts.length * ENTRY_BYTES + this.#codes.bytes
  }

  adopt(other: Interner): Uint32Array {
    if (!(other instanceof TextInterner)) throw mismatch()
    return Uint32Array.from(other.#texts, text => this.idOf(text))
  }

  valueOf(id: number): Dynamic {
    return this.#pack(this.#texts[id]!)
  }
}

class DecimalInterner implements Interner {
  readonly #texts = new TextInterner(text => new DynamicScalar('decimal', text))

  number(vector: Vector, selection: Uint32Array, ids: Uint32Array): void {
    const { values } = vector as DecimalVector
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      ids[row] = this.#texts.idOf(formatDecimal(values[row]!))
    }
  }

  get bytes(): number {
    return this.#texts.bytes
  }

  adopt(other: Interner): Uint32Array {
    if (!(other instanceof DecimalInterner)) throw mismatch()
    return this.#texts.adopt(other.#texts)
  }

  valueOf(id: number): Dynamic {
    return this.#texts.valueOf(id)
  }
}

/** The interner of dynamics: values are one by `dynamicKey`. */
export class DynamicInterner implements Interner {
  readonly #ids = new Map<string, number>()
  /** Strings have a map of their own: most dynamics are strings, and need no key made. */
  readonly #strings = new NumberedTexts(() =>
    this.#values.flatMap((value, id) => (typeof value === 'string' ? [[value, id] as const] : [])),
  )
  readonly #values: Dynamic[] = []
  readonly #codes = new CodeNumbers()
  #valueBytes = 0

  get bytes(): number {
    return this.#valueBytes + this.#values.length * ENTRY_BYTES + this.#codes.bytes
  }

  number(vector: Vector, selection: Uint32Array, ids: Uint32Array): void {
    const dynamics = vector as DynamicVector
    const { texts } = dynamics
    if (texts?.dictionary === true) {
      const numberOf = this.#strings.isOnly(texts.dict)
        ? (text: string) => this.#addString(text)
        : (text: string) => this.idOf(text)
      this.#codes.number(texts, selection, ids, numberOf)
      return
    }
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      ids[row] = this.idOf(dynamics.at(row))
    }
  }

  idOf(value: Dynamic): number {
    if (typeof value === 'string') {
      return this.#strings.get(value) ?? this.#addString(ownText(value))
    }
    const key = dynamicKey(value)
    let id = this.#ids.get(key)
    if (id === undefined) {
      id = this.#values.push(value) - 1
      this.#ids.set(key, id)
      this.#valueBytes += textBytes(key) + dynamicBytes(value)
    }
    return id
  }

  #addString(text: string): number {
    const id = this.#values.push(text) - 1
    this.#strings.set(text, id)
    this.#valueBytes += textBytes(text)
    return id
  }

  adopt(other: Interner): Uint32Array {
    if (!(other instanceof DynamicInterner)) throw mismatch()
    return Uint32Array.from(other.#values, value => this.idOf(value))
  }

  valueOf(id: number): Dynamic {
    return this.#values[id]!
  }
}

type WordType = 'bool' | 'int' | 'long' | 'real' | 'datetime' | 'timespan'

const scratchReal = new Float64Array(1)
const scratchLong = new BigInt64Array(scratchReal.buffer)
const scratchWords = new Int32Array(scratchReal.buffer)

/** The interner of types of up to 64 bits. */
class WordInterner implements Interner {
  readonly #type: WordType
  readonly #table = new WordTable()

  constructor(type: WordType) {
    this.#type = type
  }

  number(vector: Vector, selection: Uint32Array, ids: Uint32Array): void {
    const table = this.#table
    switch (vector.type) {
      case 'bool':
      case 'int': {
        const { values } = vector
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          ids[row] = table.add(values[row]!, 0)
        }
        return
      }
      case 'real':
        this.#numberReals(vector.values, selection, ids)
        return
      case 'long':
      case 'datetime':
      case 'timespan': {
        const { halves } = vector
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          ids[row] = table.add(halves[row * 2]!, halves[row * 2 + 1]!)
        }
        return
      }
      default:
        throw mismatch()
    }
  }

  #numberReals(values: Float64Array, selection: Uint32Array, ids: Uint32Array): void {
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      // Adding 0 makes -0 and 0 one; NaN has one form here.
      scratchReal[0] = Number.isNaN(values[row]) ? Number.NaN : values[row]! + 0
      ids[row] = this.#table.add(scratchWords[0]!, scratchWords[1]!)
    }
  }

  get bytes(): number {
    return this.#table.bytes
  }

  adopt(other: Interner): Uint32Array {
    if (!(other instanceof WordInterner)) throw mismatch()
    const { low, high, size } = other.#table
    const ids = new Uint32Array(size)
    for (let id = 0; id < size; id++) ids[id] = this.#table.add(low[id]!, high[id]!)
    return ids
  }

  valueOf(id: number): Dynamic {
    const low = this.#table.low[id]!
    if (this.#type === 'bool') return low === 1
    if (this.#type === 'int') return low
    scratchWords[0] = low
    scratchWords[1] = this.#table.high[id]!
    if (this.#type === 'real') return dynamicReal(scratchReal[0]!)
    const value = scratchLong[0]!
    return this.#type === 'long' ? dynamicLong(value) : new DynamicScalar(this.#type, value)
  }
}

function mismatch(): InternalError {
  return new InternalError('distinct values of one type met those of another')
}
