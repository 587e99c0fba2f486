import type { DynamicVector, Vector } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { HyperLogLog, registerBits } from '../../../types/hyper-log-log.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { type DigestType, TDigest } from '../../../types/t-digest.ts'
import { xxHash64 } from '../../../types/xx-hash.ts'
import { type Accumulator, accumulator, aggregate, type Constants } from '../declare.ts'
import { dynamicBytes } from '../hashed-bytes.ts'
import { QueryError } from '../query-error.ts'
import { digestOf, hllOf, mergeDigests, mergeHll } from '../shared-sketch.ts'
import { conditionalOverloads } from './shared-condition.ts'
import {
  addDistinct,
  type DistinctState,
  distinctState,
  distinctValues,
  mergeDistinct,
} from './shared-distinct.ts'
import {
  PERCENTILE_TYPES,
  type PercentileState,
  type PercentileType,
  percentileResultType,
  percentileState,
} from './shared-percentiles.ts'

interface HllState extends DistinctState {
  readonly bits: number
}

function bitsOf(accuracy: Constants[number]): number {
  const bits = registerBits(Number(accuracy ?? 1))
  if (bits === undefined) throw new QueryError('KS128', 'An accuracy is 0, 1, 2, 3 or 4.', 1)
  return bits
}

/** @see https://learn.microsoft.com/kusto/query/hll-aggregation-function */
export const hll = aggregate({
  name: 'hll',
  doc: "Sketch (HyperLogLog) of the distinct values of the group, for `dcount_hll` and `hll_merge`; null of nothing. Up to 1024 values it is exact; of more the standard error is 1.6, 0.8, 0.4, 0.28 or 0.2 % for the accuracies 0 to 4; 1 where it is not given. Nulls are skipped. What the sketch holds is not Kusto's.",
  examples: [
    {
      query: 'range x from 1 to 10 step 1 | summarize h = hll(x % 4) | project n = dcount_hll(h)',
      rows: [{ n: 4 }],
    },
  ],
  overloads: [
    accumulator({
      params: ['scalar', 'long'],
      required: 1,
      constants: [1],
      returns: 'dynamic',
      nulls: 'skip',
      init(groups, constants, types): HllState {
        const type = types[0] as ScalarType
        if (type === 'real' || type === 'bool') {
          throw new QueryError('KS106', `hll takes no values of type ${type}.`, 0)
        }
        const bits = bitsOf(constants[1])
        return { ...distinctState(groups, type, Number.POSITIVE_INFINITY), bits }
      },
      update: (state, args: readonly Vector[], groupOf, selection) =>
        addDistinct(state, args[0]!, groupOf, selection),
      merge: mergeDistinct,
      finish(state: HllState, group) {
        const values = distinctValues(state, group)
        if (values.length === 0) return null
        const sketch = new HyperLogLog(state.bits)
        for (const value of values) sketch.add(xxHash64(dynamicBytes(value)))
        return sketch.toDynamic()
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/hll-if-aggregation-function */
export const hll_if = aggregate({
  name: 'hll_if',
  doc: 'Sketch of the distinct values of the rows for which the predicate is true; null is not true. Otherwise as `hll`.',
  examples: [
    {
      query:
        'range x from 1 to 10 step 1 | summarize h = hll_if(x, x > 7) | project n = dcount_hll(h)',
      rows: [{ n: 3 }],
    },
  ],
  overloads: conditionalOverloads(hll),
})

interface Sketches<T> {
  sketches: T[]
}

/** @see https://learn.microsoft.com/kusto/query/hll-merge-aggregation-function */
export const hll_merge = aggregate({
  name: 'hll_merge',
  doc: 'Sketch of all values of the sketches of the group; null of nothing. Nulls are skipped; sketches of different accuracies are an error, as is what is no sketch.',
  examples: [
    {
      query:
        'range x from 1 to 6 step 1 | summarize h = hll(x) by x % 2 | summarize h = hll_merge(h) | project n = dcount_hll(h)',
      rows: [{ n: 6 }],
    },
  ],
  overloads: [
    accumulator({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'skip',
      init: (): Sketches<HyperLogLog> => ({ sketches: [] }),
      update: (state, [vector], groupOf, selection) =>
        eachDynamic(vector, selection, (row, value) => {
          addSketch(state, groupOf[row]!, hllOf(value))
        }),
      merge(a, b, into) {
        b.sketches.forEach((sketch, g) => {
          addSketch(a, into[g]!, sketch)
        })
      },
      finish: (state, group): Dynamic => state.sketches[group]?.toDynamic() ?? null,
    }),
  ],
})

function addSketch({ sketches }: Sketches<HyperLogLog>, group: number, sketch: HyperLogLog): void {
  const present = sketches[group]
  if (present === undefined) sketches[group] = sketch
  else mergeHll(present, sketch)
}

function eachDynamic(
  vector: DynamicVector,
  selection: Uint32Array,
  take: (row: number, value: Dynamic) => void,
): void {
  for (const row of selection) take(row, vector.at(row))
}

function digestOverload(type: PercentileType, weighted: boolean): Accumulator {
  const result = percentileResultType(type) as DigestType
  return accumulator({
    params: weighted ? [type, 'long'] : [type],
    returns: 'dynamic',
    nulls: 'skip',
    init: () => percentileState(type, []),
    update(state: PercentileState, args: readonly Vector[], groupOf, selection) {
      state.log.add(args[0]!, weighted ? args[1] : undefined, groupOf, selection)
    },
    merge: (a, b, into) => a.log.addAll(b.log, into),
    finish(state, group): Dynamic {
      const { values, weights } = state.log.ascending(group)
      const digest = TDigest.of(result, result === 'long' ? wholeValues(values) : values, weights)
      return digest.values.length === 0 ? null : digest.toDynamic()
    },
  })
}

/** Ints are kept as reals in the log. */
function wholeValues(values: Float64Array | BigInt64Array): ArrayLike<bigint> {
  return values instanceof Float64Array ? Array.from(values, BigInt) : values
}

/** @see https://learn.microsoft.com/kusto/query/tdigest-aggregation-function */
export const tdigest = aggregate({
  name: 'tdigest',
  doc: "Digest (t-digest) of the values of the group, which may have whole weights, for `percentile_tdigest` and `tdigest_merge`; null of nothing. Up to 2048 different values it is exact; of more, ranks are off by less than 0.2 % of the number of values. Nulls and weights below 1 are skipped. What the digest holds is not Kusto's.",
  examples: [
    {
      query:
        'datatable(v:real, w:long)[1.0, 1, 2.0, 2] | summarize d = tdigest(v, w) | project p = percentile_tdigest(d, 50)',
      rows: [{ p: 2 }],
    },
  ],
  overloads: [
    ...PERCENTILE_TYPES.map(type => digestOverload(type, false)),
    ...PERCENTILE_TYPES.map(type => digestOverload(type, true)),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/tdigest-merge-aggregation-function */
export const tdigest_merge = aggregate({
  name: 'tdigest_merge',
  aliases: ['merge_tdigest'],
  doc: 'Digest of all values of the digests of the group; null of nothing. Nulls are skipped; digests of different types are an error, as is what is no digest. Where there are more than 2048 different values, each merge may move ranks by 0.2 % of the number of values.',
  examples: [
    {
      query:
        'range x from 1 to 6 step 1 | summarize d = tdigest(x) by x % 2 | summarize d = tdigest_merge(d) | project p = percentile_tdigest(d, 50)',
      rows: [{ p: 3 }],
    },
  ],
  naming: { prefix: 'merge_tdigests' },
  overloads: [
    accumulator({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'skip',
      init: (): Sketches<TDigest[]> => ({ sketches: [] }),
      update: (state, [vector], groupOf, selection) =>
        eachDynamic(vector, selection, (row, value) => {
          addDigests(state, groupOf[row]!, [digestOf(value)])
        }),
      merge(a, b, into) {
        b.sketches.forEach((digests, g) => {
          addDigests(a, into[g]!, digests)
        })
      },
      finish(state, group): Dynamic {
        const digests = state.sketches[group]
        return digests === undefined ? null : mergeDigests(digests).toDynamic()
      },
    }),
  ],
})

/** Digests that wait to be merged: many at once cost less, and lose less. */
const WAITING = 64

function addDigests(
  { sketches }: Sketches<TDigest[]>,
  group: number,
  digests: readonly TDigest[],
): void {
  const waiting = [...(sketches[group] ?? []), ...digests]
  sketches[group] = waiting.length < WAITING ? waiting : [mergeDigests(waiting)]
}
