import type { Schema } from '../../types/schema.ts'
import { ColumnBatch } from '../batch.ts'
import { lineNeeds } from '../json/line-needs.ts'
import type { JsonTextForm, RecordColumn, RecordFilter } from '../json/record-columns.ts'
import { RecordReader } from '../json/record-reader.ts'
import { scanNdjson } from '../json/scan-ndjson.ts'
import { scanStored } from '../json/scan-stored.ts'
import type { ScanContext, ScanFilter, ScanRequest, TableSource } from '../source.ts'
import type { Container } from './container.ts'
import type { DataFile } from './data-file.ts'
import { upToFault, utf8 } from './data-file.ts'
import { framerOf } from './framer.ts'

/** The records of one table in one file. */
export interface TablePart {
  readonly file: DataFile
  /** undefined where the file has no records. */
  readonly container: Container | undefined
  /** How the records give the table's columns. */
  readonly columns: readonly RecordColumn[]
  /** The filter of one scan, where the file holds records of other tables too. */
  filter?(report: (message: string) => void): RecordFilter
}

/** Options of all parts of a table. */
export interface FileTableOptions {
  readonly jsonText?: JsonTextForm
  readonly maxRecordBytes?: number
}

/** A table whose rows are in files, read anew by each scan, in the order of the files. */
export class FileTable implements TableSource {
  readonly schema: Schema
  readonly #parts: readonly TablePart[]
  readonly #options: FileTableOptions

  constructor(schema: Schema, parts: readonly TablePart[], options: FileTableOptions = {}) {
    this.schema = schema
    this.#parts = parts
    this.#options = options
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    for (const part of this.#parts) {
      if (part.container !== undefined)
        yield* this.#scanPart(part, part.container, request, context)
    }
  }

  async *#scanPart(
    part: TablePart,
    container: Container,
    request: ScanRequest,
    context: ScanContext,
  ): AsyncGenerator<ColumnBatch> {
    const { file } = part
    const { signal } = context
    const report = (message: string) => context.report({ file: file.path, kind: 'record', message })
    const filter = part.filter?.(report)
    const overwritten = container.kind === 'csv' || container.kind === 'text'
    const held = overwritten ? undefined : request.filter
    const texts = context.without?.includes('literals') === true ? undefined : request.texts
    const reader = new RecordReader(request.columns, part.columns, context, {
      ...this.#options,
      file: file.path,
      overwritten,
      kernel: context.without?.includes('kernel') !== true,
      ...(filter === undefined ? {} : { filter }),
      ...(held === undefined ? {} : { rows: held }),
      ...(overwritten || texts === undefined ? {} : { texts }),
    })
    const late = held === undefined ? request.filter : undefined
    if (container.kind === 'lines') {
      yield* scanLines(part, reader, request, context)
      return
    }
    const pieces = upToFault(utf8(file.read(signal)), report)
    const framer = framerOf(
      container,
      {
        columns: () => undefined,
        record: reader.readRecord.bind(reader),
        value: reader.readValue.bind(reader),
        line: reader.readLine.bind(reader),
        settle: reader.settle.bind(reader),
        broken: reader.problem.bind(reader),
        note: (path, text) => {
          const fault = faultIn(path.at(-1), text)
          if (fault !== undefined) report(fault)
        },
      },
      reader.maxRecordBytes,
    )
    for await (const piece of pieces) {
      signal?.throwIfAborted()
      framer.push(piece)
      reader.settle()
      for (let batch = reader.takeFull(); batch !== undefined; batch = reader.takeFull())
        yield chosen(batch, late)
    }
    framer.end()
    reader.settle()
    for (let batch = reader.takeRest(); batch !== undefined; batch = reader.takeRest())
      yield chosen(batch, late)
  }
}

/** Files of fewer bytes are looked at whole: there is no time to be saved. */
const LEAST_SKIPPED = 1 << 20

/** The records of a file that has one on a line. */
async function* scanLines(
  { file, columns }: TablePart,
  reader: RecordReader,
  request: ScanRequest,
  { signal, report, unexamined, without = [] }: ScanContext,
): AsyncGenerator<ColumnBatch> {
  const fault = (message: string) => report({ file: file.path, kind: 'record', message })
  const whole = unexamined === undefined || (file.size ?? LEAST_SKIPPED) < LEAST_SKIPPED
  if (whole) {
    yield* scanNdjson(upToFault(utf8(file.read(signal)), fault), reader, signal)
    return
  }
  let leftOut = 0
  const wanted = {
    needs: lineNeeds(
      without.includes('literals') ? undefined : request.texts,
      without.includes('time-ranges') ? undefined : request.timeRange,
      columns,
    ),
    kernel: !without.includes('kernel'),
    unexamined: (lines: number) => {
      leftOut += lines
    },
  }
  const stored = file.open?.()
  try {
    if (stored === undefined) {
      yield* scanNdjson(upToFault(utf8(file.read(signal)), fault), reader, signal, wanted)
    } else yield* upToFault(scanStored(stored, reader, wanted, signal), fault)
  } finally {
    stored?.close()
    unexamined(leftOut, file.path)
  }
}

/** The rows of the batch that the filter leaves. */
function chosen(batch: ColumnBatch, filter: ScanFilter | undefined): ColumnBatch {
  if (filter === undefined) return batch
  const positions = batch.schema.flatMap(({ name }, index) =>
    filter.columns.includes(name) ? [index] : [],
  )
  const schema = positions.map(index => batch.schema[index]!)
  const columns = positions.map(index => batch.columns[index]!)
  return batch.select(filter.select(new ColumnBatch(schema, columns, batch.length)))
}

/** What a response says about its own completeness; undefined when it says that all is well. */
function faultIn(name: string | number | undefined, text: string): string | undefined {
  if (name === 'error' && text !== 'null') {
    return `The query's result is not complete: ${text.slice(0, 300)}`
  }
  if (name === 'HasErrors' && text === 'true') return "The query's result is not complete."
  return undefined
}
