/**
 * Leaves reading ahead to one thread of Node's pool, unless the environment says how many it has; for a
 * process that only reads, before anything was read in the pool. Of several threads the system wakes, as
 * often as not, one that last ran on the processor of this one, which then waits while that copies.
 */
export function readInOneThread(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= '1'
}
