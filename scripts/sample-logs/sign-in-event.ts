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

/** Where a sign-in came from. */
export type Place = {
  readonly city: string
  readonly state: string
  readonly country: string
  readonly latitude: number
  readonly longitude: number
  readonly network: number
}

/** One non-interactive sign-in, from which the rows of both export shapes are made. */
export type SignInEvent = {
  /** Names the event in near-misses.json and seeds its identifiers. */
  readonly label: string
  readonly time: string
  readonly user: Person
  readonly app: string
  readonly resource: string
  readonly ip: string
  /** Undefined where the address could not be placed. */
  readonly place: Place | undefined
  readonly resultType: string
  /** True where the record writes resultType as a number, as some sources do. */
  readonly numericResult?: true
}

const reasons: Readonly<Record<string, string>> = {
  '50126': 'Error validating credentials due to invalid username or password.',
  '50140': 'This occurred due to "Keep me signed in" interrupt when the user was signing-in.',
  '70043':
    'The refresh token has expired or is invalid due to sign-in frequency checks by Conditional ' +
    'Access.',
}

const recordId = (event: SignInEvent): string => guid(`sign-in:${event.label}`)
const correlationId = (event: SignInEvent): string => guid(`correlation:${event.label}`)

/** The instant at which the workspace received the event; the export writes in this order. */
export const signInArrival = (event: SignInEvent): string =>
  later(event.time, pick(`arrival:${event.label}`, 20, 180))

const policy = (name: string, result: string, grant: string, missing: number): JsonObject => ({
  id: guid(`policy:${name}`),
  displayName: name,
  enforcedGrantControls: [grant],
  enforcedSessionControls: [],
  result,
  conditionsSatisfied: missing === 0 ? 23 : 3,
  conditionsNotSatisfied: missing,
})

const policies = (succeeded: boolean): readonly Json[] => [
  policy('Require MFA for administrators', succeeded ? 'success' : 'failure', 'Mfa', 0),
  policy('Block legacy authentication', 'notApplied', 'Block', 16),
]

const location = (place: Place | undefined): JsonObject =>
  place === undefined
    ? {}
    : {
        city: place.city,
        state: place.state,
        countryOrRegion: place.country,
        geoCoordinates: { latitude: place.latitude, longitude: place.longitude },
      }

const properties = (event: SignInEvent): JsonObject => {
  const created = later(event.time, -pick(`lag:${event.label}`, 40, 160))
  const succeeded = event.resultType === '0'
  const chrome = pick(`chrome:${event.user.upn.toLowerCase()}`, 132, 134)
  const token = Buffer.from(recordId(event)).toString('base64url').slice(0, 22)
  return {
    id: recordId(event),
    createdDateTime: created.replace('Z', '+00:00'),
    userDisplayName: event.user.name,
    userPrincipalName: event.user.upn,
    userId: userId(event.user),
    appId: guid(`app:${event.app}`),
    appDisplayName: event.app,
    appOwnerTenantId: guid('tenant:first-party'),
    ipAddress: event.ip,
    status: succeeded
      ? { errorCode: 0, additionalDetails: 'MFA requirement satisfied by claim in the token' }
      : { errorCode: Number(event.resultType), failureReason: reasons[event.resultType] },
    clientAppUsed: 'Mobile Apps and Desktop clients',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ' +
      `Chrome/${chrome}.0.0.0 Safari/537.36 Edg/${chrome}.0.0.0`,
    deviceDetail: {
      deviceId: guid(`device:${event.user.upn.toLowerCase()}`),
      displayName: `HL-WS-${digest(event.user.upn.toLowerCase()).toString('hex', 0, 3)}`,
      operatingSystem: 'Windows 11',
      browser: `Edge ${chrome}.0.0`,
      isCompliant: true,
      isManaged: true,
      trustType: 'Azure AD joined',
    },
    location: location(event.place),
    mfaDetail: {},
    correlationId: correlationId(event),
    conditionalAccessStatus: succeeded ? 'success' : 'failure',
    appliedConditionalAccessPolicies: policies(succeeded),
    authenticationContextClassReferences: [],
    originalRequestId: recordId(event),
    originalTransferMethod: 'none',
    isInteractive: false,
    tokenIssuerName: '',
    tokenIssuerType: 'AzureAD',
    authenticationProcessingDetails: [
      { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' },
      { key: 'Oauth Scope Info', value: '["user_impersonation","Directory.AccessAsUser.All"]' },
      { key: 'Is CAE Token', value: 'True' },
    ],
    networkLocationDetails: [],
    processingTimeInMilliseconds: pick(`processing:${event.label}`, 60, 900),
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes: [],
    riskEventTypes_v2: [],
    resourceDisplayName: event.resource,
    resourceId: guid(`app:${event.resource}`),
    resourceTenantId: tenantId,
    homeTenantId: event.user.upn.includes('#EXT#') ? guid('tenant:partner') : tenantId,
    resourceServicePrincipalId: guid(`service-principal:${event.resource}`),
    authenticationDetails: [
      {
        authenticationStepDateTime: created.replace('Z', '+00:00'),
        authenticationMethod: 'Previously satisfied',
        succeeded,
        authenticationStepResultDetail: succeeded
          ? 'MFA requirement satisfied by claim in the token'
          : 'MFA required in Azure AD',
        authenticationStepRequirement: 'Multi-factor authentication',
      },
    ],
    authenticationRequirementPolicies: [
      { requirementProvider: 'multiConditionalAccess', detail: 'Conditional Access' },
    ],
    sessionLifetimePolicies: [],
    authenticationRequirement: 'multiFactorAuthentication',
    servicePrincipalId: '',
    userType: event.user.upn.includes('#EXT#') ? 'Guest' : 'Member',
    flaggedForReview: false,
    isTenantRestricted: false,
    autonomousSystemNumber: event.place?.network ?? 64496,
    crossTenantAccessType: event.user.upn.includes('#EXT#') ? 'b2bCollaboration' : 'none',
    privateLinkDetails: {},
    ssoExtensionVersion: '',
    uniqueTokenIdentifier: token,
    incomingTokenType: 'primaryRefreshToken',
    authenticationProtocol: 'none',
    signInIdentifierType: null,
    signInEventTypes: ['nonInteractiveUser'],
    sessionId: guid(`session:${event.user.upn.toLowerCase()}`),
    appliedEventListeners: [],
    tokenProtectionStatusDetails: { signInSessionStatus: 'unbound', signInSessionStatusCode: 1002 },
    conditionalAccessAudiences: [
      { applicationId: guid(`app:${event.resource}`), audienceReasons: 'none' },
    ],
  }
}

/** The event as a diagnostic-settings record. */
export const signInRecord = (event: SignInEvent): JsonObject => ({
  time: event.time,
  resourceId: providerPath,
  operationName: 'Sign-in activity',
  operationVersion: '1.0',
  category: 'NonInteractiveUserSignInLogs',
  tenantId,
  resultType: event.numericResult ? Number(event.resultType) : event.resultType,
  resultSignature: 'None',
  resultDescription: reasons[event.resultType],
  durationMs: pick(`duration:${event.label}`, 0, 5) === 0 ? '0' : 0,
  callerIpAddress: event.ip,
  correlationId: correlationId(event),
  identity: event.user.name,
  Level: pick(`level:${event.label}`, 0, 4) === 0 ? '4' : 4,
  location: event.place?.country ?? '',
  properties: properties(event),
})

/** The columns whose names are not the property's name with a capital. */
const renamed: Readonly<Record<string, string>> = {
  ipAddress: 'IPAddress',
  location: 'LocationDetails',
  appliedConditionalAccessPolicies: 'ConditionalAccessPolicies',
  processingTimeInMilliseconds: 'ProcessingTimeInMs',
  resourceId: 'ResourceIdentity',
  riskEventTypes_v2: 'RiskEventTypes_V2',
}

/** The properties for which the table has no column. */
const dropped = new Set(['privateLinkDetails', 'ssoExtensionVersion', 'flaggedForReview'])

/** The column's value: Log Analytics keeps lists and objects of this table as indented text. */
const columnValue = (name: string, value: Json | undefined): Json | undefined => {
  if (name === 'createdDateTime') return String(value).replace('+00:00', 'Z')
  if (name === 'appliedEventListeners') return value
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : value
}

/** The event as a row of AADNonInteractiveUserSignInLogs in a Log Analytics data export. */
export const signInRow = (event: SignInEvent): JsonObject => {
  const columns = Object.entries(properties(event))
    .filter(([name]) => !dropped.has(name))
    .map(([name, value]): [string, Json | undefined] => [
      renamed[name] ?? name.charAt(0).toUpperCase() + name.slice(1),
      columnValue(name, value),
    ])
    .sort(([left], [right]) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1))
  return present({
    TenantId: workspaceId,
    SourceSystem: 'Azure AD',
    TimeGenerated: event.time,
    OperationName: 'Sign-in activity',
    OperationVersion: '1.0',
    Category: 'NonInteractiveUserSignInLogs',
    ResultType: event.resultType,
    ResultSignature: 'None',
    ResultDescription: reasons[event.resultType],
    DurationMs: 0,
    CorrelationId: correlationId(event),
    ResourceGroup: 'Microsoft.aadiam',
    Identity: event.user.name,
    Level: '4',
    Location: event.place?.country,
    ...Object.fromEntries(columns),
    AADTenantId: tenantId,
    Type: 'AADNonInteractiveUserSignInLogs',
    _ItemId: guid(`item:${event.label}`),
    _Internal_WorkspaceResourceId: workspacePath,
    _TimeReceived: signInArrival(event),
  })
}
