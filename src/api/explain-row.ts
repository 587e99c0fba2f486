import { ExecutionError } from '../engine/execution.ts'
import { type ExplainedRows, explainRows as explain } from '../engine/lineage/explain-rows.ts'
import type { RowExplanation } from '../engine/lineage/explanation.ts'
import { Places } from '../engine/lineage/place.ts'
import type { TimeWindow } from '../engine/lineage/table-rows.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { compileQuery } from '../engine/query.ts'
import { printName } from '../parser/print-literal.ts'
import { Catalog } from '../tables/catalog.ts'
import type { ReadProblem, TableSource } from '../tables/source.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { SourceText } from '../text/source-text.ts'
import {
  openTables,
  type Prepared,
  ProblemLog,
  prepareOver,
  type QueryOptions,
  type RunOptions,
  ticksOf,
  workspaceOf,
} from './prepare.ts'
import type { Workspace } from './workspace.ts'

/** Rows that are followed where nothing else was asked for. */
export const FOLLOWED_ROWS = 20

/** What {@link explainRow} takes beside what a query does. */
export interface ExplainRowOptions extends QueryOptions {
  /** The table whose row is followed; it may be left out where the query reads one table. */
  readonly table?: string
  /**
   * The times, both included, of the rows that the run sees, as a scheduled rule sees those of its
   * queryPeriod: by TimeGenerated, else Timestamp.
   */
  readonly window?: { readonly from?: string | Date | bigint; readonly to?: string | Date | bigint }
}

/** What {@link explainRows} takes: the rows by number, or by a condition. */
export interface ExplainRowsOptions extends ExplainRowOptions {
  /** The numbers of rows in the table, from 1. */
  readonly rows?: readonly number[]
  /** A condition in KQL. */
  readonly where?: string
  /** Rows that are followed, at most: 20 where missing. */
  readonly limit?: number
}

/**
 * Says where a row of a table ends in a query: the operator and the part of its condition that left it
 * out, with the values that it looks at, or the rows of the result that it is in. The query is run
 * operator by operator, and what each gives is kept, within `maxRows` and `maxMemory`.
 * @throws KqlError where the query has errors or fails, and where there is no such row.
 */
export async function explainRow(
  text: string,
  row: number,
  options: ExplainRowOptions = {},
): Promise<RowExplanation> {
  const { rows } = await explainRows(text, { ...options, rows: [row] })
  const [only] = rows
  if (only === undefined) throw optionFault(`There is no row ${row}.`)
  return only
}

/** The same for several rows, for which the query is run once. */
export async function explainRows(
  text: string,
  options: ExplainRowsOptions = {},
): Promise<ExplainedRows> {
  const known = options.catalog ?? Catalog.builtin()
  const sources = await openTables(options.tables ?? {}, known, false)
  const schemas = Object.fromEntries([...sources].map(([name, { schema }]) => [name, schema]))
  const workspace = await workspaceOf(options)
  const catalog = known.with(schemas)
  const prepared = prepareOver(text, { ...options, catalog, workspace }, new Set(sources.keys()))
  const problems = new ProblemLog(options.strict === true)
  const found = await followRows(prepared, {
    sources,
    catalog,
    workspace,
    places: new Places(new SourceText(text), workspace.locate),
    run: options,
    onProblem: problem => problems.add(problem),
    window: windowOf(options),
    table: options.table,
    rows: options.rows,
    where: options.where,
    limit: options.limit ?? FOLLOWED_ROWS,
  })
  const [missing] = found.missing
  if (missing !== undefined) {
    throw optionFault(`There is no row ${missing}: the table has ${found.tableRows} rows.`)
  }
  return found
}

/** What rows of a prepared query are followed with. */
export interface FollowOptions {
  readonly sources: ReadonlyMap<string, TableSource>
  readonly catalog: Catalog
  readonly workspace: Workspace
  readonly places: Places
  readonly run: RunOptions
  readonly onProblem: (problem: ReadProblem) => void
  readonly window: TimeWindow
  readonly table: string | undefined
  readonly rows: readonly number[] | undefined
  readonly where: string | undefined
  readonly limit: number
}

/**
 * Follows rows through a prepared query over tables that are open.
 * @throws KqlError where the query fails, or the choice of rows cannot be used.
 */
export async function followRows(
  prepared: Prepared,
  options: FollowOptions,
): Promise<ExplainedRows> {
  const { sources, workspace, places, onProblem, limit } = options
  const table = tableOf(prepared, options.table)
  const run = { ...options.run, now: ticksOf(options.run.now ?? new Date()) }
  const settled = await prepared.settle(sources, run, onProblem)
  const choice = choiceOf(table, options)
  const { results, execution } = await settled.asBound(sources, run, onProblem)
  const timeless = new Set(workspace.sources.keys())
  const window = { ...options.window, timeless }
  try {
    return await explain({ results, execution, places, window, table, choice, limit })
  } catch (error) {
    if (error instanceof ExecutionError) throw new KqlError([workspace.locate(error.diagnostic)])
    throw error
  }
}

function tableOf({ tables }: Prepared, given: string | undefined): string {
  const list = tables.join(', ')
  if (given !== undefined) {
    if (tables.includes(given)) return given
    throw optionFault(`The query does not read the table ${given}.`, list && `It reads ${list}.`)
  }
  const [only] = tables
  if (only !== undefined && tables.length === 1) return only
  throw optionFault(
    only === undefined ? 'The query reads no table.' : 'The table whose rows to follow is missing.',
    list && `The query reads ${list}.`,
  )
}

function choiceOf(
  table: string,
  { rows, where, catalog, workspace }: FollowOptions,
): { rows: readonly number[] } | { where: Plan } {
  if (where !== undefined && rows !== undefined) {
    throw optionFault('Rows are chosen twice: by number and by a condition.')
  }
  if (where === undefined) {
    if (rows === undefined) throw optionFault('Which rows to follow is missing.')
    return { rows }
  }
  const text = `${printName(table)} | where ${where}`
  const { bound, diagnostics } = compileQuery(text, { catalog, workspace })
  if (bound !== undefined) return { where: bound }
  const source = new SourceText(text, 'the condition on rows')
  throw new KqlError(
    diagnostics.map(each => (each.source === undefined ? { ...each, source } : each)),
  )
}

function windowOf({ window: { from, to } = {} }: ExplainRowOptions): TimeWindow {
  return {
    ...(from === undefined ? {} : { from: ticksOf(from, 'window.from') }),
    ...(to === undefined ? {} : { to: ticksOf(to, 'window.to') }),
  }
}

function optionFault(message: string, hint?: string): KqlError {
  const fault: Diagnostic = {
    code: 'KQL105',
    severity: 'error',
    message,
    span: { start: 0, end: 0 },
    ...(hint === undefined || hint === '' ? {} : { hint }),
  }
  return new KqlError([fault])
}
