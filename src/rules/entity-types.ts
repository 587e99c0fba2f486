/** Entity types of Microsoft Sentinel.
 * @see https://learn.microsoft.com/azure/sentinel/entities-reference
 */

/** Of each entity type the sets of identifiers of which one must have values. */
export const REQUIRED_IDENTIFIERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Account: [['FullName'], ['Sid'], ['Name'], ['AadUserId'], ['PUID'], ['ObjectGuid']],
  AzureResource: [['ResourceId']],
  CloudApplication: [['AppId'], ['Name']],
  DNS: [['DomainName']],
  File: [['Name']],
  FileHash: [['Algorithm', 'Value']],
  Host: [['FullName'], ['HostName'], ['NetBiosName'], ['AzureID'], ['OMSAgentID']],
  IoTDevice: [['DeviceId']],
  IP: [['Address']],
  Mailbox: [['MailboxPrimaryAddress']],
  MailCluster: [['Query'], ['Source']],
  MailMessage: [['NetworkMessageId'], ['Recipient']],
  Malware: [['Name']],
  Process: [['CommandLine'], ['ProcessId']],
  RegistryKey: [['Key'], ['Hive']],
  RegistryValue: [['Name']],
  SecurityGroup: [['DistinguishedName'], ['SID'], ['ObjectGuid']],
  SubmissionMail: [['SubmissionId'], ['NetworkMessageId'], ['Recipient'], ['Submitter']],
  URL: [['Url']],
}

/** Of each entity type every identifier that a mapping may name. */
export const IDENTIFIERS: Readonly<Record<string, readonly string[]>> = {
  Account: [
    'Name',
    'FullName',
    'NTDomain',
    'DnsDomain',
    'UPNSuffix',
    'Sid',
    'AadTenantId',
    'AadUserId',
    'PUID',
    'IsDomainJoined',
    'DisplayName',
    'ObjectGuid',
  ],
  AzureResource: ['ResourceId'],
  CloudApplication: ['AppId', 'Name', 'InstanceName'],
  DNS: ['DomainName'],
  File: ['Directory', 'Name'],
  FileHash: ['Algorithm', 'Value'],
  Host: [
    'DnsDomain',
    'NTDomain',
    'HostName',
    'FullName',
    'NetBiosName',
    'AzureID',
    'OMSAgentID',
    'OSFamily',
    'OSVersion',
    'IsDomainJoined',
  ],
  IoTDevice: [
    'DeviceId',
    'DeviceName',
    'Manufacturer',
    'Model',
    'FirmwareVersion',
    'OperatingSystem',
    'MacAddress',
    'Protocols',
    'SerialNumber',
    'Source',
    'IoTSecurityAgentId',
    'DeviceType',
  ],
  IP: ['Address'],
  Mailbox: [
    'MailboxPrimaryAddress',
    'DisplayName',
    'Upn',
    'ExternalDirectoryObjectId',
    'RiskLevel',
  ],
  MailCluster: [
    'NetworkMessageIds',
    'CountByDeliveryStatus',
    'CountByThreatType',
    'CountByProtectionStatus',
    'Threats',
    'Query',
    'QueryTime',
    'MailCount',
    'IsVolumeAnomaly',
    'Source',
    'ClusterSourceIdentifier',
    'ClusterSourceType',
    'ClusterQueryStartTime',
    'ClusterQueryEndTime',
    'ClusterGroup',
  ],
  MailMessage: [
    'Recipient',
    'Urls',
    'Threats',
    'Sender',
    'P1Sender',
    'P1SenderDisplayName',
    'P1SenderDomain',
    'SenderIP',
    'P2Sender',
    'P2SenderDisplayName',
    'P2SenderDomain',
    'ReceivedDate',
    'NetworkMessageId',
    'InternetMessageId',
    'Subject',
    'BodyFingerprintBin1',
    'BodyFingerprintBin2',
    'BodyFingerprintBin3',
    'BodyFingerprintBin4',
    'BodyFingerprintBin5',
    'AntispamDirection',
    'DeliveryAction',
    'DeliveryLocation',
    'Language',
    'ThreatDetectionMethods',
  ],
  Malware: ['Name', 'Category'],
  Process: ['ProcessId', 'CommandLine', 'ElevationToken', 'CreationTimeUtc'],
  RegistryKey: ['Hive', 'Key'],
  RegistryValue: ['Name', 'Value', 'ValueType'],
  SecurityGroup: ['DistinguishedName', 'SID', 'ObjectGuid'],
  SubmissionMail: [
    'NetworkMessageId',
    'Timestamp',
    'Recipient',
    'Sender',
    'SenderIp',
    'Subject',
    'ReportType',
    'SubmissionId',
    'SubmissionDate',
    'Submitter',
  ],
  URL: ['Url'],
}

/** What alerts call the types that they do not call by their names in lower case. */
const TYPES_IN_ALERTS: Readonly<Record<string, string>> = {
  AzureResource: 'azure-resource',
  CloudApplication: 'cloud-application',
  MailCluster: 'mail-cluster',
  MailMessage: 'mail-message',
  RegistryKey: 'registry-key',
  RegistryValue: 'registry-value',
  SecurityGroup: 'security-group',
  SubmissionMail: 'SubmissionMail',
}

/** What alerts call a type of entities. */
export function typeInAlerts(type: string): string {
  const own = Object.hasOwn(TYPES_IN_ALERTS, type) ? TYPES_IN_ALERTS[type] : undefined
  return own ?? type.toLowerCase()
}

/** The identifiers of a type of entities; undefined where there is no such type. */
export function identifiersOf(type: string): readonly string[] | undefined {
  return Object.hasOwn(IDENTIFIERS, type) ? IDENTIFIERS[type] : undefined
}

/** Sets of identifiers of which an entity needs one; none where there is no such type. */
export function requiredIdentifiersOf(type: string): readonly (readonly string[])[] {
  return (Object.hasOwn(REQUIRED_IDENTIFIERS, type) && REQUIRED_IDENTIFIERS[type]) || []
}
