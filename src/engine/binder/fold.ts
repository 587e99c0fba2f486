import { ColumnBatch } from '../../tables/batch.ts'
import { identityRows, valueAt } from '../../tables/vector.ts'
import type { EvaluationContext } from '../evaluator/contract.ts'
import { compile, LocatedQueryError } from '../evaluator/evaluator.ts'
import type { ScalarFunction } from '../functions/declare.ts'
import type { CallExpr, Expr } from '../plan/nodes.ts'
import type { Binder } from './context.ts'

const ONE_ROW = new ColumnBatch([], [], 1)

/** Thrown when an expression asks for what only a run knows. */
class NeedsRun extends Error {
  override readonly name = 'NeedsRun'
}

/**
 * The value of a call whose arguments are all literals, as a literal; the call itself where it has to
 * wait for the run (`now()`). A constant argument that the function does not take is reported.
 */
export function foldCall(binder: Binder, call: CallExpr, declaration: ScalarFunction): Expr {
  if (declaration.deterministic === false) return call
  if (!call.arguments.every(argument => argument.kind === 'literal')) return call
  const context: EvaluationContext = {
    get now(): bigint {
      throw new NeedsRun()
    },
    random() {
      throw new NeedsRun()
    },
    scalarFunction: name => binder.library.scalar(name),
    queryValue() {
      throw new NeedsRun()
    },
  }
  try {
    const evaluator = compile(call, [], context)
    const value = valueAt(evaluator.evaluate(ONE_ROW, identityRows(1)), 0)
    return { kind: 'literal', type: call.type, value, span: call.span }
  } catch (error) {
    if (error instanceof NeedsRun) return call
    if (error instanceof LocatedQueryError) {
      return binder.fail(error.cause.code, error.message, error.span)
    }
    throw error
  }
}
