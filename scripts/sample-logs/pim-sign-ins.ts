import { pimPeople as people } from './pim-people.ts'
import type { Place, SignInEvent } from './sign-in-event.ts'
import type { Person } from './tenant.ts'
import { person } from './tenant.ts'

const rotterdam: Place = {
  city: 'Rotterdam',
  state: 'Zuid-Holland',
  country: 'NL',
  latitude: 51.9225,
  longitude: 4.47917,
  network: 64501,
}
const gothenburg: Place = {
  city: 'Gothenburg',
  state: 'Vastra Gotalands Lan',
  country: 'SE',
  latitude: 57.70887,
  longitude: 11.97456,
  network: 64502,
}
const gdynia: Place = {
  city: 'Gdynia',
  state: 'Pomorskie',
  country: 'PL',
  latitude: 54.51889,
  longitude: 18.53054,
  network: 64507,
}

type SignIn = {
  readonly label: string
  readonly time: string
  readonly user: Person
} & Partial<SignInEvent>

const signIn = (given: SignIn): SignInEvent => ({
  app: 'Entra admin center',
  resource: 'Microsoft Graph',
  ip: '203.0.113.24',
  place: rotterdam,
  resultType: '0',
  ...given,
})

const shell = { app: 'Command line tools', resource: 'Azure Resource Manager' } as const
const mail = { app: 'Mail admin center', resource: 'Exchange Online' } as const
const tomas = { user: people.tomas, place: gothenburg, ip: '198.51.100.62' } as const
const ewa = { user: people.ewa, place: gdynia, ip: '192.0.2.205' } as const

const truePositives: readonly SignInEvent[] = [
  signIn({ label: 'priya', time: '2026-03-17T14:14:41.4407316Z', user: people.priya }),
  signIn({ label: 'tomas-1', time: '2026-03-17T14:09:27.6502911Z', ...tomas, ...shell }),
  signIn({ label: 'tomas-2', time: '2026-03-17T14:19:55.0091738Z', ...tomas }),
  signIn({ label: 'tomas-3', time: '2026-03-17T14:38:30.9034127Z', ...tomas, ...shell }),
  signIn({ label: 'tomas-4', time: '2026-03-17T14:51:12.2846650Z', ...tomas, ip: '198.51.100.63' }),
  signIn({ label: 'ewa-1', time: '2026-03-17T14:33:02.8810946Z', ...ewa, ...mail }),
  signIn({ label: 'ewa-2', time: '2026-03-17T14:47:58.0039871Z', ...ewa, ...shell }),
  signIn({ label: 'jonas', time: '2026-03-17T14:20:44.2093317Z', user: people.jonas, ...shell }),
  signIn({ label: 'leila', time: '2026-03-17T15:01:08.0000000Z', user: people.leila }),
  signIn({
    label: 'bruno-from-nowhere',
    time: '2026-03-17T15:22:19.0480275Z',
    user: people.bruno,
    ip: '192.0.2.77',
    place: undefined,
  }),
  signIn({
    label: 'guest-with-unnamed-app',
    time: '2026-03-17T15:40:02.1130655Z',
    user: people.guest,
    app: '',
    ip: '198.51.100.149',
    place: gdynia,
    numericResult: true,
  }),
]

/** Sign-ins around which a near miss is made; the comment says on which side the fault is. */
const nearMisses: readonly SignInEvent[] = [
  // The sign-in is wrong: its time, its result or its user.
  signIn({
    label: 'thirty-one-minutes-after',
    time: '2026-03-17T14:39:16.0412250Z',
    user: people.greta,
  }),
  signIn({
    label: 'exactly-thirty-minutes-after',
    time: '2026-03-17T14:42:35.6604182Z',
    user: people.oskar,
  }),
  signIn({
    label: 'before-the-activation',
    time: '2026-03-17T14:50:48.3316904Z',
    user: people.samira,
  }),
  signIn({ label: 'same-instant', time: '2026-03-17T15:05:51.4410037Z', user: people.viktor }),
  signIn({
    label: 'failed-sign-in',
    time: '2026-03-17T15:03:12.9907715Z',
    user: people.dana,
    resultType: '50126',
    ip: '192.0.2.44',
  }),
  signIn({ label: 'another-user', time: '2026-03-17T14:44:51.8860120Z', user: people.luca }),
  signIn({
    label: 'same-name-in-another-domain',
    time: '2026-03-17T15:08:33.2201774Z',
    user: { name: people.noor.name, upn: 'noor.vance@harborline.example.org' },
  }),
  signIn({
    label: 'user-name-in-lower-case',
    time: '2026-03-17T15:16:22.4018833Z',
    user: { name: people.rosa.name, upn: people.rosa.upn.toLowerCase() },
  }),
  signIn({ label: 'sign-in-too-old', time: '2026-03-17T13:41:19.0034418Z', user: people.tessa }),
  // The activation is wrong: its operation, its initiator or its time.
  signIn({ label: 'felix', time: '2026-03-17T15:19:05.5540092Z', user: people.felix }),
  signIn({ label: 'karin', time: '2026-03-17T15:27:46.8103359Z', user: people.karin, ...shell }),
  signIn({ label: 'sofie', time: '2026-03-17T15:24:39.7350918Z', user: people.sofie }),
  signIn({ label: 'henrik', time: '2026-03-17T15:31:58.2074411Z', user: people.henrik }),
  signIn({ label: 'amara', time: '2026-03-17T13:51:29.3307842Z', user: people.amara, ...mail }),
  signIn({ label: 'ruben', time: '2026-03-17T13:54:07.3184606Z', user: people.ruben }),
]

/** A blank user name would meet the activations that no user started, were they not left out. */
const blankUser = signIn({
  label: 'blank-user-name',
  time: '2026-03-17T15:21:10.6691025Z',
  user: { name: 'Unknown', upn: '' },
  app: 'Bookings',
})

type Routine = readonly [time: string, user: Person, resultType: string]

/** An afternoon's ordinary sign-ins; the last of them is the newest event of the fixtures. */
const routines: readonly Routine[] = [
  ['2026-03-17T13:12:08.7714036Z', people.priya, '0'],
  ['2026-03-17T13:26:50.0035512Z', people.tomas, '0'],
  ['2026-03-17T13:44:17.5520893Z', person('Sander Vik'), '0'],
  ['2026-03-17T13:58:33.9902467Z', person('Tilda Brask'), '50140'],
  ['2026-03-17T14:07:40.3381220Z', people.priya, '70043'],
  ['2026-03-17T14:22:01.6674905Z', person('Ugo Marchetti'), '0'],
  ['2026-03-17T14:29:56.1043318Z', people.ewa, '0'],
  ['2026-03-17T14:48:22.8290176Z', person('Vera Holub'), '0'],
  ['2026-03-17T15:00:36.4417752Z', people.priya, '0'],
  ['2026-03-17T15:13:59.7306641Z', person('Clara Whitlock'), '0'],
  ['2026-03-17T15:29:14.2258093Z', person('Marit Solheim'), '50126'],
  ['2026-03-17T15:36:45.9981304Z', people.jonas, '0'],
  ['2026-03-17T15:42:07.3184605Z', person('Sander Vik'), '0'],
]

const apps = ['Team chat', 'Document library', 'Mail', 'Company portal'] as const

const noise = routines.map(
  ([time, user, resultType], index): SignInEvent =>
    signIn({
      label: `routine-sign-in-${index + 1}`,
      time,
      user,
      resultType,
      app: apps[index % apps.length] ?? '',
      ip: `203.0.113.${100 + index}`,
    }),
)

/** The sign-ins of the PIM rule: matches, near misses, ordinary sign-ins. */
export const pimSignIns: readonly SignInEvent[] = [
  ...truePositives,
  ...nearMisses,
  blankUser,
  ...noise,
]
