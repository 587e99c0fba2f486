/** A seeded source of random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** An integer in `[0, bound)`; `bound` is at most 2^32. */
  below(bound: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One element, each equally likely; throws `RangeError` when the list is empty. */
  pick<T>(list: readonly T[]): T
  /** An invented GUID in lower case. */
  guid(): string
  /** `length` characters of a base64url-like alphabet, as token identifiers have. */
  token(length: number): string
}

const HEX = Array.from({ length: 65536 }, (_, i) => i.toString(16).padStart(4, '0'))
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The element at `index`; throws `RangeError` when there is none. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new RangeError(`no element ${index} in a list of ${list.length}`)
  return value
}

/** A xoshiro128** generator whose state is filled by splitmix32 from `seed`. */
export function createRandom(seed: number): Random {
  let mix = seed | 0
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) | 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let d = splitmix()

  const next = (): number => {
    const scrambled = Math.imul(b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
  const below = (bound: number): number => Math.floor((next() / 4294967296) * bound)

  return {
    below,
    chance: probability => next() < probability * 4294967296,
    pick: list => at(list, below(list.length)),
    guid() {
      const w = next()
      const x = next()
      const y = next()
      const z = next()
      return `${HEX[w >>> 16]}${HEX[w & 0xffff]}-${HEX[x >>> 16]}-${HEX[(x & 0x0fff) | 0x4000]}-${HEX[((y >>> 16) & 0x3fff) | 0x8000]}-${HEX[y & 0xffff]}${HEX[z >>> 16]}${HEX[z & 0xffff]}`
    },
    token(length) {
      let text = ''
      while (text.length < length) {
        // Five characters of six bits from each 32-bit number.
        let bits = next()
        for (let k = 0; k < 5 && text.length < length; k++) {
          text += ALPHABET[bits & 63]
          bits >>>= 6
        }
      }
      return text
    },
  }
}
