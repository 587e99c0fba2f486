import type { Finding } from '../replay/records.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Column } from '../types/schema.ts'
import type { FunnelPipeline } from './funnel.ts'
import type { Mismatch } from './mismatch.ts'

/** Where something stands in a file: line and column count from 1. */
export interface FilePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** An alert that the runs of a test raised. Times are ISO text with seven digits. */
export interface GotAlert {
  readonly title: string
  readonly description: string
  readonly severity: string
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  readonly entities: readonly {
    readonly type: string
    readonly identifiers: Readonly<Record<string, string>>
  }[]
  readonly customDetails: Readonly<Record<string, readonly string[]>>
  readonly rows: number
  readonly run: string
}

/** An incident that the alerts of a test made. */
export interface GotIncident {
  readonly title: string
  readonly severity: string
  readonly alerts: number
}

/** What the runs of a test gave. */
export interface TestOutcome {
  /** How many runs there were, and how many of them fired. */
  readonly runs: number
  readonly fired: number
  readonly columns: readonly Column[]
  /** As the rows of a query's result. */
  readonly rows: readonly (readonly unknown[])[]
  readonly alerts: readonly GotAlert[]
  readonly incidents: readonly GotIncident[]
  readonly findings: readonly Finding[]
}

/** Why rows that were expected did not come. */
export interface WhyNot {
  /** The positions of the rows among those listed; none where rows or alerts of any kind were expected. */
  readonly rows: readonly number[]
  /** For people; may have several lines. */
  readonly text: string
}

/** What became of a test. */
export interface TestResult {
  readonly name: string
  /** Where the test stands. */
  readonly place: FilePlace
  readonly status: 'passed' | 'failed' | 'skipped'
  /** The reason, where it was skipped. */
  readonly skip?: string
  /** Whether the test expects that the rule finds nothing. */
  readonly expectsNothing: boolean
  /** How long it took; 0 without a clock. */
  readonly milliseconds: number
  /** undefined where it was skipped, or had more runs than there may be. */
  readonly outcome: TestOutcome | undefined
  /** What does not hold; none where it passed. */
  readonly mismatches: readonly Mismatch[]
  /** The rows after each stage of the query, where it failed. */
  readonly funnel?: readonly FunnelPipeline[]
  readonly why?: readonly WhyNot[]
}

/** The tests of a rule, as they went. */
export interface SuiteResult {
  /** The rule's name, and its file. */
  readonly rule: string
  readonly ruleFile: string
  readonly testFile: string
  readonly tests: readonly TestResult[]
  /** Faults and warnings: with errors, no test was run. `source` is the file that their spans are in. */
  readonly diagnostics: readonly Diagnostic[]
}

/** All tests that were run. */
export interface TestReport {
  readonly suites: readonly SuiteResult[]
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Errors of files, for which tests could not be run, or of which there are too few. */
  readonly errors: number
}
