import type { ProcessMemory } from '../engine/execution.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { KeptBytes } from '../tables/batch-size.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { SourceText } from '../text/source-text.ts'
import type { ResultStart, RowSink } from './execute.ts'
import type { DiagnosticPrinter, FileDiagnostic, Reporter } from './reporter.ts'

/** Bytes of rows after which the memory of the process is looked at. */
const LOOK_BYTES = 2 ** 20

/** What a query said and gave, until it is its turn to be printed. */
export class HeldOutput implements DiagnosticPrinter {
  readonly #process: ProcessMemory
  readonly #kept = new KeptBytes()
  #bytes = 0
  #bytesOfLook = 0
  readonly #said: ((reporter: Reporter) => Promise<void>)[] = []
  readonly #results: { readonly start: ResultStart; readonly batches: ColumnBatch[] }[] = []

  constructor(process: ProcessMemory) {
    this.#process = process
  }

  async inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    this.#said.push(reporter => reporter.inSource(source, diagnostic))
  }

  async inFile(diagnostic: FileDiagnostic): Promise<void> {
    this.#said.push(reporter => reporter.inFile(diagnostic))
  }

  /** Takes the rows of a result. They throw a KqlError where the process has no room for them. */
  rows(start: ResultStart): RowSink {
    const batches: ColumnBatch[] = []
    this.#results.push({ start, batches })
    return {
      batch: async batch => {
        const own = batch.compact()
        batches.push(own)
        this.#look(this.#kept.of(own))
      },
      end: () => Promise.resolve(),
    }
  }

  #look(bytes: number): void {
    this.#bytes += bytes
    this.#bytesOfLook += bytes
    if (this.#bytesOfLook < LOOK_BYTES) return
    this.#bytesOfLook = 0
    if (!this.#isFull()) return
    const message = 'The memory of the process is nearly full with rows that wait to be printed.'
    const hint = `Run fewer rules at a time, filter more, or ${this.#process.hint}.`
    throw new KqlError([
      { code: 'KQL300', severity: 'error', message, hint, span: { start: 0, end: 0 } },
    ])
  }

  #isFull(): boolean {
    const process = this.#process
    // To print rows takes memory, too.
    if (this.#bytes > process.most) return true
    if (!process.isFull()) return false
    process.collect(0)
    return process.isFull(true)
  }

  /** Prints all of it, which is held no more then. */
  async release(reporter: Reporter, sinkFor: (start: ResultStart) => RowSink): Promise<void> {
    for (const { start, batches } of this.#results) {
      const sink = sinkFor(start)
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        await sink.batch(batch)
      }
      await sink.end()
    }
    await this.releaseSaid(reporter)
  }

  /** Prints what it said alone: the query failed. */
  async releaseSaid(reporter: Reporter): Promise<void> {
    for (const say of this.#said) await say(reporter)
  }
}
