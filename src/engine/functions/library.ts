import { InternalError } from '../../text/internal-error.ts'
import type { AggregateFunction, ScalarFunction } from './declare.ts'
import knownFunctions from './known-functions.json' with { type: 'json' }
import { PART_INDEX } from './part-index.ts'
import { type AnyFunction, functionsOf, PART_NAMES, type PartName } from './parts.ts'
import type { WindowFunction } from './window/declare-window.ts'

/** The functions that queries can call, by name or alias. */
export interface FunctionLibrary {
  scalar(name: string): ScalarFunction | undefined
  aggregate(name: string): AggregateFunction | undefined
  window(name: string): WindowFunction | undefined
  /** Whether KQL has a function of that name that kqlab lacks. */
  isUnsupported(name: string): boolean
  /** Names and aliases, for suggestions. */
  names(): Iterable<string>
}

/** Every built-in function, as declared: all parts are evaluated for it. */
export function everyFunction(): readonly AnyFunction[] {
  return PART_NAMES.flatMap(part => functionsOf(part).all)
}

function partsByName(kind: AnyFunction['kind']): ReadonlyMap<string, PartName> {
  const parts = new Map<string, PartName>()
  for (const part of PART_NAMES) {
    for (const name of PART_INDEX[kind][part] ?? []) {
      if (parts.has(name)) throw new InternalError(`two ${kind} functions are called ${name}`)
      parts.set(name, part)
    }
  }
  return parts
}

const SCALAR = partsByName('scalar')
const AGGREGATE = partsByName('aggregate')
const WINDOW = partsByName('window')

let known: ReadonlySet<string> | undefined

/** The functions of kqlab. */
export const LIBRARY: FunctionLibrary = {
  scalar(name) {
    const part = SCALAR.get(name)
    return part && functionsOf(part).scalar.get(name)
  },
  aggregate(name) {
    const part = AGGREGATE.get(name)
    return part && functionsOf(part).aggregate.get(name)
  },
  window(name) {
    const part = WINDOW.get(name)
    return part && functionsOf(part).window.get(name)
  },
  isUnsupported(name) {
    known ??= new Set(knownFunctions)
    return known.has(name)
  },
  *names() {
    yield* SCALAR.keys()
    yield* AGGREGATE.keys()
    yield* WINDOW.keys()
  },
}
