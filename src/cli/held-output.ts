import type { ColumnBatch } from '../tables/batch.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { SourceText } from '../text/source-text.ts'
import type { ResultStart, RowSink } from './execute.ts'
import type { DiagnosticPrinter, FileDiagnostic, Reporter } from './reporter.ts'

/** What a query said and gave, until it is its turn to be printed. */
export class HeldOutput implements DiagnosticPrinter {
  readonly #said: ((reporter: Reporter) => Promise<void>)[] = []
  readonly #results: { readonly start: ResultStart; readonly batches: ColumnBatch[] }[] = []

  async inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    this.#said.push(reporter => reporter.inSource(source, diagnostic))
  }

  async inFile(diagnostic: FileDiagnostic): Promise<void> {
    this.#said.push(reporter => reporter.inFile(diagnostic))
  }

  /** Takes the rows of a result. */
  rows(start: ResultStart): RowSink {
    const batches: ColumnBatch[] = []
    this.#results.push({ start, batches })
    return {
      batch: async batch => {
        batches.push(batch.compact())
      },
      end: () => Promise.resolve(),
    }
  }

  /** Prints all of it. */
  async release(reporter: Reporter, sinkFor: (start: ResultStart) => RowSink): Promise<void> {
    for (const { start, batches } of this.#results) {
      const sink = sinkFor(start)
      for (const batch of batches) await sink.batch(batch)
      await sink.end()
    }
    await this.releaseSaid(reporter)
  }

  /** Prints what it said alone: the query failed. */
  async releaseSaid(reporter: Reporter): Promise<void> {
    for (const say of this.#said) await say(reporter)
  }
}
