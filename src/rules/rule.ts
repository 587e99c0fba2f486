import type { Diagnostic } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'

/** How a rule runs: on a schedule, near real time, or, as a hunting query, when somebody asks. */
export type RuleKind = 'Scheduled' | 'NRT' | 'Hunting'

/** Every {@link RuleKind}. */
export const RULE_KINDS: readonly RuleKind[] = ['Scheduled', 'NRT', 'Hunting']

/** What the alerts of a rule weigh. */
export type RuleSeverity = 'Informational' | 'Low' | 'Medium' | 'High'

/** Every {@link RuleSeverity}, lightest first. */
export const RULE_SEVERITIES: readonly RuleSeverity[] = ['Informational', 'Low', 'Medium', 'High']

/** How the number of rows is compared with the threshold. */
export type TriggerOperator = 'gt' | 'lt' | 'eq' | 'ne'

/** The query of a rule, and where in the rule's file it stands. */
export interface RuleQuery {
  readonly text: string
  /** The place in the file of a place in the query. */
  toFile(span: Span): Span
}

/** A detection or hunting query from a rule file. Durations are in ticks of 100 ns. */
export interface Rule {
  readonly id?: string
  /** Its name, or its id where it has no name. */
  readonly name: string
  /** Hunting where the file names none. */
  readonly kind: RuleKind
  /** Hunting queries have none. */
  readonly severity?: RuleSeverity
  readonly description?: string
  readonly version?: string
  readonly query: RuleQuery
  readonly queryFrequency?: bigint
  readonly queryPeriod?: bigint
  readonly triggerOperator?: TriggerOperator
  readonly triggerThreshold?: number
  readonly tactics: readonly string[]
  readonly relevantTechniques: readonly string[]
  /** Every field of the file as it stands there, those above included. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Where in the file a field stands, or the nearest one around it; `key` is where its name does. */
  place(path: readonly (string | number)[], part?: 'key' | 'value'): Span
}

/** The diagnostic of a rule's query with its places in the rule's file. */
export function diagnosticInFile(query: RuleQuery, diagnostic: Diagnostic): Diagnostic {
  const { span, related } = diagnostic
  return {
    ...diagnostic,
    span: query.toFile(span),
    ...(related === undefined
      ? {}
      : { related: related.map(place => ({ ...place, span: query.toFile(place.span) })) }),
  }
}
