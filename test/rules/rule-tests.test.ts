import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testRule } from '../../src/testing/library.ts'

const RULES = join(import.meta.dirname, '../../rules')

/** Changes of a rule, as a text and what is put in its place, each of which a test has to notice. */
type Mutants = readonly (readonly [from: string, to: string])[]

const PIM: Mutants = [
  [
    '      | where TimeGenerated > ago(2h)\n      | where OperationName',
    '      | where OperationName',
  ],
  [
    '      | where TimeGenerated > ago(2h)\n      | where O',
    '      | where TimeGenerated >= ago(2h)\n      | where O',
  ],
  [
    '      | where TimeGenerated > ago(2h)\n      | where O',
    '      | where TimeGenerated > ago(1h)\n      | where O',
  ],
  [
    '      | where TimeGenerated > ago(2h)\n      | where O',
    '      | where TimeGenerated < ago(2h)\n      | where O',
  ],
  ['      | where OperationName has "Add member to role completed (PIM activation)"\n', ''],
  ['has "Add member', '!has "Add member'],
  ['has "Add member', 'has_cs "Add member'],
  ['has "Add member', 'contains "Add member'],
  ['has "Add member', 'startswith "Add member'],
  ['has "Add member', 'endswith "Add member'],
  ['has "Add member', '=~ "Add member'],
  ['Add member to role completed (PIM activation)"', 'Add member to role"'],
  ['InitiatedBy.user.userPrincipalName', 'InitiatedBy.app.displayName'],
  ['      | where isnotempty(UPN)\n', ''],
  ['isnotempty(UPN)', 'isempty(UPN)'],
  ['ActivationTime = TimeGenerated,\n', 'ActivationTime = TimeGenerated + 1tick,\n'],
  ['TargetResources[0].displayName', 'TargetResources[1].displayName'],
  ['TargetResources[0].displayName', 'TargetResources[0].id'],
  [
    '  | where TimeGenerated > ago(2h)\n  | where ResultType',
    '  | where TimeGenerated < ago(2h)\n  | where ResultType',
  ],
  [
    '  | where TimeGenerated > ago(2h)\n  | where ResultType',
    '  | where TimeGenerated > ago(1h)\n  | where ResultType',
  ],
  ['  | where ResultType == 0\n', ''],
  ['ResultType == 0', 'ResultType != 0'],
  ['ResultType == 0', 'ResultType == 1'],
  ['ResultType == 0', 'toint(ResultType) >= 0'],
  ['ResultType == 0', 'toint(ResultType) <= 0'],
  ['ResultType == 0', 'isempty(ResultType) or ResultType == 0'],
  ['kind=inner', 'kind=innerunique'],
  ['kind=inner', 'kind=leftouter'],
  ['kind=inner', 'kind=rightouter'],
  ['$left.UserPrincipalName == $right.UPN', '$left.UserDisplayName == $right.UPN'],
  ['where TimeGenerated > ActivationTime\n', 'where TimeGenerated >= ActivationTime\n'],
  ['where TimeGenerated > ActivationTime\n', 'where TimeGenerated < ActivationTime\n'],
  ['where TimeGenerated > ActivationTime\n', 'where true\n'],
  ['< 30m', '<= 30m'],
  ['< 30m', '> 30m'],
  ['< 30m', '< 29m'],
  ['< 30m', '< 31m'],
  ['< 30m', '< 30h'],
  ['     and  (TimeGenerated', '     or  (TimeGenerated'],
  ['NISignInTime       = TimeGenerated', 'NISignInTime       = ActivationTime'],
  ['      AppDisplayName,\n', ''],
  ['      IPAddress,\n', ''],
  ['      Location,\n', ''],
  ['      RoleName,\n', ''],
  ['order by NISignInTime desc', 'order by NISignInTime asc'],
  ['  | order by NISignInTime desc\n', ''],
  ['severity: High', 'severity: Low'],
  ['triggerThreshold: 0', 'triggerThreshold: 1'],
  ['triggerOperator: gt', 'triggerOperator: lt'],
  ['queryPeriod: 2h', 'queryPeriod: 1h'],
  ['queryFrequency: 1h', 'queryFrequency: 2h'],
  ['columnName: IPAddress', 'columnName: Location'],
  ['columnName: UserPrincipalName', 'columnName: RoleName'],
  ['  RoleName: RoleName\n', '  RoleName: Location\n'],
  ['activated {{RoleName}}', 'used {{RoleName}}'],
  ['from {{IPAddress}}', 'from {{Location}}'],
  ['enabled: true', 'enabled: false'],
  ['createIncident: true', 'createIncident: false'],
]

const TAP: Mutants = [
  ['timeframe = 1d', 'timeframe = 23h'],
  ['timeframe = 1d', 'timeframe = 25h'],
  ['  | where TimeGenerated >= ago(timeframe)\n', ''],
  ['TimeGenerated >= ago', 'TimeGenerated > ago'],
  ['TimeGenerated >= ago', 'TimeGenerated <= ago'],
  ['  | where Category =~ "UserManagement"\n', ''],
  ['Category =~', 'Category =='],
  ['Category =~', 'Category !~'],
  ['Category =~', 'Category has'],
  ['Category =~', 'Category startswith'],
  ['OperationName in~', 'OperationName in'],
  ['OperationName in~', 'OperationName !in~'],
  ['OperationName in~', 'OperationName has_any'],
  ['"Admin registered security info",', ''],
  ['"Create Temporary Access Pass method for user",', ''],
  ['user",\n        "Update user"', 'user"'],
  ['  | where Result =~ "success"\n', ''],
  ['Result =~ "success"', 'Result == "success"'],
  ['Result =~ "success"', 'Result !~ "success"'],
  ['Result =~ "success"', 'Result has "success"'],
  ['Result =~ "success"', 'Result startswith "success"'],
  [
    'mv-expand ModProp = TargetResources[0].modifiedProperties',
    'mv-expand ModProp = TargetResources[1].modifiedProperties',
  ],
  [
    'mv-expand ModProp = TargetResources[0].modifiedProperties',
    'extend ModProp = TargetResources[0].modifiedProperties[0]',
  ],
  [
    'mv-expand ModProp = TargetResources[0].modifiedProperties',
    'mv-expand ModProp = TargetResources',
  ],
  ['where tostring(ModProp.newValue) has "TemporaryAccessPass"\n      or ', 'where '],
  ['\n      or tostring(ModProp.displayName) has "TemporaryAccessPass"', ''],
  ['      or tostring', '      and tostring'],
  ['(ModProp.newValue) has', '(ModProp.newValue) has_cs'],
  ['(ModProp.newValue) has', '(ModProp.newValue) contains'],
  ['(ModProp.newValue) has', '(ModProp.newValue) hasprefix'],
  ['(ModProp.newValue) has', '(ModProp.newValue) hassuffix'],
  ['(ModProp.newValue) has', '(ModProp.newValue) !has'],
  ['(ModProp.displayName) has', '(ModProp.displayName) contains'],
  ['(ModProp.displayName) has', '(ModProp.displayName) hasprefix'],
  ['(ModProp.displayName) has', '(ModProp.displayName) !has'],
  ['ModProp.newValue', 'ModProp.oldValue'],
  ['tostring(TargetResources[0].userPrincipalName)', 'tostring(TargetResources[0].displayName)'],
  ['tostring(TargetResources[0].id)', 'tostring(TargetResources[0].userPrincipalName)'],
  ['tostring(InitiatedBy.user.userPrincipalName)', 'tostring(InitiatedBy.app.displayName)'],
  ['tostring(InitiatedBy.app.displayName)', 'tostring(InitiatedBy.app.id)'],
  ['iff(isnotempty(ActorUpn), ActorUpn, ActorApp)', 'iff(isempty(ActorUpn), ActorUpn, ActorApp)'],
  ['iff(isnotempty(ActorUpn), ActorUpn, ActorApp)', 'ActorUpn'],
  [
    'iff(isnotempty(ActorUpn), ActorUpn, ActorApp)',
    'iff(isnotempty(ActorApp), ActorApp, ActorUpn)',
  ],
  ['isnotempty(tostring(InitiatedBy.user.ipAddress))', 'true'],
  [
    'isnotempty(tostring(InitiatedBy.user.ipAddress))',
    'isempty(tostring(InitiatedBy.user.ipAddress))',
  ],
  ['isnotempty(tostring(InitiatedBy.user.ipAddress))', 'isnotnull(InitiatedBy.user)'],
  [
    'AccountName      = iff(TargetUpn has "@", tostring(split(TargetUpn, "@")[0]), TargetUpn)',
    'AccountName = TargetUpn',
  ],
  ['tostring(split(TargetUpn, "@")[0])', 'tostring(split(TargetUpn, "@")[1])'],
  ['tostring(split(TargetUpn, "@")[1]), "")', 'tostring(split(TargetUpn, "@")[0]), "")'],
  ['tostring(split(TargetUpn, "@")[1]), "")', '"", "")'],
  ['tostring(split(TargetUpn, "@")[1]), "")', 'tostring(split(TargetUpn, "@")[1]), TargetUpn)'],
  ['      CorrelationId\n', '      Result\n'],
  ['      TargetId,\n', ''],
  ['sort by TimeGenerated desc', 'sort by TimeGenerated asc'],
  ['  | sort by TimeGenerated desc\n', ''],
  ['columnName: ActorIp', 'columnName: Actor'],
  ['columnName: AccountName', 'columnName: TargetId'],
  ['columnName: AccountUPNSuffix', 'columnName: TargetId'],
  ['  - CredentialAccess\n', ''],
  ['  - T1098\n', ''],
]

const MUTANTS: Readonly<Record<string, Mutants>> = {
  'pim-role-activation-followed-by-non-interactive-token-use': PIM,
  'temporary-access-pass-created-for-user-account': TAP,
}

describe.each(Object.entries(MUTANTS))('%s', (slug, mutants) => {
  const folder = join(RULES, slug)
  const rule = readFileSync(join(folder, `${slug}.yaml`), 'utf8')
  const tests = readFileSync(join(folder, `${slug}.tests.yaml`), 'utf8')

  it('passes its tests, some of which fire and some do not', async () => {
    const results = await testRule(rule, tests)
    expect(results.filter(({ status }) => status !== 'passed')).toEqual([])
    const silent = results.filter(({ expectsNothing }) => expectsNothing).length
    expect(silent).toBeGreaterThan(10)
    expect(results.length - silent).toBeGreaterThan(10)
  })

  it.each(mutants)('%j changed to %j fails a test', async (from, to) => {
    expect(rule.split(from).length, 'the rule has the text').toBeGreaterThan(1)
    const results = await testRule(
      rule.replace(from, () => to),
      tests,
    ).catch(() => undefined)
    // A change after which the rule or an expectation means nothing is noticed too.
    if (results === undefined) return
    expect(results.some(({ status }) => status === 'failed')).toBe(true)
  })
})
