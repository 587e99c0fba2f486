import type { ScalarValue } from '../../../tables/vector.ts'
import { convertScalar, realFromDynamic } from '../../../types/convert.ts'
import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import { SCALAR_TYPES } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { QueryError } from '../query-error.ts'
import { commonOf, digestOf, hllOf, mergeDigests, mergeHll } from '../shared-sketch.ts'

/** @see https://learn.microsoft.com/kusto/query/dcount-hll-function */
export const dcount_hll = scalar({
  name: 'dcount_hll',
  needsRun: true,
  naming: 'name-and-argument',
  doc: 'Number of distinct values of a sketch that `hll`, `hll_if` or `hll_merge` gave, with their error; null for null. What is no sketch is an error.',
  examples: [
    {
      query:
        'range x from 1 to 10 step 1 | extend y = x + 10 | summarize a = hll(x), b = hll(y) | project n = dcount_hll(hll_merge(a, b))',
      rows: [{ n: 20 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'long',
      nulls: 'propagate',
      each: value => BigInt(hllOf(value).estimate()),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/hll-merge-function */
export const hll_merge = scalar({
  name: 'hll_merge',
  needsRun: true,
  naming: { always: 'hll_merged_result' },
  doc: 'Sketch of the values of all the sketches; nulls are left out, and null of nulls alone. Sketches of different accuracies are an error, as is what is no sketch.',
  examples: [
    {
      query:
        'range x from 1 to 3 step 1 | summarize a = hll(x), b = hll(x * 2) | project n = dcount_hll(hll_merge(a, b))',
      rows: [{ n: 5 }],
    },
  ],
  overloads: [
    merging(values => {
      const [first, ...others] = values.map(hllOf)
      for (const other of others) mergeHll(first!, other)
      return first!.toDynamic()
    }),
  ],
})

/** What the plugin `dcount_intersect` comes to, for each of its columns. */
export const $dcount_intersect = scalar({
  name: '$dcount_intersect',
  needsRun: true,
  doc: 'Number of distinct values that all the sketches have; null where one is null. Sketches of different accuracies are an error, as is what is no sketch.',
  examples: [
    {
      query:
        'range x from 1 to 9 step 1 | summarize a = hll(x), b = hll(x * 3) | evaluate dcount_intersect(a, b) | project n = s1',
      rows: [{ n: 3 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      rest: 'dynamic',
      returns: 'long',
      nulls: 'propagate',
      each: (...values) => BigInt(commonOf(values.map(hllOf))),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/tdigest-merge-function */
export const tdigest_merge = scalar({
  name: 'tdigest_merge',
  needsRun: true,
  aliases: ['merge_tdigest'],
  naming: { always: 'tdigests_merge_result' },
  doc: 'Digest of the values of all the digests; nulls are left out, and null of nulls alone. Digests of different types are an error, as is what is no digest.',
  examples: [
    {
      query:
        'range x from 1 to 10 step 1 | extend y = x + 10 | summarize a = tdigest(x), b = tdigest(y) | project p = percentile_tdigest(tdigest_merge(a, b), 100, typeof(long))',
      rows: [{ p: 20 }],
    },
  ],
  overloads: [merging(values => mergeDigests(values.map(digestOf)).toDynamic())],
})

/** Two dynamics or more, of which those that are not null are merged. */
function merging(merge: (values: readonly Dynamic[]) => Dynamic): ScalarOverload {
  return overload({
    params: ['dynamic', 'dynamic'],
    rest: 'dynamic',
    returns: 'dynamic',
    nulls: 'handled',
    prepare: () => ({
      each(...values: readonly Dynamic[]) {
        const given = values.filter(value => value !== null)
        return given.length === 0 ? null : merge(given)
      },
    }),
  })
}

/** Throws {@link QueryError} where the number is no percentile. */
function checked(percent: number | null): number {
  if (percent !== null && percent >= 0 && percent <= 100) return percent
  throw new QueryError('KS128', 'A percentile is a number from 0 to 100.', 1)
}

/** @see https://learn.microsoft.com/kusto/query/percentile-tdigest-function */
export const percentile_tdigest = scalar({
  name: 'percentile_tdigest',
  needsRun: true,
  naming: 'name-and-argument',
  doc: 'Nearest-rank percentile of a digest that `tdigest` or `tdigest_merge` gave, with their error: a dynamic, or of the type that a `typeof` says. null for null. What is no digest is an error, as is a percentile below 0 or above 100.',
  examples: [
    {
      query:
        'range x from 1 to 100 step 1 | summarize d = tdigest(x) | project p = percentile_tdigest(d, 90, typeof(long))',
      rows: [{ p: 90 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'real'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (value, percent) => digestOf(value).percentile(checked(percent)),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/percentile-array-tdigest-function */
export const percentiles_array_tdigest = scalar({
  name: 'percentiles_array_tdigest',
  needsRun: true,
  naming: { prefix: 'percentile_tdigest' },
  doc: 'Array of nearest-rank percentiles of a digest, in the order asked for: as arguments, or as one array, behind which a `typeof` may say their type. Otherwise as `percentile_tdigest`.',
  examples: [
    {
      query:
        'range x from 1 to 100 step 1 | summarize d = tdigest(x) | project p = percentiles_array_tdigest(d, 50, 99)',
      rows: [{ p: [50, 99] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'real'],
      rest: 'real',
      returns: 'dynamic',
      nulls: 'propagate',
      prepare: () => ({
        each(value: Dynamic, ...percents: number[]) {
          const digest = digestOf(value)
          return percents.map(percent => digest.percentile(checked(percent)))
        },
      }),
    }),
    overload({
      params: ['dynamic', 'dynamic', 'string'],
      required: 2,
      constants: [2],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare([, , name]) {
        const convert = elementConversion(name)
        return {
          each(value: Dynamic, percents: Dynamic) {
            const digest = digestOf(value)
            if (!isArray(percents)) return null
            return percents.map(percent =>
              convert(digest.percentile(checked(realFromDynamic(percent)))),
            )
          },
        }
      },
    }),
  ],
})

/** The conversion that a `typeof` behind the percentiles asks for. */
function elementConversion(name: ScalarValue | undefined): (value: Dynamic) => Dynamic {
  if (name === undefined) return value => value
  const type = SCALAR_TYPES.find(item => item === name)
  if (type === undefined) throw new QueryError('KS128', 'A scalar type is expected.', 2)
  const pack = packer(type)
  return value => pack(convertScalar(value, 'dynamic', type))
}

/** @see https://learn.microsoft.com/kusto/query/rank-tdigest-function */
export const rank_tdigest = scalar({
  name: 'rank_tdigest',
  needsRun: true,
  doc: 'How many values of a digest are not above the value, with the error of `tdigest`; null for null and where the value is of another type. What is no digest is an error.',
  examples: [
    {
      query:
        'range x from 1 to 1000 step 1 | summarize d = tdigest(x) | project r = rank_tdigest(d, 685)',
      rows: [{ r: 685 }],
    },
  ],
  overloads: [ranking((rank, _total) => rank)],
})

/** @see https://learn.microsoft.com/kusto/query/percentrank-tdigest-function */
export const percentrank_tdigest = scalar({
  name: 'percentrank_tdigest',
  needsRun: true,
  doc: 'How many percent of the values of a digest are not above the value. Otherwise as `rank_tdigest`.',
  examples: [
    {
      query:
        'range x from 1 to 1000 step 1 | summarize d = tdigest(x) | project r = percentrank_tdigest(d, 685)',
      rows: [{ r: 68.5 }],
    },
  ],
  overloads: [ranking((rank, total) => (rank * 100) / total)],
})

function ranking(result: (rank: number, total: number) => number): ScalarOverload {
  return overload({
    params: ['dynamic', 'scalar'],
    returns: 'real',
    nulls: 'propagate',
    prepare(_constants, _context, [, type]) {
      const pack = packer(type!)
      return {
        each(digest: Dynamic, value: ScalarValue) {
          const read = digestOf(digest)
          const rank = read.rank(pack(value))
          return rank === null ? null : result(rank, read.total)
        },
      }
    },
  })
}
