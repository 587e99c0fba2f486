import { type ColumnBatch, concat } from '../../../tables/batch.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import type { DiagnosticCode } from '../../../text/codes.ts'
import { InternalError } from '../../../text/internal-error.ts'
import { LocatedQueryError } from '../../evaluator/evaluator.ts'
import { QueryError } from '../../functions/query-error.ts'
import type { EvaluatePlan, Plan } from '../../plan/nodes.ts'
import { collect } from '../collect.ts'
import type { Run } from '../run.ts'

/** The rows that stood before the plugin, as it wants them. */
export function inputOf(plan: EvaluatePlan): Plan {
  const [input] = plan.inputs
  if (input === undefined) throw new InternalError(`no input of ${plan.plugin}`)
  return input
}

/** The value of a constant argument; undefined where it was not given. */
export async function optionOf(
  plan: EvaluatePlan,
  name: string,
  run: Run,
): Promise<ScalarValue | undefined> {
  const option = plan.options.find(item => item.name === name)
  if (option === undefined) return undefined
  const { constant } = await run.compile(option.expr, [])
  if (constant === undefined) throw new InternalError(`${name} of ${plan.plugin} is not constant`)
  return constant.value
}

/** A fault of the call that only its run shows. */
export function faultOf(plan: EvaluatePlan, code: DiagnosticCode, message: string): Error {
  return new LocatedQueryError(new QueryError(code, message), plan.span)
}

/** All rows of an input, as one batch without a selection. */
export async function allRows(plan: EvaluatePlan, run: Run, index = 0): Promise<ColumnBatch> {
  const input = plan.inputs[index]
  if (input === undefined) throw new InternalError(`no input ${index} of ${plan.plugin}`)
  return concat(input.schema, await collect(input, run, plan.plugin))
}
