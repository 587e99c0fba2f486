import { availableParallelism } from 'node:os'
import type { Data } from './data.ts'

/** Fewer bytes are read before another thread has started. */
const FEWEST_BYTES = 64_000_000
/** More threads are waited for more than they read. */
const MOST_THREADS = 8

/** As many threads as there are processors, within reason. */
export function mostThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS)
}

/** How many threads are to read the data of the tables. */
export function threadsFor(tables: readonly string[], { bytes }: Data): number {
  const size = tables.reduce((sum, table) => sum + (bytes?.get(table) ?? 0), 0)
  return size < FEWEST_BYTES ? 1 : mostThreads()
}
