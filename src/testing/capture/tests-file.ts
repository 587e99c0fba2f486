import { printPath } from '../../engine/plan/print-expression.ts'
import { formatDatetime } from '../../types/datetime.ts'
import { yamlText } from '../yaml-text.ts'
import type { Capture } from './capture.ts'
import type { FixtureChange } from './fixture-changes.ts'
import { type FixtureRow, leavesOf, valueAtPath } from './fixture-rows.ts'
import type { NearMiss } from './near-misses.ts'

/** What a file of tests is made of. */
export interface TestsFileInput {
  readonly query: string
  readonly capture: Pick<Capture, 'tables' | 'misses'>
  readonly now: bigint
  /** What the rule does with the fixture. */
  readonly expects: 'rows' | 'alerts'
  /** The path of the rule, where the file is not beside it under its name. */
  readonly rule?: string
}

/** A file of tests with a fixture that fires and a test for each near miss. */
export function testsFile({ query, capture, now, expects, rule }: TestsFileInput): string {
  const { tables, misses } = capture
  return [
    ...(rule === undefined ? [] : [`rule: ${yamlText(rule)}`]),
    `now: ${formatDatetime(now)}`,
    'fixtures:',
    // A rule that fires on silence fires without any rows.
    Object.keys(tables).length === 0 ? '  captured: {}' : '  captured:',
    ...Object.entries(tables).flatMap(([table, rows]) => [
      `    ${yamlText(table)}:`,
      ...rows.flatMap((row, at) => rowLines(rowName(at), fieldLines(row))),
    ]),
    '',
    'tests:',
    '  - name: fires',
    '    base: captured',
    `    expect: ${expects}`,
    ...missTests(query, misses.found),
    '',
  ].join('\n')
}

function rowName(at: number): string {
  return `row-${at + 1}`
}

/** A row without fields is an empty one: no value would take it away. */
function rowLines(name: string, fields: readonly string[]): string[] {
  return fields.length === 0 ? [`      ${name}: {}`] : [`      ${name}:`, ...fields]
}

function fieldLines(row: FixtureRow): string[] {
  return leavesOf(row, true).map(
    path => `        ${fieldName(path)}: ${yamlText(valueAtPath(row, path))}`,
  )
}

function fieldName([column, ...steps]: readonly (string | number)[]): string {
  const name = String(column)
  return yamlText(steps.length === 0 ? name : printPath(name, steps))
}

function missTests(query: string, misses: readonly NearMiss[]): string[] {
  const names = new Map<string, number>()
  return misses.flatMap(({ span, changes }) => {
    const text = query.slice(span.start, span.end).replace(/\s+/g, ' ')
    const count = (names.get(text) ?? 0) + 1
    names.set(text, count)
    const name = `not without ${text}${count === 1 ? '' : ` (${count})`}`
    return [
      `  - name: ${yamlText(name)}`,
      '    base: captured',
      '    given:',
      ...changeLines(changes),
      '    expect: none',
    ]
  })
}

function changeLines(changes: readonly FixtureChange[]): string[] {
  return [...Map.groupBy(changes, ({ table }) => table)].flatMap(([table, own]) => [
    `      ${yamlText(table)}:`,
    ...[...Map.groupBy(own, ({ row }) => row)].flatMap(([row, fields]) => {
      if (fields.some(({ path }) => path.length === 0)) return [`        ${rowName(row)}: null`]
      const lines = fields.map(({ path, to }) => `          ${fieldName(path)}: ${yamlText(to)}`)
      return [`        ${rowName(row)}:`, ...lines]
    }),
  ])
}
