import { Catalog } from '../tables/catalog.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import type { TableSource } from '../tables/source.ts'
import type { Schema } from '../types/schema.ts'
import { openData } from './open-data.ts'

/**
 * The table of that name in a file, a folder or the files of a pattern. `schema` replaces the
 * built-in one exactly.
 * @throws DataFileError where a file cannot be read or holds nothing of the table.
 */
export async function openPath(name: string, path: string | readonly string[], schema?: Schema): Promise<TableSource> {
  const builtin = Catalog.builtin()
  const catalog = schema === undefined ? builtin : builtin.with({ [name]: schema })
  const opened = await openData({ data: [], tables: { [name]: typeof path === 'string' ? [path] : path }, catalog })
  const [problem] = opened.unrecognised
  if (problem !== undefined) throw new DataFileError(`${problem.path}: ${problem.message}`)
  const source = opened.sources.get(name)
  if (source === undefined) throw new DataFileError(`${path}: It holds no records of ${name}.`)
  return source
}
