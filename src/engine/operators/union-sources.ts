import type { ExpressionSyntax, OperatorParameterSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { findColumn, type Schema } from '../../types/schema.ts'
import { wildcardRegex } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { scanOf } from '../binder/tabular-binder.ts'
import { literal } from '../plan/expression.ts'
import type { NamedExpr, Plan, UnionPlan } from '../plan/nodes.ts'

/** A table of several. */
export interface Source {
  readonly plan: Plan
  /** What `withsource` calls it. */
  readonly name: string
}

/** The table that a plan reads as it is, or what `as` calls its rows. */
export function sourceName(plan: Plan): string | undefined {
  if (plan.kind === 'shared') return plan.name
  return plan.kind === 'scan' ? plan.table : undefined
}

export function bindSource(
  binder: Binder,
  source: ExpressionSyntax,
  fuzzy: boolean,
  position: string,
): Source[] {
  if (source.kind === 'wildcard' && source.target !== undefined) {
    const message = 'Tables of another database are not supported.'
    return [{ plan: binder.failTabular('KQL101', message, source.span), name: position }]
  }
  if (source.kind === 'wildcard' || source.kind === 'star') {
    const regex = source.kind === 'star' ? /^/ : wildcardRegex(source.pattern)
    const tables = binder.catalog.names().filter(name => regex.test(name))
    const views = source.kind === 'star' ? [] : viewsOf(binder, regex)
    if (tables.length + views.length === 0 && !fuzzy) {
      const text = source.kind === 'star' ? '*' : source.pattern
      binder.failTabular('KS142', `\`${text}\` does not refer to any known table.`, source.span)
    }
    const own = viewSources(binder, views, source.span)
    return [...own, ...tablesBeside(binder, tables, own, source.span)]
  }
  const known = fuzzy ? attempt(binder, source) : undefined
  if (fuzzy && known === undefined) return []
  const plan = known ?? binder.tabular(source)
  const named = source.kind === 'name' && isView(binder, source.name) ? source.name : position
  return [{ plan, name: sourceName(plan) ?? named }]
}

/** All tables, then the views of the query. */
export function everySource(binder: Binder, span: Span): Source[] {
  const views = viewSources(binder, viewsOf(binder, /^/), span)
  return [...tablesBeside(binder, binder.catalog.names(), views, span), ...views]
}

/** The tables that a wildcard means beside views: none where there are data of none. */
function tablesBeside(
  binder: Binder,
  names: readonly string[],
  views: readonly Source[],
  span: Span,
): Source[] {
  if (views.length > 0 && presentOf(binder, names).length === 0) return []
  return tableSources(binder, names, span)
}

/**
 * The tables that a wildcard means: those that there are data of, where that is known, as a workspace
 * has only the tables that it has data of. Where there are data of none, all that are known.
 */
function tableSources(binder: Binder, names: readonly string[], span: Span): Source[] {
  const present = presentOf(binder, names)
  const meant = present.length > 0 ? present : names
  const sources = meant.map(name => ({ plan: scanOf(binder, name, span, true), name }))
  return binder.toCheck && binder.withData === undefined ? agreeing(sources) : sources
}

/** The sources without columns of which most of them have another type. */
function agreeing(sources: readonly Source[]): Source[] {
  const counts = new Map<string, Map<ScalarType, number>>()
  for (const { name, type } of sources.flatMap(({ plan }) => plan.schema)) {
    const types = counts.get(name) ?? new Map<ScalarType, number>()
    counts.set(name, types.set(type, (types.get(type) ?? 0) + 1))
  }
  const usual = new Map(
    [...counts].map(([name, types]) => [name, [...types].sort((a, b) => b[1] - a[1])[0]?.[0]]),
  )
  return sources.map(({ plan, name }) => ({
    plan: { ...plan, schema: plan.schema.filter(column => column.type === usual.get(column.name)) },
    name,
  }))
}

function presentOf({ withData }: Binder, names: readonly string[]): readonly string[] {
  return withData === undefined ? names : names.filter(name => withData.has(name))
}

function viewSources(binder: Binder, names: readonly string[], span: Span): Source[] {
  return names.map(name => ({ plan: binder.tabular({ kind: 'name', name, span }), name }))
}

/** The views of the query whose names match: only functions declared as `view` are meant. */
function viewsOf(binder: Binder, regex: RegExp): string[] {
  return binder.scope.names().filter(name => regex.test(name) && isView(binder, name))
}

function isView(binder: Binder, name: string): boolean {
  const binding = binder.scope.lookup(name)
  return binding?.kind === 'function' && binding.syntax.view
}

/** A source of a fuzzy union: one whose tables or whose own function are not known is left out. */
function attempt(binder: Binder, source: ExpressionSyntax): Plan | undefined {
  const before = binder.diagnostics.mark()
  const plan = binder.tabular(source)
  const added = binder.diagnostics.since(before)
  const called = calleeOf(source)
  const missing = added.find(
    ({ code, span }) => code === 'KS204' || (code === 'KS211' && span === called),
  )
  if (missing === undefined) return plan
  binder.diagnostics.reset(before)
  binder.diagnostics.warning(
    'KS205',
    'A table or function is not known: this source is left out of the union.',
    missing.span,
    missing.hint,
  )
  return undefined
}

/** Where the function stands whose rows the source begins with. */
function calleeOf(source: ExpressionSyntax): Span | undefined {
  const first = source.kind === 'pipe' ? source.source : source
  return first.kind === 'call' ? first.callee.span : undefined
}

interface OutputColumn {
  readonly name: string
  readonly source: string
  readonly type: ScalarType
}

/** What a union is to be like. */
export interface UnionShape {
  /** Whether it has the columns alone that all sources have. */
  readonly inner: boolean
  /** The column for the names of the sources. */
  readonly withSource: string | undefined
  readonly span: Span
}

/** The union of the sources: each input is a projection of one that has rows. */
export function unionOf(
  binder: Binder,
  sources: readonly Source[],
  { inner, withSource, span }: UnionShape,
): UnionPlan {
  const read = sources.flatMap(({ plan }) => plan.schema)
  const failed = new Map(
    read.filter(column => binder.isFailedColumn(column)).map(column => [column.name, column]),
  )
  const columns = outputColumns(
    read.filter(column => failed.get(column.name) !== column),
    withSource,
  ).filter(
    column =>
      !inner ||
      sources.every(({ plan }) => findColumn(plan.schema, column.source)?.type === column.type),
  )
  const added: Schema = withSource === undefined ? [] : [{ name: withSource, type: 'string' }]
  const schema = [
    ...added,
    ...columns
      .filter(({ source }) => !failed.has(source))
      .map(({ name, type }) => ({ name, type })),
    ...[...failed.values()].map(column => binder.renamed(column, column.name)),
  ]
  const bySource = Map.groupBy(columns, column => column.source)
  const inputs = sources.map(({ plan, name }): Plan => {
    const named = plan.schema.flatMap(({ name: source, type }): NamedExpr[] => {
      const column = bySource.get(source)?.find(item => item.type === type)
      if (column === undefined) return []
      return [{ name: column.name, expr: { kind: 'column', type, name: source, span } }]
    })
    const origin =
      withSource === undefined ? [] : [{ name: withSource, expr: literal('string', name, span) }]
    const all = [...origin, ...named]
    const own = all.map(item => ({ name: item.name, type: item.expr.type }))
    return { kind: 'project', input: plan, columns: all, schema: own, span }
  })
  return { kind: 'union', inputs, schema, span }
}

/**
 * The columns of all sources; one that has several types becomes a column for each of them. A column
 * called like that of `withsource` gets a number.
 */
function outputColumns(schema: Schema, withSource: string | undefined): OutputColumn[] {
  const types = new Map<string, ScalarType[]>()
  for (const { name, type } of schema) {
    const known = types.get(name) ?? []
    if (!known.includes(type)) types.set(name, [...known, type])
  }
  const single = [...types].flatMap(([name, known]) => (known.length === 1 ? [name] : []))
  const names = new ColumnNames(single)
  if (withSource !== undefined) names.claim(withSource)
  return [...types].flatMap(([source, known]) => {
    const [only] = known
    if (known.length === 1 && only !== undefined) {
      const name = source === withSource ? names.unique(source) : source
      return { name, source, type: only }
    }
    return known.map(type => ({ name: names.unique(`${source}_${type}`), source, type }))
  })
}

/** Whether a parameter has the first of its two values; the second is that of one that is not given. */
export function isChosen(
  binder: Binder,
  operator: string,
  { parameters, span }: { parameters: readonly OperatorParameterSyntax[]; span: Span },
  name: string,
  [value, other]: readonly [string, string],
): boolean {
  const given = binder.parameter(parameters, name) ?? other
  if (given !== value && given !== other) {
    const message = `The parameter \`${name}\` of ${operator} is \`${value}\` or \`${other}\`, not \`${given}\`.`
    const place = parameters.find(parameter => parameter.name === name)
    binder.diagnostics.error('KS125', message, place?.span ?? span)
  }
  return given === value
}
