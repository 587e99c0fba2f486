import { type ExternalData, externalResolver } from '../api/external-input.ts'
import { openedGeoip, type RunOptions, tablesOf, ticksOf } from '../api/prepare.ts'
import { openTable, type TableInput } from '../api/table-input.ts'
import type { Workspace } from '../api/workspace.ts'
import { parseDuration } from '../rules/duration.ts'
import { loadRule } from '../rules/load-rule.ts'
import type { RuleSeverity } from '../rules/rule.ts'
import { Catalog } from '../tables/catalog.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { TableSource } from '../tables/source.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { Column, Schema } from '../types/schema.ts'
import type { Alert, Entity, Finding, Incident, RunRecord } from './records.ts'
import { Replay, type ReplayTimes } from './replay.ts'
import { prepareRule } from './rules.ts'
import { securityAlertRow, securityIncidentRow } from './security-tables.ts'

/** A time: ISO text, a Date, or ticks since 0001-01-01. */
export type TimeInput = string | Date | bigint

/** What {@link replay} takes. */
export interface ReplayOptions {
  /** The texts of rule files. */
  readonly rules: readonly string[]
  /** The data, by table. A table without data is empty. */
  readonly tables: Readonly<Record<string, TableInput>>
  /** The tables that rules may name; the built-in ones where missing. */
  readonly catalog?: Catalog
  /** Saved functions and watchlists, opened with `openWorkspace`. */
  readonly workspace?: Workspace
  /** Runs before it, and after `to`, are left out; where missing, all that see data run. */
  readonly from?: TimeInput
  readonly to?: TimeInput
  /** A time at which the rules run: their schedules go on from it in both directions. */
  readonly anchor?: TimeInput
  /** How long after its TimeGenerated a row arrives, where it does not say when: `5m`, `PT5M`. */
  readonly delay?: string
  /** How often rules without a queryFrequency run, and their window. */
  readonly frequency?: string
  readonly period?: string
  /** The data that `externaldata` reads, by address: nothing is ever fetched. */
  readonly externalData?: ExternalData
  readonly signal?: AbortSignal
  /** Where IP addresses are, as for a query. */
  readonly geoip?: RunOptions['geoip']
}

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
  readonly alerts: readonly ReplayedAlert[]
  readonly incidents: readonly ReplayedIncident[]
  /** What there is to say of the rules; spans are places in the texts of the rules. */
  readonly findings: readonly Finding[]
}

/**
 * Runs rules on their schedules over tables, and gives the alerts and incidents that Sentinel would
 * have raised.
 * @throws KqlError where a rule or an option is wrong.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const builtin = options.catalog ?? Catalog.builtin()
  const sources = new Map<string, TableSource>(options.workspace?.sources)
  for (const [name, input] of Object.entries(options.tables)) {
    sources.set(name, await openTable(name, input, builtin, false))
  }
  const schemas: Record<string, Schema> = Object.fromEntries(
    [...sources].map(([name, source]) => [name, source.schema]),
  )
  const catalog = builtin.with(schemas)
  const given = new Set(sources.keys())
  const frequency = duration('frequency', options.frequency)
  const period = duration('period', options.period)
  const checks: Finding[] = []
  const rules = options.rules.map(text => {
    const { rule, diagnostics } = loadRule(text)
    if (rule === undefined) throw new KqlError(diagnostics)
    const defaults = {
      ...(frequency === undefined ? {} : { frequency }),
      ...(period === undefined ? {} : { period }),
    }
    const prepared = prepareRule(rule, catalog, defaults, options.workspace, given)
    const found = [...diagnostics, ...prepared.diagnostics]
    const { plan, late } = prepared
    if (hasErrors(found) || plan === undefined) throw new KqlError(found)
    checks.push(...found.map(diagnostic => ({ ...diagnostic, ruleId: prepared.rule.id })))
    return { rule: prepared.rule, plan, late }
  })
  for (const name of rules.flatMap(({ plan, late }) => [
    ...(late?.tables ?? tablesOf(plan)).keys(),
  ])) {
    if (!sources.has(name)) sources.set(name, rowsSource(name, [], catalog.schemaOf(name) ?? []))
  }
  const delay = duration('delay', options.delay)
  const geoip = await openedGeoip(options.geoip)
  const problems: Finding[] = []
  const loaded = await Replay.load({
    rules,
    sources,
    ...(delay === undefined ? {} : { delay }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(geoip === undefined ? {} : { geoip }),
    ...(options.externalData === undefined
      ? {}
      : { externalData: externalResolver(options.externalData) }),
    onProblem: ({ file, line, message }) => {
      const place = line === undefined ? file : `${file}:${line}`
      const text = `${place}: ${message}`
      problems.push({ ...PROBLEM, message: text })
    },
  })
  const outcome = await loaded.run(timesOf(options))
  const byId = new Map(rules.map(({ rule }) => [rule.id, rule]))
  return {
    runs: outcome.rules.flatMap(({ runs }) => runs.map(runOf)),
    alerts: outcome.alerts.flatMap(alert => {
      const rule = byId.get(alert.ruleId)
      return rule === undefined ? [] : [alertOf(alert, securityAlertRow(alert, rule))]
    }),
    incidents: outcome.incidents.map(incidentOf),
    findings: [...checks, ...problems, ...outcome.findings],
  }
}

const PROBLEM = {
  ruleId: '',
  code: 'KQL202',
  severity: 'warning',
  span: { start: 0, end: 0 },
} as const

function timesOf({ from, to, anchor }: ReplayOptions): ReplayTimes {
  return {
    ...(from === undefined ? {} : { from: ticksOf(from) }),
    ...(to === undefined ? {} : { to: ticksOf(to) }),
    ...(anchor === undefined ? {} : { anchor: ticksOf(anchor) }),
  }
}

function duration(name: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDuration(text)
  if (ticks !== undefined && ticks >= 0n) return ticks
  const message = `The option ${name} is no duration such as 1h or PT5M: ${text}.`
  const fault: Diagnostic = { code: 'KQL105', severity: 'error', message, span: PROBLEM.span }
  throw new KqlError([fault])
}

function runOf({ time, from, ...rest }: RunRecord): ReplayedRun {
  return {
    ...rest,
    time: formatDatetime(time),
    from: from === undefined ? undefined : formatDatetime(from),
  }
}

function alertOf(alert: Alert, securityAlert: Record<string, unknown>): ReplayedAlert {
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
    securityAlert,
  }
}

function incidentOf(incident: Incident): ReplayedIncident {
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
