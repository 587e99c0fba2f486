import { expect, it } from 'vitest'
import { testsFile } from '../../../../src/testing/capture/tests-file.ts'
import { loadTests } from '../../../../src/testing/load-tests.ts'
import { prepareTests } from '../../../../src/testing/prepare-tests.ts'
import { SourceText } from '../../../../src/text/source-text.ts'
import { ruleIn } from '../rule-fixture.ts'

it('the rows of a file of tests are read back as they were, whatever their members are called', async () => {
  const query = 'AuditLogs | where Result == "x"'
  const row = {
    Result: 'x',
    TargetResources: [null, { '@odata.type': 't', by: [null, null, 'z'] }],
    InitiatedBy: { "it's": { 'a"b': 9_007_199_254_740_993n } },
  }
  const span = { start: 18, end: 31 }
  const path = ['TargetResources', 1, '@odata.type']
  const text = testsFile({
    query,
    now: 638_713_296_000_000_000n,
    expects: 'rows',
    capture: {
      tables: { AuditLogs: [row, {}] },
      misses: {
        found: [
          {
            span,
            changes: [{ table: 'AuditLogs', row: 0, path, from: 't', to: 'u' }],
            tables: {},
          },
        ],
        unsolved: [],
      },
    },
  })
  const { file, diagnostics } = loadTests(new SourceText(text))
  expect(diagnostics).toEqual([])
  if (file === undefined) throw new Error('no tests')
  const { tests, diagnostics: faults } = await prepareTests(
    ruleIn(`name: A\nquery: ${query}`),
    file,
  )
  // The rows have no time, of which it warns.
  expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['KQL605']))
  const targets = tests.map(({ data }) => data.get('AuditLogs')?.rows[0]?.get('TargetResources'))
  const target = (type: string) =>
    new Map<string, unknown>([
      ['@odata.type', type],
      ['by', [null, null, 'z']],
    ])
  expect(targets).toEqual([
    [null, target('t')],
    [null, target('u')],
  ])
  expect(tests[0]?.data.get('AuditLogs')?.rows[1]).toEqual(new Map())
  expect(tests[0]?.data.get('AuditLogs')?.rows[0]?.get('InitiatedBy')).toEqual(
    new Map([["it's", new Map([['a"b', 9_007_199_254_740_993n]])]]),
  )
})
