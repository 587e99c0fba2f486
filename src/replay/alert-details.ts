import { LIMITS } from '../rules/limits.ts'
import { RULE_SEVERITIES, type RuleSeverity } from '../rules/rule.ts'
import { type AlertDetails, type CustomDetail, placeholdersOf } from '../rules/settings.ts'
import type { ResultRows } from './result-rows.ts'

const encoder = new TextEncoder()

/** A name or description made by a format. */
export interface FormattedText {
  /** undefined where a value is missing or the text is too long: the rule's own is taken. */
  readonly text: string | undefined
  readonly reason: 'missing' | 'long' | undefined
  /** Columns whose values differ from row to row: the text is about one of the rows. */
  readonly ambiguous: readonly string[]
}

/**
 * The text of a format for an alert about rows. A column gives its first value that is not empty; where
 * it has none, the whole text falls back.
 */
export function formatText(
  format: string,
  result: ResultRows,
  rows: readonly number[],
  mostBytes: number,
): FormattedText {
  const values = new Map<string, string>()
  const ambiguous: string[] = []
  for (const column of new Set(placeholdersOf(format))) {
    const texts = new Set<string>()
    for (const row of rows) {
      const text = result.text(row, column)
      if (text === '') continue
      texts.add(text)
      if (texts.size > 1) break
    }
    const [first] = texts
    if (first === undefined) return { text: undefined, reason: 'missing', ambiguous: [] }
    if (texts.size > 1) ambiguous.push(column)
    values.set(column, first)
  }
  const text = format.replace(
    /\{\{([^{}]*)\}\}/g,
    (_, name: string) => values.get(name.trim()) ?? '',
  )
  if (encoder.encode(text).length > mostBytes) {
    return { text: undefined, reason: 'long', ambiguous }
  }
  return { text, reason: undefined, ambiguous }
}

/** The severity that a column says; undefined where it says none. */
export function severityOf(
  column: string | undefined,
  result: ResultRows,
  rows: readonly number[],
): RuleSeverity | undefined {
  const text = firstText(column, result, rows)
  return RULE_SEVERITIES.find(severity => severity.toLowerCase() === text?.toLowerCase())
}

const TACTICS: ReadonlySet<string> = new Set([
  'Reconnaissance',
  'ResourceDevelopment',
  'InitialAccess',
  'Execution',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Collection',
  'Exfiltration',
  'CommandAndControl',
  'Impact',
  'PreAttack',
  'ImpairProcessControl',
  'InhibitResponseFunction',
])

/** The tactics that a column says, as a list or an array; undefined where one is none. */
export function tacticsOf(
  column: string | undefined,
  result: ResultRows,
  rows: readonly number[],
): string[] | undefined {
  const text = firstText(column, result, rows)
  if (text === undefined) return undefined
  const names = text.match(/\w+/g) ?? []
  return names.length > 0 && names.every(name => TACTICS.has(name)) ? names : undefined
}

/** What columns say of an alert beside its name, description, severity and tactics. */
export interface AlertProperties {
  readonly values: Readonly<Record<string, string>>
  /** undefined where no column says them. */
  readonly techniques: readonly string[] | undefined
  /** How many values are beyond the limits. */
  readonly dropped: number
}

/** Properties that are lists may be longer. */
const LISTS: ReadonlySet<string> = new Set(['ExtendedLinks', 'RemediationSteps', 'Techniques'])

/** The properties of an alert about rows; one that a property does not take counts as missing. */
export function propertiesOf(
  properties: AlertDetails['dynamicProperties'],
  result: ResultRows,
  rows: readonly number[],
): AlertProperties {
  const values = new Map<string, string>()
  let techniques: readonly string[] | undefined
  let dropped = 0
  for (const { property, columnName } of properties) {
    const text = firstText(columnName, result, rows)
    if (text === undefined || !isValueOf(property, text)) continue
    const most = LISTS.has(property) ? LIMITS.descriptionBytes : LIMITS.nameBytes
    if (encoder.encode(text).length > most) dropped++
    else if (property === 'Techniques') techniques = techniquesIn(text)
    else values.set(property, text)
  }
  return { values: Object.fromEntries(values), techniques, dropped }
}

function isValueOf(property: string, text: string): boolean {
  switch (property) {
    case 'ConfidenceLevel':
      return ['Low', 'High', 'Unknown'].includes(text)
    case 'ConfidenceScore':
      return text.trim() !== '' && Number(text) >= 0 && Number(text) <= 1
    case 'Techniques':
      return techniquesIn(text).length > 0
    default:
      return true
  }
}

/** The techniques of a list or an array; none where one of them is no technique. */
function techniquesIn(text: string): readonly string[] {
  const names = text.match(/[\w.]+/g) ?? []
  return names.every(name => /^T\d{4}$/.test(name)) ? names : []
}

export function firstText(
  column: string | undefined,
  result: ResultRows,
  rows: readonly number[],
): string | undefined {
  if (column === undefined) return undefined
  for (const row of rows) {
    const text = result.text(row, column)
    if (text !== '') return text
  }
  return undefined
}

/** Whether rows have several values of a column, of which {@link firstText} takes one. */
export function hasSeveral(
  column: string | undefined,
  result: ResultRows,
  rows: readonly number[],
): boolean {
  const first = firstText(column, result, rows)
  if (column === undefined || first === undefined) return false
  return rows.some(row => !['', first].includes(result.text(row, column)))
}

/** The custom details of an alert, and how many values were left out. */
export interface AlertCustomDetails {
  readonly details: Readonly<Record<string, readonly string[]>>
  readonly dropped: number
}

/** The distinct values of each detail in the order of the rows, within Sentinel's limits. */
export function customDetailsOf(
  customDetails: readonly CustomDetail[],
  result: ResultRows,
  rows: readonly number[],
): AlertCustomDetails {
  const details: Record<string, string[]> = {}
  let dropped = 0
  // The braces.
  let bytes = 2
  for (const { key, columnName } of customDetails.slice(0, LIMITS.customDetails)) {
    const values = new Set(
      rows.map(row => result.text(row, columnName)).filter(text => text !== ''),
    )
    const kept: string[] = []
    // A comma, the key, a colon and brackets.
    const head = (bytes === 2 ? 0 : 1) + encoder.encode(JSON.stringify(key)).length + 3
    for (const value of values) {
      const size = encoder.encode(JSON.stringify(value)).length + (kept.length === 0 ? head : 1)
      if (kept.length === LIMITS.valuesOfDetail || bytes + size > LIMITS.customDetailBytes) {
        dropped++
        continue
      }
      bytes += size
      kept.push(value)
    }
    if (kept.length > 0) {
      Object.defineProperty(details, key, {
        value: kept,
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
  }
  return { details, dropped }
}
