import type { DataFile } from '../tables/formats/data-file.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import type {
  GivenFile,
  OpenedFile,
  OpenedFiles,
  OpenFilesOptions,
} from '../tables/formats/open-files.ts'
import { openFiles } from '../tables/formats/open-files.ts'
import { type RandomAccess, readMetadata } from '../tables/parquet/file-metadata.ts'
import type { IngestedFile } from '../tables/parquet/ingested-file.ts'
import { CREATED_BY, formOf } from '../tables/parquet/ingested-form.ts'
import { IngestedTable } from '../tables/parquet/ingested-table.ts'
import { linesOf } from '../tables/parquet/row-lines.ts'
import type { TableSource } from '../tables/source.ts'
import type { Column } from '../types/schema.ts'
import { openRandomAccess } from './random-access.ts'

/** A file that kqlab ingested, with the tables that the user says it holds. */
export interface GivenIngested {
  readonly file: IngestedFile
  readonly tables: readonly string[]
  /** Whether the user named the file itself. */
  readonly named: boolean
}

/**
 * The Parquet file as kqlab ingested it; undefined where others wrote it.
 * @throws DataFileError where it is damaged.
 */
export function openIngested(path: string): IngestedFile | undefined {
  const file = openRandomAccess(path)
  try {
    const metadata = readMetadata(file)
    const form = metadata && formOf(metadata)
    if (metadata === undefined || form === undefined) return undefined
    return { path, size: file.size, metadata, form, open: () => openRandomAccess(path) }
  } catch (error) {
    // What is strange about files of others is for their reader to say.
    if (!(error instanceof DataFileError) || isOwn(file)) throw error
    return undefined
  } finally {
    file.close()
  }
}

/** Whether the description of the file names this program as the one that wrote it. */
function isOwn(file: RandomAccess): boolean {
  const end = file.read(Math.max(0, file.size - OWN_TAIL), file.size)
  return new TextDecoder('latin1').decode(end).includes(CREATED_BY)
}

/** Behind the name there is little more than a word for each column. */
const OWN_TAIL = 1 << 16

/**
 * Opens files of logs, of which some were ingested. A table that has both, or whose columns are declared
 * otherwise than they were ingested, is read as JSON lines, as any export is.
 */
export async function withIngested(
  ingested: readonly GivenIngested[],
  others: readonly GivenFile[],
  options: OpenFilesOptions,
): Promise<OpenedFiles> {
  const byTable = Map.groupBy(ingested, tableOf)
  const converted: GivenFile[] = []
  const sources = new Map<string, TableSource>()
  for (const [table, given] of byTable) {
    const schema = schemaOf(table, given, options)
    if (schema === undefined) converted.push(...given.map(asLines))
    else
      sources.set(
        table,
        new IngestedTable(
          schema,
          given.map(({ file }) => file),
        ),
      )
  }
  let opened = await openFiles([...others, ...converted], options)
  const mixed = [...sources.keys()].filter(table => opened.sources.has(table))
  if (mixed.length > 0) {
    for (const table of mixed) {
      sources.delete(table)
      converted.push(...(byTable.get(table) ?? []).map(asLines))
    }
    opened = await openFiles([...others, ...converted], options)
  }
  const files = ingested.flatMap(given => (sources.has(tableOf(given)) ? [openedFile(given)] : []))
  return {
    ...opened,
    sources: new Map([...opened.sources, ...sources]),
    files: [...opened.files, ...files],
  }
}

/** The table that the user says, unless the file has one of those that he says. */
function tableOf({ file, tables: [first, ...rest] }: GivenIngested): string {
  const { table } = file.form
  return first === undefined || rest.includes(table) ? table : first
}

/** The columns of the table; undefined where a file has them with other types. */
function schemaOf(
  table: string,
  given: readonly GivenIngested[],
  { catalog, exact = [] }: OpenFilesOptions,
): readonly Column[] | undefined {
  const known = catalog.schemaOf(table) ?? []
  const columns = new Map(known.map(column => [column.name, column]))
  for (const { file } of given) {
    for (const { name, type } of file.form.columns) {
      const column = columns.get(name)
      const isEmpty = file.form.empty.includes(name)
      if (column === undefined) {
        if (!exact.includes(table)) columns.set(name, { name, type })
      } else if (column.type !== type && !isEmpty) return undefined
    }
  }
  return [...columns.values()]
}

function asLines({ file, tables, named }: GivenIngested): GivenFile {
  const { columns } = file.form
  const table = new IngestedTable(
    columns.map(({ name, type }) => ({ name, type })),
    [file],
  )
  const lines: DataFile = {
    path: file.path,
    size: file.size,
    read: (signal, wanted) =>
      linesOf(
        table,
        {
          batchSize: LINES_AT_ONCE,
          ...(signal === undefined ? {} : { signal }),
          report: ({ message }) => {
            throw new DataFileError(message)
          },
        },
        wanted?.members,
      ),
  }
  return { file: lines, tables: tables.length > 0 ? tables : [file.form.table], named }
}

const LINES_AT_ONCE = 4096

function openedFile(given: GivenIngested): OpenedFile {
  const { file } = given
  return {
    path: file.path,
    format: 'Parquet, ingested by kqlab',
    tables: [tableOf(given)],
    bytes: file.size,
    notes: [],
  }
}
