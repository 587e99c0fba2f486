import type { PathStep } from '../../tables/source.ts'

/** A row of a fixture: the values of the columns that matter, as JSON has them. */
export type FixtureRow = Readonly<Record<string, unknown>>

/** The rows of a fixture by table. */
export type FixtureTables = Readonly<Record<string, readonly FixtureRow[]>>

/** The rows of a table; none where the fixture does not have it. */
export function rowsOf(tables: FixtureTables, name: string): readonly FixtureRow[] {
  return (Object.hasOwn(tables, name) ? tables[name] : undefined) ?? []
}

/**
 * The places of a row that hold a value: those inside of objects and arrays, and empty ones; where `nulls`,
 * elements of arrays that are null too, without which those after them have no place.
 */
export function leavesOf(
  value: unknown,
  nulls = false,
  at: readonly PathStep[] = [],
): (readonly PathStep[])[] {
  const isElement = typeof at.at(-1) === 'number'
  if (value === null || value === undefined) return nulls && isElement ? [at] : []
  const inside = Array.isArray(value)
    ? value.flatMap((item, index) => leavesOf(item, nulls, [...at, index]))
    : typeof value === 'object'
      ? Object.entries(value).flatMap(([name, item]) => leavesOf(item, nulls, [...at, name]))
      : []
  return inside.length > 0 ? inside : at.length > 0 ? [at] : []
}

/** What is at a place. */
export function valueAtPath(value: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>((inside, step) => {
    if (typeof inside !== 'object' || inside === null) return undefined
    return Object.hasOwn(inside, step)
      ? (inside as Readonly<Record<PathStep, unknown>>)[step]
      : undefined
  }, value)
}

/**
 * The value with nothing but what is at these places. Before an element of an array that is kept, those
 * that are not are null.
 */
export function keptOnly(value: unknown, paths: readonly (readonly PathStep[])[]): unknown {
  if (paths.some(path => path.length === 0)) return value
  const bySteps = Map.groupBy(paths, ([step]) => step)
  if (Array.isArray(value)) {
    const last = Math.max(-1, ...[...bySteps.keys()].map(Number))
    return value.slice(0, last + 1).map((item, index) => {
      const inside = bySteps.get(index)
      return inside === undefined ? null : keptOnly(item, inside.map(rest))
    })
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
    const inside = bySteps.get(name)
    return inside === undefined ? [] : [[name, keptOnly(item, inside.map(rest))]]
  })
  return Object.fromEntries(entries)
}

/** The value without elements of arrays that are null. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(item => item !== null).map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutEmpty(item)]))
}

function rest(path: readonly PathStep[]): readonly PathStep[] {
  return path.slice(1)
}

/** The value with another one at a place. */
export function withValue(value: unknown, path: readonly PathStep[], other: unknown): unknown {
  const [step, ...inside] = path
  if (step === undefined) return other
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? withValue(item, inside, other) : item))
  }
  const object = typeof value === 'object' && value !== null ? value : {}
  return Object.fromEntries(
    Object.entries(object).map(([name, item]) => [
      name,
      name === step ? withValue(item, inside, other) : item,
    ]),
  )
}

/** The value with each text in it, names of members aside, replaced. */
export function mapTexts(
  value: unknown,
  map: (text: string, path: readonly PathStep[]) => string,
  at: readonly PathStep[] = [],
): unknown {
  if (typeof value === 'string') return map(value, at)
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, map, [...at, index]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapTexts(item, map, [...at, name])]),
  )
}
