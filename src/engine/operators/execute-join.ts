import { ColumnBatch, concat, gather, NO_ROW } from '../../tables/batch.ts'
import type { Int64Vector, Vector } from '../../tables/vector.ts'
import { indexOfColumn, type Schema } from '../../types/schema.ts'
import type { Expr, JoinBand, JoinPlan, Plan } from '../plan/nodes.ts'
import { negated } from '../plan/rewrites/band-joins.ts'
import type { Account } from './account.ts'
import { FirstRows, isReadFirst } from './first-rows.ts'
import { type NearTimes, runWithKeys } from './key-filter.ts'
import { KeyIndex } from './key-index.ts'
import { type JoinInput, type JoinRows, partitionedJoin } from './partitioned-join.ts'
import { runTogether } from './read-together.ts'
import type { Executor, Run } from './run.ts'

/** The rows of one side of a join, found by key. */
interface BuiltSide {
  readonly batch: ColumnBatch
  /** The keys of all rows. */
  readonly keys: readonly Vector[]
  readonly index: KeyIndex
  /** The rows of group `g` are `rows[starts[g]]` up to `rows[starts[g + 1]]`, in input order. */
  readonly starts: Uint32Array
  readonly rows: Uint32Array
}

function build(
  batch: ColumnBatch,
  { keyTypes, keys }: Pick<JoinInput, 'keyTypes' | 'keys'>,
  account: Account,
): BuiltSide {
  const index = new KeyIndex(keyTypes)
  const groupOf = new Uint32Array(batch.length)
  const vectors = keys(batch)
  index.assign(vectors, batch.rows, groupOf)
  // Filters by these keys have as much again.
  account.count(0, index.bytes * 2)
  const starts = new Uint32Array(index.size + 1)
  for (const group of groupOf) starts[group + 1]!++
  for (let g = 0; g < index.size; g++) starts[g + 1]! += starts[g]!
  const next = starts.slice()
  const rows = new Uint32Array(batch.length)
  for (let row = 0; row < batch.length; row++) rows[next[groupOf[row]!]!++] = row
  return { batch, keys: vectors, index, starts, rows }
}

function groupsOf(side: BuiltSide, keys: readonly Vector[], batch: ColumnBatch): Uint32Array {
  const groups = new Uint32Array(batch.length)
  side.index.find(keys, batch.rows, groups)
  return groups
}

export const executeJoin: Executor<JoinPlan> = async function* (plan, outer) {
  const run = await runTogether(plan, outer)
  const left = { plan: plan.left, keys: plan.keys.map(key => key.left) }
  const right = { plan: plan.right, keys: plan.keys.map(key => key.right) }
  const isRight = plan.joinKind === 'rightsemi' || plan.joinKind === 'rightanti'
  const [streamed, built] = isRight ? [right, left] : [left, right]
  const isSemi = isRight || plan.joinKind === 'leftsemi' || plan.joinKind === 'leftanti'
  const joinRows = isSemi ? filterByKeys : pairs
  const { band, joinKind } = plan
  // Of the left rows with a key innerunique takes the first, whether it is near or not: all count.
  const nearLeft = joinKind === 'inner' ? band && nearOf(band, 'left') : undefined
  const nearRight = band && nearOf(band, 'right')
  // A join with a band streams the left side.
  const streamedInput = await inputOf(streamed, run, nearLeft)
  const builtInput = await inputOf(built, run, nearRight)
  // Sides that are read together begin with the built one.
  if (run !== outer || !isReadFirst(plan, streamed.plan, built, run)) {
    yield* partitionedJoin(plan, streamedInput, builtInput, joinRows, run)
    return
  }
  const first = new FirstRows(streamedInput, run)
  try {
    const wanted = await first.read()
    const few = { ...builtInput, batches: () => builtInput.batches(wanted) }
    yield* partitionedJoin(plan, first, few, joinRows, run)
  } finally {
    await first.close()
  }
}

/** A side of a join. */
interface Side {
  readonly plan: Plan
  readonly keys: readonly Expr[]
}

async function inputOf({ plan, keys }: Side, run: Run, near?: NearOf): Promise<JoinInput> {
  const { schema } = plan
  const evaluators = await Promise.all(keys.map(key => run.compile(key, schema)))
  return {
    schema,
    keyTypes: keys.map(key => key.type),
    batches: wanted =>
      run.execute(
        plan,
        wanted &&
          runWithKeys(plan, keys, wanted.keys, wanted.batch.rows, run, near?.(wanted.batch)),
      ),
    keys: batch => evaluators.map(key => key.evaluate(batch, batch.rows)),
  }
}

/** The times that rows of one side have which are near some row of the other, whose rows are all given. */
type NearOf = (others: ColumnBatch) => NearTimes | undefined

/** What the band of a join says of the times of one side, by those of the other. */
function nearOf({ left, right, least, greatest }: JoinBand, side: 'left' | 'right'): NearOf {
  return others => {
    const range = rangeOfTimes(timesOf(others, side === 'left' ? right : left), others.rows)
    if (range === undefined) return undefined
    // How much more than the other side's times.
    const [below, above] =
      side === 'right' ? [least, greatest] : [negated(greatest), negated(least)]
    return {
      column: side === 'left' ? left : right,
      ...(below === undefined ? {} : { from: range.first + below }),
      ...(above === undefined ? {} : { to: range.last + above }),
    }
  }
}

/** The first and the last time of the rows; undefined where none has one. */
function rangeOfTimes(
  times: Int64Vector,
  rows: Uint32Array,
): { readonly first: bigint; readonly last: bigint } | undefined {
  let first: bigint | undefined
  let last: bigint | undefined
  for (const row of rows) {
    if (times.isNull(row)) continue
    const time = times.values[row]!
    if (first === undefined || time < first) first = time
    if (last === undefined || time > last) last = time
  }
  return first === undefined || last === undefined ? undefined : { first, last }
}

/** The rows of one side whose key occurs in the other, or those whose key does not. */
const filterByKeys: JoinRows = async function* (join, streamed, built, keys, account, run) {
  const present = join.joinKind === 'leftsemi' || join.joinKind === 'rightsemi'
  const side = build(built, keys, account)
  for await (const batch of streamed.batches(present ? side : undefined)) {
    run.check()
    const groups = groupsOf(side, streamed.keys(batch), batch)
    const rows = batch.rows.filter(row => (groups[row] !== NO_ROW) === present)
    if (rows.length === 0) continue
    // The side has the columns of its keys too, which the result may lack.
    const columns = join.columns.map(
      ({ column }) => batch.columns[indexOfColumn(batch.schema, column)]!,
    )
    yield new ColumnBatch(join.schema, columns, batch.length, rows)
  }
}

/** Collects pairs of rows of a left batch and of the right side, and makes batches of them. */
class PairBuffer {
  readonly #plan: JoinPlan
  readonly #right: ColumnBatch
  readonly #left: Uint32Array
  readonly #rightRows: Uint32Array
  #count = 0

  constructor(plan: JoinPlan, right: ColumnBatch, capacity: number) {
    this.#plan = plan
    this.#right = right
    this.#left = new Uint32Array(capacity)
    this.#rightRows = new Uint32Array(capacity)
  }

  get isFull(): boolean {
    return this.#count === this.#left.length
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  add(left: number, right: number): void {
    this.#left[this.#count] = left
    this.#rightRows[this.#count] = right
    this.#count++
  }

  /** The pairs so far as a batch; the buffer is empty then. */
  take(left: ColumnBatch): ColumnBatch {
    const leftRows = this.#left.slice(0, this.#count)
    const rightRows = this.#rightRows.slice(0, this.#count)
    this.#count = 0
    const columns: Vector[] = this.#plan.columns.map(({ side, column }) => {
      const [source, rows] = side === 'left' ? [left, leftRows] : [this.#right, rightRows]
      return gather(source.columns[indexOfColumn(source.schema, column)]!, rows)
    })
    return new ColumnBatch(this.#plan.schema, columns, leftRows.length)
  }
}

const pairs: JoinRows = async function* (plan, left, built, builtKeys, account, run) {
  const { joinKind } = plan
  const side = build(built, builtKeys, account)
  const near = plan.band && new NearRows(plan.band, side)
  const unique = joinKind === 'innerunique' ? new Uint8Array(side.index.size) : undefined
  const keepsLeft = joinKind === 'leftouter' || joinKind === 'fullouter'
  const keepsRight = joinKind === 'rightouter' || joinKind === 'fullouter'
  const matched = new Uint8Array(side.index.size)
  const buffer = new PairBuffer(plan, side.batch, run.batchSize)
  for await (const batch of left.batches(keepsLeft ? undefined : side)) {
    run.check()
    const groups = groupsOf(side, left.keys(batch), batch)
    near?.enter(batch)
    for (const row of batch.rows) {
      const group = groups[row]!
      if (group === NO_ROW) {
        if (keepsLeft) {
          buffer.add(row, NO_ROW)
          if (buffer.isFull) yield buffer.take(batch)
        }
        continue
      }
      matched[group] = 1
      if (unique !== undefined) {
        if (unique[group] === 1) continue
        unique[group] = 1
      }
      const partners = near?.of(row, group) ?? rowsOfGroup(side, group)
      for (const partner of partners) {
        buffer.add(row, partner)
        if (buffer.isFull) {
          await run.pause(run.batchSize)
          yield buffer.take(batch)
        }
      }
    }
    if (!buffer.isEmpty) yield buffer.take(batch)
  }
  if (keepsRight) yield* unmatched(left.schema, side, matched, buffer)
}

function rowsOfGroup({ rows, starts }: BuiltSide, group: number): Uint32Array {
  return rows.subarray(starts[group], starts[group + 1])
}

/** Fewer rows of one key are all looked at. */
const FEW_ROWS = 32

/** Finds the rows of a group of the right side whose times are near that of a row of the left. */
class NearRows {
  readonly #band: JoinBand
  readonly #side: BuiltSide
  readonly #times: Int64Vector
  /** By group, where it was asked for: its rows with a time, by their times. */
  readonly #byTime: (Uint32Array | undefined)[] = []
  #left: Int64Vector | undefined

  constructor(band: JoinBand, side: BuiltSide) {
    this.#band = band
    this.#side = side
    this.#times = timesOf(side.batch, band.right)
  }

  enter(left: ColumnBatch): void {
    this.#left = timesOf(left, this.#band.left)
  }

  /** The partners of a row, in input order; undefined where there are few, near or not. */
  of(row: number, group: number): Uint32Array | undefined {
    const { starts } = this.#side
    const left = this.#left
    if (left === undefined || starts[group + 1]! - starts[group]! <= FEW_ROWS) return undefined
    if (left.isNull(row)) return new Uint32Array(0)
    const { least, greatest } = this.#band
    const byTime = this.#sorted(group)
    const time = left.values[row]!
    const from = least === undefined ? 0 : this.#position(byTime, time + least)
    const to = greatest === undefined ? byTime.length : this.#position(byTime, time + greatest + 1n)
    return byTime.slice(from, Math.max(from, to)).sort()
  }

  #sorted(group: number): Uint32Array {
    let rows = this.#byTime[group]
    if (rows === undefined) {
      const { values } = this.#times
      rows = rowsOfGroup(this.#side, group).filter(row => !this.#times.isNull(row))
      rows.sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b))
      this.#byTime[group] = rows
    }
    return rows
  }

  /** How many of the rows have an earlier time. */
  #position(rows: Uint32Array, time: bigint): number {
    const { values } = this.#times
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (values[rows[middle]!]! < time) low = middle + 1
      else high = middle
    }
    return low
  }
}

function timesOf(batch: ColumnBatch, name: string): Int64Vector {
  return batch.columns[indexOfColumn(batch.schema, name)] as Vector as Int64Vector
}

/** The rows of the right side that no row of the left matched, in input order. */
function* unmatched(
  left: Schema,
  side: BuiltSide,
  matched: Uint8Array,
  buffer: PairBuffer,
): Generator<ColumnBatch> {
  const nothing = concat(left, [])
  const rows: number[] = []
  for (let group = 0; group < side.index.size; group++) {
    if (matched[group] === 1) continue
    for (let i = side.starts[group]!; i < side.starts[group + 1]!; i++) rows.push(side.rows[i]!)
  }
  for (const row of rows.sort((a, b) => a - b)) {
    buffer.add(NO_ROW, row)
    if (buffer.isFull) yield buffer.take(nothing)
  }
  if (!buffer.isEmpty) yield buffer.take(nothing)
}
