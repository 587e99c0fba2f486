import { expect, it } from 'vitest'
import { testRule } from '../../../src/index.ts'

it('tests as an object may have longs of any size, NaN and dates', async () => {
  const rule = 'name: A\nquery: B_CL | where Id == 9007199254740993 or isnan(Share)\n'
  const row = { TimeGenerated: new Date('2026-03-17T14:59:00Z'), Id: 9_007_199_254_740_993n }
  const tests = {
    now: '2026-03-17T15:00:00Z',
    schemas: { B_CL: { TimeGenerated: 'datetime', Id: 'long', Share: 'real' } },
    tests: [
      { name: 'long', given: { B_CL: [row] }, expect: { rows: [{ Id: row.Id }] } },
      { name: 'NaN', given: { B_CL: [{ ...row, Id: 1, Share: Number.NaN }] }, expect: 'rows' },
    ],
  }
  const results = await testRule(rule, tests)
  expect(results.map(({ status }) => status)).toEqual(['passed', 'passed'])
})
