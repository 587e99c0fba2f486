import { ColumnBatch } from '../../../tables/batch.ts'
import type { ScalarValue, TextVector, Vector } from '../../../tables/vector.ts'
import { valueAt } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import type { Column, Schema } from '../../../types/schema.ts'
import { bindAggregates } from '../../binder/aggregates.ts'
import { readColumn } from '../../binder/columns.ts'
import { ColumnNames } from '../../binder/naming.ts'
import { literal } from '../../plan/expression.ts'
import type { AggregateExpr, EvaluatePlan, Expr, NamedExpr, Plan } from '../../plan/nodes.ts'
import { KeyIndex } from '../key-index.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { type Discoverer, plugin } from './declare.ts'
import { allRows, optionOf } from './running.ts'

const PIVOT = '$pivot'
const VALUE = '$value'

/** A value for each group of keys and pivot value. */
interface Cells {
  readonly keys: readonly Column[]
  readonly aggregate: AggregateExpr
  readonly value: Column
}

/** @see https://learn.microsoft.com/kusto/query/pivot-plugin */
export const pivot = plugin({
  name: 'pivot',
  doc:
    'Gives a column for each value of a column, with an aggregate of the rows that have it; what it ' +
    'is of no rows, where there are none. Columns and rows are in the order of the input.',
  parameters: [
    { name: 'pivotColumn', takes: 'column', doc: 'Its values become columns.' },
    {
      name: 'aggregateFunction',
      takes: 'aggregate',
      doc: 'A call of an aggregate function; `count()` if missing.',
      optional: true,
    },
    {
      name: 'columnName',
      takes: 'column',
      doc: 'The keys of the rows; all other columns if missing.',
      optional: true,
      repeated: true,
    },
  ],
  takesSchema: true,
  examples: [
    {
      query:
        'datatable(k: string, v: string, n: long)["a", "x", 1, "a", "y", 2, "b", "y", 3, "b", "y", 4] ' +
        '| evaluate pivot(v, sum(n))',
      rows: [
        { k: 'a', x: 1, y: 2 },
        { k: 'b', x: 0, y: 7 },
      ],
    },
    {
      query:
        'datatable(k: string, v: string)["a", "x", "a", "y"] | evaluate pivot(v): (k: string, y: long, z: long)',
      rows: [{ k: 'a', y: 1, z: 0 }],
    },
  ],
  bind(call) {
    const column = call.column('pivotColumn')
    if (column === undefined) return call.failedPlan()
    const { binder, span } = call
    if (column.type === 'dynamic' && !binder.isFailedColumn(column)) {
      return call.fail('KS116', 'A dynamic column cannot be pivoted.', span, 'Convert it before.')
    }
    const keys = keysOf(call, column)
    const bound = bindCells(call, column, keys)
    if (call.failed) return call.failedPlan()
    return call.schema === undefined
      ? pivotFound(call, column, keys, bound)
      : pivotDeclared(call, keys, bound)
  },
  discover: () => new PivotValues(),
  execute: (plan, run) => spread(plan, run),
})

/** The columns that tell rows apart: those that are named, else all that play no other part. */
function keysOf(call: PluginCall, pivoted: Column): Column[] {
  const { binder, input } = call
  if (call.has('columnName')) return call.columns('columnName')
  const read = new Set([pivoted.name])
  const aggregate = call.syntax('aggregateFunction')
  if (aggregate?.kind === 'call') {
    for (const argument of aggregate.arguments) {
      if (argument.kind === 'name' && binder.columnIn(input.schema, argument.name)) {
        read.add(argument.name)
      }
    }
  }
  return input.schema.filter(({ name }) => !read.has(name))
}

/** The input grouped; undefined where that was reported, or only a run can tell. */
function bindCells(
  call: PluginCall,
  pivoted: Column,
  keys: readonly Column[],
): { cells: Cells; plan: Plan } | undefined {
  const { binder, input, span } = call
  const names = new ColumnNames([...keys.map(({ name }) => name), PIVOT])
  const named = [
    ...keys.map(column => ({ name: column.name, expr: readColumn(binder, column, span) })),
    { name: PIVOT, expr: binder.convert(readColumn(binder, pivoted, span), 'string') },
  ]
  const dynamic = keys.find(key => key.type === 'dynamic' && !binder.isFailedColumn(key))
  if (dynamic !== undefined) {
    const message = `The column \`${dynamic.name}\` is dynamic: rows cannot be grouped by it.`
    call.fail('KQL101', message, span, 'Name the columns to group by, or leave it out before.')
    return undefined
  }
  const expression = call.syntax('aggregateFunction') ?? {
    kind: 'call' as const,
    callee: { kind: 'name' as const, name: 'count', span },
    arguments: [],
    span,
  }
  const before = binder.diagnostics.items.length
  const syntax = { names: [], expression, span: expression.span }
  const { aggregates, columns } = bindAggregates(binder, [syntax], input.schema, named, names)
  if (binder.diagnostics.since(before).some(({ severity }) => severity === 'error')) {
    call.reported()
    return undefined
  }
  const [aggregate, other] = aggregates
  const [column, another] = columns
  if (column === undefined || binder.isFailed(column.expr)) return undefined
  if (named.some(({ expr }) => binder.isFailed(expr))) return undefined
  const direct = column.expr.kind === 'column' && other === undefined && another === undefined
  if (!direct || aggregate === undefined) {
    const message = 'pivot takes one call of an aggregate function.'
    call.fail('KQL101', message, expression.span)
    return undefined
  }
  const value = { name: VALUE, type: column.expr.type }
  const renamed = { ...aggregate, outputs: [value] }
  const schema = [...named.map(({ name, expr }) => ({ name, type: expr.type })), value]
  const plan: Plan = { kind: 'summarize', input, keys: named, aggregates: [renamed], schema, span }
  return { cells: { keys, aggregate, value }, plan }
}

function pivotFound(
  call: PluginCall,
  pivoted: Column,
  keys: readonly Column[],
  bound: ReturnType<typeof bindCells>,
): Plan {
  const { binder, input, span } = call
  const known = keys.map(key => binder.renamed(key, key.name))
  const plan = bound?.plan ?? input
  const column = bound === undefined ? pivoted.name : PIVOT
  return binder.late({ plugin: 'pivot', input: plan, column, known, span }, (found, rows) => {
    if (bound === undefined) return call.failedPlan()
    const names = new ColumnNames(known.map(({ name }) => name))
    const columns: Column[] = []
    for (const { name } of found) {
      const own = name === '' ? names.unnamed() : name
      if (name !== '' && !names.claim(name)) {
        const message = `A value of the pivot column gives a column \`${name}\`, which is a key.`
        return call.fail('KS171', message, span)
      }
      columns.push({ name: own, type: bound.cells.value.type })
    }
    const values = found.map(({ name }) => name)
    return spreadPlan(call, bound.cells, rows, columns, values)
  })
}

function pivotDeclared(
  call: PluginCall,
  keys: readonly Column[],
  bound: ReturnType<typeof bindCells>,
): Plan {
  const { binder, schema } = call
  const declared = schema?.columns ?? []
  if (schema?.star === true) {
    return call.fail('KQL101', 'pivot names all its columns, without *.', schema.span)
  }
  if (bound === undefined) {
    const columns = declared.map(
      ({ name, type, span }): NamedExpr => ({ name: name.name, expr: binder.pending(type, span) }),
    )
    return call.project(call.input, columns)
  }
  const added: Column[] = []
  const names = new ColumnNames()
  for (const { name, type, span } of declared) {
    if (!names.claim(name.name)) {
      const message = `A column with the name \`${name.name}\` is already declared.`
      return call.fail('KS171', message, span)
    }
    const key = keys.find(item => item.name === name.name)
    const actual = key?.type ?? bound.cells.value.type
    if (actual !== type) {
      return call.fail('KS107', `The column \`${name.name}\` is ${actual}, not ${type}.`, span)
    }
    if (key === undefined) added.push({ name: name.name, type })
  }
  const values = added.map(({ name }) => name)
  const all = spreadPlan(call, bound.cells, bound.plan, added, values)
  const columns = declared.map(({ name, type, span }): NamedExpr => {
    return { name: name.name, expr: { kind: 'column', type, name: name.name, span } }
  })
  return call.project(all, columns)
}

function spreadPlan(
  call: PluginCall,
  { keys, aggregate, value }: Cells,
  rows: Plan,
  columns: readonly Column[],
  values: readonly string[],
): Plan {
  const { span } = call
  const schema = [...keys.map(({ name, type }) => ({ name, type })), ...columns]
  return call.evaluate([rows], schema, {
    values: literal('dynamic', values, span),
    missing: ofNoRows(call, aggregate, value.type),
  })
}

/** What the aggregate is of no rows. */
function ofNoRows(call: PluginCall, aggregate: AggregateExpr, type: Column['type']): Expr {
  const overload = call.binder.library.aggregate(aggregate.function)?.overloads[aggregate.overload]
  const constants = aggregate.arguments.map(argument =>
    argument.kind === 'literal' ? argument.value : undefined,
  )
  const types = aggregate.arguments.map(argument => argument.type)
  const state = overload?.init(1, constants, types)
  const value = state === undefined ? null : overload?.finish(state, 0, constants)
  return literal(type, (value ?? null) as ScalarValue, call.span)
}

/** The distinct values of the pivot column, in the order of appearance. */
class PivotValues implements Discoverer {
  readonly #values = new Set<string>()

  add(batch: ColumnBatch): void {
    const vector = batch.columns[batch.schema.findIndex(({ name }) => name === PIVOT)] as TextVector
    for (const row of batch.rows) this.#values.add(vector.at(row))
  }

  columns(): Schema {
    return [...this.#values].map(name => ({ name, type: 'dynamic' }))
  }
}

/** Puts the values of each group of keys side by side. */
async function* spread(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const values = (await optionOf(plan, 'values', run)) as readonly string[]
  const missing = (await optionOf(plan, 'missing', run)) ?? null
  const rows = await allRows(plan, run)
  const width = plan.schema.length - values.length
  const keys = rows.columns.slice(0, width)
  const index = new KeyIndex(keys.map(key => key.type))
  const groupOf = new Uint32Array(rows.length)
  if (width === 0) index.addUnit()
  else index.assign(keys, rows.rows, groupOf)
  const size = rows.length === 0 ? 0 : index.size
  run.keep(size, size * values.length * 16, 'pivot')
  const positions = new Map(values.map((value, position) => [value, position]))
  const cells = values.map(() => new Array<ScalarValue>(size).fill(missing))
  const pivots = rows.columns[width] as TextVector
  const found = rows.columns[width + 1]!
  for (const row of rows.rows) {
    const position = positions.get(pivots.at(row))
    if (position !== undefined) cells[position]![groupOf[row]!] = valueAt(found, row)
  }
  const columns: Vector[] = [
    ...(width === 0 ? [] : index.keyVectors(0, size)),
    ...cells.map(
      (column, position) => vectorOf(plan.schema[width + position]!.type, column) as Vector,
    ),
  ]
  yield* new ColumnBatch(plan.schema, columns, size).slices(run.batchSize)
}
