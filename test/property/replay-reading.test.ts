import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTable } from '../../src/api/table-input.ts'
import { compileQuery } from '../../src/engine/query.ts'
import { QueryResult } from '../../src/engine/result.ts'
import { type Feed, feedsOf } from '../../src/replay/feeds.ts'
import { type Loaded, loadTimelines } from '../../src/replay/load-timelines.ts'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import type { TableSource } from '../../src/tables/source.ts'
import { parseDatetime } from '../../src/types/datetime.ts'
import { expandingQuery, FILLER, needle, plainQuery, record, SCHEMA } from './log-lines.ts'

/** With a number of minutes, the law is tried for so long. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0 ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 } : { numRuns: 40 }

const catalog = Catalog.builtin().with({ T: SCHEMA })

const query = fc.oneof(
  plainQuery,
  expandingQuery,
  needle.map(v => `T | where s has "${v}" | summarize count() by tostring(d.x)`),
  fc
    .tuple(needle, needle)
    .map(
      ([a, b]) =>
        `T | where s has "${a}" | join kind=leftanti (T | where j has "${b}" and TimeGenerated > ago(1h)) on n`,
    ),
)

let folder = ''
let path = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kqlab-replay-'))
  path = join(folder, 'T.ndjson')
})
afterAll(() => rmSync(folder, { recursive: true }))

function feedsOfAll(queries: readonly string[]): Feed[] {
  return queries.flatMap((text, index) => {
    const { plan } = compileQuery(text, { catalog })
    if (plan === undefined) throw new Error(`${text} does not compile`)
    return feedsOf(plan, `rule ${index} feed `, () => 'TimeGenerated').feeds
  })
}

interface Read {
  readonly span: unknown
  /** The rows of each feed. */
  readonly rows: readonly unknown[]
  /** How many records were not looked at. */
  readonly unexamined: number
}

async function read(
  feeds: readonly Feed[],
  source: TableSource,
  leavesOut: boolean,
): Promise<Read> {
  let unexamined = 0
  const count = (records: number): void => {
    unexamined += records
  }
  const options = {
    timeOf: () => 'TimeGenerated',
    arrivalOf: () => undefined,
    delay: 0n,
    report: () => undefined,
    ...(leavesOut ? { unexamined: count } : {}),
  }
  const loaded = await loadTimelines(feeds, new Map([['T', source]]), options)
  const rows = []
  for (const { id } of feeds) rows.push(await rowsOf(loaded, id))
  return { span: loaded.spans.get('T'), rows, unexamined }
}

async function rowsOf({ timelines }: Loaded, id: string): Promise<unknown> {
  const timeline = timelines.get(id)
  if (timeline === undefined) throw new Error(`nothing of ${id}`)
  const table = timeline.source(timeline.window({ from: undefined, to: undefined }, undefined))
  const columns = table.schema.map(({ name, type }) => ({ name, type, column: name }))
  const batches: ColumnBatch[] = []
  const context = { batchSize: 1000, report: () => undefined }
  for await (const batch of table.scan({ columns }, context)) batches.push(batch)
  return new QueryResult(table.schema, batches, []).rows()
}

/** What is read with lines left out and without, by as many threads. */
async function bothWays(lines: readonly string[], queries: readonly string[]): Promise<Read[]> {
  writeFileSync(path, lines.join('\n'))
  const feeds = feedsOfAll(queries)
  const source = await openTable('T', { path, schema: SCHEMA }, catalog, true)
  return [await read(feeds, source, true), await read(feeds, source, false)]
}

const timed = (time: string, more = ''): string => `{"TimeGenerated":"${time}","n":1${more}}`

describe('reading for a replay', () => {
  it('leaves lines out without a change of rows, nor of the first and the last time', {
    timeout: minutes * 60_000 + 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(record, fc.integer({ min: 0, max: FILLER.length })), {
          minLength: 10,
          maxLength: 40,
        }),
        fc.array(query, { minLength: 1, maxLength: 3 }),
        async (records, queries) => {
          const lines = [...FILLER]
          for (const [line, at] of records) lines.splice(at, 0, line)
          const [some, all] = await bothWays(lines, queries)
          expect([queries, some?.span, some?.rows]).toEqual([queries, all?.span, all?.rows])
        },
      ),
      limit,
    )
  })

  const FIRST = '2026-01-01T00:00:00Z'
  const LAST = '2026-04-01T00:00:00Z'
  const FOUND = timed('2026-02-03T00:00:00Z', ',"s":"a needle"')

  it.each<[string, string[], string[], readonly [string, string], boolean]>([
    ['begins and ends with the times', [timed(FIRST)], [timed(LAST)], [FIRST, LAST], true],
    [
      'has several rows of the first and the last second',
      [timed('2026-01-01T00:00:00.5Z'), timed('2026-01-01T00:00:00.25Z')],
      [timed('2026-04-01T00:00:00.75Z'), timed(LAST)],
      ['2026-01-01T00:00:00.25Z', '2026-04-01T00:00:00.75Z'],
      true,
    ],
    // What seemed to be the last time is none: the last one may be in any line then.
    [
      'ends with a time in what is no record',
      [timed(FIRST)],
      [timed(LAST, ',"s":'), ''],
      [FIRST, '2026-02-09T09:00:00.1234567Z'],
      false,
    ],
    [
      'begins with one that is inside of a column',
      [`{"d":{"TimeGenerated":"${FIRST}"}}`],
      [timed(LAST)],
      ['2026-02-01T00:00:00.1234567Z', LAST],
      false,
    ],
  ])('of a file that %s', async (_, before, behind, [first, last], leavesOut) => {
    const lines = [...before, ...FILLER, ...behind]
    // Where no sample is.
    lines.splice(3600, 0, FOUND)
    const found = await bothWays(lines, ['T | where s has "needle" | project n, s'])
    for (const { span, rows } of found) {
      expect(span).toEqual({ first: parseDatetime(first), last: parseDatetime(last) })
      expect(rows).toEqual([[expect.arrayContaining([1n, 'a needle'])]])
    }
    const [some, all] = found.map(({ unexamined }) => unexamined)
    expect(all).toBe(0)
    if (leavesOut) expect(some).toBeGreaterThan(10_000)
    else expect(some).toBe(0)
  })

  it('is done once where words would leave out hardly anything', async () => {
    // What seems to be the first time is none.
    const lines = [`{"d":{"TimeGenerated":"${FIRST}"}}`, ...FILLER, timed(LAST)]
    writeFileSync(path, lines.join('\n'))
    const inner = await openTable('T', { path, schema: SCHEMA }, catalog, true)
    let scans = 0
    const source: TableSource = {
      schema: inner.schema,
      scan(request, context) {
        scans++
        return inner.scan(request, context)
      },
    }
    // Each line of the filler has the word.
    const { rows, unexamined } = await read(
      feedsOfAll(['T | where d has "list" and n < 0']),
      source,
      true,
    )
    expect([scans, unexamined]).toEqual([1, 0])
    expect(rows).toEqual([[]])
  })
})
