import type { NamedExpressionSyntax } from '../../parser/syntax.ts'
import { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { bindAggregates } from '../binder/aggregates.ts'
import { allColumns, bindColumns, projectOf, refuseDynamic } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { Evaluator } from '../evaluator/contract.ts'
import { LocatedQueryError } from '../evaluator/evaluator.ts'
import type { Accumulator, AccumulatorState, Constants } from '../functions/declare.ts'
import { QueryError } from '../functions/query-error.ts'
import type { AggregateExpr, NamedExpr, Plan, SummarizePlan } from '../plan/nodes.ts'
import { growState } from './accumulator-state.ts'
import { operator } from './declare.ts'
import { KeyIndex } from './key-index.ts'
import type { Executor, Run } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/summarize-operator */
export const summarize = operator('summarize', {
  name: 'summarize',
  doc: 'Groups the rows by the keys and computes aggregates of each group.',
  examples: [
    {
      query: 'range x from 1 to 5 step 1 | summarize count(), sum(x) by odd = x % 2',
      rows: [
        { odd: 1, count_: 3, sum_x: 9 },
        { odd: 0, count_: 2, sum_x: 6 },
      ],
    },
    { query: 'print x = 1 | where x > 1 | summarize n = count()', rows: [{ n: 0 }] },
  ],
  bind(node, input, binder) {
    const names = new ColumnNames(
      [],
      input.schema.map(column => column.name),
    )
    const keys = bindKeys(binder, node.by, input, names)
    const { aggregates, columns } = bindAggregates(
      binder,
      node.aggregates,
      input.schema,
      keys,
      names,
    )
    return summarizeOf(binder, input, keys, aggregates, columns, node.span)
  },
})

/** Binds the keys that rows are grouped by. */
export function bindKeys(
  binder: Binder,
  by: readonly NamedExpressionSyntax[],
  input: Plan,
  names?: ColumnNames,
): NamedExpr[] {
  return bindColumns(binder, by, { schema: input.schema }, 'number', names).map(
    ({ name, expr }, index) => {
      const syntax = by[index]
      return {
        name,
        expr: syntax === undefined ? expr : refuseDynamic(binder, expr, syntax.expression),
      }
    },
  )
}

/** A summarize node, with a project node over it where the columns are no aggregates as they are. */
export function summarizeOf(
  binder: Binder,
  input: Plan,
  keys: readonly NamedExpr[],
  aggregates: readonly AggregateExpr[],
  columns: readonly NamedExpr[],
  span: Plan['span'],
): Plan {
  const keyColumns = keys.map(({ name, expr }) => binder.columnOf(name, expr))
  const schema = [...keyColumns, ...aggregates.flatMap(aggregate => aggregate.outputs)]
  const plan: Plan = { kind: 'summarize', input, keys, aggregates, schema, span }
  const direct =
    schema.length === keys.length + columns.length &&
    columns.every(({ expr }, index) => {
      const output = schema[keys.length + index]
      return expr.kind === 'column' && output?.name === expr.name
    })
  if (direct) return renameOutputs(plan, columns)
  const read = allColumns(binder, keyColumns, span)
  return projectOf(binder, plan, [...read, ...columns], span)
}

/** Gives the aggregates the names of the result's columns, where each is a column of its own. */
function renameOutputs(plan: SummarizePlan, columns: readonly NamedExpr[]): SummarizePlan {
  let index = 0
  const aggregates = plan.aggregates.map(aggregate => ({
    ...aggregate,
    outputs: aggregate.outputs.map(output => {
      const name = columns[index++]?.name
      return name === undefined ? output : { ...output, name }
    }),
  }))
  const keyColumns = plan.schema.slice(0, plan.keys.length)
  const schema = [...keyColumns, ...aggregates.flatMap(aggregate => aggregate.outputs)]
  return { ...plan, aggregates, schema }
}

interface Group {
  readonly accumulator: Accumulator
  readonly args: readonly Evaluator[]
  readonly outputs: AggregateExpr['outputs']
  readonly state: AccumulatorState
}

const INITIAL_GROUPS = 16
/** What a group costs besides its keys and states, roughly. */
const GROUP_BYTES = 256

async function prepareGroup(
  aggregate: AggregateExpr,
  plan: SummarizePlan,
  run: Run,
): Promise<Group> {
  const declaration = run.library.aggregate(aggregate.function)
  const accumulator = declaration?.overloads[aggregate.overload]
  if (accumulator === undefined) throw new InternalError(`no overload of ${aggregate.function}`)
  const args = await Promise.all(
    aggregate.arguments.map(argument => run.compile(argument, plan.input.schema)),
  )
  const constants: Constants = args.map(argument => argument.constant?.value)
  const types = args.map(argument => argument.type)
  const state = initialState(aggregate, accumulator, constants, types)
  return { accumulator, args, outputs: aggregate.outputs, state }
}

function initialState(
  aggregate: AggregateExpr,
  accumulator: Accumulator,
  constants: Constants,
  types: readonly ScalarType[],
): AccumulatorState {
  try {
    return accumulator.init(INITIAL_GROUPS, constants, types)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const at = error.argument === undefined ? undefined : aggregate.arguments[error.argument]
    throw new LocatedQueryError(error, at?.span ?? aggregate.span)
  }
}

export const executeSummarize: Executor<SummarizePlan> = async function* (plan, run) {
  const keys = await Promise.all(plan.keys.map(key => run.compile(key.expr, plan.input.schema)))
  const groups = await Promise.all(
    plan.aggregates.map(aggregate => prepareGroup(aggregate, plan, run)),
  )
  const index = new KeyIndex(keys.map(key => key.type))
  if (keys.length === 0) index.addUnit()
  let capacity = INITIAL_GROUPS
  let counted = 0
  for await (const batch of run.execute(plan.input)) {
    run.check()
    const { rows } = batch
    const groupOf = new Uint32Array(batch.length)
    if (keys.length > 0) {
      const vectors = keys.map(key => key.evaluate(batch, rows))
      index.assign(vectors, rows, groupOf)
    }
    if (index.size > capacity) {
      capacity = Math.max(index.size, capacity * 2)
      for (const group of groups) growState(group.state, capacity)
    }
    const added = index.size - counted
    run.keep(added, added * GROUP_BYTES, 'summarize')
    counted = index.size
    for (const group of groups) updateGroup(group, batch, rows, groupOf)
  }
  yield* resultBatches(plan, index, groups, run.batchSize)
}

function updateGroup(
  { accumulator, args, state }: Group,
  batch: ColumnBatch,
  rows: Uint32Array,
  groupOf: Uint32Array,
): void {
  const vectors = args.map(argument => argument.evaluate(batch, rows))
  const selection = accumulator.nulls === 'skip' ? rowsWithoutNulls(vectors, rows) : rows
  accumulator.update(state, vectors, groupOf, selection)
}

function rowsWithoutNulls(vectors: readonly Vector[], rows: Uint32Array): Uint32Array {
  let kept = rows
  for (const { nulls } of vectors) {
    if (nulls === undefined) continue
    const next = new Uint32Array(kept.length)
    let count = 0
    for (let k = 0; k < kept.length; k++) {
      const row = kept[k]!
      if (nulls[row] === 0) next[count++] = row
    }
    kept = next.subarray(0, count)
  }
  return kept
}

function* resultBatches(
  plan: SummarizePlan,
  index: KeyIndex,
  groups: readonly Group[],
  batchSize: number,
): Generator<ColumnBatch> {
  for (let start = 0; start < index.size; start += batchSize) {
    const end = Math.min(index.size, start + batchSize)
    const columns: Vector[] = index.keyVectors(start, end)
    for (const group of groups) columns.push(...outputVectors(group, start, end))
    yield new ColumnBatch(plan.schema, columns, end - start)
  }
}

function outputVectors(group: Group, start: number, end: number): Vector[] {
  const { accumulator, state, outputs } = group
  const values: ScalarValue[][] = outputs.map(() => [])
  for (let g = start; g < end; g++) {
    const result = accumulator.finish(state, g)
    if (outputs.length === 1) {
      values[0]?.push(result as ScalarValue)
    } else {
      const row = result as readonly ScalarValue[]
      outputs.forEach((_, position) => {
        values[position]?.push(row[position] ?? null)
      })
    }
  }
  return outputs.map((output, position) => vectorOf(output.type, values[position] ?? []) as Vector)
}
