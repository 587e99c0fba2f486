import type { ColumnBatch } from '../batch.ts'
import { grown } from '../text-builder.ts'
import type { RecordReader } from './record-reader.ts'
import { NEWLINE } from './skip.ts'

/** Bytes in pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** What takes the lines of a stream. */
export interface LineSink {
  readonly maxRecordBytes: number
  /** Takes the record at `start` if it fills its line; the line's end, or -1. */
  readLine(bytes: Uint8Array, start: number, end: number, line: number): number
  /** Takes what is between the positions, whatever it is. */
  readRecord(bytes: Uint8Array, start: number, end: number, line: number): void
  problem(line: number, message: string): void
  /** Called where the bytes of all lines taken so far are about to change. */
  settle(): void
}

/**
 * The batches of records that stand one on a line, as their bytes come in. A line that is malformed
 * or too long is reported, and reading goes on at the next.
 */
export async function* scanNdjson(
  chunks: Chunks,
  reader: RecordReader,
  signal?: AbortSignal,
): AsyncGenerator<ColumnBatch> {
  const lines = new LineSplitter(reader)
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    lines.push(chunk)
    yield* fullBatches(reader, signal)
  }
  lines.end()
  yield* fullBatches(reader, signal)
  const rest = reader.takeRest()
  if (rest !== undefined) yield rest
}

function* fullBatches(reader: RecordReader, signal?: AbortSignal): Generator<ColumnBatch> {
  for (let batch = reader.takeFull(); batch !== undefined; batch = reader.takeFull()) {
    yield batch
    signal?.throwIfAborted()
  }
}

/** Cuts a stream of bytes into lines. */
export class LineSplitter {
  readonly #sink: LineSink
  #line = 1
  /** The start of a line whose end has not come yet. */
  #carry = new Uint8Array(4096)
  #carried = 0
  /** Whether that line is too long, so that none of it is kept. */
  #skipping = false

  constructor(sink: LineSink) {
    this.#sink = sink
  }

  /** The next bytes. They are not kept. */
  push(chunk: Uint8Array): void {
    let at = 0
    if (this.#carried > 0 || this.#skipping) {
      const newline = chunk.indexOf(NEWLINE)
      this.#keep(chunk, 0, newline < 0 ? chunk.length : newline)
      if (newline < 0) return
      this.#endLine()
      at = newline + 1
    }
    const sink = this.#sink
    const last = chunk.lastIndexOf(NEWLINE) + 1
    while (at < last) {
      let newline = sink.readLine(chunk, at, last, this.#line)
      if (newline < 0) {
        newline = chunk.indexOf(NEWLINE, at)
        sink.readRecord(chunk, at, newline, this.#line)
      }
      this.#line++
      at = newline + 1
    }
    sink.settle()
    this.#keep(chunk, at, chunk.length)
  }

  /** The end of the stream: the last line need not be ended. */
  end(): void {
    if (this.#carried > 0 || this.#skipping) this.#endLine()
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (this.#skipping || start === end) return
    const length = this.#carried + end - start
    if (length > this.#sink.maxRecordBytes) {
      this.#skipping = true
      this.#carry = new Uint8Array(4096)
      return
    }
    while (length > this.#carry.length) this.#carry = grown(this.#carry)
    this.#carry.set(chunk.subarray(start, end), this.#carried)
    this.#carried = length
  }

  #endLine(): void {
    const sink = this.#sink
    if (this.#skipping) {
      sink.problem(this.#line, `The record is longer than ${sink.maxRecordBytes} bytes.`)
    } else {
      const bytes = this.#carry.subarray(0, this.#carried)
      sink.readRecord(bytes, 0, bytes.length, this.#line)
      sink.settle()
    }
    this.#carried = 0
    this.#skipping = false
    this.#line++
  }
}
