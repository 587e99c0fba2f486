import type { ProcessMemory } from '../engine/execution.ts'
import { LOOK_BYTES, MemoryWatch } from '../engine/memory-watch.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { KeptBytes } from '../tables/batch-size.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { sizeText } from '../text/size-text.ts'
import type { SourceText } from '../text/source-text.ts'
import type { ResultStart, RowSink } from './execute.ts'
import type { DiagnosticPrinter, FileDiagnostic, Reporter } from './reporter.ts'

/** Counts the rows that queries which run side by side hold together. */
export class HeldRows {
  readonly #process: ProcessMemory
  readonly #watch: MemoryWatch
  readonly #bound: number | undefined
  #bytes = 0

  /** `bound`: how many bytes they may have, where that was asked for. */
  constructor(process: ProcessMemory, bound?: number) {
    this.#process = process
    this.#watch = new MemoryWatch(process)
    this.#bound = bound
  }

  /** Counts rows. Throws a KqlError where they are more than was asked for, or than there is room for. */
  add(bytes: number): void {
    this.#bytes += bytes
    const bound = this.#bound
    if (bound !== undefined && this.#bytes > bound) {
      const message = `The rows that wait to be printed take more than ${sizeText(Math.floor(bound))} of memory.`
      throw limitError(message, 'Run fewer rules at a time, filter more, or raise --memory.')
    }
    // To print rows takes memory, too.
    const areMany = this.#bytes > LOOK_BYTES && this.#bytes > this.#process.most
    if (!areMany && !this.#watch.isFullWith(bytes)) return
    const message = 'The memory of the process is nearly full with rows that wait to be printed.'
    throw limitError(message, `Run fewer rules at a time, filter more, or ${this.#process.hint}.`)
  }

  /** So many bytes of them are held no more. */
  release(bytes: number): void {
    this.#bytes -= bytes
  }
}

function limitError(message: string, hint: string): KqlError {
  return new KqlError([
    { code: 'KQL300', severity: 'error', message, hint, span: { start: 0, end: 0 } },
  ])
}

/** What a query said and gave, until it is its turn to be printed. */
export class HeldOutput implements DiagnosticPrinter {
  readonly #rows: HeldRows
  readonly #kept = new KeptBytes()
  #bytes = 0
  readonly #said: ((reporter: Reporter) => Promise<void>)[] = []
  readonly #results: { readonly start: ResultStart; readonly batches: ColumnBatch[] }[] = []

  constructor(rows: HeldRows) {
    this.#rows = rows
  }

  async inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    this.#said.push(reporter => reporter.inSource(source, diagnostic))
  }

  async inFile(diagnostic: FileDiagnostic): Promise<void> {
    this.#said.push(reporter => reporter.inFile(diagnostic))
  }

  /** Takes the rows of a result. They throw a KqlError where they are too many. */
  rows(start: ResultStart): RowSink {
    const batches: ColumnBatch[] = []
    this.#results.push({ start, batches })
    return {
      batch: async batch => {
        const own = batch.compact()
        const bytes = this.#kept.of(own)
        this.#bytes += bytes
        this.#rows.add(bytes)
        batches.push(own)
      },
      end: () => Promise.resolve(),
    }
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

  /** Prints what it said alone: the query failed, or its rows were printed. */
  async releaseSaid(reporter: Reporter): Promise<void> {
    this.#rows.release(this.#bytes)
    this.#bytes = 0
    this.#results.length = 0
    for (const say of this.#said) await say(reporter)
  }
}
