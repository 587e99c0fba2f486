import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JoinPlan, Plan } from '../../../../src/engine/plan/nodes.ts'
import { inputsOf } from '../../../../src/engine/plan/plan.ts'
import { compileTest, rowsOf, runPlan } from '../run-query.ts'

const A = { k: 'string', t: 'datetime', x: 'long' } as const
const B = { k: 'string', u: 'datetime', y: 'long' } as const
const nothing = { A: { columns: A, rows: [] }, B: { columns: B, rows: [] } }

function joinIn(plan: Plan): JoinPlan | undefined {
  return plan.kind === 'join' ? plan : inputsOf(plan).map(joinIn).find(Boolean)
}

/** The bounds, in minutes, of u - t that the join of a query is told. */
function bandOf(query: string): readonly (number | undefined)[] | undefined {
  const { plan } = compileTest(query, { tables: nothing })
  if (plan === undefined) throw new Error(`${query} does not compile`)
  const band = joinIn(plan)?.band
  if (band === undefined) return undefined
  expect([band.left, band.right]).toEqual(['t', 'u'])
  return [band.least, band.greatest].map(ticks =>
    ticks === undefined ? undefined : Number(ticks) / 600_000_000,
  )
}

const JOIN = 'A | join kind=inner B on k'

describe('a join is told how far apart times may be', () => {
  it.each<[string, (number | undefined)[]]>([
    ['where u - t between (0m .. 30m)', [0, 30]],
    ['where u between (t .. t + 30m)', [0, 30]],
    ['where u between (t - 5m .. t + 30m)', [-5, 30]],
    ['where u between (t .. 30m)', [0, 30]],
    ['where t between (u - 10m .. 5m)', [5, 10]],
    ['where t between (u - 30m .. u)', [0, 30]],
    ['where u > t and u < t + 1h', [0, 60]],
    ['where t < u | where u - t <= 10m', [0, 10]],
    ['where u - t > -10m', [-10, undefined]],
    ['where t - u > -10m', [undefined, 10]],
    ['where abs(u - t) < 2h', [-120, 120]],
    ['where u - t < 30m and u - t < 10m and u - t > 1m', [1, 10]],
    ['where u + 5m < t', [undefined, -5]],
    ['where u - 1h - t < 5m', [undefined, 65]],
    ['extend d = u - t | where d between (0s .. 30m) | project x, y', [0, 30]],
    ['project x, y, p = t, q = u | where q - p < 30m', [undefined, 30]],
    ['where datetime_diff("minute", u, t) between (0 .. 30)', [-1, 31]],
    ['where datetime_diff("hour", t, u) > -2', [undefined, 180]],
    ['where x > 1 and u - t < 30m', [undefined, 30]],
  ])('%s', (operators, expected) => expect(bandOf(`${JOIN} | ${operators}`)).toEqual(expected))

  it.each([
    'where u - t between (0m .. 30m) or x == 1',
    'where not(u - t < 30m)',
    'where u - t < 30m or false',
    'where u > datetime(2026-01-01)',
    'where t - (u - t) > t',
    'where u - t < x * 1m',
    'where datetime_diff("month", u, t) < 1',
    'where u == t',
    // These sums are other ones in 64 bits.
    'where u - t + 9000000d < 9000001d',
    'where (u - t + 9000000d) - 9000000d < 1d',
    'sort by x asc | take 5 | where u - t < 30m',
  ])('not by %s', operators => expect(bandOf(`${JOIN} | ${operators}`)).toBeUndefined())

  it.each(['leftouter', 'fullouter', 'rightouter', 'leftsemi'])('not of kind %s', kind => {
    const side = kind === 'leftsemi' ? 't - t' : 'u - t'
    expect(bandOf(`A | join kind=${kind} B on k | where ${side} < 30m`)).toBeUndefined()
  })

  it('and says so', () => {
    const { plan } = compileTest(`${JOIN} | where u - t between (0m .. 30m)`, { tables: nothing })
    expect(plan && joinIn(plan)).toMatchObject({ band: { least: 0n, greatest: 18_000_000_000n } })
  })
})

describe('a join that was told', () => {
  const minute = (n: number | null) =>
    n === null ? null : new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString()

  it('gives the pairs of a key of many rows in the order of all pairs', async () => {
    const time = fc.option(fc.integer({ min: 0, max: 40 }))
    const rows = (length: number) => fc.array(time, { minLength: length, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        rows(5),
        rows(33),
        fc.integer({ min: -10, max: 10 }),
        fc.integer({ min: -10, max: 20 }),
        fc.constantFrom('inner', 'innerunique'),
        async (left, right, least, most, kind) => {
          const tables = {
            A: { columns: A, rows: left.map((t, x) => [`k${x % 2}`, minute(t), x]) },
            B: { columns: B, rows: right.map((u, y) => ['k0', minute(u), y]) },
          }
          const query = `A | join kind=${kind} B on k | where u - t between (${least}m .. ${most}m) | project x, y`
          const { plan, bound } = compileTest(query, { tables })
          const told = plan && (await runPlan(plan, { tables })).rows()
          const plain = bound && (await runPlan(bound, { tables })).rows()
          expect(told).toEqual(plain)
          if (kind === 'innerunique') return
          const expected = left.flatMap((t, x) =>
            right.flatMap((u, y) => {
              const isNear = t !== null && u !== null && u - t >= least && u - t <= most
              return x % 2 === 0 && isNear ? [[BigInt(x), BigInt(y)]] : []
            }),
          )
          expect(told).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('makes few pairs of a heavy key', { timeout: 20_000 }, async () => {
    // 30,000 by 30,000 rows a minute apart: 900 million pairs, of which 3 a row are near.
    const query =
      'let n = 30000; range i from 1 to n step 1 | extend k = 1, t = datetime(2026-01-01) + i * 1m ' +
      '| join kind=inner (range j from 1 to n step 1 | extend k = 1, u = datetime(2026-01-01) + j * 1m) on k ' +
      '| where u - t between (0m .. 2m) | summarize count(), sum(j - i)'
    const { plan } = compileTest(query)
    if (plan === undefined) throw new Error('does not compile')
    // The last two rows have two partners and one; 0 + 1 + 2 for all others.
    expect((await runPlan(plan)).rows()).toEqual([[89_997n, 29_998n * 3n + 1n]])
  })

  it('gives no pair of a null, nor of a range that is empty', async () => {
    const many = Array.from({ length: 40 }, (_, y) => ['k', y % 4 === 0 ? null : minute(y), y])
    const tables = {
      A: {
        columns: A,
        rows: [
          ['k', null, 1],
          ['k', minute(5), 2],
        ],
      },
      B: { columns: B, rows: many },
    }
    expect(
      await rowsOf(`${JOIN} | where u - t between (0m .. 2m) | project x, y`, { tables }),
    ).toEqual([
      [2n, 5n],
      [2n, 6n],
      [2n, 7n],
    ])
    expect(
      await rowsOf(`${JOIN} | where u - t between (2m .. 0m) | project x, y`, { tables }),
    ).toEqual([])
  })
})
