import { ColumnBatch } from '../../../tables/batch.ts'
import type { BoolVector } from '../../../tables/vector.ts'
import { readColumn } from '../../binder/columns.ts'
import type { EvaluatePlan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import { plugin } from './declare.ts'
import { allRows, faultOf, optionOf } from './running.ts'

/** @see https://learn.microsoft.com/kusto/query/rows-near-plugin */
export const rowsNear = plugin({
  name: 'rows_near',
  doc: 'Keeps the rows for which a condition is true, and so many rows before and after each.',
  parameters: [
    { name: 'Condition', takes: 'bool', doc: 'What makes a row one to look around.' },
    { name: 'NumRows', takes: 'constant long', doc: 'How many rows before, and after.' },
    {
      name: 'RowsAfter',
      takes: 'constant long',
      doc: 'How many rows after; as many as before if missing.',
      optional: true,
    },
  ],
  keepsColumns: true,
  examples: [
    {
      query: 'range x from 1 to 9 step 1 | evaluate rows_near(x == 4, 1, 2)',
      rows: [{ x: 3 }, { x: 4 }, { x: 5 }, { x: 6 }],
    },
  ],
  bind(call) {
    const { binder, input, span } = call
    const condition = call.scalar('Condition', 'bool')
    const before = call.constant('NumRows', 'long')
    const after = call.constant('RowsAfter', 'long')
    if (call.failed || condition === undefined) return call.failedPlan()
    const schema = input.schema.map(column => binder.renamed(column, column.name))
    const columns = input.schema.map(column => ({
      name: column.name,
      expr: readColumn(binder, column, span),
    }))
    const rows = call.project(input, [...columns, { name: '$near', expr: condition }])
    return call.evaluate([rows], schema, { NumRows: before, RowsAfter: after })
  },
  execute: (plan, run) => runRowsNear(plan, run),
})

async function* runRowsNear(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const before = await optionOf(plan, 'NumRows', run)
  const after = await optionOf(plan, 'RowsAfter', run)
  const [back, forth] = [before, after === undefined ? before : after].map(count => {
    if (typeof count === 'bigint' && count >= 0n) return Number(count)
    throw faultOf(plan, 'KS128', 'The numbers of rows of `rows_near` must not be null or negative.')
  })
  const rows = await allRows(plan, run)
  const near = rows.columns.at(-1) as BoolVector
  const kept: number[] = []
  let next = 0
  for (let row = 0; row < rows.length; row++) {
    if (near.isNull(row) || near.values[row] !== 1) continue
    const first = Math.max(next, row - back!)
    const last = Math.min(rows.length - 1, row + forth!)
    for (let position = first; position <= last; position++) kept.push(position)
    next = Math.max(next, last + 1)
  }
  const columns = rows.columns.slice(0, -1)
  const batch = new ColumnBatch(plan.schema, columns, rows.length, Uint32Array.from(kept))
  yield* batch.slices(run.batchSize)
}
