import { rowsSource } from '../tables/rows-source.ts'
import type { ScanContext, ScanRequest, TableSource } from '../tables/source.ts'
import { incidentStates } from './incidents.ts'
import type { Alert, Incident, ReplayRule } from './records.ts'
import { securityAlertRow, securityIncidentRow } from './security-tables.ts'

/** The tables that Sentinel writes what rules raise to. */
export const RAISED_TABLES: readonly string[] = ['SecurityAlert', 'SecurityIncident']

/** What rules raised. */
export interface Raised {
  readonly alerts: readonly { readonly alert: Alert; readonly rule: ReplayRule }[]
  /** With their numbers. */
  readonly incidents: readonly Incident[]
}

/** The data of the tables, with the rows that Sentinel would have written of what was raised. */
export function withRaised(
  sources: ReadonlyMap<string, TableSource>,
  { alerts, incidents }: Raised,
): Map<string, TableSource> {
  const byId = new Map(alerts.map(({ alert }) => [alert.id, alert]))
  const rows: Record<string, () => Record<string, unknown>[]> = {
    SecurityAlert: () => alerts.map(({ alert, rule }) => securityAlertRow(alert, rule)),
    SecurityIncident: () =>
      incidents.flatMap(incident => incidentStates(incident, byId).map(securityIncidentRow)),
  }
  const found = new Map<string, TableSource>()
  for (const [table, rowsOf] of Object.entries(rows)) {
    const source = sources.get(table)
    if (source !== undefined) found.set(table, withRows(table, source, rowsOf()))
  }
  return found
}

/** The rows of a table, and others after them. */
function withRows(
  table: string,
  source: TableSource,
  rows: readonly Record<string, unknown>[],
): TableSource {
  const added = rowsSource(table, rows, source.schema)
  return {
    schema: source.schema,
    async *scan(request: ScanRequest, context: ScanContext) {
      // What cannot be read of them was told when they were loaded without the others.
      yield* source.scan(request, { ...context, report: () => undefined })
      yield* added.scan(request, context)
    },
  }
}
