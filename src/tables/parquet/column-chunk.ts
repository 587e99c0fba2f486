import { ByteTexts } from './byte-texts.ts'
import { parquetFault } from './fault.ts'
import type { ColumnChunk, FileColumn, RandomAccess } from './file-metadata.ts'
import { UNCOMPRESSED } from './file-metadata.ts'
import { decodeHybrid, pickHybrid } from './hybrid.ts'
import { ThriftReader } from './thrift-reader.ts'

/** How values are written in a page, by Parquet's numbers. */
const PLAIN = 0
const RLE = 3
const RLE_DICTIONARY = 8
const DICTIONARY_PAGE = 2
const DATA_PAGE_V2 = 3

/** A page that claims to be larger is taken for damaged. */
const MAX_PAGE_BYTES = 1 << 30

/** A page of a column. */
export interface Page {
  /** The position in the row group of its first row. */
  readonly firstRow: number
  readonly rows: number
  /** Per row, 1 where there is no value. */
  readonly nulls: Uint8Array | undefined
  /** How many rows have a value. */
  readonly present: number
  readonly encoding: number
  /** The values. */
  readonly body: Uint8Array
}

interface PagePlace {
  readonly start: number
  readonly end: number
  readonly firstRow: number
}

/**
 * The pages of a column chunk as kqlab's own writer makes them: version 2, plain or by a dictionary, and
 * not compressed. Every method throws a DataFileError where they are not that or damaged.
 */
export class ChunkReader {
  readonly column: FileColumn
  readonly rows: number
  readonly #file: RandomAccess
  readonly #chunk: ColumnChunk
  #places: readonly PagePlace[] | undefined
  #dictionary: ByteTexts | undefined

  constructor(file: RandomAccess, column: FileColumn, chunk: ColumnChunk, rows: number) {
    if (chunk.values !== rows) throw parquetFault('a column has too few or too many values')
    this.column = column
    this.rows = rows
    this.#file = file
    this.#chunk = chunk
  }

  /** Whether values are given by their positions in a dictionary. */
  get hasDictionary(): boolean {
    return this.#chunk.start < this.#chunk.dataStart
  }

  /** The distinct values of a column of bytes that has a dictionary. */
  dictionary(): ByteTexts {
    this.#dictionary ??= this.#readDictionary((body, count) => new ByteTexts(body, count))
    return this.#dictionary
  }

  /** The distinct values of a column of numbers of so many bytes that has a dictionary. */
  numberDictionary(size: number): Uint8Array {
    return this.#readDictionary((body, count) => {
      if (body.length !== count * size) throw parquetFault('a dictionary is damaged')
      return body
    })
  }

  /**
   * The pages with rows of `rows`, which are positions in rising order; of all rows where absent. Of some
   * rows, a page is valid until the next one is asked for.
   */
  *pages(rows?: Uint32Array): Generator<Page> {
    this.#places ??= this.#readPlaces()
    const places = this.#places
    if (this.rows === 0 || rows?.length === 0) return
    let next = 0
    // All pages are read at once, some of them each by itself.
    const first = places[0]!.start
    const whole = rows === undefined ? this.#file.read(first, places.at(-1)!.end) : undefined
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!
      const endRow = places[k + 1]?.firstRow ?? this.rows
      if (rows !== undefined) {
        if (next >= rows.length) return
        if (rows[next]! >= endRow) continue
        next = lowerBound(rows, endRow, next)
      }
      const { start, end } = place
      const bytes =
        whole === undefined
          ? this.#file.view(start, end)
          : whole.subarray(start - first, end - first)
      yield this.#readPage(bytes, place.firstRow, endRow)
    }
  }

  #readPlaces(): readonly PagePlace[] {
    const { start, bytes, dataStart, index } = this.#chunk
    const end = start + bytes
    if (index === undefined) return [{ start: dataStart, end, firstRow: 0 }]
    const reader = new ThriftReader(this.#file.read(index.start, index.start + index.bytes))
    const places: PagePlace[] = []
    const outer = reader.begin()
    for (let id = reader.next(); id !== 0; id = reader.next()) {
      if (id !== 1) {
        reader.skip()
        continue
      }
      for (let left = reader.list(); left > 0; left--) places.push(placeIn(reader))
    }
    reader.end(outer)
    let row = -1
    let from = dataStart
    for (const place of places) {
      const sound = place.start >= from && place.end <= end && place.firstRow > row
      if (!sound || place.firstRow >= this.rows) throw parquetFault('its index of pages is damaged')
      row = place.firstRow
      from = place.end
    }
    if (places[0]?.firstRow !== 0) throw parquetFault('its index of pages is damaged')
    return places
  }

  #readPage(bytes: Uint8Array, firstRow: number, endRow: number): Page {
    const header = readHeader(bytes)
    const { kind, size, values, missing, rows, encoding, levels } = header
    if (kind !== DATA_PAGE_V2 || header.repetitions !== 0) {
      throw parquetFault('a page is of a kind that kqlab does not write')
    }
    if (values !== endRow - firstRow || rows !== values || missing > values) {
      throw parquetFault('a page has too few or too many rows')
    }
    const from = header.end
    const to = from + header.stored
    if (to > bytes.length || levels > header.stored || levels > size) {
      throw parquetFault('a page is cut off')
    }
    const { optional } = this.column
    if (!optional && missing > 0) throw parquetFault('a column without nulls has some')
    const nulls =
      optional && missing > 0 ? nullsIn(bytes, from, from + levels, values, missing) : undefined
    const body = this.#unpacked(bytes.subarray(from + levels, to), size - levels)
    return { firstRow, rows, nulls, present: values - missing, encoding, body }
  }

  #readDictionary<T>(make: (body: Uint8Array, count: number) => T): T {
    const { start, dataStart } = this.#chunk
    const bytes = this.#file.read(start, dataStart)
    const header = readHeader(bytes)
    const { kind, end, stored, size, values } = header
    if (kind !== DICTIONARY_PAGE || end + stored > bytes.length || values > this.rows) {
      throw parquetFault('a dictionary is damaged')
    }
    return make(this.#unpacked(bytes.subarray(end, end + stored), size), values)
  }

  /** Pages that are not compressed are what they are. */
  #unpacked(bytes: Uint8Array, size: number): Uint8Array {
    if (this.#chunk.codec !== UNCOMPRESSED) {
      throw parquetFault('a page is compressed in a way that kqlab does not write')
    }
    if (bytes.length !== size) throw parquetFault('a page is cut off')
    return bytes
  }
}

/** For the position of a value: there is none. */
export const NO_VALUE = 0xffffffff
/** Of fewer values than one in so many each is looked for by itself. */
const SPARSE = 8

/**
 * The codes in the dictionary of the values of a page at the positions, which rise; of all of its values
 * where there are none given. {@link NO_VALUE} gives 0.
 */
export function dictionaryCodes(
  { encoding, body, present }: Page,
  entries: number,
  positions?: Uint32Array,
): Uint32Array {
  if (encoding !== RLE_DICTIONARY) throw parquetFault('a page has no dictionary')
  if (present === 0) return new Uint32Array(positions?.length ?? 0)
  const width = body[0]
  if (width === undefined) throw parquetFault('a page is cut off')
  const hybrid = { bytes: body, start: 1, end: body.length, width, count: present }
  const codes =
    positions !== undefined && positions.length * SPARSE < present
      ? pickHybrid(hybrid, positions, NO_VALUE)
      : picked(decodeHybrid(hybrid), positions)
  for (let k = 0; k < codes.length; k++) {
    if (codes[k]! >= entries) throw parquetFault('a page has values beyond its dictionary')
  }
  return codes
}

function picked(all: Uint32Array, positions: Uint32Array | undefined): Uint32Array {
  if (positions === undefined) return all
  const codes = new Uint32Array(positions.length)
  for (let k = 0; k < codes.length; k++) {
    const position = positions[k]!
    if (position !== NO_VALUE) codes[k] = all[position]!
  }
  return codes
}

/** The bytes of a page of numbers of so many bytes, in memory of their own. */
export function plainNumbers(page: Page, size: number): ArrayBuffer {
  if (page.encoding !== PLAIN || page.body.length !== page.present * size) {
    throw parquetFault('a page has too few or too many values')
  }
  return page.body.slice().buffer as ArrayBuffer
}

/** The pieces of bytes of a page. */
export function plainTexts(page: Page): ByteTexts {
  if (page.encoding !== PLAIN) throw parquetFault('a page is of a kind that kqlab does not write')
  return new ByteTexts(page.body, page.present)
}

/** The bools of a page, a byte each. */
export function plainBools({ encoding, body, present }: Page): Uint8Array {
  if (encoding === RLE) {
    if (present === 0) return new Uint8Array(0)
    if (body.length < 4) throw parquetFault('a page is cut off')
    return Uint8Array.from(
      decodeHybrid({ bytes: body, start: 4, end: body.length, width: 1, count: present }),
    )
  }
  if (encoding !== PLAIN || body.length * 8 < present) throw parquetFault('a page is cut off')
  return Uint8Array.from({ length: present }, (_, k) => (body[k >> 3]! >> (k & 7)) & 1)
}

/** For each row of a page that has nulls, which of its values it has. */
export function valuePositions(nulls: Uint8Array): Uint32Array {
  const positions = new Uint32Array(nulls.length)
  let next = 0
  for (let row = 0; row < nulls.length; row++) {
    positions[row] = next
    if (nulls[row] === 0) next++
  }
  return positions
}

/** The first place from `from` on whose row is not below `row`. */
export function lowerBound(rows: Uint32Array, row: number, from = 0): number {
  let low = from
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]! < row) low = middle + 1
    else high = middle
  }
  return low
}

interface Header {
  readonly kind: number
  /** Bytes of the page without its header, decompressed and as stored. */
  readonly size: number
  readonly stored: number
  readonly values: number
  readonly missing: number
  readonly rows: number
  readonly encoding: number
  /** Bytes of the definition levels and of the repetition levels. */
  readonly levels: number
  readonly repetitions: number
  /** Where the header ends. */
  readonly end: number
}

function readHeader(bytes: Uint8Array): Header {
  const reader = new ThriftReader(bytes)
  let kind = -1
  let size = 0
  let stored = 0
  const part = [0, 0, 0, 0, 0, 0, 0]
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 1) kind = reader.int()
    else if (id === 2) size = reader.size()
    else if (id === 3) stored = reader.size()
    else if (id === 7 || id === 8) {
      const inner = reader.begin()
      for (let field = reader.next(); field !== 0; field = reader.next()) {
        if (field <= (id === 8 ? 6 : 2)) part[field] = reader.size()
        else reader.skip()
      }
      reader.end(inner)
    } else reader.skip()
  }
  reader.end(outer)
  if (size > MAX_PAGE_BYTES) throw parquetFault('a page is too large')
  const [, values = 0, second = 0, rows = 0, encoding = 0, levels = 0, repetitions = 0] = part
  return {
    kind,
    size,
    stored,
    values,
    missing: kind === DATA_PAGE_V2 ? second : 0,
    rows,
    encoding,
    levels,
    repetitions,
    end: reader.at,
  }
}

function placeIn(reader: ThriftReader): PagePlace {
  let start = 0
  let bytes = 0
  let firstRow = 0
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 1) start = reader.size()
    else if (id === 2) bytes = reader.size()
    else if (id === 3) firstRow = reader.size()
    else reader.skip()
  }
  reader.end(outer)
  return { start, end: start + bytes, firstRow }
}

/** A byte a row, 1 for null, of the definition levels of an optional column. */
function nullsIn(
  bytes: Uint8Array,
  start: number,
  end: number,
  rows: number,
  missing: number,
): Uint8Array {
  const levels = decodeHybrid({ bytes, start, end, width: 1, count: rows })
  const nulls = new Uint8Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (levels[row] === 0) {
      nulls[row] = 1
      count++
    }
  }
  if (count !== missing) throw parquetFault('a page has too few or too many values')
  return nulls
}
