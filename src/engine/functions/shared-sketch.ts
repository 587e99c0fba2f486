import type { Dynamic } from '../../types/dynamic.ts'
import { HyperLogLog } from '../../types/hyper-log-log.ts'
import { TDigest } from '../../types/t-digest.ts'
import { QueryError } from './query-error.ts'

/** The sketch of a result of `hll`. Throws {@link QueryError} where the value is none. */
export function hllOf(value: Dynamic): HyperLogLog {
  return HyperLogLog.fromDynamic(value) ?? refuse('It is no result of hll, hll_if or hll_merge.')
}

/** The digest of a result of `tdigest`. Throws {@link QueryError} where the value is none. */
export function digestOf(value: Dynamic): TDigest {
  return TDigest.fromDynamic(value) ?? refuse('It is no result of tdigest or tdigest_merge.')
}

/** Adds a sketch to another. Throws {@link QueryError} where they have different accuracies. */
export function mergeHll(into: HyperLogLog, sketch: HyperLogLog): void {
  if (into.bits !== sketch.bits) refuse('Results of hll with different accuracies do not merge.')
  into.merge(sketch)
}

/** How many values all have. Throws {@link QueryError} where they have different accuracies. */
export function commonOf(sketches: readonly HyperLogLog[]): number {
  if (sketches.some(({ bits }) => bits !== sketches[0]!.bits)) {
    refuse('Results of hll with different accuracies do not intersect.')
  }
  return HyperLogLog.common(sketches)
}

/** All digests in one. Throws {@link QueryError} where they are of different types. */
export function mergeDigests(digests: readonly TDigest[]): TDigest {
  return TDigest.merged(digests) ?? refuse('Results of tdigest of different types do not merge.')
}

function refuse(message: string): never {
  throw new QueryError('KQL302', message, 0)
}
