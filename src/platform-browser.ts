import { type DataFile, DataFileError } from './tables/formats/data-file.ts'
import type { GeoLookup } from './tables/geo-lookup.ts'
import type { OpenPathOptions } from './tables/open-path.ts'
import type { TableSource } from './tables/source.ts'

/**
 * Never a table: a page has no files to open by path.
 * @throws DataFileError always; rows or text can be given as the table instead.
 */
export async function openPath(
  name: string,
  path: string | readonly string[],
  _options: OpenPathOptions,
): Promise<TableSource> {
  throw new DataFileError(
    `Table ${name}: '${String(path)}' cannot be opened, because there is no file system here. ` +
      'Give the rows or the text of the file instead of its path.',
  )
}

/**
 * Never a database: a page has no files to open by path.
 * @throws DataFileError always; a function that looks addresses up can be given instead.
 */
export async function openGeoip(path: string): Promise<GeoLookup> {
  throw new DataFileError(
    `'${path}' cannot be opened, because there is no file system here. ` +
      'Give a function that looks addresses up instead of a path.',
  )
}

/**
 * Never a file.
 * @throws DataFileError always; the text or the bytes can be given instead.
 */
export async function openDataFile(path: string): Promise<DataFile> {
  throw new DataFileError(
    `'${path}' cannot be opened, because there is no file system here. ` +
      'Give the text or the bytes of the file instead of its path.',
  )
}

/** Unknown: a page is not told what it may use. */
export function processMemory(): undefined {
  return undefined
}

/** No place for rows that do not fit in memory: a page has no files. */
export function fileSpill(_folder?: string): undefined {
  return undefined
}
