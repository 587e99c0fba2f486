import type { BinarySyntax, ExpressionSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'
import { literal } from '../plan/expression.ts'
import type { Expr } from '../plan/nodes.ts'
import { substitute } from '../plan/predicates.ts'
import type { Binder } from './context.ts'
import type { Rows } from './rows.ts'
import { balanced } from './scalar-binder.ts'
import { columnTerm, type SearchTerm, searchTerm } from './search-term.ts'

/** How a predicate of search or find is bound. */
export interface SearchScope {
  readonly rows: Rows
  readonly caseSensitive: boolean
  /** What a term that is not about one column stands for. */
  term(term: SearchTerm, span: Span): Expr
}

/**
 * Binds a predicate in which texts joined by `and` and `or` are terms. A failed expression where there
 * is a fault.
 */
export function bindSearchPredicate(
  binder: Binder,
  syntax: ExpressionSyntax,
  scope: SearchScope,
): Expr {
  if (syntax.kind === 'star') return literal('bool', true, syntax.span)
  if (syntax.kind === 'binary' && (syntax.operator === 'and' || syntax.operator === 'or')) {
    return binder.nested(syntax.span, () => {
      const parts = partsOf(syntax).map(part => bindSearchPredicate(binder, part, scope))
      return balanced(binder, syntax, parts)
    })
  }
  if (syntax.kind === 'literal' && syntax.type !== 'string' && syntax.type !== 'bool') {
    return binder.fail('KQL101', 'A search term that is no string is not supported.', syntax.span)
  }
  const expr = binder.scalar(
    scope.caseSensitive ? caseSensitive(binder, syntax) : syntax,
    scope.rows,
  )
  if (binder.isFailed(expr) || expr.type === 'bool') return expr
  if (expr.kind === 'literal' && typeof expr.value === 'string') {
    return scope.term(searchTerm(expr.value, scope.caseSensitive), syntax.span)
  }
  return binder.fail('KS141', 'The expression must have the type bool.', syntax.span)
}

/** The operands of a chain of one operator, in order. */
function partsOf(syntax: BinarySyntax): ExpressionSyntax[] {
  const parts: ExpressionSyntax[] = []
  let current: ExpressionSyntax = syntax
  while (current.kind === 'binary' && current.operator === syntax.operator) {
    parts.push(current.right)
    current = current.left
  }
  parts.push(current)
  return parts.reverse()
}

/** Whether the term is in the text of any column of the schema. */
export function anyColumn(
  binder: Binder,
  schema: Schema,
  { operator, text }: SearchTerm,
  span: Span,
): Expr {
  const term = literal('string', text, span)
  // Binding each call would take seconds for the columns of all tables: once a type is enough.
  const ofType = new Map<ScalarType, Expr>()
  const parts = schema.map(({ name, type }): Expr => {
    const column: Expr = { kind: 'column', type, name, span }
    const known = ofType.get(type)
    if (known !== undefined) return substitute(known, () => column)
    const asked = binder.call(operator, [binder.convert(column, 'string'), term], span)
    ofType.set(type, asked)
    return asked
  })
  return parts.length === 0 ? literal('bool', false, span) : disjunction(parts, span)
}

/** Whether any of the parts is true: a balanced tree of calls of `or`. */
function disjunction(parts: readonly Expr[], span: Span): Expr {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const middle = parts.length >> 1
  const sides = [parts.slice(0, middle), parts.slice(middle)].map(side => disjunction(side, span))
  return { kind: 'call', type: 'bool', function: 'or', overload: 0, arguments: sides, span }
}

const CASE_SENSITIVE: ReadonlyMap<string, BinarySyntax['operator']> = new Map<
  string,
  BinarySyntax['operator']
>([
  ['=~', '=='],
  ['!~', '!='],
  ['has', 'has_cs'],
  ['!has', '!has_cs'],
  ['hasprefix', 'hasprefix_cs'],
  ['!hasprefix', '!hasprefix_cs'],
  ['hassuffix', 'hassuffix_cs'],
  ['!hassuffix', '!hassuffix_cs'],
  ['contains', 'contains_cs'],
  ['!contains', '!contains_cs'],
  ['startswith', 'startswith_cs'],
  ['!startswith', '!startswith_cs'],
  ['endswith', 'endswith_cs'],
  ['!endswith', '!endswith_cs'],
  ['like', 'like_cs'],
  ['!like', '!like_cs'],
])

/** The expression with each operator on strings in its form that tells cases apart. */
function caseSensitive(binder: Binder, syntax: ExpressionSyntax): ExpressionSyntax {
  const map = (part: ExpressionSyntax): ExpressionSyntax => caseSensitive(binder, part)
  switch (syntax.kind) {
    case 'binary': {
      if (syntax.operator === ':') return columnTerm(syntax, true)
      const operator = CASE_SENSITIVE.get(syntax.operator) ?? syntax.operator
      return { ...syntax, operator, left: map(syntax.left), right: map(syntax.right) }
    }
    case 'in': {
      if (syntax.operator === 'has_any' || syntax.operator === 'has_all') {
        const message = `${syntax.operator} in a case-sensitive search is not supported.`
        binder.fail('KQL101', message, syntax.span)
      }
      const operator = syntax.operator.replace('~', '') as typeof syntax.operator
      return { ...syntax, operator, operand: map(syntax.operand) }
    }
    case 'call':
      return { ...syntax, arguments: syntax.arguments.map(map) }
    case 'between':
      return { ...syntax, operand: map(syntax.operand) }
    default:
      return syntax
  }
}

/** Calls that the predicates of all tables may have together. */
const MAX_CALLS = 2_000_000

/**
 * Whether a predicate of so many parts, with so many terms that are asked of every column, can be had
 * for each of the schemas; that it cannot is reported.
 */
export function isAffordable(
  binder: Binder,
  parts: number,
  terms: number,
  schemas: readonly Schema[],
  span: Span,
): boolean {
  const columns = schemas.reduce((sum, schema) => sum + schema.length, 0)
  if (schemas.length * parts + columns * terms <= MAX_CALLS) return true
  const message = `The predicate is too large for ${schemas.length} tables with ${columns} columns.`
  binder.fail('KQL002', message, span, 'Name fewer tables: search in (T1, T2) …')
  return false
}
