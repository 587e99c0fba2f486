import type { Vector } from '../../../tables/vector.ts'
import { InternalError } from '../../../text/internal-error.ts'
import { realFromDecimal } from '../../../types/decimal.ts'
import { realFromHalves } from '../../../types/number.ts'

/**
 * The values of a bool, numeric or time vector as reals, by row; bools are 0 and 1, times their
 * ticks. Only the rows of `selection` are filled, and null rows are arbitrary.
 */
export function realsOf(vector: Vector, selection: Uint32Array): Float64Array {
  if (vector.type === 'real') return vector.values
  const reals = new Float64Array(vector.length)
  switch (vector.type) {
    case 'bool': {
      const { values } = vector
      for (let k = 0; k < selection.length; k++) reals[selection[k]!] = values[selection[k]!]!
      return reals
    }
    case 'int': {
      const { values } = vector
      for (let k = 0; k < selection.length; k++) reals[selection[k]!] = values[selection[k]!]!
      return reals
    }
    case 'decimal': {
      const { values } = vector
      for (let k = 0; k < selection.length; k++) {
        reals[selection[k]!] = realFromDecimal(values[selection[k]!]!)
      }
      return reals
    }
    case 'long':
    case 'datetime':
    case 'timespan': {
      const { halves } = vector
      for (let k = 0; k < selection.length; k++) {
        reals[selection[k]!] = realFromHalves(halves, selection[k]!)
      }
      return reals
    }
    default:
      throw new InternalError(`${vector.type} has no reals`)
  }
}
