import type { ColumnBatch } from './batch.ts'
import { RawJson } from './raw-json.ts'
import type { Vector } from './vector.ts'

/** What an object of JavaScript costs besides its content, roughly. */
const OBJECT_BYTES = 48
/** What an element of an array inside a dynamic costs at least. */
const ELEMENT_BYTES = 8
/** Values of a column that are looked at to estimate the others. */
const SAMPLE = 64

/** Roughly how many bytes the rows of a batch take in memory. */
export function batchBytes(batch: ColumnBatch): number {
  const { rows } = batch
  return batch.columns.reduce((sum, column) => sum + columnBytes(column, rows), 0)
}

function columnBytes(vector: Vector, rows: Uint32Array): number {
  switch (vector.type) {
    case 'bool':
      return rows.length
    case 'int':
      return rows.length * 4
    case 'decimal':
      return rows.length * OBJECT_BYTES
    case 'string':
    case 'guid':
      if (vector.dictionary) return rows.length * 4
      return sampled(rows, row => OBJECT_BYTES + vector.at(row).length)
    case 'dynamic':
      return sampled(rows, row => {
        const cell = vector.values[row]
        if (cell instanceof RawJson) return OBJECT_BYTES + cell.size
        return OBJECT_BYTES * 2 + (Array.isArray(cell) ? cell.length * ELEMENT_BYTES : 0)
      })
    default:
      return rows.length * 8
  }
}

function sampled(rows: Uint32Array, bytes: (row: number) => number): number {
  const count = Math.min(rows.length, SAMPLE)
  if (count === 0) return 0
  let sum = 0
  for (let i = 0; i < count; i++) sum += bytes(rows[Math.floor((i * rows.length) / count)]!)
  return (sum / count) * rows.length
}
