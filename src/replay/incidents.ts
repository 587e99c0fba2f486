import { LIMITS } from '../rules/limits.ts'
import { RULE_SEVERITIES } from '../rules/rule.ts'
import type { IncidentGrouping } from '../rules/settings.ts'
import { entityKey } from './entities.ts'
import { idOf } from './ids.ts'
import type { Alert, Incident, ReplayRule } from './records.ts'

/** Says when analysts closed incidents. */
export interface Closing {
  /** Whether the incident of these alerts, of which there is one at least, was closed at a time. */
  isClosed(alerts: readonly Alert[], at: bigint): boolean
}

/**
 * The incidents of a rule's alerts, which are in the order in which they were raised. An alert joins
 * the newest incident of its group whose first alert is not longer ago than the look-back and that has
 * room; else it begins one. An incident that was closed takes none in, unless the rule reopens those:
 * without `closing`, none is ever closed.
 */
export function incidentsOf(
  rule: ReplayRule,
  alerts: readonly Alert[],
  closing?: Closing,
): Incident[] {
  const { createIncident, grouping } = rule.settings
  if (!createIncident) return []
  if (grouping === undefined) return alerts.map(alert => incidentOf(rule.id, [alert]))
  const incidents: Alert[][] = []
  const groups = new Map<string, Alert[][]>()
  for (const alert of alerts) {
    const key = groupOf(grouping, alert)
    const group = groups.get(key) ?? []
    groups.set(key, group)
    const open = group.findLast(
      own =>
        alert.time - (own[0] as Alert).time <= grouping.lookback &&
        own.length < LIMITS.alertsPerIncident &&
        (grouping.reopensClosed || closing?.isClosed(own, alert.time) !== true),
    )
    if (open !== undefined) {
      open.push(alert)
      continue
    }
    const begun = [alert]
    group.push(begun)
    incidents.push(begun)
  }
  return incidents.map(own => incidentOf(rule.id, own))
}

/** The incident as it was after each of its alerts: Sentinel writes a row for each. */
export function incidentStates(incident: Incident, alerts: ReadonlyMap<string, Alert>): Incident[] {
  const own = incident.alertIds.flatMap(id => alerts.get(id) ?? [])
  return own.map((_, index) => ({
    ...incidentOf(incident.ruleId, own.slice(0, index + 1)),
    number: incident.number,
  }))
}

/** What alerts of one incident have in common. */
function groupOf(grouping: IncidentGrouping, alert: Alert): string {
  const entities = (wanted: (type: string) => boolean) =>
    alert.entities
      .filter(({ type }) => wanted(type))
      .map(entityKey)
      .sort()
  switch (grouping.matchingMethod) {
    case 'AnyAlert':
      return ''
    case 'AllEntities':
      return JSON.stringify(entities(() => true))
    case 'Selected': {
      const details = grouping.alertDetails.map(detail =>
        detail === 'DisplayName' ? alert.name : alert.severity,
      )
      const custom = grouping.customDetails.map(key => (alert.customDetails[key] ?? []).toSorted())
      return JSON.stringify([entities(type => grouping.entities.includes(type)), details, custom])
    }
  }
}

/** The incident of alerts, of which there is one at least; its number is given later. */
function incidentOf(ruleId: string, alerts: readonly Alert[]): Incident {
  const first = alerts[0] as Alert
  const last = alerts.at(-1) as Alert
  const times = alerts.map(({ startTime }) => startTime)
  const ends = alerts.map(({ endTime }) => endTime)
  const weights = alerts.map(({ severity }) => RULE_SEVERITIES.indexOf(severity))
  return {
    id: idOf('incident', first.id),
    number: 0,
    ruleId,
    title: first.name,
    description: first.description,
    severity: RULE_SEVERITIES[Math.max(...weights)] ?? first.severity,
    createdTime: first.time,
    lastAlertTime: last.time,
    firstActivityTime: times.reduce((least, time) => (time < least ? time : least)),
    lastActivityTime: ends.reduce((greatest, time) => (time > greatest ? time : greatest)),
    alertIds: alerts.map(({ id }) => id),
    tactics: [...new Set(alerts.flatMap(({ tactics }) => tactics))],
  }
}

/**
 * Incidents of all rules in the order in which they were created, with their numbers; those of one moment
 * are in the order that is given.
 */
export function numberIncidents(incidents: readonly Incident[]): Incident[] {
  return incidents
    .toSorted((a, b) => compare(a.createdTime, b.createdTime))
    .map((incident, index) => ({ ...incident, number: index + 1 }))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
