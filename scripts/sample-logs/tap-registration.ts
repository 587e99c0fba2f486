import type { AuditEvent, ModifiedProperty } from './audit-event.ts'
import { browserDetails, byUser, change, userTarget } from './audit-event.ts'
import type { JsonObject, Person } from './tenant.ts'
import { guid, person, pick } from './tenant.ts'

/** The administrators who register methods for others. */
export const admins = {
  marit: person('Marit Solheim'),
  owen: person('Owen Bascombe'),
  yusuf: person('Yusuf Adeyemi'),
  clara: person('Clara Whitlock'),
}

/** The help desk's address. */
export const desk = '203.0.113.58'

const office = '203.0.113.17'
const remote = '198.51.100.77'

/** The changes that come with most registrations and have nothing to do with a pass. */
export const phone = (target: Person): readonly ModifiedProperty[] => {
  const app = {
    DeviceName: `${target.name.split(' ')[0]}'s phone`,
    DeviceToken: 'NO_DEVICE_TOKEN',
    DeviceTag: 'SoftwareTokenActivated',
    PhoneAppVersion: '6.2502.1108',
    OathTokenTimeDrift: 0,
    Id: guid(`authenticator:${target.upn}`),
    AuthenticationType: 2,
    NotificationType: 1,
    LastAuthenticatedTimestamp: '2026-03-09T08:15:00.0000000Z',
    TenantDeviceId: null,
  }
  const number = `+1 20255501${pick(`phone:${target.upn}`, 10, 99)}`
  const details = { PhoneNumber: number, AlternativePhoneNumber: null, Email: null }
  return [
    change('StrongAuthenticationPhoneAppDetail', [app], []),
    change('StrongAuthenticationUserDetails', [details], [{ ...details, PhoneNumber: null }]),
  ]
}

/** The list of changed properties that an update ends with. */
export const included = (names: string): ModifiedProperty =>
  change('Included Updated Properties', names)
/** The kind of a member, which an update repeats. */
export const userType = change('TargetId.UserType', 'Member')
/** The change that registers a pass. */
export const pass = change('AuthenticationMethod', 'TemporaryAccessPass')
/** The change that registers a security key. */
export const fido = change('AuthenticationMethod', 'Fido2SecurityKey')

/** The settings of a pass: the property's name tells what it is, its value does not. */
export const settings = (displayName: string, label: string): ModifiedProperty =>
  change(displayName, {
    Id: guid(`pass:${label}`),
    LifetimeInMinutes: 60,
    IsUsableOnce: true,
    MethodUsabilityReason: 'EnabledByPolicy',
  })

type Registration = {
  readonly label: string
  readonly time: string
  readonly target: Person
  readonly changes: readonly ModifiedProperty[]
  readonly by?: JsonObject
} & Partial<AuditEvent>

/** An administrator registers a method for a user; the given fields win. */
export const registered = ({ target, changes, by, ...given }: Registration): AuditEvent => ({
  operation: 'Admin registered security info',
  category: 'UserManagement',
  service: 'Authentication Methods',
  operationType: 'Add',
  resultReason: 'Admin registered an authentication method for user',
  initiatedBy: by ?? byUser(admins.marit, office),
  targetResources: [userTarget(target, changes)],
  additionalDetails: browserDetails(given.label),
  ...given,
})

/** The help desk creates a pass for a user. */
export const created = (given: Registration): AuditEvent =>
  registered({
    operation: 'Create Temporary Access Pass method for user',
    by: byUser(admins.owen, desk),
    ...given,
  })

/** The directory's side of a registration. */
export const updated = (given: Registration): AuditEvent =>
  registered({
    operation: 'Update user',
    service: 'Core Directory',
    operationType: 'Update',
    resultReason: '',
    by: byUser(admins.yusuf, remote),
    ...given,
  })
