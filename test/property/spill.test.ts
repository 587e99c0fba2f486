import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExecutionError } from '../../src/engine/execution.ts'
import { MemorySpill } from '../unit/engine/memory-spill.ts'
import {
  compileTest,
  runPlan,
  runSpilled,
  type TestOptions,
  type TestTable,
  textOf,
} from '../unit/engine/run-query.ts'

const COLUMNS = {
  s: 'string',
  g: 'guid',
  i: 'int',
  l: 'long',
  r: 'real',
  t: 'datetime',
  m: 'decimal',
  b: 'bool',
  d: 'dynamic',
  n: 'long',
} as const

const GUIDS = [1, 2, 3].map(digit => `${digit}0000000-0000-0000-0000-000000000000`)

/** Rows whose values are few, so that they meet, with nulls among them; `n` numbers the rows. */
const table: fc.Arbitrary<TestTable> = fc
  .array(
    fc.tuple(
      fc.constantFrom('', 'a', 'A', 'ä', '😀', 'a text that is longer than thirteen units'),
      fc.constantFrom(null, ...GUIDS),
      fc.constantFrom(null, -1, 0, 7),
      fc.constantFrom(null, 0n, -1n, 2n ** 63n - 1n),
      fc.constantFrom(null, 0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY),
      fc.constantFrom(null, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
      fc.constantFrom(null, '1.50', '1.5', '-7'),
      fc.constantFrom(null, true, false),
      fc.constantFrom(null, 1, 'a', [1, 'x'], { k: [1] }),
    ),
    { maxLength: 40 },
  )
  .map(rows => ({ columns: COLUMNS, rows: rows.map((row, at) => [...row, BigInt(at)]) }))

const SORTS = ['s', 'g asc nulls last', 'i', 'l asc', 'r', 't nulls first', 'm asc, r', 'b, s asc']
const KEYS = ['s', 'g', 'i', 'l', 'r', 't', 'm', 'b', 'tostring(d)', 's, i', 'l, r, b']
const AGGREGATES = [
  'count()',
  'make_list(n), make_set(s)',
  'take_any(n, d)',
  'arg_max(l, *)',
  'sum(r), avg(r), percentile(l, 50)',
  'dcount(s), min(s), make_bag(bag_pack(s, n))',
]
const KINDS = [
  'innerunique',
  'inner',
  'leftouter',
  'rightouter',
  'fullouter',
  'leftsemi',
  'rightsemi',
  'leftanti',
  'rightanti',
]
const JOIN_KEYS = ['s', 'g', 'i', 'l', 'r', 't', 'm', 'b', 's, i']

const query = fc.oneof(
  fc.constantFrom(...SORTS).map(by => `T | sort by ${by}`),
  fc.tuple(fc.constantFrom(...AGGREGATES), fc.constantFrom(...KEYS)).map(([aggregates, keys]) => {
    return `T | summarize ${aggregates} by ${keys}`
  }),
  fc.constantFrom(...KEYS).map(keys => `T | distinct ${keys}`),
  fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...JOIN_KEYS)).map(([kind, keys]) => {
    return `T | join kind=${kind} (U | where n % 3 != 1) on ${keys}`
  }),
  fc.constant('T | join kind=inner U on s | summarize make_list(n), count() by i, g | sort by i'),
)

test('what does not fit in memory gives the same rows in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      table,
      query,
      fc.integer({ min: 1, max: 9 }),
      async (t, u, text, size) => {
        const options: TestOptions = { tables: { T: t, U: u }, batchSize: size }
        const { plan, diagnostics } = compileTest(text, options)
        if (plan === undefined) throw new Error(JSON.stringify(diagnostics))
        const expected = textOf(await runPlan(plan, options))
        const spilled = await runSpilled(plan, options)
        expect(spilled && textOf(spilled)).toBe(expected)
        // The streamed side of a join is read first where it is the smaller one.
        const sized = { ...options, bytesOf: (rows: number) => 4 ** rows }
        expect(textOf(await runPlan(plan, sized))).toBe(expected)
        const both = await runSpilled(plan, sized)
        expect(both && textOf(both)).toBe(expected)
      },
    ),
    { numRuns: 300 },
  )
})

/** The rows of a query with so much memory, with or without a place for what does not fit. */
async function bounded(text: string, maxMemory: number, spill: MemorySpill | undefined) {
  const { plan } = compileTest(text)
  if (plan === undefined) throw new Error(text)
  const result = await runPlan(plan, {
    maxMemory,
    ...(spill === undefined ? {} : { openSpill: () => spill }),
  })
  return textOf(result)
}

async function messageOf(run: Promise<string>): Promise<string> {
  try {
    return `gave ${(await run).length} characters`
  } catch (error) {
    if (error instanceof ExecutionError) return `${error.diagnostic.code} ${error.message}`
    throw error
  }
}

const ROWS = 'range x from 1 to 60000 step 1'
const NAME = 'strcat("a name of some length ", tostring(x))'

describe('a bound of 2 MB', () => {
  test.each([
    ['sort', `${ROWS} | extend s = ${NAME}, k = x % 1000 | sort by k, s asc`],
    ['top', `${ROWS} | extend s = ${NAME} | top 50000 by s`],
    ['summarize', `${ROWS} | summarize count(), make_list(x) by s = ${NAME}`],
    ['summarize', `${ROWS} | distinct s = ${NAME}`],
    [
      'join',
      `${ROWS} | extend s = ${NAME} | join kind=leftouter (${ROWS} | extend s = ${NAME}, y = x) on s`,
    ],
  ])('%s goes on outside of memory, or ends: %s', async (operator, text) => {
    const spill = new MemorySpill()
    const expected = await bounded(text, 2 ** 30, undefined)
    expect(await bounded(text, 2 ** 21, spill)).toBe(expected)
    expect(spill.files).toBeGreaterThan(2)
    expect(await messageOf(bounded(text, 2 ** 21, undefined))).toBe(
      `KQL300 The query keeps more than 2 MB in memory (in ${operator}).`,
    )
  })

  test.each([
    ['summarize', `${ROWS} | summarize make_list(${NAME})`],
    ['summarize', `${ROWS} | summarize make_set(${NAME}) by k = x % 2`],
    ['join', `print k = 1 | join kind=inner (${ROWS} | extend k = 1, s = ${NAME}) on k | count`],
    ['serialize', `${ROWS} | extend s = ${NAME} | serialize n = row_number() | where s == "" `],
    ['partition', `${ROWS} | extend s = ${NAME}, k = x % 3 | partition by k (top 1 by s)`],
    ['top-nested', `${ROWS} | top-nested of ${NAME} by sum(x)`],
    ['make-series', `${ROWS} | make-series count() on x from 1 to 60001 step 60000 by ${NAME}`],
    ['materialize', `let M = materialize(${ROWS} | extend s = ${NAME}); M | join M on s | count`],
  ])('%s ends where nothing can be put outside: %s', async (operator, text) => {
    expect(await messageOf(bounded(text, 2 ** 21, new MemorySpill()))).toBe(
      `KQL300 The query keeps more than 2 MB in memory (in ${operator}).`,
    )
  })

  test('holds for each operator, not for all of a plan that were done before', async () => {
    const stage =
      'summarize x = max(x) by k = x % 4000 | sort by k asc | serialize n = row_number()'
    const stages = Array.from({ length: 12 }, () => `${stage} | project x = k`).join(' | ')
    const text = `${ROWS} | ${stages} | count`
    expect(await bounded(text, 2 ** 21, undefined)).toBe('Count:long\n["4000n"]')
  })
})
