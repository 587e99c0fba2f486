import { overload, scalar } from '../declare.ts'

/** @see https://learn.microsoft.com/kusto/query/binary-and-function */
export const binary_and = scalar({
  name: 'binary_and',
  naming: 'argument',
  doc: 'The bits that both numbers have. null where an argument is null.',
  examples: [{ query: 'print r = binary_and(6, 3)', rows: [{ r: 2 }] }],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.halves
        const b = y.halves
        const to = out.halves
        for (let k = 0; k < selection.length; k++) {
          const at = selection[k]! * 2
          to[at] = a[at]! & b[at]!
          to[at + 1] = a[at + 1]! & b[at + 1]!
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/binary-or-function */
export const binary_or = scalar({
  name: 'binary_or',
  naming: 'argument',
  doc: 'The bits that either number has. null where an argument is null.',
  examples: [{ query: 'print r = binary_or(5, 3)', rows: [{ r: 7 }] }],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.halves
        const b = y.halves
        const to = out.halves
        for (let k = 0; k < selection.length; k++) {
          const at = selection[k]! * 2
          to[at] = a[at]! | b[at]!
          to[at + 1] = a[at + 1]! | b[at + 1]!
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/binary-xor-function */
export const binary_xor = scalar({
  name: 'binary_xor',
  naming: 'argument',
  doc: 'The bits that exactly one of the numbers has. null where an argument is null.',
  examples: [{ query: 'print r = binary_xor(1, 3)', rows: [{ r: 2 }] }],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x, y], out, selection) {
        const a = x.halves
        const b = y.halves
        const to = out.halves
        for (let k = 0; k < selection.length; k++) {
          const at = selection[k]! * 2
          to[at] = a[at]! ^ b[at]!
          to[at + 1] = a[at + 1]! ^ b[at + 1]!
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/binary-not-function */
export const binary_not = scalar({
  name: 'binary_not',
  naming: 'argument',
  doc: 'The number with all its bits inverted. null where it is null.',
  examples: [{ query: 'print r = binary_not(100)', rows: [{ r: -101 }] }],
  overloads: [
    overload({
      params: ['long'],
      returns: 'long',
      nulls: 'propagate',
      each: value => ~value,
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/binary-shift-left-function */
export const binary_shift_left = scalar({
  name: 'binary_shift_left',
  naming: 'argument',
  doc: 'The bits of the number moved up by the shift modulo 64. null where an argument is null or the shift is negative.',
  examples: [
    { query: 'print r = binary_shift_left(1, 2)', rows: [{ r: 4 }] },
    { query: 'print r = binary_shift_left(1, -1)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      each: (value, shift) => (shift < 0n ? null : BigInt.asIntN(64, value << (shift % 64n))),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/binary-shift-right-function */
export const binary_shift_right = scalar({
  name: 'binary_shift_right',
  naming: 'argument',
  doc: 'The bits of the number moved down by the shift modulo 64; the sign stays. null where an argument is null or the shift is negative.',
  examples: [
    { query: 'print r = binary_shift_right(5, 1)', rows: [{ r: 2 }] },
    { query: 'print r = binary_shift_right(-5, 1)', rows: [{ r: -3 }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long'],
      returns: 'long',
      nulls: 'propagate',
      each: (value, shift) => (shift < 0n ? null : value >> (shift % 64n)),
    }),
  ],
})

/** How many bits of 32 are set. */
function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** @see https://learn.microsoft.com/kusto/query/bitset-count-ones-function */
export const bitset_count_ones = scalar({
  name: 'bitset_count_ones',
  naming: 'argument',
  doc: 'How many of the 64 bits of the number are set. null where it is null.',
  examples: [
    { query: 'print r = bitset_count_ones(42)', rows: [{ r: 3 }] },
    { query: 'print r = bitset_count_ones(-1)', rows: [{ r: 64 }] },
  ],
  overloads: [
    overload({
      params: ['long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x], out, selection) {
        const from = x.halves
        const to = out.halves
        for (let k = 0; k < selection.length; k++) {
          const at = selection[k]! * 2
          to[at] = countBits(from[at]!) + countBits(from[at + 1]!)
          to[at + 1] = 0
        }
      },
    }),
  ],
})
