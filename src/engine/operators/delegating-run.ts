import type { ColumnBatch } from '../../tables/batch.ts'
import type { ExternalContent } from '../../tables/external/external-data.ts'
import type { ReadProblem, ScanContext, ScanRequest } from '../../tables/source.ts'
import type { SpillStore } from '../../tables/spill/spill-store.ts'
import type { DiagnosticCode } from '../../text/codes.ts'
import type { Schema } from '../../types/schema.ts'
import type { Evaluator, Filter } from '../evaluator/contract.ts'
import type { Expr, Plan, ScanPlan } from '../plan/nodes.ts'
import type { Run, ScanKeys } from './run.ts'

/** A run inside of another, which does what the other one does unless it is said otherwise. */
export abstract class DelegatingRun implements Run {
  readonly now: bigint
  readonly batchSize: number
  readonly signal: Run['signal']
  readonly library: Run['library']
  readonly onUnexamined: Run['onUnexamined']
  readonly without: Run['without']
  readonly threads: number
  protected readonly outer: Run

  constructor(outer: Run) {
    this.now = outer.now
    this.batchSize = outer.batchSize
    this.signal = outer.signal
    this.library = outer.library
    this.onUnexamined = outer.onUnexamined
    this.without = outer.without
    this.threads = outer.threads
    this.outer = outer
  }

  get memory(): number {
    return this.outer.memory
  }

  execute(plan: Plan, within: Run = this): AsyncIterable<ColumnBatch> {
    return this.outer.execute(plan, within)
  }

  context(id: number): ColumnBatch {
    return this.outer.context(id)
  }

  compile(expr: Expr, schema: Schema): Promise<Evaluator> {
    return this.outer.compile(expr, schema)
  }

  filter(expr: Expr, schema: Schema): Promise<Filter> {
    return this.outer.filter(expr, schema)
  }

  scan(plan: ScanPlan, request: ScanRequest, context: ScanContext): AsyncIterable<ColumnBatch> {
    return this.outer.scan(plan, request, context)
  }

  bytesOf(table: string): number | undefined {
    return this.outer.bytesOf(table)
  }

  keysOf(scan: ScanPlan): readonly ScanKeys[] {
    return this.outer.keysOf(scan)
  }

  external(address: string): Promise<ExternalContent | undefined> {
    return this.outer.external(address)
  }

  report(problem: ReadProblem): void {
    this.outer.report(problem)
  }

  fault(code: DiagnosticCode, message: string, hint?: string): Error {
    return this.outer.fault(code, message, hint)
  }

  check(): void {
    this.outer.check()
  }

  pause(rows: number): Promise<void> {
    return this.outer.pause(rows)
  }

  keep(rows: number, bytes: number, what: string): void {
    this.outer.keep(rows, bytes, what)
  }

  count(rows: number, bytes: number, what: string): void {
    this.outer.count(rows, bytes, what)
  }

  release(rows: number, bytes: number): void {
    this.outer.release(rows, bytes)
  }

  room(): number {
    return this.outer.room()
  }

  overflow(what: string): Error {
    return this.outer.overflow(what)
  }

  get spill(): SpillStore | undefined {
    return this.outer.spill
  }

  shared(
    id: number,
    compute: () => Promise<readonly ColumnBatch[]>,
  ): Promise<readonly ColumnBatch[]> {
    return this.outer.shared(id, compute)
  }
}
