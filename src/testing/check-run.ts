import type { DiagnosticBag } from '../text/diagnostic.ts'
import { type ExpectedRow, expectedRows, untypedRows } from './expected-rows.ts'
import { alertData, alertFields, incidentFields, matchItems } from './match-items.ts'
import { differenceOf } from './match-rows.ts'
import type { Mismatch } from './mismatch.ts'
import type { Expectation } from './model.ts'
import type { PreparedTest } from './prepare-tests.ts'
import type { TestRun } from './run-test.ts'

/** What of the expectation of a test does not hold. Faults of the file are reported. */
export function checkRun(test: PreparedTest, run: TestRun, bag: DiagnosticBag): Mismatch[] {
  const { expect } = test.test
  return [
    ...failureOf(test, run),
    ...columnsOf(expect, run),
    ...rowsOf(test, run, bag),
    ...alertsOf(test, run),
    ...incidentsOf(expect, run),
    ...findingsOf(expect, run),
  ]
}

/**
 * A run that failed gave nothing, and rows that no run looked at say nothing: neither is proof that the
 * rule finds nothing.
 */
function failureOf(
  { test, compiled, data }: PreparedTest,
  { runs, findings }: TestRun,
): Mismatch[] {
  const { findings: expected } = test.expect
  const isGiven = [...data].some(
    ([table, { rows, files }]) => compiled.tables.has(table) && rows.length + files.length > 0,
  )
  if (runs.length === 0 && isGiven) {
    const message = 'The rule has no run.'
    return [{ kind: 'run', part: 'run', message, expected: 'a run', got: message }]
  }
  const failed = findings.find(({ code }) => code === 'KQL508')
  if (failed === undefined || expected?.includes('KQL508') === true) return []
  const { message } = failed
  return [{ kind: 'run', part: 'run', message, expected: 'a run', got: message }]
}

function columnsOf({ columns }: Expectation, { schema }: TestRun): Mismatch[] {
  if (columns === undefined) return []
  const isSame =
    columns.length === schema.length &&
    columns.every(
      ({ name, type }, index) =>
        schema[index]?.name === name && (type === undefined || schema[index]?.type === type),
    )
  if (isSame) return []
  const typed = columns.some(({ type }) => type !== undefined)
  const text = ({ name, type }: { name: string; type?: string }) =>
    typed && type !== undefined ? `${name}: ${type}` : name
  const expected = columns.map(text)
  const got = schema.map(text)
  return [{ kind: 'columns', part: 'columns', message: 'The columns are others.', expected, got }]
}

function rowsOf(
  { test, now, expected: typed }: PreparedTest,
  run: TestRun,
  bag: DiagnosticBag,
): Mismatch[] {
  const { expect } = test
  const expected =
    typed ?? (run.rows.length === 0 ? untypedRows(expect) : expectedRows(expect, run.schema, bag))
  return rowMismatches(expect, expected, run, now)
}

/** What of the rows of an expectation does not hold; `expected` are those that it lists. */
export function rowMismatches(
  expect: Expectation,
  expected: readonly ExpectedRow[] | undefined,
  { rows, schema }: Pick<TestRun, 'rows' | 'schema'>,
  now: bigint,
): Mismatch[] {
  if (expect.some === 'rows' && rows.length === 0) return [countOf('rows', 'one or more', 0)]
  if (expect.rows === undefined) return []
  if ('count' in expect.rows) {
    const { count } = expect.rows
    return rows.length === count ? [] : [countOf('rows', count, rows.length)]
  }
  const wanted = expected ?? []
  const difference = differenceOf(wanted, rows, schema, { ...expect, now })
  if (difference === undefined) return []
  const { missing, unexpected, misordered } = difference
  const message = misordered
    ? 'The rows are in another order.'
    : [
        ...(missing.length > 0
          ? [`${missing.length} of ${number(wanted.length, 'row')} missing`]
          : []),
        ...(unexpected.length > 0 ? [`${number(unexpected.length, 'row')} unexpected`] : []),
      ].join(', ')
  return [{ kind: 'rows', message, difference }]
}

function alertsOf({ test, now }: PreparedTest, { alerts: got }: TestRun): Mismatch[] {
  const { alerts, some } = test.expect
  if (some === 'alerts' && got.length === 0) return [countOf('alerts', 'one or more', 0)]
  if (alerts === undefined) return []
  if ('count' in alerts) {
    return got.length === alerts.count ? [] : [countOf('alerts', alerts.count, got.length)]
  }
  const found = matchItems(
    alerts.list,
    got,
    (each, alert) => alertFields(each, alert, now),
    each => alertData(each, now),
  )
  return itemsOf('alerts', alerts.list.length, found)
}

function incidentsOf({ incidents }: Expectation, { incidents: got }: TestRun): Mismatch[] {
  if (incidents === undefined) return []
  if ('count' in incidents) {
    return got.length === incidents.count ? [] : [countOf('incidents', incidents.count, got.length)]
  }
  const found = matchItems(incidents.list, got, incidentFields, each => each)
  return itemsOf('incidents', incidents.list.length, found)
}

function itemsOf(
  kind: 'alerts' | 'incidents',
  expected: number,
  { missing, unexpected }: ReturnType<typeof matchItems>,
): Mismatch[] {
  if (missing.length === 0 && unexpected.length === 0) return []
  const one = kind.slice(0, -1)
  const paired = new Set(missing.map(({ nearest }) => nearest))
  const more = unexpected.filter(index => !paired.has(index))
  const parts = [
    ...(missing.length > 0
      ? [`${missing.length} of ${number(expected, one)} not as expected`]
      : []),
    ...(more.length > 0 ? [`${number(more.length, one)} unexpected`] : []),
  ]
  return [{ kind, message: parts.join(', '), missing, unexpected: more }]
}

function findingsOf({ findings }: Expectation, run: TestRun): Mismatch[] {
  if (findings === undefined) return []
  const expected = [...new Set(findings)].sort()
  const got = [...new Set(run.findings.map(({ code }) => code))].sort()
  if (expected.join(' ') === got.join(' ')) return []
  const message = 'A replay has other things to say of the rule.'
  return [{ kind: 'findings', part: 'findings', message, expected, got }]
}

function countOf(part: string, expected: number | string, got: number): Mismatch {
  const what = expected === 1 ? part.slice(0, -1) : part
  const message = `Expected ${expected} ${what}, got ${got}.`
  return { kind: 'count', part, message, expected, got }
}

function number(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}
