import { ColumnBatch, concat, gather, NO_ROW } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { indexOfColumn } from '../../types/schema.ts'
import type { Evaluator } from '../evaluator/contract.ts'
import type { Expr, JoinPlan, Plan } from '../plan/nodes.ts'
import { collect } from './collect.ts'
import { KeyIndex } from './key-index.ts'
import type { Executor, Run } from './run.ts'

/** The rows of one side of a join, found by key. */
interface BuiltSide {
  readonly batch: ColumnBatch
  readonly index: KeyIndex
  /** The rows of group `g` are `rows[starts[g]]` up to `rows[starts[g + 1]]`, in input order. */
  readonly starts: Uint32Array
  readonly rows: Uint32Array
}

async function build(plan: Plan, keys: readonly Expr[], run: Run): Promise<BuiltSide> {
  const batch = concat(plan.schema, await collect(plan, run, 'join'))
  const evaluators = await compileKeys(keys, plan, run)
  const index = new KeyIndex(keys.map(key => key.type))
  const groupOf = new Uint32Array(batch.length)
  index.assign(
    evaluators.map(key => key.evaluate(batch, batch.rows)),
    batch.rows,
    groupOf,
  )
  const starts = new Uint32Array(index.size + 1)
  for (const group of groupOf) starts[group + 1]!++
  for (let g = 0; g < index.size; g++) starts[g + 1]! += starts[g]!
  const next = starts.slice()
  const rows = new Uint32Array(batch.length)
  for (let row = 0; row < batch.length; row++) rows[next[groupOf[row]!]!++] = row
  return { batch, index, starts, rows }
}

function compileKeys(keys: readonly Expr[], plan: Plan, run: Run): Promise<Evaluator[]> {
  return Promise.all(keys.map(key => run.compile(key, plan.schema)))
}

function groupsOf(side: BuiltSide, keys: readonly Evaluator[], batch: ColumnBatch): Uint32Array {
  const groups = new Uint32Array(batch.length)
  side.index.find(
    keys.map(key => key.evaluate(batch, batch.rows)),
    batch.rows,
    groups,
  )
  return groups
}

export const executeJoin: Executor<JoinPlan> = (plan, run) => {
  const leftKeys = plan.keys.map(key => key.left)
  const rightKeys = plan.keys.map(key => key.right)
  switch (plan.joinKind) {
    case 'leftsemi':
    case 'leftanti':
      return filterByKeys(plan, plan.left, leftKeys, plan.right, rightKeys, run)
    case 'rightsemi':
    case 'rightanti':
      return filterByKeys(plan, plan.right, rightKeys, plan.left, leftKeys, run)
    default:
      return pairs(plan, leftKeys, rightKeys, run)
  }
}

/** The rows of one side whose key occurs in the other, or those whose key does not. */
async function* filterByKeys(
  join: JoinPlan,
  plan: Plan,
  keys: readonly Expr[],
  other: Plan,
  otherKeys: readonly Expr[],
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const present = join.joinKind === 'leftsemi' || join.joinKind === 'rightsemi'
  const side = await build(other, otherKeys, run)
  const evaluators = await compileKeys(keys, plan, run)
  for await (const batch of run.execute(plan)) {
    run.check()
    const groups = groupsOf(side, evaluators, batch)
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

async function* pairs(
  plan: JoinPlan,
  leftKeys: readonly Expr[],
  rightKeys: readonly Expr[],
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const { joinKind } = plan
  const side = await build(plan.right, rightKeys, run)
  const keys = await compileKeys(leftKeys, plan.left, run)
  const unique = joinKind === 'innerunique' ? new Uint8Array(side.index.size) : undefined
  const keepsLeft = joinKind === 'leftouter' || joinKind === 'fullouter'
  const keepsRight = joinKind === 'rightouter' || joinKind === 'fullouter'
  const matched = new Uint8Array(side.index.size)
  const buffer = new PairBuffer(plan, side.batch, run.batchSize)
  for await (const batch of run.execute(plan.left)) {
    run.check()
    const groups = groupsOf(side, keys, batch)
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
      const end = side.starts[group + 1]!
      for (let i = side.starts[group]!; i < end; i++) {
        buffer.add(row, side.rows[i]!)
        if (buffer.isFull) {
          await run.pause(run.batchSize)
          yield buffer.take(batch)
        }
      }
    }
    if (!buffer.isEmpty) yield buffer.take(batch)
  }
  if (keepsRight) yield* unmatched(plan, side, matched, buffer)
}

/** The rows of the right side that no row of the left matched, in input order. */
function* unmatched(
  plan: JoinPlan,
  side: BuiltSide,
  matched: Uint8Array,
  buffer: PairBuffer,
): Generator<ColumnBatch> {
  const nothing = concat(plan.left.schema, [])
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
