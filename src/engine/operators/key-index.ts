import { NO_ROW } from '../../tables/batch.ts'
import { dynamicBytes, sampledBytes, textBytes } from '../../tables/batch-size.ts'
import { ownText } from '../../tables/own-text.ts'
import type { DynamicVector, ScalarValue, Vector } from '../../tables/vector.ts'
import { valueAt } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { type Dynamic, dynamicKey } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { roomyUint32 } from '../functions/aggregate/shared-buffers.ts'
import { WordTable } from '../functions/aggregate/shared-word-table.ts'
import { IdMap } from './id-map.ts'

/** Ids of one column's values: 0 for null, then 1, 2, … in the order of appearance. */
abstract class ColumnIds {
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

  override kept(value: ScalarValue): ScalarValue {
    const id = typeof value === 'string' ? this.#map.get(value) : undefined
    return id === undefined ? value : this.#texts[id - 1]!
  }
}

/** 64-bit integers as pairs of words, so that none becomes a BigInt. */
class Int64Ids extends ColumnIds {
  readonly #table = new WordTable()

  get bytes(): number {
    return this.#table.bytes
  }

  ids(vector: Vector, rows: Uint32Array, out: Uint32Array, add: boolean): void {
    if (vector.type !== 'long' && vector.type !== 'datetime' && vector.type !== 'timespan') return
    const { halves } = vector
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      out[row] = vector.isNull(row)
        ? 0
        : pairId(this.#table, halves[row * 2]!, halves[row * 2 + 1]!, add)
    }
  }
}

/** The number of the pair from 1 on: what is missing is added, where it may, or else is NO_ROW. */
function pairId(table: WordTable, low: number, high: number, add: boolean): number {
  if (add) return table.add(low, high) + 1
  const found = table.find(low, high)
  return found < 0 ? NO_ROW : found + 1
}

/** Any other type, by a key that is equal where the values are. */
class KeyedIds extends ColumnIds {
  readonly #map = new IdMap<number | string>()
  #keyBytes = 0

  get bytes(): number {
    return this.#map.size * ENTRY_BYTES + this.#keyBytes
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
      if (this.#map.size === before) continue
      this.#keyBytes += typeof key === 'string' ? textBytes(key) : WORD_BYTES * 2
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

/** What an entry of a Map takes, with room to double. */
const ENTRY_BYTES = 64
const WORD_BYTES = 8

/** What the values of groups take, besides the texts, which the ids of their column have too. */
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
  readonly #pairs: readonly WordTable[]
  /** By the id of the combination: its group + 1, or 0. */
  #groups: Uint32Array = new Uint32Array(256)
  readonly #values: ScalarValue[][]
  #size = 0

  constructor(types: readonly ScalarType[]) {
    this.#types = types
    this.#columns = types.map(columnIds)
    this.#pairs = types.slice(1).map(() => new WordTable())
    this.#values = types.map(() => [])
  }

  get size(): number {
    return this.#size
  }

  /** Bytes in memory, roughly. */
  get bytes(): number {
    const columns = this.#columns.reduce((sum, column) => sum + column.bytes, 0)
    const pairs = this.#pairs.reduce((sum, table) => sum + table.bytes, 0)
    const values = this.#values.reduce((sum, own, at) => sum + valueBytes(this.#types[at]!, own), 0)
    return columns + pairs + this.#groups.byteLength + values
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
      if (id >= this.#groups.length) this.#groups = roomyUint32(this.#groups, id + 1)
      let group = this.#groups[id]! - 1
      if (group < 0) {
        group = this.#size++
        this.#groups[id] = group + 1
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
      const found = id < this.#groups.length ? this.#groups[id]! : 0
      out[row] = found === 0 ? NO_ROW : found - 1
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
        ids[row] = a === NO_ROW || b === NO_ROW ? NO_ROW : pairId(pairs, a, b, add)
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
