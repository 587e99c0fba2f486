import { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { valueAt } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { findColumn } from '../../types/schema.ts'
import { LocatedQueryError } from '../evaluator/evaluator.ts'
import { dynamicAt, packer } from '../functions/dynamic-value.ts'
import { QueryError } from '../functions/query-error.ts'
import type { Expr, MakeSeriesPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { collectRows } from './collect.ts'
import { KeyIndex } from './key-index.ts'
import type { Executor, Run } from './run.ts'

/** Values in one array, at most: what Kusto documents. */
const MAX_POINTS = 2 ** 20
/** What a row takes besides its values: its group, and its place among the rows of that. */
const ROW_BYTES = 16
/** Values in the arrays of one batch, roughly. */
const BATCH_POINTS = 2 ** 18

export const executeMakeSeries: Executor<MakeSeriesPlan> = async function* (plan, run) {
  const grid = await gridOf(plan, run)
  const defaults = await Promise.all(
    plan.values.map(async value => {
      const evaluator = await run.compile(value.default, [])
      return packer(evaluator.type)(evaluator.constant?.value ?? null)
    }),
  )
  const account = new Account(run, 'make-series')
  try {
    yield* seriesOf(plan, grid, defaults, account, run)
  } finally {
    account.close()
  }
}

async function* seriesOf(
  plan: MakeSeriesPlan,
  grid: Grid,
  defaults: readonly Dynamic[],
  account: Account,
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const batch = await collectRows(account, plan.input, run)
  const groups = groupRows(plan, batch)
  account.keep(0, groups.index.bytes + batch.length * ROW_BYTES)
  if (groups.index.size === 0 && plan.nonEmpty) {
    yield emptySeries(plan, grid, defaults)
    return
  }
  const points = columnOf(batch, plan.axis.column)
  const values = plan.values.map(value => columnOf(batch, value.name))
  let rows: Dynamic[][] = []
  let size = 0
  let start = 0
  for (let group = 0; group < groups.index.size; group++) {
    const members = groups.members(group)
    const span = grid.spanOf(points, members)
    const arrays = values.map((vector, column) => {
      const array = new Array<Dynamic>(span.count).fill(defaults[column] ?? null)
      for (const row of members) {
        array[grid.positionOf(valueAt(points, row), span)] = dynamicAt(vector, row)
      }
      return array
    })
    rows.push([...arrays, grid.points(span)])
    size += span.count * (arrays.length + 1)
    const next = group + 1
    if (next < groups.index.size && size < BATCH_POINTS && rows.length < run.batchSize) continue
    await run.pause(size)
    yield seriesBatch(plan, groups.index.keyVectors(start, next), rows)
    rows = []
    size = 0
    start = next
  }
}

function columnOf(batch: ColumnBatch, name: string): Vector {
  return batch.columns[batch.schema.findIndex(column => column.name === name)]!
}

interface Groups {
  readonly index: KeyIndex
  /** The rows of a group, in the order of the input. */
  members(group: number): Uint32Array
}

/** The rows that have a point, by their keys. */
function groupRows(plan: MakeSeriesPlan, batch: ColumnBatch): Groups {
  const point = columnOf(batch, plan.axis.column)
  const rows = batch.rows.filter(row => !point.isNull(row) && !Number.isNaN(valueAt(point, row)))
  const keys = plan.keys.map(name => columnOf(batch, name))
  const index = new KeyIndex(keys.map(key => key.type))
  const groupOf = new Uint32Array(batch.length)
  if (keys.length > 0) index.assign(keys, rows, groupOf)
  else if (rows.length > 0) index.addUnit()
  const ends = new Uint32Array(index.size)
  for (const row of rows) ends[groupOf[row]!]!++
  for (let group = 1; group < index.size; group++) ends[group]! += ends[group - 1]!
  const sorted = new Uint32Array(rows.length)
  const next = Uint32Array.from(ends, (_, group) => (group === 0 ? 0 : ends[group - 1]!))
  for (const row of rows) sorted[next[groupOf[row]!]!++] = row
  return {
    index,
    members: group => sorted.subarray(group === 0 ? 0 : ends[group - 1]!, ends[group]!),
  }
}

function emptySeries(plan: MakeSeriesPlan, grid: Grid, defaults: readonly Dynamic[]): ColumnBatch {
  if (plan.keys.length > 0 || !grid.isBounded) {
    const message = 'kind=nonempty of an empty input needs from and to, and no by.'
    throw new LocatedQueryError(new QueryError('KQL101', message), plan.span)
  }
  const span = grid.spanOf(undefined, new Uint32Array())
  const arrays = defaults.map(value => new Array<Dynamic>(span.count).fill(value))
  return seriesBatch(plan, [], [[...arrays, grid.points(span)]])
}

/** Rows of arrays, those of the values and then that of the axis, with their keys. */
function seriesBatch(
  plan: MakeSeriesPlan,
  keys: readonly Vector[],
  rows: readonly (readonly Dynamic[])[],
): ColumnBatch {
  const columns = plan.schema.map(({ name }): Vector => {
    const key = plan.keys.indexOf(name)
    if (key >= 0) return keys[key]!
    const value = plan.values.findIndex(item => item.name === name)
    const column = value < 0 ? plan.values.length : value
    return vectorOf(
      'dynamic',
      rows.map(row => row[column] ?? null),
    )
  })
  return new ColumnBatch(plan.schema, columns, rows.length)
}

// The grid

/** The points of one series: `count` from `first` on. */
interface Span {
  readonly first: ScalarValue
  readonly count: number
}

/** Arithmetic of the axis: of whole numbers and ticks, or of reals. */
interface Arithmetic {
  /** Whole steps from `first` to the last point that is not beyond `to`. */
  steps(first: ScalarValue, to: ScalarValue, inclusive: boolean): number
  position(first: ScalarValue, point: ScalarValue): number
  point(first: ScalarValue, position: number): ScalarValue
}

class Grid {
  readonly #plan: MakeSeriesPlan
  readonly #from: ScalarValue | undefined
  readonly #to: ScalarValue | undefined
  readonly #arithmetic: Arithmetic
  readonly #pack: (value: ScalarValue) => Dynamic
  #last: { readonly span: Span; readonly points: Dynamic[] } | undefined

  constructor(
    plan: MakeSeriesPlan,
    type: ScalarType,
    bounds: { from: ScalarValue | undefined; to: ScalarValue | undefined; step: ScalarValue },
  ) {
    this.#plan = plan
    this.#from = bounds.from
    this.#to = bounds.to
    this.#arithmetic =
      typeof bounds.step === 'bigint' ? wholeNumbers(bounds.step) : reals(Number(bounds.step))
    this.#pack = packer(type)
  }

  /** Whether the points are known without rows. */
  get isBounded(): boolean {
    return (this.#from ?? null) !== null && (this.#to ?? null) !== null
  }

  /** The points of the series that has these rows. */
  spanOf(points: Vector | undefined, rows: Uint32Array): Span {
    const { toInclusive } = this.#plan
    const own = points === undefined ? [] : bounds(points, rows)
    const first = this.#from === undefined ? own[0] : this.#from
    const last = this.#to === undefined ? own[1] : this.#to
    if (first === undefined || last === undefined) return { first: null, count: 0 }
    const inclusive = this.#to === undefined || toInclusive
    // Rows within the bounds have a point, however reals were rounded.
    const least = Math.min(rows.length, 1)
    const count = Math.max(least, this.#arithmetic.steps(first, last, inclusive))
    if (count <= MAX_POINTS) return { first, count }
    // Of an infinite bound, the count is infinite or none at all.
    const values = Number.isFinite(count) ? count : 'infinitely many'
    const message = `A series has ${values} values here, more than ${MAX_POINTS}.`
    throw new LocatedQueryError(new QueryError('KQL300', message), this.#plan.span)
  }

  positionOf(point: ScalarValue, { first, count }: Span): number {
    // Reals may round up to the end of the grid, which is no point of it.
    return Math.min(this.#arithmetic.position(first, point), count - 1)
  }

  points(span: Span): Dynamic[] {
    const last = this.#last
    if (last !== undefined && last.span.first === span.first && last.span.count === span.count) {
      return last.points
    }
    const points = Array.from({ length: span.count }, (_, position) =>
      this.#pack(this.#arithmetic.point(span.first, position)),
    )
    this.#last = { span, points }
    return points
  }
}

/** The least and the greatest value of the rows. */
function bounds(points: Vector, rows: Uint32Array): [ScalarValue, ScalarValue] {
  let least = valueAt(points, rows[0]!) as bigint | number
  let greatest = least
  for (const row of rows) {
    const value = valueAt(points, row) as bigint | number
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  return [least, greatest]
}

function wholeNumbers(step: bigint): Arithmetic {
  return {
    steps(first, to, inclusive) {
      const distance = (to as bigint) - (first as bigint) - (inclusive ? 0n : 1n)
      return distance < 0n ? 0 : Number(distance / step) + 1
    },
    position: (first, point) => Number(((point as bigint) - (first as bigint)) / step),
    point: (first, position) => (first as bigint) + BigInt(position) * step,
  }
}

function reals(step: number): Arithmetic {
  return {
    steps(first, to, inclusive) {
      const [start, end] = [first as number, to as number]
      if (!(start <= end)) return 0
      const count = Math.round((end - start) / step)
      const isBefore = (position: number): boolean => {
        const point = start + position * step
        return inclusive ? point <= end : point < end
      }
      if (isBefore(count)) return count + 1
      return count > 0 && !isBefore(count - 1) ? count - 1 : count
    },
    position: (first, point) => Math.round(((point as number) - (first as number)) / step),
    point: (first, position) => (first as number) + position * step,
  }
}

async function gridOf(plan: MakeSeriesPlan, run: Run): Promise<Grid> {
  const value = async (expr: Expr | undefined): Promise<ScalarValue | undefined> => {
    if (expr === undefined) return undefined
    const { constant } = await run.compile(expr, [])
    return constant?.value ?? null
  }
  const [from, to, step] = [
    await value(plan.from),
    await value(plan.to),
    (await value(plan.step)) ?? null,
  ]
  if (step === null || !(Number(step) > 0)) {
    const error = new QueryError('KS128', 'The step of make-series must be above zero.')
    throw new LocatedQueryError(error, plan.step.span)
  }
  const type = findColumn(plan.input.schema, plan.axis.column)?.type ?? 'dynamic'
  return new Grid(plan, type, { from, to, step })
}
