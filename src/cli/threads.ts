import { availableParallelism } from 'node:os'

/** More threads are waited for more than they read. */
const MOST_THREADS = 8

/** As many threads as there are processors, within reason. */
export function mostThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS)
}
