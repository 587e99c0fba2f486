import { createHash } from 'node:crypto'

/** A JSON value whose keys keep the order in which they are written. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object; a key whose value is undefined is not written. */
export type JsonObject = { readonly [key: string]: Json | undefined }

/** A member of the invented tenant, or a guest in it. */
export type Person = { readonly name: string; readonly upn: string }

/** The bytes of the invented identifiers for a label: the same for each run and machine. */
export const digest = (label: string): Buffer =>
  createHash('sha256').update(`harborline:${label}`).digest()

/** A version 4 shaped guid that belongs to the label. */
export const guid = (label: string): string => {
  const bytes = digest(label).subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A whole number from `low` to `high` that belongs to the label. */
export const pick = (label: string, low: number, high: number): number =>
  low + (digest(label).readUInt32BE(20) % (high - low + 1))

/** The Entra tenant that the events come from. */
export const tenantId = guid('tenant')

/** The Log Analytics workspace that the rows were exported from; not the tenant. */
export const workspaceId = guid('workspace')

/** The provider path that every record of the tenant carries. */
export const providerPath = `/tenants/${tenantId}/providers/Microsoft.aadiam`

/** The Azure resource of the workspace, in lower case as the export writes it. */
export const workspacePath =
  `/subscriptions/${guid('subscription')}/resourcegroups/rg-harborline-soc` +
  '/providers/microsoft.operationalinsights/workspaces/law-harborline-soc'

/** The object id of a person; letter case of the name does not matter to Entra. */
export const userId = (person: Person): string => guid(`user:${person.upn.toLowerCase()}`)

/** The person of the tenant's main domain with this name. */
export const person = (name: string): Person => ({
  name,
  upn: `${name.toLowerCase().replace(' ', '.')}@harborline.example.com`,
})

/**
 * The instant `seconds` later, the fraction kept digit by digit: a Date would lose the 100 ns.
 */
export const later = (time: string, seconds: number): string => {
  const shifted = new Date(Date.parse(`${time.slice(0, 19)}Z`) + seconds * 1000)
  return shifted.toISOString().slice(0, 19) + time.slice(19)
}

/** The object without the columns that an export leaves out: undefined, null and empty text. */
export const present = (row: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  )
