/**
 * Where events of the bundled logs end, written by hand from the texts of the rules and the events
 * before there was anything that tells it.
 */
export interface WhyCase {
  /** The start of the rule's slug. */
  readonly rule: 'pim' | 'temporary'
  readonly table: 'AADNonInteractiveUserSignInLogs' | 'AuditLogs'
  /** The line of the event in the Log Analytics fixture. */
  readonly row: number
  /** Line and column in the YAML of the rule. */
  readonly place: `${number}:${number}`
  readonly message: string
}

const SIGN_INS = 'AADNonInteractiveUserSignInLogs'

export const WHY_CASES: readonly WhyCase[] = [
  {
    rule: 'pim',
    table: SIGN_INS,
    row: 3,
    place: '41:11',
    message:
      '`TimeGenerated > ago(2h)`: TimeGenerated is 2026-03-17T13:41:19.0034418Z, ' +
      'ago(2h) is 2026-03-17T13:42:07.3184605Z',
  },
  {
    rule: 'pim',
    table: SIGN_INS,
    row: 26,
    place: '42:11',
    message: '`ResultType == 0`: ResultType is "50126"',
  },
  {
    rule: 'pim',
    table: SIGN_INS,
    row: 30,
    place: '43:5',
    message:
      'no row of the right side has the key: UserPrincipalName is ' +
      '"rosa.lind@harborline.example.com"; the nearest UPN is ' +
      '"Rosa.Lind@harborline.example.com" (row 24 of AuditLogs), equal but for letter case',
  },
  {
    rule: 'pim',
    table: SIGN_INS,
    row: 28,
    place: '43:5',
    message:
      'no row of the right side has the key: UserPrincipalName is ' +
      '"noor.vance@harborline.example.org"; the nearest UPN is ' +
      '"noor.vance@harborline.example.com" (row 23 of AuditLogs)',
  },
  {
    rule: 'pim',
    table: SIGN_INS,
    row: 27,
    place: '44:11',
    message:
      '`TimeGenerated > ActivationTime`: TimeGenerated is 2026-03-17T15:05:51.4410037Z, ' +
      'ActivationTime is 2026-03-17T15:05:51.4410037Z',
  },
  {
    rule: 'pim',
    table: SIGN_INS,
    row: 17,
    place: '45:11',
    message: '`(TimeGenerated - ActivationTime) < 30m`: TimeGenerated - ActivationTime is 00:31:00',
  },
  {
    rule: 'pim',
    table: 'AuditLogs',
    row: 29,
    place: '33:15',
    message:
      '`OperationName has "Add member to role completed (PIM activation)"`: ' +
      'OperationName is "Add member to role requested (PIM activation)"',
  },
  {
    rule: 'pim',
    table: 'AuditLogs',
    row: 31,
    place: '35:15',
    message: '`isnotempty(UPN)`: UPN is ""',
  },
  {
    rule: 'temporary',
    table: 'AuditLogs',
    row: 3,
    place: '21:11',
    message:
      '`TimeGenerated >= ago(timeframe)`: TimeGenerated is 2026-03-16T15:42:07.3184604Z, ' +
      'ago(timeframe) is 2026-03-16T15:42:07.3184605Z',
  },
  {
    rule: 'temporary',
    table: 'AuditLogs',
    row: 40,
    place: '22:11',
    message: '`Category =~ "UserManagement"`: Category is "ApplicationManagement"',
  },
  {
    rule: 'temporary',
    table: 'AuditLogs',
    row: 39,
    place: '23:11',
    message:
      '`OperationName in~ ( "Admin registered security info", ' +
      '"Create Temporary Access Pass method for user", "Update user" )`: ' +
      'OperationName is "User registered security info"',
  },
  {
    rule: 'temporary',
    table: 'AuditLogs',
    row: 33,
    place: '28:11',
    message: '`Result =~ "success"`: Result is "failure"',
  },
  {
    rule: 'temporary',
    table: 'AuditLogs',
    row: 31,
    place: '29:5',
    message: 'TargetResources[0].modifiedProperties is [], which has no element',
  },
  {
    rule: 'temporary',
    table: 'AuditLogs',
    row: 34,
    place: '30:11',
    message:
      'none of the 3 rows made of it passes, the nearest not by ' +
      '`tostring(ModProp.newValue) has "TemporaryAccessPass" or ' +
      'tostring(ModProp.displayName) has "TemporaryAccessPass"`: ' +
      'tostring(ModProp.newValue) is "\\"Temporary Access Pass\\"", ' +
      'tostring(ModProp.displayName) is "AuthenticationMethod"',
  },
]
