import type { Alert, Incident } from '../replay/records.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { MissingItem } from './mismatch.ts'
import type { ExpectedAlert, ExpectedEntity, ExpectedIncident } from './model.ts'
import { mostPairs } from './most-pairs.ts'
import { timeAt } from './test-time.ts'

/** A field of an alert or incident that is expected, and what it is. */
interface FieldCheck {
  readonly field: string
  readonly expected: unknown
  readonly got: unknown
  readonly same: boolean
}

function field(name: string, expected: unknown, got: unknown): FieldCheck {
  const same = JSON.stringify(expected) === JSON.stringify(got)
  return { field: name, expected, got, same }
}

/** What of an alert is expected, beside what it is. */
export function alertFields(expected: ExpectedAlert, alert: Alert, now: bigint): FieldCheck[] {
  const { title, description, severity, tactics, techniques, entities, rows, run } = expected
  const fields: FieldCheck[] = []
  if (title !== undefined) fields.push(field('title', title, alert.name))
  if (description !== undefined) {
    fields.push(field('description', description, alert.description))
  }
  if (severity !== undefined) fields.push(field('severity', severity, alert.severity))
  if (tactics !== undefined) fields.push(field('tactics', tactics, alert.tactics))
  if (techniques !== undefined) fields.push(field('techniques', techniques, alert.techniques))
  if (entities !== undefined) fields.push(entitiesField(entities, alert))
  for (const [key, values] of expected.customDetails ?? []) {
    fields.push(field(`customDetails.${key}`, values, detailsOf(alert, key)))
  }
  if (rows !== undefined) fields.push(field('rows', rows, alert.rows.length))
  if (run !== undefined) {
    fields.push(field('run', formatDatetime(timeAt(run, now)), formatDatetime(alert.runTime)))
  }
  return fields
}

function detailsOf({ customDetails }: Alert, key: string): readonly string[] | null {
  return Object.hasOwn(customDetails, key) ? (customDetails[key] ?? null) : null
}

/** All entities of the alert, each the one that is expected where its identifiers have the values. */
function entitiesField(wanted: readonly ExpectedEntity[], { entities }: Alert): FieldCheck {
  const partners = mostPairs(wanted.length, entities.length, (index, at) =>
    isEntity(wanted[index] as ExpectedEntity, entities[at] as Alert['entities'][number]),
  )
  return {
    field: 'entities',
    expected: wanted.map(entityData),
    got: entities.map(({ type, identifiers }) => ({ [type]: identifiers })),
    same: wanted.length === entities.length && partners.every(partner => partner !== undefined),
  }
}

function entityData({ type, identifiers }: ExpectedEntity): Record<string, unknown> {
  return { [type]: Object.fromEntries(identifiers) }
}

function isEntity(
  { type, identifiers }: ExpectedEntity,
  entity: Alert['entities'][number],
): boolean {
  return (
    entity.type === type &&
    [...identifiers].every(
      ([name, value]) =>
        Object.hasOwn(entity.identifiers, name) && entity.identifiers[name] === value,
    )
  )
}

/** What of an incident is expected, beside what it is. */
export function incidentFields(expected: ExpectedIncident, incident: Incident): FieldCheck[] {
  const { title, severity, alerts } = expected
  return [
    ...(title === undefined ? [] : [field('title', title, incident.title)]),
    ...(severity === undefined ? [] : [field('severity', severity, incident.severity)]),
    ...(alerts === undefined ? [] : [field('alerts', alerts, incident.alertIds.length)]),
  ]
}

/**
 * The expected things that are not there, and the positions of those that nothing expects. As many as can
 * be are paired with one that matches wholly; the others with those that differ least.
 */
export function matchItems<E, G>(
  expected: readonly E[],
  got: readonly G[],
  fieldsOf: (expected: E, got: G) => readonly FieldCheck[],
  dataOf: (expected: E) => unknown,
): { readonly missing: readonly MissingItem[]; readonly unexpected: readonly number[] } {
  const partners = mostPairs(expected.length, got.length, (index, at) =>
    fieldsOf(expected[index] as E, got[at] as G).every(({ same }) => same),
  )
  const taken = new Set(partners)
  const free = new Set([...got.keys()].filter(at => !taken.has(at)))
  const open = [...partners.keys()].filter(index => partners[index] === undefined)
  const unexpected = [...free]
  const missing = open.map((index): MissingItem => {
    const each = expected[index] as E
    const pairs = [...free].map(at => ({
      at,
      differing: fieldsOf(each, got[at] as G).filter(({ same }) => !same),
    }))
    const [pair] = pairs.sort((a, b) => a.differing.length - b.differing.length)
    if (pair !== undefined) free.delete(pair.at)
    const differences = (pair?.differing ?? []).map(({ same: _, ...rest }) => rest)
    return { index, expected: dataOf(each), nearest: pair?.at, differences }
  })
  return { missing, unexpected }
}

/** An alert that is expected, for reports: as the file has it, its time as a datetime. */
export function alertData(expected: ExpectedAlert, now: bigint): Record<string, unknown> {
  const { entities, customDetails, run, ...rest } = expected
  return {
    ...rest,
    ...(entities === undefined ? {} : { entities: entities.map(entityData) }),
    ...(customDetails === undefined ? {} : { customDetails: Object.fromEntries(customDetails) }),
    ...(run === undefined ? {} : { run: formatDatetime(timeAt(run, now)) }),
  }
}
