import { quoteString } from '../../lexer/string-literal.ts'
import { valueAt } from '../../tables/vector.ts'
import type { ParsePlan, PatternPart, Plan } from '../plan/nodes.ts'
import { textOf } from './condition.ts'
import type { DropContext } from './drop.ts'
import { taken } from './taken.ts'
import type { Traced } from './traced.ts'
import { valueText } from './value-text.ts'

/**
 * What of a pattern a row of its input does not fit; undefined where it fits. The parts are tried from
 * the first on: of the first so many, with anything after them.
 */
export async function patternFault(
  node: Traced,
  row: number,
  { run, places }: DropContext,
): Promise<{ readonly fault: string; readonly value: string } | undefined> {
  const plan = node.ran
  const [input] = node.inputs
  if (plan.kind !== 'parse' || input === undefined) return undefined
  const one = taken(input.rows, [row])
  const fits = async (method: ParsePlan['method']): Promise<boolean> => {
    const rows = await run.rows([one], ([stand]) => ({
      ...plan,
      input: stand as Plan,
      method,
      mismatch: 'drop',
      // Of shorter patterns the later columns are not there.
      schema: input.rows.schema,
    }))
    return rows.rowCount > 0
  }
  if (await fits(plan.method)) return undefined
  const [vector] = await run.values([plan.text], one)
  const text = vector === undefined ? null : valueAt(vector, 0)
  const name = textOf(plan.text, places)
  const value = `${name} is ${valueText(plan.text.type, text)}`
  const { method } = plan
  if (method.kind === 'key-value' || method.kind === 'regex') {
    return { fault: `${name} does not match it`, value }
  }
  for (let length = 1; length <= method.pattern.length; length++) {
    const part = method.pattern[length - 1]
    if (part?.kind !== 'text') continue
    const pattern: PatternPart[] = [...method.pattern.slice(0, length), { kind: 'any' }]
    if (await fits({ ...method, pattern })) continue
    const shown = quoteString(part.text)
    if (await fits({ ...method, kind: 'relaxed', pattern })) {
      return { fault: `what stands before ${shown} has not the type of its column`, value }
    }
    const somewhere = typeof text === 'string' && text.includes(part.text)
    const where = somewhere ? `where the pattern has it in ${name}` : `in ${name}`
    return { fault: `${shown} is not found ${where}`, value }
  }
  if (await fits({ ...method, kind: 'relaxed' })) {
    return { fault: `what stands at the end of ${name} has not the type of its column`, value }
  }
  return { fault: `${name} does not end as it does`, value }
}
