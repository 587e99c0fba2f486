import { ExecutionError, type ExecutionOptions, executePlan } from '../../engine/execution.ts'
import { childrenOf, mapChildren } from '../../engine/plan/expression.ts'
import type { Expr, Plan } from '../../engine/plan/nodes.ts'
import { inputsOf } from '../../engine/plan/plan.ts'
import {
  expressionsOf,
  mapExpressions,
  mapInputs,
  subqueriesOf,
} from '../../engine/plan/rewrites/map-plan.ts'
import { type ScalarValue, valueAt } from '../../tables/vector.ts'

/** Rows of a part that are kept; a longer one is run in vain. */
const MOST = 10_000

/**
 * The plan with the parts that read no table which rows are looked for computed: `datatable`s,
 * watchlists, what the caller gave for `externaldata`.
 */
export async function withKnownRows(plan: Plan, options: ExecutionOptions): Promise<Plan> {
  const known = new Map<Plan, Plan>()
  const decided = new Map<Plan, boolean>()
  const visit = async (node: Plan): Promise<void> => {
    if (known.has(node)) return
    known.set(node, node)
    if (isKnown(node, options, decided) && node.kind !== 'values') {
      known.set(node, await computed(node, options))
      return
    }
    for (const input of [...inputsOf(node), ...subqueriesOf(node)]) await visit(input)
  }
  await visit(plan)
  // What is read in several places stays one plan.
  const replaced = new Map<Plan, Plan>()
  const replace = (node: Plan): Plan => {
    const done = replaced.get(node)
    if (done !== undefined) return done
    const found = known.get(node) ?? node
    const made =
      found === node
        ? mapExpressions(mapInputs(node, replace), expr => inSubqueries(expr, replace))
        : found
    replaced.set(node, made)
    return made
  }
  return replace(plan)
}

function inSubqueries(expr: Expr, replace: (plan: Plan) => Plan): Expr {
  if (expr.kind === 'query') return { ...expr, plan: replace(expr.plan) }
  return mapChildren(expr, child => inSubqueries(child, replace))
}

function isKnown(plan: Plan, options: ExecutionOptions, decided: Map<Plan, boolean>): boolean {
  const before = decided.get(plan)
  if (before !== undefined) return before
  const isKnownNow = reads(plan, options, decided)
  decided.set(plan, isKnownNow)
  return isKnownNow
}

/** Whether what the plan reads is known. */
function reads(plan: Plan, options: ExecutionOptions, decided: Map<Plan, boolean>): boolean {
  switch (plan.kind) {
    case 'scan':
      return options.tables.has(plan.table)
    case 'external':
      return options.externalData !== undefined
    case 'context':
    case 'late':
      return false
    default:
      return (
        [...inputsOf(plan), ...subqueriesOf(plan)].every(input =>
          isKnown(input, options, decided),
        ) && !expressionsOf(plan).some(isRandom)
      )
  }
}

function isRandom(expr: Expr): boolean {
  return (expr.kind === 'call' && expr.varies === true) || childrenOf(expr).some(isRandom)
}

/** The plan as its rows; as it is where there are too many of them, or where it fails, as the query will. */
async function computed(plan: Plan, options: ExecutionOptions): Promise<Plan> {
  const rows: ScalarValue[][] = []
  try {
    for await (const batch of executePlan(plan, options)) {
      for (const row of batch.rows) {
        rows.push(batch.columns.map(column => valueAt(column, row)))
        if (rows.length > MOST) return plan
      }
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof ExecutionError) return plan
    throw error
  }
  return { kind: 'values', schema: plan.schema, span: plan.span, rows }
}
