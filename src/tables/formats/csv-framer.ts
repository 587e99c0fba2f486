/** What a {@link CsvFramer} finds. */
export interface CsvSink {
  /** The names of the first line, as they are written there. */
  header(names: readonly string[]): void
  /**
   * A record as a JSON array of its cells: texts, and null for an empty cell. The bytes are valid
   * during the call only. `line` is 1-based, of the record's first line.
   */
  record(bytes: Uint8Array, start: number, end: number, line: number): void
  /** A record that is not what it should be and is left out. */
  broken(line: number, message: string): void
}

const QUOTE = 0x22
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const HEX = '0123456789abcdef'
const NULL = new TextEncoder().encode('null')
const DECODER = new TextDecoder()

/** Bytes that JSON text must escape inside of a string. */
const ESCAPED = new Uint8Array(256)
ESCAPED.fill(1, 0, 0x20)
ESCAPED[QUOTE] = 1
ESCAPED[0x5c] = 1

/** At the beginning of a cell. */
const CELL_START = 0
const PLAIN = 1
const QUOTED = 2
/** After a quote inside of a quoted cell: the cell's end, or the first of two. */
const QUOTE_SEEN = 3

/**
 * Finds the records of comma-separated values (RFC 4180; cells may hold line ends, and the
 * separator may be another character) in a stream of UTF-8, and writes each as JSON, byte by byte.
 * A library that makes strings of the cells was measured at a fiftieth of the speed.
 */
export class CsvFramer {
  readonly #sink: CsvSink
  readonly #delimiter: number
  readonly #maxRecordBytes: number
  readonly #headless: boolean
  #out = new Uint8Array(4096)
  #size = 0
  #state = CELL_START
  #cellStart = 0
  #cells = 0
  #columns = -1
  #line = 1
  #recordLine = 1
  /** Whether the last byte of the cell is a carriage return that may belong to the line's end. */
  #return = false

  /** `headless`: there is no line of names, and records may differ in their number of cells. */
  constructor(sink: CsvSink, delimiter: string, maxRecordBytes: number, headless = false) {
    this.#sink = sink
    this.#headless = headless
    this.#delimiter = delimiter.charCodeAt(0)
    this.#maxRecordBytes = maxRecordBytes
  }

  /** The next bytes. */
  push(chunk: Uint8Array): void {
    const delimiter = this.#delimiter
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (this.#state === QUOTED) {
        if (byte === QUOTE) this.#state = QUOTE_SEEN
        else {
          if (byte === LINE_FEED) this.#line++
          this.#put(byte)
        }
      } else if (byte === delimiter) this.#endCell()
      else if (byte === LINE_FEED) {
        this.#line++
        this.#endRecord()
      } else if (this.#state === CELL_START && byte === QUOTE) {
        this.#openCell()
        this.#state = QUOTED
      } else if (this.#state === QUOTE_SEEN && byte === QUOTE) {
        this.#put(QUOTE)
        this.#state = QUOTED
      } else {
        if (this.#state === CELL_START) {
          this.#openCell()
          this.#state = PLAIN
        }
        if (this.#return) this.#put(CARRIAGE_RETURN)
        this.#return = byte === CARRIAGE_RETURN
        if (!this.#return) this.#put(byte)
      }
    }
  }

  /** The end of the stream. */
  end(): void {
    if (this.#state === QUOTED) {
      this.#sink.broken(this.#recordLine, 'The file ends inside of a quoted cell.')
    } else if (this.#state !== CELL_START || this.#cells > 0) this.#endRecord()
  }

  #openCell(): void {
    if (this.#cells === 0) this.#out[this.#size++] = 0x5b
    this.#cellStart = this.#size
    this.#out[this.#size++] = QUOTE
  }

  #put(byte: number): void {
    // Beyond its limit a record is still followed to its end, but not kept.
    if (this.#size > this.#maxRecordBytes) return
    if (this.#size + 16 > this.#out.length) this.#grow()
    const out = this.#out
    if (ESCAPED[byte] === 0) {
      out[this.#size++] = byte
      return
    }
    out[this.#size++] = 0x5c
    if (byte === QUOTE || byte === 0x5c) {
      out[this.#size++] = byte
      return
    }
    out[this.#size++] = 0x75
    out[this.#size++] = 0x30
    out[this.#size++] = 0x30
    out[this.#size++] = HEX.charCodeAt(byte >> 4)
    out[this.#size++] = HEX.charCodeAt(byte & 15)
  }

  #grow(): void {
    const out = new Uint8Array(this.#out.length * 2)
    out.set(this.#out.subarray(0, this.#size))
    this.#out = out
  }

  /** Closes the cell and leaves room for another. */
  #endCell(): void {
    if (this.#state === CELL_START) this.#openCell()
    this.#return = false
    this.#state = CELL_START
    if (this.#size + 16 > this.#out.length) this.#grow()
    if (this.#size === this.#cellStart + 1) {
      this.#out.set(NULL, this.#cellStart)
      this.#size = this.#cellStart + NULL.length
    } else this.#out[this.#size++] = QUOTE
    this.#out[this.#size++] = 0x2c
    this.#cells++
  }

  #endRecord(): void {
    // A return before the line's end is not kept.
    const isNothing = this.#state === CELL_START || (this.#state === PLAIN && this.#size <= 2)
    const blank = this.#cells === 0 && isNothing
    if (!blank) {
      this.#endCell()
      this.#out[this.#size - 1] = 0x5d
      this.#deliver()
    }
    this.#state = CELL_START
    this.#return = false
    this.#size = 0
    this.#cells = 0
    this.#recordLine = this.#line
  }

  #deliver(): void {
    const cells = this.#cells
    if (this.#size > this.#maxRecordBytes) {
      const message = `The record is longer than ${this.#maxRecordBytes} bytes.`
      this.#sink.broken(this.#recordLine, message)
    } else if (this.#headless) {
      this.#sink.record(this.#out, 0, this.#size, this.#recordLine)
    } else if (this.#columns < 0) {
      this.#columns = cells
      const text = DECODER.decode(this.#out.subarray(0, this.#size))
      const names = JSON.parse(text) as (string | null)[]
      this.#sink.header(names.map(name => name ?? ''))
    } else if (cells !== this.#columns) {
      const message = `The record has ${cells} cells, the first line has ${this.#columns}.`
      this.#sink.broken(this.#recordLine, message)
    } else this.#sink.record(this.#out, 0, this.#size, this.#recordLine)
  }
}
