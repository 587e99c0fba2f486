import { ColumnBatch } from '../../tables/batch.ts'
import type { ScanContext, ScanFilter, ScanRequest } from '../../tables/source.ts'
import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import type { Schema } from '../../types/schema.ts'
import { LocatedQueryError } from '../evaluator/evaluator.ts'
import { QueryError } from '../functions/query-error.ts'
import type { Expr, RangePlan, ScanPlan, ValuesPlan } from '../plan/nodes.ts'
import type { Executor, Run } from './run.ts'

/** A batch of rows given as values. */
export function batchOf(schema: Schema, rows: readonly (readonly ScalarValue[])[]): ColumnBatch {
  const columns = schema.map(
    ({ type }, index) =>
      vectorOf(
        type,
        rows.map(row => row[index] ?? null),
      ) as Vector,
  )
  return new ColumnBatch(schema, columns, rows.length)
}

export const executeValues: Executor<ValuesPlan> = async function* (plan) {
  if (plan.rows.length > 0) yield batchOf(plan.schema, plan.rows)
}

async function bound(expr: Expr | undefined, run: Run): Promise<bigint | undefined> {
  if (expr === undefined) return undefined
  const value = (await run.compile(expr, [])).constant?.value
  return typeof value === 'bigint' ? value : undefined
}

export const executeScan: Executor<ScanPlan> = (plan, run) => scanTable(plan, run)

/** The rows of a table; where there is a filter, the source may leave out others. */
export async function* scanTable(
  plan: ScanPlan,
  run: Run,
  filter?: ScanFilter,
): AsyncGenerator<ColumnBatch> {
  const request = await requestOf(plan, run, filter)
  for await (const batch of run.scan(plan, request, scanContext(run))) {
    await run.pause(batch.rowCount)
    if (batch.rowCount > 0) yield batch
  }
}

/** What a source is asked for by a scan, with what is known of its rows in the run. */
export async function requestOf(
  plan: ScanPlan,
  run: Run,
  filter?: ScanFilter,
): Promise<ScanRequest> {
  const { timeRange, columns } = plan
  const keys = run.keysOf(plan)
  const texts = [...(plan.texts ?? []), ...keys.flatMap(key => key.texts)]
  const filters = [filter, ...keys.map(key => key.filter)].filter(own => own !== undefined)
  const partnerTimes = keys.find(key => key.times !== undefined)?.times
  const from = await bound(timeRange?.from, run)
  const to = await bound(timeRange?.to, run)
  return {
    columns,
    ...(filters.length === 0 ? {} : { filter: allOf(filters, plan.schema) }),
    ...(texts.length === 0 ? {} : { texts }),
    ...(partnerTimes === undefined ? {} : { partnerTimes }),
    ...(timeRange === undefined
      ? {}
      : {
          timeRange: {
            column: timeRange.column,
            ...(from === undefined ? {} : { from }),
            // A request's range ends before its bound; the plan's includes it.
            ...(to === undefined ? {} : { to: to + 1n }),
          },
        }),
  }
}

/** The rows of a batch that a filter selects, of which the batch has more columns than it looks at. */
export function selectedBy(filter: ScanFilter, batch: ColumnBatch): Uint32Array {
  return filter.select(withColumns(batch, filter.columns))
}

/** A filter for what all of the filters leave: those come last that look at dynamics, which take longest to read. */
export function allOf(filters: readonly ScanFilter[], schema: Schema): ScanFilter {
  const never = filters.find(({ isNever }) => isNever === true)
  if (never !== undefined) return never
  const dynamics = new Set(schema.flatMap(({ name, type }) => (type === 'dynamic' ? [name] : [])))
  const takesLong = ({ columns }: ScanFilter) => columns.some(name => dynamics.has(name))
  const all = filters.flatMap(filter => filter.parts ?? [filter])
  const parts = [...all.filter(part => !takesLong(part)), ...all.filter(takesLong)]
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const names = new Set(parts.flatMap(({ columns }) => columns))
  return {
    columns: schema.flatMap(({ name }) => (names.has(name) ? [name] : [])),
    select: batch => parts.reduce((rows, part) => selectedBy(part, batch.select(rows)), batch.rows),
    parts,
  }
}

/** The batch with some of its columns, in its order. */
function withColumns(batch: ColumnBatch, names: readonly string[]): ColumnBatch {
  const places = [...batch.schema.keys()].filter(at => names.includes(batch.schema[at]!.name))
  return new ColumnBatch(
    places.map(at => batch.schema[at]!),
    places.map(at => batch.columns[at]!),
    batch.length,
    batch.selection,
  )
}

/** What a source is scanned in. */
export function scanContext(run: Run): ScanContext {
  return {
    batchSize: run.batchSize,
    ...(run.signal === undefined ? {} : { signal: run.signal }),
    report: run.report.bind(run),
    ...(run.onUnexamined === undefined ? {} : { unexamined: run.onUnexamined }),
    memory: () => run.memory,
    threads: run.threads,
    ...(run.without.length === 0 ? {} : { without: run.without }),
  }
}

export const executeRange: Executor<RangePlan> = async function* (plan, run) {
  const [from, to, step] = await Promise.all(
    [plan.from, plan.to, plan.step].map(
      async expr => (await run.compile(expr, [])).constant?.value,
    ),
  )
  const values =
    typeof from === 'bigint'
      ? integers(from, to as bigint, step as bigint)
      : reals(from as number, to as number, step as number, plan)
  if (from == null || to == null || step == null) return
  let rows: ScalarValue[][] = []
  for (const value of values) {
    rows.push([value])
    if (rows.length < run.batchSize) continue
    await run.pause(rows.length)
    yield batchOf(plan.schema, rows)
    rows = []
  }
  if (rows.length > 0) yield batchOf(plan.schema, rows)
}

function* integers(from: bigint, to: bigint, step: bigint): Generator<bigint> {
  if (step > 0n) for (let value = from; value <= to; value += step) yield value
  else if (step < 0n) for (let value = from; value >= to; value += step) yield value
}

function* reals(from: number, to: number, step: number, plan: RangePlan): Generator<number> {
  if (step === 0 || (step > 0 ? from > to : from < to)) return
  if (from + step === from || to - step === to) {
    const message = 'The range never ends: its step is lost in rounding beside its bounds.'
    throw new LocatedQueryError(new QueryError('KQL300', message), plan.span)
  }
  const count = Math.floor((to - from) / step + 1e-9)
  if (count >= 0) yield from
  for (let i = 1; i <= count; i++) yield from + i * step
}
