import { childrenOf, mapChildren } from '../expression.ts'
import type {
  AggregateExpr,
  Expr,
  GraphMatchPlan,
  GraphPathsPlan,
  GraphPlan,
  PatternElement,
  Plan,
} from '../nodes.ts'

/**
 * The same as {@link mapInputs} for a rewrite of one plan: shared nodes are plans of their own, which
 * have been rewritten before.
 */
export function mapOwnInputs(plan: Plan, map: (input: Plan) => Plan): Plan {
  return plan.kind === 'shared' ? plan : mapInputs(plan, map)
}

/** The node with `map` applied to its inputs; the same node where none changed. */
export function mapInputs(plan: Plan, map: (input: Plan) => Plan): Plan {
  switch (plan.kind) {
    case 'scan':
    case 'external':
    case 'values':
    case 'range':
    case 'context':
      return plan
    case 'join': {
      const left = map(plan.left)
      const right = map(plan.right)
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right }
    }
    case 'union':
    case 'evaluate': {
      const inputs = plan.inputs.map(map)
      return inputs.every((input, index) => input === plan.inputs[index])
        ? plan
        : { ...plan, inputs }
    }
    case 'make-graph': {
      const input = map(plan.input)
      const nodes = plan.nodes.map(node => ({ ...node, plan: map(node.plan) }))
      return { ...plan, input, nodes }
    }
    case 'graph-components':
    case 'graph-table':
    case 'graph-match':
    case 'graph-paths':
      return { ...plan, input: mapGraph(plan.input, map) }
    case 'mv-apply':
    case 'partition': {
      const input = map(plan.input)
      const body = map(plan.body)
      return input === plan.input && body === plan.body ? plan : { ...plan, input, body }
    }
    default: {
      const input = map(plan.input)
      return input === plan.input ? plan : { ...plan, input }
    }
  }
}

/** A graph stays one: what is mapped is what it is made of. */
function mapGraph(plan: GraphPlan, map: (input: Plan) => Plan): GraphPlan {
  return mapInputs(plan, map) as GraphPlan
}

/**
 * The node with `map` applied to each expression of its own; inputs are left as they are. A filter or a
 * projection of which no expression changed is the same node.
 */
export function mapExpressions(plan: Plan, map: (expr: Expr) => Expr): Plan {
  const named = <T extends { readonly expr: Expr }>(items: readonly T[]): readonly T[] => {
    let isSame = true
    const mapped = items.map(item => {
      const expr = map(item.expr)
      if (expr === item.expr) return item
      isSame = false
      return { ...item, expr }
    })
    return isSame ? items : mapped
  }
  switch (plan.kind) {
    case 'external':
      return { ...plan, addresses: plan.addresses.map(map) }
    case 'where': {
      const predicate = map(plan.predicate)
      return predicate === plan.predicate ? plan : { ...plan, predicate }
    }
    case 'project': {
      const columns = named(plan.columns)
      return columns === plan.columns ? plan : { ...plan, columns }
    }
    case 'summarize':
      return {
        ...plan,
        keys: named(plan.keys),
        aggregates: plan.aggregates.map(
          (item): AggregateExpr => ({ ...item, arguments: item.arguments.map(map) }),
        ),
      }
    case 'join':
      return {
        ...plan,
        keys: plan.keys.map(key => ({ left: map(key.left), right: map(key.right) })),
      }
    case 'parse':
      return { ...plan, text: map(plan.text) }
    case 'graph-match':
    case 'graph-paths':
      return mapPattern(plan, map)
    case 'sequence':
      return {
        ...plan,
        declared: named(plan.declared),
        steps: plan.steps.map(step => ({
          ...step,
          condition: map(step.condition),
          assignments: named(step.assignments),
        })),
      }
    case 'mv-expand':
    case 'mv-apply':
      return {
        ...plan,
        columns: named(plan.columns),
        ...(plan.limit === undefined ? {} : { limit: map(plan.limit) }),
      }
    case 'make-series':
      return {
        ...plan,
        values: plan.values.map(value => ({ ...value, default: map(value.default) })),
        step: map(plan.step),
        ...(plan.from === undefined ? {} : { from: map(plan.from) }),
        ...(plan.to === undefined ? {} : { to: map(plan.to) }),
      }
    case 'sort':
      return { ...plan, keys: named(plan.keys) }
    case 'top':
      return { ...plan, keys: named(plan.keys), count: map(plan.count) }
    case 'take':
    case 'sample':
      return { ...plan, count: map(plan.count) }
    case 'partition-top':
      return {
        ...plan,
        partition: plan.partition.map(map),
        keys: named(plan.keys),
        ...(plan.count === undefined ? {} : { count: map(plan.count) }),
      }
    case 'range':
      return { ...plan, from: map(plan.from), to: map(plan.to), step: map(plan.step) }
    case 'evaluate':
      return { ...plan, options: named(plan.options) }
    case 'window':
      return {
        ...plan,
        columns: plan.columns.map(item => ({ ...item, arguments: item.arguments.map(map) })),
      }
    default:
      return plan
  }
}

function mapPattern<P extends GraphMatchPlan | GraphPathsPlan>(
  plan: P,
  map: (expr: Expr) => Expr,
): P {
  const elements = plan.elements.map(
    (element): PatternElement => ({
      ...element,
      ...(element.filter && { filter: map(element.filter) }),
      ...(element.kind === 'edge' &&
        element.innerFilter && { innerFilter: map(element.innerFilter) }),
    }),
  )
  const columns = plan.columns.map(column => ({ ...column, expr: map(column.expr) }))
  const pairs = plan.kind === 'graph-paths' && plan.pairs && { pairs: map(plan.pairs) }
  return { ...plan, elements, columns, ...pairs }
}

/** The expression with `map` applied to the plan of each subquery in it. */
export function mapSubqueries(expr: Expr, map: (plan: Plan) => Plan): Expr {
  if (expr.kind === 'query') return { ...expr, plan: map(expr.plan) }
  return mapChildren(expr, child => mapSubqueries(child, map))
}

/** The expressions of a node of its own. */
export function expressionsOf(plan: Plan): Expr[] {
  const expressions: Expr[] = []
  mapExpressions(plan, expr => {
    expressions.push(expr)
    return expr
  })
  return expressions
}

/** The plans of the subqueries in the expressions of a node, without those of its inputs. */
export function subqueriesOf(plan: Plan): Plan[] {
  const plans: Plan[] = []
  for (const expr of expressionsOf(plan)) addSubqueries(expr, plans)
  return plans
}

function addSubqueries(expr: Expr, plans: Plan[]): void {
  if (expr.kind === 'query') plans.push(expr.plan)
  else for (const child of childrenOf(expr)) addSubqueries(child, plans)
}
