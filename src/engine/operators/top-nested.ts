import type { NamedExpressionSyntax, TopNestedClauseSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { Schema } from '../../types/schema.ts'
import { type BoundAggregates, bindAggregates } from '../binder/aggregates.ts'
import { allColumns, projectOf } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { collectColumns, literal } from '../plan/expression.ts'
import type { Expr, JoinPlan, NamedExpr, Plan, SortKey } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { bindCount } from './row-limit.ts'
import { bindKeys, summarizeOf } from './summarize.ts'

/** @see https://learn.microsoft.com/kusto/query/top-nested-operator */
export const topNested = operator('top-nested', {
  name: 'top-nested',
  doc:
    'Gives the values of a column with the greatest aggregate, within each of them those of the next ' +
    'column, and so on. `with others` adds a row for the records that did not make it, where there are ' +
    'such: in its clause it has the value told, in clauses without `with others` nothing. Of equal ' +
    'aggregates the one that comes first in the input wins.',
  examples: [
    {
      query:
        'datatable(a: string, b: string, n: long)["x", "p", 1, "x", "q", 5, "y", "p", 4, "z", "p", 1] ' +
        '| top-nested 2 of a by sum(n), top-nested 1 of b by m = max(n)',
      rows: [
        { a: 'x', aggregated_a: 6, b: 'q', m: 5 },
        { a: 'y', aggregated_a: 4, b: 'p', m: 4 },
      ],
    },
    {
      query:
        'datatable(a: string, n: long)["x", 1, "y", 2, "z", 4] ' +
        '| top-nested 1 of a with others = "rest" by sum(n)',
      rows: [
        { a: 'z', aggregated_a: 4 },
        { a: 'rest', aggregated_a: 3 },
      ],
    },
    {
      query:
        'datatable(a: string, b: string, n: long)["x", "p", 1, "x", "q", 5, "y", "p", 4] ' +
        '| top-nested 1 of a with others = "rest" by sum(n), top-nested 1 of b by m = max(n)',
      rows: [
        { a: 'x', aggregated_a: 6, b: 'q', m: 5 },
        { a: 'rest', aggregated_a: 4, b: '', m: null },
      ],
    },
  ],
  bind(node, input, binder) {
    const { span } = node
    const levels = bindLevels(binder, node.clauses, input)
    if (levels === undefined) return binder.failedPlan(span)
    const source = narrowed(binder, input, levels, span)
    const tops: Plan[] = []
    for (const [index, level] of levels.entries()) {
      const outer = levels.slice(0, index).map(({ key }) => key)
      const summed = summedBy(binder, source, [...outer, level.key], level, span)
      const above = tops.at(-1)
      const rows = above === undefined ? summed : joined(above, summed, outer, span)
      tops.push({
        kind: 'partition-top',
        input: rows,
        partition: outer.map(key => columnOf(key, span)),
        keys: [level.order],
        ...(level.count === undefined ? {} : { count: level.count }),
        schema: rows.schema,
        span,
      })
    }
    return withOthers(binder, source, tops, levels, span) ?? binder.failedPlan(span)
  },
})

/** A clause, bound: its key, and the aggregate that orders the values. */
interface Level {
  readonly key: NamedExpr
  readonly aggregates: BoundAggregates
  readonly value: NamedExpr
  readonly order: SortKey
  readonly count?: Expr
  readonly others?: Expr
}

function bindLevels(
  binder: Binder,
  clauses: readonly TopNestedClauseSyntax[],
  input: Plan,
): Level[] | undefined {
  const names = new ColumnNames(
    [],
    input.schema.map(column => column.name),
  )
  const levels: Level[] = []
  for (const clause of clauses) {
    const outer = levels.map(({ key }) => key)
    const [key] = bindKeys(binder, [clause.of], input, names)
    if (key === undefined || binder.isFailed(key.expr)) return undefined
    const by: NamedExpressionSyntax =
      clause.by.names.length > 0
        ? clause.by
        : {
            ...clause.by,
            names: [{ kind: 'name', name: `aggregated_${key.name}`, span: clause.by.span }],
          }
    const keys = [...outer, key]
    const aggregates = bindAggregates(binder, [by], input.schema, keys, names)
    const [value] = aggregates.columns
    if (value === undefined || binder.isFailed(value.expr)) return undefined
    if (aggregates.columns.length > 1) {
      binder.fail('KQL101', 'An aggregate of several columns is not supported here.', by.span)
      return undefined
    }
    const others = clause.others && othersOf(binder, clause, key)
    if (others !== undefined && binder.isFailed(others)) return undefined
    const direction = clause.direction ?? 'desc'
    const { span } = clause
    levels.push({
      key,
      aggregates,
      value,
      order: {
        expr: { kind: 'column', type: value.expr.type, name: value.name, span },
        direction,
        nulls: clause.nulls ?? (direction === 'asc' ? 'first' : 'last'),
      },
      ...(clause.count === undefined ? {} : { count: bindCount(binder, clause.count) }),
      ...(others === undefined ? {} : { others }),
    })
  }
  return levels
}

/** The value that stands for the others, in the type of the key. */
function othersOf(
  binder: Binder,
  { others }: TopNestedClauseSyntax,
  key: NamedExpr,
): Expr | undefined {
  if (others === undefined) return undefined
  return binder.convertImplicitly(binder.scalar(others, { schema: [] }), key.expr.type)
}

/** The columns of the input that are read, computed once for all clauses. */
function narrowed(binder: Binder, input: Plan, levels: readonly Level[], span: Span): Plan {
  if (levels.length === 1 && levels[0]?.others === undefined) return input
  const names = new Set<string>()
  for (const { key, aggregates } of levels) {
    collectColumns(key.expr, names)
    for (const { arguments: args } of aggregates.aggregates) {
      for (const argument of args) collectColumns(argument, names)
    }
  }
  const schema = input.schema.filter(({ name }) => names.has(name))
  return binder.share(projectOf(binder, input, allColumns(binder, schema, span), span), span)
}

/** The aggregate of a clause by keys: the columns of the keys, and that of its value. */
function summedBy(
  binder: Binder,
  source: Plan,
  keys: readonly NamedExpr[],
  { aggregates }: Level,
  span: Span,
): Plan {
  return summarizeOf(binder, source, keys, aggregates.aggregates, aggregates.columns, span)
}

function columnOf({ name, expr }: NamedExpr, span: Span): Expr {
  return { kind: 'column', type: expr.type, name, span }
}

/** Pairs of rows with equal keys: all columns of the left, and of the right those that it lacks. */
function joined(left: Plan, right: Plan, keys: readonly NamedExpr[], span: Span): JoinPlan {
  const added = right.schema.filter(({ name }) => !keys.some(key => key.name === name))
  return {
    kind: 'join',
    joinKind: 'inner',
    left,
    right,
    keys: keys.map(key => ({ left: columnOf(key, span), right: columnOf(key, span) })),
    columns: [
      ...left.schema.map(({ name }) => ({ name, side: 'left', column: name }) as const),
      ...added.map(({ name }) => ({ name, side: 'right', column: name }) as const),
    ],
    schema: [...left.schema, ...added],
    span,
  }
}

/** The rows of the last clause, and those of the records that are in none of them. */
function withOthers(
  binder: Binder,
  source: Plan,
  tops: readonly Plan[],
  levels: readonly Level[],
  span: Span,
): Plan | undefined {
  const last = tops.at(-1)
  if (last === undefined || levels.every(({ others }) => others === undefined)) return last
  const shared = tops.map(top => binder.share(top, span))
  const rests = levels.map((_, index) => othersFrom(binder, source, shared, levels, index, span))
  const inputs = [...rests, shared.at(-1)].filter(plan => plan !== undefined).toReversed()
  return { kind: 'union', inputs, schema: last.schema, span }
}

/**
 * One row for the records of each group above that do not make it into the clause at `from`. No clause
 * behind it tells them apart: in those with others the row has their aggregate, in the rest nothing.
 */
function othersFrom(
  binder: Binder,
  source: Plan,
  tops: readonly Plan[],
  levels: readonly Level[],
  from: number,
  span: Span,
): Plan | undefined {
  const counted = levels.slice(from).filter(({ others }) => others !== undefined)
  const [top, last] = [tops[from], tops.at(-1)]
  if (counted.length === 0 || top === undefined || last === undefined) return undefined
  const outer = levels.slice(0, from).map(({ key }) => key)
  const rest = binder.share(without(source, top, levels.slice(0, from + 1), span), span)
  // Without a key there would be a row of no records too.
  const unit = { name: '$all', expr: literal('bool', true, span) }
  const keys = from === 0 ? [unit] : outer
  const rows = counted
    .map(level => summedBy(binder, rest, keys, level, span))
    .reduce((left, right) => joined(left, right, keys, span))
  const above = tops[from - 1]
  const complete = above === undefined ? rows : joined(above, rows, outer, span)
  const others = new Map(levels.slice(from).map(level => [level.key.name, level.others]))
  const columns = last.schema.map((column): NamedExpr => {
    const isGiven = complete.schema.some(({ name }) => name === column.name)
    const read = isGiven ? columnRead(column, span) : literal(column.type, null, span)
    return { name: column.name, expr: others.get(column.name) ?? read }
  })
  return projectOf(binder, complete, columns, span)
}

/** The records whose keys are in no row of the clause. */
function without(source: Plan, top: Plan, levels: readonly Level[], span: Span): JoinPlan {
  return {
    kind: 'join',
    joinKind: 'leftanti',
    left: source,
    right: top,
    keys: levels.map(({ key }) => ({ left: key.expr, right: columnOf(key, span) })),
    columns: source.schema.map(({ name }) => ({ name, side: 'left', column: name })),
    schema: source.schema,
    span,
  }
}

function columnRead({ name, type }: Schema[number], span: Span): Expr {
  return { kind: 'column', type, name, span }
}
