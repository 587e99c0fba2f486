import {
  ACCESS_PASS,
  ACTIVATION,
  AUDIT_OPERATIONS,
  type AuditOperation,
  accessPassTargets,
} from './audit-operations.ts'
import type { Clock } from './clock.ts'
import { json } from './json-text.ts'
import { at, type Random } from './random.ts'
import type { Tenant, User } from './tenant.ts'

/** Writes rows of AuditLogs as a data export writes them: keys in order, empty columns left out. */
export interface AuditLogs {
  /** Any operation, by its weight; one row in 500 makes a Temporary Access Pass. */
  row(offset: number): string
  /** A successful PIM activation by `user`. */
  activation(offset: number, user: User): string
  /** A successful creation of a Temporary Access Pass for `user`. */
  accessPass(offset: number, user: User): string
}

interface Prepared {
  readonly operation: AuditOperation
  readonly nameJson: string
  readonly reasonsJson: readonly string[]
}

const ACCESS_PASS_SHARE = 1 / 500
const FAILURE_SHARE = 0.04

/** Row writer for `tenant`; equal arguments give equal rows in the same order. */
export function createAuditLogs(random: Random, tenant: Tenant, clock: Clock): AuditLogs {
  const prepared = AUDIT_OPERATIONS.map(prepare)
  // One slot for each unit of weight: drawing an operation is drawing a slot.
  const slots = prepared.flatMap(entry => Array<Prepared>(entry.operation.weight).fill(entry))
  const named = (name: string): Prepared => {
    const found = prepared.find(entry => entry.operation.name === name)
    if (!found) throw new RangeError(`no operation ${name}`)
    return found
  }
  const activation = named(ACTIVATION)
  const accessPass = named(ACCESS_PASS)

  const write = (
    { operation, nameJson, reasonsJson }: Prepared,
    offset: number,
    user: User,
    actor: User | undefined,
    failed: boolean,
    isAccessPass: boolean,
  ): string => {
    const time = clock.utcOffset(offset)
    const zulu = clock.zulu(offset)
    const correlation = random.guid()
    const subject = { random, tenant, user, time }
    const by = actor ? byUser(actor, random, operation.service === 'PIM') : byApp(random)
    const targets = isAccessPass ? accessPassTargets(subject) : operation.targets(subject)
    const agent = (actor ?? user).device.userAgentJson
    const extra = operation.details ? operation.details(subject) : ''
    const id = `${operation.service === 'PIM' ? 'PIM' : 'Directory'}_${correlation}_${random.token(5).toUpperCase()}_${random.below(200_000_000)}`
    const identity = actor ? '' : `"Identity":${by.identityJson},`
    const reason = failed ? `"ResultReason":${random.pick(reasonsJson)},` : ''
    return `{"AADOperationType":"${operation.type}","AADTenantId":"${tenant.tenantId}","ActivityDateTime":"${zulu}","ActivityDisplayName":${nameJson},"AdditionalDetails":[{"key":"User-Agent","value":${agent}},{"key":"AppId","value":"${random.pick(tenant.apps).id}"}${extra}],"Category":"${operation.category}","CorrelationId":"${correlation}","DurationMs":${random.below(400)},"Id":"${id}",${identity}"InitiatedBy":${by.json},"Level":"4","LoggedByService":"${operation.service}","OperationName":${nameJson},"OperationVersion":"1.0","Resource":"Microsoft.aadiam","ResourceGroup":"Microsoft.aadiam","ResourceId":"/tenants/${tenant.tenantId}/providers/Microsoft.aadiam","Result":"${failed ? 'failure' : 'success'}",${reason}"ResultSignature":"None","SourceSystem":"Azure AD","TargetResources":${targets},"TenantId":"${tenant.workspaceId}","TimeGenerated":"${zulu}","Type":"AuditLogs","_Internal_WorkspaceResourceId":"${tenant.workspaceResourceId}","_ItemId":"${random.guid()}","_ResourceId":"/tenants/${tenant.tenantId}/providers/microsoft.aadiam","_TimeReceived":"${zulu}"}`
  }

  return {
    row(offset) {
      if (random.chance(ACCESS_PASS_SHARE)) {
        // One in five is made by an application, which has no principal name.
        const actor = random.chance(0.2) ? undefined : random.pick(tenant.admins)
        return write(accessPass, offset, random.pick(tenant.users), actor, random.chance(0.1), true)
      }
      const entry = at(slots, random.below(slots.length))
      const user = random.pick(tenant.users)
      const failed = random.chance(FAILURE_SHARE)
      return write(
        entry,
        offset,
        user,
        actorOf(entry.operation, user, random, tenant),
        failed,
        false,
      )
    },
    activation: (offset, user) => write(activation, offset, user, user, false, false),
    accessPass: (offset, user) =>
      write(accessPass, offset, user, at(tenant.admins, 0), false, true),
  }
}

function prepare(operation: AuditOperation): Prepared {
  return { operation, nameJson: json(operation.name), reasonsJson: REASONS.map(json) }
}

const REASONS = [
  'Microsoft.Online.Workflows.SpnValidationException',
  'Insufficient privileges to complete the operation.',
  "User didn't complete the challenge: “code” not entered",
]

function actorOf(
  operation: AuditOperation,
  user: User,
  random: Random,
  tenant: Tenant,
): User | undefined {
  switch (operation.initiator) {
    case 'admin':
      return random.pick(tenant.admins)
    case 'user':
      return random.pick(tenant.users)
    case 'self':
      return user
    case 'app':
      return undefined
    case 'app-or-admin':
      return random.chance(0.5) ? undefined : random.pick(tenant.admins)
  }
}

function byUser(
  actor: User,
  random: Random,
  isPim: boolean,
): { readonly json: string; readonly identityJson: string } {
  // PIM writes no address and does write the name; the directory the other way round.
  const address = isPim ? 'null' : `"${actor.site.network}${suffix(actor.site.network, random)}"`
  return {
    json: `{"user":{"id":"${actor.id}","displayName":${isPim ? actor.nameJson : 'null'},"userPrincipalName":${actor.upnJson},"ipAddress":${address},"roles":[]}}`,
    identityJson: actor.nameJson,
  }
}

/** Completes a network of {@link Site} to one of its addresses. */
export function suffix(network: string, random: Random): string {
  return network.includes(':') ? `::${random.below(65536).toString(16)}` : `.${random.below(256)}`
}

const SERVICES = [
  'Microsoft Azure AD Group-Based Licensing',
  'Device Registration Service',
  'Azure AD Cloud Sync',
  'Managed Service Identity',
].map(json)

function byApp(random: Random): { readonly json: string; readonly identityJson: string } {
  const name = random.pick(SERVICES)
  return {
    json: `{"app":{"appId":null,"displayName":${name},"servicePrincipalId":"${random.guid()}","servicePrincipalName":null}}`,
    identityJson: name,
  }
}
