import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toText } from '../../src/engine/functions/scalar/scalar-text.ts'
import { compileQuery } from '../../src/engine/query.ts'
import type { ScalarValue } from '../../src/tables/vector.ts'
import type { Column } from '../../src/types/schema.ts'
import { randomCall, randomExpression } from './engine-calls.ts'
import { CATALOG } from './engine-queries.ts'
import { outcome } from './engine-run.ts'
import {
  randomSplit,
  randomTables,
  splitSources,
  TABLE_SCHEMAS,
  wholeSources,
} from './engine-tables.ts'

/** With a number of minutes, the law is tried for so long: `PROPERTY_MINUTES=5`. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0
    ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 }
    : { numRuns: Number(process.env.PROPERTY_RUNS ?? 400) }
const timeout = minutes * 60_000 + 60_000

const SCHEMA = TABLE_SCHEMAS.T ?? []

/** A literal of a value. */
function literalOf({ type }: Column, value: ScalarValue): string {
  if (value === null) return `${type}(null)`
  if (type === 'string') return JSON.stringify(value)
  const text = toText(type)(value)
  if (type === 'dynamic')
    return `dynamic(${typeof value === 'string' ? JSON.stringify(value) : text})`
  return `${type}(${text.replace(/^NaN$/, 'nan').replace(/^(-?)Infinity$/, '$1inf')})`
}

it('an expression of constants is what it is of columns with their values', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomExpression, randomCall), randomTables, async (text, tables) => {
      const whole = compileQuery(`T | project v = ${text}`, { catalog: CATALOG })
      fc.pre(whole.bound?.schema.length === 1)
      const row = (tables.T ?? [])[0]
      fc.pre(row !== undefined)
      const own = { ...tables, T: [row] }
      const lets = SCHEMA.map((column, index) => {
        return `let ${column.name} = ${literalOf(column, row[index] as ScalarValue)};\n`
      })
      const query = `${lets.join('')}print v = ${text}`
      const { plan, diagnostics } = compileQuery(query, { catalog: CATALOG })
      // Constants that a function does not take are reported before the run.
      const refused = diagnostics.some(({ code }) => !code.startsWith('KS0'))
      if (plan === undefined && !refused)
        throw new Error(`${query}\n${JSON.stringify(diagnostics)}`)
      fc.pre(plan !== undefined)
      const sources = { tables: wholeSources(own) }
      expect(await outcome(plan, sources)).toBe(await outcome(whole.bound, sources))
    }),
    limit,
  )
})

it('a function gives the same for any split of the table', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(randomCall, randomTables, randomSplit, async (text, tables, split) => {
      const { plan } = compileQuery(`T | project v = ${text}`, { catalog: CATALOG })
      fc.pre(plan !== undefined)
      const expected = await outcome(plan, { tables: wholeSources(tables) })
      expect(await outcome(plan, { tables: splitSources(tables, split) })).toBe(expected)
    }),
    limit,
  )
})
