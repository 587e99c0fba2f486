import { describe, expect, it } from 'vitest'
import { ExecutionError, executePlan } from '../../../src/engine/execution.ts'
import { KqlError, prepare, query } from '../../../src/index.ts'
import type { TableSource } from '../../../src/tables/source.ts'
import { compileTest, rowsOf, runPlan, type TestOptions } from './run-query.ts'

/** The fault that ends a run; undefined where there is none. */
async function diagnosticOf(text: string, options: TestOptions) {
  const { plan, diagnostics } = compileTest(text, options)
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics))
  try {
    await runPlan(plan, options)
  } catch (error) {
    if (error instanceof ExecutionError) return error.diagnostic
    throw error
  }
  return undefined
}

/** The code of the fault that ends a run. */
async function faultOf(text: string, options: TestOptions): Promise<string> {
  return (await diagnosticOf(text, options))?.code ?? 'none'
}

/** Queries that would take hours. */
const ENDLESS = [
  'range x from 1 to 1000000000000 step 1 | where x < 0',
  'range x from 1 to 1000000000000 step 1 | count',
  'range x from 0.0 to 1e15 step 1.0 | summarize sum(x)',
  'range x from 1 to 1000000000000 step 1 | where x in (range y from 1 to 3 step 1)  | where x > 5',
  'range x from 1 to 1000000000000 step 1 | top 3 by x asc',
  'print x = toscalar(range y from 1 to 1000000000000 step 1 | where y < 0)',
  'let M = materialize(range x from 1 to 1000000000000 step 1 | where x < 0); union M, M',
  'let n = range x from 1 to 100000 step 1 | extend k = 1; n | join kind=inner (n) on k | where x + x1 < 0',
  'let n = range x from 1 to 100000 step 1 | extend k = 1; n | join kind=inner (n) on k | count',
  'range x from 1 to 8000 step 1 | mv-expand y = range(1, 1000000, 1) | where y < 0',
  'range x from 1 to 1000000000000 step 1 | mv-expand y = dynamic([1, 2]) | where x < 0',
]

describe('a cancelled run', () => {
  it.each(ENDLESS)('%s ends soon after the signal', async text => {
    const controller = new AbortController()
    const ending = faultOf(text, { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    expect(await ending).toBe('KQL301')
  })

  it('does not start where the signal came before', async () => {
    const signal = AbortSignal.abort()
    expect(await faultOf('print 1', { signal })).toBe('KQL301')
    expect(await faultOf(ENDLESS[0] as string, { signal })).toBe('KQL301')
  })

  it('ends as cancelled where a source notices it first', async () => {
    const controller = new AbortController()
    const reasons = [controller.signal, Object.assign(new Error('aborted'), { name: 'AbortError' })]
    for (const reason of reasons) {
      const source: TableSource = {
        schema: [{ name: 'x', type: 'long' }],
        async *scan(_, { signal }) {
          controller.abort()
          if (reason === controller.signal) signal?.throwIfAborted()
          else throw reason
          yield* []
        },
      }
      const tables = { T: { columns: { x: 'long' }, rows: [] } } as const
      const { plan } = compileTest('T', { tables })
      if (plan === undefined) throw new Error('does not compile')
      const { signal } = controller
      const run = executePlan(plan, { now: 0n, tables: new Map([['T', source]]), signal })
      await expect(run.next()).rejects.toMatchObject({ diagnostic: { code: 'KQL301' } })
    }
  })

  it('another error of a source stays what it is', async () => {
    const source: TableSource = {
      schema: [],
      async *scan() {
        yield* []
        throw new Error('the disk is on fire')
      },
    }
    const { plan } = compileTest('T', { tables: { T: { columns: {}, rows: [] } } })
    if (plan === undefined) throw new Error('does not compile')
    const { signal } = new AbortController()
    const run = executePlan(plan, { now: 0n, tables: new Map([['T', source]]), signal })
    await expect(run.next()).rejects.toThrow('the disk is on fire')
  })

  it('rejects with a KqlError at the API', async () => {
    const signal = AbortSignal.abort()
    for (const run of [
      query('range x from 1 to 9 step 1', { signal }),
      prepare('range x from 1 to 9 step 1').run({ signal }),
      query('T', { signal, tables: { T: [{ x: 1 }] } }),
      prepare('range x from 1 to 9 step 1').batches({ signal }).next(),
    ]) {
      const error = await run.then(
        () => undefined,
        reason => reason as unknown,
      )
      expect(error).toBeInstanceOf(KqlError)
      expect((error as KqlError).diagnostics).toMatchObject([{ code: 'KQL301' }])
    }
  })
})

describe('the limit on rows', () => {
  const R = 'range x from 1 to 100 step 1'

  it.each([
    ['T | sort by x | extend y = prev(x)', 'sort by x'],
    ['T | serialize r = row_number() | summarize sum(r), count()', 'serialize r = row_number()'],
    ['T | summarize count() by x | project n = 1', 'summarize count() by x'],
    ['let M = materialize(T | where x > 0); M | count', 'materialize(T | where x > 0)'],
    [
      'T | join kind=inner (T | extend y = 1) on x | count',
      'join kind=inner (T | extend y = 1) on x',
    ],
  ])('ends at the operator that keeps too much: %s', async (text, place) => {
    const rows = `let T = range x from 1 to 100 step 1; ${text}`
    const span = (await diagnosticOf(rows, { maxRows: 50 }))?.span
    expect(rows.slice(span?.start, span?.end)).toBe(place)
  })

  it.each([
    `${R} | sort by x`,
    `${R} | summarize count() by x`,
    `${R} | distinct x`,
    `${R} | join kind=inner (${R}) on x`,
    `${R} | join kind=leftanti (${R}) on x`,
    `let M = materialize(${R}); M | count`,
    `${R} | as V | count`,
    `${R} | serialize n = row_number() | summarize max(n)`,
    `print 1 in (${R})`,
    `${R} | top 80 by x`,
  ])('%s ends with KQL300', async text => {
    expect(await faultOf(text, { maxRows: 50 })).toBe('KQL300')
    expect(await faultOf(text, { maxRows: 1000 })).toBe('none')
  })

  it.each([
    `${R} | where x > 3 | project x`,
    `${R} | summarize sum(x)`,
    `${R} | count`,
    `${R} | top 5 by x`,
    `${R} | take 80`,
    `${R} | mv-expand y = dynamic([1, 2]) | count`,
  ])('%s keeps few rows or none', async text => {
    expect(await faultOf(text, { maxRows: 50, batchSize: 10 })).toBe('none')
  })

  it('counts the rows of a result that is collected, not those that are streamed', async () => {
    const text = 'range x from 1 to 1000000000000 step 1'
    await expect(query(text, { maxRows: 100_000 })).rejects.toThrow('KQL300')
    let rows = 0
    for await (const batch of prepare(text).batches({ maxRows: 100 })) {
      rows += batch.rowCount
      if (rows > 10_000) break
    }
    expect(rows).toBeGreaterThan(10_000)
  })

  it('on memory counts bytes', async () => {
    const text = 'range x from 1 to 1000000 step 1 | extend s = strcat("text ", x) | sort by s'
    expect(await faultOf(text, { maxMemory: 1_000_000 })).toBe('KQL300')
  })
})

describe('a run', () => {
  it('is repeatable: a prepared query gives the same rows each time', async () => {
    const prepared = prepare(
      'let M = materialize(range x from 1 to 3 step 1); M | where x > toscalar(M | summarize min(x))',
    )
    const first = (await prepared.run()).toObjects()
    expect(first).toEqual([{ x: 2 }, { x: 3 }])
    expect((await prepared.run()).toObjects()).toEqual(first)
    const both = await Promise.all([prepared.run(), prepared.run()])
    for (const result of both) expect(result.toObjects()).toEqual(first)
  })

  it('reads now once', async () => {
    const text = 'range x from 1 to 2 step 1 | extend t = now() | summarize dcount(t), max(t)'
    const now = '2026-03-04T05:06:07.1234567Z'
    expect(await rowsOf(text, { now })).toEqual([[1n, now]])
  })

  it('more groups than the state had room for keep their values', async () => {
    const text =
      'range x from 1 to 1000 step 1 | summarize c = count(), s = sum(x), m = max(x), l = make_list(x), a = arg_max(x, *) by x | where c != 1 or s != x or m != x or tolong(l[0]) != x or a != x | count'
    expect(await rowsOf(text)).toEqual([[0n]])
  })
})
