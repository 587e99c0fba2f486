/**
 * The facts of how a record of Entra diagnostic settings becomes a row of a Log Analytics table.
 * Paths are dotted and start at the record; the first that holds a value wins.
 */

/** How one column is made: of the first path that holds a value, else of the constant. */
export interface ColumnRule {
  readonly from?: readonly string[]
  readonly constant?: string
  /** Values that stand for another one, such as the code 0 for "success". */
  readonly values?: Readonly<Record<string, string>>
}

/** The columns of a table that do not follow the general rule. `null`: nothing fills the column. */
export type ColumnRules = Readonly<Record<string, ColumnRule | null>>

/** The table that receives the records of a category. */
export const CATEGORY_TABLES: Readonly<Record<string, string>> = {
  AuditLogs: 'AuditLogs',
  // The name of AuditLogs in records of 2018.
  Audit: 'AuditLogs',
  SignInLogs: 'SigninLogs',
  NonInteractiveUserSignInLogs: 'AADNonInteractiveUserSignInLogs',
  ServicePrincipalSignInLogs: 'AADServicePrincipalSignInLogs',
  ManagedIdentitySignInLogs: 'AADManagedIdentitySignInLogs',
  ADFSSignInLogs: 'ADFSSignInLogs',
  ProvisioningLogs: 'AADProvisioningLogs',
  RiskyUsers: 'AADRiskyUsers',
  UserRiskEvents: 'AADUserRiskEvents',
  RiskyServicePrincipals: 'AADRiskyServicePrincipals',
  ServicePrincipalRiskEvents: 'AADServicePrincipalRiskEvents',
  MicrosoftGraphActivityLogs: 'MicrosoftGraphActivityLogs',
}

/** What the envelope of a record fills in every table that has the column. */
export const ENVELOPE_RULES: ColumnRules = {
  TimeGenerated: { from: ['time'] },
  AADTenantId: { from: ['tenantId', 'tenantid'] },
  AadTenantId: { from: ['tenantId', 'tenantid'] },
  ResourceId: { from: ['resourceId', 'resourceid'] },
  OperationName: { from: ['operationName', 'operationname'] },
  OperationVersion: { from: ['operationVersion', 'operationversion'] },
  Category: { from: ['category'] },
  ResultType: { from: ['resultType', 'resulttype'] },
  ResultSignature: { from: ['resultSignature', 'resultsignature'] },
  ResultDescription: { from: ['resultDescription', 'resultdescription'] },
  DurationMs: { from: ['durationMs', 'durationms', 'properties.durationMs'] },
  CorrelationId: { from: ['correlationId', 'correlationid', 'properties.correlationId'] },
  Identity: { from: ['identity'] },
  Level: { from: ['Level', 'level'] },
  Location: { from: ['location'] },
  SourceSystem: { constant: 'Azure AD' },
  Resource: { constant: 'Microsoft.aadiam' },
  ResourceGroup: { constant: 'Microsoft.aadiam' },
  ResourceProvider: { constant: '' },
  // The workspace's identifier, which the ingestion adds and no record has.
  TenantId: null,
}

const SIGN_IN_RULES: ColumnRules = {
  // Records of 2018 write "<null>" where there is no address.
  IPAddress: {
    from: ['properties.ipAddress', 'callerIpAddress', 'calleripaddress'],
    values: { '<null>': '' },
  },
  LocationDetails: { from: ['properties.location'] },
  ConditionalAccessPolicies: { from: ['properties.appliedConditionalAccessPolicies'] },
  ProcessingTimeInMs: { from: ['properties.processingTimeInMilliseconds'] },
  ProcessingTimeInMilliseconds: { from: ['properties.processingTimeInMilliseconds'] },
  ResourceIdentity: { from: ['properties.resourceId'] },
  RiskEventTypes_V2: { from: ['properties.riskEventTypes_v2'] },
}

const RISK_RULES: ColumnRules = {
  Location: { from: ['properties.location'] },
}

/** What a table has beyond, or instead of, {@link ENVELOPE_RULES}. */
export const TABLE_RULES: Readonly<Record<string, ColumnRules>> = {
  AuditLogs: {
    Category: { from: ['properties.category'] },
    AADOperationType: { from: ['properties.operationType'] },
    // Records of 2018 have the number 0 for success.
    Result: { from: ['properties.result'], values: { '0': 'success' } },
  },
  SigninLogs: SIGN_IN_RULES,
  AADNonInteractiveUserSignInLogs: SIGN_IN_RULES,
  AADServicePrincipalSignInLogs: SIGN_IN_RULES,
  AADManagedIdentitySignInLogs: SIGN_IN_RULES,
  ADFSSignInLogs: SIGN_IN_RULES,
  AADUserRiskEvents: RISK_RULES,
  AADServicePrincipalRiskEvents: RISK_RULES,
  MicrosoftGraphActivityLogs: {
    Location: { from: ['location', 'properties.location'] },
    IPAddress: { from: ['properties.ipAddress', 'callerIpAddress'] },
    SourceSystem: null,
  },
}
