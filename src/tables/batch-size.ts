import type { Dynamic } from '../types/dynamic.ts'
import { DynamicScalar } from '../types/dynamic.ts'
import type { ColumnBatch } from './batch.ts'
import { RawJson } from './raw-json.ts'
import type { DynamicCell, Vector } from './vector.ts'

/** What an object of JavaScript costs besides its content, with the pointer to it, roughly. */
export const OBJECT_BYTES = 48
/** A pointer, as an element of an array is. */
const POINTER_BYTES = 8
/** A text besides its characters: its head, often that of a view, and the pointer to it. */
const TEXT_BYTES = 40
/** A Decimal with the array of its digits. */
const DECIMAL_BYTES = 160
/** An empty Map, and each entry of one: Maps double when they are full. */
const MAP_BYTES = 200
const ENTRY_BYTES = 64
/** Values of a column that are looked at to estimate the others. */
const SAMPLE = 64

const WIDE = /[\u0100-\uffff]/

/** Roughly how many bytes a text takes, with the pointer to it. */
export function textBytes(text: string): number {
  return TEXT_BYTES + (WIDE.test(text) ? text.length * 2 : text.length)
}

/** Roughly how many bytes a cell of a dynamic vector takes. */
export function cellBytes(cell: DynamicCell): number {
  if (!(cell instanceof RawJson)) return dynamicBytes(cell)
  const { parsed } = cell
  const text = OBJECT_BYTES + TEXT_BYTES + cell.size
  return parsed === undefined ? text : text + dynamicBytes(parsed)
}

/** Roughly how many bytes a dynamic value takes. */
export function dynamicBytes(value: Dynamic): number {
  switch (typeof value) {
    case 'string':
      return textBytes(value)
    case 'number':
      return Number.isInteger(value) ? POINTER_BYTES : POINTER_BYTES * 3
    case 'bigint':
      return POINTER_BYTES * 4
    case 'boolean':
      return POINTER_BYTES
    default:
      return value === null ? POINTER_BYTES : treeBytes(value)
  }
}

function treeBytes(value: Exclude<Dynamic, string | number | bigint | boolean | null>): number {
  let bytes = OBJECT_BYTES
  if (value instanceof Map) {
    bytes += MAP_BYTES
    for (const [name, member] of value as ReadonlyMap<string, Dynamic>) {
      bytes += ENTRY_BYTES + name.length + dynamicBytes(member)
    }
  } else if (Array.isArray(value)) {
    const elements = value as readonly Dynamic[]
    bytes += sampledBytes(elements.length, at => dynamicBytes(elements[at] ?? null))
  } else if (value instanceof DynamicScalar) {
    bytes += typeof value.value === 'string' ? textBytes(value.value) : POINTER_BYTES * 3
  }
  return bytes
}

/**
 * Roughly how many bytes the rows of a batch take in memory. The texts of dictionaries do not count:
 * batches share them.
 */
export function batchBytes(batch: ColumnBatch): number {
  const { rows } = batch
  return batch.columns.reduce((sum, column) => sum + columnBytes(column, rows), 0)
}

/** Counts the bytes of batches that are kept, with the texts of each dictionary once. */
export class KeptBytes {
  /** The dictionaries whose texts are kept alive, and how many of their entries were counted. */
  readonly #dictionaries = new Map<readonly string[], number>()

  /** Roughly how many bytes more are kept with the rows of a batch. */
  of(batch: ColumnBatch): number {
    let bytes = batchBytes(batch)
    for (const vector of batch.columns) {
      if ((vector.type !== 'string' && vector.type !== 'guid') || !vector.dictionary) continue
      const { dict } = vector
      const counted = this.#dictionaries.get(dict) ?? 0
      for (let code = counted; code < dict.length; code++) bytes += textBytes(dict[code]!)
      this.#dictionaries.set(dict, dict.length)
    }
    return bytes
  }

  /** Nothing is kept any more. */
  clear(): void {
    this.#dictionaries.clear()
  }
}

function columnBytes(vector: Vector, rows: Uint32Array): number {
  const nulls = vector.nulls === undefined ? 0 : rows.length
  switch (vector.type) {
    case 'bool':
      return nulls + rows.length
    case 'int':
      return nulls + rows.length * 4
    case 'decimal':
      return nulls + rows.length * DECIMAL_BYTES
    case 'string':
    case 'guid':
      if (vector.dictionary) return nulls + rows.length * 4
      return nulls + sampledBytes(rows.length, at => textBytes(vector.at(rows[at]!)))
    case 'dynamic':
      if (vector.texts !== undefined) return nulls + rows.length * 4
      return nulls + sampledBytes(rows.length, at => cellBytes(vector.cellAt(rows[at]!)))
    default:
      return nulls + rows.length * 8
  }
}

/** An estimate of the sum of `bytes(0)`, … up to `count`, of which only some are asked for. */
export function sampledBytes(count: number, bytes: (at: number) => number): number {
  const looked = Math.min(count, SAMPLE)
  if (looked === 0) return 0
  let sum = 0
  for (let i = 0; i < looked; i++) sum += bytes(Math.floor((i * count) / looked))
  return (sum / looked) * count
}
