import { type ColumnSource, fileWriter, ParquetWriter, type Writer } from 'hyparquet-writer'
import type { ColumnBatch } from '../../tables/batch.ts'
import {
  CREATED_BY,
  FORM_KEY,
  printForm,
  type StoredColumn,
} from '../../tables/parquet/ingested-form.ts'
import { SignatureBuilder } from '../../tables/parquet/word-signature.ts'
import type { Vector } from '../../tables/vector.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Column } from '../../types/schema.ts'
import { type ColumnData, dataOf, elementOf, fitsNanos, hasValue } from './column-data.ts'

/** Texts that are longer on average get signatures of their words. */
const LONG_TEXT = 96
/** Values a page has, in bytes: what is decoded at least where a row of it is asked for. */
const PAGE_BYTES = 1 << 15
const SAMPLED = 256
const TEXT_TYPES: readonly ScalarType[] = ['string', 'guid', 'decimal', 'dynamic']

/** One Parquet file of an ingested table, written row group by row group. */
export class ParquetPart {
  readonly path: string
  readonly #table: string
  readonly #time: string | undefined
  readonly #columns: readonly StoredColumn[]
  readonly #output: Writer
  readonly #writer: ParquetWriter
  readonly #filled = new Set<string>()
  // Columns may have any name: `constructor`, `__proto__`.
  readonly #words: Record<string, number[]> = Object.create(null)
  readonly #halves: Record<string, [number, string][]> = Object.create(null)
  #groups = 0
  rows = 0

  /** @param first rows that the file has to hold; how datetimes are stored is told from them */
  constructor(path: string, table: string, time: string | undefined, first: ColumnBatch) {
    this.path = path
    this.#table = table
    this.#time = time
    this.#columns = first.schema.map((column, index) => storedAs(column, first.columns[index]!))
    this.#output = fileWriter(path)
    this.#writer = new ParquetWriter({
      writer: this.#output,
      schema: [
        { name: 'schema', num_children: this.#columns.length },
        ...this.#columns.map(elementOf),
      ],
      createdBy: CREATED_BY,
    })
  }

  /** Whether the rows can be told in this file as its columns are declared. */
  takes(batch: ColumnBatch): boolean {
    return this.#columns.every(
      ({ as }, index) => as !== 'nanos' || fitsNanos(batch.columns[index]!),
    )
  }

  /** Writes a row group. */
  write(batch: ColumnBatch): void {
    const sources = this.#columns.map((column, index): ColumnSource => {
      const vector = batch.columns[index]!
      if (!this.#filled.has(column.name) && hasValue(vector)) this.#filled.add(column.name)
      const data = dataOf(vector, column)
      if (column.type === 'string') this.#keepHalves(column.name, data)
      return sourceOf(column, data)
    })
    this.#writer.write({ columnData: sources, rowGroupSize: batch.length, pageSize: PAGE_BYTES })
    sources.forEach((source, index) => {
      if (isLong(source.data)) this.#sign(source, index)
    })
    this.#groups++
    this.rows += batch.length
  }

  /** Finishes the file. */
  finish(): void {
    const words: Record<string, readonly number[]> = {}
    for (const [name, places] of Object.entries(this.#words)) {
      words[name] = Array.from({ length: this.#groups }, (_, group) => places[group] ?? -1)
    }
    const value = printForm({
      table: this.#table,
      columns: this.#columns,
      ...(this.#time === undefined ? {} : { time: this.#time }),
      empty: this.#columns.flatMap(({ name }) => (this.#filled.has(name) ? [] : [name])),
      words,
      ...(Object.keys(this.#halves).length === 0 ? {} : { halves: this.#halves }),
    })
    this.#writer.kvMetadata = [{ key: FORM_KEY, value }]
    // What it returns is a promise only for outputs that are asynchronous, which this one is not.
    void this.#writer.finish()
  }

  /** Notes texts that UTF-8 has no form for, and makes them such as it has. */
  #keepHalves(name: string, data: ColumnData): void {
    for (let row = 0; row < data.length; row++) {
      const text = data[row]
      if (typeof text !== 'string' || text.isWellFormed()) continue
      const kept = this.#halves[name] ?? []
      this.#halves[name] = kept
      kept.push([this.rows + row, text])
      data[row] = text.toWellFormed()
    }
  }

  /** Puts the signature of a column behind its row group, unless it has a dictionary, which is searched. */
  #sign({ name, data }: ColumnSource, index: number): void {
    const chunk = this.#writer.row_groups.at(-1)?.columns[index]?.meta_data
    if (chunk?.dictionary_page_offset !== undefined) return
    const signature = new SignatureBuilder(data.length)
    for (let row = 0; row < data.length; row++) {
      const text: unknown = data[row]
      if (typeof text === 'string') signature.add(row, text)
    }
    const places = this.#words[name] ?? []
    this.#words[name] = places
    places[this.#groups] = this.#output.offset
    this.#output.appendBytes(signature.bytes)
  }
}

function storedAs({ name, type }: Column, vector: Vector): StoredColumn {
  if (type !== 'datetime') return { name, type }
  return { name, type, as: fitsNanos(vector) ? 'nanos' : 'ticks' }
}

function sourceOf({ name, type }: StoredColumn, data: ColumnData): ColumnSource {
  // A dictionary would make one of 0 and -0; and times, which are all different, need none.
  const isPlain = type === 'real' || type === 'datetime'
  return {
    name,
    data: data as ColumnSource['data'],
    codec: 'UNCOMPRESSED',
    // Of texts they would make the description of the file twice as long, which every scan reads.
    statistics: !TEXT_TYPES.includes(type),
    ...(isPlain ? { encoding: 'PLAIN' as const } : {}),
  }
}

function isLong(data: ColumnData | ColumnSource['data']): boolean {
  const step = Math.max(1, Math.floor(data.length / SAMPLED))
  let characters = 0
  let texts = 0
  for (let row = 0; row < data.length; row += step) {
    const value: unknown = data[row]
    if (typeof value !== 'string') continue
    characters += value.length
    texts++
  }
  return texts > 0 && characters / texts > LONG_TEXT
}
