import { collectColumns } from '../../engine/plan/expression.ts'
import type { Expr, Plan, ProjectPlan } from '../../engine/plan/nodes.ts'
import { expressionsOf, mapExpressions, mapInputs } from '../../engine/plan/rewrites/map-plan.ts'
import { plansIn } from '../../engine/plan/walk.ts'
import { mapSubqueryExprs } from './subqueries.ts'

/**
 * The plan with the inputs of each union in the order in which they are worth a try: first those that
 * have most of the columns which the query computes with.
 */
export function withRichestFirst(plan: Plan): Plan {
  const read = columnsRead(plan)
  const richness = ({ schema }: Plan): number => schema.filter(({ name }) => read.has(name)).length
  // What is read in several places stays one plan.
  const ordered = new Map<Plan, Plan>()
  const order = (node: Plan): Plan => {
    const done = ordered.get(node)
    if (done !== undefined) return done
    const own = mapExpressions(mapInputs(node, order), expr =>
      mapSubqueryExprs(expr, query => ({ ...query, plan: order(query.plan) })),
    )
    const made =
      own.kind === 'union'
        ? { ...own, inputs: own.inputs.toSorted((a, b) => richness(b) - richness(a)) }
        : own
    ordered.set(node, made)
    return made
  }
  return order(plan)
}

/** The columns that expressions read, those of aggregates, which may be all, aside. */
function columnsRead(plan: Plan): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of plansIn(plan)) {
    if (node.kind === 'summarize') continue
    for (const expr of node.kind === 'project' ? changesOf(node) : expressionsOf(node)) {
      collectColumns(expr, names)
    }
  }
  return names
}

/** What a projection makes, beside the columns that stay as they are. */
function changesOf({ columns }: ProjectPlan): Expr[] {
  return columns.flatMap(({ name, expr }) =>
    expr.kind === 'column' && expr.name === name ? [] : [expr],
  )
}
