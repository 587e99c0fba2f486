import type { ScalarType } from '../../types/scalar-type.ts'
import { valueOfText } from '../coerce.ts'
import { DataFileError, utf8 } from '../formats/data-file.ts'
import { FileTable } from '../formats/file-table.ts'
import type { TablePart } from '../formats/table-part.ts'
import type { RecordColumn } from '../json/record-columns.ts'
import { rowsSource } from '../rows-source.ts'
import type { PathStep, TableSource } from '../source.ts'
import { openingOf, unpacked } from './archive.ts'
import type { ExternalContent } from './external-data.ts'
import { containerOf, EXTERNAL_FORMATS, formatNamed, formatOfName } from './external-format.ts'

/** A column of external data, and where a record has it. */
export interface ExternalColumn {
  readonly name: string
  readonly type: ScalarType
  /** In records with members. */
  readonly path?: readonly PathStep[]
  /** In records that are lists: a position. */
  readonly ordinal?: number
  /** The text of its value, wherever it is. */
  readonly constant?: string
}

/** How external data are read. */
export interface ExternalReading {
  readonly columns: readonly ExternalColumn[]
  /** In lower case; where missing, the extension of the address tells, or of the file, or it is csv. */
  readonly format?: string
  readonly skipFirst: boolean
}

/**
 * The table that the data at an address are.
 * @throws DataFileError where the data are in a format that cannot be read.
 */
export async function externalTable(
  address: string,
  content: ExternalContent,
  reading: ExternalReading,
  signal?: AbortSignal,
): Promise<TableSource> {
  const schema = reading.columns.map(({ name, type }) => ({ name, type }))
  if (content.kind === 'rows') return rowsSource(address, content.rows, schema)
  const { path } = content.file
  const format = reading.format ?? formatOfName(address) ?? formatOfName(path) ?? 'csv'
  const kind = formatNamed(format)
  if (kind === undefined) {
    const known = EXTERNAL_FORMATS.join(', ')
    throw new DataFileError(`The format ${format} cannot be read, only ${known}.`)
  }
  const columns = recordColumns(reading.columns, kind === 'json')
  const parts: TablePart[] = []
  for (const file of await unpacked(content.file, signal)) {
    const opening = kind === 'json' ? await openingOf(utf8(file.read(signal))) : undefined
    parts.push({ file, columns, container: containerOf(format, reading.skipFirst, opening) })
  }
  return new FileTable(schema, parts, { jsonText: 'compact' })
}

/** What the bytes of lists are found by has to be a position, so one is always there. */
const FIRST: RecordColumn = { name: '$record', type: 'string', candidates: [[0]] }

function recordColumns(columns: readonly ExternalColumn[], named: boolean): RecordColumn[] {
  const own = columns.map(({ name, type, path, ordinal, constant }): RecordColumn => {
    if (constant !== undefined) {
      return { name, type, candidates: [], constant: valueOfText(type, constant) ?? null }
    }
    if (named) return { name, type, candidates: path === undefined ? [] : [path] }
    return { name, type, candidates: ordinal === undefined ? [] : [[ordinal]] }
  })
  return named ? own : [FIRST, ...own]
}
