import type { ExecutionOptions } from '../execution.ts'
import type { Plan } from '../plan/nodes.ts'
import type { CompiledResult } from '../query.ts'
import type { TracedResult } from './ends.ts'
import type { RowExplanation } from './explanation.ts'
import { Follower } from './follow.ts'
import { NodeRun } from './node-run.ts'
import { sourcesOf } from './origins.ts'
import type { Places } from './place.ts'
import { type SeenRows, TableRows, type TimeWindow } from './table-rows.ts'
import { Tracer } from './trace.ts'

/** Which rows of a table are followed: their numbers, from 1, or a bound `T | where …`. */
export type RowChoice = { readonly rows: readonly number[] } | { readonly where: Plan }

/** What is followed, and in what. */
export interface ExplainRequest {
  readonly results: readonly Pick<CompiledResult, 'name' | 'bound'>[]
  readonly execution: ExecutionOptions
  readonly places: Places
  readonly window?: TimeWindow
  readonly table: string
  readonly choice: RowChoice
  /** Rows that are followed, at most. */
  readonly limit: number
}

/** What became of rows. */
export interface ExplainedRows {
  readonly rows: readonly RowExplanation[]
  /** How many rows were chosen: more than those that are followed, where there is a limit. */
  readonly chosen: number
  /** Numbers that no row of the table has. */
  readonly missing: readonly number[]
  /** How many rows the table has; undefined where the query reads it in the body of an operator alone. */
  readonly tableRows: number | undefined
}

/**
 * Runs a bound query node by node and says of rows of a table where they ended.
 * @throws ExecutionError where the run fails, is cancelled or exceeds a limit.
 */
export async function explainRows(request: ExplainRequest): Promise<ExplainedRows> {
  const { results, execution, places, window, table, choice, limit } = request
  const run = new NodeRun(execution)
  const numbers = 'rows' in choice ? choice.rows : await chosenBy(choice.where, run)
  const tracer = new Tracer(run, new TableRows(window))
  const traced: TracedResult[] = []
  for (const { name, bound } of results) traced.push({ name, node: await tracer.trace(bound) })
  const follower = new Follower(traced, tracer, places)
  const read: SeenRows | undefined = follower.table(table)
  const count = read?.all.length
  const isThere = (row: number) =>
    Number.isInteger(row) && row >= 1 && row <= (count ?? Number.POSITIVE_INFINITY)
  const present = numbers.filter(isThere)
  const rows: RowExplanation[] = []
  for (const row of present.slice(0, limit)) rows.push(await follower.explain(table, row - 1))
  return {
    rows,
    chosen: present.length,
    missing: numbers.filter(row => !isThere(row)),
    tableRows: count,
  }
}

/** The numbers of the rows that a plan over the table keeps. */
async function chosenBy(where: Plan, run: NodeRun): Promise<number[]> {
  const { options } = run
  const tracer = new Tracer(new NodeRun(options), new TableRows())
  const traced = await tracer.trace(where)
  const numbers = new Set<number>()
  for (let row = 0; row < traced.rows.length; row++) {
    for (const source of sourcesOf(traced, row, 1)) numbers.add(source.row)
  }
  return [...numbers]
}
