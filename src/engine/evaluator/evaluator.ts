import type { ColumnBatch } from '../../tables/batch.ts'
import { ColumnBatch as Batch } from '../../tables/batch.ts'
import type { BoolVector, DynamicVector, ScalarValue, Vector } from '../../tables/vector.ts'
import { identityRows, trueRows, valueAt } from '../../tables/vector.ts'
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
import { isRunConstant, varies } from '../plan/expression.ts'
import type { CallExpr, Expr } from '../plan/nodes.ts'
import { bySpeed, conjunctsOf } from '../plan/predicates.ts'
import { ConstantSource } from './constant-vector.ts'
import type { EvaluationContext, Evaluator, Filter } from './contract.ts'
import { extractPath } from './extract-path.ts'
import { invoke } from './invoke.ts'
import { OverDictionary } from './over-dictionary.ts'
import { rangeFilter } from './range-filter.ts'

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
  const name = columnOfDictionary(expr, schema, context)
  if (name === undefined) return compileNode(expr, schema, context, compile)
  const index = indexOfColumn(schema, name)
  const column = schema[index] as Schema[number]
  const of = compileEach(expr, [column], context)
  return of.constant === undefined ? new OverDictionary(of, column, index) : of
}

type Compile = typeof compile

/** {@link compile}, but each row is evaluated by itself. */
const compileEach: Compile = (expr, schema, context) =>
  compileNode(expr, schema, context, compileEach)

/** The one column that the expression computes its value of, where that may have a dictionary. */
function columnOfDictionary(
  expr: Expr,
  schema: Schema,
  context: EvaluationContext,
): string | undefined {
  if (expr.kind !== 'call' && expr.kind !== 'path') return undefined
  // Its value is there already.
  if (expr.kind === 'call' && expr.function === 'tostring' && isColumn(expr.arguments[0])) {
    return undefined
  }
  const name = onlyColumn(expr, undefined, context)
  if (typeof name !== 'string') return undefined
  const type = schema[indexOfColumn(schema, name)]?.type
  return type === 'string' || type === 'guid' || type === 'dynamic' ? name : undefined
}

function isColumn(expr: Expr | undefined): boolean {
  return expr?.kind === 'column'
}

/**
 * The column that the expression reads, beside `known`; undefined where it reads none; null where they
 * are several, or it may have another value when it is evaluated again.
 */
function onlyColumn(
  expr: Expr,
  known: string | undefined,
  context: EvaluationContext,
): string | undefined | null {
  if (expr.kind === 'column') return known === undefined || known === expr.name ? expr.name : null
  if (expr.kind === 'path') return onlyColumn(expr.target, known, context)
  if (expr.kind !== 'call') return known
  if (expr.varies === true) return null
  if (context.scalarFunction(expr.function)?.deterministic === false) return null
  let name: string | undefined | null = known
  for (const argument of expr.arguments) {
    if (name === null) return null
    name = onlyColumn(argument, name, context)
  }
  return name
}

function compileNode(
  expr: Expr,
  schema: Schema,
  context: EvaluationContext,
  compileChild: Compile,
): Evaluator {
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
      const target = compileChild(expr.target, schema, context)
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
      return compileCall(expr, schema, context, compileChild)
  }
}

/** The evaluator of a constant expression with its value computed now. */
function folded(evaluator: Evaluator): Evaluator {
  const vector = evaluator.evaluate(NO_COLUMNS, identityRows(1))
  return constantEvaluator(evaluator.type, valueAt(vector, 0))
}

function compileCall(
  expr: CallExpr,
  schema: Schema,
  context: EvaluationContext,
  compileChild: Compile,
): Evaluator {
  const declaration = context.scalarFunction(expr.function)
  const overload = declaration?.overloads[expr.overload]
  if (declaration === undefined || overload === undefined) {
    throw new InternalError(`no overload ${expr.overload} of ${expr.function}`)
  }
  const args = expr.arguments.map(argument => compileChild(argument, schema, context))
  const constants = args.map(argument => argument.constant?.value)
  const deterministic = declaration.deterministic !== false
  const implementation = prepareCall(expr, declaration, constants, context)
  const apply = invoke(implementation, overload.nulls, expr.type, args)
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

/** The parts of a conjunction: first those that look at no dynamic, which takes longest. */
function inOrder(conjuncts: readonly Expr[], schema: Schema): readonly Expr[] {
  // What is drawn anew for each row is drawn as written.
  if (conjuncts.some(varies)) return conjuncts
  const { quick, slow } = bySpeed(conjuncts, schema)
  return [...quick, ...slow]
}

/**
 * The filter of a bool expression. Of a conjunction, each further part is evaluated only for the
 * rows that are left; of a disjunction, only for those not taken yet.
 */
export function compileFilter(expr: Expr, schema: Schema, context: EvaluationContext): Filter {
  const conjuncts = conjunctsOf(expr)
  if (conjuncts.length > 1) {
    const parts = inOrder(conjuncts, schema).map(part => compileFilter(part, schema, context))
    return (batch, selection) => {
      let rows = selection
      for (const part of parts) {
        if (rows.length === 0) break
        rows = part(batch, rows)
      }
      return rows
    }
  }
  if (expr.kind === 'call' && expr.function === 'or') {
    const parts = expr.arguments.map(part => compileFilter(part, schema, context))
    return (batch, selection) => anyOf(parts, batch, selection)
  }
  const evaluator = compile(expr, schema, context)
  if (evaluator.constant !== undefined) {
    const keeps = evaluator.constant.value === true
    return (_, selection) => (keeps ? selection : selection.subarray(0, 0))
  }
  if (evaluator.type !== 'bool') throw new InternalError(`a predicate of type ${evaluator.type}`)
  if (evaluator.select !== undefined) return evaluator.select
  const each: Filter = (batch, selection) =>
    trueRows(evaluator.evaluate(batch, selection) as BoolVector, selection)
  const constantOf = (operand: Expr) =>
    isRunConstant(operand) ? compile(operand, schema, context).constant?.value : undefined
  return rangeFilter(expr, constantOf, name => indexOfColumn(schema, name), each) ?? each
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
