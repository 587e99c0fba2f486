import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainRows, query } from '../../src/index.ts'

/** An operator over rows with the columns Id, K, V and Items, which gives rows with the same. */
const KEEP = '| project Id, K, V, Items'
const number = fc.integer({ min: 0, max: 4 })
const steps = fc.oneof(
  number.map(n => `| where V > ${n}`),
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), number)
    .map(([k, n]) => `| where K == "${k}" or V < ${n}`),
  number.map(n => `| extend V = V + ${n} - 2`),
  fc.constant('| sort by V asc, K desc'),
  number.map(n => `| take ${n}`),
  number.map(n => `| top ${n} by V`),
  fc
    .constantFrom('inner', 'innerunique', 'leftouter', 'leftsemi', 'leftanti')
    .map(kind => `| join kind=${kind} (R) on K ${KEEP}`),
  fc.constant(`| lookup kind=inner (R | distinct K) on K ${KEEP}`),
  number.map(n => `| union (T | where V == ${n})`),
  number.map(n => `| mv-expand Item = Items to typeof(long) | where Item > ${n} ${KEEP}`),
  number.map(n => `| mv-apply Item = Items to typeof(long) on (where Item > ${n}) ${KEEP}`),
  number.map(n => `| partition hint.strategy=native by K (top ${n} by V)`),
  number.map(n => `| where V in ((R | where W > ${n} | project W))`),
  fc.constant(`| sort by Id asc | extend p = prev(V) | where isnull(p) or V >= p ${KEEP}`),
)
/** The last operators make one row of many: that of each of their rows if it is kept. */
const grouping = fc.oneof(
  fc.constant(''),
  number.map(
    n =>
      `| summarize Ids = make_list(Id), V = max(V) by K | where V > ${n} | mv-expand Id = Ids to typeof(long)`,
  ),
  number.map(
    n =>
      `| summarize Ids = make_list(Id), n = count() | where n > ${n} | mv-expand Id = Ids to typeof(long)`,
  ),
)
const row = fc.record({
  K: fc.constantFrom('a', 'b', 'c', ''),
  V: fc.option(number, { nil: null }),
  Items: fc.constantFrom([], [1], [1, 3], [4, 0, 2], null),
})

describe('rows that are followed', () => {
  it('reach the result just where they are in it, and end somewhere else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.array(fc.record({ K: fc.constantFrom('a', 'b'), W: number }), { maxLength: 4 }),
        fc.array(steps, { maxLength: 4 }),
        grouping,
        async (rows, others, pipe, last) => {
          const text = ['T', ...pipe, last].join('\n')
          const tables = {
            T: {
              rows: rows.map((each, index) => ({ Id: index + 1, ...each })),
              schema: { Id: 'long', K: 'string', V: 'long', Items: 'dynamic' },
            },
            R: { rows: others, schema: { K: 'string', W: 'long' } },
          } as const
          const result = await query(text, { tables })
          const found = new Set(result.toObjects().map(({ Id }) => Id))
          const numbers = rows.map((_, index) => index + 1)
          const followed = await explainRows(text, { tables, table: 'T', rows: numbers })
          const reached = followed.rows.filter(({ outcome }) => outcome === 'result')
          expect(new Set(reached.map(({ row: each }) => each)), text).toEqual(found)
          for (const { outcome, paths } of followed.rows) {
            expect(['result', 'dropped'], text).toContain(outcome)
            for (const { end } of paths) {
              if (end.kind === 'dropped' && end.reason === 'condition') {
                expect(end.parts.length, text).toBeGreaterThan(0)
              }
            }
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})
