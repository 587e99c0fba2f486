import type {
  EvaluateSyntax,
  ExpressionSyntax,
  FacetSyntax,
  ForkSyntax,
  GraphToTableSyntax,
  NamedExpressionSyntax,
  NameSyntax,
  OperatorSyntax,
  PipeSyntax,
  QuerySyntax,
} from '../../parser/syntax.ts'
import type { Plan } from '../plan/nodes.ts'
import { inputsOf, isGraph } from '../plan/plan.ts'
import { subqueriesOf } from '../plan/rewrites/map-plan.ts'
import type { Binder } from './context.ts'
import { bindStatement } from './statements.ts'

/** One of the results of a query. */
export interface BoundResult {
  /** Undefined where none was given, by `as` or otherwise. */
  readonly name: string | undefined
  readonly plan: Plan
}

/**
 * Binds a whole query: its statements, and each of its expressions, of which one may give several
 * results.
 */
export function bindResults(binder: Binder, syntax: QuerySyntax): BoundResult[] {
  const results: BoundResult[] = []
  for (const statement of syntax.statements) {
    if (statement.kind === 'result') results.push(...bindExpression(binder, statement.expression))
    else bindStatement(binder, statement)
  }
  if (syntax.expression !== undefined) results.push(...bindExpression(binder, syntax.expression))
  return results.map(result => (isOfRows(binder, result.plan) ? result : failedResult(binder)))
}

function failedResult(binder: Binder): BoundResult {
  return { name: undefined, plan: binder.failedPlan({ start: 0, end: 0 }) }
}

/** Whether the plan gives rows, and all that is made of graphs is made of graphs; else it is reported. */
function isOfRows(binder: Binder, plan: Plan): boolean {
  const seen = new Set<Plan>()
  const visit = (node: Plan, takesGraph: boolean): boolean => {
    if (isGraph(node) && !takesGraph) {
      const hint = 'Use graph-match or graph-to-table.'
      if (node === plan) {
        binder.fail('KQL101', 'A graph as a result is not supported.', node.span, hint)
      } else binder.fail('KS137', 'A graph has no rows to give.', node.span, hint)
      return false
    }
    if (seen.has(node)) return true
    seen.add(node)
    const [first, ...rest] = inputsOf(node)
    if (first !== undefined && !visit(first, node.kind.startsWith('graph-'))) return false
    return [...rest, ...subqueriesOf(node)].every(input => visit(input, false))
  }
  return visit(plan, false)
}

function bindExpression(binder: Binder, syntax: ExpressionSyntax): BoundResult[] {
  const split = splitAtBranches(syntax)
  if (split !== undefined) return bindBranches(binder, split)
  const bound = binder.bindAny(syntax, { schema: [] })
  const name = syntax.kind === 'pipe' ? nameOf(syntax.operators) : undefined
  if (bound.kind === 'tabular') return [{ name, plan: bound.plan }]
  if (!binder.isFailed(bound.expr)) {
    binder.fail(
      'KS137',
      'The query gives a scalar, but a tabular expression is expected.',
      syntax.span,
      'Use `print …`.',
    )
  }
  return [{ name, plan: binder.failedPlan(syntax.span) }]
}

/** The name that `as` gives at the end of a pipe. */
function nameOf(operators: readonly OperatorSyntax[]): string | undefined {
  const last = operators.findLast(({ kind }) => kind !== 'render')
  return last?.kind === 'as' ? last.name.name : undefined
}

type Branches = ForkSyntax | FacetSyntax | GraphToTableSyntax | EvaluateSyntax

interface Split {
  readonly source: ExpressionSyntax
  readonly branches: Branches
  /** What stands behind: nothing but render. */
  readonly rest: readonly Extract<OperatorSyntax, { kind: 'render' }>[]
}

/** The pipe taken apart at an operator that gives several results, where one ends it. */
function splitAtBranches(syntax: ExpressionSyntax): Split | undefined {
  if (syntax.kind !== 'pipe') return undefined
  const { operators } = syntax
  const at = operators.findIndex(isBranches)
  const rest = operators.slice(at + 1).filter(operator => operator.kind === 'render')
  if (at < 0 || at + 1 + rest.length < operators.length) return undefined
  const before: PipeSyntax = { ...syntax, operators: operators.slice(0, at) }
  const branches = operators[at] as Branches
  return { source: at === 0 ? syntax.source : before, branches, rest }
}

/** Whether the operator gives several results. */
function isBranches(operator: OperatorSyntax): operator is Branches {
  if (operator.kind === 'graph-to-table') return operator.tables.length > 1
  if (operator.kind === 'evaluate') return operator.call.callee.name === 'preview'
  return operator.kind === 'fork' || operator.kind === 'facet'
}

function bindBranches(binder: Binder, { source, branches, rest }: Split): BoundResult[] {
  const input = binder.tabular(source)
  if (binder.isFailedPlan(input)) return [{ name: undefined, plan: input }]
  if (branches.kind === 'graph-to-table') return bindTables(binder, branches, input)
  const shared = binder.share(input, branches.span)
  const results = bindShared(binder, branches, shared)
  for (const render of rest) binder.operators.render.bind(render, shared, binder)
  return results
}

function bindShared(
  binder: Binder,
  branches: Exclude<Branches, GraphToTableSyntax>,
  input: Plan,
): BoundResult[] {
  switch (branches.kind) {
    case 'fork':
      return bindFork(binder, branches, input)
    case 'facet':
      return bindFacet(binder, branches, input)
    case 'evaluate':
      return bindPreview(binder, branches, input)
  }
}

/** The first rows, and how many there are. */
function bindPreview(binder: Binder, node: EvaluateSyntax, input: Plan): BoundResult[] {
  const { span } = node
  const [count, more] = node.call.arguments
  if (count === undefined || more !== undefined || node.schema !== undefined) {
    return [{ name: undefined, plan: binder.operators.evaluate.bind(node, input, binder) }]
  }
  binder.checkParameters(node.parameters, [], 'evaluate')
  const plans = [
    binder.operators.take.bind({ kind: 'take', count, span }, input, binder),
    binder.operators.count.bind({ kind: 'count', span }, input, binder),
  ]
  return plans.map(plan => ({ name: undefined, plan }))
}

function bindFork(binder: Binder, { branches }: ForkSyntax, input: Plan): BoundResult[] {
  return branches.map(({ name, operators }) => ({
    name: name?.name ?? nameOf(operators),
    plan: binder.pipe(operators, input),
  }))
}

function bindFacet(binder: Binder, node: FacetSyntax, input: Plan): BoundResult[] {
  const { operators, columns, span } = node
  const counted = columns.map(column => {
    const aggregates = [countOf(column)]
    const by = [{ names: [], expression: column, span: column.span }]
    const summarize = { kind: 'summarize', parameters: [], aggregates, by, span } as const
    const plan = binder.operators.summarize.bind(summarize, input, binder)
    return { name: undefined, plan }
  })
  if (operators === undefined) return counted
  return [{ name: nameOf(operators), plan: binder.pipe(operators, input) }, ...counted]
}

/** Each table under its name, which later expressions can read. */
function bindTables(binder: Binder, node: GraphToTableSyntax, graph: Plan): BoundResult[] {
  return node.tables.flatMap((table): BoundResult[] => {
    const { name, span } = table
    const one = { kind: 'graph-to-table', tables: [table], span } as const
    const plan = binder.operators['graph-to-table'].bind(one, graph, binder)
    if (name === undefined) return [{ name: undefined, plan }]
    const shared = binder.share(plan, span)
    binder.scope.declare(name.name, { kind: 'tabular', plan: shared })
    return [{ name: name.name, plan: shared }]
  })
}

/** `count_State = count()` */
function countOf({ name, span }: NameSyntax): NamedExpressionSyntax {
  const callee = { kind: 'name', name: 'count', span } as const
  return {
    names: [{ kind: 'name', name: `count_${name}`, span }],
    expression: { kind: 'call', callee, arguments: [], span },
    span,
  }
}
