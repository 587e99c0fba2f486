import type { NamedExpressionSyntax } from '../../parser/syntax.ts'
import type { Binder } from '../binder/context.ts'
import type { NamedExpr, Plan } from '../plan/nodes.ts'
import { bindKeys } from './summarize.ts'

/** The key that a column makes; undefined, after a report, where the operand is anything else. */
export function columnsAsKeys(
  binder: Binder,
  operand: NamedExpressionSyntax,
  input: Plan,
): NamedExpr[] | undefined {
  if (operand.names.length > 0 || operand.expression.kind !== 'name') {
    binder.fail(
      'KS109',
      'A column name is expected.',
      operand.span,
      'Compute it before, with extend.',
    )
    return undefined
  }
  return bindKeys(binder, [operand], input)
}
