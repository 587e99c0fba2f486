import type { ColumnBatch } from '../../tables/batch.ts'
import type { ExternalContent } from '../../tables/external/external-data.ts'
import type {
  ReadProblem,
  RequiredText,
  ScanContext,
  ScanFilter,
  ScanRequest,
  Technique,
  TimeRange,
} from '../../tables/source.ts'
import type { SpillStore } from '../../tables/spill/spill-store.ts'
import type { DiagnosticCode } from '../../text/codes.ts'
import type { Schema } from '../../types/schema.ts'
import type { Evaluator, Filter } from '../evaluator/contract.ts'
import type { FunctionLibrary } from '../functions/library.ts'
import type { Expr, Plan, ScanPlan } from '../plan/nodes.ts'

/** Which rows of a scan have a partner in what they are joined with. */
export interface ScanKeys {
  /** undefined where no key is a column of the scan. */
  readonly filter?: ScanFilter
  readonly texts: readonly RequiredText[]
  /** Outside of which times rows have none. */
  readonly times?: TimeRange
}

/** One execution of a plan: what executors run in. */
export interface Run {
  readonly now: bigint
  /** Rows a batch, at most. */
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly library: FunctionLibrary
  /** The rows of a node; `within` is the run that its executor gets, else this one. */
  execute(plan: Plan, within?: Run): AsyncIterable<ColumnBatch>
  /** The rows at hand of the mv-apply or partition of that id. */
  context(id: number): ColumnBatch
  /** The evaluator of an expression; subqueries in it are run first. */
  compile(expr: Expr, schema: Schema): Promise<Evaluator>
  filter(expr: Expr, schema: Schema): Promise<Filter>
  /** The rows of a scan that its source gives where it is asked so. */
  scan(plan: ScanPlan, request: ScanRequest, context: ScanContext): AsyncIterable<ColumnBatch>
  /** How many bytes a scan of the table may read; undefined where that is not known. */
  bytesOf(table: string): number | undefined
  /** What is known of rows of a scan that can matter, beside what the plan says. */
  keysOf(scan: ScanPlan): readonly ScanKeys[]
  /** What stands for the data at an address outside; undefined where nothing was given for it. */
  external(address: string): Promise<ExternalContent | undefined>
  report(problem: ReadProblem): void
  /** Takes numbers of records that were not looked at; undefined where all are to be. */
  readonly onUnexamined: ((records: number, file: string) => void) | undefined
  /** What is not to be used to save time. */
  readonly without: readonly Technique[]
  /** How many threads may read data. */
  readonly threads: number
  /** An error that ends the run, for the executor to throw. */
  fault(code: DiagnosticCode, message: string, hint?: string): Error
  /** Throws when the run was cancelled. */
  check(): void
  /**
   * The same, for what makes `rows` rows without waiting for anything: now and then it lets timers and
   * signals have their turn, without which no cancellation could come.
   */
  pause(rows: number): Promise<void>
  /** Counts rows, and roughly bytes, that an operator keeps in memory; throws beyond the limits. */
  keep(rows: number, bytes: number, what: string): void
  /** The same for what looks at {@link room} itself: throws beyond the limit of rows only. */
  count(rows: number, bytes: number, what: string): void
  /** Rows and bytes that were counted are in memory no more. */
  release(rows: number, bytes: number): void
  /** The bytes that may be kept besides what is; negative where it is too much already. */
  room(): number
  /** The bytes that all operators together may keep. */
  readonly memory: number
  /** The error that ends a run which keeps too many bytes, for the executor to throw. */
  overflow(what: string): Error
  /** Where rows go that do not fit in memory; undefined where there is no such place. */
  readonly spill: SpillStore | undefined
  /** Rows of a shared node, computed once. */
  shared(
    id: number,
    compute: () => Promise<readonly ColumnBatch[]>,
  ): Promise<readonly ColumnBatch[]>
}

/** Runs one kind of plan node. */
export type Executor<P extends Plan> = (plan: P, run: Run) => AsyncIterable<ColumnBatch>
