/**
 * Rows for five public queries, and where each must end: written by hand from the texts of the queries,
 * which are not in this repository, before there was anything that tells it.
 */
export interface CorpusCase {
  readonly shape: string
  /** The query in the corpus. */
  readonly id: string
  readonly now: string
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
  readonly table: string
  readonly row: number
  /** Line and column in the query. */
  readonly place: string
  /** What the message has to say. */
  readonly says: readonly string[]
}

const NOW = '2026-05-04T12:00:00Z'

const mail = (Timestamp: string, SenderFromAddress: string, EmailDirection = 'Intra-org') => ({
  Timestamp,
  SenderFromAddress,
  EmailDirection,
})

export const CORPUS_CASES: readonly CorpusCase[] = [
  {
    shape: 'summarize and a threshold',
    id: 'davidalonsod-0001',
    now: NOW,
    tables: {
      EmailEvents: [
        mail('2026-05-04T08:10:00Z', 'a@example.com'),
        mail('2026-05-04T08:50:00Z', 'a@example.com'),
        mail('2026-05-04T08:55:00Z', 'b@example.com'),
        mail('2026-05-04T09:00:00Z', 'a@example.com'),
        mail('2026-05-04T08:20:00Z', 'a@example.com', 'Inbound'),
      ],
    },
    table: 'EmailEvents',
    row: 2,
    place: '3:162',
    says: [
      'EmailCount is 2',
      'in the group of 2 rows with SenderFromAddress "a@example.com", ' +
        'Timestamp 2026-05-04T08:00:00.0000000Z',
    ],
  },
  {
    shape: 'anti-join',
    id: 'reprise99-0161',
    now: NOW,
    tables: {
      SigninLogs: [
        {
          TimeGenerated: '2026-05-01T08:00:00Z',
          AppDisplayName: 'Other',
          UserPrincipalName: 'ada@example.com',
        },
        {
          TimeGenerated: '2026-05-02T08:00:00Z',
          AppDisplayName: 'The Application Name',
          UserPrincipalName: 'ada@example.com',
        },
      ],
      IdentityInfo: [
        {
          TimeGenerated: '2026-05-03T00:00:00Z',
          AccountUPN: 'ada@example.com',
          GroupMembership: ['Group that gives access to Application'],
        },
      ],
    },
    table: 'IdentityInfo',
    row: 1,
    place: '16:3',
    says: [
      'a row with the same key is on the right side (row 2 of SigninLogs)',
      'UserPrincipalName is "ada@example.com"',
    ],
  },
  {
    shape: 'mv-expand',
    id: 'bert-janp-0009',
    now: NOW,
    tables: {
      AuditLogs: [
        {
          TimeGenerated: '2026-05-04T08:00:00Z',
          Category: 'ApplicationManagement',
          ActivityDisplayName: 'Add delegated permission grant',
          TargetResources: [
            { displayName: 'Some App', modifiedProperties: [{ newValue: '"Mail.Read.All"' }] },
            {
              displayName: 'Microsoft Graph',
              modifiedProperties: [{ newValue: '"User.Read"' }, { newValue: '"Mail.Send"' }],
            },
          ],
        },
      ],
    },
    table: 'AuditLogs',
    row: 1,
    place: '11:9',
    says: ['none of the 2 rows made of it passes', 'AddedPermission is "User.Read"'],
  },
  {
    shape: 'parse',
    id: 'reprise99-0073',
    now: NOW,
    tables: {
      SecurityEvent: [
        {
          TimeGenerated: '2026-05-04T08:00:00Z',
          EventID: 4742,
          EventData: '<Data Name="TargetUserName">PC1$</Data><Data Name="SubjectUserName">x</Data>',
        },
      ],
    },
    table: 'SecurityEvent',
    row: 1,
    place: '10:9',
    says: [
      'NewUacValue is ""',
      'the pattern of parse in line 7 does not match: "NewUacValue\\">" is not found in EventData',
    ],
  },
  {
    shape: 'a branch of a union',
    id: 'bert-janp-0177',
    now: NOW,
    tables: {
      DeviceProcessEvents: [
        {
          Timestamp: '2026-05-04T08:00:00Z',
          ProcessCommandLine: 'powershell Set-MpPreference -DisableRealtimeMonitoring 1',
        },
      ],
      DeviceEvents: [],
    },
    table: 'DeviceProcessEvents',
    row: 1,
    place: '4:54',
    says: ['ProcessCommandLine is "powershell Set-MpPreference -DisableRealtimeMonitoring 1"'],
  },
]
