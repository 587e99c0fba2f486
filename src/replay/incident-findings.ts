import { LIMITS } from '../rules/limits.ts'
import type { Closing } from './incidents.ts'
import type { Finding, Incident, ReplayRule } from './records.ts'

const GROUPING = ['incidentConfiguration', 'groupingConfiguration']

/** What there is to say of the incidents of a rule. */
export function incidentFindings(
  { id: ruleId, rule, settings }: ReplayRule,
  incidents: readonly Incident[],
  closing: Closing | undefined,
): Finding[] {
  const { createIncident, grouping } = settings
  if (!createIncident || grouping === undefined) return []
  const findings: Finding[] = []
  const full = incidents.filter(({ alertIds }) => alertIds.length === LIMITS.alertsPerIncident)
  if (full.length > 0) {
    const many = full.length === 1 ? '1 incident has' : `${full.length} incidents have`
    findings.push({
      ruleId,
      code: 'KQL510',
      severity: 'warning',
      message: `${many} ${LIMITS.alertsPerIncident} alerts, the most that there may be: what came after began others.`,
      span: rule.place(GROUPING, 'key'),
    })
  }
  if (grouping.reopensClosed && closing === undefined && incidents.length > 0) {
    findings.push({
      ruleId,
      code: 'KQL511',
      severity: 'info',
      message: 'No incident is ever closed in this replay, so none is reopened.',
      span: rule.place([...GROUPING, 'reopenClosedIncident'], 'key'),
      hint: 'Say when incidents are closed, or give a table SecurityIncident.',
    })
  }
  return findings
}
