import { valueAt } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Expr, Plan, SamplePlan, TakePlan, TopPlan } from '../plan/nodes.ts'
import { textOf } from './condition.ts'
import type { Drop, DropContext } from './drop.ts'
import { POSITION, vectorNamed, withPosition } from './node-run.ts'
import { taken } from './taken.ts'
import type { Traced } from './traced.ts'
import { valueText } from './value-text.ts'

const LIMIT = { reason: 'limit', parts: [], otherRows: [] } as const

/** Why `take` or `sample` leaves out rows. */
export async function takeDrop(
  node: Traced,
  plan: TakePlan | SamplePlan,
  rows: readonly number[],
  { run, operator }: DropContext,
): Promise<Drop> {
  const total = node.inputs[0]?.rows.length ?? 0
  const count = await run.constant(plan.count)
  const first = (rows[0] as number) + 1
  const message =
    plan.kind === 'take'
      ? `it is row ${first} of ${total} here, and ${operator} keeps the first ${count}`
      : `${operator} chose ${count} of ${total} rows, and not this one`
  return { ...LIMIT, message }
}

/** Why `top` leaves out rows: their place in the order, and the values that decide. */
export async function topDrop(
  node: Traced,
  plan: TopPlan,
  rows: readonly number[],
  { run, places, operator }: DropContext,
): Promise<Drop> {
  const input = node.inputs[0]
  if (input === undefined) throw new InternalError('a top without an input')
  const sorted = await run.rows([withPosition(input.rows)], ([stand]): Plan => {
    const schema = [...plan.schema, { name: POSITION, type: 'long' as const }]
    return { kind: 'sort', input: stand as Plan, keys: plan.keys, schema, span: plan.span }
  })
  const positions = vectorNamed(sorted, POSITION)
  const order = Array.from({ length: sorted.length }, (_, at) => Number(valueAt(positions, at)))
  const followed = new Set(rows)
  const place = order.findIndex(position => followed.has(position))
  const kept = node.rows.length
  const exprs = plan.keys.map(({ expr }) => expr)
  const total = order.length
  const head = `it is in place ${place + 1} of ${total}, and ${operator} keeps ${kept}`
  if (kept === 0) return { ...LIMIT, message: `${operator} keeps no row` }
  const own = await run.values(exprs, taken(input.rows, [order[place] as number]))
  const last = await run.values(exprs, taken(input.rows, [order[kept - 1] as number]))
  const texts = exprs.map((expr: Expr, index) => {
    const [a, b] = [own[index], last[index]]
    if (a === undefined || b === undefined) return ''
    const shown = valueText(expr.type, valueAt(a, 0))
    return `${textOf(expr, places)} is ${shown}, of the last one kept ${valueText(expr.type, valueAt(b, 0))}`
  })
  return { ...LIMIT, message: `${head}: ${texts.join('; ')}` }
}
