import type { ColumnBatch } from './batch.ts'
import { mergedRequest } from './merged-request.ts'
import type { ScanContext, ScanRequest, TableSource } from './source.ts'

/**
 * Lets several queries that run side by side read each table together: a pass over a table begins when
 * none of the queries can go on without one, and serves all that wait for it. So each table is read as
 * often as the query needs it that reads it the most, not as often as there are queries.
 */
export class SharedScans {
  readonly #readers: Reader[]
  readonly #seen: (batch: ColumnBatch, source: TableSource) => Promise<void>
  #isPassing = false

  /**
   * For so many queries. `seen` is called with each batch that is read.
   */
  constructor(
    queries: number,
    seen: (batch: ColumnBatch, source: TableSource) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#readers = Array.from({ length: queries }, () => new Reader())
    this.#seen = seen
  }

  /** The table as the query of that number is to read it. */
  source(query: number, source: TableSource): TableSource {
    const reader = this.#readers[query]!
    return {
      schema: source.schema,
      scan: (request, context) => this.#scan(reader, source, request, context),
    }
  }

  /** The query has ended. To be called of each, or the others wait for it. */
  end(query: number): void {
    this.#readers[query]!.hasEnded = true
    this.#begin()
  }

  async *#scan(
    reader: Reader,
    source: TableSource,
    request: ScanRequest,
    context: ScanContext,
  ): AsyncGenerator<ColumnBatch> {
    // What a query reads while it is in a pass, the pass must not wait for.
    if (reader.isInPass) {
      yield* source.scan(request, context)
      return
    }
    const scan = new Scan(reader, source, request, context)
    reader.waiting.push(scan)
    this.#begin()
    try {
      for (let batch = await scan.next(); batch !== undefined; batch = await scan.next())
        yield batch
    } finally {
      scan.close()
    }
  }

  /** Begins a pass, where all queries wait for one: over the table that most of them wait for. */
  #begin(): void {
    if (this.#isPassing) return
    const going = this.#readers.filter(reader => !reader.hasEnded)
    if (going.length === 0 || going.some(reader => reader.waiting.length === 0)) return
    const bySource = Map.groupBy(
      going.flatMap(({ waiting }) => waiting),
      ({ source }) => source,
    )
    const [scans = []] = [...bySource.values()].sort((a, b) => b.length - a.length)
    this.#isPassing = true
    void this.#pass(scans)
  }

  async #pass(scans: readonly Scan[]): Promise<void> {
    const [first] = scans
    if (first === undefined) return
    for (const scan of scans) scan.enter()
    try {
      const { request, context, part } = mergedRequest(scans)
      for await (const batch of first.source.scan(request, context)) {
        await this.#seen(batch, first.source)
        const open = scans.filter(scan => !scan.isClosed)
        if (open.length === 0) break
        await Promise.all(open.map(scan => scan.give(part(batch, scan))))
      }
      for (const scan of scans) scan.finish()
    } catch (error) {
      for (const scan of scans) scan.fail(error)
    }
    this.#isPassing = false
    this.#begin()
  }
}

/** A query, as far as it reads. */
class Reader {
  /** Its scans that no pass serves yet. */
  readonly waiting: Scan[] = []
  isInPass = false
  hasEnded = false
}

/** A scan of one query. */
class Scan {
  readonly source: TableSource
  readonly request: ScanRequest
  readonly context: ScanContext
  isClosed = false
  readonly #reader: Reader
  /** What the query has not taken yet. */
  #given: { readonly batch: ColumnBatch | undefined } | undefined
  #error: { readonly reason: unknown } | undefined
  #taken: (() => void) | undefined
  #arrived: (() => void) | undefined

  constructor(reader: Reader, source: TableSource, request: ScanRequest, context: ScanContext) {
    this.#reader = reader
    this.source = source
    this.request = request
    this.context = context
  }

  /** A pass serves it from now on. */
  enter(): void {
    const { waiting } = this.#reader
    waiting.splice(waiting.indexOf(this), 1)
    this.#reader.isInPass = true
  }

  /** Gives a batch, and waits until the query wants the next one. */
  give(batch: ColumnBatch): Promise<void> {
    if (this.isClosed || batch.rowCount === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#taken = resolve
      this.#put(batch)
    })
  }

  finish(): void {
    this.#reader.isInPass = false
    this.#put(undefined)
  }

  fail(reason: unknown): void {
    this.#reader.isInPass = false
    if (this.isClosed) return
    this.#error ??= { reason }
    this.#put(undefined)
  }

  /** The next batch; undefined at the end. */
  async next(): Promise<ColumnBatch | undefined> {
    this.#given = undefined
    this.#release()
    if (this.#error === undefined && this.#given === undefined) {
      await new Promise<void>(resolve => {
        this.#arrived = resolve
      })
    }
    if (this.#error !== undefined) throw this.#error.reason
    return this.#takeGiven()
  }

  close(): void {
    this.isClosed = true
    const { waiting } = this.#reader
    if (waiting.includes(this)) waiting.splice(waiting.indexOf(this), 1)
    this.#release()
  }

  #takeGiven(): ColumnBatch | undefined {
    return this.#given?.batch
  }

  #put(batch: ColumnBatch | undefined): void {
    this.#given = { batch }
    this.#arrived?.()
    this.#arrived = undefined
  }

  #release(): void {
    this.#taken?.()
    this.#taken = undefined
  }
}
