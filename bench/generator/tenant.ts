import { escapeLikeDotNet, json, nested, nestedPretty } from './json-text.ts'
import { at, type Random } from './random.ts'

// Everything here is made once and kept as JSON text, so that a row is a concatenation.

/** A person of the invented tenant; fields named `…Json` are JSON texts, quotes included. */
export interface User {
  readonly id: string
  readonly upn: string
  readonly upnJson: string
  /** The same principal name as a sign-in log spells it: some characters may be escaped. */
  readonly signInUpnJson: string
  readonly nameJson: string
  readonly signInNameJson: string
  readonly nestedNameJson: string
  readonly guest: boolean
  readonly site: Site
  readonly device: Device
}

/** Where people sign in from. */
export interface Site {
  readonly countryJson: string
  readonly locationDetailsJson: string
  readonly networkLocationDetailsJson: string
  readonly network: string
  readonly autonomousSystemNumber: string
}

/** A computer or phone. */
export interface Device {
  readonly id: string
  readonly nameJson: string
  readonly detailJson: string
  readonly userAgentJson: string
}

/** A client application of sign-ins. */
export interface App {
  readonly id: string
  readonly nameJson: string
  readonly servicePrincipalId: string
  readonly clientAppUsedJson: string
}

/** A directory role. */
export interface Role {
  readonly id: string
  readonly nameJson: string
  readonly nestedNameJson: string
}

/** A group, policy, or resource: an id and a name. */
export interface Thing {
  readonly id: string
  readonly nameJson: string
  readonly nestedNameJson: string
}

/** The invented tenant whose logs are generated. */
export interface Tenant {
  readonly workspaceId: string
  readonly workspaceResourceId: string
  readonly tenantId: string
  readonly users: readonly User[]
  /** The members of `users` who activate privileged roles. */
  readonly admins: readonly User[]
  readonly apps: readonly App[]
  readonly resources: readonly Thing[]
  readonly roles: readonly Role[]
  readonly groups: readonly Thing[]
  readonly policies: readonly Thing[]
  /** The text of `ConditionalAccessPolicies`, in a few dozen outcomes. */
  readonly policyOutcomes: readonly string[]
}

const GIVEN: readonly (readonly [string, string])[] = [
  ['Zoë', 'zoe'],
  ['Søren', 'soren'],
  ['José', 'jose'],
  ['Łukasz', 'lukasz'],
  ['Björk', 'bjork'],
  ['Ngọc', 'ngoc'],
  ['伟', 'wei'],
  ['Αθηνά', 'athina'],
  ['Юлия', 'yuliya'],
  ...'Amara Ben Carla Dmitri Esther Farid Grace Hana Imran Julia Kofi Lena Marco Nadia Omar Priya'
    .split(' ')
    .map(name => [name, name.toLowerCase()] as const),
]

const FAMILY: readonly (readonly [string, string])[] = [
  ["O'Brien", "o'brien"],
  ['Müller', 'muller'],
  ['García', 'garcia'],
  ['Nguyễn', 'nguyen'],
  ['Åström', 'astrom'],
  ['李', 'li'],
  ['Dvořák', 'dvorak'],
  ...'Abbott Bauer Costa Diaz Evans Fischer Gupta Haddad Ito Jensen Kowalski Lopez Mensah Novak'
    .split(' ')
    .map(name => [name, name.toLowerCase()] as const),
]

const SITES: readonly (readonly [string, string, string, number, number, string, string])[] = [
  ['Dublin', 'Dublin', 'IE', 53.349_805_123, -6.260_309_7, '203.0.113', '64500'],
  ['Zürich', 'Zürich', 'CH', 47.376_886_9, 8.541_694_1, '198.51.100', '64501'],
  ['São Paulo', 'São Paulo', 'BR', -23.550_520_1, -46.633_308_4, '192.0.2', '64502'],
  ['Pune', 'Maharashtra', 'IN', 18.520_430_2, 73.856_743_7, '100.64.7', '64503'],
  ['Seattle', 'Washington', 'US', 47.606_209_5, -122.332_070_8, '100.64.19', '64504'],
  ['東京', 'Tokyo', 'JP', 35.689_487_2, 139.691_711, '2001:db8:85a3:8d3', '64505'],
  ['Kraków', 'Małopolskie', 'PL', 50.064_650_1, 19.944_979_9, '100.64.33', '64506'],
]

const APPS: readonly (readonly [string, string])[] = [
  ['Microsoft Teams', 'Mobile Apps and Desktop clients'],
  ['Microsoft Office', 'Mobile Apps and Desktop clients'],
  ['Office 365 Exchange Online', 'Browser'],
  ['Outlook Mobile', 'Mobile Apps and Desktop clients'],
  ['OneDrive SyncEngine', 'Mobile Apps and Desktop clients'],
  ['Azure Portal', 'Browser'],
  ['Microsoft Azure CLI', 'Mobile Apps and Desktop clients'],
  ['Microsoft Azure PowerShell', 'Mobile Apps and Desktop clients'],
  ['Graph Explorer', 'Browser'],
  ['Microsoft Edge', 'Mobile Apps and Desktop clients'],
  ['Microsoft Authentication Broker', 'Mobile Apps and Desktop clients'],
  ['Windows Sign In', 'Mobile Apps and Desktop clients'],
  ['Microsoft Intune Company Portal', 'Mobile Apps and Desktop clients'],
  ['SharePoint Online Web Client Extensibility', 'Browser'],
  ['My Apps', 'Browser'],
  ['Visual Studio Code', 'Mobile Apps and Desktop clients'],
  ['Expenses & Travel', 'Browser'],
  ['Lohn- und Gehaltsbüro "Portal"', 'Browser'],
]

const RESOURCES = [
  'Microsoft Graph',
  'Windows Azure Service Management API',
  'Office 365 Exchange Online',
  'Office 365 SharePoint Online',
  'Skype for Business Online',
  'Windows Azure Active Directory',
  'Microsoft Mobile Application Management',
]

const ROLES = [
  'Global Administrator',
  'Privileged Role Administrator',
  'User Administrator',
  'Security Administrator',
  'Exchange Administrator',
  'Application Administrator',
  'Conditional Access Administrator',
  'Helpdesk Administrator',
  'Global Reader',
  'Tier "0" – Zürich Recovery',
]

const GROUPS = [
  'sg-finance-readers',
  'sg-payroll & benefits',
  'M365 – Vertrieb Süd',
  'vpn-users',
  'dev-platform',
  'all-employees',
  'break-glass',
  'licence-e5',
]

const POLICIES = [
  'Require MFA for everyone',
  'Block legacy authentication',
  'Require compliant device for administrators',
  'Guest session timeout',
  'Blocked countries',
  'CA – iOS & Android – unmanaged',
  'Terms of use for "external" partners',
  'Require phishing-resistant MFA for privileged roles',
]

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
]

const SYSTEMS = ['Windows 11', 'MacOs', 'Ios 18.1', 'Android']
const BROWSERS = ['Edge 131.0.0', 'Safari 18.1', 'Mobile Safari 18.1', 'Chrome Mobile 131.0.0']
const OUTCOMES = ['success', 'notApplied', 'notApplied', 'notEnabled', 'reportOnlyNotApplied']

/** An invented tenant with `userCount` people; the same random sequence gives the same tenant. */
export function createTenant(random: Random, userCount: number): Tenant {
  const tenantId = random.guid()
  const subscription = random.guid()
  const sites = SITES.map(createSite)
  const users = Array.from({ length: userCount }, (_, i) => createUser(random, i, sites))
  const members = users.filter(user => !user.guest)
  const policies = POLICIES.map(name => createThing(random, name))
  return {
    workspaceId: random.guid(),
    workspaceResourceId: `/subscriptions/${subscription}/resourcegroups/rg-sentinel-prod/providers/microsoft.operationalinsights/workspaces/law-sentinel-prod`,
    tenantId,
    users,
    admins: members.slice(0, Math.max(6, Math.ceil(members.length / 10))),
    apps: APPS.map(([name, client], i) => ({
      id: random.guid(),
      // Half of the names are spelt with escapes, as some writers do.
      nameJson: i % 2 === 0 ? escapeLikeDotNet(json(name)) : json(name),
      servicePrincipalId: random.guid(),
      clientAppUsedJson: json(client),
    })),
    resources: RESOURCES.map(name => createThing(random, name)),
    roles: ROLES.map(name => createThing(random, name)),
    groups: GROUPS.map(name => createThing(random, name)),
    policies,
    policyOutcomes: Array.from({ length: 48 }, () => createPolicyOutcome(random)),
  }
}

function createSite(fields: (typeof SITES)[number]): Site {
  const [city, state, countryOrRegion, latitude, longitude, network, autonomousSystemNumber] =
    fields
  return {
    countryJson: json(countryOrRegion),
    locationDetailsJson: nestedPretty({
      city,
      state,
      countryOrRegion,
      geoCoordinates: { latitude, longitude },
    }),
    networkLocationDetailsJson: nestedPretty([
      { networkType: 'trustedNamedLocation', networkNames: [`${city} office`] },
    ]),
    network,
    autonomousSystemNumber,
  }
}

function createUser(random: Random, index: number, sites: readonly Site[]): User {
  const [given, givenAscii] = random.pick(GIVEN)
  const [family, familyAscii] = random.pick(FAMILY)
  const name = `${given} ${family}`
  const guest = index % 23 === 22
  const account = `${givenAscii}.${familyAscii}${index}`
  const upn = guest
    ? `${account}_partner.example#EXT#@northwind.example`
    : `${account}@northwind.example`
  const spell = random.chance(0.3) ? escapeLikeDotNet : (text: string): string => text
  return {
    id: random.guid(),
    upn,
    upnJson: json(upn),
    signInUpnJson: spell(json(upn)),
    nameJson: json(name),
    signInNameJson: spell(json(name)),
    nestedNameJson: nested(name),
    guest,
    site: random.pick(sites),
    device: createDevice(random, index),
  }
}

function createDevice(random: Random, index: number): Device {
  const kind = random.below(SYSTEMS.length)
  const id = random.guid()
  const name = `NW-${random.token(4).toUpperCase()}-${String(index).padStart(5, '0')}`
  return {
    id,
    nameJson: json(name),
    detailJson: nestedPretty({
      deviceId: id,
      displayName: name,
      operatingSystem: at(SYSTEMS, kind),
      browser: at(BROWSERS, kind),
      isCompliant: random.chance(0.9),
      isManaged: true,
      trustType: kind === 0 ? 'Azure AD joined' : 'Azure AD registered',
    }),
    userAgentJson: json(at(AGENTS, kind)),
  }
}

function createThing(random: Random, name: string): Thing {
  return { id: random.guid(), nameJson: json(name), nestedNameJson: nested(name) }
}

function createPolicyOutcome(random: Random): string {
  const applied = POLICIES.slice(0, 1 + random.below(2)).map(displayName => ({
    id: random.guid(),
    displayName,
    enforcedGrantControls: random.chance(0.5) ? ['Mfa'] : ['Block'],
    enforcedSessionControls: random.chance(0.2) ? ['SignInFrequency'] : [],
    result: random.pick(OUTCOMES),
    conditionsSatisfied: random.below(20),
    conditionsNotSatisfied: random.below(20),
  }))
  return nestedPretty(applied)
}
