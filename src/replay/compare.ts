import type { Alert, Incident } from './records.ts'
import type { ReplayOutcome } from './replay.ts'
import { textOfRow } from './row-text.ts'

/** An alert that both replays have, and that differs. */
export interface ChangedAlert {
  readonly before: Alert
  readonly after: Alert
  /** What differs: its name, its severity, the incident that it is in, or the rows that it is about. */
  readonly what: readonly ('name' | 'severity' | 'incident' | 'rows')[]
  /** Rows that only one of them is about. */
  readonly gainedRows: readonly (readonly unknown[])[]
  readonly lostRows: readonly (readonly unknown[])[]
}

/** How the alerts of two replays over the same data differ. */
export interface ReplayComparison {
  readonly gained: readonly Alert[]
  readonly lost: readonly Alert[]
  readonly changed: readonly ChangedAlert[]
  /** How many alerts are the same in both. */
  readonly same: number
}

/**
 * Compares two replays, of rules before and after a change. An alert is the same one where rule and run
 * are the same and, of a rule that raises one a row, the row is.
 */
export function compareReplays(before: ReplayOutcome, after: ReplayOutcome): ReplayComparison {
  const old = byKey(before)
  const incidents = { before: leadersOf(before.incidents), after: leadersOf(after.incidents) }
  const keys = { before: keysById(before), after: keysById(after) }
  const gained: Alert[] = []
  const changed: ChangedAlert[] = []
  let same = 0
  for (const [key, alert] of byKey(after)) {
    const earlier = old.get(key)
    if (earlier === undefined) {
      gained.push(alert)
      continue
    }
    old.delete(key)
    const leader = keys.before.get(incidents.before.get(earlier.id) ?? '')
    const newLeader = keys.after.get(incidents.after.get(alert.id) ?? '')
    const rows = rowChanges(earlier, alert)
    const what = [
      ...(earlier.name === alert.name ? [] : (['name'] as const)),
      ...(earlier.severity === alert.severity ? [] : (['severity'] as const)),
      ...(leader === newLeader ? [] : (['incident'] as const)),
      ...(rows.gainedRows.length + rows.lostRows.length === 0 ? [] : (['rows'] as const)),
    ]
    if (what.length === 0) same++
    else changed.push({ before: earlier, after: alert, what, ...rows })
  }
  return { gained, lost: [...old.values()], changed, same }
}

/** The alerts by what makes them the same in another replay, in order. */
function byKey({ alerts }: ReplayOutcome): Map<string, Alert> {
  const found = new Map<string, Alert>()
  const counts = new Map<string, number>()
  for (const alert of alerts) {
    const base = keyOf(alert)
    const count = counts.get(base) ?? 0
    counts.set(base, count + 1)
    found.set(`${base} ${count}`, alert)
  }
  return found
}

function keysById({ alerts }: ReplayOutcome): Map<string, string> {
  return new Map(alerts.map(alert => [alert.id, keyOf(alert)]))
}

function keyOf(alert: Alert): string {
  const { ruleId, runTime, rows, grouping, aggregated } = alert
  const single = grouping === 'AlertPerResult' && !aggregated
  return `${ruleId} ${runTime} ${single ? textOfRow(rows[0] ?? []) : ''}`
}

/** The first alert of the incident of each alert. */
function leadersOf(incidents: readonly Incident[]): Map<string, string> {
  const leaders = new Map<string, string>()
  for (const { alertIds } of incidents) {
    const [first] = alertIds
    if (first !== undefined) for (const id of alertIds) leaders.set(id, first)
  }
  return leaders
}

function rowChanges(before: Alert, after: Alert): Pick<ChangedAlert, 'gainedRows' | 'lostRows'> {
  const missing = (rows: Alert['rows'], others: Alert['rows']) => {
    const texts = new Set(others.map(textOfRow))
    return rows.filter(row => !texts.has(textOfRow(row)))
  }
  return {
    gainedRows: missing(after.rows, before.rows),
    lostRows: missing(before.rows, after.rows),
  }
}
