import { openTable } from '../api/table-input.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { Catalog } from '../tables/catalog.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import { batchesSource } from '../tables/rows-source.ts'
import type { TableSource } from '../tables/source.ts'
import type { Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import type { GivenTable, TestFile } from './model.ts'

const BATCH_SIZE = 8192

/** The files that tests name, each read once, by table and path. */
export class GivenFiles {
  readonly #sources = new Map<string, TableSource>()
  /** The columns of tables that files are given of: those of the catalog, then what the files have. */
  readonly schemas = new Map<string, Schema>()

  source(table: string, path: string): TableSource | undefined {
    return this.#sources.get(keyOf(table, path))
  }

  /** Reads the files of the tables. What cannot be read is reported where the tests name it. */
  async read(tables: readonly GivenTable[], catalog: Catalog, bag: DiagnosticBag): Promise<void> {
    for (const { table, files } of tables) {
      for (const { path, span } of files) {
        if (this.#sources.has(keyOf(table, path))) continue
        const problems: Diagnostic[] = []
        try {
          const source = await loaded(table, path, catalog, message => {
            problems.push({ code: 'KQL202', severity: 'warning', message, span })
          })
          this.#sources.set(keyOf(table, path), source)
          this.#addColumns(table, source.schema, message => bag.error('KQL603', message, span))
        } catch (error) {
          bag.error('KQL600', faultOf(error), span)
        }
        for (const problem of problems.slice(0, SHOWN_PROBLEMS)) bag.add(problem)
      }
    }
  }

  #addColumns(table: string, schema: Schema, fail: (message: string) => void): void {
    const known = this.schemas.get(table) ?? []
    const added = schema.filter(({ name, type }) => {
      const before = findColumn(known, name)
      if (before !== undefined && before.type !== type) {
        fail(`\`${name}\` of ${table} is a ${type} here, and a ${before.type} in another file.`)
      }
      return before === undefined
    })
    this.schemas.set(table, [...known, ...added])
  }
}

const SHOWN_PROBLEMS = 3

/** Why a file cannot be opened, or not be read any further. */
function faultOf(error: unknown): string {
  if (error instanceof DataFileError) return error.message
  const [fault] = error instanceof KqlError ? error.diagnostics : []
  if (fault === undefined) throw error
  return fault.message
}

function keyOf(table: string, path: string): string {
  return JSON.stringify([table, path])
}

/** All tables that a file of tests gives data of. */
export function tablesGiven({ fixtures, tests }: TestFile): GivenTable[] {
  return [...[...fixtures.values()].flat(), ...tests.flatMap(({ given }) => given)]
}

/** The rows of a file in memory: each test scans them anew. */
async function loaded(
  table: string,
  path: string,
  catalog: Catalog,
  report: (message: string) => void,
): Promise<TableSource> {
  const { schema, scan } = bound(await openTable(table, path, catalog, false))
  const columns = schema.map(({ name, type }) => ({ name, type, column: name }))
  const batches: ColumnBatch[] = []
  const context = {
    batchSize: BATCH_SIZE,
    report: ({ file, line, message }: { file: string; line?: number; message: string }) =>
      report(`${line === undefined ? file : `${file}:${line}`}: ${message}`),
  }
  for await (const batch of scan({ columns }, context)) batches.push(batch)
  return batchesSource(schema, batches)
}

function bound(source: TableSource): Pick<TableSource, 'schema' | 'scan'> {
  return { schema: source.schema, scan: (request, context) => source.scan(request, context) }
}
