import type { GraphMatchSyntax, GraphShortestPathsSyntax } from '../../parser/syntax.ts'
import { bindColumns, projectOf } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { collectColumns } from '../plan/expression.ts'
import type { Expr, GraphMatchPlan, GraphPlan, Plan } from '../plan/nodes.ts'
import { conjunctionOf, conjunctsOf, substitute } from '../plan/predicates.ts'
import { operator } from './declare.ts'
import { graphInput } from './graph-to-table.ts'
import { PatternNames } from './pattern-names.ts'

/** @see https://learn.microsoft.com/kusto/query/graph-match-operator */
export const graphMatch = operator('graph-match', {
  name: 'graph-match',
  doc: 'Gives a row for each way in which a pattern of nodes and edges is found in a graph.',
  examples: [
    {
      query:
        'datatable(a: string, b: string)["x", "y", "y", "z"] | make-graph a --> b with_node_id=id | graph-match (p)-[e*1..2]->(q) where p.id == "x" project to = q.id, way = map(e, b)',
      rows: [
        { to: 'y', way: ['y'] },
        { to: 'z', way: ['y', 'z'] },
      ],
    },
  ],
  bind(node, input, binder) {
    const graph = graphInput(binder, input, node.span)
    const found = graph && bindSearch(binder, node, graph)
    if (graph === undefined || found === undefined) return binder.failedPlan(node.span)
    const { names, rest, span } = found
    const cycles = node.cycles ?? 'unique_edges'
    if (cycles === 'none' && (names.isCyclic() || hasEmptyPath(names))) {
      const message = 'cycles=none of a pattern that is a cycle itself is not supported.'
      return binder.failTabular('KQL101', message, node.span)
    }
    return bindRows(binder, node, found, () => {
      const { elements, columns } = names
      const schema = columns.map(({ name, type }) => ({ name, type }))
      const match: GraphMatchPlan = {
        kind: 'graph-match',
        input: graph,
        elements,
        columns,
        cycles,
        schema,
        span,
      }
      const [first, ...more] = rest
      if (first === undefined) return match
      const predicate = conjunctionOf([first, ...more])
      return { kind: 'where', input: match, predicate, schema, span }
    })
  },
})

function hasEmptyPath({ elements }: PatternNames): boolean {
  return elements.some(element => element.kind === 'edge' && element.range?.min === 0)
}

/** A pattern, and the parts of its condition that read more than one element. */
export interface BoundSearch {
  readonly names: PatternNames
  readonly rest: readonly Expr[]
  readonly span: Plan['span']
}

/** Binds pattern and condition. Parts of the condition about one element go to that element. */
export function bindSearch(
  binder: Binder,
  node: GraphMatchSyntax | GraphShortestPathsSyntax,
  graph: GraphPlan,
): BoundSearch | undefined {
  const { patterns, where, span } = node
  const names = new PatternNames(binder, graph)
  if (!patterns.every(pattern => names.add(pattern))) return undefined
  if (!names.isConnected()) {
    binder.fail('KQL101', 'A pattern in several parts that share no node is not supported.', span)
    return undefined
  }
  const rest: Expr[] = []
  if (where !== undefined) {
    const predicate = binder.scalarOf(where, { schema: [], local: names }, 'bool')
    if (binder.isFailed(predicate)) return undefined
    for (const part of conjunctsOf(predicate)) if (!moveToElement(names, part)) rest.push(part)
  }
  return { names, rest, span }
}

/** Makes the part a filter of the element that it is about; false where it is about more. */
function moveToElement(names: PatternNames, part: Expr): boolean {
  const read = new Set<string>()
  collectColumns(part, read)
  const columns = names.read(read)
  const [first] = columns
  if (first === undefined || columns.some(({ element }) => element !== first.element)) return false
  const element = names.elements[first.element]!
  if (columns.every(({ value }) => value === 'property')) {
    const own = substitute(part, name => columns.find(column => column.name === name)?.expr)
    names.elements[first.element] = { ...element, filter: both(element.filter, own) }
    return true
  }
  // all(e, …) is a condition of each edge, or of each node between them.
  if (part.kind !== 'column' || first.value !== 'all' || element.kind !== 'edge') return false
  names.elements[first.element] = first.inner
    ? { ...element, innerFilter: both(element.innerFilter, first.expr) }
    : { ...element, filter: both(element.filter, first.expr) }
  return true
}

function both(a: Expr | undefined, b: Expr): Expr {
  return a === undefined ? b : conjunctionOf([a, b])
}

/** The rows of `match` as the columns that the operator projects. */
export function bindRows(
  binder: Binder,
  node: GraphMatchSyntax | GraphShortestPathsSyntax,
  { names, span }: BoundSearch,
  match: () => Plan,
): Plan {
  const rows = { schema: [], local: names }
  const taken = new ColumnNames()
  const bound = node.columns.flatMap(column => {
    names.whole = column.expression
    return bindColumns(binder, [column], rows, 'number', taken)
  })
  names.whole = undefined
  if (bound.some(({ expr }) => binder.isFailed(expr))) return binder.failedPlan(span)
  // What is made of several edges or nodes is dynamic, whatever it is made of.
  const columns = bound.map(({ name, expr }) => {
    const read = new Set<string>()
    collectColumns(expr, read)
    const isOfPath = names.read(read).some(({ element }) => names.isPath(element))
    return { name, expr: isOfPath ? binder.convert(expr, 'dynamic') : expr }
  })
  return projectOf(binder, match(), columns, span)
}
