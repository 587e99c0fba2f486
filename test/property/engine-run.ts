import { ExecutionError, type ExecutionOptions, executePlan } from '../../src/engine/execution.ts'
import type { Plan } from '../../src/engine/plan/nodes.ts'
import { QueryResult } from '../../src/engine/result.ts'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import type { Schema } from '../../src/types/schema.ts'

export const NOW = 639_028_656_000_000_000n

interface Computed {
  readonly schema: Schema
  readonly batches: readonly ColumnBatch[]
}

/** The columns and rows of a plan as text, or the fault that ended it. */
export async function outcome(plan: Plan, options: Omit<ExecutionOptions, 'now'>): Promise<string> {
  return outcomeOf(async () => {
    const batches: ColumnBatch[] = []
    for await (const batch of executePlan(plan, { now: NOW, ...options })) batches.push(batch)
    return { schema: plan.schema, batches }
  })
}

/** What was computed as text, or the fault that ended it. */
export async function outcomeOf(compute: () => Promise<Computed>): Promise<string> {
  let computed: Computed
  try {
    computed = await compute()
  } catch (error) {
    if (error instanceof ExecutionError) return `${error.diagnostic.code}: ${error.message}`
    throw error
  }
  const result = new QueryResult(computed.schema, computed.batches, [])
  const columns = result.columns.map(({ name, type }) => `${name}:${type}`)
  return [columns.join(', '), ...result.rows().map(textOf)].join('\n')
}

function textOf(row: readonly unknown[]): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'number') return value
    return Object.is(value, -0) ? '#-0' : Number.isFinite(value) ? value : `#${value}`
  })
}
