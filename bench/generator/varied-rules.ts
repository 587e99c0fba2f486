// Invented rules for the pass of many: of twenty kinds, each with other operations, columns and bounds.
// Every one asks for TimeGenerated of at most a day, so that it finds the same in a window of a day.

type Query = (k: number) => string

const OPERATIONS = [
  'Update user',
  'Add member to group',
  'Remove member from group',
  'Change user license',
  'Update device',
  'Update group',
  'Reset user password',
  'Consent to application',
  'Disable account',
  'Add owner to group',
]

const SERVICES = ['Core Directory', 'PIM', 'Device Registration Service', 'Invited Users']
const APPS = ['Azure Portal', 'Graph Explorer', 'Microsoft Azure CLI', 'Outlook Mobile', 'My Apps']
const COUNTRIES = ['IE', 'CH', 'BR', 'IN', 'US', 'JP', 'PL']
const FAILURES = ['50076', '50140', '700082', '53003', '65001']
const COLUMNS = ['UserPrincipalName', 'IPAddress', 'AppDisplayName', 'UserAgent', 'Location']

const pick = (list: readonly string[], k: number): string => list[k % list.length] ?? ''

const audit = (hours: number): string => `AuditLogs | where TimeGenerated > ago(${hours}h)`
const signIns = (hours: number): string =>
  `AADNonInteractiveUserSignInLogs | where TimeGenerated > ago(${hours}h)`
const actor = 'Actor = tostring(InitiatedBy.user.userPrincipalName)'
const target = 'Target = tostring(TargetResources[0].displayName)'

const AUDIT_KINDS: readonly Query[] = [
  k =>
    `${audit(24)} | where OperationName == "${pick(OPERATIONS, k)}" | where Result =~ "failure" | extend ${actor}, ${target} | project TimeGenerated, Actor, Target, ResultReason`,
  k =>
    `${audit(24)} | extend ${actor} | where isnotempty(Actor) | summarize Operations = dcount(OperationName), Count = count() by Actor | where Operations > ${12 + k}`,
  k =>
    `${audit(24)} | where LoggedByService == "${pick(SERVICES, k)}" | summarize Count = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by OperationName, Result`,
  k =>
    `${audit(12)} | where Category =~ "UserManagement" | mv-expand Property = TargetResources[0].modifiedProperties | where tostring(Property.displayName) has "${pick(['Department', 'JobTitle', 'AccountEnabled', 'LastPasswordChangeTimestamp', 'TemporaryAccessPass'], k)}" | summarize Count = count() by OperationName, tostring(Property.displayName)`,
  k =>
    `${audit(24)} | where OperationName has_any ("role", "${pick(['policy', 'owner', 'credentials', 'consent'], k)}") | extend ${target}, Address = tostring(InitiatedBy.user.ipAddress) | summarize Count = count(), Addresses = make_set(Address, 5) by Target | where Count > ${2 + k} | project Target, Count`,
  k =>
    `${audit(24)} | extend ${actor}, ${target} | where Target startswith "${pick(['sg-', 'M365', 'vpn', 'dev', 'NW-'], k)}" | summarize Targets = dcount(Target) by Actor | where Targets > ${2 + k}`,
  k =>
    `${audit(24)} | where OperationName == "${pick(OPERATIONS, k)}" | extend ${actor} | join kind=leftanti (${audit(24)} | where OperationName == "${pick(OPERATIONS, k + 3)}" | extend ${actor} | distinct Actor) on Actor | summarize Count = count() by Actor | where Count > 1`,
  k =>
    `${audit(24)} | summarize Failed = countif(Result == "failure"), All = count() by OperationName, bin(TimeGenerated, ${1 + k}h) | where Failed * 100 > All * 6`,
  k =>
    `${audit(6)} | extend Application = tostring(InitiatedBy.app.displayName) | where Application contains "${pick(['Licensing', 'Device', 'Sync', 'Managed'], k)}" | summarize Count = count() by Application, OperationName`,
  k =>
    `${audit(24)} | parse Id with Service "_" Correlation "_" Token "_" Number:long | where Number % 100 == ${k} | summarize Count = count() by Service`,
]

const SIGN_IN_KINDS: readonly Query[] = [
  k =>
    `${signIns(24)} | where ResultType != "0" | summarize Failures = count(), Addresses = dcount(IPAddress) by UserPrincipalName | where Failures > ${8 + k}`,
  k =>
    `${signIns(24)} | where ResultType == "${pick(FAILURES, k)}" | summarize Count = count(), Accounts = dcount(UserPrincipalName) by ${pick(COLUMNS, k + 1)} | where Count > 1`,
  k =>
    `${signIns(24)} | where AppDisplayName == "${pick(APPS, k)}" and ResultType == "0" | summarize Apps = count() by UserPrincipalName, Location | where Apps > ${6 + k}`,
  k =>
    `${signIns(6)} | where Location == "${pick(COUNTRIES, k)}" | summarize Accounts = dcount(UserPrincipalName) by AppDisplayName, ResultType`,
  k =>
    `${signIns(24)} | where UserAgent has "${pick(['iPhone', 'Android', 'Macintosh', 'Edg'], k)}" | summarize Count = count() by UserPrincipalName | where Count > ${90 + k}`,
  k =>
    `${signIns(12)} | extend City = tostring(parse_json(LocationDetails).city), System = tostring(parse_json(DeviceDetail).operatingSystem) | summarize Accounts = dcount(UserPrincipalName) by City, System | where Accounts > ${1 + k}`,
  k =>
    `${signIns(24)} | where ResultType != "0" | extend Day = startofday(TimeGenerated) | join kind=inner (${audit(24)} | where OperationName == "${pick(OPERATIONS, k)}" | extend ${actor} | distinct Actor) on $left.UserPrincipalName == $right.Actor | summarize Failures = count() by UserPrincipalName, Day | where Failures > 2`,
  k =>
    `${signIns(24)} | where ResultType == "0" | summarize Addresses = dcount(IPAddress), First = min(TimeGenerated) by UserPrincipalName | where Addresses > ${80 + 2 * k}`,
  k =>
    `${signIns(2)} | where ConditionalAccessStatus == "${pick(['success', 'failure', 'notApplied', 'notSatisfied'], k)}" | mv-expand Policy = parse_json(ConditionalAccessPolicies) | summarize Count = count() by tostring(Policy.displayName), tostring(Policy.result)`,
  k =>
    `${signIns(24)} | where UserType == "Guest" | extend Domain = tostring(split(UserPrincipalName, "#")[0]) | summarize Count = count(), Apps = make_set(AppDisplayName) by Domain | where array_length(Apps) > ${2 + k} | project Domain, Count`,
]

/** The query of a rule of {@link writeRules} with this position: tables and kinds take turns. */
export function variedQuery(index: number): string {
  const kinds = index % 2 === 0 ? AUDIT_KINDS : SIGN_IN_KINDS
  const turn = Math.floor(index / 2)
  const kind = kinds[turn % kinds.length]
  return kind?.(Math.floor(turn / kinds.length)) ?? ''
}
