import type { Schema } from '../../types/schema.ts'
import type { ColumnBatch } from '../batch.ts'
import { RecordReader } from '../json/record-reader.ts'
import {
  type ReadProblem,
  type ScanContext,
  type ScanRequest,
  type TableSource,
  timesOf,
  UNREAD,
  UNWANTED,
} from '../source.ts'
import type { Container } from './container.ts'
import { upToFault, utf8 } from './data-file.ts'
import { liesOutside } from './folder-times.ts'
import { framerOf } from './framer.ts'
import { scanLines } from './scan-lines.ts'
import { chosen, type FileTableOptions, type TablePart, textsToLookFor } from './table-part.ts'

/** A table whose rows are in files, read anew by each scan, in the order of the files. */
export class FileTable implements TableSource {
  readonly schema: Schema
  readonly bytes?: number
  readonly #parts: readonly TablePart[]
  readonly #options: FileTableOptions

  constructor(schema: Schema, parts: readonly TablePart[], options: FileTableOptions = {}) {
    this.schema = schema
    this.#parts = parts
    this.#options = options
    const sizes = parts.map(({ file }) => file.size)
    if (sizes.every(size => size !== undefined)) {
      this.bytes = sizes.reduce((sum, size) => sum + size, 0)
    }
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    for (const part of this.#parts) {
      if (part.container === undefined) continue
      const { path } = part.file
      if (liesOutside(path, timesOf(request), context)) context.unexamined?.(UNREAD, path)
      else if (request.filter?.isNever === true && context.unexamined !== undefined) {
        context.unexamined(UNWANTED, path)
      } else {
        for (const fault of part.faults ?? []) {
          context.report({ file: path, kind: 'record', ...fault })
        }
        yield* this.#scanPart(part, part.container, request, context)
      }
    }
  }

  async *#scanPart(
    part: TablePart,
    container: Container,
    request: ScanRequest,
    context: ScanContext,
  ): AsyncGenerator<ColumnBatch> {
    if (container.kind === 'lines') {
      yield* scanLines(part, this.#options, request, context)
      return
    }
    const { file } = part
    const { signal } = context
    const report = (message: string) => context.report({ file: file.path, kind: 'record', message })
    const filter = part.filter?.(report)
    const overwritten = container.kind === 'csv' || container.kind === 'text'
    const held = overwritten ? undefined : request.filter
    const texts = textsToLookFor(request, context)
    const counted = { ...context, report: numberedOnLines(problem => context.report(problem)) }
    const reader = new RecordReader(request.columns, part.columns, counted, {
      ...this.#options,
      file: file.path,
      overwritten,
      kernel: context.without?.includes('kernel') !== true,
      ...(filter === undefined ? {} : { filter }),
      ...(held === undefined ? {} : { rows: held }),
      ...(overwritten || texts === undefined ? {} : { texts }),
    })
    const late = held === undefined ? request.filter : undefined
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

/** Tells of problems which of those on its line each is: a line may have all records of a document. */
function numberedOnLines(report: (problem: ReadProblem) => void): (problem: ReadProblem) => void {
  const last = new Map<string, { readonly line: number; readonly nth: number }>()
  return problem => {
    const { line, kind, column = '' } = problem
    if (line === undefined) return report(problem)
    const key = `${kind}\0${column}`
    const before = last.get(key)
    const nth = before?.line === line ? before.nth + 1 : 0
    last.set(key, { line, nth })
    return report(nth === 0 ? problem : { ...problem, nth })
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
