import { expect, it } from 'vitest'
import { type ExecutionOptions, executePlan } from '../../../src/engine/execution.ts'
import { QueryResult } from '../../../src/engine/result.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import { type TableSource, TECHNIQUES } from '../../../src/tables/source.ts'
import { MemorySpill } from './memory-spill.ts'
import { compileTest, executionOf, rowsOf, type TestTable } from './run-query.ts'

const T: TestTable = {
  columns: { k: 'string', what: 'string', n: 'long' },
  rows: [
    ['ann', 'sign in', 1],
    ['bob', 'sign in', 2],
    ['bob', 'reset password', 3],
    ['cy', 'sign in', 4],
    ['ann', 'reset password', 5],
    ['dan', 'reset password', 6],
  ],
}
const options = { tables: { T } }

/** The rows of a query, and how often it reads T. */
async function read(
  query: string,
  own: Partial<ExecutionOptions> = {},
): Promise<{ rows: readonly unknown[][]; scans: number }> {
  const { plan } = compileTest(query, options)
  if (plan === undefined) throw new Error(query)
  const { tables, ...execution } = executionOf(options)
  const inner = tables.get('T') as TableSource
  let scans = 0
  const counted: TableSource = {
    schema: inner.schema,
    scan(request, context) {
      scans++
      return inner.scan(request, context)
    },
  }
  const sources = new Map([['T', counted]])
  const batches: ColumnBatch[] = []
  const run = executePlan(plan, { ...execution, batchSize: 2, ...own, tables: sources })
  for await (const batch of run) batches.push(batch)
  return { rows: new QueryResult(plan.schema, batches, []).rows(), scans }
}

const ANTI =
  'T | where what == "reset password" | project k, n | join kind=leftanti (T | where what has "sign" and n < 4) on k'

it.each<[string, unknown[][], number]>([
  // All rows of the streamed side may count: they are read with the other's.
  [ANTI, [['dan', 6n]], 1],
  [
    'T | where n < 3 | distinct k | join kind=rightanti (T | where n > 3 | project k, n) on k',
    [
      ['cy', 4n],
      ['dan', 6n],
    ],
    1,
  ],
  [
    'T | where n > 4 | project k | join kind=leftouter (T | where n < 4 | summarize Sum = sum(n) by k) on k | project k, Sum',
    [
      ['ann', 1n],
      ['dan', null],
    ],
    1,
  ],
  // Keys may leave out most of what the streamed side would read.
  [
    'T | where n > 4 | project k | join kind=inner (T | where n < 3 | project k, n) on k | project k, n',
    [['ann', 1n]],
    2,
  ],
  // But not where words of its own leave out most as well.
  [
    'T | where what has "password" | project k, n | join kind=inner (T | where what has "sign" and n < 2 | project k) on k | project k, n',
    [['ann', 5n]],
    1,
  ],
  // Nothing says which rows the streamed side wants: all of them.
  ['T | project k | join kind=leftanti (T | where n < 6 | project k) on k', [['dan']], 2],
  // The built side stops before it has read all.
  [
    'T | where n > 2 | project k, n | join kind=leftanti (T | where n > 1 | take 1 | project k) on k',
    [
      ['cy', 4n],
      ['ann', 5n],
      ['dan', 6n],
    ],
    2,
  ],
  // Three sides: the second join reads for the first, which reads for the last.
  [
    'T | where n > 2 | project k, n | join kind=leftanti (T | where n < 5 | project k | join kind=leftanti (T | where n == 1 | project k) on k) on k',
    [
      ['ann', 5n],
      ['dan', 6n],
    ],
    1,
  ],
])('%s', async (query, rows, scans) => {
  expect(await read(query)).toEqual({ rows, scans })
  expect((await read(query, { without: TECHNIQUES })).rows).toEqual(rows)
  // Run as bound, row by row, node by node, and with hardly any memory.
  await rowsOf(query, options)
})

it('rows that are too many to be kept are read in their turn', async () => {
  const expected = [['dan', 6n]]
  const openSpill = (): MemorySpill => new MemorySpill()
  expect(await read(ANTI, { maxMemory: 100, openSpill })).toEqual({ rows: expected, scans: 2 })
})

it('is not done where it is not to be used', async () => {
  expect((await read(ANTI, { without: ['shared-scans'] })).scans).toBe(2)
})

it('rows that are kept ahead are never what is too much', async () => {
  // Of the streamed side more than the limit of rows; of the built side one, and one of the result.
  const query =
    'T | where n > 1 | project k, n | join kind=leftanti (T | where n == 4 | project k) on k | count'
  expect(await read(query, { maxRows: 2 })).toEqual({ rows: [[4n]], scans: 1 })
  const rows = Array.from({ length: 2000 }, (_, n) => [`k${n}`, n < 300 ? 'now' : 'before', n])
  const many = { tables: { T: { ...T, rows } } }
  const built =
    'T | where what == "before" | sort by n asc | extend r = row_number() | where r == 1'
  const { plan } = compileTest(
    `T | where what == "now" | join kind=leftanti (${built}) on k | count`,
    many,
  )
  if (plan === undefined) throw new Error('it does not compile')
  const ends = async (own: Partial<ExecutionOptions>): Promise<boolean> => {
    const run = executePlan(plan, { ...executionOf(many), batchSize: 50, ...own })
    return run.next().then(
      () => true,
      () => false,
    )
  }
  for (let maxMemory = 2 ** 17; maxMemory < 2 ** 20; maxMemory += 2 ** 14) {
    const alone = await ends({ maxMemory, without: ['shared-scans'] })
    expect([maxMemory, await ends({ maxMemory })]).toEqual([maxMemory, alone])
  }
})

/** True of the rows with such a number; a fault where it is as large as that or larger, which names the side. */
function faulty(most: number, side: number): string {
  const elements = `range(1, iff(n < ${most}, 1, ${2 ** 15}), 1)`
  return `array_length(series_fir(${elements}, repeat(1, ${2 ** 14 + side}))) > 0`
}

it('a fault of the streamed side is met in its turn', async () => {
  // In the first batch of the one side, in the last of the other.
  const query = `T | where ${faulty(2, 1)} | join kind=leftanti (T | where ${faulty(6, 2)}) on k`
  await expect(read(query)).rejects.toThrow('A filter of 16386')
  const late = `T | where ${faulty(2, 1)} | join kind=leftanti (T | where n < 6) on k`
  await expect(read(late)).rejects.toThrow('A filter of 16385')
})

it('a fault that is met before there are rows is that of the built side', async () => {
  const failing = (side: string): string => `assert(now() < datetime(2000-01-01), "${side}")`
  const query = `T | where ${failing('streamed')} | join kind=leftanti (T | where ${failing('built')}) on k`
  await expect(read(query)).rejects.toThrow("'built'")
  const late = `T | where ${failing('streamed')} | join kind=leftanti (T | where n < 6) on k`
  await expect(read(late)).rejects.toThrow("'streamed'")
  const subquery = `toscalar(T | where ${failing('subquery')} | count)`
  const third = `T | where n > ${subquery} | join kind=leftanti (T | where ${failing('built')}) on k`
  await expect(read(third)).rejects.toThrow("'built'")
})
