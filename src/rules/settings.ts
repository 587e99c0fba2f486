import type { RuleSeverity } from './rule.ts'

/** An identifier of an entity, and the column of the result that it is taken from. */
export interface FieldMapping {
  readonly identifier: string
  readonly columnName: string
}

/** How entities of a type are taken from the rows of the result. */
export interface EntityMapping {
  readonly entityType: string
  readonly fieldMappings: readonly FieldMapping[]
}

/** A detail of alerts under a key, taken from a column of the result. */
export interface CustomDetail {
  readonly key: string
  readonly columnName: string
}

/** What replaces the rule's own name, description and so on in its alerts. */
export interface AlertDetails {
  readonly displayNameFormat?: string
  readonly descriptionFormat?: string
  readonly severityColumn?: string
  readonly tacticsColumn?: string
  readonly dynamicProperties: readonly { readonly property: string; readonly columnName: string }[]
}

/** What of its alerts a rule may set by columns, beside their name, description, severity and tactics. */
export const ALERT_PROPERTIES: readonly string[] = [
  'AlertLink',
  'ConfidenceLevel',
  'ConfidenceScore',
  'ExtendedLinks',
  'ProductComponentName',
  'ProductName',
  'ProviderName',
  'RemediationSteps',
  'Techniques',
]

export type EventGrouping = 'SingleAlert' | 'AlertPerResult'

export type MatchingMethod = 'AllEntities' | 'AnyAlert' | 'Selected'

/** What of alerts they may be grouped by, beside entities and custom details. */
export type GroupingDetail = 'DisplayName' | 'Severity'

/** How alerts of a rule are put together in incidents. */
export interface IncidentGrouping {
  /** Ticks from the first alert of an incident within which others join it. */
  readonly lookback: bigint
  /** Whether an alert reopens an incident that was closed; else it begins a new one. */
  readonly reopensClosed: boolean
  readonly matchingMethod: MatchingMethod
  readonly entities: readonly string[]
  readonly alertDetails: readonly GroupingDetail[]
  readonly customDetails: readonly string[]
}

/** What a rule says of its alerts and incidents. */
export interface RuleSettings {
  /** Whether Sentinel runs it; rules are exported though they are disabled. */
  readonly enabled: boolean
  readonly entityMappings: readonly EntityMapping[]
  readonly customDetails: readonly CustomDetail[]
  readonly alertDetails: AlertDetails
  readonly eventGrouping: EventGrouping
  /** Ticks for which the rule does not run after an alert; undefined where that is not enabled. */
  readonly suppression?: bigint
  readonly createIncident: boolean
  /** undefined where every alert is an incident of its own. */
  readonly grouping?: IncidentGrouping
  readonly severity: RuleSeverity
}

/** The columns that a format names in `{{…}}`, in order. */
export function placeholdersOf(format: string): string[] {
  return [...format.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim())
}
