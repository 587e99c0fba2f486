import { json, nested } from './json-text.ts'
import type { Random } from './random.ts'
import type { Tenant, Thing, User } from './tenant.ts'

/** What one row of AuditLogs is about, drawn before the row is written. */
export interface AuditSubject {
  readonly random: Random
  readonly tenant: Tenant
  /** The account that the operation acts on. */
  readonly user: User
  /** The same instant as the row's, in nested spelling. */
  readonly time: string
}

/** An operation that Entra ID writes to AuditLogs. */
export interface AuditOperation {
  readonly name: string
  readonly category: string
  readonly service: string
  readonly type: string
  readonly initiator: 'admin' | 'user' | 'self' | 'app' | 'app-or-admin'
  /** How often it is seen, against the sum over all operations. */
  readonly weight: number
  /** The JSON text of `TargetResources`. */
  readonly targets: (subject: AuditSubject) => string
  /** Elements to add to `AdditionalDetails`, each with a leading comma. */
  readonly details?: (subject: AuditSubject) => string
}

type Build = (subject: AuditSubject) => string

/** One element of `modifiedProperties`; the values are JSON texts. */
function modified(displayName: string, oldValue: string, newValue: string): string {
  return `{"displayName":"${displayName}","oldValue":${oldValue},"newValue":${newValue}}`
}

/** The property that names what the others changed. */
function included(names: string): string {
  return modified('Included Updated Properties', 'null', nested(names))
}

function targetUser(user: User, properties: string): string {
  return `{"id":"${user.id}","displayName":null,"type":"User","userPrincipalName":${user.upnJson},"modifiedProperties":[${properties}],"administrativeUnits":[]}`
}

function targetThing(type: string, thing: Thing, properties: string): string {
  return `{"id":"${thing.id}","displayName":${thing.nameJson},"type":"${type}","modifiedProperties":[${properties}],"administrativeUnits":[]}`
}

function targetDevice(user: User, properties: string): string {
  return `{"id":"${user.device.id}","displayName":${user.device.nameJson},"type":"Device","modifiedProperties":[${properties}],"administrativeUnits":[]}`
}

/** Targets of an operation on a user: the properties are drawn by `build`. */
const onUser =
  (build: Build): Build =>
  subject =>
    `[${targetUser(subject.user, build(subject))}]`

const accountProperties: Build = ({ random, user, time }) =>
  [
    modified('AccountEnabled', '"[]"', random.chance(0.9) ? '"[true]"' : '"[false]"'),
    modified('StsRefreshTokensValidFrom', '"[]"', json(`["${time}"]`)),
    modified('DisplayName', '"[]"', json(`[${user.nameJson}]`)),
    modified('MailNickname', '"[]"', json(`["${random.token(12)}"]`)),
    included('AccountEnabled, StsRefreshTokensValidFrom, DisplayName, MailNickname'),
    modified('TargetId.UserType', 'null', user.guest ? '"\\"Guest\\""' : '"\\"Member\\""'),
  ].join()

const profileProperties: Build = ({ random, user }) => {
  const changes = [
    modified(
      'Department',
      json(`["${random.pick(['Sales', 'Finance', 'Legal'])}"]`),
      json(`["${random.pick(['Vertrieb Süd', 'Finance & Tax', 'Risk'])}"]`),
    ),
    modified('JobTitle', '"[]"', json(`["${random.pick(['Analyst', 'Ingénieur', 'Manager'])}"]`)),
    included('Department, JobTitle'),
    modified('Action Client Name', 'null', nested('DirectorySync')),
    modified('TargetId.UserType', 'null', user.guest ? '"\\"Guest\\""' : '"\\"Member\\""'),
  ]
  // The password form is a near miss of the Temporary Access Pass rule: one longer term.
  if (random.chance(0.002)) changes.push(modified('TemporaryAccessPasswordHint', '"[]"', '"[1]"'))
  return changes.join()
}

const passwordProperties: Build = ({ time }) =>
  [
    modified('LastPasswordChangeTimestamp', '"[]"', json(`["${time}"]`)),
    included('LastPasswordChangeTimestamp'),
  ].join()

const licenceProperties: Build = ({ random }) =>
  [
    modified(
      'AssignedLicense',
      nested([`[SkuName=O365_E3, AccountId=${random.guid()}, SkuId=${random.guid()}]`]),
      nested([`[SkuName=SPE_E5, AccountId=${random.guid()}, SkuId=${random.guid()}]`]),
    ),
    included('AssignedLicense, AssignedPlan'),
  ].join()

const securityInfoProperties: Build = ({ random }) =>
  [
    modified('AuthenticationMethod', 'null', nested(random.pick(METHODS))),
    modified('StrongAuthenticationPhoneAppDetail', '"[]"', nested([{ DeviceName: 'Pixel 8' }])),
  ].join()

const METHODS = ['MicrosoftAuthenticator', 'Fido2', 'MobilePhone', 'Email', 'TemporaryAccessPasswd']

const accessPassProperties: Build = ({ random, time }) => {
  const properties = [
    modified('AuthenticationMethod', 'null', nested('TemporaryAccessPass')),
    modified('StartDateTime', 'null', nested(time)),
    modified('LifetimeInMinutes', 'null', nested(random.pick([60, 120, 480]))),
    modified('IsUsableOnce', 'null', nested(random.chance(0.5))),
  ]
  // Two matching properties make two rows of the same event, as the rule does.
  if (random.chance(0.25)) {
    properties.push(modified('StrongAuthenticationMethod.temporaryaccesspass', '"[]"', '"[true]"'))
  }
  return properties.join()
}

const groupMember: Build = ({ random, tenant, user }) => {
  const group = random.pick(tenant.groups)
  const properties = [
    modified('Group.ObjectID', 'null', json(`"${group.id}"`)),
    modified('Group.DisplayName', 'null', group.nestedNameJson),
    modified('Group.WellKnownObjectName', 'null', 'null'),
  ].join()
  return `[${targetUser(user, properties)},{"id":"${group.id}","displayName":null,"type":"Group","modifiedProperties":[],"administrativeUnits":[],"groupType":"azureAD"}]`
}

const groupItself: Build = ({ random, tenant }) => {
  const group = random.pick(tenant.groups)
  const properties = [
    modified('DisplayName', '"[]"', json(`[${group.nameJson}]`)),
    modified('MailEnabled', '"[]"', '"[false]"'),
    modified('SecurityEnabled', '"[]"', '"[true]"'),
    included('DisplayName, MailEnabled, SecurityEnabled'),
  ].join()
  return `[${targetThing('Group', group, properties)}]`
}

const key = (random: Random): string =>
  `[KeyIdentifier=${random.guid()},KeyType=AsymmetricX509Cert,KeyUsage=Verify,DisplayName=CN=${random.guid()}]`

const servicePrincipal =
  (type: string): Build =>
  ({ random, tenant }) => {
    const app = random.pick(tenant.apps)
    const kept = key(random)
    const properties = [
      modified('KeyDescription', json(json([kept])), json(json([kept, key(random)]))),
      included('KeyDescription'),
      modified('TargetId.ServicePrincipalNames', 'null', nested(`${app.id};api://${app.id}`)),
    ].join()
    return `[{"id":"${app.servicePrincipalId}","displayName":${app.nameJson},"type":"${type}","modifiedProperties":[${properties}],"administrativeUnits":[]}]`
  }

const consent: Build = ({ random, tenant, user }) => {
  const app = random.pick(tenant.apps)
  const resource = random.pick(tenant.resources)
  const scope = random.pick(['User.Read openid profile', 'Mail.Read offline_access', 'Files.Read'])
  const properties = [
    modified('DelegatedPermissionGrant.Scope', '""', nested(scope)),
    modified('DelegatedPermissionGrant.ConsentType', 'null', nested('Principal')),
    modified('ConsentContext.IsAdminConsent', 'null', nested('False')),
    modified('ConsentContext.OnBehalfOfAll', 'null', nested('False')),
    modified('User.ObjectID', 'null', json(`"${user.id}"`)),
    modified('User.UPN', 'null', json(user.upnJson)),
    modified('TargetId.ServicePrincipalNames', 'null', nested(app.id)),
  ].join()
  return `[{"id":"${app.servicePrincipalId}","displayName":${app.nameJson},"type":"ServicePrincipal","modifiedProperties":[${properties}],"administrativeUnits":[]},${targetThing('ServicePrincipal', resource, '')}]`
}

const device: Build = ({ random, user }) => {
  const properties = [
    modified('DeviceOSVersion', json('["10.0.22631.4317"]'), json('["10.0.22631.4460"]')),
    modified('IsCompliant', '"[]"', random.chance(0.9) ? '"[true]"' : '"[false]"'),
    modified('DevicePhysicalIds', '"[]"', nested([`[USER-GID]:${user.id}:${random.guid()}`])),
    included('DeviceOSVersion, IsCompliant, DevicePhysicalIds'),
    modified('TargetId.DeviceId', 'null', json(`"${user.device.id}"`)),
    modified('TargetId.DeviceOSType', 'null', nested('Windows')),
    modified('TargetId.DeviceTrustType', 'null', nested('AzureAd')),
  ].join()
  return `[${targetDevice(user, properties)}]`
}

const deviceOwner: Build = ({ user }) => {
  const properties = [
    modified('Device.ObjectID', 'null', json(`"${user.device.id}"`)),
    modified('Device.DisplayName', 'null', json(user.device.nameJson)),
  ].join()
  return `[${targetUser(user, properties)},${targetDevice(user, '')}]`
}

/** Targets of a PIM operation: the role first, then the request, the member, and the directory. */
const role: Build = ({ random, tenant, user }) => {
  const target = random.pick(tenant.roles)
  const properties = [
    modified('RoleDefinitionOriginId', '"\\"\\""', json(`"${target.id}"`)),
    modified('RoleDefinitionOriginType', '"\\"\\""', nested('BuiltInRole')),
    modified('TemplateId', '"\\"\\""', json(`"${target.id}"`)),
  ].join()
  return `[${targetThing('Role', target, properties)},{"id":"${random.guid()}","type":"Request","modifiedProperties":[],"administrativeUnits":[]},{"id":"${user.id}","displayName":${user.nameJson},"type":"User","userPrincipalName":${user.upnJson},"modifiedProperties":[],"administrativeUnits":[]},{"id":"${tenant.tenantId}","displayName":"Northwind","type":"Directory","modifiedProperties":[],"administrativeUnits":[]}]`
}

const roleDetails: Build = ({ random, tenant, time }) => {
  const target = random.pick(tenant.roles)
  return `,{"key":"RoleDefinitionOriginId","value":"${target.id}"},{"key":"RoleDefinitionOriginType","value":"BuiltInRole"},{"key":"StartTime","value":"${time}"},{"key":"Justification","value":${random.pick(JUSTIFICATIONS)}},{"key":"RequestId","value":"${random.guid()}"}`
}

const JUSTIFICATIONS = [
  'Change request 4711: mailbox move',
  'Störung im Rechenzentrum – bitte dringend',
  'Quarterly "break glass" test',
  'Line one\nline two\twith a tab and a backslash \\',
].map(json)

const policy: Build = ({ random, tenant }) => {
  const target = random.pick(tenant.policies)
  const state = (value: string): string =>
    json(`{"displayName":${target.nameJson},"state":"${value}","conditions":{"users":{"all":1}}}`)
  return `[${targetThing('Policy', target, modified('ConditionalAccessPolicy', state('enabledForReportingButNotEnforced'), state('enabled')))}]`
}

type Line = readonly [string, AuditOperation['initiator'], number, string, Build]

const service = (
  category: string,
  loggedByService: string,
  lines: readonly Line[],
  details?: Build,
): AuditOperation[] =>
  lines.map(([name, initiator, weight, type, targets]) => ({
    name,
    category,
    service: loggedByService,
    type,
    initiator,
    weight,
    targets,
    ...(details ? { details } : {}),
  }))

/** Name of the operation that the PIM rule looks for. */
export const ACTIVATION = 'Add member to role completed (PIM activation)'

/** Name of the operation by which this tenant's Temporary Access Passes are made. */
export const ACCESS_PASS = 'Admin registered security info'

/** Makes the targets of a Temporary Access Pass event. */
export const accessPassTargets: Build = onUser(accessPassProperties)

/** The operations of the generated logs. */
export const AUDIT_OPERATIONS: readonly AuditOperation[] = [
  ...service('UserManagement', 'Core Directory', [
    ['Update user', 'app-or-admin', 130, 'Update', onUser(profileProperties)],
    ['Add user', 'app-or-admin', 18, 'Add', onUser(accountProperties)],
    ['Delete user', 'admin', 6, 'Delete', onUser(accountProperties)],
    ['Disable account', 'admin', 7, 'Update', onUser(accountProperties)],
    ['Enable account', 'admin', 6, 'Update', onUser(accountProperties)],
    ['Restore user', 'admin', 2, 'Update', onUser(accountProperties)],
    ['Change user license', 'app-or-admin', 45, 'Update', onUser(licenceProperties)],
    ['Change user password', 'self', 22, 'Update', onUser(passwordProperties)],
    ['Reset user password', 'admin', 14, 'Update', onUser(passwordProperties)],
    [
      'Update StsRefreshTokenValidFrom Timestamp',
      'app-or-admin',
      38,
      'Update',
      onUser(accountProperties),
    ],
  ]),
  ...service('UserManagement', 'Invited Users', [
    ['Invite external user', 'user', 9, 'Add', onUser(accountProperties)],
    ['Redeem external user invite', 'self', 6, 'Update', onUser(accountProperties)],
  ]),
  ...service('UserManagement', 'Authentication Methods', [
    [ACCESS_PASS, 'admin', 8, 'Update', onUser(securityInfoProperties)],
    ['User registered security info', 'self', 30, 'Add', onUser(securityInfoProperties)],
    ['User deleted security info', 'self', 6, 'Delete', onUser(securityInfoProperties)],
    ['User registered all required security info', 'self', 9, 'Add', onUser(passwordProperties)],
  ]),
  ...service('GroupManagement', 'Core Directory', [
    ['Add member to group', 'app-or-admin', 92, 'Assign', groupMember],
    ['Remove member from group', 'app-or-admin', 55, 'Unassign', groupMember],
    ['Add owner to group', 'admin', 8, 'Assign', groupMember],
    ['Add group', 'user', 12, 'Add', groupItself],
    ['Update group', 'app-or-admin', 60, 'Update', groupItself],
    ['Delete group', 'admin', 4, 'Delete', groupItself],
  ]),
  ...service('ApplicationManagement', 'Core Directory', [
    ['Add service principal', 'user', 24, 'Add', servicePrincipal('ServicePrincipal')],
    ['Update service principal', 'app', 70, 'Update', servicePrincipal('ServicePrincipal')],
    [
      'Add service principal credentials',
      'app',
      20,
      'Update',
      servicePrincipal('ServicePrincipal'),
    ],
    ['Remove service principal', 'admin', 5, 'Delete', servicePrincipal('ServicePrincipal')],
    ['Update application', 'user', 26, 'Update', servicePrincipal('Application')],
    [
      'Update application – Certificates and secrets management ',
      'user',
      14,
      'Update',
      servicePrincipal('Application'),
    ],
    ['Consent to application', 'user', 22, 'Assign', consent],
    ['Add delegated permission grant', 'user', 24, 'Assign', consent],
    ['Add app role assignment to service principal', 'app', 12, 'Assign', consent],
  ]),
  ...service('Device', 'Device Registration Service', [
    ['Update device', 'app', 84, 'Update', device],
    ['Add device', 'app', 14, 'Add', device],
    ['Delete device', 'admin', 4, 'Delete', device],
    ['Add registered owner to device', 'app', 16, 'Assign', deviceOwner],
    ['Add registered users to device', 'app', 16, 'Assign', deviceOwner],
  ]),
  ...service('Policy', 'Conditional Access', [
    ['Update conditional access policy', 'admin', 8, 'Update', policy],
    ['Add conditional access policy', 'admin', 3, 'Add', policy],
  ]),
  ...service(
    'RoleManagement',
    'PIM',
    [
      ['Add member to role requested (PIM activation)', 'admin', 18, 'Assign', role],
      [ACTIVATION, 'admin', 15, 'Assign', role],
      ['Remove member from role (PIM activation expired)', 'app', 14, 'Unassign', role],
      ['Add eligible member to role in PIM completed (timebound)', 'admin', 5, 'Assign', role],
      ['Add member to role in PIM completed (permanent)', 'admin', 3, 'Assign', role],
    ],
    roleDetails,
  ),
]
