import { discoverColumns } from '../../../src/engine/discover.ts'
import {
  ExecutionError,
  type ExecutionOptions,
  executePlan,
} from '../../../src/engine/execution.ts'
import { NodeRun } from '../../../src/engine/lineage/node-run.ts'
import { TableRows } from '../../../src/engine/lineage/table-rows.ts'
import { Tracer } from '../../../src/engine/lineage/trace.ts'
import type { Plan } from '../../../src/engine/plan/nodes.ts'
import { inputsIn } from '../../../src/engine/plan/walk.ts'
import { type CompiledQuery, compileQuery } from '../../../src/engine/query.ts'
import { QueryResult } from '../../../src/engine/result.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import type { Row } from '../../../src/tables/infer-schema.ts'
import { rowsSource } from '../../../src/tables/rows-source.ts'
import { type TableSource, TECHNIQUES } from '../../../src/tables/source.ts'
import { hasErrors } from '../../../src/text/diagnostic.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { MemorySpill } from './memory-spill.ts'

/** A table of a test: its columns, and a row as an array of their values. */
export interface TestTable {
  readonly columns: Readonly<Record<string, ScalarType>>
  readonly rows: readonly (readonly unknown[])[]
}

export interface TestOptions extends Partial<Omit<ExecutionOptions, 'now' | 'tables'>> {
  readonly now?: string
  readonly tables?: Readonly<Record<string, TestTable>>
  readonly parameters?: Readonly<Record<string, unknown>>
  /** How many bytes a table says that it has, by its rows; none where it is missing. */
  readonly bytesOf?: (rows: number) => number
}

/** The time at which tests run, unless they say another. */
export const NOW = '2026-01-01T00:00:00Z'

/** Compiles a query over the tables of a test alone. */
export function compileTest(text: string, options: TestOptions = {}): CompiledQuery {
  const schemas = Object.entries(options.tables ?? {}).map(([name, table]) => [name, table.columns])
  return compileQuery(text, {
    catalog: Catalog.empty().with(Object.fromEntries(schemas)),
    parameters: new Map(Object.entries(options.parameters ?? {})),
  })
}

/** Runs a plan over the tables of a test. */
export async function runPlan(plan: Plan, options: TestOptions = {}): Promise<QueryResult> {
  const batches: ColumnBatch[] = []
  for await (const batch of executePlan(plan, executionOf(options))) batches.push(batch)
  return new QueryResult(plan.schema, batches, [])
}

/** Runs a plan node by node, as it is where rows are followed through it. */
async function runTraced(plan: Plan, options: TestOptions): Promise<QueryResult> {
  // It keeps what every node gives: limits of a query are not meant for that.
  const { maxRows: _, maxMemory: __, ...unlimited } = options
  const tracer = new Tracer(new NodeRun(executionOf(unlimited)), new TableRows())
  const { rows } = await tracer.trace(plan)
  return new QueryResult(plan.schema, [rows], [])
}

/** Runs a plan with hardly any memory; undefined where an operator of it cannot do with that. */
export async function runSpilled(
  plan: Plan,
  options: TestOptions,
): Promise<QueryResult | undefined> {
  const stores: MemorySpill[] = []
  const openSpill = (): MemorySpill => {
    stores.push(new MemorySpill())
    return stores.at(-1)!
  }
  const result = await runPlan(plan, { batchSize: 3, ...options, maxMemory: 1, openSpill }).catch(
    (error: unknown) => {
      if (error instanceof ExecutionError && error.diagnostic.code === 'KQL300') return undefined
      throw error
    },
  )
  if (stores.some(store => !store.isClosed)) throw new Error('a store of spilled rows stays open')
  return result
}

/** What a plan is run with. */
export function executionOf(options: TestOptions = {}): ExecutionOptions {
  const { now, tables = {}, parameters: _, bytesOf, ...execution } = options
  const sources = Object.entries(tables).map(([name, { columns, rows }]) => {
    const schema = Object.entries(columns).map(([column, type]) => ({ name: column, type }))
    const objects = rows.map((row): Row => {
      return Object.fromEntries(schema.map((column, index) => [column.name, row[index]]))
    })
    const source = rowsSource(name, objects, schema)
    const scan: TableSource['scan'] = (request, context) => source.scan(request, context)
    const sized = bytesOf && { schema, scan, bytes: bytesOf(rows.length) }
    return [name, sized ?? source] as const
  })
  const ticks = parseDatetime(now ?? NOW)
  if (ticks === null) throw new Error(`${now} is no datetime`)
  return { ...execution, now: ticks, tables: new Map(sources) }
}

/**
 * The rows of a query. It is run as bound, as rewritten, row by row, and node by node as rows are
 * followed; that all give the same is checked here, so that every test of a query is one of those too.
 */
export async function rowsOf(text: string, options: TestOptions = {}): Promise<unknown[][]> {
  return (await resultOf(text, options)).rows()
}

/** The same as objects by column name. */
export async function objectsOf(
  text: string,
  options: TestOptions = {},
): Promise<Record<string, unknown>[]> {
  return (await resultOf(text, options)).toObjects()
}

async function resultOf(text: string, options: TestOptions): Promise<QueryResult> {
  const settled = await discoverColumns(compileTest(text, options), executionOf(options))
  const { bound, plan, diagnostics, kept } = settled
  if (bound === undefined || plan === undefined || hasErrors(diagnostics)) {
    const messages = diagnostics.map(({ code, message }) => `${code}: ${message}`)
    throw new Error(`${text}\n${messages.join('\n')}`)
  }
  const asBound = await runPlan(bound, { ...options, kept, without: TECHNIQUES })
  const rewritten = await runPlan(plan, { ...options, kept })
  const rowByRow = await runPlan(plan, { batchSize: 1, ...options, kept })
  const expected = textOf(asBound)
  const nodeByNode = await runTraced(bound, options)
  const spilled = await runSpilled(plan, { ...options, kept })
  const ways = {
    rewritten,
    rowByRow,
    nodeByNode,
    spilled,
    ...(await joined(plan, { ...options, kept })),
  }
  for (const [how, result] of Object.entries(ways)) {
    if (result === undefined || textOf(result) === expected) continue
    throw new Error(`${text}\nas bound: ${expected}\n${how}: ${textOf(result)}`)
  }
  return asBound
}

/** A plan with joins, of which either side is the smaller one by what its tables say. */
async function joined(
  plan: Plan,
  options: TestOptions,
): Promise<Record<string, QueryResult | undefined>> {
  if (!hasJoin(plan)) return {}
  const few = { ...options, bytesOf: (rows: number) => 4 ** Math.min(rows, 50) }
  const many = { ...options, batchSize: 2, bytesOf: (rows: number) => 4 ** -Math.min(rows, 50) }
  return {
    fewFirst: await runPlan(plan, few),
    manyFirst: await runPlan(plan, many),
    fewFirstSpilled: await runSpilled(plan, few),
    manyFirstSpilled: await runSpilled(plan, many),
  }
}

function hasJoin(plan: Plan): boolean {
  return [...inputsIn(plan)].some(({ kind }) => kind === 'join')
}

/** A result as text, every value told from every other. */
export function textOf(result: QueryResult): string {
  const columns = result.columns.map(({ name, type }) => `${name}:${type}`)
  return [columns.join(','), ...result.rows().map(valueText)].join('\n')
}

/** A value as text, with NaN, -0 and bigint told from null, 0 and number. */
export function valueText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`
    if (typeof item !== 'number') return item
    return Number.isFinite(item) && !Object.is(item, -0)
      ? item
      : `#${Object.is(item, -0) ? '-0' : item}`
  })
}
