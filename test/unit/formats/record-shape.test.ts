import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RecordShape } from '../../../src/tables/formats/record-shape.ts'
import {
  camelCase,
  columnsOf,
  shapeOf,
  tableOfWord,
} from '../../../src/tables/formats/record-shape.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'

const isTable = (name: string) => ['AuditLogs', 'SigninLogs'].includes(name)

/** `TenantId, TimeGenerated:datetime` as a schema. */
function schemaOf(text: string) {
  return text.split(', ').map(column => {
    const [name, type] = column.split(':')
    return { name: name ?? '', type: (type ?? 'string') as ScalarType }
  })
}

/** Where each column comes from: paths joined by |, or = and the constant, or nothing. */
function origins(shape: RecordShape, table: string, schema: string): Record<string, string> {
  const columns = columnsOf(shape, table, schemaOf(schema))
  return Object.fromEntries(
    columns.map(({ name, candidates, constant }) => [
      name,
      candidates.map(path => path.join('.')).join('|') +
        (constant === undefined ? '' : `=${String(constant)}`),
    ]),
  )
}

describe('shapeOf', () => {
  it.each([
    ['row', { TimeGenerated: 'x', Type: 'AuditLogs' }],
    ['row', { TimeGenerated: 'x', category: 'a', properties: {} }],
    ['row', { Timestamp: 'x', ActionType: 'y' }],
    ['row', { Type: 'AuditLogs' }],
    [undefined, { anything: 1 }],
    [undefined, {}],
    ['az-cli', { TableName: 'PrimaryResult', Computer: 'x', count_: '57' }],
    ['az-cli', { TableName: 'PrimaryResult', TimeGenerated: '2024-01-01' }],
    [undefined, { TableName: 'PrimaryResult', count_: 57 }],
    ['envelope', { time: 'x', category: 'AuditLogs', properties: {} }],
    ['envelope', { time: 'x', category: 'SignInLogs' }],
    ['envelope', { category: 'SignInLogs', properties: {} }],
    ['graph-audit', { id: '1', category: 'x', activityDateTime: 'x', activityDisplayName: 'y' }],
    ['graph-sign-in', { createdDateTime: 'x', appId: 'y', status: {} }],
  ] as const)('%s: %j', (shape, record) => {
    expect(shapeOf(record)).toBe(shape)
  })
})

describe('tableOfWord', () => {
  it.each([
    ['row', 'AuditLogs', 'AuditLogs'],
    ['row', 'Building_CL', 'Building_CL'],
    ['row', 'login', undefined],
    ['row', undefined, undefined],
    ['envelope', 'SignInLogs', 'SigninLogs'],
    ['envelope', 'NonInteractiveUserSignInLogs', 'AADNonInteractiveUserSignInLogs'],
    ['envelope', 'UserManagement', undefined],
    ['graph-audit', undefined, 'AuditLogs'],
    ['graph-sign-in', undefined, 'SigninLogs'],
    ['graph-sign-in', 'nonInteractiveUser', 'AADNonInteractiveUserSignInLogs'],
    ['graph-sign-in', 'unknownFutureValue', undefined],
  ] as const)('%s with %s is %s', (shape, word, table) => {
    expect(tableOfWord(shape, word, isTable)).toBe(table)
  })
})

describe('columnsOf', () => {
  it('takes rows as they are, and Timestamp for TimeGenerated', () => {
    expect(origins('row', 'X', 'TimeGenerated:datetime, Type, a:long')).toEqual({
      TimeGenerated: 'TimeGenerated|Timestamp',
      Type: 'Type',
      a: 'a',
    })
  })

  it('reads None of the az command line as null, but in text', () => {
    const columns = columnsOf('az-cli', 'X', schemaOf('a, b:long'))
    expect(columns.map(column => column.replace?.get('None'))).toEqual([undefined, null])
  })

  it('maps the envelope of AuditLogs', () => {
    const schema =
      'TenantId, TimeGenerated:datetime, AADTenantId, AADOperationType, Category, Result, Level, ' +
      'ResourceGroup, InitiatedBy:dynamic, ActivityDisplayName, UserAgent, Type, _ItemId, CorrelationId'
    expect(origins('envelope', 'AuditLogs', schema)).toEqual({
      TenantId: '',
      TimeGenerated: 'time',
      AADTenantId: 'tenantId|tenantid',
      AADOperationType: 'properties.operationType',
      Category: 'properties.category',
      Result: 'properties.result',
      Level: 'Level|level',
      ResourceGroup: '=Microsoft.aadiam',
      InitiatedBy: 'properties.initiatedBy',
      ActivityDisplayName: 'properties.activityDisplayName',
      UserAgent: 'properties.userAgent',
      Type: '=AuditLogs',
      _ItemId: '',
      CorrelationId: 'correlationId|correlationid|properties.correlationId',
    })
    const columns = columnsOf('envelope', 'AuditLogs', schemaOf(schema))
    const result = columns.find(column => column.name === 'Result')
    expect([...(result?.replace ?? [])]).toEqual([['0', 'success']])
  })

  it('maps the envelope of sign-ins, each property to one column', () => {
    const schema =
      'Category, IPAddress, Location, LocationDetails:dynamic, ConditionalAccessPolicies:dynamic, ' +
      'AppliedConditionalAccessPolicies, ResourceId, ResourceIdentity, RiskEventTypes_V2, ' +
      'ProcessingTimeInMilliseconds, IPAddressFromResourceProvider, DurationMs:long'
    expect(origins('envelope', 'SigninLogs', schema)).toEqual({
      Category: 'category',
      IPAddress: 'properties.ipAddress|callerIpAddress|calleripaddress',
      Location: 'location',
      LocationDetails: 'properties.location',
      ConditionalAccessPolicies: 'properties.appliedConditionalAccessPolicies',
      AppliedConditionalAccessPolicies: '',
      ResourceId: 'resourceId|resourceid',
      ResourceIdentity: 'properties.resourceId',
      RiskEventTypes_V2: 'properties.riskEventTypes_v2',
      ProcessingTimeInMilliseconds: 'properties.processingTimeInMilliseconds',
      IPAddressFromResourceProvider: 'properties.ipAddressFromResourceProvider',
      DurationMs: 'durationMs|durationms|properties.durationMs',
    })
  })

  it('maps Graph sign-ins, the envelope made up', () => {
    const schema =
      'TimeGenerated:datetime, OperationName, ResultType, ResultDescription, Location, Identity, ' +
      'Status, LocationDetails, Category, Type, UserPrincipalName, CreatedDateTime:datetime'
    expect(origins('graph-sign-in', 'AADNonInteractiveUserSignInLogs', schema)).toEqual({
      TimeGenerated: 'createdDateTime',
      OperationName: '=Sign-in activity',
      ResultType: 'status.errorCode',
      ResultDescription: 'status.failureReason',
      Location: 'location.countryOrRegion',
      Identity: 'userDisplayName|servicePrincipalName',
      Status: 'status',
      LocationDetails: 'location',
      Category: '=NonInteractiveUserSignInLogs',
      Type: '=AADNonInteractiveUserSignInLogs',
      UserPrincipalName: 'userPrincipalName',
      CreatedDateTime: 'createdDateTime',
    })
  })
})

describe('camelCase', () => {
  it.each([
    ['UserPrincipalName', 'userPrincipalName'],
    ['IPAddress', 'ipAddress'],
    ['Id', 'id'],
    ['ID', 'id'],
    ['ATContentH', 'atContentH'],
    ['already', 'already'],
  ])('%s becomes %s', (name, property) => {
    expect(camelCase(name)).toBe(property)
  })
})

const mappingFile = new URL(
  '../../../../shared/reference/diagnostic-settings-mapping.json',
  import.meta.url,
)
const schemaFile = new URL('../../../../shared/schemas/tables.json', import.meta.url)
const present = existsSync(mappingFile) && existsSync(schemaFile)

interface MappedColumn {
  from?: string
  const?: string
}

describe.skipIf(!present)('the mapping, against the reference beside the project', () => {
  const read = (file: URL) => JSON.parse(readFileSync(file, 'utf8'))
  const tables: Record<string, Record<string, string>> = present ? read(schemaFile) : {}
  const mapping: Record<string, Record<string, MappedColumn | string[] | null>> = present
    ? read(mappingFile)
    : {}

  it.each(['AuditLogs', 'AADNonInteractiveUserSignInLogs', 'SigninLogs'])('%s', table => {
    const schema = Object.entries(tables[table] ?? {}).map(([name, type]) => `${name}:${type}`)
    const ours = origins('envelope', table, schema.join(', '))
    const base = mapping[table]?.['extends'] as unknown
    const expected = {
      ...(typeof base === 'string' ? mapping[base] : {}),
      ...mapping[table],
    }
    const checked: string[] = []
    for (const [column, rule] of Object.entries(expected)) {
      if (rule === null || typeof rule === 'string') continue
      if (Array.isArray(rule)) {
        for (const property of rule) {
          // These belong to a table of the family that has no such column, or are mapped above.
          const name = Object.keys(ours).find(key => camelCase(key) === property)
          if (name === undefined || ['riskEventTypes_v2', 'correlationId'].includes(property))
            continue
          expect(ours[name], property).toContain(`properties.${property}`)
          checked.push(name)
        }
        continue
      }
      if (!(column in ours)) continue
      if (rule.const !== undefined) expect(ours[column]).toBe(`=${rule.const}`)
      for (const path of rule.from?.split('|') ?? []) {
        expect(ours[column]?.split('|'), column).toContain(
          path.replace('$.', '').replace('p.', 'properties.'),
        )
      }
      checked.push(column)
    }
    expect(checked.length).toBeGreaterThan(20)
  })
})
