import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { SCALAR_TYPES, type ScalarType } from '../../src/types/scalar-type.ts'
import type { Schema } from '../../src/types/schema.ts'

/** A table of a case: its columns as `v:bool; n:long`, and its rows. */
export interface CaseTable {
  readonly schema: Schema
  readonly rows: readonly (readonly unknown[])[]
}

/** A query with what it must give: a table, or the codes of its errors. */
export interface ConformanceCase {
  /** What the case shows; the query where the file says nothing. */
  readonly name: string
  readonly query: string
  readonly tables: Readonly<Record<string, CaseTable>>
  readonly expected: CaseTable | undefined
  /** Whether the order of the rows is a promise. */
  readonly ordered: boolean
  /** Codes of the errors expected, in order; undefined where a table is. */
  readonly diagnostics: readonly string[] | undefined
  /** Why the case does not run. */
  readonly skip: string | undefined
}

/** The cases of one file. */
export interface CaseFile {
  /** Its path below this folder. */
  readonly path: string
  readonly cases: readonly ConformanceCase[]
}

const ROOT = new URL('.', import.meta.url)

/** The keys that a case may have: a misspelt one would be a check that is not made. */
const KEYS = ['name', 'query', 'tables', 'columns', 'rows', 'order', 'diagnostics', 'skip']

interface RawTable {
  readonly columns?: string
  readonly rows?: readonly (readonly unknown[])[]
}

interface RawCase extends RawTable {
  readonly name?: string
  readonly query?: string
  readonly tables?: Readonly<Record<string, RawTable>>
  readonly order?: string
  readonly diagnostics?: readonly string[]
  readonly skip?: string
}

/** The conformance cases of this project: every YAML file below this folder, by path. */
export function readCaseFiles(): CaseFile[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.yaml'))
    .sort()
    .map(path => ({ path, cases: readCases(path) }))
}

function readCases(path: string): ConformanceCase[] {
  const text = readFileSync(new URL(path, ROOT), 'utf8')
  const raw = parse(text, { intAsBigInt: true }) as readonly RawCase[]
  return raw.map((item, index) => {
    const where = `${path}, case ${index + 1}`
    const unknown = Object.keys(item).filter(key => !KEYS.includes(key))
    if (unknown.length > 0) throw new Error(`${where}: unknown key ${unknown.join(', ')}`)
    if (item.query === undefined) throw new Error(`${where}: no query`)
    if ((item.columns === undefined) === (item.diagnostics === undefined)) {
      throw new Error(`${where}: give columns and rows, or diagnostics`)
    }
    return {
      name: item.name ?? item.query.trim().replace(/\s+/g, ' '),
      query: item.query,
      tables: Object.fromEntries(
        Object.entries(item.tables ?? {}).map(([name, table]) => [name, tableOf(table, where)]),
      ),
      expected: item.columns === undefined ? undefined : tableOf(item, where),
      ordered: item.order !== 'any',
      diagnostics: item.diagnostics,
      skip: item.skip,
    }
  })
}

function tableOf({ columns = '', rows = [] }: RawTable, where: string): CaseTable {
  const schema = columns.split(';').map(column => {
    // The name may hold colons; the type is behind the last.
    const [, name, type] = /^\s*(.*):(\w+)\s*$/.exec(column) ?? []
    if (name === undefined || !SCALAR_TYPES.includes(type as ScalarType)) {
      throw new Error(`${where}: not a column: ${column}`)
    }
    return { name, type: type as ScalarType }
  })
  for (const row of rows) {
    if (row.length !== schema.length) throw new Error(`${where}: a row has ${row.length} values`)
  }
  return { schema, rows }
}
