import { openPath } from '#platform'
import type { Catalog } from '../tables/catalog.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import { inferSchema, type Row } from '../tables/infer-schema.ts'
import type { OpenPathOptions } from '../tables/open-path.ts'
import { collectRows, rowsSource } from '../tables/rows-source.ts'
import type { TableSource } from '../tables/source.ts'
import { KqlError } from '../text/kql-error.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import type { Schema } from '../types/schema.ts'

/** One row as an object: a value for each column by name. */
export type TableRow = Row

/** Either rows or the path of a file, with the columns where they are not to be inferred. */
export interface TableDescription {
  readonly rows?: Iterable<TableRow> | AsyncIterable<TableRow>
  /** A file, a folder or a pattern; several make one table. */
  readonly path?: string | readonly string[]
  /** Replaces the built-in columns exactly, in this order. */
  readonly schema?: Readonly<Record<string, ScalarType>>
}

/** The data of a table: rows, a path, or either with a schema. */
export type TableInput =
  | readonly TableRow[]
  | Iterable<TableRow>
  | AsyncIterable<TableRow>
  | string
  | readonly string[]
  | TableDescription

function isPaths(input: TableInput): input is string | readonly string[] {
  if (typeof input === 'string') return true
  return Array.isArray(input) && input.length > 0 && input.every(item => typeof item === 'string')
}

function isRows(input: TableInput): input is Iterable<TableRow> | AsyncIterable<TableRow> {
  if (typeof input !== 'object' || input === null) return false
  return Symbol.iterator in input || Symbol.asyncIterator in input
}

/**
 * The input of a table as a description.
 * @throws TypeError where it is none: a response that has its rows somewhere within it would be an empty
 * table.
 */
export function describeInput(table: string, input: TableInput): TableDescription {
  if (isPaths(input)) return { path: input }
  if (isRows(input)) return { rows: input }
  if (typeof input !== 'object' || input === null) {
    const what = input === null || input === undefined ? String(input) : `a ${typeof input}`
    throw new TypeError(`The table ${table} is ${what}, not rows, a path or a description.`)
  }
  const { rows, path, schema } = input
  if (rows === undefined && path === undefined && schema === undefined) {
    const names = Object.keys(input).join(', ')
    const has = names === '' ? '' : `, only ${names}`
    throw new TypeError(`The description of table ${table} has no rows, path or schema${has}.`)
  }
  if (rows !== undefined && path !== undefined) {
    throw new TypeError(`The description of table ${table} has rows and a path: only one is read.`)
  }
  return input
}

function explicitSchema(input: TableDescription): Schema | undefined {
  if (input.schema === undefined) return undefined
  return Object.entries(input.schema).map(([name, type]) => ({ name, type }))
}

/**
 * The table that an input stands for. Without a schema of its own it has the columns of the catalog,
 * then, unless only those of the catalog can matter, those that the data have besides.
 * @throws KqlError where a file cannot be read, or holds nothing of the table.
 */
export async function openTable(
  name: string,
  input: TableInput,
  catalog: Catalog,
  exact: boolean,
): Promise<TableSource> {
  const description = describeInput(name, input)
  const explicit = explicitSchema(description)
  if (description.path !== undefined) {
    const schema = explicit === undefined ? {} : { schema: explicit }
    return openTablePath(name, description.path, { catalog, exact, ...schema })
  }
  const rows = await collectRows(name, description.rows ?? [])
  const known = catalog.schemaOf(name)
  const schema = explicit ?? (exact && known !== undefined ? known : inferSchema(rows, known))
  return rowsSource(name, rows, schema)
}

/**
 * The table of that name in files.
 * @throws KqlError where one cannot be read, or holds nothing of the table.
 */
export function openTablePath(
  name: string,
  path: string | readonly string[],
  options: OpenPathOptions,
): Promise<TableSource> {
  return readable(() => openPath(name, path, options))
}

/**
 * What is opened.
 * @throws KqlError where it is a file that cannot be read.
 */
export async function readable<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    const { message } = error
    const span = { start: 0, end: 0 }
    throw new KqlError([{ code: 'KQL103', severity: 'error', message, span }])
  }
}
