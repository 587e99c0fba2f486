import type { Data } from './data.ts'
import type { Session } from './session.ts'
import { timeColumnOf } from './time-columns.ts'
import { WatchedSource } from './watched-source.ts'

/** The newest time in the data of some tables; undefined where no row of them has a time. */
export async function newestTime(
  tables: Iterable<string>,
  { sources }: Data,
  { progress, signal }: Session,
): Promise<bigint | undefined> {
  let newest: bigint | undefined
  progress.start()
  for (const name of new Set(tables)) {
    const source = sources.get(name)
    const column = source && timeColumnOf(source.schema)
    if (source === undefined || column === undefined) continue
    const times = await new WatchedSource(name, source, progress).times(column, signal)
    if (times.newest === undefined) continue
    if (newest === undefined || times.newest > newest) newest = times.newest
  }
  progress.clear()
  return newest
}
