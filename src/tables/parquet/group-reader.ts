import { gather } from '../batch.ts'
import type { RecordPath } from '../json/record-columns.ts'
import type { TimeRange } from '../source.ts'
import type { Int64Vector, Vector } from '../vector.ts'
import { TextVector } from '../vector.ts'
import { ChunkReader, dictionaryCodes } from './column-chunk.ts'
import { parquetFault } from './fault.ts'
import type { ColumnChunk, RandomAccess, RowGroup } from './file-metadata.ts'
import type { IngestedFile } from './ingested-file.ts'
import type { IngestedForm, StoredColumn } from './ingested-form.ts'
import { readPaths } from './read-paths.ts'
import { readVector } from './read-vector.ts'
import type { TextColumn } from './row-texts.ts'
import { ticksOfNanos } from './stored-time.ts'
import { SLOTS, slotBytes } from './word-signature.ts'

/** More rows than kqlab puts in a row group: a file that claims them is taken for damaged. */
const MAX_ROWS = 1 << 20

interface RowRange {
  readonly start: number
  readonly end: number
}

/** Reads a row group of an ingested file, column by column, each at most once as a whole. */
export class GroupReader {
  readonly rows: number
  readonly #form: IngestedForm
  readonly #file: IngestedFile
  readonly #group: RowGroup
  readonly #index: number
  readonly #firstRow: number
  readonly #bytes: RandomAccess
  readonly #chunks = new Map<string, ChunkReader>()
  #times: Int64Vector<'datetime'> | undefined

  /** @param firstRow how many rows of the file are in row groups before */
  constructor(file: IngestedFile, bytes: RandomAccess, group: RowGroup, firstRow: number) {
    if (group.rows > MAX_ROWS) throw parquetFault('a row group is too large')
    this.rows = group.rows
    this.#file = file
    this.#form = file.form
    this.#group = group
    this.#index = file.metadata.groups.indexOf(group)
    this.#firstRow = firstRow
    this.#bytes = bytes
  }

  /** The rows that a range of time leaves: those without a time are outside of every range. */
  inTime(range: TimeRange | undefined): RowRange {
    const all = { start: 0, end: this.rows }
    const { time } = this.#form
    if (range === undefined || range.column !== time) return all
    const { from, to } = range
    if (from === undefined && to === undefined) return all
    const found = this.#column(time)
    if (found === undefined) return all
    const least = ticksIn(found.chunk.least, found.column)
    const greatest = ticksIn(found.chunk.greatest, found.column)
    if (least === undefined || greatest === undefined) return this.#cut(from, to)
    if (from !== undefined && greatest < from) return { start: 0, end: 0 }
    if (to !== undefined && least >= to) return { start: 0, end: 0 }
    return this.#cut(
      from !== undefined && least < from ? from : undefined,
      to !== undefined && greatest >= to ? to : undefined,
    )
  }

  /** The rows are sorted by time, those without one first. */
  #cut(from: bigint | undefined, to: bigint | undefined): RowRange {
    if (from === undefined && to === undefined) return { start: 0, end: this.rows }
    const { values, nulls } = this.#timeVector()
    const firstFrom = (bound: bigint): number => {
      let low = 0
      let high = values.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (nulls?.[middle] === 1 || values[middle]! < bound) low = middle + 1
        else high = middle
      }
      return low
    }
    return {
      start: from === undefined ? 0 : firstFrom(from),
      end: to === undefined ? this.rows : firstFrom(to),
    }
  }

  /** The values of a column in the rows, which rise; undefined where the file has none of the column. */
  vector(name: string, rows?: Uint32Array): Vector | undefined {
    if (this.#form.empty.includes(name)) return undefined
    if (name === this.#form.time && (rows === undefined || this.#times !== undefined)) {
      const times = this.#timeVector() as Vector
      return rows === undefined ? times : gather(times, rows)
    }
    const found = this.#column(name)
    const vector = found && readVector(this.#chunk(name), found.column, rows)
    const halves = ownOf(this.#form.halves, name)
    if (vector?.type !== 'string' || halves === undefined) return vector
    return withHalves(vector, halves, this.#firstRow, rows) as Vector
  }

  /** What is at paths in a dynamic column in the rows, as {@link vector} has it. */
  paths(name: string, paths: readonly RecordPath[], rows?: Uint32Array): Vector[] | undefined {
    if (this.#form.empty.includes(name)) return undefined
    if (this.#column(name)?.column.type !== 'dynamic') return undefined
    return readPaths(this.#chunk(name), paths, rows)
  }

  /** A column of texts; undefined where the file has none. */
  textColumn(name: string): TextColumn | undefined {
    if (this.#form.empty.includes(name)) return undefined
    const found = this.#column(name)
    if (found === undefined) return undefined
    const signature = ownOf(this.#form.words, name)?.[this.#index] ?? -1
    const bytes = slotBytes(this.rows) * SLOTS
    const has = signature >= 0 && signature + bytes <= this.#bytes.size
    return { chunk: this.#chunk(name), signature: has ? signature : undefined }
  }

  /** The dictionary's codes of all rows; rows without a value have one beyond its end. */
  codesOf(chunk: ChunkReader): Uint32Array {
    const { count } = chunk.dictionary()
    const codes = new Uint32Array(this.rows)
    for (const page of chunk.pages()) {
      const present = dictionaryCodes(page, count)
      let next = 0
      for (let row = 0; row < page.rows; row++) {
        codes[page.firstRow + row] = page.nulls?.[row] === 1 ? count : present[next++]!
      }
    }
    return codes
  }

  #timeVector(): Int64Vector<'datetime'> {
    if (this.#times === undefined) {
      const { time = '' } = this.#form
      const found = this.#column(time)
      if (found?.column.type !== 'datetime') throw parquetFault('its column of times is missing')
      const vector = readVector(this.#chunk(time), found.column) as Int64Vector<'datetime'>
      this.#times = vector
    }
    return this.#times
  }

  #column(
    name: string,
  ): { readonly column: StoredColumn; readonly chunk: ColumnChunk } | undefined {
    const position = this.#form.columns.findIndex(column => column.name === name)
    const column = this.#form.columns[position]
    const chunk = this.#group.chunks[position]
    return column === undefined || chunk === undefined ? undefined : { column, chunk }
  }

  #chunk(name: string): ChunkReader {
    const known = this.#chunks.get(name)
    if (known !== undefined) return known
    const position = this.#form.columns.findIndex(column => column.name === name)
    const column = this.#file.metadata.columns[position]
    const chunk = this.#group.chunks[position]
    if (column === undefined || chunk === undefined) throw parquetFault('a column is missing')
    const reader = new ChunkReader(this.#bytes, column, chunk, this.rows)
    this.#chunks.set(name, reader)
    return reader
  }
}

/** What there is for a column, whatever its name is. */
function ownOf<T>(columns: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return columns !== undefined && Object.hasOwn(columns, name) ? columns[name] : undefined
}

/** The texts, of which some have halves of characters that UTF-8 has no form for. */
function withHalves(
  vector: TextVector<'string'>,
  halves: NonNullable<IngestedForm['halves']>[string],
  firstRow: number,
  rows: Uint32Array | undefined,
): TextVector<'string'> {
  const texts = new Map(halves)
  const values = Array.from({ length: vector.length }, (_, k) => {
    return texts.get(firstRow + (rows?.[k] ?? k)) ?? vector.at(k)
  })
  return TextVector.plain('string', values)
}

/** The time that a statistic tells. */
function ticksIn(bytes: Uint8Array | undefined, { as }: StoredColumn): bigint | undefined {
  if (bytes?.length !== 8) return undefined
  const value = new BigInt64Array(bytes.slice().buffer as ArrayBuffer)
  if (as === 'nanos') ticksOfNanos(new Int32Array(value.buffer))
  return value[0]
}
