import { valueAt } from '../../tables/vector.ts'
import type { MvApplyPlan, MvExpandPlan } from '../plan/nodes.ts'
import { nearestFailure, textOf } from './condition.ts'
import type { Drop, DropContext } from './drop.ts'
import { joinDrop } from './drop-join.ts'
import { takeDrop, topDrop } from './drop-order.ts'
import { patternFault } from './drop-parse.ts'
import { taken } from './taken.ts'
import type { Traced } from './traced.ts'
import { valueText } from './value-text.ts'

const PLAIN = { parts: [], otherRows: [] } as const

/**
 * Why a node leaves out the rows of one of its inputs; `undefined` for a body, whose own operators
 * have to be asked.
 */
export async function dropOf(
  node: Traced,
  input: number,
  rows: readonly number[],
  context: DropContext,
): Promise<Drop | undefined> {
  const plan = node.ran
  const { operator } = context
  const nothing = { ...PLAIN, reason: 'step', message: `${operator} gives no row for it` } as const
  switch (plan.kind) {
    case 'where':
      return operator === 'consume' ? nothing : conditionDrop(node, rows, context)
    case 'join':
      return joinDrop(node, plan, input, rows, context)
    case 'mv-expand':
      return expandDrop(node, plan, rows, context)
    case 'parse': {
      const fault = await patternFault(node, rows[0] as number, context)
      const why = fault === undefined ? 'does not match' : `does not match: ${fault.fault}`
      const value = fault === undefined ? '' : `; ${fault.value}`
      return { ...PLAIN, reason: 'no-pattern', message: `the pattern ${why}${value}` }
    }
    case 'take':
    case 'sample':
      return takeDrop(node, plan, rows, context)
    case 'top':
      return topDrop(node, plan, rows, context)
    case 'partition-top': {
      const message = 'other rows of its group come before it'
      return { ...PLAIN, reason: 'limit', message }
    }
    case 'sequence':
      return { ...PLAIN, reason: 'step', message: 'no step of scan gives it' }
    case 'make-series': {
      const message = 'it has no point on the grid of the series'
      return { ...PLAIN, reason: 'step', message }
    }
    case 'mv-apply':
      return (await expandsToNone(node, plan, rows, context))
        ? expandDrop(node, plan, rows, context)
        : undefined
    case 'partition':
      return undefined
    default:
      return nothing
  }
}

async function conditionDrop(
  node: Traced,
  rows: readonly number[],
  { run, places }: DropContext,
): Promise<Drop> {
  const plan = node.ran
  const [input] = node.inputs
  if (plan.kind !== 'where' || input === undefined) return { ...PLAIN, ...UNKNOWN }
  const { row, parts } = await nearestFailure(plan, input.rows, rows, run, places)
  if (parts.length === 0) return { ...PLAIN, ...UNKNOWN, row }
  const told = parts.map(({ message }) => message).join('; ')
  const message =
    rows.length === 1
      ? told
      : `none of the ${rows.length} rows made of it passes, the nearest not by ${told}`
  return {
    reason: 'condition',
    message,
    parts: parts.map(({ place, text, operands }) => ({ place, text, operands })),
    otherRows: [],
    row,
  }
}

const UNKNOWN = {
  reason: 'condition',
  message: 'the condition was not true of it, but is when it is computed again: it varies',
} as const

type Expansion = MvExpandPlan | MvApplyPlan

async function expandDrop(
  node: Traced,
  { columns, limit }: Expansion,
  rows: readonly number[],
  { run, places }: DropContext,
): Promise<Drop> {
  const input = node.inputs[0]
  const exprs = columns.map(({ expr }) => expr)
  const vectors =
    input === undefined ? [] : await run.values(exprs, taken(input.rows, rows.slice(0, 1)))
  if (limit !== undefined && (await run.constant(limit)) === 0n) {
    return { ...PLAIN, reason: 'limit', message: 'limit 0 leaves no element' }
  }
  const texts = exprs.map((expr, index) => {
    const vector = vectors[index]
    const value = vector === undefined ? null : valueAt(vector, 0)
    return `${textOf(expr, places)} is ${valueText(expr.type, value)}`
  })
  const rest = exprs.length === 1 ? 'which has no element' : 'and none has an element'
  return { ...PLAIN, reason: 'no-element', message: `${texts.join(', ')}, ${rest}` }
}

async function expandsToNone(
  node: Traced,
  plan: MvApplyPlan,
  rows: readonly number[],
  { run }: DropContext,
): Promise<boolean> {
  const expanded = await expandedRows(node, plan, rows[0] as number, run)
  return expanded.rowCount === 0
}

/** The rows that mv-apply expands a row to: what stands for the rows at hand in its body. */
export async function expandedRows(
  node: Traced,
  { columns, itemIndex, limit, span }: MvApplyPlan,
  row: number,
  run: DropContext['run'],
): Promise<Traced['rows']> {
  const [input] = node.inputs
  if (input === undefined) return node.rows
  const schema = [...input.rows.schema]
  for (const { name, type } of columns) {
    const index = schema.findIndex(column => column.name === name)
    if (index < 0) schema.push({ name, type })
    else schema[index] = { name, type }
  }
  if (itemIndex !== undefined) schema.push({ name: itemIndex, type: 'long' })
  return run.rows([taken(input.rows, [row])], ([stand]) => ({
    kind: 'mv-expand',
    input: stand ?? input.plan,
    columns,
    bagKind: 'bag',
    schema,
    span,
    ...(itemIndex === undefined ? {} : { itemIndex }),
    ...(limit === undefined ? {} : { limit }),
  }))
}
