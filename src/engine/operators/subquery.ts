import { batchBytes } from '../../tables/batch-size.ts'
import { ownText } from '../../tables/own-text.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { valueAt } from '../../tables/vector.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { dynamicAt } from '../functions/dynamic-value.ts'
import type { Plan, QueryExpr } from '../plan/nodes.ts'
import type { Run } from './run.ts'

/** Runs a subquery; the value that it has in expressions. */
export function subqueryValue({ mode, plan }: QueryExpr, run: Run): Promise<ScalarValue> {
  return mode === 'scalar' ? firstValue(plan, run) : allValues(plan, run)
}

async function firstValue(plan: Plan, run: Run): Promise<ScalarValue> {
  for await (const batch of run.execute(plan)) {
    const row = batch.rows[0]
    const column = batch.columns[0]
    if (row !== undefined && column !== undefined) return valueAt(column, row)
  }
  return plan.schema[0]?.type === 'string' ? '' : null
}

async function allValues(plan: Plan, run: Run): Promise<Dynamic> {
  const values: Dynamic[] = []
  for await (const batch of run.execute(plan)) {
    run.check()
    run.keep(batch.rowCount, batchBytes(batch), 'a list of values')
    const column = batch.columns[0]
    if (column === undefined) continue
    for (const row of batch.rows) {
      const value = dynamicAt(column, row)
      values.push(typeof value === 'string' ? ownText(value) : value)
    }
  }
  return values
}
