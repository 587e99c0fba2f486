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

/** The keys that the scan of L gives, and the words that it is told of. */
async function scanned(query: string): Promise<{ keys: string[]; words: string[] }> {
  const options = { tables: { L, R } }
  const { plan } = compileTest(query, options)
  if (plan === undefined) throw new Error(query)
  const { tables, ...execution } = executionOf(options)
  const keys: string[] = []
  const words: string[] = []
  const inner = tables.get('L') as TableSource
  const watched: TableSource = {
    schema: inner.schema,
    async *scan(request: ScanRequest, context) {
      words.push(...(request.texts ?? []).flatMap(text => text.words))
      for await (const batch of inner.scan(request, context)) {
        const rows = request.filter === undefined ? batch.rows : askedRows(request, batch)
        const column = batch.columns[batch.schema.findIndex(({ name }) => name === 'k')]
        for (const row of rows) keys.push(column?.type === 'string' ? column.at(row) : '?')
        yield batch
      }
    },
  }
  const sources = new Map([...tables, ['L', watched]])
  for await (const _ of executePlan(plan, { ...execution, tables: sources }));
  return { keys, words }
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
