import type { AuditEvent } from './audit-event.ts'
import { browserDetails, byApp, byUser, change, userTarget } from './audit-event.ts'
import {
  admins,
  created,
  desk,
  fido,
  included,
  pass,
  phone,
  registered,
  settings,
  updated,
  userType,
} from './tap-registration.ts'
import type { Person } from './tenant.ts'
import { guid, person } from './tenant.ts'

const { marit, owen, yusuf, clara } = admins

const nils = person('Nils Aaberg')
const petra = person('Petra Kovalenko')
const dario = person('Dario Mancuso')
const aiko = person('Aiko Tanabe')
const kiosk: Person = { name: 'Warehouse kiosk 07', upn: 'kiosk-07' }
const fergus = person('Fergus Lyle')
const guest: Person = {
  name: 'Mika Ora',
  upn: 'mika.ora_partner.example.org#EXT#@harborline.example.com',
}
const imre = person('Imre Zolnay')
const hana = person('Hana Sedlak')
const julian = person('Julian Rooke')
const lotte = person('Lotte Brandvold')
const edda = person('Edda Marsh')

const truePositives: readonly AuditEvent[] = [
  registered({
    label: 'admin-registers-pass',
    time: '2026-03-17T13:05:22.4471903Z',
    target: nils,
    changes: [pass, ...phone(nils), userType],
  }),
  created({
    label: 'help-desk-creates-pass',
    time: '2026-03-17T12:48:09.0936128Z',
    target: petra,
    changes: [settings('TemporaryAccessPass', 'petra'), ...phone(petra), userType],
  }),
  updated({
    label: 'app-updates-user-two-changes-match',
    time: '2026-03-17T11:31:57.8210045Z',
    target: dario,
    by: byApp('Harborline Onboarding'),
    changes: [
      change('StrongAuthenticationMethod', [{ MethodType: 'TemporaryAccessPass', Default: true }]),
      ...phone(dario),
      included('StrongAuthenticationMethod, TemporaryAccessPass, StrongAuthenticationUserDetails'),
      userType,
    ],
  }),
  created({
    label: 'app-with-address-creates-pass',
    time: '2026-03-17T10:16:40.3305871Z',
    target: aiko,
    by: byApp('HR Provisioning Connector', '198.51.100.40'),
    changes: [...phone(aiko), settings('TemporaryAccessPass.Settings', 'aiko'), userType],
  }),
  registered({
    label: 'target-without-domain',
    time: '2026-03-17T09:02:13.7749260Z',
    target: kiosk,
    changes: [...phone(kiosk), pass],
  }),
  updated({
    label: 'letter-case-upper-operation',
    time: '2026-03-17T08:44:31.1186094Z',
    category: 'usermanagement',
    operation: 'UPDATE USER',
    result: 'Success',
    target: fergus,
    changes: [...phone(fergus), included('strongAuthenticationMethod, temporaryaccesspass')],
  }),
  created({
    label: 'letter-case-lower-operation-guest',
    time: '2026-03-17T07:20:05.6623318Z',
    category: 'USERMANAGEMENT',
    operation: 'create temporary access pass method for user',
    result: 'SUCCESS',
    target: guest,
    by: byUser(clara, '203.0.113.90'),
    changes: [change('TargetId.UserType', 'Guest'), settings('TEMPORARYACCESSPASS', 'guest')],
  }),
  updated({
    label: 'target-without-name',
    time: '2026-03-17T06:11:48.9054437Z',
    target: imre,
    by: byUser(owen, desk),
    changes: [],
    targetResources: [
      { ...userTarget(imre, [...phone(imre), pass, userType]), userPrincipalName: null },
    ],
  }),
  registered({
    label: 'initiator-unknown',
    time: '2026-03-17T03:55:26.4419832Z',
    target: lotte,
    by: {},
    changes: [pass, ...phone(lotte), userType],
  }),
  created({
    label: 'blank-user-beside-app-three-changes-match',
    time: '2026-03-17T02:14:50.7361129Z',
    target: edda,
    by: {
      user: {
        id: guid('user:unresolved'),
        displayName: null,
        userPrincipalName: '',
        ipAddress: '',
        roles: [],
      },
      ...byApp('Device Enrolment Agent', '192.0.2.131'),
    },
    changes: [
      pass,
      settings('TemporaryAccessPass.Settings', 'edda'),
      included('AuthenticationMethod, TemporaryAccessPass'),
    ],
  }),
  updated({
    label: 'name-and-value-of-one-change-match',
    time: '2026-03-16T22:37:14.2007765Z',
    target: julian,
    by: byUser(yusuf, null),
    changes: [
      ...phone(julian),
      change('TemporaryAccessPass.Kind', 'AuthMethod_TemporaryAccessPass_OneTime'),
      userType,
    ],
  }),
  registered({
    label: 'exactly-one-day-old',
    time: '2026-03-16T15:42:07.3184605Z',
    target: hana,
    changes: [...phone(hana), pass],
  }),
]

const near = {
  category: person('Alba Ferreira'),
  operation: person('Bjorn Eklund'),
  blank: person('Carla Novotny'),
  value: person('Dmitri Vale'),
  name: person('Elif Aksoy'),
  prefix: person('Farid Nazari'),
  words: person('Gwen Prosser'),
  result: person('Hugo Lammers'),
  noResult: person('Iris Conti'),
  tick: person('Jarek Wilk'),
  hour: person('Kaisa Lahti'),
  none: person('Liam Corrigan'),
  noChanges: person('Maeve Doyle'),
  noTargets: person('Nadia Petrescu'),
  emptyTargets: person('Otis Greene'),
  removed: person('Paula Rivas'),
  second: person('Quinn Abara'),
  details: person('Rada Simic'),
}

const nearMisses: readonly AuditEvent[] = [
  registered({
    label: 'wrong-category',
    time: '2026-03-17T14:51:03.2290417Z',
    category: 'ApplicationManagement',
    target: near.category,
    changes: [pass, ...phone(near.category)],
  }),
  registered({
    label: 'wrong-operation',
    time: '2026-03-17T14:43:36.5519280Z',
    operation: 'User registered security info',
    target: near.operation,
    by: byUser(near.operation, '192.0.2.18'),
    changes: [pass, ...phone(near.operation)],
  }),
  updated({
    label: 'operation-with-trailing-blank',
    time: '2026-03-17T14:36:12.0072946Z',
    operation: 'Update user ',
    target: near.blank,
    changes: [...phone(near.blank), pass],
  }),
  updated({
    label: 'value-continues-the-term',
    time: '2026-03-17T14:28:55.8813360Z',
    target: near.value,
    changes: [
      change('AuthenticationMethod', 'TemporaryAccessPassword'),
      ...phone(near.value),
      userType,
    ],
  }),
  created({
    label: 'name-continues-the-term',
    time: '2026-03-17T14:20:41.3360508Z',
    target: near.name,
    changes: [...phone(near.name), settings('TemporaryAccessPassExtra', 'elif')],
  }),
  registered({
    label: 'value-begins-before-the-term',
    time: '2026-03-17T14:13:08.6049917Z',
    target: near.prefix,
    changes: [change('AuthenticationMethod', 'NoTemporaryAccessPass'), ...phone(near.prefix)],
  }),
  registered({
    label: 'value-in-three-words',
    time: '2026-03-17T14:05:27.9180233Z',
    target: near.words,
    changes: [change('AuthenticationMethod', 'Temporary Access Pass'), ...phone(near.words)],
  }),
  created({
    label: 'failed-result',
    time: '2026-03-17T13:57:44.1427786Z',
    result: 'failure',
    resultReason: 'The method is not allowed by the policy of the tenant',
    target: near.result,
    changes: [pass, ...phone(near.result), settings('TemporaryAccessPass.Settings', 'hugo')],
  }),
  registered({
    label: 'result-missing',
    time: '2026-03-17T13:49:16.7205591Z',
    result: '',
    target: near.noResult,
    changes: [pass, ...phone(near.noResult)],
  }),
  registered({
    label: 'one-tick-too-old',
    time: '2026-03-16T15:42:07.3184604Z',
    target: near.tick,
    changes: [pass, ...phone(near.tick)],
  }),
  created({
    label: 'an-hour-too-old',
    time: '2026-03-16T14:40:33.5816072Z',
    target: near.hour,
    changes: [settings('TemporaryAccessPass', 'kaisa'), ...phone(near.hour)],
  }),
  registered({
    label: 'no-changes-in-the-list',
    time: '2026-03-17T13:41:59.3948120Z',
    target: near.none,
    changes: [],
  }),
  registered({
    label: 'change-list-missing',
    time: '2026-03-17T13:34:20.8561643Z',
    target: near.noChanges,
    changes: [],
    targetResources: [userTarget(near.noChanges, undefined)],
  }),
  created({
    label: 'targets-missing',
    time: '2026-03-17T13:26:47.0519377Z',
    target: near.noTargets,
    changes: [],
    targetResources: undefined,
  }),
  created({
    label: 'targets-empty',
    time: '2026-03-17T13:19:02.6683014Z',
    target: near.emptyTargets,
    changes: [],
    targetResources: [],
  }),
  updated({
    label: 'only-the-old-value',
    time: '2026-03-17T13:12:38.2940855Z',
    target: near.removed,
    changes: [
      change('AuthenticationMethod', 'Fido2SecurityKey', 'TemporaryAccessPass'),
      ...phone(near.removed),
      userType,
    ],
  }),
  updated({
    label: 'only-the-second-target',
    time: '2026-03-17T12:58:15.4177209Z',
    target: near.second,
    changes: [],
    targetResources: [
      userTarget(near.second, [fido, ...phone(near.second)]),
      { ...userTarget(marit, [pass]), type: 'Other', userPrincipalName: null },
    ],
  }),
  registered({
    label: 'only-the-additional-details',
    time: '2026-03-17T12:39:52.7761348Z',
    target: near.details,
    changes: [fido, ...phone(near.details), userType],
    additionalDetails: [
      ...browserDetails('only-the-additional-details'),
      { key: 'PolicyAllows', value: 'TemporaryAccessPass, Fido2SecurityKey' },
    ],
  }),
]

type Routine = readonly [time: string, operation: string, category: string, kind: string]

/** A day's ordinary events; the last of them is the newest event of the fixtures. */
const routines: readonly Routine[] = [
  ['2026-03-16T18:20:31.4450192Z', 'Add user', 'UserManagement', 'Add'],
  ['2026-03-16T20:02:57.1093365Z', 'Add member to group', 'GroupManagement', 'Assign'],
  ['2026-03-17T00:47:18.8820176Z', 'Update device', 'Device', 'Update'],
  ['2026-03-17T05:30:44.2716640Z', 'Update user', 'UserManagement', 'Update'],
  ['2026-03-17T07:58:21.5304418Z', 'Reset user password', 'UserManagement', 'Update'],
  ['2026-03-17T08:31:06.0948873Z', 'User registered security info', 'UserManagement', 'Add'],
  ['2026-03-17T09:47:40.6602517Z', 'Consent to application', 'ApplicationManagement', 'Assign'],
  ['2026-03-17T10:55:13.3187702Z', 'Disable account', 'UserManagement', 'Update'],
  ['2026-03-17T11:12:29.9046338Z', 'Admin registered security info', 'UserManagement', 'Add'],
  ['2026-03-17T12:24:35.7439091Z', 'Add owner to group', 'GroupManagement', 'Assign'],
  ['2026-03-17T14:58:10.1175526Z', 'Delete user', 'UserManagement', 'Delete'],
  ['2026-03-17T15:20:48.6623907Z', 'Update user', 'UserManagement', 'Update'],
  ['2026-03-17T15:42:07.3184605Z', 'Add member to group', 'GroupManagement', 'Assign'],
]

const routineTargets = ['Sander Vik', 'Tilda Brask', 'Ugo Marchetti', 'Vera Holub', 'Wim de-Boer']

const noise = routines.map(([time, operation, category, operationType], index): AuditEvent => {
  const target = person(routineTargets[index % routineTargets.length] ?? '')
  return registered({
    label: `routine-${index + 1}`,
    time,
    operation,
    category,
    operationType,
    service: operation.includes('security info') ? 'Authentication Methods' : 'Core Directory',
    resultReason: '',
    target,
    by: index % 4 === 2 ? byApp('Device Registration Service') : byUser(clara, '203.0.113.90'),
    changes: [...phone(target), fido, included('StrongAuthenticationUserDetails'), userType],
  })
})

/** The audit events of the Temporary Access Pass rule: matches, near misses, ordinary events. */
export const tapEvents: readonly AuditEvent[] = [...truePositives, ...nearMisses, ...noise]
