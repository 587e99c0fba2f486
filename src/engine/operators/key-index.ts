import { NO_ROW } from '../../tables/batch.ts'
import { dynamicBytes, sampledBytes, textBytes } from '../../tables/batch-size.ts'
import { ownText } from '../../tables/own-text.ts'
import { isDictionaryWasted } from '../../tables/text-builder.ts'
import type { DynamicVector, ScalarValue, Vector } from '../../tables/vector.ts'
import { Int64Vector, TextVector, valueAt } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { type Dynamic, dynamicKey } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { roomyUint32 } from '../functions/aggregate/shared-buffers.ts'
import { WordTable } from '../functions/aggregate/shared-word-table.ts'
import { IdMap } from './id-map.ts'
import { PairIds } from './pair-ids.ts'

/** Ids of one column's values: 0 for null, then 1, 2, … in the order of appearance. */
abstract class ColumnIds {
  /** Bytes in memory, roughly. */
  abstract readonly bytes: number

  /** Notes the value of a new group: it is that of the row, which has the id. */
  abstract note(vector: Vector, row: number, id: number): void

  /** The values of the groups from `start` to `end`, in the order in which they were noted. */
  abstract values(start: number, end: number): Vector

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

/** The id of each group's value. */
class GroupIds {
  #ids: Uint32Array = new Uint32Array(256)
  #size = 0

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#ids.byteLength
  }

  add(id: number): void {
    this.#ids = roomyUint32(this.#ids, this.#size + 1)
    this.#ids[this.#size++] = id
  }

  slice(start: number, end: number): Uint32Array {
    return this.#ids.slice(start, end)
  }
}

class TextIds extends ColumnIds {
  readonly #type: 'string' | 'guid'
  readonly #groups = new GroupIds()
  readonly #map = new IdMap<string>()
  #dict: readonly string[] | undefined
  /** The id by code, or 0 where it was not asked for. */
  #byCode: Uint32Array = new Uint32Array(0)
  /** By id - 1. */
  readonly #texts: string[] = []
  #textBytes = 0

  constructor(type: 'string' | 'guid') {
    super()
    this.#type = type
  }

  get bytes(): number {
    const entries = this.#map.size * (ENTRY_BYTES + WORD_BYTES)
    return entries + this.#textBytes + this.#byCode.byteLength + this.#groups.bytes
  }

  note(_vector: Vector, _row: number, id: number): void {
    this.#groups.add(id)
  }

  values(start: number, end: number): Vector {
    const codes = this.#groups.slice(start, end)
    const texts = this.#texts
    let nulls: Uint8Array | undefined
    for (let at = 0; at < codes.length; at++) {
      if (codes[at] === 0) {
        nulls ??= new Uint8Array(codes.length)
        nulls[at] = 1
      } else codes[at]!--
    }
    // What computes on with few texts, in many combinations, has them by their codes.
    if (!isDictionaryWasted(texts.length, this.#groups.size, this.#textBytes)) {
      const dict = texts.length === 0 ? [''] : texts
      return new TextVector(this.#type, codes, dict, true, nulls) as Vector
    }
    const plain = Array.from(codes, code => texts[code] ?? '')
    return TextVector.plain(this.#type, plain, nulls) as Vector
  }

  ids(vector: Vector, rows: Uint32Array, out: Uint32Array, add: boolean): void {
    if (vector.type !== 'string' && vector.type !== 'guid') return
    const { dict, codes, nulls } = vector
    const byCode = vector.dictionary ? this.#idsByCode(dict) : undefined
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      if (nulls !== undefined && nulls[row] === 1) {
        out[row] = 0
        continue
      }
      const code = codes[row]!
      let id = byCode === undefined ? 0 : byCode[code]!
      if (id === 0 || (id === NO_ROW && add)) {
        id = this.#idOf(dict[code]!, add)
        if (byCode !== undefined) byCode[code] = id
      }
      out[row] = id
    }
  }

  #idsByCode(dict: readonly string[]): Uint32Array {
    if (dict !== this.#dict) {
      this.#dict = dict
      this.#byCode = new Uint32Array(dict.length)
    }
    // It may have grown since.
    this.#byCode = roomyUint32(this.#byCode, dict.length)
    return this.#byCode
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
}

/** 64-bit integers as pairs of words, so that none becomes a BigInt. */
class Int64Ids extends ColumnIds {
  readonly #type: 'long' | 'datetime' | 'timespan'
  readonly #table = new WordTable()
  readonly #groups = new GroupIds()

  constructor(type: 'long' | 'datetime' | 'timespan') {
    super()
    this.#type = type
  }

  get bytes(): number {
    return this.#table.bytes + this.#groups.bytes
  }

  note(_vector: Vector, _row: number, id: number): void {
    this.#groups.add(id)
  }

  values(start: number, end: number): Vector {
    const ids = this.#groups.slice(start, end)
    const out = new Int64Vector(this.#type, new BigInt64Array(ids.length))
    const { low, high } = this.#table
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      if (id === 0) out.setNull(at)
      else {
        out.halves[at * 2] = low[id - 1]!
        out.halves[at * 2 + 1] = high[id - 1]!
      }
    }
    return out as Vector
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
  readonly #type: ScalarType
  readonly #map = new IdMap<number | string>()
  readonly #values: ScalarValue[] = []
  #keyBytes = 0

  constructor(type: ScalarType) {
    super()
    this.#type = type
  }

  get bytes(): number {
    return this.#map.size * ENTRY_BYTES + this.#keyBytes + valueBytes(this.#type, this.#values)
  }

  note(vector: Vector, row: number): void {
    this.#values.push(valueAt(vector, row))
  }

  values(start: number, end: number): Vector {
    return vectorOf(this.#type, this.#values.slice(start, end)) as Vector
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
      return new TextIds(type)
    case 'long':
    case 'datetime':
    case 'timespan':
      return new Int64Ids(type)
    default:
      return new KeyedIds(type)
  }
}

/** What an entry of a Map takes, with room to double. */
const ENTRY_BYTES = 64
const WORD_BYTES = 8

/** What the values of groups take. */
function valueBytes(type: ScalarType, values: readonly ScalarValue[]): number {
  switch (type) {
    case 'decimal':
      return values.length * WORD_BYTES * 20
    case 'dynamic':
      return sampledBytes(values.length, at => dynamicBytes(values[at] as Dynamic))
    default:
      return values.length * WORD_BYTES
  }
}

/**
 * Numbers the distinct combinations of key values: 0, 1, … in the order of appearance. Null is equal
 * to null, and NaN to NaN.
 */
export class KeyIndex {
  readonly #columns: readonly ColumnIds[]
  /** For each column after the first: (id so far, id of the column) → id. */
  readonly #pairs: readonly PairIds[]
  /** By the id of the combination: its group + 1, or 0. */
  #groups: Uint32Array = new Uint32Array(256)
  #size = 0

  constructor(types: readonly ScalarType[]) {
    this.#columns = types.map(columnIds)
    this.#pairs = types.slice(1).map(() => new PairIds())
  }

  get size(): number {
    return this.#size
  }

  /** Bytes in memory, roughly. */
  get bytes(): number {
    const columns = this.#columns.reduce((sum, column) => sum + column.bytes, 0)
    const pairs = this.#pairs.reduce((sum, table) => sum + table.bytes, 0)
    return columns + pairs + this.#groups.byteLength
  }

  /** Adds the one group that there is without keys. */
  addUnit(): void {
    this.#size = 1
  }

  /** Writes each row's group to `out`, adding groups as they appear. */
  assign(keys: readonly Vector[], rows: Uint32Array, out: Uint32Array): void {
    const own: Uint32Array[] = []
    const ids = this.#combine(keys, rows, true, own)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      const id = ids[row]!
      if (id >= this.#groups.length) this.#groups = roomyUint32(this.#groups, id + 1)
      let group = this.#groups[id]! - 1
      if (group < 0) {
        group = this.#size++
        this.#groups[id] = group + 1
        for (let index = 0; index < own.length; index++) {
          this.#columns[index]!.note(keys[index]!, row, own[index]![row]!)
        }
      }
      out[row] = group
    }
  }

  /** Writes each row's group to `out`, NO_ROW where there is none. */
  find(keys: readonly Vector[], rows: Uint32Array, out: Uint32Array): void {
    const ids = this.#combine(keys, rows, false, [])
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      const id = ids[row]!
      const found = id < this.#groups.length ? this.#groups[id]! : 0
      out[row] = found === 0 ? NO_ROW : found - 1
    }
  }

  /** The id of each row's combination; puts those of its columns into `own`. */
  #combine(
    keys: readonly Vector[],
    rows: Uint32Array,
    add: boolean,
    own: Uint32Array[],
  ): Uint32Array {
    const length = keys[0]?.length ?? 0
    let ids = new Uint32Array(keys.length === 0 ? length : 0)
    keys.forEach((key, index) => {
      const next = new Uint32Array(length)
      own.push(next)
      this.#columns[index]?.ids(key, rows, next, add)
      const pairs = this.#pairs[index - 1]
      if (index === 0 || pairs === undefined) {
        ids = next
        return
      }
      const combined = new Uint32Array(length)
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k]!
        const a = ids[row]!
        const b = next[row]!
        combined[row] = a === NO_ROW || b === NO_ROW ? NO_ROW : pairs.idOf(a, b, add)
      }
      ids = combined
    })
    return ids
  }

  /** The key values of the groups from `start` to `end`. */
  keyVectors(start: number, end: number): Vector[] {
    return this.#columns.map(column => column.values(start, end))
  }
}
