import type { DynamicVector, Vector } from '../../tables/vector.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { dynamicKey } from '../../types/dynamic.ts'

const real = new Float64Array(1)
const realWords = new Int32Array(real.buffer)
/** What a null is hashed as. */
const NULL_HASH = 0x5bd1e995

/**
 * Writes a hash of each row's key, 32 bits, to `out`: equal keys, as a `KeyIndex` has it, have equal
 * hashes. Other seeds give other hashes.
 */
export function hashKeys(
  keys: readonly Vector[],
  rows: Uint32Array,
  seed: number,
  out: Uint32Array,
): void {
  for (let k = 0; k < rows.length; k++) out[rows[k]!] = seed
  for (const key of keys) {
    const hash = valueHash(key)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      const own = key.isNull(row) ? NULL_HASH : hash(row)
      out[row] = mixed(out[row]! ^ own)
    }
  }
}

/** The hash of the value in a row that is not null. */
function valueHash(vector: Vector): (row: number) => number {
  switch (vector.type) {
    case 'string':
    case 'guid': {
      const { codes, dict, dictionary } = vector
      if (!dictionary) return row => textHash(dict[codes[row]!]!)
      const known = new Map<number, number>()
      return row => {
        const code = codes[row]!
        let hash = known.get(code)
        if (hash === undefined) {
          hash = textHash(dict[code]!)
          known.set(code, hash)
        }
        return hash
      }
    }
    case 'bool':
    case 'int':
    case 'real': {
      const { values } = vector
      return row => realHash(values[row]!)
    }
    case 'decimal':
      return row => textHash(formatDecimal(vector.values[row]!))
    case 'dynamic':
      return row => textHash(dynamicKey((vector as DynamicVector).at(row)))
    default: {
      const { halves } = vector
      return row => mixed(halves[row * 2]!) ^ halves[row * 2 + 1]!
    }
  }
}

/** 0 and -0 are one, and so is each NaN. */
function realHash(value: number): number {
  real[0] = Number.isNaN(value) ? Number.NaN : value + 0
  return mixed(realWords[0]!) ^ realWords[1]!
}

function textHash(text: string): number {
  let hash = text.length
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i)
  return hash | 0
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
