import { LIMITS } from '../rules/limits.ts'
import { findColumn } from '../types/schema.ts'
import {
  customDetailsOf,
  formatText,
  hasSeveral,
  propertiesOf,
  severityOf,
  tacticsOf,
} from './alert-details.ts'
import { entitiesOf } from './entities.ts'
import { idOf } from './ids.ts'
import type { Alert, ReplayRule } from './records.ts'
import type { ResultRows } from './result-rows.ts'
import type { RuleTally } from './tally.ts'

/** A run whose rows fired. */
export interface FiredRun {
  readonly rule: ReplayRule
  readonly time: bigint
  readonly window: { readonly from: bigint; readonly to: bigint }
  readonly result: ResultRows
}

/**
 * The alerts of a run that fired: one about all rows, or one a row. Beyond the cap of a run, the last
 * one is about all of them. What the limits took away is noted in the tally.
 */
export function alertsOf(run: FiredRun, tally: RuleTally): Alert[] {
  const { rule, result } = run
  const all = Array.from({ length: result.count }, (_, row) => row)
  if (rule.settings.eventGrouping === 'SingleAlert') return [alertOf(run, all, 0, false, tally)]
  const cap = LIMITS.alertsPerRun[rule.rule.kind]
  if (result.count <= cap) return all.map(row => alertOf(run, [row], row, false, tally))
  tally.capped(run.time, result.count)
  const single = all.slice(0, cap - 1).map(row => alertOf(run, [row], row, false, tally))
  return [...single, alertOf(run, all, cap - 1, true, tally)]
}

function alertOf(
  run: FiredRun,
  rows: readonly number[],
  index: number,
  aggregated: boolean,
  tally: RuleTally,
): Alert {
  const { rule, time, window, result } = run
  const { id: ruleId, settings } = rule
  const { name: ruleName, description = '', kind, relevantTechniques } = rule.rule
  const { alertDetails } = settings
  const override = (format: string | undefined, mostBytes: number, own: string, field: string) => {
    if (format === undefined) return own
    const { text, reason, ambiguous } = formatText(format, result, rows, mostBytes)
    if (text === undefined) tally.fellBack(field, reason ?? 'missing')
    else if (ambiguous.length > 0) tally.ambiguous(field, ambiguous, rows.length)
    return text ?? own
  }
  const entities = entitiesOf(settings.entityMappings, result, rows)
  for (const { mapping, rows: missing } of entities.empty) tally.emptyEntity(mapping, missing)
  const custom = customDetailsOf(settings.customDetails, result, rows)
  const properties = propertiesOf(alertDetails.dynamicProperties, result, rows)
  tally.dropped(entities.dropped, custom.dropped, properties.dropped)
  // A query may call a count or a duration TimeGenerated too.
  const isTimed = findColumn(result.schema, 'TimeGenerated')?.type === 'datetime'
  const times = (isTimed ? rows : [])
    .map(row => result.value(row, 'TimeGenerated'))
    .filter(value => typeof value === 'bigint')
  for (const [field, column] of [
    ['alertSeverityColumnName', alertDetails.severityColumn],
    ['alertTacticsColumnName', alertDetails.tacticsColumn],
    ...alertDetails.dynamicProperties.map(each => ['alertDynamicProperties', each.columnName]),
  ] as const) {
    if (field === undefined || column === undefined || !hasSeveral(column, result, rows)) continue
    tally.ambiguous(field, [column], rows.length)
  }
  return {
    id: idOf('alert', ruleId, String(time), String(index)),
    ruleId,
    ruleName,
    runTime: time,
    time: time + LIMITS.delay[kind],
    name: override(alertDetails.displayNameFormat, LIMITS.nameBytes, ruleName, NAME_FORMAT),
    description: override(
      alertDetails.descriptionFormat,
      LIMITS.descriptionBytes,
      description.trim(),
      DESCRIPTION_FORMAT,
    ),
    severity: severityOf(alertDetails.severityColumn, result, rows) ?? settings.severity,
    tactics: tacticsOf(alertDetails.tacticsColumn, result, rows) ?? rule.rule.tactics,
    techniques: properties.techniques ?? relevantTechniques,
    startTime: least(times) ?? window.from,
    endTime: greatest(times) ?? window.to,
    entities: entities.entities,
    customDetails: custom.details,
    dynamicProperties: properties.values,
    rows: rows.map(row => result.row(row)),
    columns: result.schema,
    resultCount: result.count,
    window,
    grouping: settings.eventGrouping,
    aggregated,
  }
}

export const NAME_FORMAT = 'alertDisplayNameFormat'
export const DESCRIPTION_FORMAT = 'alertDescriptionFormat'

function least(times: readonly bigint[]): bigint | undefined {
  return times.reduce<bigint | undefined>(
    (least, time) => (least === undefined || time < least ? time : least),
    undefined,
  )
}

function greatest(times: readonly bigint[]): bigint | undefined {
  return times.reduce<bigint | undefined>(
    (greatest, time) => (greatest === undefined || time > greatest ? time : greatest),
    undefined,
  )
}
