import { Catalog } from '../tables/catalog.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import type { TableSource } from '../tables/source.ts'
import type { Schema } from '../types/schema.ts'
import { openData } from './open-data.ts'

/**
 * The table of that name in files, folders or the files of patterns. `schema` replaces the built-in
 * one exactly.
 * @throws DataFileError where a file cannot be read or holds nothing of the table.
 */
export async function openPath(
  name: string,
  path: string | readonly string[],
  schema?: Schema,
): Promise<TableSource> {
  const builtin = Catalog.builtin()
  const paths = typeof path === 'string' ? [path] : path
  const opened = await openData({
    data: [],
    tables: { [name]: paths },
    catalog: schema === undefined ? builtin : builtin.with({ [name]: schema }),
    exact: schema === undefined ? [] : [name],
  })
  const [problem] = opened.problems
  if (problem !== undefined) throw new DataFileError(`${problem.file}: ${problem.message}`)
  const source = opened.sources.get(name)
  if (source === undefined) {
    throw new DataFileError(`${paths.join(', ')}: There are no records of ${name}.`)
  }
  return source
}
