import type { Int64Vector, IntVector } from '../../../tables/vector.ts'
import type { Accumulator } from '../declare.ts'
import { accumulator, aggregate } from '../declare.ts'

/** Two numbers combined bit by bit, for ints and for longs. */
interface BitOperation {
  ints(a: number, b: number): number
  longs(a: bigint, b: bigint): bigint
}

interface IntBits {
  seen: Uint8Array
  bits: Int32Array
}

interface LongBits {
  seen: Uint8Array
  bits: BigInt64Array
}

function overloads({ ints, longs }: BitOperation): readonly Accumulator[] {
  const addInt = (state: IntBits, group: number, value: number): void => {
    state.bits[group] = state.seen[group] === 0 ? value : ints(state.bits[group]!, value)
    state.seen[group] = 1
  }
  const addLong = (state: LongBits, group: number, value: bigint): void => {
    state.bits[group] = state.seen[group] === 0 ? value : longs(state.bits[group]!, value)
    state.seen[group] = 1
  }
  return [
    accumulator({
      params: ['int'],
      returns: 'int',
      nulls: 'skip',
      init: (groups): IntBits => ({ seen: new Uint8Array(groups), bits: new Int32Array(groups) }),
      update(state, [vector]: readonly [IntVector], groupOf, selection) {
        for (const row of selection) addInt(state, groupOf[row]!, vector.values[row]!)
      },
      merge(a, b, into) {
        for (let g = 0; g < into.length; g++) if (b.seen[g] === 1) addInt(a, into[g]!, b.bits[g]!)
      },
      finish: (state, group) => (state.seen[group] === 1 ? state.bits[group]! : null),
    }),
    accumulator({
      params: ['long'],
      returns: 'long',
      nulls: 'skip',
      init: (groups): LongBits => ({
        seen: new Uint8Array(groups),
        bits: new BigInt64Array(groups),
      }),
      update(state, [vector]: readonly [Int64Vector], groupOf, selection) {
        for (const row of selection) addLong(state, groupOf[row]!, vector.values[row]!)
      },
      merge(a, b, into) {
        for (let g = 0; g < into.length; g++) if (b.seen[g] === 1) addLong(a, into[g]!, b.bits[g]!)
      },
      finish: (state, group) => (state.seen[group] === 1 ? state.bits[group]! : null),
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/binary-all-and-aggregation-function */
export const binary_all_and = aggregate({
  name: 'binary_all_and',
  doc: 'Bitwise AND of all values of the group. Nulls are skipped; of nothing null.',
  examples: [
    { query: 'datatable(x:long)[7, 5] | summarize r = binary_all_and(x)', rows: [{ r: 5 }] },
  ],
  naming: 'argument',
  overloads: overloads({ ints: (a, b) => a & b, longs: (a, b) => a & b }),
})

/** @see https://learn.microsoft.com/kusto/query/binary-all-or-aggregation-function */
export const binary_all_or = aggregate({
  name: 'binary_all_or',
  doc: 'Bitwise OR of all values of the group. Nulls are skipped; of nothing null.',
  examples: [
    { query: 'datatable(x:long)[1, 4] | summarize r = binary_all_or(x)', rows: [{ r: 5 }] },
  ],
  naming: 'argument',
  overloads: overloads({ ints: (a, b) => a | b, longs: (a, b) => a | b }),
})

/** @see https://learn.microsoft.com/kusto/query/binary-all-xor-aggregation-function */
export const binary_all_xor = aggregate({
  name: 'binary_all_xor',
  doc: 'Bitwise XOR of all values of the group. Nulls are skipped; of nothing null.',
  examples: [
    { query: 'datatable(x:long)[7, 5] | summarize r = binary_all_xor(x)', rows: [{ r: 2 }] },
  ],
  naming: 'argument',
  overloads: overloads({ ints: (a, b) => a ^ b, longs: (a, b) => a ^ b }),
})
