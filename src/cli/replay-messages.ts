import type { Alert, Finding, RunRecord } from '../replay/records.ts'
import type { RuleReplay } from '../replay/rule-replay.ts'
import type { ReplayTimes } from '../replay/views.ts'
import type { ReadProblem } from '../tables/source.ts'
import type { RuleFilterOptions } from './rule-filter.ts'
import type { ScheduleOptions } from './schedule-options.ts'

/** What a worker is to replay: the rules at some positions of those that it reads as the main thread did. */
export interface WorkerTask {
  readonly rules: RuleReading
  readonly options: ScheduleOptions
  readonly only: readonly number[]
  /** How many threads share the memory that there is. */
  readonly threads: number
}

/** How rules were read: paths, list by list, and which rules of them were wanted. */
export interface RuleReading {
  readonly paths: readonly (readonly string[])[]
  readonly filter: RuleFilterOptions
}

/** What the main thread tells a worker, once its data are read. */
export interface WorkerRequest {
  readonly times: ReplayTimes
  readonly start: number
  readonly end: number
}

/** What a rule did, without what the main thread has of it. */
export interface RuleResult {
  readonly runs: readonly RunRecord[]
  readonly alerts: readonly Alert[]
  readonly findings: readonly SentFinding[]
  readonly data: RuleReplay['data']
  /** What could not be read of external data. */
  readonly problems: readonly ReadProblem[]
}

/** A finding with the text that its places are in as plain data. */
export interface SentFinding extends Omit<Finding, 'source'> {
  readonly in?: { readonly text: string; readonly name: string }
}

/** What a worker tells the main thread. */
export type WorkerMessage =
  | { readonly kind: 'loaded' }
  /** The rows of its rules do not fit, or one of them has too many runs. */
  | { readonly kind: 'full'; readonly message: string; readonly hint: string }
  /** Rows that were read of a table; of a rule, with how many runs it has in all, runs. */
  | {
      readonly kind: 'progress'
      readonly what: string
      readonly done: number
      readonly total: number | undefined
    }
  | { readonly kind: 'problem'; readonly table: string; readonly problem: ReadProblem }
  | { readonly kind: 'rule'; readonly rule: number; readonly result: RuleResult }
  | { readonly kind: 'done' }
