import type { CallSyntax, ExpressionSyntax, NamedExpressionSyntax } from '../../parser/syntax.ts'
import type { Schema } from '../../types/schema.ts'
import type { AggregateFunction } from '../functions/declare.ts'
import type { AggregateExpr, Expr, NamedExpr } from '../plan/nodes.ts'
import { bindAggregateCall, PERCENTILES } from './calls.ts'
import { readColumn } from './columns.ts'
import type { Binder } from './context.ts'
import { type ColumnNames, resultName } from './naming.ts'
import { AggregateCollector } from './rows.ts'
import { refuseSurplus } from './several-columns.ts'

/** What summarize computes: the aggregates, and the result's columns made from them, in order. */
export interface BoundAggregates {
  readonly aggregates: readonly AggregateExpr[]
  readonly columns: readonly NamedExpr[]
  /** The same columns, those of each expression together. */
  readonly columnsOf: readonly (readonly NamedExpr[])[]
}

interface Site {
  readonly binder: Binder
  readonly input: Schema
  readonly keys: readonly NamedExpr[]
  readonly names: ColumnNames
  readonly collector: AggregateCollector
}

/** How an aggregate that gives a column for each argument names them. */
interface RowShape {
  /** Stands before the name of the first argument in names that do not follow from an argument. */
  readonly first?: string
  /** Before the name of each argument. */
  readonly prefix?: string
  /** Whether all carry the name of the first: `max_a`, `max_a_b`. */
  readonly chained?: boolean
}

const ROW_AGGREGATES: ReadonlyMap<string, RowShape> = new Map<string, RowShape>([
  ['arg_max', { first: 'max_' }],
  ['arg_min', { first: 'min_' }],
  ['argmax', { first: 'max_', chained: true }],
  ['argmin', { first: 'min_', chained: true }],
  ['take_any', {}],
  ['any', { prefix: 'any_' }],
])

/** Binds the aggregate part of summarize; names that the keys took are in `names`. */
export function bindAggregates(
  binder: Binder,
  syntaxes: readonly NamedExpressionSyntax[],
  input: Schema,
  keys: readonly NamedExpr[],
  names: ColumnNames,
): BoundAggregates {
  const site = { binder, input, keys, names, collector: new AggregateCollector(input) }
  const columnsOf = syntaxes.map(syntax => bindAggregate(site, syntax))
  return { aggregates: site.collector.items, columns: columnsOf.flat(), columnsOf }
}

function bindAggregate(site: Site, syntax: NamedExpressionSyntax): NamedExpr[] {
  const { binder } = site
  const { expression } = syntax
  if (expression.kind === 'call' && binder.scope.lookup(expression.callee.name) === undefined) {
    const aggregate = binder.library.aggregate(expression.callee.name)
    const shape = ROW_AGGREGATES.get(expression.callee.name)
    if (aggregate !== undefined && shape !== undefined) {
      return bindRowAggregate(site, syntax, expression, aggregate, shape)
    }
    if (PERCENTILES.has(expression.callee.name)) return bindPercentiles(site, syntax, expression)
  }
  if (expression.kind === 'name' && binder.scope.lookup(expression.name) === undefined) {
    const message = `The name \`${expression.name}\` is not an aggregate or scalar function.`
    binder.fail('KS236', message, expression.span, 'Aggregate it, or put it behind `by`.')
    return []
  }
  const expr = binder.scalar(expression, { schema: [], aggregates: site.collector })
  const [, another] = syntax.names
  if (another !== undefined && !binder.isFailed(expr)) {
    binder.fail('KS149', 'The expression gives one value, which has one name.', another.span)
  }
  const implied = impliedName(site, expression)
  return [{ name: claimed(site, syntax, 0, implied), expr }]
}

function impliedName(site: Site, expression: ExpressionSyntax): string | undefined {
  const { binder } = site
  if (expression.kind === 'call') {
    const { callee, arguments: args } = expression
    if (callee.name === 'percentile') return percentileName(site, args[0], args[1])
    if (callee.name === 'percentilew') return percentileName(site, args[0], args[2])
  }
  return resultName(expression, binder.library)
}

/** The name that was written, or else the one that follows, made unique. */
function claimed(
  site: Site,
  syntax: NamedExpressionSyntax,
  position: number,
  implied: string | undefined,
): string {
  const written = syntax.names[position]
  if (written === undefined)
    return implied === undefined ? site.names.unnamed() : site.names.unique(implied)
  const name = site.names.declare(written.name)
  if (name !== undefined) return name
  const message = `A column with the name \`${written.name}\` is already declared.`
  site.binder.diagnostics.error('KS171', message, written.span)
  return written.name
}

function bindRowAggregate(
  site: Site,
  syntax: NamedExpressionSyntax,
  call: CallSyntax,
  aggregate: AggregateFunction,
  shape: RowShape,
): NamedExpr[] {
  const { binder, collector } = site
  const args = expandStar(site, call, shape)
  if (args.length === 0 && binder.isOpen(site.input)) return []
  const bound = bindAggregateCall(
    binder,
    aggregate,
    args.map(argument => argument.expr),
    call,
  )
  if (bound === undefined) {
    const names = args.map(({ name }) => name)
    const failed = args.map(({ expr }) => expr)
    return failed.map((expr, index) => {
      const name = claimed(site, syntax, index, rowName(shape, index, names))
      return { name, expr: binder.unreadPart(expr, failed, call.span) }
    })
  }
  // How many columns there are of all may be known only later.
  if (!binder.isOpen(site.input)) refuseSurplus(binder, syntax.names, args.length)
  const outputs = bound.call.arguments.map((argument, index) => {
    const implied = rowName(
      shape,
      index,
      args.map(item => item.name),
    )
    return { name: claimed(site, syntax, index, implied), type: argument.type }
  })
  collector.items.push({ ...bound.call, outputs })
  return outputs.map(output => ({ name: output.name, expr: readColumn(binder, output, call.span) }))
}

/** The name of one column of an aggregate of rows, where none was written. */
function rowName(
  { first, prefix = '', chained = false }: RowShape,
  index: number,
  names: readonly (string | undefined)[],
): string {
  const name = names[index]
  if (name !== undefined && !chained) return `${prefix}${name}`
  if (first === undefined) return `any_arg${index}`
  const head = `${first}${names[0] ?? ''}`
  return index === 0 ? head : `${head}_${name ?? `arg${index}`}`
}

/**
 * The arguments of an aggregate of rows: `*` is every column that is no key and not named yet, and
 * behind it a column adds nothing. It does not stand for the value that says which row is taken.
 */
function expandStar(
  site: Site,
  call: CallSyntax,
  shape: RowShape,
): { name: string | undefined; expr: Expr }[] {
  const { binder, input, keys } = site
  const taken = new Set(keys.flatMap(({ expr }) => (expr.kind === 'column' ? [expr.name] : [])))
  const args: { name: string | undefined; expr: Expr }[] = []
  let hasAll = false
  for (const [index, argument] of call.arguments.entries()) {
    if (argument.kind === 'star' && (index > 0 || shape.first === undefined)) {
      for (const column of input) {
        if (hasAll || taken.has(column.name)) continue
        args.push({ name: column.name, expr: readColumn(binder, column, argument.span) })
      }
      hasAll = true
      continue
    }
    const expr = binder.scalar(argument, { schema: input })
    if (hasAll && expr.kind === 'column') continue
    if (expr.kind === 'column') taken.add(expr.name)
    args.push({ name: resultName(argument, binder.library), expr })
  }
  return args
}

function percentileName(
  site: Site,
  value: ExpressionSyntax | undefined,
  percentile: ExpressionSyntax | undefined,
): string {
  const name = value === undefined ? '' : (resultName(value, site.binder.library) ?? '')
  const constant = percentile === undefined ? '' : writtenValue(site, percentile)
  return `percentile_${name}_${constant.replace(/[^\w]/g, '_')}`
}

/** The text of a literal, or of one that a variable stands for; empty for other expressions. */
function writtenValue({ binder }: Site, syntax: ExpressionSyntax): string {
  if (syntax.kind === 'literal') return String(syntax.value)
  const binding = syntax.kind === 'name' ? binder.scope.lookup(syntax.name) : undefined
  const expr = binding?.kind === 'scalar' ? binding.expr : undefined
  return expr?.kind === 'literal' ? String(expr.value) : ''
}

/** `percentiles(x, 5, 50)` is one `percentile` for each. */
function bindPercentiles(site: Site, syntax: NamedExpressionSyntax, call: CallSyntax): NamedExpr[] {
  const { binder, input, collector } = site
  const weighted = call.callee.name === 'percentilesw'
  const aggregate = binder.library.aggregate(weighted ? 'percentilew' : 'percentile')
  const fixed = call.arguments.slice(0, weighted ? 2 : 1)
  const percentiles = call.arguments.slice(fixed.length)
  if (aggregate === undefined || percentiles.length === 0) {
    const message = `The function \`${call.callee.name}\` takes a value and percentiles.`
    return [{ name: 'Column1', expr: binder.fail('KS119', message, call.span) }]
  }
  refuseSurplus(binder, syntax.names, percentiles.length)
  return percentiles.map((percentile, index) => {
    const args = [...fixed, percentile].map(argument => binder.scalar(argument, { schema: input }))
    const bound = bindAggregateCall(binder, aggregate, args, call)
    const name = claimed(site, syntax, index, percentileName(site, fixed[0], percentile))
    if (bound === undefined) {
      return { name, expr: binder.unread(args, call.span, aggregate.overloads) }
    }
    const column = collector.add(bound.call, bound.type)
    return { name, expr: readColumn(binder, column, call.span) }
  })
}
