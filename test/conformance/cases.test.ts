import { describe, expect, it } from 'vitest'
import { hasErrors } from '../../src/text/diagnostic.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import { compileTest, runPlan, type TestTable, valueText } from '../unit/engine/run-query.ts'
import { type CaseTable, type ConformanceCase, readCaseFiles } from './case-file.ts'

/** The tables of a case as the engine's tests take them. */
function inputsOf({ tables }: ConformanceCase): Record<string, TestTable> {
  const entries = Object.entries(tables).map(([name, { schema, rows }]) => {
    const columns = Object.fromEntries(schema.map(column => [column.name, column.type]))
    return [name, { columns, rows }] as const
  })
  return Object.fromEntries(entries)
}

/**
 * A value of a case file as results give it. Integers are read as bigint there, so that no digit of a
 * long is lost; the columns of the other types have numbers.
 */
function expectedValue(type: ScalarType, value: unknown): unknown {
  if (value === null) return null
  if (type === 'long') return value
  if (type === 'dynamic') return inDynamic(value)
  return typeof value === 'bigint' ? Number(value) : value
}

/** A long inside a dynamic value is a number as long as that is exact. */
function inDynamic(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
  if (Array.isArray(value)) return value.map(inDynamic)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inDynamic(item)]))
}

function lines({ schema, rows }: CaseTable, ordered: boolean): string[] {
  const texts = rows.map(row => valueText(row))
  const header = schema.map(({ name, type }) => `${name}:${type}`).join('; ')
  return [header, ...(ordered ? texts : texts.sort())]
}

async function check(item: ConformanceCase): Promise<void> {
  const tables = inputsOf(item)
  const { bound, plan, diagnostics } = compileTest(item.query, { tables })
  if (item.expected === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(item.diagnostics)
    return
  }
  expect(hasErrors(diagnostics), JSON.stringify(diagnostics)).toBe(false)
  const { schema, rows } = item.expected
  const values = rows.map(row => row.map((value, i) => expectedValue(schema[i]!.type, value)))
  const expected = lines({ schema, rows: values }, item.ordered)
  // As bound, as rewritten, and row by row.
  const runs = [
    await runPlan(bound!, { tables }),
    await runPlan(plan!, { tables }),
    await runPlan(plan!, { tables, batchSize: 1 }),
  ]
  for (const result of runs) {
    const actual = { schema: result.columns, rows: result.rows() }
    expect(lines(actual, item.ordered)).toEqual(expected)
  }
}

describe.each(readCaseFiles())('$path', ({ cases }) => {
  for (const item of cases) {
    const { name, skip } = item
    if (skip === undefined) it(name, () => check(item))
    else it.skip(`${name} (${skip})`, () => check(item))
  }
})
