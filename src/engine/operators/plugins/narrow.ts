import { ColumnBatch } from '../../../tables/batch.ts'
import type { TextVector } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import type { Schema } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import type { EvaluatePlan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import { plugin } from './declare.ts'
import { inputOf } from './running.ts'

const COLUMNS: Schema = [
  { name: 'Row', type: 'long' },
  { name: 'Column', type: 'string' },
  { name: 'Value', type: 'string' },
]

/** @see https://learn.microsoft.com/kusto/query/narrow-plugin */
export const narrow = plugin({
  name: 'narrow',
  doc: 'Gives a row for each cell: the number of its row, its column, and its value as text.',
  parameters: [],
  examples: [
    {
      query: 'print a = 1, b = true | evaluate narrow()',
      rows: [
        { Row: 0, Column: 'a', Value: '1' },
        { Row: 0, Column: 'b', Value: 'True' },
      ],
    },
  ],
  bind(call) {
    const { binder, input, span } = call
    const texts = input.schema.map(column => ({
      name: column.name,
      expr: binder.convert(readColumn(binder, column, span), 'string'),
    }))
    return call.evaluate([call.project(input, texts)], COLUMNS)
  },
  execute: (plan, run) => narrowRows(plan, run),
})

async function* narrowRows(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const { schema } = inputOf(plan)
  let row = 0n
  for await (const batch of run.execute(inputOf(plan))) {
    let rows: bigint[] = []
    let names: string[] = []
    let values: string[] = []
    for (const position of batch.rows) {
      for (const [index, { name }] of schema.entries()) {
        rows.push(row)
        names.push(name)
        values.push((batch.columns[index] as TextVector).at(position))
      }
      row++
      if (rows.length < run.batchSize) continue
      await run.pause(rows.length)
      yield narrowBatch(plan.schema, rows, names, values)
      rows = []
      names = []
      values = []
    }
    if (rows.length > 0) yield narrowBatch(plan.schema, rows, names, values)
  }
}

function narrowBatch(
  schema: Schema,
  rows: readonly bigint[],
  names: readonly string[],
  values: readonly string[],
): ColumnBatch {
  const columns = [vectorOf('long', rows), vectorOf('string', names), vectorOf('string', values)]
  return new ColumnBatch(schema, columns, rows.length)
}
