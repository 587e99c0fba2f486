import type { RecordPath } from '../json/record-columns.ts'
import type { FramesContainer } from './container.ts'
import { chooseFrame } from './container.ts'
import type { FrameAction, FrameSink } from './json-framer.ts'
import type { RecordSink } from './record-sink.ts'

/** Hands on the records inside of documents, and reports a document that has no place for any. */
export class WrappedFrames implements FrameSink {
  readonly #container: FramesContainer
  readonly #sink: RecordSink
  /** Where the last document began that was not seen to have a place for records. */
  #emptyAt = 0

  constructor(container: FramesContainer, sink: RecordSink) {
    this.#container = container
    this.#sink = sink
  }

  choose(path: RecordPath, opening: 'object' | 'array' | 'scalar', line: number): FrameAction {
    const action = chooseFrame(this.#container, path, opening)
    if (path.length === 0) {
      this.end()
      this.#emptyAt = line
    }
    const holdsRecords = opening === 'array' && path.length === this.#recordDepth - 1
    if (action === 'record' || (action === 'enter' && holdsRecords)) this.#emptyAt = 0
    return action
  }

  record(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.#sink.record(bytes, start, end, line)
  }

  value(bytes: Uint8Array, start: number, end: number, line: number): number {
    return this.#sink.value(bytes, start, end, line)
  }

  capture(path: RecordPath, text: string): void {
    this.#sink.note(path, text)
  }

  broken(line: number, message: string): void {
    this.#emptyAt = 0
    this.#sink.broken(line, message)
  }

  /** The end of the stream, or of a document. */
  end(): void {
    if (this.#emptyAt === 0) return
    const [pattern] = this.#container.records
    const name = pattern?.find(step => step !== '*')
    const what = name === undefined ? 'no array of records' : `no "${name}"`
    this.#sink.broken(this.#emptyAt, `There are records elsewhere in the file, but ${what} here.`)
    this.#emptyAt = 0
  }

  get #recordDepth(): number {
    return this.#container.records[0]?.length ?? 0
  }
}
