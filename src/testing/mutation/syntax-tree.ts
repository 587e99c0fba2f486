import type { ExpressionSyntax, OperatorSyntax, QuerySyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'

/** Anything in a syntax tree that has a place. */
export interface SyntaxNode {
  readonly kind?: string
  readonly span: Span
}

/** The nodes of a tree, each before what is in it, with those around it: the nearest is last. */
export function* nodesOf(
  node: SyntaxNode,
  around: readonly SyntaxNode[] = [],
): Generator<{ readonly node: SyntaxNode; readonly around: readonly SyntaxNode[] }> {
  yield { node, around }
  const inside = [...around, node]
  for (const child of childrenOf(node)) yield* nodesOf(child, inside)
}

/** The tree with one node in place of another, which is told by identity. */
export function replaced<T extends SyntaxNode>(
  tree: T,
  node: SyntaxNode,
  replacement: SyntaxNode,
): T {
  return mapped(tree, value => (value === node ? replacement : undefined)) as T
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.entries(node).flatMap(([name, value]) => (name === 'span' ? [] : nodesIn(value)))
}

function nodesIn(value: unknown): SyntaxNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return isNode(value) ? [value] : []
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'span' in value
}

/** The value with what `replace` gives for the parts of it that it knows. */
function mapped(value: unknown, replace: (value: unknown) => unknown): unknown {
  const other = replace(value)
  if (other !== undefined) return other
  if (Array.isArray(value)) {
    const items = value.map(item => mapped(item, replace))
    return items.some((item, at) => item !== value[at]) ? items : value
  }
  if (!isNode(value)) return value
  const entries = Object.entries(value).map(([name, part]): [string, unknown] => [
    name,
    name === 'span' ? part : mapped(part, replace),
  ])
  const parts: Readonly<Record<string, unknown>> = { ...value }
  return entries.some(([name, part]) => part !== parts[name]) ? Object.fromEntries(entries) : value
}

/** The parts of a chain of one logical operator, in order. */
export function partsOf(node: ExpressionSyntax, operator: 'and' | 'or'): ExpressionSyntax[] {
  if (node.kind !== 'binary' || node.operator !== operator) return [node]
  return [...partsOf(node.left, operator), ...partsOf(node.right, operator)]
}

/** The chain of the parts, of which there is at least one. */
export function chainOf(
  [first, ...rest]: readonly [ExpressionSyntax, ...ExpressionSyntax[]],
  operator: 'and' | 'or',
): ExpressionSyntax {
  return rest.reduce<ExpressionSyntax>(
    (left, right) => ({
      kind: 'binary',
      operator,
      operatorSpan: right.span,
      left,
      right,
      span: { start: left.span.start, end: right.span.end },
    }),
    first,
  )
}

/** `not(expression)`. */
export function negation(expression: ExpressionSyntax): ExpressionSyntax {
  const { span } = expression
  return {
    kind: 'call',
    callee: { kind: 'name', name: 'not', span },
    arguments: [expression],
    span,
  }
}

/** A query, or any part of one. */
export type Syntax = QuerySyntax | ExpressionSyntax | OperatorSyntax
