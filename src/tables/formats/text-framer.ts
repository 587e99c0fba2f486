import { LineSplitter } from '../json/scan-ndjson.ts'
import type { CsvSink } from './csv-framer.ts'

/** What a {@link TextFramer} finds: records as a {@link CsvSink} gets them. */
export type TextSink = Omit<CsvSink, 'header'>

const ENCODER = new TextEncoder()
/** The mark of the text itself is off by now. */
const MARKS_STAY = { ignoreBOM: true }
const DECODER = new TextDecoder('utf-8', MARKS_STAY)
const CARRIAGE_RETURN = 0x0d

/**
 * Takes a text apart into its lines, without those that are empty, or takes it whole; each is a
 * record of one cell.
 */
export class TextFramer {
  readonly #sink: TextSink
  readonly #lines: LineSplitter | undefined
  readonly #maxRecordBytes: number
  readonly #pieces: string[] = []
  readonly #decoder = new TextDecoder('utf-8', MARKS_STAY)
  #bytes = 0

  constructor(sink: TextSink, whole: boolean, maxRecordBytes: number) {
    this.#sink = sink
    this.#maxRecordBytes = maxRecordBytes
    if (whole) return
    this.#lines = new LineSplitter({
      maxRecordBytes,
      readLine: () => -1,
      readRecord: (bytes, start, end, line) => {
        const to = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
        if (to > start) this.#deliver(DECODER.decode(bytes.subarray(start, to)), line)
      },
      problem: sink.broken.bind(sink),
      settle: () => undefined,
    })
  }

  push(chunk: Uint8Array): void {
    if (this.#lines !== undefined) {
      this.#lines.push(chunk)
      return
    }
    this.#bytes += chunk.length
    // Beyond the limit nothing is kept.
    if (this.#bytes <= this.#maxRecordBytes) {
      this.#pieces.push(this.#decoder.decode(chunk, { stream: true }))
    }
  }

  end(): void {
    if (this.#lines !== undefined) {
      this.#lines.end()
    } else if (this.#bytes > this.#maxRecordBytes) {
      this.#sink.broken(1, `The text is longer than ${this.#maxRecordBytes} bytes.`)
    } else if (this.#bytes > 0) {
      this.#deliver(this.#pieces.join('') + this.#decoder.decode(), 1)
    }
  }

  #deliver(text: string, line: number): void {
    const bytes = ENCODER.encode(JSON.stringify([text]))
    this.#sink.record(bytes, 0, bytes.length, line)
  }
}
