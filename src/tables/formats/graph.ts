import type { ColumnRules } from './diagnostic-settings.ts'

/** The table of a sign-in by the first of its `signInEventTypes`; v1.0 gives none, only interactive. */
export const GRAPH_SIGN_IN_TABLES: Readonly<Record<string, string>> = {
  interactiveUser: 'SigninLogs',
  nonInteractiveUser: 'AADNonInteractiveUserSignInLogs',
  servicePrincipal: 'AADServicePrincipalSignInLogs',
  managedIdentity: 'AADManagedIdentitySignInLogs',
}

const CONSTANTS: ColumnRules = {
  OperationVersion: { constant: '1.0' },
  SourceSystem: { constant: 'Azure AD' },
  Resource: { constant: 'Microsoft.aadiam' },
  ResourceGroup: { constant: 'Microsoft.aadiam' },
  ResourceProvider: { constant: '' },
  TenantId: null,
  AADTenantId: null,
  ResourceId: null,
  Level: null,
}

/** The columns of AuditLogs that are not a property of a `directoryAudit` in camel case. */
export const GRAPH_AUDIT_RULES: ColumnRules = {
  ...CONSTANTS,
  TimeGenerated: { from: ['activityDateTime'] },
  // The time also fills this one, and the name below: a rule's property fills no column by itself.
  ActivityDateTime: { from: ['activityDateTime'] },
  OperationName: { from: ['activityDisplayName'] },
  ActivityDisplayName: { from: ['activityDisplayName'] },
  AADOperationType: { from: ['operationType'] },
}

/** The columns of the sign-in tables that are not a property of a `signIn` in camel case. */
export const GRAPH_SIGN_IN_RULES: ColumnRules = {
  ...CONSTANTS,
  TimeGenerated: { from: ['createdDateTime'] },
  CreatedDateTime: { from: ['createdDateTime'] },
  OperationName: { constant: 'Sign-in activity' },
  ResultType: { from: ['status.errorCode'] },
  ResultDescription: { from: ['status.failureReason'] },
  Location: { from: ['location.countryOrRegion'] },
  LocationDetails: { from: ['location'] },
  Identity: { from: ['userDisplayName', 'servicePrincipalName'] },
  UserDisplayName: { from: ['userDisplayName'] },
  ServicePrincipalName: { from: ['servicePrincipalName'] },
  IPAddress: { from: ['ipAddress'] },
  ConditionalAccessPolicies: { from: ['appliedConditionalAccessPolicies'] },
  ProcessingTimeInMs: { from: ['processingTimeInMilliseconds'] },
  ProcessingTimeInMilliseconds: { from: ['processingTimeInMilliseconds'] },
  ResourceIdentity: { from: ['resourceId'] },
  RiskEventTypes_V2: { from: ['riskEventTypes_v2'] },
}
