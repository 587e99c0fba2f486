import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsSource } from '../../../src/tables/rows-source.ts'
import { SharedScans } from '../../../src/tables/shared-scans.ts'
import type { ScanContext, ScanRequest, TableSource } from '../../../src/tables/source.ts'
import { valueAt } from '../../../src/tables/vector.ts'

const CONTEXT: ScanContext = { batchSize: 3, report: () => undefined }

const schema = [
  { name: 'n', type: 'long' },
  { name: 's', type: 'string' },
  { name: 'd', type: 'dynamic' },
] as const

/** A table of ten rows that counts how often it is read. */
function table(): TableSource & { readonly reads: number } {
  const rows = Array.from({ length: 10 }, (_, n) => ({ n, s: `s${n % 3}`, d: { x: n % 4 } }))
  const source = rowsSource('T', rows, schema)
  return {
    schema: source.schema,
    reads: 0,
    async *scan(request: ScanRequest, context: ScanContext) {
      Object.assign(this, { reads: this.reads + 1 })
      yield* source.scan(request, context)
    },
  }
}

const n = { name: 'n', type: 'long', column: 'n' } as const
const s = { name: 's', type: 'string', column: 's' } as const
const x = { name: 'x', type: 'dynamic', column: 'd', path: ['x'] } as const
/** Another column under the name of one. */
const renamed = { name: 'n', type: 'string', column: 's' } as const

/** The rows of a scan, as many as are wanted, by columns in the request's order. */
async function read(source: TableSource, request: ScanRequest, most = 100): Promise<unknown[][]> {
  const rows: unknown[][] = []
  for await (const batch of source.scan(request, CONTEXT)) {
    expect(batch.schema.map(({ name }) => name)).toEqual(request.columns.map(({ name }) => name))
    const selected =
      request.filter === undefined ? batch.rows : request.filter.select(ofFilter(batch, request))
    for (const row of selected) rows.push(batch.columns.map(column => valueAt(column, row)))
    if (rows.length >= most) break
  }
  return rows.slice(0, most)
}

function ofFilter(
  batch: Parameters<NonNullable<ScanRequest['filter']>['select']>[0],
  { filter }: ScanRequest,
) {
  expect(filter?.columns).toEqual(['n'])
  const at = batch.schema.findIndex(({ name }) => name === 'n')
  return Object.assign(Object.create(Object.getPrototypeOf(batch) as object), batch, {
    schema: [batch.schema[at]],
    columns: [batch.columns[at]],
  }) as typeof batch
}

/** Rows whose n is even, or is a multiple of some other number. */
function multiplesOf(divisor: number): ScanRequest['filter'] {
  return {
    columns: ['n'],
    select: batch => {
      expect(batch.columns).toHaveLength(1)
      return batch.rows.filter(row => Number(valueAt(batch.columns[0]!, row)) % divisor === 0)
    },
  }
}

describe('queries that read side by side', () => {
  it('read a table once', async () => {
    const T = table()
    const scans = new SharedScans(3)
    const requests: ScanRequest[] = [
      { columns: [n, x] },
      { columns: [s] },
      { columns: [renamed, x] },
    ]
    const together = await Promise.all(
      requests.map(async (request, query) => {
        const rows = await read(scans.source(query, T), request)
        scans.end(query)
        return rows
      }),
    )
    expect(T.reads).toBe(1)
    for (const [query, request] of requests.entries()) {
      expect(together[query]).toEqual(await read(table(), request))
    }
  })

  it('wait for none that has ended, failed or reads something else', async () => {
    const [A, B] = [table(), table()]
    const scans = new SharedScans(4)
    const first = read(scans.source(0, A), { columns: [n] }).finally(() => scans.end(0))
    const second = (async () => {
      await read(scans.source(1, B), { columns: [n] })
      return read(scans.source(1, A), { columns: [s] })
    })().finally(() => scans.end(1))
    scans.end(2)
    const third = read(scans.source(3, A), { columns: [n] }, 1).finally(() => scans.end(3))
    expect(await first).toHaveLength(10)
    expect(await second).toHaveLength(10)
    expect(await third).toHaveLength(1)
    expect(B.reads).toBe(1)
    expect(A.reads).toBe(2)
  })

  it('read alone what they want while they are in a pass', async () => {
    const [A, B] = [table(), table()]
    const scans = new SharedScans(2)
    const nested = (async () => {
      const sizes: number[] = []
      for await (const batch of scans.source(0, A).scan({ columns: [n] }, CONTEXT)) {
        sizes.push(batch.rowCount, (await read(scans.source(0, B), { columns: [n] })).length)
      }
      return sizes
    })().finally(() => scans.end(0))
    const other = read(scans.source(1, A), { columns: [n] }).finally(() => scans.end(1))
    expect(await nested).toEqual([3, 10, 3, 10, 3, 10, 1, 10])
    expect(await other).toHaveLength(10)
  })

  it('all hear of an error of the source, and one alone of its own', async () => {
    const broken: TableSource = {
      schema,
      async *scan(_request, context) {
        context.report({ file: 'T', kind: 'record', message: 'bad' })
        yield* table().scan({ columns: [n] }, context)
        throw new Error('gone')
      },
    }
    const scans = new SharedScans(3)
    const reading = [0, 1].map(query =>
      read(scans.source(query, broken), { columns: [n] }).finally(() => scans.end(query)),
    )
    const strict = (async () => {
      const report = (): never => {
        throw new Error('strict')
      }
      for await (const _ of scans.source(2, broken).scan({ columns: [n] }, { ...CONTEXT, report }));
    })().finally(() => scans.end(2))
    await expect(strict).rejects.toThrow('strict')
    await expect(reading[0]).rejects.toThrow('gone')
    await expect(reading[1]).rejects.toThrow('gone')
  })

  it('get what each would get alone', async () => {
    const request = fc.record({
      columns: fc
        .subarray([n, s, x], { minLength: 1 })
        .map(columns => [n, ...columns.filter(column => column !== n)]),
      divisor: fc.constantFrom(undefined, 1, 2, 3, 20),
      most: fc.constantFrom(1, 4, 100),
      source: fc.nat({ max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(request, { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        async queries => {
          const tables = [table(), table(), table()]
          const scans = new SharedScans(queries.length)
          const run = async (
            pick: (source: TableSource) => TableSource,
            query: (typeof queries)[number],
          ) => {
            const all: unknown[][][] = []
            for (const { columns, divisor, most, source } of query) {
              const filter = divisor === undefined ? {} : { filter: multiplesOf(divisor) }
              all.push(
                await read(pick(tables[source]!), { columns, ...filter } as ScanRequest, most),
              )
            }
            return all
          }
          const together = await Promise.all(
            queries.map((query, number) =>
              run(source => scans.source(number, source), query).finally(() => scans.end(number)),
            ),
          )
          const alone = await Promise.all(queries.map(query => run(source => source, query)))
          expect(together).toEqual(alone)
        },
      ),
      { numRuns: 200 },
    )
  })
})
