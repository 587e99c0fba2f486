import type { ColumnBatch } from '../../tables/batch.ts'
import { ColumnBatch as Batch } from '../../tables/batch.ts'
import type { DynamicVector, ScalarValue, Vector } from '../../tables/vector.ts'
import { identityRows, valueAt } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { indexOfColumn, type Schema } from '../../types/schema.ts'
import type {
  Constants,
  FunctionContext,
  Implementation,
  ScalarFunction,
} from '../functions/declare.ts'
import { QueryError } from '../functions/query-error.ts'
import type { CallExpr, Expr } from '../plan/nodes.ts'
import { ConstantSource } from './constant-vector.ts'
import type { EvaluationContext, Evaluator, Filter } from './contract.ts'
import { extractPath } from './extract-path.ts'
import { invoke } from './invoke.ts'

const NO_COLUMNS = new Batch([], [], 1)

function constantEvaluator(type: ScalarType, value: ScalarValue): Evaluator {
  const source = new ConstantSource(type, value)
  return { type, constant: { value }, evaluate: batch => source.ofLength(batch.length) }
}

/** An error of a function at one of its arguments, placed in the query. */
export class LocatedQueryError extends Error {
  override readonly cause: QueryError
  readonly span: Span

  constructor(cause: QueryError, span: Span) {
    super(cause.message)
    this.cause = cause
    this.span = span
  }
}

/**
 * The evaluator of an expression over batches of `schema`. Throws {@link LocatedQueryError} where a
 * constant argument has a value that its function does not take, such as a pattern that is not a
 * regular expression.
 */
export function compile(expr: Expr, schema: Schema, context: EvaluationContext): Evaluator {
  switch (expr.kind) {
    case 'literal':
      return constantEvaluator(expr.type, expr.value)
    case 'query':
      return constantEvaluator(expr.type, context.queryValue(expr))
    case 'column': {
      const index = indexOfColumn(schema, expr.name)
      if (index < 0) throw new InternalError(`column ${expr.name} is not in the batch`)
      return {
        type: expr.type,
        constant: undefined,
        evaluate: batch => batch.columns[index] as Vector,
      }
    }
    case 'path': {
      const target = compile(expr.target, schema, context)
      const { steps } = expr
      const evaluator: Evaluator = {
        type: 'dynamic',
        constant: undefined,
        evaluate: (batch, selection) =>
          extractPath(target.evaluate(batch, selection) as DynamicVector, steps, selection),
      }
      return target.constant === undefined ? evaluator : folded(evaluator)
    }
    case 'call':
      return compileCall(expr, schema, context)
  }
}

/** The evaluator of a constant expression with its value computed now. */
function folded(evaluator: Evaluator): Evaluator {
  const vector = evaluator.evaluate(NO_COLUMNS, identityRows(1))
  return constantEvaluator(evaluator.type, valueAt(vector, 0))
}

function compileCall(expr: CallExpr, schema: Schema, context: EvaluationContext): Evaluator {
  const declaration = context.scalarFunction(expr.function)
  const overload = declaration?.overloads[expr.overload]
  if (declaration === undefined || overload === undefined) {
    throw new InternalError(`no overload ${expr.overload} of ${expr.function}`)
  }
  const args = expr.arguments.map(argument => compile(argument, schema, context))
  const constants = args.map(argument => argument.constant?.value)
  const deterministic = declaration.deterministic !== false
  const implementation = prepareCall(expr, declaration, constants, context)
  const apply = invoke(implementation, overload.nulls, expr.type, args, deterministic)
  const evaluate: Evaluator['evaluate'] = (batch, selection) =>
    locating(expr, () => apply(batch, selection))
  const evaluator: Evaluator = { type: expr.type, constant: undefined, evaluate }
  const fold = deterministic && args.every(argument => argument.constant !== undefined)
  return fold ? locating(expr, () => folded(evaluator)) : evaluator
}

/**
 * The implementation of a call whose constant arguments have these values.
 * @throws LocatedQueryError where one is none that the function takes.
 */
export function prepareCall(
  expr: CallExpr,
  declaration: ScalarFunction,
  constants: Constants,
  context: FunctionContext,
): Implementation {
  const overload = declaration.overloads[expr.overload]
  if (overload === undefined) throw new InternalError(`no overload of ${expr.function}`)
  const types = expr.arguments.map(argument => argument.type)
  return locating(expr, () => overload.implement(constants, context, types))
}

/** What `make` gives; an error about an argument of the call is placed there. */
function locating<T>(expr: CallExpr, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const at = error.argument === undefined ? undefined : expr.arguments[error.argument]
    throw new LocatedQueryError(error, at?.span ?? expr.span)
  }
}

function partsOf(expr: Expr, name: string): readonly Expr[] | undefined {
  return expr.kind === 'call' && expr.function === name ? expr.arguments : undefined
}

/**
 * The filter of a bool expression. Of a conjunction, each further part is evaluated only for the
 * rows that are left; of a disjunction, only for those not taken yet.
 */
export function compileFilter(expr: Expr, schema: Schema, context: EvaluationContext): Filter {
  const conjuncts = partsOf(expr, 'and')
  if (conjuncts !== undefined) {
    const parts = conjuncts.map(part => compileFilter(part, schema, context))
    return (batch, selection) => {
      let rows = selection
      for (const part of parts) {
        if (rows.length === 0) break
        rows = part(batch, rows)
      }
      return rows
    }
  }
  const disjuncts = partsOf(expr, 'or')
  if (disjuncts !== undefined) {
    const parts = disjuncts.map(part => compileFilter(part, schema, context))
    return (batch, selection) => anyOf(parts, batch, selection)
  }
  const evaluator = compile(expr, schema, context)
  if (evaluator.constant !== undefined) {
    const keeps = evaluator.constant.value === true
    return (_, selection) => (keeps ? selection : selection.subarray(0, 0))
  }
  return (batch, selection) => trueRows(evaluator.evaluate(batch, selection), selection)
}

function trueRows(vector: Vector, selection: Uint32Array): Uint32Array {
  if (vector.type !== 'bool') throw new InternalError(`a predicate of type ${vector.type}`)
  const { values, nulls } = vector
  const kept = new Uint32Array(selection.length)
  let count = 0
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    if (values[row] === 1 && (nulls === undefined || nulls[row] === 0)) kept[count++] = row
  }
  return kept.subarray(0, count)
}

function anyOf(parts: readonly Filter[], batch: ColumnBatch, selection: Uint32Array): Uint32Array {
  const taken = new Uint8Array(batch.length)
  let left = selection
  for (const part of parts) {
    const kept = part(batch, left)
    if (kept.length === 0) continue
    for (let k = 0; k < kept.length; k++) taken[kept[k]!] = 1
    left = left.filter(row => taken[row] === 0)
    if (left.length === 0) return selection
  }
  return selection.filter(row => taken[row] === 1)
}
