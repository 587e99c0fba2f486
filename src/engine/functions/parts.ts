import { InternalError } from '../../text/internal-error.ts'
import type { AggregateFunction, ScalarFunction } from './declare.ts'
import * as addresses from './parts/addresses.ts'
import * as aggregates from './parts/aggregates.ts'
import * as calendar from './parts/calendar.ts'
import * as dynamics from './parts/dynamics.ts'
import * as everyday from './parts/everyday.ts'
import * as geography from './parts/geography.ts'
import * as mathematics from './parts/mathematics.ts'
import * as operators from './parts/operators.ts'
import * as series from './parts/series.ts'
import * as statistics from './parts/statistics.ts'
import * as texts from './parts/texts.ts'
import * as userAgents from './parts/user-agents.ts'
import * as windows from './parts/windows.ts'
import type { WindowFunction } from './window/declare-window.ts'

/** A built-in function, as declared. */
export type AnyFunction = ScalarFunction | AggregateFunction | WindowFunction

/**
 * The families of functions, in parts by what uses them together: a query needs few, and none is
 * evaluated before it is asked for. See docs/adr/0018-start-up.md.
 */
const PARTS = {
  operators: () => operators,
  everyday: () => everyday,
  dynamics: () => dynamics,
  texts: () => texts,
  addresses: () => addresses,
  calendar: () => calendar,
  mathematics: () => mathematics,
  geography: () => geography,
  series: () => series,
  'user-agents': () => userAgents,
  aggregates: () => aggregates,
  statistics: () => statistics,
  windows: () => windows,
} as const

/** The name of a part. */
export type PartName = keyof typeof PARTS

/** The names of all parts, in the order in which their functions are told. */
export const PART_NAMES = Object.keys(PARTS) as readonly PartName[]

const loaded = new Map<PartName, Functions>()

/** The functions of a part, by kind and by name or alias. */
interface Functions {
  readonly all: readonly AnyFunction[]
  readonly scalar: ReadonlyMap<string, ScalarFunction>
  readonly aggregate: ReadonlyMap<string, AggregateFunction>
  readonly window: ReadonlyMap<string, WindowFunction>
}

/** The functions of the part, which is evaluated for it the first time. */
export function functionsOf(part: PartName): Functions {
  let functions = loaded.get(part)
  if (functions === undefined) {
    functions = declaredIn(Object.values<object>(PARTS[part]()))
    loaded.set(part, functions)
  }
  return functions
}

function declaredIn(families: readonly object[]): Functions {
  const all = families.flatMap(family => Object.values(family).filter(isFunction))
  return {
    all,
    scalar: indexed(all, 'scalar'),
    aggregate: indexed(all, 'aggregate'),
    window: indexed(all, 'window'),
  }
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'object' && value !== null && 'kind' in value && 'overloads' in value
}

function indexed<K extends AnyFunction['kind']>(
  functions: readonly AnyFunction[],
  kind: K,
): ReadonlyMap<string, Extract<AnyFunction, { kind: K }>> {
  const byName = new Map<string, Extract<AnyFunction, { kind: K }>>()
  for (const declaration of functions) {
    if (declaration.kind !== kind) continue
    for (const name of [declaration.name, ...(declaration.aliases ?? [])]) {
      if (byName.has(name)) throw new InternalError(`two ${kind} functions are called ${name}`)
      byName.set(name, declaration as Extract<AnyFunction, { kind: K }>)
    }
  }
  return byName
}
