import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareOver } from '../../../src/api/prepare.ts'
import { openTable } from '../../../src/api/table-input.ts'
import { Catalog, type RunOptions } from '../../../src/index.ts'
import { scanThreads } from '../../../src/node/scan-threads.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import { RecordReader } from '../../../src/tables/json/record-reader.ts'
import { scanPieces } from '../../../src/tables/json/scan-pieces.ts'
import { type PieceThread, sharedPieces } from '../../../src/tables/json/shared-pieces.ts'
import type { TableSource } from '../../../src/tables/source.ts'
import { valueAt } from '../../../src/tables/vector.ts'

const LINES = 160_000
const LONG = 'x'.repeat(9_000_000)

/** A line of some 230 bytes, or one that is odd. */
function lineOf(number: number): string {
  if (number % 40_000 === 17) return `{"n":${number},"s":"cut o`
  if (number % 50_000 === 23) return ''
  if (number === 90_000) return JSON.stringify({ n: number, s: LONG, d: { x: 'needle' } })
  const at = new Date(Date.UTC(2026, 2, 1) + number * 1000).toISOString()
  const text = number % 1000 === 5 ? 'a Needle' : number % 1000 === 6 ? 'a n\\u0065edle' : 'hay'
  const real = number % 7 === 0 ? `${number}.0` : `${number}`
  return (
    `{"TimeGenerated":"${at}","n":${number},"s":"${text}","g":"g${number % 50}",` +
    `"d":{"x":"${text}","r":${real},"list":[${number % 3},"${'·'.repeat(30)}"]},` +
    `"e":${elements(number)},"pad":"${'-'.repeat(40)}"}` +
    (number % 11 === 0 ? '\r' : '')
  )
}

/** Elements with members that repeat, that do not, and that are missing; at times something else. */
function elements(number: number): string {
  if (number % 97 === 0) return '{"k":"a bag"}'
  if (number % 89 === 0) return 'null'
  return `[{"k":"k${number % 5}","v":{"w":${number}}},{"v":"v${number}"},"s"]`
}

const schema = {
  TimeGenerated: 'datetime',
  n: 'long',
  s: 'string',
  g: 'string',
  d: 'dynamic',
  e: 'dynamic',
} as const

const COLUMNS: Readonly<Record<string, 'datetime' | 'long' | 'string' | 'dynamic'>> = schema

let folder = ''
let path = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kqlab-threads-'))
  path = join(folder, 'T.ndjson')
  writeFileSync(path, Array.from({ length: LINES }, (_, number) => lineOf(number)).join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const warnings: string[] = []
const hear = (warning: Error): void => void warnings.push(warning.message)
beforeAll(() => void process.on('warning', hear))
afterAll(() => {
  process.off('warning', hear)
  // No thread failed, which rows alone would not tell.
  expect(warnings).toEqual([])
})

/** Rows and problems of a query over the file; what was not examined apart. */
async function run(query: string, options: RunOptions, columns: typeof COLUMNS = schema) {
  const catalog = Catalog.builtin().with({ T: columns })
  const source = await openTable('T', { path, schema: columns }, catalog, true)
  const shared: TableSource = {
    schema: source.schema,
    // The file is small enough to be read by one thread, whatever is asked for.
    scan: (request, context) => source.scan(request, { ...context, leastShared: 0 }),
  }
  const now = '2026-03-02T00:00:00Z'
  const prepared = prepareOver(query, { catalog })
  const result = await prepared.runOver(new Map([['T', shared]]), { now, ...options })
  const problems = result.diagnostics.filter(({ code }) => code === 'KQL202')
  const notes = result.diagnostics.filter(({ code }) => code === 'KQL212')
  return { rows: result.rows(), problems: problems.map(({ message }) => message), notes }
}

const QUERIES = [
  'T | where s has "needle" | project n, x = d.x',
  'T | where TimeGenerated between (datetime(2026-03-01T20:00:00Z) .. datetime(2026-03-01T20:01:00Z)) | project n',
  'T | summarize count(), sum(n), take_any(s), rs = make_set(tostring(d.r), 5) by g',
  'T | where d.x =~ "a needle" | mv-expand item = d.list | summarize count() by tostring(item)',
  'T | where n > 89990 and n < 90010 | project n, strlen(s), d',
  'T | mv-expand e | extend k = tostring(e.k) | summarize count(), dcount(tostring(e.v)), sum(tolong(e.v.w)) by k',
  'T | where n % 1000 < 3 | mv-expand with_itemindex=i e | project n, i, e.k, e.v.w',
  'T | take 12 | project n',
]

describe('a file that several threads read', () => {
  it.each(QUERIES)('gives the same as one that is read by one: %s', async query => {
    const plain = await run(query, { without: ['kernel', 'literals', 'time-ranges'] })
    expect(plain.rows.length).toBeGreaterThan(0)
    for (const threads of [1, 2, 3]) {
      const { rows, problems, notes } = await run(query, { threads })
      expect(rows).toEqual(plain.rows)
      // What is cut off is met, whatever is left out.
      expect(problems).toEqual(plain.problems)
      expect(notes.length).toBe(query.includes('needle') || query.includes('between') ? 1 : 0)
    }
  })

  it('has no faults of values in rows that do not matter', async () => {
    // No text of the column is a number.
    const columns = { ...schema, g: 'long' } as const
    const query = 'T | where n % 40000 == 3 | project n, g'
    const alone = await run(query, {}, columns)
    expect(alone.problems).toContainEqual(
      expect.stringContaining('is no long. (and 1 more like it)'),
    )
    for (let round = 0; round < 3; round++) {
      const { rows, problems } = await run(query, { threads: 3 }, columns)
      expect([rows, problems]).toEqual([alone.rows, alone.problems])
    }
  })

  it('has the same faults of values that a filter looks at, whether words are looked for first', async () => {
    // No text of the column is a number, and few rows have the word.
    const columns = { ...schema, g: 'long' } as const
    const query = 'T | where isnull(g) and n % 3 == 1 | parse-where s with * "Need" x | project n'
    const alone = await run(query, {}, columns)
    expect(alone.rows.length).toBeGreaterThan(0)
    for (let round = 0; round < 3; round++) {
      const { rows, problems } = await run(query, { threads: 3 }, columns)
      expect([rows, problems]).toEqual([alone.rows, alone.problems])
    }
    await expect(run(query, { strict: true }, columns)).rejects.toThrow('is no long')
    await expect(run(query, { strict: true, threads: 3 }, columns)).rejects.toThrow('is no long')
  })

  it('is examined whole where faults are errors', async () => {
    await expect(run('T | where s has "needle"', { threads: 2, strict: true })).rejects.toThrow(
      /T\.ndjson:18: record skipped/,
    )
  })

  it('may be read while other scans are, batch by batch', async () => {
    // Of the first one all pieces are claimed while rows of its second segment are taken.
    const files = ['first', 'second'].map((name, at) => {
      const file = join(folder, `${name}.ndjson`)
      const lines = Array.from(
        { length: at === 0 ? 360_000 : 120_000 },
        (_, n) => `{"n":${n},"s":"${name} ${n % 1000}","pad":"${'-'.repeat(60)}"}`,
      )
      writeFileSync(file, lines.join('\n'))
      return file
    })
    const [first = '', second = ''] = files
    const isRight = (rows: readonly unknown[][], name: string) =>
      rows.every(([n, s], at) => n === BigInt(at) && s === `${name} ${at % 1000}`)
    const source = async (file: string) =>
      openTable('T', { path: file, schema }, Catalog.builtin().with({ T: schema }), true)
    const scanOf = async (file: string) => {
      const columns = [
        { name: 'n', type: 'long', column: 'n' },
        { name: 's', type: 'string', column: 's' },
      ] as const
      const context = { batchSize: 500, report: () => undefined, threads: 3, leastShared: 0 }
      return (await source(file)).scan({ columns }, context)[Symbol.asyncIterator]()
    }
    const rowsIn = (batch: ColumnBatch) =>
      Array.from(batch.rows, row => batch.columns.map(column => valueAt(column, row)))
    // A scan may last while many begin and end.
    const slow = await scanOf(first)
    const read: unknown[][] = []
    for (let round = 0; ; round++) {
      const step = await slow.next()
      if (step.done === true) break
      read.push(...rowsIn(step.value))
      if (round % 100 !== 0) continue
      const quick: unknown[][] = []
      for (const scan = await scanOf(second); ; ) {
        const next = await scan.next()
        if (next.done === true) break
        quick.push(...rowsIn(next.value))
      }
      expect(quick.length).toBe(120_000)
      expect(isRight(quick, 'second')).toBe(true)
    }
    expect(read.length).toBe(360_000)
    expect(isRight(read, 'first')).toBe(true)
  })

  it('is left to this thread where another file is at its path', async () => {
    const said = new Promise<string>(resolve =>
      process.once('warning', ({ message }) => resolve(message)),
    )
    let thread: PieceThread | undefined
    // Those that are about to end the scan before are none yet.
    for (; thread === undefined; await new Promise(resolve => setImmediate(resolve))) {
      ;[thread] = scanThreads({ path, identity: 'of another file' }, 1)
    }
    const bytes = readFileSync(path)
    const text = {
      size: bytes.length,
      read: (into: Uint8Array, position: number) => {
        const part = bytes.subarray(position, position + into.length)
        into.set(part)
        return part.length
      },
    }
    const column = { name: 'n', type: 'long', column: 'n' } as const
    const from = { name: 'n', type: 'long', candidates: [['n']] } as const
    const context = { batchSize: 1000, report: () => undefined }
    const reader = new RecordReader([column], [from], context, { file: 'T' })
    const pieces = sharedPieces(text, [thread], reader, undefined)
    if (pieces === undefined) throw new Error('there is no room')
    expect(await said).toContain(`Another file is at ${path} now.`)
    const wanted = { kernel: true, filter: undefined, unexamined: () => undefined }
    let rows = 0
    for await (const batch of scanPieces(pieces, reader, wanted)) rows += batch.rowCount
    // Four lines are cut off, and four are empty.
    expect(rows).toBe(LINES - 8)
    warnings.length = 0
  })

  it('ends early, again and again, and by its signal', async () => {
    for (let round = 0; round < 3; round++) {
      const { rows } = await run('T | where n >= 40 | take 1 | project n', { threads: 3 })
      expect(rows).toEqual([[40n]])
    }
    const controller = new AbortController()
    controller.abort()
    await expect(
      run('T | summarize count() by g', { threads: 3, signal: controller.signal }),
    ).rejects.toThrow(/cancelled/)
    const [a, b] = await Promise.all([
      run('T | summarize count() by g', { threads: 2 }),
      run('T | summarize count() by g', { threads: 2 }),
    ])
    expect(a.rows).toEqual(b.rows)
  })
})
