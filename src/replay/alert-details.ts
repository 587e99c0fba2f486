import { LIMITS } from '../rules/limits.ts'
import { RULE_SEVERITIES, type RuleSeverity } from '../rules/rule.ts'
import { type CustomDetail, placeholdersOf } from '../rules/settings.ts'
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
  let bytes = 2
  for (const { key, columnName } of customDetails.slice(0, LIMITS.customDetails)) {
    const values = new Set(
      rows.map(row => result.text(row, columnName)).filter(text => text !== ''),
    )
    const kept: string[] = []
    for (const value of values) {
      const size = encoder.encode(JSON.stringify(value)).length + 1
      const head = kept.length === 0 ? encoder.encode(JSON.stringify(key)).length + 4 : 0
      if (kept.length === LIMITS.valuesOfDetail || bytes + size + head > LIMITS.customDetailBytes) {
        dropped++
        continue
      }
      bytes += size + head
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
