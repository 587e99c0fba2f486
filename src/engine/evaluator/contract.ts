import type { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue, Vector } from '../../tables/vector.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { FunctionContext, ScalarFunction } from '../functions/declare.ts'
import type { QueryExpr } from '../plan/nodes.ts'

/** Where compiled expressions find functions, time, and the results of subqueries. */
export interface EvaluationContext extends FunctionContext {
  scalarFunction(name: string): ScalarFunction | undefined
  /** The value of a subquery, computed before the expression is compiled. */
  queryValue(expr: QueryExpr): ScalarValue
}

/** An expression ready to be applied to batches of one schema. */
export interface Evaluator {
  readonly type: ScalarType
  /** The value, where it is the same for all rows of the run. */
  readonly constant: { readonly value: ScalarValue } | undefined
  /** Of a bool, the rows for which it is true, where that takes less than {@link evaluate}. */
  readonly select?: Filter
  /** A vector that holds the values at the positions in `selection`; others are arbitrary. */
  evaluate(batch: ColumnBatch, selection: Uint32Array): Vector
}

/** Positions in `selection` for which a predicate is true, in order. */
export type Filter = (batch: ColumnBatch, selection: Uint32Array) => Uint32Array
