import type { Rule, RuleSeverity } from '../rules/rule.ts'
import type { EventGrouping, RuleSettings } from '../rules/settings.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Schema } from '../types/schema.ts'

/** A rule to be replayed. Times and durations are in ticks of 100 ns. */
export interface ReplayRule {
  /** Its `id`, or one made of its name. */
  readonly id: string
  readonly rule: Rule
  readonly settings: RuleSettings
  readonly frequency: bigint
  /** The window of its runs; undefined where they see all rows, as hunting queries do. */
  readonly period: bigint | undefined
}

/** One run of a rule. */
export interface RunRecord {
  readonly ruleId: string
  /** The time of the schedule, which is `now()` in the query. */
  readonly time: bigint
  /** The window that the run saw; its start is undefined where it saw all rows before. */
  readonly from: bigint | undefined
  /** How many rows the query gave. */
  readonly rows: number
  readonly status: 'fired' | 'quiet' | 'suppressed' | 'failed'
  readonly alerts: number
}

/** An entity of an alert: its type, and its identifiers with their values. */
export interface Entity {
  readonly type: string
  readonly identifiers: Readonly<Record<string, string>>
}

/** An alert as Sentinel would have raised it. */
export interface Alert {
  readonly id: string
  readonly ruleId: string
  readonly ruleName: string
  /** The time of the run. */
  readonly runTime: bigint
  /** When it was raised: after the run's delay. */
  readonly time: bigint
  readonly name: string
  readonly description: string
  readonly severity: RuleSeverity
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  /** Of the rows that it is about; of the window where they have no TimeGenerated. */
  readonly startTime: bigint
  readonly endTime: bigint
  readonly entities: readonly Entity[]
  readonly customDetails: Readonly<Record<string, readonly string[]>>
  readonly dynamicProperties: Readonly<Record<string, string>>
  /** The rows of the result that it is about. */
  readonly rows: readonly (readonly unknown[])[]
  readonly columns: Schema
  /** Rows of the whole result of the run. */
  readonly resultCount: number
  readonly window: { readonly from: bigint; readonly to: bigint }
  readonly grouping: EventGrouping
  /** Whether it is the one that stands for all rows of a run beyond the cap. */
  readonly aggregated: boolean
}

/** Alerts that Sentinel would have put together. */
export interface Incident {
  readonly id: string
  readonly number: number
  readonly ruleId: string
  readonly title: string
  readonly description: string
  readonly severity: RuleSeverity
  /** When its first and its last alert were raised. */
  readonly createdTime: bigint
  readonly lastAlertTime: bigint
  readonly firstActivityTime: bigint
  readonly lastActivityTime: bigint
  readonly alertIds: readonly string[]
  readonly tactics: readonly string[]
}

/** What a replay has to say of a rule: a diagnostic with its place in the rule's file. */
export interface Finding extends Diagnostic {
  readonly ruleId: string
}
