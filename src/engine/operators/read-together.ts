import type { ColumnBatch } from '../../tables/batch.ts'
import { mergedRequest } from '../../tables/merged-request.ts'
import type { ScanContext, ScanFilter, ScanRequest } from '../../tables/source.ts'
import type { Expr, JoinPlan, Plan, ScanPlan } from '../plan/nodes.ts'
import { inputsOf } from '../plan/plan.ts'
import { Account } from './account.ts'
import { lasting } from './collect.ts'
import { DelegatingRun } from './delegating-run.ts'
import { scanOfKeys } from './key-filter.ts'
import type { Run } from './run.ts'
import { requestOf, selectedBy } from './sources.ts'
import { scanFilter } from './where.ts'

/** Share of the memory that rows read ahead may take: where they are more, they are read in their turn. */
const SHARE = 1 / 4

/** Two scans of one table, in the sides of a join. */
interface Pair {
  /** The scan in the built side. */
  readonly first: ScanPlan
  /** The scan in the streamed side, and the predicate of its rows. */
  readonly second: ScanPlan
  readonly predicate: Expr
}

/**
 * The run for both sides of a join that read one table: when the built side reads it, the rows that
 * the streamed side is going to want are read with it and kept, so that the table is read once. That
 * is not done where the keys of the built side may leave out most of what the other side would read.
 */
export async function runTogether(join: JoinPlan, run: Run): Promise<Run> {
  if (run.without.includes('shared-scans')) return run
  const pair = pairOf(join)
  if (pair === undefined) return run
  const { second, predicate } = pair
  try {
    const filter = await scanFilter(predicate, second, run)
    if (filter === undefined) return run
    return new TogetherRun(run, pair, await requestOf(second, run), filter)
  } catch {
    // The side that is streamed fails with it in its turn, where the other one does not before.
    return run
  }
}

function pairOf(join: JoinPlan): Pair | undefined {
  const isRight = join.joinKind === 'rightsemi' || join.joinKind === 'rightanti'
  const [built, streamed] = isRight ? [join.left, join.right] : [join.right, join.left]
  const second = filteredScan(streamed)
  const first = second && scanOf(built, second.scan.table)
  if (second === undefined || first === undefined) return undefined
  const keys = join.keys.map(key => (isRight ? key.right : key.left))
  const isFew = first.texts !== undefined && second.scan.texts !== undefined
  if (leavesOut(join) && scanOfKeys(streamed, keys) === second.scan && !isFew) return undefined
  return { first, second: second.scan, predicate: second.predicate }
}

/** Whether rows of the streamed side without a partner are left out. */
function leavesOut({ joinKind }: JoinPlan): boolean {
  switch (joinKind) {
    case 'leftanti':
    case 'rightanti':
    case 'leftouter':
    case 'fullouter':
      return false
    default:
      return true
  }
}

/** The scan that all rows of the plan come from, and the predicate that they have to fulfil first. */
function filteredScan(
  plan: Plan,
): { readonly scan: ScanPlan; readonly predicate: Expr } | undefined {
  switch (plan.kind) {
    case 'where':
      if (plan.input.kind === 'scan') return { scan: plan.input, predicate: plan.predicate }
      return filteredScan(plan.input)
    case 'project':
    case 'summarize':
    case 'mv-expand':
    case 'parse':
    case 'sort':
    case 'top':
    case 'partition-top':
    case 'window':
      return filteredScan(plan.input)
    default:
      return undefined
  }
}

/** A scan of the table in the plan: of a join, in its built side first. */
function scanOf(plan: Plan, table: string): ScanPlan | undefined {
  const seen = new Set<Plan>()
  const find = (node: Plan): ScanPlan | undefined => {
    if (seen.has(node)) return undefined
    seen.add(node)
    if (node.kind === 'scan') return node.table === table ? node : undefined
    const inputs = node.kind === 'join' ? [node.right, node.left] : inputsOf(node)
    for (const input of inputs) {
      const found = find(input)
      if (found !== undefined) return found
    }
    return undefined
  }
  return find(plan)
}

class TogetherRun extends DelegatingRun {
  readonly #pair: Pair
  /** What the second scan asks for, without its filter. */
  readonly #request: ScanRequest
  readonly #filter: ScanFilter
  readonly #account: Account
  /** A scan inside of a body is run many times: only the first of them reads for both. */
  #hasRead = false
  /** The rows of the second scan so far, until they are given up or wanted. */
  #ahead: ColumnBatch[] | undefined
  /** Whether all of them are there. */
  #isWhole = false

  constructor(outer: Run, pair: Pair, request: ScanRequest, filter: ScanFilter) {
    super(outer)
    this.#pair = pair
    this.#request = request
    this.#filter = filter
    this.#account = new Account(outer, 'rows read ahead')
  }

  override scan(
    plan: ScanPlan,
    request: ScanRequest,
    context: ScanContext,
  ): AsyncIterable<ColumnBatch> {
    if (plan === this.#pair.first && !this.#hasRead) return this.#both(request, context)
    const ahead = this.#isWhole ? this.#ahead : undefined
    if (plan === this.#pair.second && ahead !== undefined) return this.#kept(ahead)
    return super.scan(plan, request, context)
  }

  override keep(rows: number, bytes: number, what: string): void {
    this.count(rows, bytes, what)
    if (this.room() < 0) throw this.overflow(what)
  }

  /** Rows that were read ahead have to leave before there is too little room for others. */
  override room(): number {
    const room = super.room()
    if (room >= 0 || this.#ahead === undefined) return room
    this.#drop()
    return super.room()
  }

  /** The rows of the first scan; those of the second are kept. */
  async *#both(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    this.#hasRead = true
    const first = { request, context, isClosed: false, fail: rethrow }
    const filter = new QuietFilter(this.#filter)
    const second = { ...first, request: { ...this.#request, filter } }
    const merged = mergedRequest([first, second])
    this.#ahead = []
    try {
      for await (const batch of super.scan(this.#pair.first, merged.request, context)) {
        const own = merged.part(batch, first)
        yield request.filter === undefined ? own : own.select(selectedBy(request.filter, own))
        if (this.#ahead === undefined) continue
        const other = merged.part(batch, second)
        const wanted = other.select(selectedBy(filter, other))
        if (filter.hasFailed) this.#drop()
        else this.#keep(wanted, this.#ahead)
      }
      this.#isWhole = !filter.hasFailed
    } finally {
      if (!this.#isWhole) this.#drop()
    }
  }

  /** Keeps rows that the second scan wants, where they are not too many. */
  #keep(batch: ColumnBatch, ahead: ColumnBatch[]): void {
    if (batch.rowCount === 0) return
    const kept = lasting(batch)
    this.#account.countBytes(kept)
    ahead.push(kept)
    if (this.#account.bytes > this.memory * SHARE || super.room() < 0) this.#drop()
  }

  #drop(): void {
    this.#ahead = undefined
    this.#account.close()
  }

  async *#kept(ahead: ColumnBatch[]): AsyncGenerator<ColumnBatch> {
    // They become fewer, and what is made of them counts for itself.
    this.#drop()
    for (let batch = ahead.shift(); batch !== undefined; batch = ahead.shift()) yield batch
  }
}

/** A filter whose faults are not told: the scan that is run in its turn meets them again. */
class QuietFilter implements ScanFilter {
  readonly columns: readonly string[]
  hasFailed = false
  readonly #filter: ScanFilter

  constructor(filter: ScanFilter) {
    this.columns = filter.columns
    this.#filter = filter
  }

  select(batch: ColumnBatch): Uint32Array {
    if (this.hasFailed) return new Uint32Array(0)
    try {
      return this.#filter.select(batch)
    } catch {
      this.hasFailed = true
      return new Uint32Array(0)
    }
  }
}

function rethrow(reason: unknown): never {
  throw reason
}
