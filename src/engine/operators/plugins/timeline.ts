import { ColumnBatch } from '../../../tables/batch.ts'
import { type ScalarValue, type Vector, valueAt } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import type { CalendarUnit } from '../../../types/calendar.ts'
import { MIN_DATETIME, startOf } from '../../../types/datetime.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import type { Column, Schema } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import type { EvaluatePlan, Expr, NamedExpr, Plan } from '../../plan/nodes.ts'
import { KeyIndex } from '../key-index.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { allRows, faultOf, inputOf, optionOf } from './running.ts'
import type { PluginParameter } from './signature.ts'

/** Reports that Start and End are missing, which the plugin needs here. */
export function needsRange(call: PluginCall): Plan {
  const message = `\`${call.plugin.name}\` without Start and End is not supported.`
  return call.fail('KQL101', message, call.span)
}

/** The identities of each group of dimensions, by window. */
export async function idsByWindow(
  activities: Activities,
  windows: Windows,
  run: Run,
): Promise<Map<number, Set<number>>[]> {
  const groups: Map<number, Set<number>>[] = Array.from(
    { length: activities.dimensions.size },
    () => new Map(),
  )
  for (let row = 0; row < activities.length; row++) {
    const at = activities.at(row)
    if (at === null || at < windows.start || at > windows.end) continue
    const byWindow = groups[activities.groups[row]!]!
    const window = windows.of(at)
    const ids = byWindow.get(window)
    if (ids === undefined) byWindow.set(window, new Set([activities.ids[row]!]))
    else ids.add(activities.ids[row]!)
  }
  await run.pause(activities.length)
  return groups
}

/** What the plugins over activities have in common: an identity, a time, and dimensions. */
export const ID: PluginParameter = { name: 'IdColumn', takes: 'column', doc: 'Who is active.' }
export const TIME: PluginParameter = {
  name: 'TimelineColumn',
  takes: 'datetime, timespan, long or int column',
  doc: 'When.',
}
export const START: PluginParameter = {
  name: 'Start',
  takes: 'constant of that type',
  doc: 'The start of the analysis; windows count from it.',
}
export const END: PluginParameter = {
  name: 'End',
  takes: 'constant of that type',
  doc: 'The end of the analysis, inclusive.',
}
export const DIMENSIONS: PluginParameter = {
  name: 'Dimension',
  takes: 'column',
  doc: 'Each combination of values is counted by itself.',
  optional: true,
  repeated: true,
}

/** A parameter that is a length of time. */
export function lengthOf(name: string, doc: string): PluginParameter {
  return { name, takes: 'constant timespan, or number', doc }
}

/** A parameter that is a length of time, or a unit of the calendar. */
export function stepOf(name: string, doc: string): PluginParameter {
  return { name, takes: 'constant timespan, or number, or week, month, year', doc }
}

/** The types that a time line may have. */
export const TIMES: readonly ScalarType[] = ['datetime', 'timespan', 'long', 'int']
const UNITS: ReadonlyMap<string, CalendarUnit> = new Map([
  ['week', 'week'],
  ['month', 'month'],
  ['year', 'year'],
])

/** The columns of a call, and its rows as {@link loadActivities} reads them. */
export interface BoundTimeline {
  readonly time: Column
  readonly dimensions: readonly Column[]
  readonly rows: Plan
}

/** Binds the columns; undefined where one was reported. */
export function bindTimeline(call: PluginCall, id?: Column): BoundTimeline | undefined {
  const { binder, span } = call
  const who = id ?? call.column('IdColumn')
  const time = call.columnOf('TimelineColumn', TIMES)
  const dimensions = call.columns('Dimension')
  if (call.failed || who === undefined || time === undefined) return undefined
  const at = readColumn(binder, time, span)
  const exprs: NamedExpr[] = [
    { name: '$id', expr: readColumn(binder, who, span) },
    { name: '$time', expr: time.type === 'int' ? binder.convert(at, 'long') : at },
    ...dimensions.map((column, index) => ({
      name: `$dimension${index}`,
      expr: readColumn(binder, column, span),
    })),
  ]
  return { time, dimensions, rows: call.project(call.input, exprs) }
}

/** Constants on the time line: of the type of its column. */
export function timeOptions(
  call: PluginCall,
  time: Column,
  names: readonly string[],
): Record<string, Expr | undefined> {
  const type = time.type === 'int' ? 'long' : time.type
  if (call.binder.isFailedColumn(time)) return {}
  return Object.fromEntries(names.map(name => [name, call.constant(name, type)]))
}

/** Constants that are lengths on the time line; where `calendar`, they may be units too. */
export function lengthOptions(
  call: PluginCall,
  time: Column,
  names: readonly string[],
  calendar: readonly string[] = [],
): Record<string, Expr | undefined> {
  if (call.binder.isFailedColumn(time)) return {}
  const type = time.type === 'datetime' || time.type === 'timespan' ? 'timespan' : 'long'
  const options: Record<string, Expr | undefined> = {}
  for (const name of names) options[name] = call.constant(name, type)
  for (const name of calendar) {
    const expr = call.constant(name, type, time.type === 'datetime' ? 'string' : undefined)
    const unit = literalText(expr)
    if (unit !== undefined && !UNITS.has(unit)) {
      call.fail('KS128', `\`${unit}\` is none of week, month, year.`, expr?.span ?? call.span)
    }
    options[name] = expr
  }
  return options
}

/** The text that an option is, where it is known before the run. */
export function literalText(option: Expr | undefined): string | undefined {
  return option?.kind === 'literal' && typeof option.value === 'string' ? option.value : undefined
}

/** The time and the dimensions, under their names, and what is computed. */
export function timelineSchema(
  call: PluginCall,
  { time, dimensions }: BoundTimeline,
  computed: Schema,
): Schema {
  const { binder } = call
  const own = [time, ...dimensions].map(column => binder.renamed(column, column.name))
  return [...own, ...computed]
}

/** Rows of an input: who was active when, in which combination of dimensions. */
export interface Activities {
  readonly length: number
  /** Whose activity each row is, by number; null has a number too. */
  readonly ids: Uint32Array
  readonly identities: KeyIndex
  /** The identities themselves. */
  readonly who: Vector
  /** When; null where the row has no time. */
  at(row: number): bigint | null
  /** The combination of dimensions, by number. */
  readonly groups: Uint32Array
  readonly dimensions: KeyIndex
}

/** Reads all rows of the input that {@link bindTimeline} made. */
export async function loadActivities(plan: EvaluatePlan, run: Run): Promise<Activities> {
  const rows = await allRows(plan, run)
  const [who, time, ...dimensions] = rows.columns
  const { length } = rows
  const identities = new KeyIndex([inputOf(plan).schema[0]!.type])
  const ids = new Uint32Array(length)
  const index = new KeyIndex(dimensions.map(({ type }) => type))
  const groups = new Uint32Array(length)
  if (length > 0) identities.assign([who!], rows.rows, ids)
  if (dimensions.length === 0) index.addUnit()
  else if (length > 0) index.assign(dimensions, rows.rows, groups)
  const times = time as Extract<Vector, { readonly type: 'long' }>
  return {
    length,
    ids,
    identities,
    who: who!,
    at: row => (times.isNull(row) ? null : times.values[row]!),
    groups,
    dimensions: index,
  }
}

/** A length that an option is; undefined where it is null. One that is negative is an error. */
export async function spanOf(
  plan: EvaluatePlan,
  run: Run,
  name: string,
): Promise<bigint | undefined> {
  const span = await optionOf(plan, name, run)
  if (typeof span !== 'bigint') return undefined
  if (span >= 0n) return span
  throw faultOf(plan, 'KS128', `${name} of \`${plan.plugin}\` must not be negative.`)
}

/** A length that an option is, above zero: one that is not is an error. */
export async function positiveOf(plan: EvaluatePlan, run: Run, name: string): Promise<bigint> {
  const length = await optionOf(plan, name, run)
  if (typeof length === 'bigint' && length > 0n) return length
  throw faultOf(plan, 'KS128', `${name} of \`${plan.plugin}\` must be greater than 0.`)
}

const MAX_WINDOWS = 1_000_000

/** The windows of an analysis, numbered from the one that starts it. */
export interface Windows {
  readonly count: number
  readonly start: bigint
  readonly end: bigint
  /** The window of a time from `start` to `end`. */
  of(time: bigint): number
  startOf(window: number): bigint
}

/** The windows that the options Start and End and the step say; undefined where one is null. */
export async function windowsOf(
  plan: EvaluatePlan,
  run: Run,
  step: string,
): Promise<Windows | undefined> {
  const start = await optionOf(plan, 'Start', run)
  const end = await optionOf(plan, 'End', run)
  if (typeof start !== 'bigint' || typeof end !== 'bigint') return undefined
  const text = await optionOf(plan, step, run)
  const unit = typeof text === 'string' ? UNITS.get(text) : undefined
  if (unit !== undefined) return calendarWindows(plan, start, end, unit)
  const length = await positiveOf(plan, run, step)
  const count = end < start ? 0n : (end - start) / length + 1n
  if (count > BigInt(MAX_WINDOWS)) throw tooMany(plan)
  return {
    count: Number(count),
    start,
    end,
    of: time => Number((time - start) / length),
    startOf: window => start + BigInt(window) * length,
  }
}

function tooMany(plan: EvaluatePlan): Error {
  return faultOf(plan, 'KQL300', `\`${plan.plugin}\` has more than ${MAX_WINDOWS} windows.`)
}

function calendarWindows(
  plan: EvaluatePlan,
  start: bigint,
  end: bigint,
  unit: CalendarUnit,
): Windows {
  const starts: bigint[] = []
  // The week of the first day begins before all times.
  let next = end < start ? null : (startOf(unit, start) ?? MIN_DATETIME)
  while (next !== null && next <= end) {
    starts.push(next)
    if (starts.length > MAX_WINDOWS) throw tooMany(plan)
    next = startOf(unit, next, 1)
  }
  return {
    count: starts.length,
    start,
    end,
    of: time => lastNotAfter(starts, time),
    startOf: window => starts[window] ?? start,
  }
}

/** The position of the last number that is not greater, in numbers that go up. */
function lastNotAfter(numbers: readonly bigint[], value: bigint): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** A row of a result over a time line: where it belongs, and what was computed. */
export interface TimelineRow {
  readonly time: readonly bigint[]
  readonly group: number
  readonly values: readonly ScalarValue[]
}

/** What a row of a result takes while it waits for the others. */
export const ROW_BYTES = 256

/** Rows by time, those of one time in the order of their groups. */
export function byTime(rows: readonly TimelineRow[]): TimelineRow[] {
  return rows.toSorted((a, b) => {
    const [x, y] = [a.time[0]!, b.time[0]!]
    return x < y ? -1 : x > y ? 1 : a.group - b.group
  })
}

/** The rows as batches: times, then the dimensions of the group, then the values. */
export function* timelineBatches(
  plan: EvaluatePlan,
  dimensions: KeyIndex,
  rows: readonly TimelineRow[],
  batchSize: number,
): Generator<ColumnBatch> {
  const { schema } = plan
  const keys = dimensions.keyVectors(0, dimensions.size)
  const times = rows[0]?.time.length ?? 0
  for (let start = 0; start < rows.length; start += batchSize) {
    const part = rows.slice(start, start + batchSize)
    const columns = schema.map(({ type }, index): Vector => {
      if (index < times)
        return timeVector(
          plan,
          type,
          part.map(row => row.time[index]!),
        )
      if (index < times + keys.length) {
        const values = part.map(row => valueAt(keys[index - times]!, row.group))
        return vectorOf(type, values) as Vector
      }
      const position = index - times - keys.length
      return vectorOf(
        type,
        part.map(row => row.values[position] ?? null),
      ) as Vector
    })
    yield new ColumnBatch(schema, columns, part.length)
  }
}

function timeVector(plan: EvaluatePlan, type: ScalarType, times: readonly bigint[]): Vector {
  if (type === 'int' && times.some(time => time !== BigInt.asIntN(32, time))) {
    const message = `A window of \`${plan.plugin}\` starts where no int does.`
    throw faultOf(plan, 'KS128', message)
  }
  const values = type === 'int' ? times.map(Number) : times
  return vectorOf(type, values) as Vector
}
