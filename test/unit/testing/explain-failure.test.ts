import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../../src/testing/explain-failure.ts'
import { RULE, run, USUAL } from './rule-fixture.ts'

/** Why rows of the one test did not come: `rows: text`. */
async function why(tests: string, rule = RULE): Promise<string[]> {
  const result = await run(tests, rule, { explain: explainFailure })
  expect(result.diagnostics).toEqual([])
  return (result.tests[0]?.why ?? []).map(({ rows, text }) => `${rows.join(',')}: ${text}`)
}

const usual = (given: string, expectation: string) =>
  `${USUAL}tests:\n- name: a\n  base: usual\n  given:\n    SigninLogs:\n${given}  expect: ${expectation}\n`

describe('why rows did not come', () => {
  it('is the operator that leaves out a row, with its place in the rule', async () => {
    const given = '      second: { ResultType: "0" }\n'
    // The first row is left out later, at Count > 1 in line 15, than the second, in line 11.
    const text = [
      'Row 1 of SigninLogs is left out by where: `Count > 1`: Count is 1, in the group of 1 row with IPAddress "192.0.2.1".',
      '  a.yaml:15:11',
      'Row 2 of SigninLogs is left out by where: `ResultType != "0"`: ResultType is "0".',
      '  a.yaml:11:15',
    ].join('\n')
    expect(await why(usual(given, 'rows'))).toEqual([`: ${text}`])
    expect(await why(usual(given, 'alerts'))).toEqual([`: ${text}`])
    expect(await why(usual(given, '{ alerts: 1 }'))).toEqual([`: ${text}`])
    expect(await why(usual(given, '{ rows: 1 }'))).toEqual([`: ${text}`])
    expect(await why(usual(given, '{ alerts: [{}] }'))).toEqual([`: ${text}`])
    expect(await why(usual(given, '{ rows: [{ Count: 2 }, { Count: 3 }] }'))).toEqual([
      `0,1: ${text}`,
    ])
  })

  it('tells of rows with values of the missing row first', async () => {
    const given = [
      '      first: { ResultType: "0", IPAddress: 192.0.2.7 }',
      '      second: { IPAddress: 192.0.2.8 }',
      '',
    ].join('\n')
    const found = await why(usual(given, '{ rows: [{ IPAddress: 192.0.2.7 }] }'))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^0: Row 1 of SigninLogs is left out by where: `ResultType != "0"`/)
    expect(found[0]).toMatch(/\nRow 2 of SigninLogs is left out by where: `Count > 1`/)
  })

  it('is the window', async () => {
    const given = '      first: { TimeGenerated: -2h1tick }\n      second: null\n'
    const [text] = await why(usual(given, 'rows'))
    expect(text).toBe(
      [
        ': Row 1 of SigninLogs is left out by window: TimeGenerated is 2025-01-01T09:59:59.9999999Z, outside of the window of the run: 2025-01-01T10:00:00.0000000Z to 2025-01-01T12:00:00.0000000Z.',
        '  a.yaml:10:16',
      ].join('\n'),
    )
  })

  it('is the number of rows at which the rule fires', async () => {
    const rule = RULE.replace('triggerThreshold: 0', 'triggerThreshold: 5')
    const text = ': The query gives 1 row; the rule fires at more than 5.'
    expect(
      await why(usual('      third: { TimeGenerated: -3h, ResultType: "0" }\n', 'alerts'), rule),
    ).toEqual([text])
    // Of rows that are too few it says nothing.
    const [rows] = await why(
      usual('      third: { TimeGenerated: -3h, ResultType: "0" }\n', '{ rows: 2 }'),
      rule,
    )
    expect(rows).toContain('Row 3 of SigninLogs is left out by window')
    const schedule = `${USUAL}tests:\n- name: a\n  base: usual\n  runs: { from: now, to: +1h }\n  expect: alerts\n`
    expect(await why(schedule, rule)).toEqual([
      ': No run gives more than 1 row; the rule fires at more than 5.',
    ])
  })

  it('tells of a row as the run in which it comes farthest has it', async () => {
    // At 12:00 one failed sign-in is there; at 14:00 both, of which the first is out of the window.
    const tests = `${USUAL}tests:
- name: a
  base: usual
  given:
    SigninLogs:
      second: { TimeGenerated: +1h50m }
  runs: { from: now, to: +3h, anchor: now }
  expect: rows
`
    const [text] = await why(tests)
    expect(text).toBe(
      [
        ': Row 1 of SigninLogs is left out by where: `Count > 1`: Count is 1, in the group of 1 row with IPAddress "192.0.2.1". So is row 2.',
        '  a.yaml:15:11',
      ].join('\n'),
    )
  })

  it('names rows that end alike together, and counts those beyond three ends', async () => {
    const row = (result: string) =>
      `        - { TimeGenerated: -5m, ResultType: "${result}", IPAddress: "" }\n`
    const same = `tests:\n- name: a\n  given:\n    SigninLogs:\n${row('0').repeat(8)}  expect: rows\n`
    expect(await why(same)).toEqual([
      ': Row 1 of SigninLogs is left out by where: `ResultType != "0"`: ResultType is "0". So are rows 2, 3, 4, 5, 6, and 2 more.\n  a.yaml:11:15',
    ])
    const lone = (last: number) =>
      `        - { TimeGenerated: -5m, ResultType: "1", IPAddress: 192.0.2.${last} }\n`
    const many = `tests:\n- name: a\n  given:\n    SigninLogs:\n${[1, 2, 3, 4, 5].map(lone).join('')}  expect: rows\n`
    const [text = ''] = await why(many)
    expect(text.match(/Count is 1/g)).toHaveLength(3)
    expect(text.split('\n').at(-1)).toBe('2 more rows are left out.')
  })

  it('says of how many rows it tells', async () => {
    const row = '        - { TimeGenerated: -5m, ResultType: "0" }\n'
    const tests = `tests:\n- name: a\n  given:\n    SigninLogs:\n${row.repeat(101)}  expect: rows\n`
    const [text = ''] = await why(tests)
    expect(text).toContain('So are rows 2, 3, 4, 5, 6, and 94 more.')
    expect(text).toContain('\nOf the 101 rows of SigninLogs the first 100 were followed.')
  })
})

describe('nothing is told', () => {
  const given = '      second: { ResultType: "0" }\n'

  it.each([
    ['where too many rows came', usual('      second: { ResultType: "5" }\n', 'none'), RULE],
    [
      'where nothing is left out',
      usual('      second: { ResultType: "5" }\n', '{ rows: [{ Count: 9 }] }'),
      RULE,
    ],
    ['where no rows were given', 'tests: [{ name: a, expect: rows }]\n', RULE],
    [
      'of a rule near real time',
      usual(given, 'rows'),
      RULE.replace('kind: Scheduled', 'kind: NRT').replace(/^(query[FP]|trigger).*\n/gm, ''),
    ],
    [
      'where rows arrive late',
      usual(given, 'rows').replace(
        '  expect',
        '  runs: { from: now, to: +1h, delay: 10m }\n  expect',
      ),
      RULE,
    ],
    [
      'where it is given when they arrive',
      usual('      second: { ResultType: "0", _TimeReceived: +10m }\n', 'rows'),
      RULE,
    ],
    [
      'of very many runs',
      usual(given, 'rows').replace('  expect', '  runs: { from: now, to: +1d }\n  expect'),
      RULE,
    ],
  ])('%s', async (_, tests, rule) => {
    const result = await run(tests, rule, { explain: explainFailure })
    expect(result.diagnostics).toEqual([])
    expect(result.tests[0]?.status).toBe('failed')
    expect(result.tests[0]?.why).toBeUndefined()
  })
})
