import type { ExpressionSyntax, FindColumnSyntax, FindSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { type Column, findColumn, type Schema } from '../../types/schema.ts'
import { projectOf, readColumn, unknownColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { namesIn } from '../binder/names-in.ts'
import { anyColumn, bindSearchPredicate, isAffordable } from '../binder/search-predicate.ts'
import { literal } from '../plan/expression.ts'
import type { Expr, NamedExpr, Plan } from '../plan/nodes.ts'
import { substitute } from '../plan/predicates.ts'
import { operator } from './declare.ts'
import { searchedTables } from './search.ts'
import { isChosen, type Source, unionOf } from './union-sources.ts'

const PACK = 'pack_'

/** @see https://learn.microsoft.com/kusto/query/find-operator */
export const find = operator('find', {
  name: 'find',
  doc:
    'Gives the rows of its tables (or of all) for which a predicate is true, with the name of the ' +
    'table: the columns that the predicate names or that all tables have, and the others as a bag; ' +
    'or the columns that it lists. A table without any column of the predicate is left out; tables ' +
    'that are meant by a wildcard, or by naming none, need no data.',
  examples: [
    {
      query:
        'let A = view () { print k = 1, s = "x", a = true }; ' +
        'let B = view () { print k = 2, s = "x", b = "y" }; find in (A, B) where s == "x"',
      rows: [
        { source_: 'A', k: 1, s: 'x', pack_: { a: true } },
        { source_: 'B', k: 2, s: 'x', pack_: { b: 'y' } },
      ],
    },
    {
      query:
        'let A = view () { print k = 1, s = "x" }; let B = view () { print k = 2 }; ' +
        'find withsource=T in (A, B) where k > 0 project k: string, s',
      rows: [
        { T: 'A', k: '1', s: 'x' },
        { T: 'B', k: '2', s: '' },
      ],
    },
  ],
  bind(node, input, binder) {
    const { parameters, span } = node
    binder.checkParameters(parameters, ['withsource', 'datascope'], 'find')
    // Which of the data are looked at is all the same here.
    isChosen(binder, 'find', node, 'datascope', ['hotcache', 'all'])
    if (input.kind !== 'union' || input.inputs.length > 0) {
      const hint = 'Filter the rows with where, or search in them.'
      return binder.failTabular('KQL101', 'find takes no input that is piped to it.', span, hint)
    }
    const sources = searchedTables(binder, node, 'find')
    if (sources.some(({ plan }) => binder.isFailedPlan(plan))) return binder.failedPlan(span)
    const kept = keptSources(binder, node.predicate, sources)
    const { all, names, texts } = namesIn(node.predicate)
    const schemas = kept.map(({ plan }) => plan.schema)
    const terms = texts + (all ? 1 : 0)
    if (!isAffordable(binder, names.size + texts, terms, schemas, node.predicate.span)) {
      return binder.failedPlan(span)
    }
    const found = kept.map(source => foundRows(binder, node, source, sources))
    // Names that are nowhere are reported once.
    if (kept.length === 0) foundRows(binder, node, NO_SOURCE, sources)
    const outputs =
      node.project === undefined
        ? smartOutputs(node.predicate, kept)
        : listedOutputs(binder, node.project, sources)
    if (outputs === undefined) return binder.failedPlan(span)
    const projected = kept.map((source, index): Source => {
      const plan = found[index] ?? source.plan
      return { ...source, plan: outputPlan(binder, plan, outputs, span) }
    })
    const withSource = binder.parameter(parameters, 'withsource') ?? 'source_'
    const union = unionOf(binder, projected, { inner: false, withSource, span })
    return { ...union, schema: ordered(union.schema, outputs) }
  },
})

const NO_SOURCE: Source = {
  name: '',
  plan: { kind: 'values', schema: [], rows: [], span: { start: 0, end: 0 } },
}

/** The sources with a column that the predicate reads; all where it reads none by name. */
function keptSources(
  binder: Binder,
  predicate: ExpressionSyntax,
  sources: readonly Source[],
): readonly Source[] {
  const { names, all } = namesIn(predicate)
  const columns = new Set(sources.flatMap(({ plan }) => plan.schema.map(column => column.name)))
  const read = new Set([...names].filter(name => columns.has(name)))
  if (all || hasTerm(binder, predicate, columns) || names.size === 0) return sources
  if (read.size === 0) return [...names].some(name => !isVariable(binder, name)) ? [] : sources
  return sources.filter(({ plan }) => plan.schema.some(column => read.has(column.name)))
}

function isVariable(binder: Binder, name: string): boolean {
  return binder.scope.lookup(name) !== undefined
}

/** Whether a term is asked of all columns: a text in place of a bool. */
function hasTerm(binder: Binder, syntax: ExpressionSyntax, columns: ReadonlySet<string>): boolean {
  const left: ExpressionSyntax[] = [syntax]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'binary' && (node.operator === 'and' || node.operator === 'or')) {
      left.push(node.left, node.right)
    } else if (node.kind === 'literal' && node.type === 'string') return true
    else if (node.kind === 'name' && !columns.has(node.name)) {
      const binding = binder.scope.lookup(node.name)
      if (binding?.kind === 'scalar' && binding.expr.type === 'string') return true
    }
  }
  return false
}

/** The rows of a source for which the predicate is true; undefined where it cannot be bound. */
function foundRows(
  binder: Binder,
  { predicate: syntax, span }: FindSyntax,
  { plan }: Source,
  sources: readonly Source[],
): Plan | undefined {
  const { schema } = plan
  const foreign = foreignColumns(syntax, schema, sources)
  const predicate = bindSearchPredicate(binder, syntax, {
    rows: { schema: [...schema, ...foreign] },
    caseSensitive: false,
    term: (term, place) => anyColumn(binder, schema, term, place),
  })
  if (binder.isFailed(predicate)) return undefined
  const asked = substitute(predicate, name => {
    const column = findColumn(schema, name) === undefined ? findColumn(foreign, name) : undefined
    return column && literal(column.type, column.type === 'string' ? '' : null, span)
  })
  return { kind: 'where', input: plan, predicate: asked, schema, span }
}

/** The columns that the predicate reads of other sources: they are null in this one. */
function foreignColumns(
  syntax: ExpressionSyntax,
  own: Schema,
  sources: readonly Source[],
): Column[] {
  return [...namesIn(syntax).names].flatMap(name => {
    if (findColumn(own, name) !== undefined) return []
    for (const { plan } of sources) {
      const column = findColumn(plan.schema, name)
      if (column !== undefined) return [column]
    }
    return []
  })
}

/** What is given of each row. */
interface Outputs {
  readonly columns: readonly { readonly name: string; readonly type?: ScalarType }[]
  readonly pack: boolean
}

/** The columns that all sources have, then others that the predicate reads; the rest is packed. */
function smartOutputs(predicate: ExpressionSyntax, sources: readonly Source[]): Outputs {
  const schemas = sources.map(({ plan }) => plan.schema)
  const common = (schemas[0] ?? [])
    .map(column => column.name)
    .filter(name => schemas.every(schema => findColumn(schema, name) !== undefined))
  const read = [...namesIn(predicate).names].filter(
    name =>
      !common.includes(name) && schemas.some(schema => findColumn(schema, name) !== undefined),
  )
  const names = [...common, ...read]
  const pack = schemas.some(schema => schema.some(({ name }) => !names.includes(name)))
  return { columns: names.map(name => ({ name })), pack }
}

/** The columns that are listed; undefined after a fault. */
function listedOutputs(
  binder: Binder,
  project: readonly FindColumnSyntax[],
  sources: readonly Source[],
): Outputs | undefined {
  const all = sources.flatMap(({ plan }) => plan.schema)
  const columns: { name: string; type: ScalarType }[] = []
  let sound = true
  for (const item of project) {
    if (item.kind === 'pack') continue
    const { name, span } = item.name
    const types = new Set(all.flatMap(column => (column.name === name ? [column.type] : [])))
    const [only] = types
    if (only === undefined) {
      unknownColumn(binder, name, span, all)
      sound = false
    } else if (columns.some(column => column.name === name)) {
      binder.fail('KS171', `A column with the name \`${name}\` is already declared.`, span)
      sound = false
    } else if (item.type === undefined && types.size > 1) {
      binder.fail(
        'KQL101',
        `The column \`${name}\` has several types: ${[...types].join(', ')}.`,
        span,
        `Say which is meant, as in ${name}: ${only}.`,
      )
      sound = false
    } else columns.push({ name, type: item.type ?? only })
  }
  return sound ? { columns, pack: project.some(item => item.kind === 'pack') } : undefined
}

function outputPlan(binder: Binder, input: Plan, { columns, pack }: Outputs, span: Span): Plan {
  const own = columns.flatMap(({ name, type }): NamedExpr[] => {
    const column = findColumn(input.schema, name)
    if (column === undefined) {
      if (type === undefined) return []
      return [{ name, expr: literal(type, type === 'string' ? '' : null, span) }]
    }
    const expr = readColumn(binder, column, span)
    return [{ name, expr: type === undefined ? expr : binder.convert(expr, type) }]
  })
  if (!pack) return projectOf(binder, input, own, span)
  const rest = input.schema.filter(({ name }) => !columns.some(column => column.name === name))
  return projectOf(binder, input, [...own, { name: PACK, expr: packed(binder, rest, span) }], span)
}

function packed(binder: Binder, columns: Schema, span: Span): Expr {
  const pairs = columns.flatMap(column => [
    literal('string', column.name, span),
    readColumn(binder, column, span),
  ])
  return binder.call('$pack_all', [literal('bool', false, span), ...pairs], span)
}

/** The source first, then the columns in the order of the outputs, the bag last. */
function ordered(schema: Schema, { columns }: Outputs): Schema {
  const [source, ...rest] = schema
  if (source === undefined) return schema
  const position = ({ name }: Column): number => {
    const exact = columns.findIndex(column => column.name === name)
    if (exact >= 0 || name === PACK) return exact >= 0 ? exact : columns.length
    // A column for each type has the type behind its name.
    const base = columns.findIndex(column => name.startsWith(`${column.name}_`))
    return base >= 0 ? base : columns.length
  }
  return [source, ...rest.toSorted((a, b) => position(a) - position(b))]
}
