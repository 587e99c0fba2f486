import type {
  ExpressionSyntax,
  NamedExpressionSyntax,
  NameSyntax,
  StarSyntax,
  WildcardSyntax,
} from '../../parser/syntax.ts'
import type { Schema } from '../../types/schema.ts'
import type { Expr, NamedExpr, Plan, ProjectPlan } from '../plan/nodes.ts'
import { isOrdered } from '../plan/plan.ts'
import type { Binder } from './context.ts'
import { ColumnNames, isSort, resultName } from './naming.ts'
import { type Rows, SeveralCollector, WindowCollector } from './rows.ts'
import { bindSeveral, nameBeside, namedValues, severalCall } from './several-columns.ts'
import { didYouMean } from './suggest.ts'

/** A bound column, and whether its name was written or follows from the expression. */
export interface BoundColumn extends NamedExpr {
  readonly explicit: boolean
}

/**
 * Binds the columns of project, extend, … each over the input alone. `onClash` says what becomes of
 * a name that follows from an expression and is taken: it gets a number, or the later one replaces.
 */
export function bindColumns(
  binder: Binder,
  columns: readonly NamedExpressionSyntax[],
  rows: Rows,
  onClash: 'number' | 'replace',
  names: ColumnNames = new ColumnNames(
    [],
    rows.schema.map(column => column.name),
  ),
): BoundColumn[] {
  return columns.flatMap((column): BoundColumn | BoundColumn[] => {
    const several = rows.several && severalCall(binder, column.expression, rows)
    if (rows.several !== undefined && several !== undefined) {
      return namedValues(
        binder,
        column,
        bindSeveral(binder, several, column.expression.span, rows.several),
        onClash === 'number' ? 'kept' : 'dropped',
        name => (onClash === 'number' ? names.unique(name) : nameBeside(names, rows.schema, name)),
        name => declared(binder, names, name),
      )
    }
    const expr = binder.scalar(column.expression, rows)
    const [name, another] = column.names
    if (another !== undefined && !binder.isFailed(expr)) {
      binder.fail('KS149', 'The expression gives one value, which has one name.', another.span)
    }
    if (name !== undefined) {
      return { name: declared(binder, names, name), expr, explicit: true }
    }
    if (column.expression.kind === 'name' && onClash === 'number') {
      return { name: declared(binder, names, column.expression), expr, explicit: true }
    }
    const implied = impliedName(binder, column.expression, expr)
    if (implied === undefined) return { name: names.unnamed(), expr, explicit: false }
    if (onClash === 'number') return { name: names.unique(implied), expr, explicit: false }
    const beside = isSort(column.expression)
    const free = beside ? nameBeside(names, rows.schema, implied) : implied
    return { name: free, expr, explicit: false }
  })
}

/** `column_ifexists` has the name of the column that it gives, be it the default. */
function impliedName(binder: Binder, syntax: ExpressionSyntax, expr: Expr): string | undefined {
  const optional = syntax.kind === 'call' && /^column_?ifexists$/.test(syntax.callee.name)
  if (!optional) return resultName(syntax, binder.library)
  return expr.kind === 'column' ? expr.name : undefined
}

/** A name that was written, for a column; one that was written before is reported. */
export function declared(binder: Binder, names: ColumnNames, name: NameSyntax): string {
  const free = names.declare(name.name)
  if (free !== undefined) return free
  const message = `A column with the name \`${name.name}\` is already declared.`
  binder.diagnostics.error('KS171', message, name.span)
  return name.name
}

/** A project node over the input. */
export function projectOf(
  binder: Binder,
  input: Plan,
  columns: readonly NamedExpr[],
  span: Plan['span'],
): ProjectPlan {
  const schema = columns.map(({ name, expr }) => binder.columnOf(name, expr))
  return { kind: 'project', input, columns, schema, span }
}

/**
 * The input with the expression as a column of that name, and that column; where the expression is a
 * column already, the input as it is.
 */
export function withExpression(
  binder: Binder,
  input: Plan,
  expr: Expr,
  name: string,
): { input: Plan; column: Expr } {
  if (expr.kind === 'column') return { input, column: expr }
  const { span } = expr
  const columns = [...allColumns(binder, input.schema, span), { name, expr }]
  const column: Expr = { kind: 'column', type: expr.type, name, span }
  return { input: projectOf(binder, input, columns, span), column }
}

/** The columns of a schema as they are. */
export function allColumns(binder: Binder, schema: Schema, span: Plan['span']): NamedExpr[] {
  return schema.map(column => ({ name: column.name, expr: readColumn(binder, column, span) }))
}

/** A column of the input; a failed expression where the column is that of one. */
export function readColumn(binder: Binder, column: Schema[number], span: Plan['span']): Expr {
  if (binder.isFailedColumn(column)) return binder.failedRead(column, span)
  return { kind: 'column', type: column.type, name: column.name, span }
}

/**
 * Runs `bind` over the rows of `input`, with window functions and calls of several columns allowed;
 * the input with those that were used computed under it.
 */
export function withComputed<T>(
  binder: Binder,
  input: Plan,
  bind: (rows: Rows) => T,
): { input: Plan; result: T } {
  const windows = new WindowCollector(isOrdered(input))
  const several = new SeveralCollector()
  const result = bind({ schema: input.schema, windows, several })
  const { span } = input
  let computed = input
  if (windows.items.length > 0) {
    const added = windows.items.map(({ name, type }) => ({ name, type }))
    const schema = [...input.schema, ...added]
    computed = { kind: 'window', input, columns: windows.items, schema, span }
  }
  return { input: withValues(binder, computed, several), result }
}

/** The input with the calls that were collected as columns of arrays. */
export function withValues(binder: Binder, input: Plan, { items }: SeveralCollector): Plan {
  if (items.length === 0) return input
  const { schema, span } = input
  return projectOf(binder, input, [...allColumns(binder, schema, span), ...items], span)
}

/**
 * The input's columns and the computed ones. One that has the name of a column of the input takes its
 * place; where the name was not written and `onClash` says so, it gets a number, unless it is that column.
 */
export function extended(
  binder: Binder,
  source: Plan,
  columns: readonly NamedExpressionSyntax[],
  span: Plan['span'],
  onClash: 'number' | 'replace',
): ProjectPlan {
  const { input, result } = withComputed(binder, source, rows =>
    bindColumns(binder, columns, rows, 'replace'),
  )
  const all = allColumns(binder, source.schema, span)
  const written = result.filter(({ explicit }) => explicit)
  const names = new ColumnNames([...source.schema, ...written].map(({ name }) => name))
  for (const { name, expr, explicit } of result) {
    const itself = expr.kind === 'column' && expr.name === name
    const numbered = onClash === 'number' && !explicit && !itself
    const index = numbered ? -1 : all.findIndex(column => column.name === name)
    if (index >= 0) all[index] = { name, expr }
    else all.push({ name: numbered ? names.unique(name) : name, expr })
  }
  return projectOf(binder, input, all, span)
}

type Pattern = NameSyntax | WildcardSyntax | StarSyntax

/** The columns of the schema that a name or pattern means; none is reported. */
export function matchingColumns(
  binder: Binder,
  pattern: Pattern,
  schema: Schema,
  reportNone = true,
): string[] {
  if (pattern.kind === 'star') return schema.map(column => column.name)
  if (pattern.kind === 'name') {
    if (binder.columnIn(schema, pattern.name) !== undefined) return [pattern.name]
    unknownColumn(binder, pattern.name, pattern.span, schema)
    return []
  }
  const regex = wildcardRegex(pattern.pattern)
  const names = schema.map(column => column.name).filter(name => regex.test(name))
  if (names.length === 0 && reportNone && !binder.isOpen(schema)) {
    unknownColumn(binder, pattern.pattern, pattern.span, schema)
  }
  return names
}

/** Reports a name that should be a column's. */
export function unknownColumn(
  binder: Binder,
  name: string,
  span: Plan['span'],
  schema: Schema,
  among = 'any known column',
): void {
  binder.fail(
    'KS142',
    `The name \`${name}\` does not refer to ${among}.`,
    span,
    didYouMean(
      name,
      schema.map(column => column.name),
    ),
  )
}

/** A pattern in which `*` stands for any characters, as an anchored expression. */
export function wildcardRegex(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

/** Reports an expression that rows cannot be grouped or sorted by. */
export function refuseDynamic(binder: Binder, expr: Expr, syntax: ExpressionSyntax): Expr {
  if (expr.type !== 'dynamic' || binder.isFailed(expr)) return expr
  return binder.fail(
    'KS116',
    'A value of type dynamic cannot be grouped or sorted by.',
    syntax.span,
    'Convert it first, for example with tostring(…).',
  )
}
