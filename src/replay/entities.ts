import { requiredIdentifiersOf, typeInAlerts } from '../rules/entity-types.ts'
import { LIMITS } from '../rules/limits.ts'
import type { EntityMapping } from '../rules/settings.ts'
import type { Entity } from './records.ts'
import type { ResultRows } from './result-rows.ts'

/** The entities of an alert, and what was left out. */
export interface AlertEntities {
  readonly entities: readonly Entity[]
  /** Rows and mappings that gave no entity, because no required identifier that is mapped has a value. */
  readonly empty: readonly { readonly mapping: number; readonly rows: number }[]
  /** How many entities are beyond the limits. */
  readonly dropped: number
}

const encoder = new TextEncoder()

/**
 * The entities that the mappings make of rows: each once, whichever of them give it, in the order of the
 * mappings and rows.
 */
export function entitiesOf(
  mappings: readonly EntityMapping[],
  result: ResultRows,
  rows: readonly number[],
): AlertEntities {
  const entities: Entity[] = []
  const empty: { mapping: number; rows: number }[] = []
  const share = Math.floor(LIMITS.entities / Math.max(1, mappings.length))
  const kept = new Set<string>()
  const dropped = new Set<string>()
  let bytes = 2
  for (const [index, mapping] of mappings.entries()) {
    const own = new Set<string>()
    let missing = 0
    for (const row of rows) {
      const entity = entityOf(mapping, result, row)
      if (entity === undefined) {
        missing++
        continue
      }
      const key = entityKey(entity)
      if (kept.has(key) || own.has(key)) continue
      own.add(key)
      const text = JSON.stringify(entityData(entity, entities.length))
      const comma = entities.length === 0 ? 0 : 1
      const size = encoder.encode(text).length + comma
      if (own.size > share || bytes + size > LIMITS.entityBytes) {
        dropped.add(key)
        continue
      }
      bytes += size
      kept.add(key)
      dropped.delete(key)
      entities.push(entity)
    }
    if (missing > 0 && mayGiveEntities(mapping)) empty.push({ mapping: index, rows: missing })
  }
  return { entities, empty, dropped: dropped.size }
}

/** A text that entities share where they are the same one. */
export function entityKey({ type, identifiers }: Entity): string {
  return JSON.stringify([type, Object.entries(identifiers).sort()])
}

/** Whether a mapping has what an entity of its type needs; else no row gives one, whatever it holds. */
function mayGiveEntities({ entityType, fieldMappings }: EntityMapping): boolean {
  const mapped = new Set(fieldMappings.map(({ identifier }) => identifier))
  return requiredIdentifiersOf(entityType).some(set => set.every(name => mapped.has(name)))
}

function entityOf(
  { entityType, fieldMappings }: EntityMapping,
  result: ResultRows,
  row: number,
): Entity | undefined {
  const identifiers: Record<string, string> = {}
  for (const { identifier, columnName } of fieldMappings) {
    const text = result.text(row, columnName)
    if (text !== '') identifiers[identifier] = text
  }
  const complete = requiredIdentifiersOf(entityType).some(set =>
    set.every(name => Object.hasOwn(identifiers, name)),
  )
  return complete ? { type: entityType, identifiers } : undefined
}

/** An entity as the Entities column has it; a FullName that is a UPN is split. */
export function entityData(
  { type, identifiers }: Entity,
  position: number,
): Record<string, string> {
  const data: Record<string, string> = { $id: String(position + 2) }
  for (const [name, value] of Object.entries(identifiers)) {
    const at = value.lastIndexOf('@')
    if (type === 'Account' && name === 'FullName' && at > 0) {
      data.Name ??= value.slice(0, at)
      data.UPNSuffix ??= value.slice(at + 1)
    } else data[name === 'FullName' && type === 'Account' ? 'Name' : name] = value
  }
  return { ...data, Type: typeInAlerts(type) }
}
