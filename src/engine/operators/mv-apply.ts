import { ColumnBatch, concat, gather } from '../../tables/batch.ts'
import type { DynamicVector, Vector } from '../../tables/vector.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { type Column, findColumn, type Schema } from '../../types/schema.ts'
import { ColumnNames } from '../binder/naming.ts'
import { contextsOf } from '../plan/contexts.ts'
import type { ContextPlan, MvApplyPlan } from '../plan/nodes.ts'
import { BodyRun } from './body-run.ts'
import { operator } from './declare.ts'
import { bindExpanded, elementsOf, expandedSchema, typedVector } from './mv-expand.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/mv-apply-operator */
export const mvApply = operator('mv-apply', {
  name: 'mv-apply',
  aliases: ['mvapply'],
  doc: 'Expands each row as mv-expand does, and gives what a subquery makes of its expanded rows.',
  examples: [
    {
      query:
        'print a = 1, d = dynamic([5, 1, 3]) | mv-apply x = d to typeof(long) on (top 1 by x) | project a, x',
      rows: [{ a: 1, x: 5 }],
    },
    {
      query:
        'print d = dynamic([5, 1, 3]) | mv-apply d to typeof(long) on (where d > 1 | summarize n = count())',
      rows: [{ n: 2 }],
    },
  ],
  bind(node, input, binder) {
    binder.checkParameters(node.parameters, ['with_itemindex'], 'mv-apply')
    const names = new ColumnNames()
    const columns = node.columns.flatMap(column => bindExpanded(binder, column, input, names))
    if (columns.length < node.columns.length) return binder.failedPlan(node.span)
    const limit = node.limit === undefined ? undefined : binder.constant(node.limit, 'long')
    const expanded = expandedSchema(binder, input, columns)
    const index = binder.parameter(node.parameters, 'with_itemindex')
    const itemIndex =
      index === undefined
        ? undefined
        : new ColumnNames(expanded.map(column => column.name)).unique(index)
    if (itemIndex !== undefined) expanded.push({ name: itemIndex, type: 'long' })
    const context = binder.contextOf(expanded, node.span, true, input)
    const body = binder.pipe(node.operators, context)
    if (binder.isFailedPlan(body)) return binder.failedPlan(node.span)
    // A column that is expanded under its own name gives way to the expanded one.
    const replaced = new Set(
      node.columns.flatMap(({ name, expression }) =>
        name === undefined && expression.kind === 'name' ? [expression.name] : [],
      ),
    )
    const schema = appliedSchema(
      input.schema.filter(column => !replaced.has(column.name)),
      body.schema,
    )
    return {
      kind: 'mv-apply',
      input,
      columns,
      id: context.id,
      body,
      schema,
      span: node.span,
      ...(itemIndex === undefined ? {} : { itemIndex }),
      ...(limit === undefined ? {} : { limit }),
    }
  },
})

/** The row's columns, with those of the body in the places of those they are called like. */
function appliedSchema(own: Schema, body: Schema): Column[] {
  const made = own.map(column => findColumn(body, column.name) ?? column)
  return [...made, ...body.filter(column => findColumn(own, column.name) === undefined)]
}

/** The rows at hand, with the columns that are read. */
export const executeContext: Executor<ContextPlan> = async function* (plan, run) {
  const context = run.context(plan.id)
  const columns = plan.schema.map(
    ({ name }) => context.columns[context.schema.findIndex(column => column.name === name)]!,
  )
  yield* new ColumnBatch(plan.schema, columns, context.length).slices(run.batchSize)
}

/** Runs the body for each row, over its expanded rows. */
export const executeMvApply: Executor<MvApplyPlan> = async function* (plan, run) {
  const { schema } = plan.input
  const evaluators = await Promise.all(plan.columns.map(column => run.compile(column.expr, schema)))
  const limit = plan.limit === undefined ? Number.MAX_SAFE_INTEGER : await rowLimit(plan.limit, run)
  const inner = new BodyRun(run, plan.id, plan.body)
  const contextSchema = readSchema(plan)
  for await (const batch of run.execute(plan.input)) {
    await run.pause(batch.rowCount)
    const values = evaluators.map(
      evaluator => evaluator.evaluate(batch, batch.rows) as DynamicVector,
    )
    let applied = new Applied(plan, batch)
    for (const row of batch.rows) {
      const lists = values.map(vector => elementsOf(vector.at(row), 'bag'))
      const count = Math.min(limit, Math.max(...lists.map(list => list.length)))
      if (count === 0) continue
      inner.enter(expandedRows(plan, contextSchema, batch, row, lists, count))
      for await (const part of inner.execute(plan.body)) applied.add(part, row)
      if (applied.rowCount < run.batchSize) continue
      yield applied.batch()
      applied = new Applied(plan, batch)
    }
    if (applied.rowCount > 0) yield applied.batch()
  }
}

/** The columns that any part of the body reads of the expanded rows. */
function readSchema(plan: MvApplyPlan): Column[] {
  const columns = new Map<string, Column>()
  for (const { schema } of contextsOf(plan.body, plan.id)) {
    for (const column of schema) columns.set(column.name, column)
  }
  return [...columns.values()]
}

function expandedRows(
  plan: MvApplyPlan,
  schema: Schema,
  batch: ColumnBatch,
  row: number,
  lists: readonly (readonly Dynamic[])[],
  count: number,
): ColumnBatch {
  const positions = Array.from({ length: count }, (_, index) => index)
  const repeated = new Uint32Array(count).fill(row)
  const columns = schema.map(({ name, type }): Vector => {
    const column = plan.columns.findLastIndex(item => item.name === name)
    if (column >= 0) {
      return typedVector(
        type,
        positions.map(index => lists[column]?.[index] ?? null),
      )
    }
    if (name === plan.itemIndex) return typedVector('long', positions)
    return gather(batch.columns[batch.schema.findIndex(item => item.name === name)]!, repeated)
  })
  return new ColumnBatch(schema, columns, count)
}

/** Rows of the body, each with the row of the input that it belongs to. */
class Applied {
  readonly #plan: MvApplyPlan
  readonly #input: ColumnBatch
  readonly #parts: ColumnBatch[] = []
  readonly #owners: number[] = []

  constructor(plan: MvApplyPlan, input: ColumnBatch) {
    this.#plan = plan
    this.#input = input
  }

  get rowCount(): number {
    return this.#owners.length
  }

  add(part: ColumnBatch, row: number): void {
    if (part.rowCount === 0) return
    this.#parts.push(part)
    for (let i = 0; i < part.rowCount; i++) this.#owners.push(row)
  }

  batch(): ColumnBatch {
    const { schema, body } = this.#plan
    const made = concat(body.schema, this.#parts)
    const owners = Uint32Array.from(this.#owners)
    const columns = schema.map(({ name }): Vector => {
      const index = body.schema.findIndex(column => column.name === name)
      if (index >= 0) return made.columns[index]!
      const own = this.#input.schema.findIndex(column => column.name === name)
      return gather(this.#input.columns[own]!, owners)
    })
    return new ColumnBatch(schema, columns, owners.length)
  }
}
