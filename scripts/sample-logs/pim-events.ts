import type { AuditEvent } from './audit-event.ts'
import { browserDetails, byApp, byUser, change } from './audit-event.ts'
import { pimPeople as people } from './pim-people.ts'
import type { Json, JsonObject, Person } from './tenant.ts'
import { guid, later, person, tenantId, userId } from './tenant.ts'

const completed = 'Add member to role completed (PIM activation)'
const requested = 'Add member to role requested (PIM activation)'

const roleTargets = (role: string | null, member: Person, request: string): readonly Json[] => [
  {
    id: guid(`role:${role ?? 'unnamed'}`),
    displayName: role,
    type: 'Role',
    modifiedProperties: [
      change('RoleDefinitionOriginId', guid(`role:${role ?? 'unnamed'}`), ''),
      change('RoleDefinitionOriginType', 'BuiltInRole', ''),
      change('TemplateId', guid(`role:${role ?? 'unnamed'}`), ''),
    ],
    administrativeUnits: [],
  },
  { id: request, displayName: null, type: 'Request', administrativeUnits: [] },
  {
    id: userId(member),
    displayName: member.name,
    type: 'User',
    userPrincipalName: member.upn,
    administrativeUnits: [],
  },
  { id: tenantId, displayName: 'Harborline', type: 'Directory', administrativeUnits: [] },
  { id: guid(`schedule:${request}`), displayName: null, type: 'Other', administrativeUnits: [] },
]

type Activation = {
  readonly label: string
  readonly time: string
  readonly member: Person
  readonly role: string | null
} & Partial<AuditEvent>

const activated = ({ member, role, ...given }: Activation): AuditEvent => {
  const request = guid(`request:${given.label}`)
  const reason = `Change CHG-${userId(member).slice(0, 5)}: work that needs the role`
  const details: JsonObject = {
    RoleDefinitionOriginId: guid(`role:${role ?? 'unnamed'}`),
    RoleDefinitionOriginType: 'BuiltInRole',
    TemplateId: guid(`role:${role ?? 'unnamed'}`),
    StartTime: given.time,
    ExpirationTime: later(given.time, 3600),
    Justification: reason,
    oid: userId(member),
    tid: tenantId,
    wids: guid('role:Directory Readers'),
    RequestId: request,
  }
  return {
    operation: completed,
    category: 'RoleManagement',
    service: 'PIM',
    operationType: 'Update',
    resultReason: reason,
    identity: member.name,
    initiatedBy: byUser(member, null),
    targetResources: roleTargets(role, member, request),
    additionalDetails: Object.entries(details).map(([key, value]) => ({ key, value })),
    ...given,
  }
}

const ewa: Activation = {
  label: 'activation-delivered-twice',
  time: '2026-03-17T14:31:19.5527708Z',
  member: people.ewa,
  role: 'Exchange Administrator',
}

const truePositives: readonly AuditEvent[] = [
  activated({
    label: 'activation-of-priya',
    time: '2026-03-17T14:02:11.4407316Z',
    member: people.priya,
    role: 'Security Administrator',
  }),
  activated({
    label: 'first-activation-of-tomas',
    time: '2026-03-17T14:05:03.1180042Z',
    member: people.tomas,
    role: 'User Administrator',
  }),
  activated({
    label: 'second-activation-of-tomas',
    time: '2026-03-17T14:25:48.7715530Z',
    member: people.tomas,
    role: 'Privileged Role Administrator',
  }),
  activated(ewa),
  activated({ ...ewa, delivery: 2 }),
  activated({
    label: 'activation-in-lower-case',
    time: '2026-03-17T13:50:44.2093318Z',
    member: people.jonas,
    role: 'Application Administrator',
    operation: 'add member to role completed (pim activation)',
  }),
  activated({
    label: 'activation-one-tick-before',
    time: '2026-03-17T15:01:07.9999999Z',
    member: people.leila,
    role: 'Global Administrator',
  }),
  activated({
    label: 'activation-of-unnamed-role-trailing-blank',
    time: '2026-03-17T15:10:26.3301187Z',
    member: people.bruno,
    role: null,
    operation: `${completed} `,
  }),
  activated({
    label: 'activation-of-guest',
    time: '2026-03-17T15:26:40.7719204Z',
    member: people.guest,
    role: 'Helpdesk Administrator',
  }),
]

/** Activations around which a near miss is made; the comment says on which side the fault is. */
const nearMisses: readonly AuditEvent[] = [
  // The sign-in is wrong: its time, its result or its user.
  activated({
    label: 'activation-of-greta',
    time: '2026-03-17T14:08:16.0412250Z',
    member: people.greta,
    role: 'Security Operator',
  }),
  activated({
    label: 'activation-of-oskar',
    time: '2026-03-17T14:12:35.6604182Z',
    member: people.oskar,
    role: 'Intune Administrator',
  }),
  activated({
    label: 'activation-of-samira',
    time: '2026-03-17T14:53:20.7702115Z',
    member: people.samira,
    role: 'Groups Administrator',
  }),
  activated({
    label: 'activation-of-viktor',
    time: '2026-03-17T15:05:51.4410037Z',
    member: people.viktor,
    role: 'License Administrator',
  }),
  activated({
    label: 'activation-of-dana',
    time: '2026-03-17T14:55:30.1193846Z',
    member: people.dana,
    role: 'Authentication Administrator',
  }),
  activated({
    label: 'activation-of-ines',
    time: '2026-03-17T14:36:09.3047751Z',
    member: people.ines,
    role: 'Conditional Access Administrator',
  }),
  activated({
    label: 'activation-of-noor',
    time: '2026-03-17T14:57:02.6630419Z',
    member: people.noor,
    role: 'Billing Administrator',
  }),
  activated({
    label: 'activation-of-rosa-with-capitals',
    time: '2026-03-17T15:00:14.7365580Z',
    member: people.rosa,
    role: 'Teams Administrator',
  }),
  activated({
    label: 'activation-of-tessa',
    time: '2026-03-17T13:47:30.8821164Z',
    member: people.tessa,
    role: 'SharePoint Administrator',
  }),
  // The activation is wrong: its operation, its initiator or its time.
  activated({
    label: 'requested-not-completed',
    time: '2026-03-17T15:12:44.9183320Z',
    member: people.felix,
    role: 'Cloud Application Administrator',
    operation: requested,
  }),
  activated({
    label: 'operation-begins-before-the-term',
    time: '2026-03-17T15:15:30.2276641Z',
    member: people.karin,
    role: 'Compliance Administrator',
    operation: 'Readd member to role completed (PIM activation)',
  }),
  activated({
    label: 'activation-by-app',
    time: '2026-03-17T15:17:21.0084463Z',
    member: people.sofie,
    role: 'Global Reader',
    identity: 'MS-PIM',
    initiatedBy: byApp('MS-PIM'),
  }),
  activated({
    label: 'activation-by-user-without-name',
    time: '2026-03-17T15:20:37.5519026Z',
    member: people.henrik,
    role: 'Reports Reader',
    initiatedBy: {
      user: {
        id: userId(people.henrik),
        displayName: people.henrik.name,
        userPrincipalName: null,
        ipAddress: null,
        roles: [],
      },
    },
  }),
  activated({
    label: 'activation-too-old',
    time: '2026-03-17T13:38:12.6640195Z',
    member: people.amara,
    role: 'Security Reader',
  }),
  activated({
    label: 'activation-exactly-two-hours-old',
    time: '2026-03-17T13:42:07.3184605Z',
    member: people.ruben,
    role: 'Password Administrator',
  }),
]

const noise: readonly AuditEvent[] = [
  activated({
    label: 'request-of-priya',
    time: '2026-03-17T14:02:04.8835201Z',
    member: people.priya,
    role: 'Security Administrator',
    operation: requested,
  }),
  activated({
    label: 'request-of-ewa',
    time: '2026-03-17T14:31:11.0290467Z',
    member: people.ewa,
    role: 'Exchange Administrator',
    operation: requested,
  }),
  activated({
    label: 'directory-side-of-priya',
    time: '2026-03-17T14:02:12.9051748Z',
    member: people.priya,
    role: 'Security Administrator',
    operation: 'Add member to role',
    service: 'Core Directory',
    operationType: 'Assign',
    resultReason: '',
    identity: 'MS-PIM',
    initiatedBy: byApp('MS-PIM'),
  }),
  activated({
    label: 'expiry-of-priya',
    time: '2026-03-17T15:02:12.0147390Z',
    member: people.priya,
    role: 'Security Administrator',
    operation: 'Remove member from role (PIM activation expired)',
    initiatedBy: byApp('MS-PIM'),
    identity: 'MS-PIM',
  }),
  activated({
    label: 'eligible-assignment',
    time: '2026-03-17T13:20:09.5163327Z',
    member: people.priya,
    role: 'Security Administrator',
    operation: 'Add eligible member to role in PIM completed (timebound)',
    initiatedBy: byUser(person('Clara Whitlock'), '203.0.113.90'),
  }),
  activated({
    label: 'permanent-assignment',
    time: '2026-03-17T14:18:53.7730915Z',
    member: people.ulla,
    role: 'Message Center Reader',
    operation: 'Add member to role in PIM completed (permanent)',
    initiatedBy: byUser(person('Clara Whitlock'), '203.0.113.90'),
  }),
  activated({
    label: 'role-setting',
    time: '2026-03-17T13:05:41.2086639Z',
    member: people.ulla,
    role: 'Global Administrator',
    operation: 'Update role setting in PIM',
    initiatedBy: byUser(person('Clara Whitlock'), '203.0.113.90'),
    resultReason: '',
  }),
  activated({
    label: 'policy-change',
    time: '2026-03-17T14:40:26.4471508Z',
    member: people.ulla,
    role: 'Require compliant device for administrators',
    operation: 'Update conditional access policy',
    category: 'Policy',
    service: 'Core Directory',
    initiatedBy: byUser(person('Clara Whitlock'), '203.0.113.90'),
    additionalDetails: browserDetails('policy-change'),
    resultReason: '',
  }),
  activated({
    label: 'activation-nobody-followed',
    time: '2026-03-17T14:47:05.3320984Z',
    member: people.ulla,
    role: 'Directory Readers',
  }),
]

/** The audit events of the PIM rule: activations that match or nearly do, ordinary events. */
export const pimEvents: readonly AuditEvent[] = [...truePositives, ...nearMisses, ...noise]
