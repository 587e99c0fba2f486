import type { Json, JsonObject, Person } from './tenant.ts'
import {
  digest,
  guid,
  later,
  pick,
  present,
  providerPath,
  tenantId,
  userId,
  workspaceId,
  workspacePath,
} from './tenant.ts'

/** One change of a property; Entra writes the values as JSON inside a string. */
export type ModifiedProperty = {
  readonly displayName: string | null
  readonly oldValue: string | null
  readonly newValue: string | null
}

/** One audit event, from which the rows of both export shapes are made. */
export type AuditEvent = {
  /** Names the event in near-misses.json and seeds its identifiers. */
  readonly label: string
  readonly time: string
  readonly operation: string
  readonly category: string
  readonly service: 'Authentication Methods' | 'Core Directory' | 'PIM'
  readonly operationType: string
  readonly result?: string
  readonly resultReason?: string
  readonly identity?: string
  readonly initiatedBy: JsonObject
  readonly targetResources?: readonly Json[] | undefined
  readonly additionalDetails: readonly Json[]
  /** Set on the second copy of an event that was delivered twice. */
  readonly delivery?: 2
}

const idPrefix = {
  'Authentication Methods': 'AuthMethods',
  'Core Directory': 'Directory',
  PIM: 'PIM',
} as const

const correlationId = (event: AuditEvent): string => guid(`correlation:${event.label}`)

const recordId = (event: AuditEvent): string => {
  const mark = digest(`record:${event.label}`)
    .toString('base64')
    .replace(/[^A-Z0-9]/g, '')
  const number = pick(`record:${event.label}`, 10_000_000, 99_999_999)
  return `${idPrefix[event.service]}_${correlationId(event)}_${mark.slice(0, 5)}_${number}`
}

/** The instant at which the workspace received the event; the export writes in this order. */
export const auditArrival = (event: AuditEvent): string =>
  later(event.time, pick(`arrival:${event.label}`, 35, 240) + (event.delivery === 2 ? 61 : 0))

/** The event as a row of the AuditLogs table in a Log Analytics data export. */
export const auditRow = (event: AuditEvent): JsonObject =>
  present({
    TenantId: workspaceId,
    SourceSystem: 'Azure AD',
    TimeGenerated: event.time,
    ResourceId: providerPath,
    OperationName: event.operation,
    OperationVersion: '1.0',
    Category: event.category,
    ResultSignature: 'None',
    DurationMs: 0,
    CorrelationId: correlationId(event),
    Resource: 'Microsoft.aadiam',
    ResourceGroup: 'Microsoft.aadiam',
    Identity: event.identity,
    Level: '4',
    AdditionalDetails: event.additionalDetails,
    Id: recordId(event),
    InitiatedBy: event.initiatedBy,
    LoggedByService: event.service,
    Result: event.result ?? 'success',
    ResultReason: event.resultReason,
    TargetResources: event.targetResources,
    AADTenantId: tenantId,
    ActivityDisplayName: event.operation,
    ActivityDateTime: event.time,
    AADOperationType: event.operationType,
    Type: 'AuditLogs',
    _ItemId: guid(`item:${event.label}:${event.delivery ?? 1}`),
    _Internal_WorkspaceResourceId: workspacePath,
    _TimeReceived: auditArrival(event),
  })

const callerAddress = (event: AuditEvent): Json | undefined => {
  const user = event.initiatedBy['user']
  const given = typeof user === 'object' && user !== null && 'ipAddress' in user
  return given ? user.ipAddress : undefined
}

/**
 * The event as a diagnostic-settings record. Some records write Level as text and durationMs as
 * text: both spellings occur in what Entra delivers.
 */
export const auditRecord = (event: AuditEvent): JsonObject => ({
  time: event.time,
  resourceId: providerPath,
  operationName: event.operation,
  operationVersion: '1.0',
  category: 'AuditLogs',
  tenantId,
  resultSignature: 'None',
  durationMs: pick(`duration:${event.label}`, 0, 5) === 0 ? '0' : 0,
  callerIpAddress: callerAddress(event) ?? undefined,
  correlationId: correlationId(event),
  identity: event.identity,
  Level: pick(`level:${event.label}`, 0, 4) === 0 ? '4' : 4,
  properties: {
    id: recordId(event),
    category: event.category,
    correlationId: correlationId(event),
    result: event.result === '' ? undefined : (event.result ?? 'success'),
    resultReason: event.resultReason ?? '',
    activityDisplayName: event.operation,
    activityDateTime: event.time.replace('Z', '+00:00'),
    loggedByService: event.service,
    operationType: event.operationType,
    userAgent: null,
    initiatedBy: event.initiatedBy,
    targetResources: event.targetResources,
    additionalDetails: event.additionalDetails,
  },
})

/** A property change whose values are written as JSON inside a string. */
export const change = (displayName: string, newValue: Json, oldValue?: Json): ModifiedProperty => ({
  displayName,
  oldValue: oldValue === undefined ? null : JSON.stringify(oldValue),
  newValue: JSON.stringify(newValue),
})

/** The initiator of an event that a person started from an address, or from none that is known. */
export const byUser = (actor: Person, ipAddress: string | null): JsonObject => ({
  user: {
    id: userId(actor),
    displayName: actor.name,
    userPrincipalName: actor.upn,
    ipAddress,
    roles: [],
  },
})

/** The initiator of an event that an application started; few such records carry an address. */
export const byApp = (displayName: string, ipAddress?: string): JsonObject => ({
  app: {
    appId: guid(`app:${displayName}`),
    displayName,
    servicePrincipalId: guid(`service-principal:${displayName}`),
    servicePrincipalName: null,
    ...(ipAddress === undefined ? {} : { ipAddress }),
  },
})

/** A user as the first target of an event. */
export const userTarget = (
  target: Person,
  modifiedProperties: readonly ModifiedProperty[] | undefined,
): JsonObject => ({
  id: userId(target),
  displayName: target.name,
  type: 'User',
  userPrincipalName: target.upn,
  modifiedProperties,
  administrativeUnits: [],
})

/** The additional details that the portal's requests leave: browser and client request id. */
export const browserDetails = (label: string): readonly Json[] => [
  {
    key: 'User-Agent',
    value:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ' +
      `Chrome/${pick(`chrome:${label}`, 132, 134)}.0.0.0 Safari/537.36`,
  },
  { key: 'ClientRequestId', value: guid(`request:${label}`) },
  { key: 'AppId', value: guid('app:Entra admin center') },
]
