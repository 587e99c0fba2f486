import { type DataFile, DataFileError } from '../tables/formats/data-file.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import type { OpenPathOptions } from '../tables/open-path.ts'
import type { TableSource } from '../tables/source.ts'

export { processMemory } from './memory.ts'
export { fileSpill } from './spill-store.ts'

/** The file at the path, to be read as a stream of bytes. */
export async function openDataFile(path: string): Promise<DataFile> {
  const files = await import('./file-source.ts')
  return files.openFile(path)
}

/**
 * The table of that name in files, folders or the files of patterns.
 * @throws DataFileError where a file cannot be read or holds nothing of the table.
 */
export async function openPath(
  name: string,
  path: string | readonly string[],
  { catalog, schema, exact }: OpenPathOptions,
): Promise<TableSource> {
  const paths = typeof path === 'string' ? [path] : path
  const { openData } = await import('./open-data.ts')
  const opened = await openData({
    data: [],
    tables: { [name]: paths },
    catalog: schema === undefined ? catalog : catalog.with({ [name]: schema }),
    exact: schema !== undefined || exact === true ? [name] : [],
  })
  const [problem] = opened.problems
  if (problem !== undefined) throw new DataFileError(`${problem.file}: ${problem.message}`)
  const source = opened.sources.get(name)
  if (source === undefined) {
    throw new DataFileError(`${paths.join(', ')}: There are no records of ${name}.`)
  }
  const notes = [
    ...opened.files.flatMap(({ path: file, notes: own }) =>
      own.map(message => ({ file, message })),
    ),
    ...opened.unrecognised.map(({ path: file, message }) => ({ file, message })),
  ]
  return notes.length === 0 ? source : Object.assign(source, { notes })
}

/**
 * The locations of a database of cities in MaxMind's format.
 * @throws DataFileError where it cannot be read or is something else.
 */
export async function openGeoip(path: string): Promise<GeoLookup> {
  const geoip = await import('./geoip.ts')
  return geoip.openGeoip(path)
}
