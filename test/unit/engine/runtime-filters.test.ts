import { describe, expect, it } from 'vitest'
import { executePlan } from '../../../src/engine/execution.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import type { ScanRequest, TableSource } from '../../../src/tables/source.ts'
import { compileTest, executionOf, type TestTable } from './run-query.ts'

const L: TestTable = {
  columns: { k: 'string', n: 'long', d: 'dynamic' },
  rows: [
    ['ann', 1, { x: 1 }],
    ['bob', 2, { x: 2 }],
    ['cy', 3, { x: 1 }],
    ['', 4, null],
  ],
}
const R: TestTable = {
  columns: { key: 'string', m: 'long' },
  rows: [
    ['needle@ann', 1],
    ['bob', 2],
    ['bob', 5],
  ],
}

/** What the scan of a table gives of the column `k` or `key`, and what it is told of. */
interface Scanned {
  readonly keys: string[]
  readonly words: string[]
  /** Whether no row was wanted. */
  isNever: boolean
}

/** What a query scans of L, or of another table. Tables say their size where it is given. */
async function scanned(
  query: string,
  name: 'L' | 'R' = 'L',
  bytesOf?: (rows: number) => number,
): Promise<Scanned> {
  const options = { tables: { L, R }, ...(bytesOf === undefined ? {} : { bytesOf }) }
  const { plan } = compileTest(query, options)
  if (plan === undefined) throw new Error(query)
  const { tables, ...execution } = executionOf(options)
  const seen: Scanned = { keys: [], words: [], isNever: false }
  const { keys, words } = seen
  const inner = tables.get(name) as TableSource
  const watched: TableSource = {
    ...inner,
    schema: inner.schema,
    async *scan(request: ScanRequest, context) {
      words.push(...(request.texts ?? []).flatMap(text => text.words))
      seen.isNever = request.filter?.isNever === true
      for await (const batch of inner.scan(request, context)) {
        const rows = request.filter === undefined ? batch.rows : askedRows(request, batch)
        const column = batch.columns[batch.schema.findIndex(({ name }) => /^k(ey)?$/.test(name))]
        for (const row of rows) keys.push(column?.type === 'string' ? column.at(row) : '?')
        yield batch
      }
    },
  }
  const sources = new Map([...tables, [name, watched]])
  for await (const _ of executePlan(plan, { ...execution, tables: sources }));
  return seen
}

function askedRows({ filter }: ScanRequest, batch: ColumnBatch): Uint32Array {
  return filter === undefined ? batch.rows : filter.select(batch.compact())
}

describe('keys of one side of a join filter the scan of the other', () => {
  it.each<[string, string[]]>([
    ['L | project k | join kind=inner (R | where m < 9) on $left.k == $right.key', ['bob']],
    ['L | project k | join kind=innerunique R on $left.k == $right.key', ['bob']],
    ['L | project k | join kind=leftsemi R on $left.k == $right.key', ['bob']],
    ['L | project k | join kind=rightouter R on $left.k == $right.key', ['bob']],
    ['L | project k | where k != "bob" | join kind=inner R on $left.k == $right.key', []],
    // Rows without a partner count here.
    ['L | project k | join kind=leftouter R on $left.k == $right.key', ['ann', 'bob', 'cy', '']],
    ['L | project k | join kind=leftanti R on $left.k == $right.key', ['ann', 'bob', 'cy', '']],
    ['L | project k | join kind=fullouter R on $left.k == $right.key', ['ann', 'bob', 'cy', '']],
    // Which rows there are decides what these are.
    [
      'L | project k | take 3 | join kind=inner R on $left.k == $right.key',
      ['ann', 'bob', 'cy', ''],
    ],
    [
      'L | project k | serialize r = row_number() | join kind=inner R on $left.k == $right.key',
      ['ann', 'bob', 'cy', ''],
    ],
    // What is compared is no column of the scan.
    [
      'L | project k | extend u = tolower(k) | join kind=inner R on $left.u == $right.key',
      ['ann', 'bob', 'cy', ''],
    ],
  ])('%s', async (query, keys) => {
    expect((await scanned(query)).keys).toEqual(keys)
  })

  it('and few keys are words to look for', async () => {
    const on = 'on $left.k == $right.key'
    const query = `L | join kind=inner (R | where m == 1) ${on}`
    expect((await scanned(query)).words).toEqual(['needle'])
    // A short key may be anywhere.
    expect((await scanned(`L | join kind=inner R ${on}`)).words).toEqual([])
  })
})

describe('the side of a join that is streamed is read first where it is the smaller one', () => {
  const on = 'on $left.k == $right.key'
  /** L has more rows, and says that it is smaller. */
  const few = (rows: number) => 4 ** -rows
  const two = 'L | where n < 3 | project k'
  const all = ['needle@ann', 'bob', 'bob']

  it.each<[string, string[]]>([
    [`${two} | join kind=inner R ${on}`, ['bob', 'bob']],
    [`${two} | join kind=innerunique (R | where m > 1) ${on}`, ['bob', 'bob']],
    [`${two} | join kind=leftouter R ${on}`, ['bob', 'bob']],
    [`${two} | join kind=leftsemi R ${on}`, ['bob', 'bob']],
    [`${two} | join kind=leftanti R ${on}`, ['bob', 'bob']],
    // Rows of it without a partner count here.
    [`${two} | join kind=rightouter R ${on}`, all],
    [`${two} | join kind=fullouter R ${on}`, all],
    // What is compared is no column of the scan.
    [`${two} | join kind=inner (R | extend key = tolower(key)) ${on}`, all],
    // Keys of a join are no columns of one scan.
    [`${two} | join kind=inner (R | join kind=inner R on key) ${on}`, [...all, ...all]],
  ])('%s', async (query, keys) => {
    expect((await scanned(query, 'R', few)).keys).toEqual(keys)
  })

  it('and in its turn where no size is known, or it is the larger one', async () => {
    const query = `${two} | join kind=inner R ${on}`
    expect((await scanned(query, 'R')).keys).toEqual(all)
    expect((await scanned(query, 'R', rows => rows)).keys).toEqual(all)
    // One that is nearly as large has as many keys.
    expect((await scanned(query, 'R', rows => 20 - rows)).keys).toEqual(all)
  })

  it('and rows without any key are not wanted at all', async () => {
    const none = 'L | where n > 9 | project k'
    expect((await scanned(`${none} | join kind=inner R ${on}`, 'R', few)).isNever).toBe(true)
    expect((await scanned(`${none} | join kind=fullouter R ${on}`, 'R', few)).isNever).toBe(false)
    expect((await scanned(`L | join kind=inner (R | where m > 9) ${on}`)).isNever).toBe(true)
    expect((await scanned(`L | join kind=leftouter (R | where m > 9) ${on}`)).isNever).toBe(false)
  })

  it('unless it has more rows than are read ahead', async () => {
    const many = `range x from 1 to 70000 step 1 | extend k = iff(x == 1, 'bob', 'cy')`
    const query = (where: string) => `${many} ${where} | join kind=inner R ${on}`
    expect((await scanned(query('| where x < 9'), 'R', few)).keys).toEqual(['bob', 'bob'])
    expect((await scanned(query(''), 'R', few)).keys).toEqual(all)
  })
})
