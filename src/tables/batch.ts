import type { Schema } from '../types/schema.ts'
import type { DynamicCell, Nulls, Vector } from './vector.ts'
import {
  BoolVector,
  DecimalVector,
  DynamicVector,
  Int64Vector,
  IntVector,
  identityRows,
  RealVector,
  TextVector,
} from './vector.ts'
import { allocate } from './vector-builder.ts'

/**
 * Some rows of a table, column by column. Where there is a `selection`, only the rows it lists are
 * part of the batch, in its order; the vectors hold more.
 */
export class ColumnBatch {
  readonly schema: Schema
  readonly columns: readonly Vector[]
  /** The length of every vector. */
  readonly length: number
  readonly selection: Uint32Array | undefined

  constructor(
    schema: Schema,
    columns: readonly Vector[],
    length: number,
    selection?: Uint32Array | undefined,
  ) {
    this.schema = schema
    this.columns = columns
    this.length = length
    this.selection = selection
  }

  /** How many rows the batch has. */
  get rowCount(): number {
    return this.selection === undefined ? this.length : this.selection.length
  }

  /** The positions of the rows in the vectors. Not to be written to. */
  get rows(): Uint32Array {
    return this.selection ?? identityRows(this.length)
  }

  /** The same vectors with other rows of them; `selection` holds positions in the vectors. */
  select(selection: Uint32Array): ColumnBatch {
    return new ColumnBatch(this.schema, this.columns, this.length, selection)
  }

  /** The rows from `start` to `end` of the batch, which may have fewer. */
  slice(start: number, end: number): ColumnBatch {
    return this.select(this.rows.subarray(start, end))
  }

  /** The rows in batches of so many each, and what is left in a last one. */
  *slices(size: number): Generator<ColumnBatch> {
    for (let start = 0; start < this.rowCount; start += size) yield this.slice(start, start + size)
  }

  /** The rows from `start` to `end` with vectors that share the memory of these and hold no others. */
  section(start: number, end: number): ColumnBatch {
    if (this.selection !== undefined) return this.slice(start, end).compact()
    const columns = this.columns.map(column => sectionOf(column, start, end))
    return new ColumnBatch(this.schema, columns, end - start)
  }

  /** The same rows with vectors that hold nothing else. */
  compact(): ColumnBatch {
    const { selection } = this
    if (selection === undefined) return this
    const columns = this.columns.map(column => gather(column, selection))
    return new ColumnBatch(this.schema, columns, selection.length)
  }
}

/** A position for {@link gather} that stands for no row: the value is null (an empty string). */
export const NO_ROW = 0xffffffff

function gatherNulls(nulls: Nulls, rows: Uint32Array): Nulls {
  let out: Nulls
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row === NO_ROW || (nulls !== undefined && nulls[row] === 1)) {
      out ??= new Uint8Array(rows.length)
      out[i] = 1
    }
  }
  return out
}

function gatherText(vector: TextVector, rows: Uint32Array): TextVector {
  const nulls = vector.type === 'guid' ? gatherNulls(vector.nulls, rows) : undefined
  if (vector.dictionary) {
    const codes = new Uint32Array(rows.length)
    let missing = false
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (row === NO_ROW) missing = true
      else codes[i] = vector.codes[row]!
    }
    if (!missing || vector.type === 'guid') {
      return new TextVector(vector.type, codes, vector.dict, true, nulls)
    }
  }
  const values = new Array<string>(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    values[i] = row === NO_ROW ? '' : vector.dict[vector.codes[row]!]!
  }
  return TextVector.plain(vector.type, values, nulls)
}

function sectionOf(vector: Vector, start: number, end: number): Vector {
  const nulls = vector.nulls?.subarray(start, end)
  switch (vector.type) {
    case 'string':
    case 'guid': {
      const { type, codes, dict, dictionary } = vector as TextVector
      return new TextVector(type, codes.subarray(start, end), dict, dictionary, nulls) as Vector
    }
    case 'bool':
      return new BoolVector(vector.values.subarray(start, end), nulls)
    case 'int':
      return new IntVector(vector.values.subarray(start, end), nulls)
    case 'real':
      return new RealVector(vector.values.subarray(start, end), nulls)
    case 'decimal':
      return new DecimalVector(vector.values.slice(start, end), nulls)
    case 'dynamic':
      return vector.texts === undefined
        ? new DynamicVector(vector.values.slice(start, end), nulls)
        : new DynamicVector(sectionOf(vector.texts, start, end) as TextVector<'string'>, nulls)
    default: {
      const values = vector.values.subarray(start, end)
      return new Int64Vector(vector.type, values, nulls) as Vector
    }
  }
}

/** A vector with the values at `rows`, in that order; {@link NO_ROW} gives null. */
export function gather(vector: Vector, rows: Uint32Array): Vector {
  const size = rows.length
  switch (vector.type) {
    case 'string':
    case 'guid':
      return gatherText(vector, rows) as Vector
    case 'bool': {
      const values = new Uint8Array(size)
      for (let i = 0; i < size; i++) values[i] = vector.values[rows[i]!]!
      return new BoolVector(values, gatherNulls(vector.nulls, rows))
    }
    case 'int': {
      const values = new Int32Array(size)
      for (let i = 0; i < size; i++) values[i] = vector.values[rows[i]!]!
      return new IntVector(values, gatherNulls(vector.nulls, rows))
    }
    case 'real': {
      const values = new Float64Array(size)
      for (let i = 0; i < size; i++) values[i] = vector.values[rows[i]!]!
      return new RealVector(values, gatherNulls(vector.nulls, rows))
    }
    case 'decimal': {
      const values = allocate('decimal', size).values
      for (let i = 0; i < size; i++) if (rows[i] !== NO_ROW) values[i] = vector.values[rows[i]!]!
      return new DecimalVector(values, gatherNulls(vector.nulls, rows))
    }
    case 'dynamic': {
      const nulls = gatherNulls(vector.nulls, rows)
      if (vector.texts !== undefined && !rows.includes(NO_ROW)) {
        return new DynamicVector(gatherText(vector.texts, rows) as TextVector<'string'>, nulls)
      }
      const values = new Array<DynamicCell>(size)
      for (let i = 0; i < size; i++) {
        values[i] = rows[i] === NO_ROW ? null : vector.cellAt(rows[i]!)
      }
      return new DynamicVector(values, nulls)
    }
    default: {
      const values = new BigInt64Array(size)
      const source = vector.values
      for (let i = 0; i < size; i++) if (rows[i] !== NO_ROW) values[i] = source[rows[i]!]!
      return new Int64Vector(vector.type, values, gatherNulls(vector.nulls, rows)) as Vector
    }
  }
}

/** All rows of the batches as one batch without a selection. */
export function concat(schema: Schema, batches: readonly ColumnBatch[]): ColumnBatch {
  if (batches.length === 1) return (batches[0] as ColumnBatch).compact()
  const length = batches.reduce((sum, batch) => sum + batch.rowCount, 0)
  const columns = schema.map((_, index) => concatColumn(schema, index, batches, length))
  return new ColumnBatch(schema, columns, length)
}

function concatColumn(
  schema: Schema,
  index: number,
  batches: readonly ColumnBatch[],
  length: number,
): Vector {
  const type = schema[index]!.type
  const first = batches[0]?.columns[index]
  if ((type === 'string' || type === 'guid') && first !== undefined) {
    const shared = (first as TextVector).dict
    const same = batches.every(batch => {
      const column = batch.columns[index] as TextVector
      return column.dictionary && column.dict === shared
    })
    if (same) return concatCodes(type, index, batches, length, shared)
  }
  const out = allocate(type, length)
  let offset = 0
  for (const batch of batches) {
    copyInto(out, offset, batch.columns[index]!, batch.rows)
    offset += batch.rowCount
  }
  return out
}

function concatCodes(
  type: 'string' | 'guid',
  index: number,
  batches: readonly ColumnBatch[],
  length: number,
  dict: string[],
): Vector {
  const out = new TextVector(type, new Uint32Array(length), dict, true)
  let offset = 0
  for (const batch of batches) {
    const column = batch.columns[index] as TextVector
    for (const row of batch.rows) {
      if (column.isNull(row)) out.setNull(offset)
      out.codes[offset++] = column.codes[row]!
    }
  }
  return out as Vector
}

/** Copies the rows of `from` into `to`, a vector from `allocate` of the same type, at `offset`. */
export function copyInto(to: Vector, offset: number, from: Vector, rows: Uint32Array): void {
  if (from.nulls !== undefined) {
    for (let i = 0; i < rows.length; i++) if (from.nulls[rows[i]!] === 1) to.setNull(offset + i)
  }
  switch (to.type) {
    case 'string':
    case 'guid': {
      const { dict, codes } = from as TextVector
      for (let i = 0; i < rows.length; i++) to.dict[offset + i] = dict[codes[rows[i]!]!]!
      return
    }
    case 'long':
    case 'datetime':
    case 'timespan': {
      const { values } = from as Int64Vector
      for (let i = 0; i < rows.length; i++) to.values[offset + i] = values[rows[i]!]!
      return
    }
    case 'decimal': {
      const { values } = from as DecimalVector
      for (let i = 0; i < rows.length; i++) to.values[offset + i] = values[rows[i]!]!
      return
    }
    case 'dynamic': {
      const cells = from as DynamicVector
      for (let i = 0; i < rows.length; i++) to.values[offset + i] = cells.cellAt(rows[i]!)
      return
    }
    default: {
      const { values } = from as RealVector
      for (let i = 0; i < rows.length; i++) to.values[offset + i] = values[rows[i]!]!
    }
  }
}
