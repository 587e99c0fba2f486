import type { Schema } from '../../types/schema.ts'
import type { ColumnBatch } from '../batch.ts'
import type { JsonTextForm, RecordColumn, RecordFilter } from '../json/record-columns.ts'
import { RecordReader } from '../json/record-reader.ts'
import { scanNdjson } from '../json/scan-ndjson.ts'
import type { ScanContext, ScanRequest, TableSource } from '../source.ts'
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
  /** The columns whose values are the file's bytes in every part, apart from JSON's escapes. */
  readonly verbatimColumns: ReadonlySet<string>
  readonly #parts: readonly TablePart[]
  readonly #options: FileTableOptions

  constructor(schema: Schema, parts: readonly TablePart[], options: FileTableOptions = {}) {
    this.schema = schema
    this.#parts = parts
    this.#options = options
    this.verbatimColumns = verbatimIn(schema, parts)
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
    const reader = new RecordReader(request.columns, part.columns, context, {
      ...this.#options,
      file: file.path,
      ...(filter === undefined ? {} : { filter }),
    })
    const pieces = upToFault(utf8(file.read(signal)), report)
    if (container.kind === 'lines') {
      yield* scanNdjson(pieces, reader, signal)
      return
    }
    const framer = framerOf(
      container,
      {
        columns: () => undefined,
        record: reader.readRecord.bind(reader),
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
      for (let batch = reader.takeFull(); batch !== undefined; batch = reader.takeFull())
        yield batch
    }
    framer.end()
    for (let batch = reader.takeRest(); batch !== undefined; batch = reader.takeRest()) yield batch
  }
}

/** What a response says about its own completeness; undefined when it says that all is well. */
function faultIn(name: string | number | undefined, text: string): string | undefined {
  if (name === 'error' && text !== 'null') {
    return `The query's result is not complete: ${text.slice(0, 300)}`
  }
  if (name === 'HasErrors' && text === 'true') return "The query's result is not complete."
  return undefined
}

function verbatimIn(schema: Schema, parts: readonly TablePart[]): ReadonlySet<string> {
  const verbatim = new Set(schema.map(({ name }) => name))
  const looked = new Set<readonly RecordColumn[]>()
  for (const { columns, container } of parts) {
    if (container?.kind === 'csv') verbatim.clear()
    if (container === undefined || looked.has(columns)) continue
    looked.add(columns)
    for (const column of columns) if (!isVerbatim(column)) verbatim.delete(column.name)
  }
  return verbatim
}

function isVerbatim({ type, candidates, constant, replace }: RecordColumn): boolean {
  const isPlain = constant === undefined && replace === undefined
  return type === 'string' && candidates.length === 1 && isPlain
}
