import { TICKS_PER_HOUR, ticksFromEpochMillis } from '../../types/datetime.ts'
import type { ScanContext, TimeRange } from '../source.ts'

/**
 * The folders in which a workspace's data export puts records by their TimeGenerated. Diagnostic
 * settings, whose folders are alike, put them there by the time at which they were received, which
 * tells nothing of the records.
 */
const EXPORTED =
  /(?:^|\/)WorkspaceResourceId=.*\/y=(\d{4})\/m=(\d{2})\/d=(\d{2})\/h=(\d{2})\/m=(\d{2})\/[^/]+$/i

/** A folder has the records of five minutes, or of an hour: neither side is taken to the minute. */
const BEFORE = TICKS_PER_HOUR
const AFTER = 2n * TICKS_PER_HOUR

/** Whether a file lies in a folder whose records cannot be in the range that a scan wants. */
export function liesOutside(
  path: string,
  range: TimeRange | undefined,
  context: ScanContext,
): boolean {
  if (range?.column !== 'TimeGenerated') return false
  // What is not read cannot be said to be sound.
  if (context.unexamined === undefined || context.without?.includes('time-ranges')) return false
  const start = startOf(path)
  if (start === undefined) return false
  const { from, to } = range
  return (from !== undefined && start + AFTER <= from) || (to !== undefined && start - BEFORE >= to)
}

/** The time that a file's folders name, in ticks. */
function startOf(path: string): bigint | undefined {
  const parts = EXPORTED.exec(path.replaceAll('\\', '/'))
  if (parts === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1).map(Number)
  const millis = Date.UTC(year, month - 1, day, hour, minute)
  const date = new Date(millis)
  // No date has a month 13.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return ticksFromEpochMillis(millis) ?? undefined
}

/** The folder above those that name a time. */
export function exportRoot(path: string): string {
  const at = path.replaceAll('\\', '/').search(/\/y=\d{4}\/m=\d{2}\/d=\d{2}\/h=\d{2}\//i)
  return at < 0 ? path : path.slice(0, at)
}
