import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Operations that the generated audit logs hold, some often and some seldom. */
const OPERATIONS = [
  'Update user',
  'Add member to group',
  'Update application',
  'Add user',
  'Reset user password',
  'Add owner to group',
  'Update policy',
  'Delete user',
  'Add service principal',
  'Consent to application',
]

/** Queries of the kinds that rules are made of; `k` makes those of one kind differ. */
const KINDS: readonly ((k: number) => string)[] = [
  k =>
    `AuditLogs | where TimeGenerated > ago(1h) | where OperationName == "${operation(k)}" | where Result =~ "success" | extend Actor = tostring(InitiatedBy.user.userPrincipalName) | where isnotempty(Actor) | project TimeGenerated, Actor, OperationName, Target = tostring(TargetResources[0].displayName) | where Target endswith "${k}zz"`,
  k =>
    `AuditLogs | where Category =~ "UserManagement" | mv-expand Property = TargetResources[0].modifiedProperties | where tostring(Property.newValue) has "TemporaryAccessPass${k}" | project TimeGenerated, OperationName, Property`,
  k =>
    `AuditLogs | where TimeGenerated > ago(1h) | extend Actor = tostring(InitiatedBy.user.userPrincipalName) | summarize Count = count(), Operations = dcount(OperationName) by Actor | where Count > ${500 + k}`,
  k =>
    `AADNonInteractiveUserSignInLogs | where TimeGenerated > ago(1h) | where ResultType != "0" | summarize Failures = count(), Addresses = dcount(IPAddress) by UserPrincipalName | where Failures > ${50 + k}`,
  k =>
    `AADNonInteractiveUserSignInLogs | where AppDisplayName has "Portal" or AppDisplayName has "Graph" | summarize Places = make_set(Location, 10) by UserPrincipalName | where array_length(Places) > ${5 + k}`,
  k =>
    `AADNonInteractiveUserSignInLogs | where ResultType == "0" | summarize Apps = dcount(AppDisplayName), First = min(TimeGenerated) by UserPrincipalName, IPAddress | where Apps > ${20 + k}`,
  k =>
    `AADNonInteractiveUserSignInLogs | where ResultType != "0" | join kind=inner (AuditLogs | where OperationName == "${operation(k)}" | project Actor = tostring(InitiatedBy.user.userPrincipalName)) on $left.UserPrincipalName == $right.Actor | summarize n = count() by UserPrincipalName | where n > ${1000 + k}`,
  k =>
    `AuditLogs | where OperationName has_any ("role", "policy") | extend Target = tostring(TargetResources[0].displayName), Address = tostring(InitiatedBy.user.ipAddress) | summarize n = count() by Target, Address | where n > ${100 + k}`,
]

function operation(k: number): string {
  return OPERATIONS[k % OPERATIONS.length] ?? ''
}

/** The query of a rule with this position: kinds take turns. */
function query(index: number): string {
  const kind = KINDS[index % KINDS.length]
  return kind?.(Math.floor(index / KINDS.length)) ?? ''
}

/** What the rules of {@link writeRules} are. */
export interface RuleOptions {
  /** The query of the rule with a position; of a few kinds, which find little, where missing. */
  readonly queryOf?: (index: number) => string
  /** How far back a run sees; an hour where missing. */
  readonly period?: string
}

/** Writes so many scheduled rules, hourly, as YAML files into a folder, and returns their paths. */
export function writeRules(
  folder: string,
  count: number,
  { queryOf = query, period = '1h' }: RuleOptions = {},
): readonly string[] {
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: count }, (_, index) => {
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    const lines = [
      `id: ${id}`,
      `name: Rule ${index}`,
      'kind: Scheduled',
      'severity: Low',
      'queryFrequency: 1h',
      `queryPeriod: ${period}`,
      'triggerOperator: gt',
      'triggerThreshold: 0',
      `query: ${JSON.stringify(queryOf(index))}`,
    ]
    const path = join(folder, `rule-${String(index).padStart(3, '0')}.yaml`)
    writeFileSync(path, `${lines.join('\n')}\n`)
    return path
  })
}
