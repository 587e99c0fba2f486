import type { RuleSeverity } from '../rules/rule.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { Column } from '../types/schema.ts'
import type { Alert, Entity, Finding, Incident, ReplayRule, RunRecord } from './records.ts'
import { securityAlertRow, securityIncidentRow } from './security-tables.ts'

/** One run of a rule. Times are ISO text with seven digits. */
export interface ReplayedRun extends Omit<RunRecord, 'time' | 'from'> {
  readonly time: string
  /** undefined where the run saw all rows before it. */
  readonly from: string | undefined
}

/** An alert that Sentinel would have raised. Times are ISO text with seven digits. */
export interface ReplayedAlert {
  readonly id: string
  readonly ruleId: string
  readonly ruleName: string
  readonly name: string
  readonly description: string
  readonly severity: RuleSeverity
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  readonly runTime: string
  readonly time: string
  readonly startTime: string
  readonly endTime: string
  readonly entities: readonly Entity[]
  readonly customDetails: Readonly<Record<string, readonly string[]>>
  /** The rows of the result that it is about, and their columns. */
  readonly rows: readonly (readonly unknown[])[]
  readonly columns: readonly Column[]
  /** It as a row of the table SecurityAlert. */
  readonly securityAlert: Readonly<Record<string, unknown>>
}

/** An incident that Sentinel would have made. */
export interface ReplayedIncident {
  readonly id: string
  readonly number: number
  readonly ruleId: string
  readonly title: string
  readonly severity: RuleSeverity
  readonly createdTime: string
  readonly alertIds: readonly string[]
  /** It as a row of the table SecurityIncident. */
  readonly securityIncident: Readonly<Record<string, unknown>>
}

/** What a replay gave. */
export interface ReplayResult {
  readonly runs: readonly ReplayedRun[]
  /** In the order of their times; those of one moment in the order of their rules. */
  readonly alerts: readonly ReplayedAlert[]
  readonly incidents: readonly ReplayedIncident[]
  /** What there is to say of the rules; spans are places in the texts of the rules. */
  readonly findings: readonly Finding[]
}

/** What a replay gives as soon as it is known. */
export type ReplayEvent =
  | { readonly kind: 'run'; readonly run: ReplayedRun }
  /** It was raised by the run before it. */
  | { readonly kind: 'alert'; readonly alert: ReplayedAlert }
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** When all rules have run: an incident takes in alerts until then, and its number is known. */
  | { readonly kind: 'incident'; readonly incident: ReplayedIncident }
  /** The last one. `interrupted`: whether the signal was aborted before all runs were done. */
  | { readonly kind: 'end'; readonly interrupted: boolean }

/** The run as the API gives it. */
export function runOf({ time, from, ...rest }: RunRecord): ReplayedRun {
  return {
    ...rest,
    time: formatDatetime(time),
    from: from === undefined ? undefined : formatDatetime(from),
  }
}

/** The alert of a rule as the API gives it. */
export function alertOf(alert: Alert, rule: ReplayRule): ReplayedAlert {
  const { id, ruleId, ruleName, name, description, severity, tactics, techniques } = alert
  const { entities, customDetails, rows, columns } = alert
  return {
    id,
    ruleId,
    ruleName,
    name,
    description,
    severity,
    tactics,
    techniques,
    runTime: formatDatetime(alert.runTime),
    time: formatDatetime(alert.time),
    startTime: formatDatetime(alert.startTime),
    endTime: formatDatetime(alert.endTime),
    entities,
    customDetails,
    rows,
    columns: columns.map(({ name: column, type }) => ({ name: column, type })),
    securityAlert: securityAlertRow(alert, rule),
  }
}

/** The incident as the API gives it. */
export function incidentOf(incident: Incident): ReplayedIncident {
  const { id, number, ruleId, title, severity, alertIds } = incident
  return {
    id,
    number,
    ruleId,
    title,
    severity,
    alertIds,
    createdTime: formatDatetime(incident.createdTime),
    securityIncident: securityIncidentRow(incident),
  }
}
