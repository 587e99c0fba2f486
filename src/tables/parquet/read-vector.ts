import { type Decimal, decimalOf } from '../../types/decimal.ts'
import { parseDynamic } from '../../types/dynamic-json.ts'
import { RawJson } from '../raw-json.ts'
import type { DynamicCell, Nulls, Vector } from '../vector.ts'
import {
  BoolVector,
  DecimalVector,
  DynamicVector,
  Int64Vector,
  IntVector,
  identityRows,
  RealVector,
  TextVector,
} from '../vector.ts'
import type { ByteTexts } from './byte-texts.ts'
import type { ChunkReader, Page } from './column-chunk.ts'
import {
  dictionaryCodes,
  lowerBound,
  NO_VALUE,
  plainBools,
  plainNumbers,
  plainTexts,
  valuePositions,
} from './column-chunk.ts'
import { parquetFault } from './fault.ts'
import type { StoredColumn } from './ingested-form.ts'
import { ticksOfNanos } from './stored-time.ts'

/**
 * The values of a column in the rows at the positions, which rise; in all rows where there are none given.
 * @throws DataFileError where they are not as kqlab writes them.
 */
export function readVector(chunk: ChunkReader, column: StoredColumn, rows?: Uint32Array): Vector {
  const wanted = new WantedRows(chunk, rows)
  switch (column.type) {
    case 'bool':
      return readBools(wanted)
    case 'int': {
      const values = new Int32Array(wanted.length)
      const nulls = readNumbers(wanted, values, buffer => new Int32Array(buffer))
      return new IntVector(values, nulls)
    }
    case 'real': {
      const values = new Float64Array(wanted.length)
      const nulls = readNumbers(wanted, values, buffer => new Float64Array(buffer))
      return new RealVector(values, nulls)
    }
    case 'long':
    case 'timespan':
    case 'datetime': {
      const values = new BigInt64Array(wanted.length)
      const nulls = readNumbers(wanted, values, buffer => new BigInt64Array(buffer))
      const vector = new Int64Vector(column.type, values, nulls)
      if (column.as === 'nanos') ticksOfNanos(vector.halves)
      return vector as Vector
    }
    case 'string':
    case 'guid':
      return readTexts(wanted, column.type) as Vector
    case 'decimal':
      return readDecimals(wanted)
    case 'dynamic':
      return readDynamics(wanted)
  }
}

/** What is asked for of a chunk, and the pages that have it. */
export class WantedRows {
  readonly chunk: ChunkReader
  readonly length: number
  /** Whether all rows are. */
  readonly whole: boolean
  readonly #rows: Uint32Array
  #nulls: Uint8Array | undefined

  constructor(chunk: ChunkReader, rows: Uint32Array | undefined) {
    this.chunk = chunk
    this.whole = rows === undefined
    this.#rows = rows ?? identityRows(chunk.rows)
    this.length = this.#rows.length
  }

  get nulls(): Nulls {
    return this.#nulls
  }

  /**
   * Calls `visit` for each page with the positions of the wanted values among those of the page; the
   * first of them goes to the place `offset` of the result. Rows without a value have
   * {@link NO_VALUE} for a position and are marked in `nulls`.
   */
  eachPage(visit: (page: Page, positions: Uint32Array, offset: number) => void): void {
    const rows = this.#rows
    let offset = 0
    for (const page of this.chunk.pages(this.whole ? undefined : rows)) {
      const end = lowerBound(rows, page.firstRow + page.rows, offset)
      visit(page, this.#positions(page, offset, end), offset)
      offset = end
    }
    if (offset !== this.length) throw parquetFault('a column has too few or too many values')
  }

  #positions({ firstRow, nulls }: Page, start: number, end: number): Uint32Array {
    const rows = this.#rows
    if (nulls === undefined && firstRow === 0) return rows.subarray(start, end)
    const positions = new Uint32Array(end - start)
    if (nulls === undefined) {
      for (let k = start; k < end; k++) positions[k - start] = rows[k]! - firstRow
      return positions
    }
    const values = valuePositions(nulls)
    for (let k = start; k < end; k++) {
      const row = rows[k]! - firstRow
      if (nulls[row] === 0) positions[k - start] = values[row]!
      else {
        positions[k - start] = NO_VALUE
        this.#nulls ??= new Uint8Array(this.length)
        this.#nulls[k] = 1
      }
    }
    return positions
  }
}

function readBools(wanted: WantedRows): Vector {
  const out = new Uint8Array(wanted.length)
  wanted.eachPage((page, positions, offset) => {
    const values = plainBools(page)
    for (let k = 0; k < positions.length; k++) out[offset + k] = values[positions[k]!] ?? 0
  })
  return new BoolVector(out, wanted.nulls)
}

function readNumbers<T extends Int32Array | Float64Array | BigInt64Array>(
  wanted: WantedRows,
  out: T,
  view: (buffer: ArrayBuffer) => T,
): Nulls {
  const { chunk } = wanted
  const size = out.BYTES_PER_ELEMENT
  const entries = chunk.hasDictionary
    ? view(chunk.numberDictionary(size).slice().buffer as ArrayBuffer)
    : undefined
  wanted.eachPage((page, positions, offset) => {
    if (entries !== undefined) {
      const codes = dictionaryCodes(page, entries.length, positions)
      for (let k = 0; k < codes.length; k++) {
        if (positions[k] !== NO_VALUE) out[offset + k] = entries[codes[k]!]!
      }
      return
    }
    const values = view(plainNumbers(page, size))
    if (page.nulls === undefined && positions.length === values.length) {
      out.set(values as never, offset)
      return
    }
    for (let k = 0; k < positions.length; k++) {
      const position = positions[k]!
      if (position !== NO_VALUE) out[offset + k] = values[position]!
    }
  })
  return wanted.nulls
}

/** The codes of the rows in the dictionary of the chunk; of rows without a value 0. */
export function readCodes(wanted: WantedRows, entries: number): Uint32Array {
  const out = new Uint32Array(wanted.length)
  wanted.eachPage((page, positions, offset) => {
    out.set(dictionaryCodes(page, entries, positions), offset)
  })
  return out
}

/** Each of the wanted pieces of bytes, by its row in the result. */
export function eachPiece(
  wanted: WantedRows,
  visit: (texts: ByteTexts, position: number, row: number) => void,
): void {
  wanted.eachPage((page, positions, offset) => {
    const texts = plainTexts(page)
    for (let k = 0; k < positions.length; k++) {
      const position = positions[k]!
      if (position !== NO_VALUE) visit(texts, position, offset + k)
    }
  })
}

function readTexts<T extends 'string' | 'guid'>(wanted: WantedRows, type: T): TextVector<T> {
  const { chunk, length } = wanted
  if (!chunk.hasDictionary) {
    const values = new Array<string>(length).fill('')
    wanted.eachPage((page, positions, offset) => {
      const pieces = plainTexts(page)
      // Texts of a whole page are decoded at once; a few of them must not keep all of it.
      const all = positions.length * 2 > pieces.count ? pieces.texts() : undefined
      for (let k = 0; k < positions.length; k++) {
        const position = positions[k]!
        if (position === NO_VALUE) continue
        values[offset + k] = all === undefined ? pieces.text(position) : all[position]!
      }
    })
    return TextVector.plain(type, values, wanted.nulls)
  }
  const entries = chunk.dictionary()
  const codes = readCodes(wanted, entries.count)
  if (length * 2 >= entries.count) {
    // Rows without a value have the first entry, which there is none of where all are such.
    const dict = entries.count === 0 ? [''] : entries.texts()
    return new TextVector(type, codes, dict, true, wanted.nulls)
  }
  const values = Array.from(codes, code => entries.text(code))
  return TextVector.plain(type, values, wanted.nulls)
}

function readDecimals(wanted: WantedRows): Vector {
  const { chunk } = wanted
  const zero = decimalOf(0)
  const values = new Array<Decimal>(wanted.length).fill(zero)
  if (chunk.hasDictionary) {
    const entries = chunk.dictionary()
    const decimals = Array.from({ length: entries.count }, (_, k) => readDecimal(entries.text(k)))
    const codes = readCodes(wanted, entries.count)
    for (let row = 0; row < codes.length; row++) values[row] = decimals[codes[row]!] ?? zero
  } else {
    eachPiece(wanted, (texts, position, row) => {
      values[row] = readDecimal(texts.text(position))
    })
  }
  return new DecimalVector(values, wanted.nulls)
}

function readDecimal(text: string): Decimal {
  if (!/^-?\d+(\.\d+)?(e[+-]\d{1,4})?$/.test(text)) throw parquetFault('a decimal is damaged')
  return decimalOf(text)
}

function readDynamics(wanted: WantedRows): Vector {
  const { chunk, length, whole } = wanted
  const values = new Array<DynamicCell>(length).fill(null)
  if (chunk.hasDictionary) {
    const entries = chunk.dictionary()
    const cells = new Array<DynamicCell | undefined>(entries.count)
    const codes = readCodes(wanted, entries.count)
    const { nulls } = wanted
    for (let row = 0; row < length; row++) {
      if (nulls?.[row] === 1) continue
      const code = codes[row]!
      cells[code] ??= cellOf(entries.piece(code), true)
      values[row] = cells[code]
    }
  } else {
    eachPiece(wanted, (texts, position, row) => {
      values[row] = cellOf(texts.piece(position), whole)
    })
  }
  return new DynamicVector(values, wanted.nulls)
}

const decoder = new TextDecoder()

/** A cell of a dynamic column; `keep` where it may keep the memory of the page. */
function cellOf(bytes: Uint8Array, keep: boolean): DynamicCell {
  const first = bytes[0]
  if (first === 0x7b || first === 0x5b) return new RawJson(keep ? bytes : bytes.slice())
  const value = parseDynamic(decoder.decode(bytes))
  if (value === undefined || value === null) throw parquetFault('a dynamic value is damaged')
  return value
}
