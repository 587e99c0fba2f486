import { describe, expect, it } from 'vitest'
import { executePlan } from '../../../src/engine/execution.ts'
import type { RunOptions } from '../../../src/index.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import type { ScanRequest, TableSource, TimeRange } from '../../../src/tables/source.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
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

describe('times near those of one side of a join', () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 2, 1) + minutes * 60_000).toISOString()
  const E: TestTable = {
    columns: { TimeGenerated: 'datetime', k: 'string' },
    rows: [
      [at(60), 'ann'],
      [null, 'bob'],
      [at(90), 'bob'],
    ],
  }
  const S: TestTable = {
    columns: { TimeGenerated: 'datetime', key: 'string' },
    rows: [
      [at(10), 'bob'],
      [at(95), 'bob'],
      [at(400), 'cy'],
      [null, 'cy'],
    ],
  }

  /** What a scan of a table is told of times, in minutes; the last tick counts. */
  async function timesOf(
    query: string,
    name: 'E' | 'S',
    bytesOf?: (rows: number) => number,
    without: RunOptions['without'] = [],
  ): Promise<readonly [number | undefined, number | undefined] | undefined> {
    const options = { tables: { E, S }, ...(bytesOf === undefined ? {} : { bytesOf }) }
    const { plan } = compileTest(query, options)
    if (plan === undefined) throw new Error(query)
    const { tables, ...execution } = executionOf(options)
    let times: TimeRange | undefined
    const inner = tables.get(name) as TableSource
    const watched: TableSource = {
      ...inner,
      schema: inner.schema,
      scan(request: ScanRequest, context) {
        times = request.partnerTimes
        return inner.scan(request, context)
      },
    }
    const sources = new Map([...tables, [name, watched]])
    for await (const _ of executePlan(plan, { ...execution, tables: sources, without }));
    if (times === undefined) return undefined
    expect(times.column).toBe('TimeGenerated')
    const minutes = (ticks: bigint | undefined, less: bigint) => {
      if (ticks === undefined) return undefined
      return Number(ticks - less - (parseDatetime(at(0)) as bigint)) / 600_000_000
    }
    return [minutes(times.from, 0n), minutes(times.to, 1n)]
  }

  const left = 'E | project t = TimeGenerated, k'
  const right = 'S | project u = TimeGenerated, key'
  const on = 'on $left.k == $right.key'
  /** E says that it is far smaller. */
  const few = (rows: number) => (rows === 3 ? 1 : 100)

  it('are what the streamed side is asked for, by the built one', async () => {
    const join = `${left} | join kind=inner (${right}) ${on}`
    expect(await timesOf(`${join} | where u between (t .. t + 30m)`, 'E')).toEqual([-20, 400])
    expect(await timesOf(`${join} | where u - t > -5m`, 'E')).toEqual([undefined, 405])
    expect(await timesOf(`${join} | where t - u > 1h`, 'E')).toEqual([70, undefined])
    const some = `${left} | join kind=inner (${right} | where key == "bob") ${on}`
    expect(await timesOf(`${some} | where u - t between (0m .. 30m)`, 'E')).toEqual([-20, 95])
  })

  it('are what the built side is asked for, by the streamed one that is read first', async () => {
    const near = 'where u - t between (-10m .. 30m)'
    for (const kind of ['inner', 'innerunique']) {
      const query = `${left} | join kind=${kind} (${right}) ${on} | ${near}`
      expect(await timesOf(query, 'S', few)).toEqual([50, 120])
    }
    // Without a key that is a column of the scan, too.
    const computed = `${left} | extend k = tolower(k) | join kind=inner (${right} | extend key = tolower(key)) ${on} | ${near}`
    expect(await timesOf(computed, 'S', few)).toEqual([50, 120])
  })

  it('say nothing where rows matter that are not near', async () => {
    // Of the left rows with a key it takes the first, though that may not be near.
    const near = 'where u - t between (0m .. 30m)'
    expect(
      await timesOf(`${left} | join kind=innerunique (${right}) ${on} | ${near}`, 'E'),
    ).toBeUndefined()
    expect(
      await timesOf(`${left} | join kind=leftouter (${right}) ${on} | ${near}`, 'E'),
    ).toBeUndefined()
    const one = `${left} | join kind=inner (${right} | take 1 | where isnull(u)) ${on} | ${near}`
    expect(await timesOf(one, 'E')).toBeUndefined()
    const other = `E | extend t = TimeGenerated + 1m | join kind=inner (${right}) ${on} | where u - t < 1m`
    expect(await timesOf(other, 'E')).toBeUndefined()
    const off = `${left} | join kind=inner (${right}) ${on} | ${near}`
    expect(await timesOf(off, 'E', undefined, ['runtime-filters'])).toBeUndefined()
  })
})
