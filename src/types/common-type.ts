import { isNumeric, type ScalarType } from './scalar-type.ts'

const WIDTH = { int: 0, long: 1, real: 2, decimal: 3 } as const

/**
 * The type that all of the types convert to without loss of meaning: the widest number, or the one
 * type beside dynamics; undefined when there is none.
 */
export function commonType(types: readonly ScalarType[]): ScalarType | undefined {
  let common: ScalarType | undefined
  for (const type of types) {
    if (common === undefined || common === type || common === 'dynamic') common = type
    else if (isNumeric(common) && isNumeric(type)) {
      if (WIDTH[type] > WIDTH[common]) common = type
    } else if (type !== 'dynamic') return undefined
  }
  return common
}
