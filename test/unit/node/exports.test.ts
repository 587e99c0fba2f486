import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { OpenDataOptions, OpenedData } from '../../../src/node/open-data.ts'
import { openData } from '../../../src/node/open-data.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { readTable } from '../formats/read-table.ts'

const folder = fileURLToPath(new URL('../../data/fixtures/exports/', import.meta.url))
const catalog = Catalog.builtin()

const open = (path: string, options: Partial<OpenDataOptions> = {}) =>
  openData({ data: [folder + path], catalog, ...options })

/** Opens as a table that the file does not name itself. */
const openAs = (table: string, path: string) =>
  openData({ data: [], tables: { [table]: [folder + path] }, catalog })

async function read(opened: OpenedData, table: string, columns: readonly string[]) {
  expect(opened.problems).toEqual([])
  const source = opened.sources.get(table)
  if (source === undefined) throw new Error(`There is no table ${table}.`)
  return readTable(source, columns)
}

describe('exports of logs', () => {
  it('reads the folders of a data export rule', async () => {
    const opened = await open('la-data-export')
    expect(opened.files.map(file => file.format)).toEqual(['NDJSON, rows', 'NDJSON, rows'])
    const columns = ['TimeGenerated', 'OperationName', 'DurationMs', 'InitiatedBy.user.ipAddress']
    const own = '_Internal_WorkspaceResourceId'
    expect(await read(opened, 'AuditLogs', [...columns, '_ItemId', own])).toEqual({
      rows: [
        {
          TimeGenerated: '2025-03-04T10:05:17.1234567Z',
          OperationName: 'Update user',
          DurationMs: 0n,
          'InitiatedBy.user.ipAddress': '<"192.0.2.10">',
          _ItemId: 'i-1',
          [own]: '/subscriptions/0f3c/ws-blue',
        },
        {
          TimeGenerated: '2025-03-04T10:06:00.0000000Z',
          OperationName: 'Add member to role',
          DurationMs: 15n,
          'InitiatedBy.user.ipAddress': null,
          _ItemId: 'i-2',
          [own]: '/subscriptions/0f3c/ws-blue',
        },
        {
          TimeGenerated: '2025-03-04T10:07:00.5000000Z',
          OperationName: 'Delete user',
          DurationMs: null,
          'InitiatedBy.user.ipAddress': null,
          _ItemId: 'i-3',
          [own]: '',
        },
      ],
      problems: [],
    })
  })

  it('maps the records of diagnostic settings for audits', async () => {
    const opened = await open('diagnostic-settings')
    const { rows, problems } = await read(opened, 'AuditLogs', [
      'TimeGenerated',
      'TenantId',
      'AADTenantId',
      'ResourceId',
      'Category',
      'ResultType',
      'Level',
      'Result',
      'AADOperationType',
      'ActivityDateTime',
      'InitiatedBy',
      'TargetResources.0.id',
      'TargetResources.-1.type',
      'SourceSystem',
      'Resource',
      'Type',
    ])
    expect(problems).toEqual([])
    expect(rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:05:17.1234567Z',
        TenantId: '',
        AADTenantId: '7d1c',
        ResourceId: '/tenants/7d1c/providers/Microsoft.aadiam',
        Category: 'UserManagement',
        ResultType: '',
        Level: '4',
        Result: 'success',
        AADOperationType: 'Update',
        ActivityDateTime: '2025-03-04T10:05:17.1234567Z',
        InitiatedBy: '<{"user":{"id":"u-1","userPrincipalName":"nora@blueyonder.example"}}>',
        'TargetResources.0.id': '<"t-1">',
        'TargetResources.-1.type': '<"User">',
        SourceSystem: 'Azure AD',
        Resource: 'Microsoft.aadiam',
        Type: 'AuditLogs',
      },
    ])
  })

  it('maps the records of diagnostic settings for sign-ins', async () => {
    const opened = await open('diagnostic-settings')
    const { rows, problems } = await read(opened, 'SigninLogs', [
      'TimeGenerated',
      'CreatedDateTime',
      'Category',
      'ResultType',
      'DurationMs',
      'Level',
      'Location',
      'IPAddress',
      'LocationDetails.city',
      'DeviceDetail.operatingSystem',
      'Status.errorCode',
      'ConditionalAccessPolicies',
      'RiskEventTypes_V2',
      'AuthenticationDetails',
      'ProcessingTimeInMilliseconds',
      'ResourceIdentity',
      'AutonomousSystemNumber',
      'IsInteractive',
    ])
    expect(problems).toEqual([])
    expect(rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:10:00.0000001Z',
        CreatedDateTime: '2025-03-04T10:10:00.0000000Z',
        Category: 'SignInLogs',
        ResultType: '50126',
        DurationMs: 12n,
        Level: 'Informational',
        Location: 'NO',
        IPAddress: '192.0.2.11',
        'LocationDetails.city': '<"Oslo">',
        'DeviceDetail.operatingSystem': '<"Windows 11">',
        'Status.errorCode': '<50126>',
        ConditionalAccessPolicies: '<[]>',
        RiskEventTypes_V2: '[]',
        AuthenticationDetails: '[\n  {\n    "succeeded": false\n  }\n]',
        ProcessingTimeInMilliseconds: '239',
        ResourceIdentity: 'r-1',
        AutonomousSystemNumber: '64500',
        IsInteractive: true,
      },
    ])
  })

  it('writes JSON text without blanks where that is asked for', async () => {
    const opened = await open('diagnostic-settings', { jsonText: 'compact' })
    const { rows } = await read(opened, 'SigninLogs', ['AuthenticationDetails'])
    expect(rows).toEqual([{ AuthenticationDetails: '[{"succeeded":false}]' }])
  })

  it('reads batches of an event hub, back to back, of several categories', async () => {
    const opened = await open('event-hub.json')
    expect(opened.files[0]).toMatchObject({
      format: 'JSON with records, diagnostic settings records',
      tables: ['AuditLogs', 'AADNonInteractiveUserSignInLogs'],
    })
    expect(opened.unrecognised.map(file => file.message)).toEqual([
      expect.stringContaining('category: FutureLogs.'),
    ])
    const audits = await read(opened, 'AuditLogs', [
      'TimeGenerated',
      'OperationName',
      'Result',
      'Level',
    ])
    expect(audits).toEqual({
      rows: [
        {
          TimeGenerated: '2025-03-04T10:20:00.0000000Z',
          OperationName: 'Update policy',
          Result: 'success',
          Level: 'Informational',
        },
        {
          TimeGenerated: '2025-03-04T10:22:00.0000000Z',
          OperationName: 'Add policy',
          Result: 'failure',
          Level: '',
        },
      ],
      problems: [],
    })
    const signIns = await read(opened, 'AADNonInteractiveUserSignInLogs', [
      'TimeGenerated',
      'ResultType',
      'IPAddress',
      'DeviceDetail',
      'MfaDetail',
      'NetworkLocationDetails',
    ])
    expect(signIns.rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:21:00.0000000Z',
        ResultType: '0',
        IPAddress: '',
        DeviceDetail: '{\n  "browser": "Edge"\n}',
        MfaDetail: '{}',
        NetworkLocationDetails: '[]',
      },
    ])
  })

  it('reads the response of the query API, and reports that it is not complete', async () => {
    const opened = await open('query-response.json')
    expect(opened.files[0]?.format).toBe('Log Analytics query response, rows')
    const { rows, problems } = await read(opened, 'SecurityAlert', [
      'TimeGenerated',
      'AlertName',
      'ConfidenceScore',
      'IsIncident',
      'Spent',
      'Big',
      'Bag',
      'Bag.a.0',
      'Label',
    ])
    expect(rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:00:00.7610470Z',
        AlertName: 'Odd sign-in',
        ConfidenceScore: null,
        IsIncident: false,
        Spent: '00:01:00.5000000',
        Big: 9007199254740993n,
        Bag: '<{"a":[1]}>',
        'Bag.a.0': '<1>',
        Label: '',
      },
      {
        TimeGenerated: '2025-03-04T11:00:00.0000000Z',
        AlertName: 'Odd ["quote"]',
        ConfidenceScore: 0.5,
        IsIncident: true,
        Spent: null,
        Big: null,
        Bag: null,
        'Bag.a.0': null,
        Label: 'x',
      },
    ])
    expect(problems.map(problem => problem.message)).toEqual([
      expect.stringContaining("The query's result is not complete: "),
    ])
  })

  it('gives the output of the az command line its types back', async () => {
    const opened = await open('az-cli.json')
    expect(opened.files[0]).toMatchObject({
      format: 'JSON array, az monitor log-analytics query output',
      notes: ['The az command line prints null as "None": in text columns it stays that text.'],
    })
    const columns = ['ConfidenceScore', 'IsIncident', 'Status', 'TimeGenerated', 'count_']
    expect(await read(opened, 'SecurityAlert', columns)).toEqual({
      rows: [
        {
          ConfidenceScore: null,
          IsIncident: false,
          Status: 'None',
          TimeGenerated: '2025-03-04T10:00:00.7610470Z',
          count_: 57n,
        },
        {
          ConfidenceScore: 0.25,
          IsIncident: true,
          Status: 'New',
          TimeGenerated: '2025-03-04T11:00:00.0000000Z',
          count_: null,
        },
      ],
      problems: [],
    })
    const names = opened.sources.get('SecurityAlert')?.schema.map(column => column.name)
    expect(names).not.toContain('TableName')
  })

  it('reads the CSV of the portal', async () => {
    const opened = await open('portal.csv')
    const columns = ['TimeGenerated', 'CreatedDateTime', 'DurationMs', 'IsInteractive']
    const details = ['DeviceDetail', 'DeviceDetail_dynamic', 'DeviceDetail_string']
    const { rows, problems } = await read(opened, 'SigninLogs', [
      ...columns,
      ...details,
      'AuthenticationDetails',
      'TenantId',
    ])
    expect(problems).toEqual([])
    expect(rows).toEqual([
      {
        TimeGenerated: '2025-03-04T14:08:45.2210000Z',
        CreatedDateTime: '2025-03-04T14:08:45.0000000Z',
        DurationMs: 0n,
        IsInteractive: true,
        DeviceDetail: null,
        DeviceDetail_dynamic: '<{"operatingSystem":"Windows 11"}>',
        DeviceDetail_string: null,
        AuthenticationDetails: '[\n  {\n    "succeeded": true\n  }\n]',
        TenantId: 'w-1',
      },
      {
        TimeGenerated: '2024-12-31T23:59:59.0000000Z',
        CreatedDateTime: null,
        DurationMs: null,
        IsInteractive: false,
        DeviceDetail: null,
        DeviceDetail_dynamic: null,
        DeviceDetail_string: '<{"browser":"Edge"}>',
        AuthenticationDetails: '[]',
        TenantId: 'w-1',
      },
    ])
  })

  it('puts columns that a union split together again where that is asked for', async () => {
    const opened = await open('portal.csv', { coalesceSuffixes: true })
    const { rows } = await read(opened, 'SigninLogs', ['DeviceDetail.browser', 'DeviceDetail'])
    expect(rows).toEqual([
      { 'DeviceDetail.browser': null, DeviceDetail: '<{"operatingSystem":"Windows 11"}>' },
      { 'DeviceDetail.browser': '<"Edge">', DeviceDetail: '<{"browser":"Edge"}>' },
    ])
    const names = opened.sources.get('SigninLogs')?.schema.map(column => column.name)
    expect(names).not.toContain('DeviceDetail_string')
  })

  it('maps the directory audits of Graph', async () => {
    const opened = await open('graph-directory-audits.json')
    expect(opened.files[0]?.format).toBe('Microsoft Graph response, Graph directory audits')
    const { rows } = await read(opened, 'AuditLogs', [
      'TimeGenerated',
      'ActivityDateTime',
      'OperationName',
      'Category',
      'AADOperationType',
      'InitiatedBy.user.userPrincipalName',
      'InitiatedBy.app',
      'Type',
    ])
    expect(rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:30:00.7215374Z',
        ActivityDateTime: '2025-03-04T10:30:00.7215374Z',
        OperationName: 'Add member to group',
        Category: 'GroupManagement',
        AADOperationType: 'Assign',
        'InitiatedBy.user.userPrincipalName': '<"nora@blueyonder.example">',
        'InitiatedBy.app': null,
        Type: 'AuditLogs',
      },
    ])
  })

  it('maps the sign-ins of Graph, by their kind', async () => {
    const opened = await open('graph-sign-ins.json')
    const columns = ['TimeGenerated', 'ResultType', 'ResultDescription', 'Location', 'Category']
    const other = await read(opened, 'AADNonInteractiveUserSignInLogs', [
      ...columns,
      'HomeTenantId',
      'Status',
    ])
    expect(other.rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:40:00.0000000Z',
        ResultType: '0',
        ResultDescription: 'Other.',
        Location: 'NO',
        Category: 'NonInteractiveUserSignInLogs',
        HomeTenantId: 'new',
        Status: '{\n  "errorCode": 0,\n  "failureReason": "Other."\n}',
      },
    ])
    const { rows } = await read(opened, 'SigninLogs', [...columns, 'Status.errorCode'])
    expect(rows).toEqual([
      {
        TimeGenerated: '2025-03-04T10:41:00.0000000Z',
        ResultType: '50126',
        ResultDescription: 'Invalid password.',
        Location: '',
        Category: 'SignInLogs',
        'Status.errorCode': '<50126>',
      },
    ])
  })

  it('reads the response of advanced hunting with its declared types', async () => {
    const opened = await open('DeviceProcessEvents.json')
    const columns = ['TimeGenerated', 'FileName', 'Score', 'Extra.a']
    expect((await read(opened, 'DeviceProcessEvents', columns)).rows).toEqual([
      {
        TimeGenerated: '2025-03-04T09:39:50.7688641Z',
        FileName: 'cmd.exe',
        Score: 3,
        'Extra.a': '<1>',
      },
      {
        TimeGenerated: '2025-03-04T09:39:49.0000000Z',
        FileName: 'calc.exe',
        Score: null,
        'Extra.a': null,
      },
    ])
    expect(opened.sources.get('DeviceProcessEvents')?.schema).toContainEqual({
      name: 'Score',
      type: 'int',
    })
  })

  it.each(['kusto-v1.json', 'kusto-v2.json'])('reads the primary result of %s', async path => {
    const opened = await openAs('T', path)
    const { rows, problems } = await read(opened, 'T', ['Name', 'Count'])
    expect(rows).toEqual([
      { Name: 'a', Count: 1n },
      { Name: 'b', Count: 2n },
    ])
    const expected = path === 'kusto-v2.json' ? ["The query's result is not complete."] : []
    expect(problems.map(problem => problem.message)).toEqual(expected)
  })
})
