import { Prepared } from '../../api/prepare.ts'
import { printPath } from '../../engine/plan/print-expression.ts'
import { ResultTable } from '../../engine/result.ts'
import { timeColumnOf } from '../../replay/replay.ts'
import type { ColumnBatch } from '../../tables/batch.ts'
import { rowsSource } from '../../tables/rows-source.ts'
import type { TableSource } from '../../tables/source.ts'
import { KqlError } from '../../text/kql-error.ts'
import type { Span } from '../../text/span.ts'
import { parseDatetime } from '../../types/datetime.ts'
import {
  changedTables,
  changesToTry,
  type FixtureChange,
  literalsIn,
} from '../capture/fixture-changes.ts'
import { type FixtureRow, type FixtureTables, rowsOf } from '../capture/fixture-rows.ts'
import type { CompiledRule } from '../compiled-rule.ts'
import type { PreparedTest, PreparedTests } from '../prepare-tests.ts'
import { sourcesOf } from '../run-test.ts'

/** Changes of the data of a test that are tried to tell one mutant. */
const MOST_TRIED = 300

/**
 * A change of the data of a test with which the rule and a mutant of it give different rows, in words;
 * undefined where none of those that were tried does. `span` is what was changed, in the query.
 */
export async function witnessOf(
  rule: PreparedTests,
  mutant: PreparedTests,
  span: Span,
): Promise<string | undefined> {
  for (const [at, test] of rule.tests.entries()) {
    const other = mutant.tests[at]?.compiled
    const found = other && (await witnessIn(test, other, span))
    if (found !== undefined) return found
  }
  return undefined
}

async function witnessIn(
  test: PreparedTest,
  mutant: CompiledRule,
  span: Span,
): Promise<string | undefined> {
  const { compiled, now } = test
  if (compiled.late !== undefined || mutant.late !== undefined) return undefined
  // The rule runs at other times than `now`.
  if (test.test.runs !== undefined) return undefined
  const tables = await fixtureOf(test)
  const query = compiled.rule.rule.query.text
  let tried = 0
  for (const changes of changesToTry(tables, literalsIn(query, span), now)) {
    if (tried++ === MOST_TRIED) return undefined
    const changed = changes.reduce(changedTables, tables)
    const [rows, others] = await Promise.all(
      [compiled, mutant].map(each => rowsGiven(each, changed, now)),
    )
    if (rows === undefined || others === undefined || rows.text === others.text) continue
    const what = changes.map(changeText).join(', ')
    const counts = `${rows.count} and the mutant ${others.count}`
    return `In the test \`${test.test.name}\` with ${what}: the rule gives ${counts} rows.`
  }
  return undefined
}

function changeText({ table, row, path: [column, ...steps], to }: FixtureChange): string {
  if (column === undefined) return `row ${row + 1} of ${table} left out`
  return `${printPath(String(column), steps)} ${JSON.stringify(to)} in row ${row + 1} of ${table}`
}

/** The data of a test as JSON has it, without what is empty. */
async function fixtureOf(test: PreparedTest): Promise<FixtureTables> {
  const tables: [string, FixtureRow[]][] = []
  for (const [name, source] of sourcesOf(test)) {
    if (test.compiled.tables.has(name)) tables.push([name, await objectsOf(source)])
  }
  return Object.fromEntries(tables)
}

async function objectsOf(source: TableSource): Promise<FixtureRow[]> {
  const { schema } = source
  const columns = schema.map(({ name, type }) => ({ name, type, column: name }))
  const batches: ColumnBatch[] = []
  const context = { batchSize: 1024, report: () => undefined }
  for await (const batch of source.scan({ columns }, context)) batches.push(batch)
  return new ResultTable(schema, batches).toObjects().map(row => {
    const filled = Object.entries(row).filter(([, value]) => value !== null && value !== '')
    return Object.fromEntries(filled)
  })
}

/** What a query gives over the rows of tables that a run at `now` sees; undefined where it fails. */
async function rowsGiven(
  compiled: CompiledRule,
  tables: FixtureTables,
  now: bigint,
): Promise<{ readonly text: string; readonly count: number } | undefined> {
  const from = compiled.rule.period === undefined ? undefined : now - compiled.rule.period
  const sources = [...compiled.tables.keys()].map((name): [string, TableSource] => {
    const schema = compiled.schemaOf(name)
    const rows = rowsWithin(rowsOf(tables, name), timeColumnOf(schema), from, now)
    return [name, rowsSource(name, rows, schema)]
  })
  try {
    const prepared = new Prepared(compiled.asWritten, compiled.catalog, compiled.workspace)
    const result = await prepared.runOver(new Map(sources), { now })
    const rows = result.rows()
    return { text: JSON.stringify(rows, textually), count: rows.length }
  } catch (error) {
    if (error instanceof KqlError) return undefined
    throw error
  }
}

function rowsWithin(
  rows: readonly FixtureRow[],
  column: string | undefined,
  from: bigint | undefined,
  to: bigint,
): readonly FixtureRow[] {
  if (column === undefined) return rows
  return rows.filter(({ [column]: text }) => {
    const time = typeof text === 'string' ? parseDatetime(text) : null
    return time !== null && (from === undefined || time >= from) && time <= to
  })
}

function textually(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
