import { decimalOf } from '../../types/decimal.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'
import { ColumnBatch } from '../batch.ts'
import {
  BoolVector,
  DecimalVector,
  type DynamicCell,
  DynamicVector,
  Int64Vector,
  IntVector,
  type Nulls,
  RealVector,
  TextVector,
  type Vector,
} from '../vector.ts'
import { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { readCell, writeCell } from './dynamic-codec.ts'

const PLAIN = 0
const DICTIONARY = 1

/** Writes the rows of a batch without a selection, whose schema the reader must know. */
export function writeBatch(writer: ByteWriter, batch: ColumnBatch): void {
  writer.uint32(batch.length)
  for (const column of batch.columns) writeColumn(writer, column)
}

/** The batch that {@link writeBatch} wrote: the same values, types and nulls, row by row. */
export function readBatch(bytes: Uint8Array, schema: Schema): ColumnBatch {
  const reader = new ByteReader(bytes)
  const length = reader.uint32()
  const columns = schema.map(({ type }) => readColumn(reader, type, length))
  return new ColumnBatch(schema, columns, length)
}

function writeColumn(writer: ByteWriter, vector: Vector): void {
  const { nulls } = vector
  writer.byte(nulls === undefined ? 0 : 1)
  if (nulls !== undefined) writer.array(nulls.subarray(0, vector.length))
  switch (vector.type) {
    case 'string':
    case 'guid':
      writeTexts(writer, vector)
      return
    case 'decimal':
      // Not by `toString`, which has no sign of zero.
      for (const value of vector.values) writer.text(value.valueOf())
      return
    case 'dynamic':
      for (const cell of vector.values) writeCell(writer, cell)
      return
    default:
      writer.array(vector.values)
  }
}

function readColumn(reader: ByteReader, type: ScalarType, length: number): Vector {
  const nulls = reader.byte() === 1 ? new Uint8Array(reader.buffer(length)) : undefined
  switch (type) {
    case 'string':
    case 'guid':
      return readTexts(reader, type, length, nulls) as Vector
    case 'bool':
      return new BoolVector(new Uint8Array(reader.buffer(length)), nulls)
    case 'int':
      return new IntVector(new Int32Array(reader.buffer(length * 4)), nulls)
    case 'real':
      return new RealVector(new Float64Array(reader.buffer(length * 8)), nulls)
    case 'decimal': {
      const values = Array.from({ length }, () => decimalOf(reader.text()))
      return new DecimalVector(values, nulls)
    }
    case 'dynamic': {
      const cells = Array.from({ length }, (): DynamicCell => readCell(reader))
      return new DynamicVector(cells, nulls)
    }
    default: {
      const values = new BigInt64Array(reader.buffer(length * 8))
      return new Int64Vector(type, values, nulls) as Vector
    }
  }
}

/**
 * Texts in one piece, with the length of each; those of a dictionary once each, with codes. The code of
 * a null guid may be of no entry.
 */
function writeTexts(writer: ByteWriter, { codes, dict, dictionary }: TextVector): void {
  if (!dictionary) {
    writer.byte(PLAIN)
    writeEntries(
      writer,
      Array.from(codes, code => dict[code] ?? ''),
    )
    return
  }
  const used = new Map<number, number>()
  const own = new Uint32Array(codes.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    let entry = used.get(code)
    if (entry === undefined) {
      entry = used.size
      used.set(code, entry)
    }
    own[row] = entry
  }
  writer.byte(DICTIONARY)
  writer.uint32(used.size)
  writeEntries(
    writer,
    Array.from(used.keys(), code => dict[code] ?? ''),
  )
  writer.array(own)
}

function readTexts<T extends 'string' | 'guid'>(
  reader: ByteReader,
  type: T,
  length: number,
  nulls: Nulls,
): TextVector<T> {
  if (reader.byte() === PLAIN) return TextVector.plain(type, readEntries(reader, length), nulls)
  const dict = readEntries(reader, reader.uint32())
  const codes = new Uint32Array(reader.buffer(length * 4))
  return new TextVector(type, codes, dict, true, nulls)
}

function writeEntries(writer: ByteWriter, entries: readonly string[]): void {
  writer.array(Uint32Array.from(entries, entry => entry.length))
  writer.text(entries.join(''))
}

function readEntries(reader: ByteReader, count: number): string[] {
  const lengths = new Uint32Array(reader.buffer(count * 4))
  const text = reader.text()
  const entries = new Array<string>(count)
  let at = 0
  for (let i = 0; i < count; i++) {
    entries[i] = text.slice(at, at + (lengths[i] as number))
    at += lengths[i] as number
  }
  return entries
}
