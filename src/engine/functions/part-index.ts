import type { AnyFunction } from './parts.ts'
import { functionsOf, PART_NAMES, type PartName } from './parts.ts'

/** The names and aliases of the functions of a kind, by part. */
export type PartIndex = Readonly<
  Record<AnyFunction['kind'], Readonly<Partial<Record<PartName, readonly string[]>>>>
>

/**
 * Which part has which functions. The build puts the result in place of this module, so that no part is
 * evaluated for it.
 */
export const PART_INDEX: PartIndex = {
  scalar: namesOf('scalar'),
  aggregate: namesOf('aggregate'),
  window: namesOf('window'),
}

function namesOf(kind: AnyFunction['kind']): PartIndex[AnyFunction['kind']] {
  return Object.fromEntries(
    PART_NAMES.map(part => [part, [...functionsOf(part)[kind].keys()]] as const).filter(
      ([, names]) => names.length > 0,
    ),
  )
}
