import type { MvExpandColumnSyntax } from '../../parser/syntax.ts'
import { ColumnBatch, gather } from '../../tables/batch.ts'
import type { DynamicVector, Vector } from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import { convertScalar } from '../../types/convert.ts'
import { type Dynamic, isArray, isBag } from '../../types/dynamic.ts'
import type { Column } from '../../types/schema.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames, resultName } from '../binder/naming.ts'
import type { MvExpandColumn, MvExpandPlan, Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor } from './run.ts'

const BAG_KINDS: ReadonlyMap<string, 'bag' | 'array'> = new Map([
  ['bag', 'bag'],
  ['array', 'array'],
])

/** @see https://learn.microsoft.com/kusto/query/mv-expand-operator */
export const mvExpand = operator('mv-expand', {
  name: 'mv-expand',
  aliases: ['mvexpand'],
  doc: 'Gives a row for each element of an array or bag; several columns expand in lock step.',
  examples: [
    {
      query: 'print a = 1, d = dynamic([10, 20]) | mv-expand d to typeof(long)',
      rows: [
        { a: 1, d: 10 },
        { a: 1, d: 20 },
      ],
    },
    {
      query: 'print d = dynamic({"x": 1, "y": 2}) | mv-expand with_itemindex=i d',
      rows: [
        { d: { x: 1 }, i: 0 },
        { d: { y: 2 }, i: 1 },
      ],
    },
  ],
  bind(node, input, binder) {
    const known = ['kind', 'bagexpansion', 'with_itemindex']
    binder.checkParameters(node.parameters, known, 'mv-expand')
    const names = new ColumnNames()
    const columns = node.columns.flatMap(column => bindExpanded(binder, column, input, names))
    const kind =
      binder.parameter(node.parameters, 'kind') ?? binder.parameter(node.parameters, 'bagexpansion')
    const bagKind = BAG_KINDS.get(kind ?? 'bag')
    if (bagKind === undefined) {
      binder.fail('KS125', `\`${kind}\` is neither bag nor array.`, node.span)
      return binder.failedPlan(node.span)
    }
    const limit = node.limit === undefined ? undefined : binder.constant(node.limit, 'long')
    const schema = expandedSchema(binder, input, columns)
    const index = binder.parameter(node.parameters, 'with_itemindex')
    const itemIndex =
      index === undefined
        ? undefined
        : new ColumnNames(schema.map(column => column.name)).unique(index)
    if (itemIndex !== undefined) schema.push({ name: itemIndex, type: 'long' })
    return {
      kind: 'mv-expand',
      input,
      columns,
      bagKind,
      schema,
      span: node.span,
      ...(itemIndex === undefined ? {} : { itemIndex }),
      ...(limit === undefined ? {} : { limit }),
    }
  },
})

/** Binds a column to expand; one that is no dynamic is reported, and gives none. */
export function bindExpanded(
  binder: Binder,
  column: MvExpandColumnSyntax,
  input: Plan,
  names: ColumnNames,
): MvExpandColumn[] {
  const expr = binder.scalar(column.expression, { schema: input.schema })
  const implied = resultName(column.expression, binder.library)
  const name = column.name?.name ?? implied ?? names.unnamed()
  const own = column.name ?? (column.expression.kind === 'name' ? column.expression : undefined)
  if (own !== undefined && names.declare(own.name) === undefined) {
    const message = `A column with the name \`${own.name}\` is already declared.`
    binder.diagnostics.error('KS171', message, own.span)
  }
  if (!binder.isFailed(expr) && expr.type !== 'dynamic') {
    binder.fail(
      'KS141',
      'The expression must have the type dynamic.',
      column.expression.span,
      expr.type === 'string' ? 'If it holds JSON, use parse_json(…) first.' : undefined,
    )
    return []
  }
  return [{ name, expr, type: column.type ?? 'dynamic' }]
}

/** The input's columns, with the expanded ones in the places of those they are called like. */
export function expandedSchema(
  binder: Binder,
  input: Plan,
  columns: readonly MvExpandColumn[],
): Column[] {
  const schema: Column[] = [...input.schema]
  for (const { name, expr, type } of columns) {
    const unknown = binder.isFailed(expr) && type === 'dynamic'
    const column = unknown ? binder.columnOf(name, expr) : { name, type }
    const index = schema.findIndex(existing => existing.name === name)
    if (index < 0) schema.push(column)
    else schema[index] = column
  }
  return schema
}

/** What a value expands to; null, and a scalar, to itself. */
export function elementsOf(value: Dynamic, bagKind: 'bag' | 'array'): readonly Dynamic[] {
  if (isArray(value)) return value
  if (!isBag(value)) return [value]
  const entries = [...value]
  return bagKind === 'bag'
    ? entries.map(([key, item]) => new Map([[key, item]]))
    : entries.map(([key, item]) => [key, item])
}

export const executeMvExpand: Executor<MvExpandPlan> = async function* (plan, run) {
  const { schema } = plan.input
  const evaluators = await Promise.all(plan.columns.map(column => run.compile(column.expr, schema)))
  const limit = plan.limit === undefined ? Number.MAX_SAFE_INTEGER : await rowLimit(plan.limit, run)
  for await (const batch of run.execute(plan.input)) {
    run.check()
    const values = evaluators.map(
      evaluator => evaluator.evaluate(batch, batch.rows) as DynamicVector,
    )
    for (const part of expand(plan, batch, values, limit, run.batchSize)) {
      await run.pause(part.length)
      yield part
    }
  }
}

/** Rows of the output: the input row of each, and its elements, one list a column. */
class Expansion {
  readonly rows: number[] = []
  readonly indexes: number[] = []
  readonly elements: Dynamic[][]

  constructor(columns: number) {
    this.elements = Array.from({ length: columns }, () => [])
  }
}

function* expand(
  plan: MvExpandPlan,
  batch: ColumnBatch,
  values: readonly DynamicVector[],
  limit: number,
  batchSize: number,
): Generator<ColumnBatch> {
  let expansion = new Expansion(values.length)
  for (const row of batch.rows) {
    const lists = values.map(vector => elementsOf(vector.at(row), plan.bagKind))
    const count = Math.min(limit, Math.max(...lists.map(list => list.length)))
    for (let i = 0; i < count; i++) {
      expansion.rows.push(row)
      expansion.indexes.push(i)
      lists.forEach((list, column) => {
        expansion.elements[column]?.push(list[i] ?? null)
      })
      if (expansion.rows.length === batchSize) {
        yield expandedBatch(plan, batch, expansion)
        expansion = new Expansion(values.length)
      }
    }
  }
  if (expansion.rows.length > 0) yield expandedBatch(plan, batch, expansion)
}

function expandedBatch(plan: MvExpandPlan, batch: ColumnBatch, expansion: Expansion): ColumnBatch {
  const rows = Uint32Array.from(expansion.rows)
  const columns = plan.schema.map(({ name, type }): Vector => {
    const column = plan.columns.findLastIndex(item => item.name === name)
    if (column >= 0) return typedVector(type, expansion.elements[column] ?? [])
    if (name === plan.itemIndex) return typedVector('long', expansion.indexes)
    const index = batch.schema.findIndex(item => item.name === name)
    return gather(batch.columns[index]!, rows)
  })
  return new ColumnBatch(plan.schema, columns, rows.length)
}

/** The elements as values of the type, null where one does not convert. */
export function typedVector(type: Column['type'], values: readonly Dynamic[]): Vector {
  const out: Vector = allocate(type, values.length)
  values.forEach((value, row) => {
    store(out, row, type === 'dynamic' ? value : convertScalar(value, 'dynamic', type))
  })
  return out
}
