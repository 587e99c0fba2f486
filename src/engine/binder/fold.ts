import { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { identityRows, valueAt } from '../../tables/vector.ts'
import { LimitError } from '../../text/limit-error.ts'
import type { Span } from '../../text/span.ts'
import type { EvaluationContext } from '../evaluator/contract.ts'
import { compile, LocatedQueryError, prepareCall } from '../evaluator/evaluator.ts'
import type { Accumulator, ScalarFunction } from '../functions/declare.ts'
import { QueryError } from '../functions/query-error.ts'
import { isRunConstant } from '../plan/expression.ts'
import type { CallExpr, Expr } from '../plan/nodes.ts'
import type { Binder } from './context.ts'

const ONE_ROW = new ColumnBatch([], [], 1)

/** Thrown when an expression asks for what only a run knows. */
const NEEDS_RUN = new Error('there is no run')

/**
 * The value of a call whose arguments are all literals, as a literal; the call itself where it has to
 * wait for the run (`now()`, or a package that the run loads). A constant argument that the function does
 * not take is reported, and so is a type.
 */
export function foldCall(binder: Binder, call: CallExpr, declaration: ScalarFunction): Expr {
  const literals = call.arguments.filter(argument => argument.kind === 'literal').length
  const overload = declaration.overloads[call.overload]
  const folds =
    literals === call.arguments.length &&
    declaration.deterministic !== false &&
    overload?.needs === undefined
  if (!folds && literals === 0 && overload?.refusesTypes === undefined) return call
  let context = contexts.get(binder)
  if (context === undefined) {
    context = contextOf(binder)
    contexts.set(binder, context)
  }
  try {
    if (folds) {
      const evaluator = compile(call, [], context)
      const value = valueAt(evaluator.evaluate(ONE_ROW, identityRows(1)), 0)
      return { kind: 'literal', type: call.type, value, span: call.span }
    }
    // What is prepared here is prepared again for the run; here it shows whether the literals are taken.
    prepareCall(call, declaration, call.arguments.map(literalValue), context)
    return call
  } catch (error) {
    if (error instanceof LocatedQueryError) {
      return binder.fail(error.cause.code, error.message, error.span)
    }
    // The run fails with it, and says so.
    if (error === NEEDS_RUN || error instanceof LimitError) return call
    throw error
  }
}

/** The fault of an argument that varies where the overload takes a constant; undefined where none does. */
export function refuseVarying(
  binder: Binder,
  { constants = [] }: { readonly constants?: readonly number[] },
  args: readonly Expr[],
): Expr | undefined {
  for (const position of constants) {
    const argument = args[position]
    if (argument === undefined || isRunConstant(argument)) continue
    return binder.fail('KS120', 'The argument must be constant.', argument.span)
  }
  return undefined
}

/** Reports a literal argument that the aggregate does not take; whether all are taken. */
export function takesLiterals(
  binder: Binder,
  { init }: Accumulator,
  args: readonly Expr[],
  span: Span,
): boolean {
  try {
    init(
      1,
      args.map(literalValue),
      args.map(argument => argument.type),
    )
    return true
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const at = error.argument === undefined ? undefined : args[error.argument]
    binder.fail(error.code, error.message, at?.span ?? span)
    return false
  }
}

function literalValue(expr: Expr): ScalarValue | undefined {
  return expr.kind === 'literal' ? expr.value : undefined
}

const contexts = new WeakMap<Binder, EvaluationContext>()

/** Gives what the binder knows; for the rest there must be a run. */
function contextOf(binder: Binder): EvaluationContext {
  return {
    get now(): bigint {
      throw NEEDS_RUN
    },
    random() {
      throw NEEDS_RUN
    },
    get geoip(): never {
      throw NEEDS_RUN
    },
    scalarFunction: name => binder.library.scalar(name),
    queryValue() {
      throw NEEDS_RUN
    },
  }
}
