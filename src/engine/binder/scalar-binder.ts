import type {
  BetweenSyntax,
  BinarySyntax,
  ExpressionSyntax,
  IndexSyntax,
  InSyntax,
  LiteralSyntax,
  MemberSyntax,
  NameSyntax,
  UnarySyntax,
} from '../../parser/syntax.ts'
import type { PathStep } from '../../tables/source.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { cover, type Span } from '../../text/span.ts'
import { parseDecimal } from '../../types/decimal.ts'
import { isNumeric, type ScalarType } from '../../types/scalar-type.ts'
import { findColumn, type Schema } from '../../types/schema.ts'
import { isRunConstant, literal } from '../plan/expression.ts'
import type { Expr } from '../plan/nodes.ts'
import { bindCall } from './calls.ts'
import type { Binder } from './context.ts'
import type { Rows } from './rows.ts'
import type { Binding } from './scope.ts'
import { columnTerm } from './search-term.ts'
import { severalEntry } from './several-columns.ts'
import { didYouMean } from './suggest.ts'

/** Binds a scalar expression over rows; a fault is reported once and gives a failed expression. */
export function bindScalar(binder: Binder, syntax: ExpressionSyntax, rows: Rows): Expr {
  if (syntax.kind === 'literal') return bindLiteral(syntax)
  return binder.nested(syntax.span, () => bindNode(binder, syntax, rows))
}

function bindLiteral({ type, value, span }: LiteralSyntax): Expr {
  return literal(type, literalValue(type, value), span)
}

function bindNode(binder: Binder, syntax: ExpressionSyntax, rows: Rows): Expr {
  switch (syntax.kind) {
    case 'literal':
      return bindLiteral(syntax)
    case 'name':
      return bindName(binder, syntax, rows)
    case 'member':
      return bindMember(binder, syntax, rows)
    case 'index':
      return bindIndex(binder, syntax, rows)
    case 'unary':
      return bindUnary(binder, syntax, rows)
    case 'binary':
      return bindBinary(binder, syntax, rows)
    case 'in':
      return bindIn(binder, syntax, rows)
    case 'between':
      return bindBetween(binder, syntax, rows)
    case 'call':
      return bindCall(binder, syntax, rows)
    case 'typeof':
      return typeof syntax.type === 'string'
        ? literal('string', syntax.type, syntax.span)
        : binder.fail('KQL101', 'typeof with columns is not supported here.', syntax.span)
    case 'named-argument':
      // The name only names the column that the call gives; user-defined functions look at it before.
      return bindScalar(binder, syntax.value, rows)
    case 'star':
    case 'wildcard':
      return binder.fail('KS138', 'A wildcard is not expected here.', syntax.span)
    case 'unsupported':
      return binder.failed(syntax.span)
    case 'pipe':
    case 'datatable':
    case 'print':
    case 'range':
    case 'externaldata':
    case 'search':
    case 'find':
    case 'union':
    case 'evaluate':
      return binder.fail(
        'KS138',
        'A scalar expression is expected.',
        syntax.span,
        'Use toscalar(…) to take a single value of a table.',
      )
  }
}

function literalValue(type: ScalarType, value: unknown): ScalarValue {
  if (type === 'decimal' && typeof value === 'string') return parseDecimal(value)
  return value as ScalarValue
}

function columnExpr(binder: Binder, schema: Schema, name: string, span: Span): Expr | undefined {
  const column = findColumn(schema, name)
  return column && readColumn(binder, column, span)
}

function openColumn(binder: Binder, schema: Schema, name: string, span: Span): Expr | undefined {
  const column = binder.columnIn(schema, name)
  return column && readColumn(binder, column, span)
}

function readColumn(binder: Binder, column: Schema[number], span: Span): Expr {
  const { name } = column
  if (binder.isFailedColumn(column)) return binder.failedRead(column, span)
  return { kind: 'column', type: column.type, name, span }
}

function bindName(binder: Binder, syntax: NameSyntax, rows: Rows): Expr {
  const { name, span } = syntax
  if (syntax.missing === true) return binder.failed(span)
  const column = columnExpr(binder, rows.schema, name, span)
  if (column !== undefined) return column
  const local = rows.local?.name?.(syntax)
  if (local !== undefined) return local
  const binding = binder.scope.lookup(name)
  if (binding?.kind === 'scalar') return bindVariable(binder, binding, name, span)
  if (binding?.kind === 'function') return binder.callFunction(binding, [], span, rows)
  const late = openColumn(binder, rows.schema, name, span)
  if (late !== undefined) return late
  if (binding?.kind === 'tabular' || binding?.kind === 'pattern' || binder.catalog.has(name)) {
    return binder.fail(
      'KS138',
      `\`${name}\` is a table, but a scalar expression is expected.`,
      span,
      'Use toscalar(…) to take a single value of a table.',
    )
  }
  const known = [...rows.schema.map(item => item.name), ...binder.scope.names()]
  return binder.fail(
    'KS142',
    `The name \`${name}\` does not refer to any known column, table, variable or function.`,
    span,
    didYouMean(name, known),
  )
}

/** A variable's value. One that reads the rows of one table has no value among those of another. */
function bindVariable(
  binder: Binder,
  { expr, tableDepth }: Extract<Binding, { kind: 'scalar' }>,
  name: string,
  span: Span,
): Expr {
  const elsewhere = tableDepth !== undefined && tableDepth !== binder.tableDepth
  if (!elsewhere || binder.isFailed(expr) || isRunConstant(expr)) return binder.at(expr, span)
  return binder.fail(
    'KS120',
    `The argument is given for \`${name}\`, which another table reads: it must be constant.`,
    expr.span,
    'Join the tables instead.',
  )
}

function bindMember(binder: Binder, syntax: MemberSyntax, rows: Rows): Expr {
  const { target, member, span } = syntax
  if (target.kind === 'name' && (target.name === '$left' || target.name === '$right')) {
    return bindSide(binder, target, member, rows, span)
  }
  if (target.kind === 'name' && findColumn(rows.schema, target.name) === undefined) {
    const local = rows.local?.member?.(syntax, target)
    if (local !== undefined) return local
  }
  return step(binder, bindScalar(binder, target, rows), member.name, span)
}

function bindSide(
  binder: Binder,
  side: NameSyntax,
  member: NameSyntax,
  rows: Rows,
  span: Span,
): Expr {
  if (rows.right === undefined) {
    return binder.fail('KS142', `\`${side.name}\` has a meaning only in join and lookup.`, span)
  }
  const schema = side.name === '$left' ? rows.schema : rows.right
  const column = openColumn(binder, schema, member.name, span)
  if (column !== undefined) return binder.markSide(column, side.name)
  return binder.fail(
    'KS142',
    `The name \`${member.name}\` does not refer to a column of \`${side.name}\`.`,
    member.span,
    didYouMean(
      member.name,
      schema.map(item => item.name),
    ),
  )
}

function step(binder: Binder, target: Expr, to: PathStep, span: Span): Expr {
  if (binder.isFailed(target)) return binder.unread([target], span)
  if (target.type !== 'dynamic') {
    return binder.fail(
      'KS106',
      `A value of type ${target.type} has no members.`,
      span,
      target.type === 'string' ? 'If it holds JSON, use parse_json(…) first.' : undefined,
    )
  }
  if (target.kind === 'path') return { ...target, steps: [...target.steps, to], span }
  return { kind: 'path', type: 'dynamic', target, steps: [to], span }
}

function bindIndex(binder: Binder, syntax: IndexSyntax, rows: Rows): Expr {
  const { span } = syntax
  const entry = severalEntry(binder, syntax, rows)
  if (entry !== undefined) return entry.expr
  const target = bindScalar(binder, syntax.target, rows)
  const index = bindScalar(binder, syntax.index, rows)
  if (binder.isFailed(target) || binder.isFailed(index)) {
    return binder.unread([target, index], span)
  }
  if (index.kind === 'literal' && typeof index.value === 'string') {
    return step(binder, target, index.value, span)
  }
  if (index.kind === 'literal' && (index.type === 'long' || index.type === 'int')) {
    if (index.value !== null) return step(binder, target, Number(index.value), span)
  }
  if (target.type !== 'dynamic') return step(binder, target, '', span)
  return binder.call('$index', [target, index], span)
}

/** The types whose values take no sign. */
const UNSIGNED: ReadonlySet<ScalarType> = new Set(['string', 'bool', 'guid'])

function bindUnary(binder: Binder, syntax: UnarySyntax, rows: Rows): Expr {
  const operand = bindScalar(binder, syntax.operand, rows)
  if (syntax.operator === '+') {
    if (!UNSIGNED.has(operand.type)) return binder.at(operand, syntax.span)
    const message = `The operator '+' is not defined for the types (${operand.type}).`
    return binder.fail('KS106', message, syntax.span)
  }
  return binder.call('$negate', [operand], syntax.span, `The operator '-'`)
}

function bindBinary(binder: Binder, syntax: BinarySyntax, rows: Rows): Expr {
  const { operator, span } = syntax
  if (operator === 'and' || operator === 'or') return bindChain(binder, syntax, rows)
  if (operator === ':') return bindBinary(binder, columnTerm(syntax, false), rows)
  if (syntax.left.kind === 'star') return bindAnyColumn(binder, syntax, rows)
  const left = bindScalar(binder, syntax.left, rows)
  const right = bindScalar(binder, syntax.right, rows)
  if (operator === '==' || operator === '!=') {
    return bindEquality(binder, operator, left, right, span)
  }
  return binder.call(operator, [left, right], span, `The operator '${operator}'`)
}

/** Binds `a and b and c` as a balanced tree, so that long chains do not nest deeply. */
function bindChain(binder: Binder, syntax: BinarySyntax, rows: Rows): Expr {
  const parts: ExpressionSyntax[] = []
  let current: ExpressionSyntax = syntax
  while (current.kind === 'binary' && current.operator === syntax.operator) {
    parts.push(current.right)
    current = current.left
  }
  parts.push(current)
  const bound = parts.reverse().map(part => toBool(binder, bindScalar(binder, part, rows)))
  return balanced(binder, syntax, bound)
}

/** The parts joined by the operator as a balanced tree; there is at least one. */
export function balanced(binder: Binder, syntax: BinarySyntax, parts: readonly Expr[]): Expr {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const middle = parts.length >> 1
  const left = balanced(binder, syntax, parts.slice(0, middle))
  const right = balanced(binder, syntax, parts.slice(middle))
  return binder.call(
    syntax.operator,
    [left, right],
    cover(left.span, right.span),
    `The operator '${syntax.operator}'`,
  )
}

/**
 * `* has "x"`: true where it is for the text of any column; `* !has "x"` where that is not so.
 */
function bindAnyColumn(binder: Binder, syntax: BinarySyntax, rows: Rows): Expr {
  const { span } = syntax
  const negated = syntax.operator.startsWith('!')
  const positive = negated ? POSITIVE.get(syntax.operator) : syntax.operator
  const right = bindScalar(binder, syntax.right, rows)
  if (binder.isFailed(right)) return right
  if (rows.schema.length === 0 && binder.isOpen(rows.schema)) return binder.pending('bool', span)
  if (positive === undefined || right.type !== 'string' || rows.schema.length === 0) {
    return binder.fail('KS138', 'A wildcard is not expected here.', syntax.left.span)
  }
  const parts = rows.schema.map(({ name }) => {
    const column = bindScalar(binder, { kind: 'name', name, span: syntax.left.span }, rows)
    return binder.call(positive, [binder.convert(column, 'string'), right], span)
  })
  const any = balanced(binder, { ...syntax, operator: 'or' }, parts)
  return negated ? binder.call('not', [any], span) : any
}

const POSITIVE: ReadonlyMap<string, string> = new Map([
  ['!~', '=~'],
  ...[
    'has',
    'has_cs',
    'hasprefix',
    'hasprefix_cs',
    'hassuffix',
    'hassuffix_cs',
    'contains',
    'contains_cs',
    'startswith',
    'startswith_cs',
    'endswith',
    'endswith_cs',
  ].map(name => [`!${name}`, name] as const),
])

function toBool(binder: Binder, expr: Expr): Expr {
  return expr.type === 'dynamic' && !binder.isFailed(expr) ? binder.convert(expr, 'bool') : expr
}

function bindEquality(binder: Binder, operator: string, left: Expr, right: Expr, span: Span): Expr {
  const [a, b] = comparable(binder, left, right, span)
  return binder.call(operator, [a, b], span, `The operator '${operator}'`)
}

/**
 * Both sides in types that compare: a string and a number as text (with a warning), a bool and a
 * number as numbers, a string and a guid or bool as the string's value in that type.
 */
function comparable(binder: Binder, left: Expr, right: Expr, span: Span): [Expr, Expr] {
  if (binder.isFailed(left) || binder.isFailed(right) || left.type === right.type) {
    return [left, right]
  }
  if (left.type === 'string') {
    const [b, a] = comparable(binder, right, left, span)
    return [a, b]
  }
  if (right.type === 'string') {
    if (isNumeric(left.type)) {
      warnNumber(binder, span)
      return [binder.convert(left, 'string'), right]
    }
    if (left.type === 'guid' || left.type === 'bool') {
      return [left, binder.convert(right, left.type)]
    }
  }
  if (left.type === 'bool' && isNumeric(right.type)) return [binder.convert(left, 'long'), right]
  if (right.type === 'bool' && isNumeric(left.type)) return [left, binder.convert(right, 'long')]
  return [left, right]
}

function warnNumber(binder: Binder, span: Span): void {
  binder.diagnostics.warning(
    'KQL200',
    'A string is compared with a number: the text of the number is what must be equal.',
    span,
    'Put the number in quotes, or convert the string with tolong(…).',
  )
}

function bindIn(binder: Binder, syntax: InSyntax, rows: Rows): Expr {
  const { operator, span } = syntax
  const operand = bindScalar(binder, syntax.operand, rows)
  const items = syntax.items.map(item => {
    const bound = binder.bindAny(item, rows)
    return bound.kind === 'scalar' ? bound.expr : binder.arrayOf(bound.plan, item.span)
  })
  if (binder.isFailed(operand) || items.some(item => binder.isFailed(item))) {
    return binder.unread([operand, ...items], span, binder.library.scalar(operator)?.overloads)
  }
  const label = `The operator '${operator}'`
  if (operator !== 'in' && operator !== '!in') {
    return binder.call(operator, [operand, ...items], span, label)
  }
  const texts = isNumeric(operand.type) ? items.filter(item => item.type === 'string') : []
  if (texts.length === 0) {
    return binder.call(operator, [operand, ...inItems(binder, operand, items, span)], span, label)
  }
  warnNumber(binder, span)
  const ofText = binder.call(operator, [binder.convert(operand, 'string'), ...texts], span, label)
  const others = items.filter(item => item.type !== 'string')
  if (others.length === 0) return ofText
  const ofOthers = binder.call(operator, [operand, ...others], span, label)
  return binder.call(operator === 'in' ? 'or' : 'and', [ofOthers, ofText], span, label)
}

/** The items in a type that compares with the operand, which is no number where one is a string. */
function inItems(binder: Binder, operand: Expr, items: readonly Expr[], span: Span): Expr[] {
  let warned = false
  return items.map(item => {
    const mixed =
      (operand.type === 'string' && isNumeric(item.type)) ||
      (item.type === 'string' && operand.type !== 'string' && operand.type !== 'dynamic')
    if (!mixed) return item
    if (!warned && isNumeric(item.type)) {
      warnNumber(binder, span)
      warned = true
    }
    return binder.convert(item, operand.type)
  })
}

function bindBetween(binder: Binder, syntax: BetweenSyntax, rows: Rows): Expr {
  const operator = syntax.negated ? '!between' : 'between'
  const args = [syntax.operand, syntax.low, syntax.high].map(part => bindScalar(binder, part, rows))
  return binder.call(operator, args, syntax.span, `The operator '${operator}'`)
}
