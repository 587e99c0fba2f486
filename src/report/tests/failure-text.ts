import type { FunnelPipeline } from '../../testing/funnel.ts'
import type { MissingRow } from '../../testing/match-rows.ts'
import type { Mismatch, MissingItem } from '../../testing/mismatch.ts'
import type { TestOutcome, TestResult } from '../../testing/results.ts'
import { shortText } from './value-text.ts'

const SHOWN = 10

/** What a line says: a heading, what was expected, what came, or something else. */
export interface FailureLine {
  readonly kind: 'head' | 'expected' | 'got' | 'plain'
  /** How deep it is indented. */
  readonly depth: number
  readonly text: string
}

/** What is wrong with a test, in one line. */
export function failureMessage({ mismatches }: TestResult): string {
  return mismatches.map(each => `${labelOf(each)}: ${each.message}`).join('; ')
}

/** All there is to say of a test that failed. */
export function failureLines(result: TestResult): FailureLine[] {
  const { outcome, mismatches, funnel, why } = result
  return [
    ...mismatches.flatMap(each => [
      line('head', 0, `${labelOf(each)}: ${each.message}`),
      ...(outcome === undefined ? [] : detailsOf(each, outcome)),
    ]),
    ...(why ?? []).flatMap(({ rows, text }) => [
      line('head', 0, `Why ${rowNames(rows)} did not come:`),
      ...text.split('\n').map(each => line('plain', 1, each)),
    ]),
    ...(funnel === undefined ? [] : funnelLines(funnel)),
  ]
}

/** Rows after each stage of the query. */
export function funnelLines(funnel: readonly FunnelPipeline[]): FailureLine[] {
  const counts = funnel.flatMap(({ stages }) => stages.map(({ rows }) => countText(rows).length))
  const width = Math.max(1, ...counts)
  return [
    line('head', 0, 'Rows after each stage:'),
    ...funnel.flatMap(({ name, stages }, index) => {
      const isMain = index === funnel.length - 1
      const title = name ?? (isMain ? 'the query' : 'a branch')
      return [
        ...(funnel.length === 1 ? [] : [line('plain', 1, title)]),
        ...stages.map(({ text, rows }, at) =>
          line('plain', 2, `${countText(rows).padStart(width)}  ${at === 0 ? '' : '| '}${text}`),
        ),
      ]
    }),
  ]
}

function rowNames(rows: readonly number[]): string {
  const numbers = rows.map(row => row + 1)
  if (numbers.length === 0) return 'more'
  return numbers.length === 1 ? `row ${numbers[0]}` : `rows ${numbers.join(', ')}`
}

function countText(rows: number | undefined): string {
  return rows === undefined ? '-' : String(rows)
}

function labelOf(mismatch: Mismatch): string {
  return 'part' in mismatch ? mismatch.part : mismatch.kind
}

function line(kind: FailureLine['kind'], depth: number, text: string): FailureLine {
  return { kind, depth, text }
}

function detailsOf(mismatch: Mismatch, outcome: TestOutcome): FailureLine[] {
  switch (mismatch.kind) {
    case 'rows': {
      const { missing, unexpected } = mismatch.difference
      const paired = new Set(missing.map(({ nearest }) => nearest))
      const others = unexpected.filter(index => !paired.has(index))
      return [
        ...shown(missing, missingLines),
        ...shown(others, index => [
          line('got', 1, `row ${index + 1} unexpected: ${rowText(outcome, index)}`),
        ]),
      ]
    }
    case 'alerts':
    case 'incidents': {
      const got = outcome[mismatch.kind]
      return [
        ...shown(mismatch.missing, itemLines),
        ...shown(mismatch.unexpected, index => [
          line('got', 1, `unexpected: ${shortText(got[index])}`),
        ]),
      ]
    }
    case 'columns':
    case 'findings':
      return [
        line('expected', 1, `expected ${shortText(mismatch.expected, 400)}`),
        line('got', 1, `got      ${shortText(mismatch.got, 400)}`),
      ]
    default:
      return mismatch.part === 'rows' ? rowsLines(outcome) : []
  }
}

/** Where rows were counted only, those that came. */
function rowsLines(outcome: TestOutcome): FailureLine[] {
  return shown([...outcome.rows.keys()], index => [
    line('got', 1, `row ${index + 1}: ${rowText(outcome, index)}`),
  ])
}

function rowText({ columns, rows }: TestOutcome, index: number): string {
  const row = rows[index] ?? []
  const cells = columns.flatMap(({ name }, at) => {
    const value = row[at]
    return value === '' || value === null ? [] : [`${name}=${shortText(value, 60)}`]
  })
  return cells.join(' ')
}

function missingLines({ index, expected, nearest, differences }: MissingRow): FailureLine[] {
  if (nearest === undefined) {
    return [line('expected', 1, `row ${index + 1} missing: ${shortText(expected, 400)}`)]
  }
  return [
    line('plain', 1, `row ${index + 1} missing; row ${nearest + 1} of the result comes nearest:`),
    ...differences.flatMap(({ column, expected: wanted, got }) =>
      differenceLines(column, wanted, got),
    ),
  ]
}

function itemLines({ index, expected, nearest, differences }: MissingItem): FailureLine[] {
  if (nearest === undefined) {
    return [line('expected', 1, `number ${index + 1} missing: ${shortText(expected, 400)}`)]
  }
  return [
    line('plain', 1, `number ${index + 1} is not as expected:`),
    ...differences.flatMap(({ field, expected: wanted, got }) =>
      differenceLines(field, wanted, got),
    ),
  ]
}

function differenceLines(name: string, expected: unknown, got: unknown): FailureLine[] {
  return [
    line('expected', 2, `${name}: expected ${shortText(expected)}`),
    line('got', 2, `${' '.repeat(name.length)}  got      ${shortText(got)}`),
  ]
}

function shown<T>(items: readonly T[], lines: (item: T) => FailureLine[]): FailureLine[] {
  const more = items.length - SHOWN
  return [
    ...items.slice(0, SHOWN).flatMap(lines),
    ...(more > 0 ? [line('plain', 1, `… and ${more} more`)] : []),
  ]
}
