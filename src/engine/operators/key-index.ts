import { NO_ROW } from '../../tables/batch.ts'
import { dynamicBytes, sampledBytes, textBytes } from '../../tables/batch-size.ts'
import { ownText } from '../../tables/own-text.ts'
import type { DynamicVector, ScalarValue, Vector } from '../../tables/vector.ts'
import { valueAt } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { type Dynamic, dynamicKey } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { IdMap } from './id-map.ts'

/** Ids of one column's values: 0 for null, then 1, 2, … in the order of appearance. */
abstract class ColumnIds {
  protected count = 0

  /** Bytes in memory, roughly. */
  abstract readonly bytes: number

  /** The same value, as it is kept here already, where it is. */
  kept(value: ScalarValue): ScalarValue {
    return value
  }

  /** Writes the id of each row's value to `out`; an unknown value is added, or else is NO_ROW. */
  abstract ids(vector: Vector, rows: Uint32Array, out: Uint32Array, add: boolean): void
}

/** A lookup in `map` that adds what is missing, where it may. */
function idOf<K>(map: IdMap<K>, key: K, add: boolean): number {
  const found = map.get(key)
  if (found !== undefined) return found
  if (!add) return NO_ROW
  const id = map.size + 1
  map.add(key, id)
  return id
}

class TextIds extends ColumnIds {
  readonly #map = new IdMap<string>()
  #dict: readonly string[] | undefined
  #byCode: number[] = []
  /** By id - 1. */
  readonly #texts: string[] = []
  #textBytes = 0

  get bytes(): number {
    const entries = this.#map.size * (ENTRY_BYTES + WORD_BYTES)
    return entries + this.#textBytes + this.#byCode.length * WORD_BYTES
  }

  ids(vector: Vector, rows: Uint32Array, out: Uint32Array, add: boolean): void {
    if (vector.type !== 'string' && vector.type !== 'guid') return
    const { dict, codes } = vector
    if (dict !== this.#dict) {
      this.#dict = dict
      this.#byCode = []
    }
    const byCode = this.#byCode
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      if (vector.isNull(row)) {
        out[row] = 0
        continue
      }
      const code = codes[row]!
      let id = vector.dictionary ? byCode[code] : undefined
      if (id === undefined || (id === NO_ROW && add)) {
        id = this.#idOf(dict[code]!, add)
        if (vector.dictionary) byCode[code] = id
      }
      out[row] = id
    }
  }

  #idOf(text: string, add: boolean): number {
    const found = this.#map.get(text)
    if (found !== undefined) return found
    if (!add) return NO_ROW
    const own = ownText(text)
    this.#textBytes += textBytes(own)
    this.#texts.push(own)
    return idOf(this.#map, own, true)
  }

  /** The text as it is kept here, where it is. */
  override kept(value: ScalarValue): ScalarValue {
    const id = typeof value === 'string' ? this.#map.get(value) : undefined
    return id === undefined ? value : this.#texts[id - 1]!
  }
}

/** 64-bit integers in two levels, by the high and the low word, so that none becomes a BigInt. */
class Int64Ids extends ColumnIds {
  readonly #byHigh = new Map<number, IdMap<number>>()

  get bytes(): number {
    return this.#byHigh.size * MAP_BYTES + this.count * ENTRY_BYTES
  }

  ids(vector: Vector, rows: Uint32Array, out: Uint32Array, add: boolean): void {
    if (vector.type !== 'long' && vector.type !== 'datetime' && vector.type !== 'timespan') return
    const { halves } = vector
    let high = Number.NaN
    let byLow: IdMap<number> | undefined
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      if (vector.isNull(row)) {
        out[row] = 0
        continue
      }
      if (halves[row * 2 + 1] !== high) {
        high = halves[row * 2 + 1]!
        byLow = this.#byHigh.get(high)
        if (byLow === undefined) {
          byLow = new IdMap()
          if (add) this.#byHigh.set(high, byLow)
        }
      }
      const low = halves[row * 2]!
      let id = byLow?.get(low)
      if (id === undefined) {
        id = NO_ROW
        if (add) {
          id = ++this.count
          byLow?.add(low, id)
        }
      }
      out[row] = id
    }
  }
}

/** Any other type, by a key that is equal where the values are. */
class KeyedIds extends ColumnIds {
  readonly #map = new IdMap<number | string>()
  #textBytes = 0

  get bytes(): number {
    return this.#map.size * ENTRY_BYTES + this.#textBytes
  }

  ids(vector: Vector, rows: Uint32Array, out: Uint32Array, add: boolean): void {
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      if (vector.isNull(row)) {
        out[row] = 0
        continue
      }
      const key = keyOf(vector, row)
      const before = this.#map.size
      out[row] = idOf(this.#map, key, add)
      if (this.#map.size > before) {
        this.#textBytes += typeof key === 'string' ? textBytes(key) : WORD_BYTES * 2
      }
    }
  }
}

function keyOf(vector: Vector, row: number): number | string {
  switch (vector.type) {
    case 'bool':
    case 'int':
    case 'real':
      return vector.values[row]!
    case 'decimal':
      return formatDecimal(vector.values[row]!)
    case 'dynamic':
      return dynamicKey((vector as DynamicVector).at(row))
    default:
      return String(valueAt(vector, row))
  }
}

function columnIds(type: ScalarType): ColumnIds {
  switch (type) {
    case 'string':
    case 'guid':
      return new TextIds()
    case 'long':
    case 'datetime':
    case 'timespan':
      return new Int64Ids()
    default:
      return new KeyedIds()
  }
}

const PAIR = 0x4000000
/** What an entry of a Map from numbers takes, with room to double, and one whose key is no small one. */
const ENTRY_BYTES = 64
const PAIR_BYTES = ENTRY_BYTES + 16
/** What a Map takes besides its entries. */
const MAP_BYTES = 240
const WORD_BYTES = 8

/** What the values of groups take, besides the texts that the ids of a column have too. */
function valueBytes(type: ScalarType, values: readonly ScalarValue[]): number {
  switch (type) {
    case 'string':
    case 'guid':
    case 'bool':
    case 'int':
      return values.length * WORD_BYTES
    case 'decimal':
      return values.length * WORD_BYTES * 20
    case 'dynamic':
      return sampledBytes(values.length, at => dynamicBytes(values[at] as Dynamic))
    default:
      return values.length * WORD_BYTES * 4
  }
}

/**
 * Numbers the distinct combinations of key values: 0, 1, … in the order of appearance. Null is equal
 * to null, and NaN to NaN.
 */
export class KeyIndex {
  readonly #types: readonly ScalarType[]
  readonly #columns: readonly ColumnIds[]
  /** For each column after the first: (id so far, id of the column) → id. */
  readonly #pairs: readonly IdMap<number>[]
  readonly #groups = new IdMap<number>()
  readonly #values: ScalarValue[][]
  #size = 0

  constructor(types: readonly ScalarType[]) {
    this.#types = types
    this.#columns = types.map(columnIds)
    this.#pairs = types.slice(1).map(() => new IdMap())
    this.#values = types.map(() => [])
  }

  get size(): number {
    return this.#size
  }

  /** Bytes in memory, roughly. */
  get bytes(): number {
    const columns = this.#columns.reduce((sum, column) => sum + column.bytes, 0)
    const pairs = this.#pairs.reduce((sum, { size }) => sum + size * PAIR_BYTES, 0)
    const values = this.#values.reduce((sum, own, at) => sum + valueBytes(this.#types[at]!, own), 0)
    return columns + pairs + this.#groups.size * ENTRY_BYTES + values
  }

  /** Adds the one group that there is without keys. */
  addUnit(): void {
    this.#size = 1
  }

  /** Writes each row's group to `out`, adding groups as they appear. */
  assign(keys: readonly Vector[], rows: Uint32Array, out: Uint32Array): void {
    const ids = this.#combine(keys, rows, true)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      const id = ids[row]!
      let group = this.#groups.get(id)
      if (group === undefined) {
        group = this.#size++
        this.#groups.add(id, group)
        keys.forEach((key, index) => {
          const value = this.#columns[index]?.kept(valueAt(key, row)) ?? null
          this.#values[index]?.push(value)
        })
      }
      out[row] = group
    }
  }

  /** Writes each row's group to `out`, NO_ROW where there is none. */
  find(keys: readonly Vector[], rows: Uint32Array, out: Uint32Array): void {
    const ids = this.#combine(keys, rows, false)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      const id = ids[row]!
      out[row] = id === NO_ROW ? NO_ROW : (this.#groups.get(id) ?? NO_ROW)
    }
  }

  #combine(keys: readonly Vector[], rows: Uint32Array, add: boolean): Uint32Array {
    const length = keys[0]?.length ?? 0
    const ids = new Uint32Array(length)
    const next = new Uint32Array(keys.length > 1 ? length : 0)
    keys.forEach((key, index) => {
      this.#columns[index]?.ids(key, rows, index === 0 ? ids : next, add)
      const pairs = this.#pairs[index - 1]
      if (index === 0 || pairs === undefined) return
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k]!
        const [a, b] = [ids[row]!, next[row]!]
        ids[row] = a === NO_ROW || b === NO_ROW ? NO_ROW : idOf(pairs, a * PAIR + b, add)
      }
    })
    return ids
  }

  /** The key values of the groups from `start` to `end`. */
  keyVectors(start: number, end: number): Vector[] {
    return this.#types.map((type, index) => {
      const values = this.#values[index]?.slice(start, end) ?? []
      return vectorOf(type, values) as Vector
    })
  }
}
