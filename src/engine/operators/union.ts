import type { ExpressionSyntax, UnionSyntax } from '../../parser/syntax.ts'
import { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { findColumn, indexOfColumn, type Schema } from '../../types/schema.ts'
import { wildcardRegex } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { scanOf } from '../binder/tabular-binder.ts'
import { ConstantSource } from '../evaluator/constant-vector.ts'
import { literal } from '../plan/expression.ts'
import type { NamedExpr, Plan, UnionPlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import type { Executor } from './run.ts'

interface Source {
  readonly plan: Plan
  /** What `withsource` calls it. */
  readonly name: string
}

/** @see https://learn.microsoft.com/kusto/query/union-operator */
export const union = operator('union', {
  name: 'union',
  doc: 'Gives the rows of all its sources; a column that a source lacks is null there.',
  examples: [
    {
      query: 'union (print a = 1), (print b = "x")',
      rows: [
        { a: 1, b: '' },
        { a: null, b: 'x' },
      ],
    },
    {
      query: 'union (print a = 1), (print a = "x")',
      rows: [
        { a_long: 1, a_string: '' },
        { a_long: null, a_string: 'x' },
      ],
    },
  ],
  bind(node, input, binder) {
    binder.checkParameters(
      node.parameters,
      ['kind', 'withsource', 'with_source', 'isfuzzy'],
      'union',
    )
    const fuzzy = binder.parameter(node.parameters, 'isfuzzy') === 'true'
    const piped = input.kind !== 'union' || input.inputs.length > 0
    const sources = [
      ...(piped ? [{ plan: input, name: sourceName(input) ?? 'union_arg0' }] : []),
      ...node.sources.flatMap((source, index) =>
        bindSource(binder, source, fuzzy, `union_arg${index + (piped ? 1 : 0)}`),
      ),
    ]
    if (sources.some(({ plan }) => binder.isFailedPlan(plan))) return binder.failedPlan(node.span)
    return unionOf(binder, node, sources)
  },
})

/** The table that a plan reads as it is. */
function sourceName(plan: Plan): string | undefined {
  return plan.kind === 'scan' ? plan.table : undefined
}

function bindSource(
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
    return [
      ...views.map(name => {
        const plan = binder.tabular({ kind: 'name', name, span: source.span })
        return { plan, name }
      }),
      ...tables.map(name => ({ plan: scanOf(binder, name, source.span), name })),
    ]
  }
  const known = fuzzy ? attempt(binder, source) : undefined
  if (fuzzy && known === undefined) return []
  const plan = known ?? binder.tabular(source)
  const named = source.kind === 'name' && isView(binder, source.name) ? source.name : position
  return [{ plan, name: sourceName(plan) ?? named }]
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

function unionOf(binder: Binder, node: UnionSyntax, sources: readonly Source[]): Plan {
  const inner = binder.parameter(node.parameters, 'kind') === 'inner'
  const withSource =
    binder.parameter(node.parameters, 'withsource') ??
    binder.parameter(node.parameters, 'with_source')
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
  const { span } = node
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

export const executeUnion: Executor<UnionPlan> = async function* (plan, run) {
  const nulls = plan.schema.map(
    ({ type }) => new ConstantSource(type, type === 'string' ? '' : null),
  )
  for (const input of plan.inputs) {
    const positions = plan.schema.map(({ name }) => indexOfColumn(input.schema, name))
    for await (const batch of run.execute(input)) {
      const columns = positions.map((position, index): Vector => {
        const column = batch.columns[position]
        return column ?? (nulls[index] as ConstantSource).ofLength(batch.length)
      })
      yield new ColumnBatch(plan.schema, columns, batch.length, batch.selection)
    }
  }
}
