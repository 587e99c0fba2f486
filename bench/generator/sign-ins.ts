import { suffix } from './audit-logs.ts'
import type { Clock } from './clock.ts'
import { json, nestedPretty } from './json-text.ts'
import type { Random } from './random.ts'
import type { Tenant, User } from './tenant.ts'

/** Writes rows of AADNonInteractiveUserSignInLogs: keys in order, empty columns left out. */
export interface SignIns {
  /** A sign-in of anyone; one in sixteen fails. */
  row(offset: number): string
  /** A sign-in of `user` with the given result code, `0` for success. */
  signIn(offset: number, user: User, resultType: string): string
}

/** A failure code and its texts. */
const FAILURES = (
  [
    ['50076', 'Strong Authentication is required.', 'notSatisfied'],
    [
      '50140',
      "This occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
      '',
    ],
    ['700082', 'The refresh token has expired due to inactivity. – Sitzung abgelaufen', ''],
    ['53003', 'Access has been blocked by Conditional Access policies.', 'failure'],
    ['65001', 'The user or administrator has not consented to use the application.', ''],
  ] as const
).map(([code, text, conditionalAccess]) => ({
  code,
  descriptionJson: json(text),
  statusJson: nestedPretty({ errorCode: Number(code), failureReason: text }),
  conditionalAccess: conditionalAccess || 'notApplied',
}))

const SUCCESS = {
  code: '0',
  descriptionJson: '',
  statusJson: nestedPretty({
    errorCode: 0,
    additionalDetails: 'MFA requirement satisfied by claim in the token',
  }),
  conditionalAccess: 'success',
}

const PROCESSING = ['user_impersonation', 'User.Read Mail.ReadWrite', 'Files.ReadWrite.All openid']
  .flatMap(scopes => ['True', 'False'].map(cae => ({ scopes, cae })))
  .map(({ scopes, cae }) =>
    nestedPretty([
      { key: 'Legacy TLS (TLS 1.0, 1.1, 3DES)', value: 'False' },
      { key: 'Oauth Scope Info', value: json(scopes.split(' ')) },
      { key: 'Is CAE Token', value: cae },
    ]),
  )

const REQUIREMENT_POLICIES = nestedPretty([
  { requirementProvider: 'multiConditionalAccess', detail: 'Conditional Access' },
])
const SESSION_POLICIES = nestedPretty([
  {
    expirationRequirement: 'signInFrequencyPeriodicReauthentication',
    detail: 'Conditional Access',
  },
])
const TOKEN_PROTECTION = nestedPretty({
  signInSessionStatus: 'bound',
  signInSessionStatusCode: 1002,
})
const EVENT_TYPES = nestedPretty(['nonInteractiveUser'])
const AUDIENCES = nestedPretty(['00000003-0000-0000-c000-000000000000', 'https://graph.example/'])

// The text of AuthenticationDetails, cut where the step's time goes.
const [DETAILS_HEAD = '', DETAILS_TAIL = ''] = nestedPretty([
  {
    authenticationStepDateTime: '#',
    authenticationMethod: 'Previously satisfied',
    succeeded: true,
    authenticationStepResultDetail: 'MFA requirement satisfied by claim in the token',
    authenticationStepRequirement: 'Multi-factor authentication',
    StatusSequence: 0,
    RequestSequence: 0,
  },
]).split('#')

/** Row writer for `tenant`; equal arguments give equal rows in the same order. */
export function createSignIns(random: Random, tenant: Tenant, clock: Clock): SignIns {
  // Empty lists are kept, in the export as in the table.
  const sometimes = (jsonText: string): string => (random.chance(0.3) ? jsonText : '"[]"')

  const write = (offset: number, user: User, outcome: typeof SUCCESS): string => {
    const { site, device } = user
    const app = random.pick(tenant.apps)
    const resource = random.pick(tenant.resources)
    const id = random.guid()
    const zulu = clock.zulu(offset)
    const details = clock.utcOffset(offset)
    const description = outcome.descriptionJson
      ? `"ResultDescription":${outcome.descriptionJson},`
      : ''
    return `{"AADTenantId":"${tenant.tenantId}","AppDisplayName":${app.nameJson},"AppId":"${app.id}","AppOwnerTenantId":"${tenant.tenantId}","AuthenticationContextClassReferences":"[]","AuthenticationDetails":${DETAILS_HEAD}${details}${DETAILS_TAIL},"AuthenticationProcessingDetails":${random.pick(PROCESSING)},"AuthenticationProtocol":"none","AuthenticationRequirement":"multiFactorAuthentication","AuthenticationRequirementPolicies":${sometimes(REQUIREMENT_POLICIES)},"AutonomousSystemNumber":"${site.autonomousSystemNumber}","Category":"NonInteractiveUserSignInLogs","ClientAppUsed":${app.clientAppUsedJson},"ClientCredentialType":"none","ConditionalAccessAudiences":${sometimes(AUDIENCES)},"ConditionalAccessPolicies":${random.pick(tenant.policyOutcomes)},"ConditionalAccessStatus":"${outcome.conditionalAccess}","CorrelationId":"${random.guid()}","CreatedDateTime":"${zulu}","CrossTenantAccessType":"none","DeviceDetail":${device.detailJson},"DurationMs":0,"HomeTenantId":"${tenant.tenantId}","IPAddress":"${site.network}${suffix(site.network, random)}","Id":"${id}","Identity":${user.signInNameJson},"IncomingTokenType":"primaryRefreshToken","IsInteractive":false,"IsRisky":false,"IsTenantRestricted":false,"IsThroughGlobalSecureAccess":false,"Level":"4","Location":${site.countryJson},"LocationDetails":${site.locationDetailsJson},"MfaDetail":"{}","NetworkLocationDetails":${sometimes(site.networkLocationDetailsJson)},"OperationName":"Sign-in activity","OperationVersion":"1.0","OriginalRequestId":"${id}","OriginalTransferMethod":"none","ProcessingTimeInMs":"${random.below(2000)}","ResourceDisplayName":${resource.nameJson},"ResourceGroup":"Microsoft.aadiam","ResourceIdentity":"${resource.id}","ResourceOwnerTenantId":"${tenant.tenantId}","ResourceServicePrincipalId":"${resource.id}","ResourceTenantId":"${tenant.tenantId}",${description}"ResultSignature":"None","ResultType":"${outcome.code}","RiskDetail":"none","RiskEventTypes":"[]","RiskEventTypes_V2":"[]","RiskLevelAggregated":"none","RiskLevelDuringSignIn":"none","RiskState":"none","SessionId":"${random.guid()}","SessionLifetimePolicies":${sometimes(SESSION_POLICIES)},"SignInEventTypes":${EVENT_TYPES},"SourceSystem":"Azure AD","Status":${outcome.statusJson},"TenantId":"${tenant.workspaceId}","TimeGenerated":"${zulu}","TokenIssuerType":"AzureAD","TokenProtectionStatusDetails":${random.chance(0.3) ? TOKEN_PROTECTION : '"{}"'},"Type":"AADNonInteractiveUserSignInLogs","UniqueTokenIdentifier":"${random.token(22)}","UserAgent":${device.userAgentJson},"UserDisplayName":${user.signInNameJson},"UserId":"${user.id}","UserPrincipalName":${user.signInUpnJson},"UserType":"${user.guest ? 'Guest' : 'Member'}","_Internal_WorkspaceResourceId":"${tenant.workspaceResourceId}","_ItemId":"${random.guid()}","_TimeReceived":"${zulu}"}`
  }

  const outcomeOf = (code: string): typeof SUCCESS => {
    if (code === SUCCESS.code) return SUCCESS
    const failure = FAILURES.find(entry => entry.code === code)
    if (!failure) throw new RangeError(`no result code ${code}`)
    return failure
  }

  return {
    row(offset) {
      // Administrators, a tenth of the people, make a quarter of the sign-ins.
      const user = random.pick(random.chance(0.17) ? tenant.admins : tenant.users)
      return write(offset, user, random.chance(1 / 16) ? random.pick(FAILURES) : SUCCESS)
    },
    signIn: (offset, user, resultType) => write(offset, user, outcomeOf(resultType)),
  }
}
