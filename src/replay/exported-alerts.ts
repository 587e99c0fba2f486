import { LIMITS } from '../rules/limits.ts'
import { parseDatetime } from '../types/datetime.ts'
import type { Entity } from './records.ts'

/** An alert that Sentinel raised, as the table SecurityAlert has it. Times are in ticks. */
export interface ExportedAlert {
  /** Its SystemAlertId. */
  readonly id: string
  readonly name: string
  readonly severity: string
  /** When it was raised. */
  readonly time: bigint
  /** The identifiers of the rule in the workspace, in lower case; none for alerts of other products. */
  readonly ruleIds: readonly string[]
  readonly ruleName: string
  /** Whether a rule raised it: alerts of other products are in the table too. */
  readonly isOfRule: boolean
  /** When the rule ran. */
  readonly runTime: bigint
  /**
   * How that is known: the query says it to the tick, the window to the second, and the time of the
   * alert by the delay of runs, to some seconds.
   */
  readonly precision: 'tick' | 'second' | 'delay'
  /** The window of the run, as far as the alert tells it. */
  readonly window: { readonly from: bigint; readonly to: bigint } | undefined
  /** The rows of the run's result. */
  readonly resultCount: number | undefined
  readonly entities: readonly Entity[]
}

/** The alerts of an export. */
export interface AlertExport {
  /** In the order in which they were raised. */
  readonly alerts: readonly ExportedAlert[]
  /** Rows that tell of a change of an alert that an earlier row has. */
  readonly changes: number
  /** Rows that have no SystemAlertId or no TimeGenerated: they are no alerts. */
  readonly unusable: number
}

/** The columns of SecurityAlert that matter here. */
export const EXPORT_COLUMNS = [
  'TimeGenerated',
  'SystemAlertId',
  'DisplayName',
  'AlertName',
  'AlertSeverity',
  'AlertType',
  'ProviderName',
  'ExtendedProperties',
  'Entities',
] as const

/** A row of SecurityAlert with its values as text; what is null is empty. */
export type ExportRow = Readonly<Record<(typeof EXPORT_COLUMNS)[number], string>>

/** A row of the values of {@link EXPORT_COLUMNS}, in their order. */
export function exportRow(values: readonly string[]): ExportRow {
  const entries = EXPORT_COLUMNS.map((name, index) => [name, values[index] ?? ''] as const)
  return Object.fromEntries(entries) as ExportRow
}

/** When the first and the last of the alerts of an export were raised, in ticks. */
export function exportTimes({ alerts }: AlertExport): {
  readonly from: bigint
  readonly to: bigint
} {
  return { from: alerts[0]?.time ?? 0n, to: alerts.at(-1)?.time ?? 0n }
}

/**
 * The alerts in rows of SecurityAlert. The table has a row for each change of an alert's state: of
 * each alert the oldest counts, which has it as it was raised.
 */
export function exportedAlerts(rows: readonly ExportRow[]): AlertExport {
  const oldest = new Map<string, ExportedAlert>()
  let changes = 0
  let unusable = 0
  for (const row of rows) {
    const alert = alertOf(row)
    if (alert === undefined) {
      unusable++
      continue
    }
    const known = oldest.get(alert.id)
    if (known !== undefined) changes++
    if (known === undefined || alert.time < known.time) oldest.set(alert.id, alert)
  }
  const alerts = [...oldest.values()].sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1,
  )
  return { alerts, changes, unusable }
}

const RULE_OF_TYPE = /_([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i
const QUERY_NOW = /^\s*set\s+query_now\s*=\s*datetime\(([^)]+)\)/im

function alertOf(row: ExportRow): ExportedAlert | undefined {
  const time = parseDatetime(row.TimeGenerated)
  if (time === null || row.SystemAlertId === '') return undefined
  const properties = objectOf(row.ExtendedProperties)
  const property = (name: string) => {
    const value = properties[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const from = parseDatetime(property('Query Start Time UTC'))
  const to = parseDatetime(property('Query End Time UTC'))
  const now = parseDatetime(QUERY_NOW.exec(property('Query'))?.[1] ?? '')
  const count = property('Search Query Results Overall Count')
  const known = listOf(property('Analytic Rule Ids')).filter(id => typeof id === 'string')
  const ofType = RULE_OF_TYPE.exec(row.AlertType)?.[1]
  const ids = [...(ofType === undefined ? [] : [ofType]), ...known].map(id => id.toLowerCase())
  const ruleIds = [...new Set(ids)]
  return {
    id: row.SystemAlertId,
    name: row.DisplayName || row.AlertName,
    severity: row.AlertSeverity,
    time,
    ruleIds,
    ruleName: property('Analytic Rule Name'),
    isOfRule: ruleIds.length > 0 || /^(?:ASI .+)?$/.test(row.ProviderName),
    runTime: now ?? to ?? time - LIMITS.delay.Scheduled,
    precision: now !== null ? 'tick' : to !== null ? 'second' : 'delay',
    window: from === null || to === null ? undefined : { from, to },
    resultCount: /^\d+$/.test(count) ? Number(count) : undefined,
    entities: listOf(row.Entities).flatMap(entityOf),
  }
}

/** An entity of the column Entities; nested ones and references to others are left out. */
function entityOf(value: unknown): Entity[] {
  if (typeof value !== 'object' || value === null) return []
  const identifiers: Record<string, string> = {}
  let type = ''
  for (const [name, item] of Object.entries(value)) {
    if (name === 'Type') type = String(item)
    else if (!name.startsWith('$') && (typeof item === 'string' || typeof item === 'number')) {
      identifiers[name] = String(item)
    }
  }
  return type === '' ? [] : [{ type, identifiers }]
}

/** The object that a text is, as JSON; empty where it is none. */
function objectOf(text: string): Readonly<Record<string, unknown>> {
  const value = parsedText(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

function listOf(text: string): readonly unknown[] {
  const value = parsedText(text)
  return Array.isArray(value) ? value : []
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // Sentinel cuts what is too long: such a text tells nothing.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
