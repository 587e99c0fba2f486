import { describe, expect, it } from 'vitest'
import {
  tableNames,
  tableOfCategory,
  tableOfPath,
} from '../../../src/tables/formats/table-names.ts'

const names = tableNames([
  'AuditLogs',
  'SigninLogs',
  'AADNonInteractiveUserSignInLogs',
  'Event',
  'SecurityEvent',
  'Okta_CL',
  'ASimDnsActivityLogs',
])

describe('tableOfPath', () => {
  it.each([
    ['AuditLogs.ndjson', 'AuditLogs'],
    ['auditlogs.json', 'AuditLogs'],
    ['/x/AuditLogs_2024-01-01.json.gz', 'AuditLogs'],
    ['AuditLogs-success.jsonl', 'AuditLogs'],
    ['AuditLogs (1).csv', 'AuditLogs'],
    ['C:\\logs\\SigninLogs.log', 'SigninLogs'],
    ['am-auditlogs/WorkspaceResourceId=/subscriptions/1/y=2024/m=01/PT05M.json', 'AuditLogs'],
    ['insights-logs-noninteractiveusersigninlogs/x/PT1H.json', 'AADNonInteractiveUserSignInLogs'],
    ['insights-logs-signinlogs/PT1H.json', 'SigninLogs'],
    ['table=AuditLogs/part-0.json', 'AuditLogs'],
    ['AuditLogs/2024/01.json', 'AuditLogs'],
    ['SigninLogs/AuditLogs.json', 'AuditLogs'],
    ['AuditLogs/archive/x.json', 'AuditLogs'],
    ['okta_cl_2024.json', 'Okta_CL'],
    ['Building_CL.ndjson', 'Building_CL'],
    ['building_cl-7.ndjson', 'building_CL'],
    ['am-building_cl/PT05M.json', 'building_CL'],
    ['event.json', 'Event'],
    ['Event-2024-01-01.json', 'Event'],
    ['Event/x.json', 'Event'],
  ])('%s belongs to %s', (path, table) => {
    expect(tableOfPath(path, names)).toBe(table)
  })

  it.each([
    'export.json',
    'AuditLogsArchive.json',
    'MyAuditLogs.json',
    // One common word at the head of a name says too little.
    'event-hub-dump.json',
    'event/x.json',
    'notes_CLIENT.json',
    '',
  ])('%j says nothing', path => {
    expect(tableOfPath(path, names)).toBeUndefined()
  })
})

describe('tableOfCategory', () => {
  it('knows the categories of Entra, in any case', () => {
    expect(tableOfCategory('SignInLogs')).toBe('SigninLogs')
    expect(tableOfCategory('signinlogs')).toBe('SigninLogs')
    expect(tableOfCategory('Audit')).toBe('AuditLogs')
    expect(tableOfCategory('UserManagement')).toBeUndefined()
    expect(tableOfCategory('__proto__')).toBeUndefined()
  })
})
