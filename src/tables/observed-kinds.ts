import type { ScalarType } from '../types/scalar-type.ts'

/** What a value of a column without a known type looks like. */
export const SEEN_BOOL = 1
export const SEEN_LONG = 2
export const SEEN_REAL = 4
/** A text that is a date and time in ISO form. */
export const SEEN_TIME = 8
export const SEEN_TEXT = 16
export const SEEN_CONTAINER = 32

/**
 * The type of a column in which values of these kinds, a sum of the above, were seen: real holds
 * longs too, string holds times too, and dynamic everything. Where only null was seen, string.
 */
export function typeOfKinds(kinds: number): ScalarType {
  switch (kinds) {
    case 0:
    case SEEN_TEXT:
    case SEEN_TEXT | SEEN_TIME:
      return 'string'
    case SEEN_BOOL:
      return 'bool'
    case SEEN_LONG:
      return 'long'
    case SEEN_REAL:
    case SEEN_LONG | SEEN_REAL:
      return 'real'
    case SEEN_TIME:
      return 'datetime'
    default:
      return 'dynamic'
  }
}
