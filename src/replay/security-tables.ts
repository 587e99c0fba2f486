import { formatDatetime } from '../types/datetime.ts'
import { formatTimespan } from '../types/timespan.ts'
import { entityData } from './entities.ts'
import { idOf } from './ids.ts'
import type { Alert, Incident, ReplayRule } from './records.ts'

/** The workspace that alerts are said to be of. */
const WORKSPACE = '00000000-0000-0000-0000-000000000000'
const TRIGGERS = { gt: 'GreaterThan', lt: 'LessThan', eq: 'Equal', ne: 'NotEqual' } as const
const SECOND = 10_000_000n

/** The columns of {@link securityAlertRow}, in order. */
export const SECURITY_ALERT_COLUMNS = [
  'TenantId',
  'TimeGenerated',
  'DisplayName',
  'AlertName',
  'AlertSeverity',
  'Description',
  'ProviderName',
  'VendorName',
  'VendorOriginalId',
  'SystemAlertId',
  'ResourceId',
  'SourceComputerId',
  'AlertType',
  'ConfidenceLevel',
  'ConfidenceScore',
  'IsIncident',
  'StartTime',
  'EndTime',
  'ProcessingEndTime',
  'RemediationSteps',
  'ExtendedProperties',
  'Entities',
  'SourceSystem',
  'WorkspaceSubscriptionId',
  'WorkspaceResourceGroup',
  'ExtendedLinks',
  'ProductName',
  'ProductComponentName',
  'AlertLink',
  'Status',
  'CompromisedEntity',
  'Tactics',
  'Techniques',
  'Type',
] as const

/** An alert as a row of the table SecurityAlert. */
export function securityAlertRow(alert: Alert, rule: ReplayRule): Record<string, unknown> {
  const { rule: own, settings } = rule
  const time = formatDatetime(alert.time)
  const { dynamicProperties: dynamic } = alert
  const extended: Record<string, string> = {
    ...(rule.period === undefined ? {} : { 'Query Period': formatTimespan(rule.period) }),
    'Trigger Operator': TRIGGERS[own.triggerOperator ?? 'gt'],
    'Trigger Threshold': String(own.triggerThreshold ?? 0),
    'Correlation Id': idOf('run', rule.id, String(alert.runTime)),
    'Search Query Results Overall Count': String(alert.resultCount),
    Query: `set query_now = datetime(${formatDatetime(alert.runTime)});\n${own.query.text}`,
    'Query Start Time UTC': secondsOf(alert.window.from, 'down'),
    'Query End Time UTC': secondsOf(alert.window.to, 'up'),
    'Analytic Rule Ids': JSON.stringify([rule.id]),
    'Event Grouping': settings.eventGrouping,
    'Analytic Rule Name': own.name,
    ProcessedBySentinel: 'True',
    'Alert generation status': 'Full alert created',
    ...(settings.eventGrouping === 'AlertPerResult' ? { OriginalQuery: own.query.text } : {}),
    ...(Object.keys(alert.customDetails).length === 0
      ? {}
      : { 'Custom Details': JSON.stringify(alert.customDetails) }),
  }
  return {
    TenantId: WORKSPACE,
    TimeGenerated: time,
    DisplayName: alert.name,
    AlertName: alert.name,
    AlertSeverity: alert.severity,
    Description: alert.description,
    ProviderName: dynamic.ProviderName ?? 'ASI Scheduled Alerts',
    VendorName: 'Microsoft',
    VendorOriginalId: idOf('vendor', alert.id),
    SystemAlertId: alert.id,
    ResourceId: '',
    SourceComputerId: '',
    AlertType: `${WORKSPACE}_${rule.id}`,
    ConfidenceLevel: dynamic.ConfidenceLevel ?? '',
    ConfidenceScore: dynamic.ConfidenceScore === undefined ? null : Number(dynamic.ConfidenceScore),
    IsIncident: false,
    StartTime: formatDatetime(alert.startTime),
    EndTime: formatDatetime(alert.endTime),
    ProcessingEndTime: time,
    RemediationSteps: dynamic.RemediationSteps ?? '',
    ExtendedProperties: JSON.stringify(extended),
    Entities: alert.entities.length === 0 ? '' : JSON.stringify(alert.entities.map(entityData)),
    SourceSystem: 'Detection',
    WorkspaceSubscriptionId: WORKSPACE,
    WorkspaceResourceGroup: '',
    ExtendedLinks: dynamic.ExtendedLinks ?? '',
    ProductName: dynamic.ProductName ?? 'Azure Sentinel',
    ProductComponentName:
      dynamic.ProductComponentName ?? (own.kind === 'NRT' ? 'NRT Alerts' : 'Scheduled Alerts'),
    AlertLink: dynamic.AlertLink ?? '',
    Status: 'New',
    CompromisedEntity: '',
    Tactics: alert.tactics.length === 0 ? 'Unknown' : alert.tactics.join(','),
    Techniques: alert.techniques.length === 0 ? '' : JSON.stringify(alert.techniques),
    Type: 'SecurityAlert',
  }
}

/** An incident as a row of the table SecurityIncident. */
export function securityIncidentRow(incident: Incident): Record<string, unknown> {
  const created = formatDatetime(incident.createdTime)
  const modified = formatDatetime(incident.lastAlertTime)
  return {
    TenantId: WORKSPACE,
    TimeGenerated: modified,
    IncidentName: incident.id,
    Title: incident.title,
    Description: incident.description,
    Severity: incident.severity,
    Status: 'New',
    Classification: '',
    ClassificationComment: '',
    ClassificationReason: '',
    Owner: {},
    ProviderName: 'Azure Sentinel',
    ProviderIncidentId: String(incident.number),
    FirstActivityTime: formatDatetime(incident.firstActivityTime),
    LastActivityTime: formatDatetime(incident.lastActivityTime),
    FirstModifiedTime: created,
    LastModifiedTime: modified,
    CreatedTime: created,
    ClosedTime: null,
    IncidentNumber: incident.number,
    RelatedAnalyticRuleIds: [incident.ruleId],
    AlertIds: incident.alertIds,
    BookmarkIds: [],
    Comments: [],
    Tasks: [],
    Labels: [],
    IncidentUrl: '',
    AdditionalData: {
      alertsCount: incident.alertIds.length,
      bookmarksCount: 0,
      commentsCount: 0,
      tactics: incident.tactics,
    },
    ModifiedBy: 'Incident created from alert',
    SourceSystem: 'Azure',
    Type: 'SecurityIncident',
  }
}

/** A time as the portal shows windows: to the second, beyond the window rather than within it. */
function secondsOf(time: bigint, direction: 'down' | 'up'): string {
  const whole = direction === 'down' ? time / SECOND : (time + SECOND - 1n) / SECOND
  return `${formatDatetime(whole * SECOND)
    .slice(0, 19)
    .replace('T', ' ')}Z`
}
