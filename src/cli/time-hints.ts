import type { Prepared } from '../api/prepare.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { formatDatetime } from '../types/datetime.ts'
import { timeColumnOf, useOfNow } from './time-columns.ts'
import type { ScanRecord, WatchedSource } from './watched-source.ts'

/** A query that was run, as {@link timeHints} looks at it. */
export interface RunRecord {
  readonly plans: readonly Plan[]
  readonly prepared: Prepared
  readonly sources: ReadonlyMap<string, WatchedSource>
  readonly now: bigint
  /** How many rows the query gave. */
  readonly rows: number
  readonly signal: AbortSignal
}

/**
 * What the user should know about times: that the range of time that the query asks for leaves
 * nothing of a table that has rows, and that a table has none.
 */
export async function timeHints(run: RunRecord): Promise<Diagnostic[]> {
  const use = useOfNow(run.plans)
  const hints: Diagnostic[] = []
  for (const [name, { span }] of run.prepared.uses) {
    const source = run.sources.get(name)
    const column = source && timeColumnOf(source.schema)
    if (source === undefined) continue
    const left = use.ranges.has(name) ? await scanWithNothing(source, column, run) : undefined
    if (left !== undefined) hints.push(outOfRange(name, span, left, run.now))
    else if (source.scans.length > 0 && source.scans.every(isEmpty)) {
      const times = column && (await source.times(column, run.signal))
      if (times && times.rows > 0) hints.push(outOfRange(name, span, times, run.now))
      else hints.push(withoutRows(name, span))
    } else if (run.rows === 0 && use.anywhere && use.ranges.size === 0 && column !== undefined) {
      const times = await source.times(column, run.signal)
      if (times.newest !== undefined && times.newest < run.now) {
        hints.push(endsBeforeNow(name, span, times.newest, run.now))
      }
    }
  }
  return hints
}

/** The times of a scan that found no row within its range of time, though the table has rows. */
async function scanWithNothing(
  source: WatchedSource,
  column: string | undefined,
  { signal }: RunRecord,
): Promise<ScanRecord | undefined> {
  for (const scan of source.scans) {
    if (scan.range === undefined || !scan.complete || scan.hit) continue
    if (scan.unexamined === 0) {
      if (scan.rows > 0) return scan
    } else if (column !== undefined && !(await source.hasWithin(scan.range, signal))) {
      return source.times(column, signal)
    }
  }
  return undefined
}

function isEmpty(scan: ScanRecord): boolean {
  return scan.complete && scan.rows === 0 && scan.unexamined === 0
}

function outOfRange(name: string, span: Span, times: ScanRecord, now: bigint): Diagnostic {
  const { oldest, newest } = times
  const common = { code: 'KQL204', severity: 'warning', span } as const
  const message = `The time range of the query leaves nothing of \`${name}\``
  if (oldest === undefined || newest === undefined) {
    return { ...common, message: `${message}: its rows have no time.` }
  }
  return {
    ...common,
    message:
      `${message}: its data are from ${formatDatetime(oldest)} to ${formatDatetime(newest)}, ` +
      `and now is ${formatDatetime(now)}.`,
    hint: useEnd(newest),
  }
}

function endsBeforeNow(name: string, span: Span, newest: bigint, now: bigint): Diagnostic {
  return {
    code: 'KQL204',
    severity: 'warning',
    message:
      `The query depends on now, which is ${formatDatetime(now)}, ` +
      `but the data of \`${name}\` end at ${formatDatetime(newest)}.`,
    span,
    hint: useEnd(newest),
  }
}

function useEnd(newest: bigint): string {
  return `Take the end of the data as now with --now ${formatDatetime(newest)}.`
}

function withoutRows(name: string, span: Span): Diagnostic {
  return {
    code: 'KQL203',
    severity: 'warning',
    message: `The data given for \`${name}\` have no rows.`,
    span,
  }
}
