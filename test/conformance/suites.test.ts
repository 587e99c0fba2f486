import { describe, expect, it } from 'vitest'
import { KqlError } from '../../src/index.ts'
import { KNOWN_FAILURES } from './known-failures.ts'
import { SUITE_LIBRARY, SUITES, type SuiteCase, suiteCases } from './reference-suites.ts'
import { run, type SuiteResult } from './run-case.ts'

/** What a case came to; `unsupported` names what kqlab does not have. */
type Outcome =
  | { readonly status: 'pass' | 'ran' | 'skip' }
  | { readonly status: 'unsupported' | 'fail'; readonly why: string }

const library = SUITE_LIBRARY
if (library === undefined) console.log('skipped: ../shared/conformance is absent')

function unsupportedThing(error: unknown): string | undefined {
  if (!(error instanceof KqlError)) return undefined
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
  return errors.find(({ code }) => ['KQL100', 'KQL101', 'KQL106'].includes(code))?.message
}

function sameColumns({ columns }: SuiteResult, { schema }: SuiteCase): boolean {
  if (schema === null) return true
  return (
    columns.length === schema.length &&
    schema.every(({ name, type }, index) => {
      const column = columns[index]
      return column?.name === name && (column.type === type || type === 'unknown')
    })
  )
}

async function outcomeOf(item: SuiteCase): Promise<Outcome> {
  const [kind] = library!.kindOf(item)
  if (kind === 'skip') return { status: 'skip' }
  let result: SuiteResult | undefined
  let error = ''
  try {
    result = await run(item.query, { tables: library!.tablesFor(item) })
  } catch (thrown) {
    const thing = unsupportedThing(thrown)
    if (thing !== undefined) return { status: 'unsupported', why: thing }
    error = String(thrown)
  }
  if (kind === 'run') {
    if (result === undefined) return { status: 'fail', why: error }
    if (sameColumns(result, item)) return { status: 'ran' }
    return { status: 'fail', why: `columns ${JSON.stringify(result.columns)}` }
  }
  const outcome = result === undefined ? { error } : { result }
  const { status, why = '' } = library!.judge(item, outcome, { strictTypes: true })
  return status === 'pass' || status === 'lax' ? { status: 'pass' } : { status: 'fail', why }
}

describe.skipIf(library === undefined)('reference suites, with strict types', () => {
  const known = new Map(KNOWN_FAILURES.map(failure => [failure.id, failure]))

  it.each(SUITES)('%s', { timeout: 240_000 }, async suite => {
    const counts = { pass: 0, ran: 0, unsupported: 0, fail: 0, skip: 0 }
    const failures: Record<string, string> = {}
    const missing = new Map<string, number>()
    const cases = suiteCases(suite)
    for (const item of cases) {
      const outcome = await outcomeOf(item)
      counts[outcome.status]++
      if (outcome.status === 'fail') failures[item.id] = outcome.why
      if (outcome.status === 'unsupported') {
        missing.set(outcome.why, (missing.get(outcome.why) ?? 0) + 1)
      }
    }
    const supported = counts.pass + counts.ran + counts.fail
    const share = ((100 * (counts.pass + counts.ran)) / supported).toFixed(1)
    const failed = Object.entries(failures).map(([id, why]) => {
      const cause = known.get(id)
      return `\n  ${id}: ${cause === undefined ? why : `${cause.kind}: ${cause.cause}`}`
    })
    console.log(
      `${suite}: ${supported} of ${cases.length - counts.skip} queries use only what kqlab has; ` +
        `${counts.pass} give the expected table, ${counts.ran} without one run and have the ` +
        `analyzer's columns, ${counts.fail} fail: ${share} %${failed.join('')}`,
    )
    const ofSuite = cases.map(({ id }) => id).filter(id => known.has(id))
    expect(Object.keys(failures).sort(), JSON.stringify(failures, null, 1)).toEqual(ofSuite.sort())
    if (suite === 'docs-dev') expect(supported).toBeGreaterThanOrEqual(220)
    expect((counts.pass + counts.ran) / supported).toBeGreaterThanOrEqual(0.95)
  })

  it('lists no failure of a case that is gone', () => {
    const ids = new Set(SUITES.flatMap(suite => suiteCases(suite).map(({ id }) => id)))
    expect(KNOWN_FAILURES.filter(({ id }) => !ids.has(id))).toEqual([])
  })
})
