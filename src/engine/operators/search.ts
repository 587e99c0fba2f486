import type { SearchSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { Binder } from '../binder/context.ts'
import { anyColumn, bindSearchPredicate, isAffordable } from '../binder/search-predicate.ts'
import type { SearchTerm } from '../binder/search-term.ts'
import { childrenOf, collectColumns, literal } from '../plan/expression.ts'
import type { Expr, Plan, UnionPlan } from '../plan/nodes.ts'
import { substitute } from '../plan/predicates.ts'
import { operator } from './declare.ts'
import { bindSource, everySource, type Source, sourceName, unionOf } from './union-sources.ts'

const SOURCE_COLUMN = '$table'

/** @see https://learn.microsoft.com/kusto/query/search-operator */
export const search = operator('search', {
  name: 'search',
  doc:
    'Gives the rows of its tables (or of the input, or of all tables) in which a term or predicate ' +
    'is found, with the name of the table in `$table`. Tables that are meant by a wildcard, or by ' +
    'naming none, need no data. A table that has no column of the predicate gives no row.',
  examples: [
    {
      query:
        'datatable(s: string, n: long)["blue sky", 1, "sky-high", 2, "skyline", 3] ' +
        '| search "sky" and n < 3',
      rows: [
        { $table: 'search_arg0', s: 'blue sky', n: 1 },
        { $table: 'search_arg0', s: 'sky-high', n: 2 },
      ],
    },
    {
      query: 'datatable(a: string, b: string)["Joan", "x", "x", "Joan"] | search a:"jo*"',
      rows: [{ $table: 'search_arg0', a: 'Joan', b: 'x' }],
    },
  ],
  bind(node, input, binder) {
    binder.checkParameters(node.parameters, ['kind'], 'search')
    const caseSensitive = isCaseSensitive(binder, node)
    const sources = sourcesOf(binder, node, input)
    if (sources.some(({ plan }) => binder.isFailedPlan(plan))) return binder.failedPlan(node.span)
    const { span } = node
    const union = unionOf(binder, sources, { inner: false, withSource: SOURCE_COLUMN, span })
    const late = sources.find(({ plan }) => binder.isOpen(plan.schema))
    const columns = union.schema.slice(1)
    const schema = late === undefined ? columns : binder.openAs(columns, late.plan.schema)
    const terms: { readonly name: string; readonly term: SearchTerm; readonly span: Span }[] = []
    const predicate = bindSearchPredicate(binder, node.predicate, {
      rows: { schema },
      caseSensitive,
      term(term, place) {
        const name = `$term${terms.length}`
        terms.push({ name, term, span: place })
        return { kind: 'column', type: 'bool', name, span: place }
      },
    })
    if (binder.isFailed(predicate)) return binder.failedPlan(span)
    const schemas = union.inputs.map(({ schema }) => schema)
    if (!isAffordable(binder, sizeOf(predicate), terms.length, schemas, node.predicate.span)) {
      return binder.failedPlan(span)
    }
    const inputs = union.inputs.flatMap(source => {
      const own = source.schema.slice(1)
      if (late === undefined && !isConcerned(predicate, source)) return []
      const asked = substitute(predicate, name => {
        const found = terms.find(term => term.name === name)
        if (found !== undefined) return anyColumn(binder, own, found.term, found.span)
        if (own.some(column => column.name === name)) return undefined
        const type = union.schema.find(column => column.name === name)?.type ?? 'dynamic'
        return literal(type, type === 'string' ? '' : null, span)
      })
      const { schema } = source
      return [{ kind: 'where', input: source, predicate: asked, schema, span } satisfies Plan]
    })
    return { ...union, inputs }
  },
})

function isCaseSensitive(binder: Binder, { parameters, span }: SearchSyntax): boolean {
  const kind = binder.parameter(parameters, 'kind') ?? 'default'
  if (!['default', 'case_insensitive', 'case_sensitive'].includes(kind)) {
    binder.diagnostics.error('KS125', `search has no kind \`${kind}\`.`, span)
  }
  return kind === 'case_sensitive'
}

function sourcesOf(binder: Binder, node: SearchSyntax, input: Plan): Source[] {
  const piped = input.kind !== 'union' || input.inputs.length > 0
  if (piped && node.tables !== undefined) {
    const message = 'search takes tables of its own only where no input is piped to it.'
    return [{ plan: binder.failTabular('KS125', message, node.span), name: '' }]
  }
  if (piped) return [{ plan: input, name: sourceName(input) ?? 'search_arg0' }]
  return searchedTables(binder, node, 'search')
}

/** The tables that search or find names, or all where it names none. */
export function searchedTables(
  binder: Binder,
  { tables, span }: Pick<SearchSyntax, 'tables' | 'span'>,
  operatorName: string,
): Source[] {
  if (tables === undefined) return everySource(binder, span)
  return tables.flatMap((table, index) =>
    bindSource(binder, table, false, `${operatorName}_arg${index}`),
  )
}

/** Whether the rows can matter: they have a column that the predicate reads, or it reads none. */
function isConcerned(predicate: Expr, source: UnionPlan['inputs'][number]): boolean {
  const names = new Set<string>()
  collectColumns(predicate, names)
  if (names.size === 0 || [...names].some(name => name.startsWith('$term'))) return true
  return source.schema.slice(1).some(column => names.has(column.name))
}

function sizeOf(expr: Expr): number {
  return childrenOf(expr).reduce((size, child) => size + sizeOf(child), 1)
}
