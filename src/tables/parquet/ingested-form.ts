import type { ScalarType } from '../../types/scalar-type.ts'
import { scalarTypeOf } from '../../types/scalar-type.ts'
import { parquetFault } from './fault.ts'
import type { FileColumn, FileMetadata } from './file-metadata.ts'
import { PHYSICAL } from './file-metadata.ts'

/** The key of a Parquet file's metadata under which kqlab describes what it wrote. */
export const FORM_KEY = 'kqlab'
const VERSION = 1
/** What files that kqlab wrote say about who wrote them. */
export const CREATED_BY = 'kqlab'

/** How the values of a column are stored, where their KQL type leaves a choice. */
export type StoredAs = 'nanos' | 'ticks'

/** A column of an ingested table. */
export interface StoredColumn {
  readonly name: string
  readonly type: ScalarType
  /** Of datetimes: nanoseconds since 1970, or ticks since the year 1 where those do not hold all. */
  readonly as?: StoredAs
}

/** What kqlab says about a file that it wrote. */
export interface IngestedForm {
  readonly table: string
  readonly columns: readonly StoredColumn[]
  /** The column by which the rows are sorted, those without a time first. */
  readonly time?: string
  /** Columns of which no row of the file has a value: all are null, or empty texts. */
  readonly empty: readonly string[]
  /** Of columns of long texts: where in the file the signature of each row group is, -1 for none. */
  readonly words: Readonly<Record<string, readonly number[]>>
  /**
   * Of columns of strings: rows of the file whose text has half of a character, which UTF-8 cannot tell,
   * and the text.
   */
  readonly halves?: Readonly<Record<string, readonly (readonly [number, string])[]>>
}

/** The text that is written for the form. */
export function printForm(form: IngestedForm): string {
  return JSON.stringify({ version: VERSION, ...form })
}

/**
 * The form of a file that kqlab wrote; undefined for files of others. A tool that writes a file anew may keep
 * the entry, which is not true of what it wrote.
 * @throws DataFileError where it is damaged, or of a later version.
 */
export function formOf(metadata: FileMetadata): IngestedForm | undefined {
  const text = metadata.keyValues.get(FORM_KEY)
  if (text === undefined || metadata.createdBy !== CREATED_BY) return undefined
  const form = parsed(text)
  if (form['version'] !== VERSION) {
    throw parquetFault('it was ingested by another version of kqlab; ingest the logs again')
  }
  const { table, columns, time, empty, words, halves } = form
  const sound =
    typeof table === 'string' &&
    Array.isArray(columns) &&
    columns.every(isStoredColumn) &&
    (time === undefined || typeof time === 'string') &&
    Array.isArray(empty) &&
    empty.every(name => typeof name === 'string') &&
    isWords(words, metadata.groups.length) &&
    (halves === undefined || isHalves(halves))
  if (!sound) throw parquetFault('what kqlab says about it is damaged')
  columns.forEach((column, index) => {
    if (!isStoredIn(column, metadata.columns[index])) {
      throw parquetFault(`its column ${column.name} is not as kqlab writes it`)
    }
  })
  if (columns.length !== metadata.columns.length) throw parquetFault('columns are missing')
  return {
    table,
    columns,
    empty,
    words,
    ...(time === undefined ? {} : { time }),
    ...(halves === undefined ? {} : { halves }),
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw parquetFault('what kqlab says about it is damaged')
}

function isStoredColumn(value: unknown): value is StoredColumn {
  if (typeof value !== 'object' || value === null) return false
  const { name, type, as } = value as Partial<Record<keyof StoredColumn, unknown>>
  if (typeof name !== 'string' || typeof type !== 'string' || scalarTypeOf(type) !== type)
    return false
  return type === 'datetime' ? as === 'nanos' || as === 'ticks' : as === undefined
}

function isWords(value: unknown, groups: number): value is IngestedForm['words'] {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every(
    places =>
      Array.isArray(places) &&
      places.length === groups &&
      places.every(place => Number.isSafeInteger(place)),
  )
}

function isHalves(value: unknown): value is NonNullable<IngestedForm['halves']> {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every(
    texts =>
      Array.isArray(texts) &&
      texts.every(
        entry =>
          Array.isArray(entry) &&
          entry.length === 2 &&
          Number.isSafeInteger(entry[0]) &&
          typeof entry[1] === 'string',
      ),
  )
}

/** How Parquet stores the values of a type. */
export function physicalOf(type: ScalarType): number {
  switch (type) {
    case 'bool':
      return PHYSICAL.boolean
    case 'int':
      return PHYSICAL.int32
    case 'long':
    case 'datetime':
    case 'timespan':
      return PHYSICAL.int64
    case 'real':
      return PHYSICAL.double
    default:
      return PHYSICAL.bytes
  }
}

function isStoredIn({ name, type }: StoredColumn, column: FileColumn | undefined): boolean {
  return (
    column?.name === name &&
    column.physical === physicalOf(type) &&
    column.optional === (type !== 'string')
  )
}
