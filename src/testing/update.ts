import type { Span } from '../text/span.ts'
import { parseDatetime } from '../types/datetime.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import { formatTimespan } from '../types/timespan.ts'
import { type Mismatch, partOf } from './mismatch.ts'
import type { Expectation, ExpectedAlert, ExpectedIncident, RuleTest, TestFile } from './model.ts'
import { DEFAULT_NOW } from './prepare-tests.ts'
import type { GotAlert, TestOutcome, TestResult } from './results.ts'
import { parseTestTime } from './test-time.ts'
import { pathOf } from './typed-row.ts'
import { yamlText } from './yaml-text.ts'

/** A file of tests whose expectations are those that came. */
export interface UpdatedTests {
  readonly text: string
  /** The tests that now hold. */
  readonly updated: readonly TestResult[]
}

interface Edit {
  readonly span: Span
  readonly text: string
}

/**
 * The text of the file in which each part of an expectation that did not hold says what came; all else,
 * comments too, stays as it is. A run that failed is no expectation: such a test stays.
 */
export function updatedTests(file: TestFile, results: readonly TestResult[]): UpdatedTests {
  const { text } = file.source
  const updated: TestResult[] = []
  const edits: Edit[] = []
  for (const result of results) {
    const test = file.tests.find(({ name }) => name === result.name)
    const { outcome, mismatches, status } = result
    if (test === undefined || outcome === undefined || status !== 'failed') continue
    if (mismatches.some(({ kind }) => kind === 'run')) continue
    updated.push(result)
    edits.push(...editsOf(file, test, outcome, mismatches))
  }
  edits.sort((a, b) => b.span.start - a.span.start)
  const changed = edits.reduce(
    (before, { span, text: own }) => before.slice(0, span.start) + own + before.slice(span.end),
    text,
  )
  return { text: changed, updated }
}

function editsOf(
  file: TestFile,
  test: RuleTest,
  outcome: TestOutcome,
  mismatches: readonly Mismatch[],
): Edit[] {
  const { source } = file
  const whole = test.expectSpans.get('')
  const names = new Set(mismatches.map(partOf))
  const spans = [...names].map(name => [name, test.expectSpans.get(name)] as const)
  const writer = new ExpectationWriter(file, test, outcome)
  if (whole !== undefined && spans.some(([, span]) => span === undefined)) {
    // The short form, `none`, `rows` or `alerts`: it is one word, which says all.
    const { column } = source.positionAt(test.whole.start)
    const isFlow = source.text[test.whole.start] === '{'
    const text = writer.short(isFlow ? undefined : column + 2)
    // No blank is left at the end of the line where the value goes on below.
    const isBelow = text.startsWith('\n') && source.text[whole.start - 1] === ' '
    return [{ span: { start: isBelow ? whole.start - 1 : whole.start, end: whole.end }, text }]
  }
  return spans.flatMap(([name, span]) => {
    if (span === undefined) return []
    const own = source.text.slice(span.start, span.end).trimEnd()
    const { column } = source.positionAt(span.start)
    const text = writer.part(name, /^-\s/.test(own) ? column : undefined)
    return [{ span: { start: span.start, end: span.start + own.length }, text }]
  })
}

class ExpectationWriter {
  readonly #test: RuleTest
  readonly #outcome: TestOutcome
  /** undefined where all times of the test count from `now`. */
  readonly #now: bigint | undefined

  constructor({ now }: TestFile, test: RuleTest, outcome: TestOutcome) {
    this.#test = test
    this.#outcome = outcome
    this.#now = test.now ?? now
  }

  /** What stands in place of a short form; `column` is where the names of its parts begin. */
  short(column: number | undefined): string {
    const { rows, alerts } = this.#outcome
    // A rule may raise an alert for want of rows.
    if (rows.length === 0) return alerts.length === 0 ? 'none' : this.#counts(column)
    const items = this.#rows().map(yamlText)
    if (column === undefined) return `{ rows: [${items.join(', ')}] }`
    const margin = `\n${' '.repeat(column - 1)}`
    return `${margin}rows:${items.map(item => `${margin}  - ${item}`).join('')}`
  }

  #counts(column: number | undefined): string {
    const parts = ['rows: 0', `alerts: ${this.#outcome.alerts.length}`]
    if (column === undefined) return `{ ${parts.join(', ')} }`
    return parts.map(part => `\n${' '.repeat(column - 1)}${part}`).join('')
  }

  /** What a part says; a list whose items stand at a column, or else in one line. */
  part(name: string, column: number | undefined): string {
    const value = this.#value(name)
    if (column === undefined || !Array.isArray(value) || value.length === 0) return yamlText(value)
    return value.map(item => `- ${yamlText(item)}`).join(`\n${' '.repeat(column - 1)}`)
  }

  #value(name: string): unknown {
    const { expect } = this.#test
    const { rows, columns, alerts, incidents, findings } = this.#outcome
    switch (name) {
      case 'rows':
        return isCounted(expect.rows) ? rows.length : this.#rows()
      case 'alerts':
        if (expect.alerts === undefined || 'count' in expect.alerts) return alerts.length
        return this.#alerts(expect.alerts.list)
      case 'incidents':
        if (expect.incidents === undefined || 'count' in expect.incidents) return incidents.length
        return this.#incidents(expect.incidents.list)
      case 'findings':
        return [...new Set(findings.map(({ code }) => code))].sort()
      default:
        return expect.columns?.some(({ type }) => type !== undefined) === true
          ? Object.fromEntries(columns.map(({ name: own, type }) => [own, type]))
          : columns.map(({ name: own }) => own)
    }
  }

  /**
   * The rows that came, with the columns that were expected of any; where of none, or where the others are
   * to be empty, with those that have a value.
   */
  #rows(): Record<string, unknown>[] {
    const { rows: listed } = this.#test.expect
    const list = listed === undefined || 'count' in listed ? [] : listed.list
    const { columns, rows } = this.#outcome
    const fields = list.flatMap(row => row.fields.map(({ name }) => name))
    const named = new Set(fields.map(name => columnOf(name, columns)))
    const all = named.size === 0 || this.#test.expect.exact
    return rows.map(row => {
      const cells = columns.flatMap(({ name, type }, at): [string, unknown][] => {
        const value = row[at]
        const isEmpty = value === null || value === ''
        if (!named.has(name) && (isEmpty || !all)) return []
        return [[name, type === 'datetime' ? this.#time(value) : value]]
      })
      return Object.fromEntries(cells)
    })
  }

  /** A time as the test says times: from `now`, where it names none and the time is not too far away. */
  #time(value: unknown): unknown {
    const ticks = typeof value === 'string' ? parseDatetime(value) : null
    if (ticks === null || this.#now !== undefined) return value
    const after = ticks - DEFAULT_NOW
    if (after === 0n) return 'now'
    const text = after < 0n ? formatTimespan(after) : `+${formatTimespan(after)}`
    return parseTestTime(text) === undefined ? value : text
  }

  #alerts(expected: readonly ExpectedAlert[]): Record<string, unknown>[] {
    const names = new Set<string>(expected.flatMap(each => Object.keys(each)))
    if (names.size === 0) for (const name of ['title', 'severity']) names.add(name)
    return this.#outcome.alerts.map(alert => {
      const all = { ...alert, entities: entitiesOf(alert), run: this.#time(alert.run) }
      return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
    })
  }

  #incidents(expected: readonly ExpectedIncident[]): Record<string, unknown>[] {
    const names = new Set<string>(expected.flatMap(each => Object.keys(each)))
    if (names.size === 0) for (const name of ['title', 'alerts']) names.add(name)
    return this.#outcome.incidents.map(incident =>
      Object.fromEntries(Object.entries(incident).filter(([name]) => names.has(name))),
    )
  }
}

/** The column that a field names, or a path into which. */
function columnOf(field: string, columns: Schema): string {
  return findColumn(columns, field)?.name ?? pathOf(field)?.column ?? field
}

function entitiesOf({ entities }: GotAlert): unknown[] {
  return entities.map(({ type, identifiers }) => ({ [type]: identifiers }))
}

function isCounted(rows: Expectation['rows']): boolean {
  return rows !== undefined && 'count' in rows
}
