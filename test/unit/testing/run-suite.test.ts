import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { faults, outcomes, RULE, run, USUAL } from './rule-fixture.ts'

const ARRIVING = RULE.replace(
  '| where isnotempty(IPAddress)',
  '| where ingestion_time() > ago(15m)',
)

describe('ingestion_time() in a test', () => {
  it.each([
    ['', 'Expected 1 row, got 0.'],
    ['    runs: { from: now, to: now, anchor: now, delay: 6m }\n', 'passed'],
  ])('is the time of a row, and the delay of the test later: %j', async (runs, outcome) => {
    const test = `tests:\n  - name: a\n    base: usual\n${runs}    expect: { rows: 1 }\n`
    expect(outcomes(await run(`${USUAL}${test}`, ARRIVING))).toEqual([outcome])
  })
})

/** The outcome of a test that starts from the usual rows and expects this. */
async function expecting(expectation: string, given = ''): Promise<string> {
  const text = `${USUAL}tests:\n- name: a\n  base: usual\n${given}  expect: ${expectation}\n`
  const result = await run(text)
  return faults(result).length > 0 ? faults(result).join(' | ') : outcomes(result).join(' | ')
}

describe('what a test expects', () => {
  it.each([
    ['rows', 'passed'],
    ['alerts', 'passed'],
    ['none', 'Expected 0 rows, got 1. | Expected 0 alerts, got 1.'],
    ['{ rows: 1 }', 'passed'],
    ['{ rows: 2 }', 'Expected 2 rows, got 1.'],
    ['{ rows: [{ Count: 2 }] }', 'passed'],
    ['{ rows: [{ Count: 3 }] }', '1 of 1 row missing, 1 row unexpected'],
    ['{ rows: [] }', '1 row unexpected'],
    ['{ rows: [{ Count: 2 }, { Count: 2 }] }', '1 of 2 rows missing'],
    [
      '{ rows: [{ Count: 2, Users: [a@example.com, b@example.com], IPAddress: 192.0.2.1 }], exact: true }',
      'passed',
    ],
    [
      '{ rows: [{ Count: 2, IPAddress: 192.0.2.1 }], exact: true }',
      '1 of 1 row missing, 1 row unexpected',
    ],
    ['{ rows: [{ "Users[1]": b@example.com }] }', 'passed'],
    ['{ rows: [{ "Users[1]": a@example.com }] }', '1 of 1 row missing, 1 row unexpected'],
    ['{ columns: [IPAddress, Count, Users] }', 'passed'],
    ['{ columns: { IPAddress: string, Count: long, Users: dynamic } }', 'passed'],
    ['{ columns: [IPAddress, Users, Count] }', 'The columns are others.'],
    ['{ columns: { IPAddress: string, Count: int, Users: dynamic } }', 'The columns are others.'],
    ['{ alerts: 1, incidents: 1, findings: [] }', 'passed'],
    ['{ alerts: 2 }', 'Expected 2 alerts, got 1.'],
    [
      '{ alerts: { title: 2 failed sign-ins from 192.0.2.1, severity: Medium, rows: 1, run: now } }',
      'passed',
    ],
    ['{ alerts: { title: another } }', '1 of 1 alert not as expected'],
    ['{ alerts: { run: -1h } }', '1 of 1 alert not as expected'],
    ['{ alerts: [{}, {}] }', '1 of 2 alerts not as expected'],
    ['{ alerts: [] }', '1 alert unexpected'],
    ['{ alerts: { entities: [{ IP: { Address: 192.0.2.1 } }] } }', 'passed'],
    ['{ alerts: { entities: [{ IP: { Address: 192.0.2.2 } }] } }', '1 of 1 alert not as expected'],
    ['{ alerts: { entities: [] } }', '1 of 1 alert not as expected'],
    ['{ alerts: { customDetails: { constructor: a } } }', '1 of 1 alert not as expected'],
    ['{ incidents: { title: 2 failed sign-ins from 192.0.2.1, alerts: 1 } }', 'passed'],
    ['{ incidents: { severity: High } }', '1 of 1 incident not as expected'],
    ['{ findings: [KQL500] }', 'A replay has other things to say of the rule.'],
    ['{ rows: [{ Cound: 2 }] }', 'a.tests.yaml:9:22 KQL602 The result has no column `Cound`.'],
    ['{ rows: [{ Count: "2" }] }', 'a.tests.yaml:9:29 KQL603 "2" is no long, which `Count` is.'],
    [
      '{ rows: [{ "Count.a": 2 }] }',
      'a.tests.yaml:9:22 KQL602 `Count` is a long: there is no path into it.',
    ],
  ])('%s: %s', async (expectation, outcome) => {
    expect(await expecting(expectation)).toBe(outcome)
  })

  it.each([
    ['[{ severity: Medium }, { title: from a }]', 'passed'],
    ['[{ entities: [{ IP: {} }, { IP: { Address: a } }] }, { title: from a }]', '1 of 2'],
    ['[{ title: from b }, { entities: [{ IP: {} }] }]', 'passed'],
    ['[{ severity: Medium }, { severity: Medium }]', 'passed'],
    ['[{ title: from a }, { title: from a }]', '1 of 2'],
  ])('pairs as many alerts as it can: %s', async (alerts, outcome) => {
    const rule = RULE.replace(
      'entityMappings:',
      'eventGroupingSettings: { aggregationKind: AlertPerResult }\nentityMappings:',
    )
      .replace('Count > 1', 'Count > 0')
      .replace('{{Count}} failed sign-ins from', 'from')
    const text = `tests:
- name: a
  given:
    SigninLogs:
      - { TimeGenerated: -20m, ResultType: "1", IPAddress: a }
      - { TimeGenerated: -10m, ResultType: "1", IPAddress: b }
  expect: { alerts: ${alerts} }
`
    expect(outcomes(await run(text, rule)).join()).toMatch(outcome)
  })

  it('says what of an alert is missing as the file does', async () => {
    const text = `tests:
- name: a
  expect: { alerts: [{ title: b, entities: [{ IP: { Address: a } }], customDetails: { k: v }, run: -25m }] }
`
    const [test] = (await run(text)).tests
    const [mismatch] = test?.mismatches ?? []
    expect(mismatch?.kind === 'alerts' && mismatch.missing).toEqual([
      {
        index: 0,
        expected: {
          title: 'b',
          entities: [{ IP: { Address: 'a' } }],
          customDetails: { k: ['v'] },
          run: '2025-01-01T11:35:00.0000000Z',
        },
        nearest: undefined,
        differences: [],
      },
    ])
  })

  it('pairs as many entities as it can', async () => {
    const rule = RULE.replace('Count > 1', 'Count > 0').replace(
      'alertDetailsOverride',
      '  - entityType: Host\n    fieldMappings: [{ identifier: HostName, columnName: IPAddress }]\nalertDetailsOverride',
    )
    const text = `tests:
- name: a
  given:
    SigninLogs:
      - { TimeGenerated: -20m, ResultType: "1", IPAddress: a }
      - { TimeGenerated: -10m, ResultType: "1", IPAddress: b }
  expect:
    alerts:
      entities: [{ Host: {} }, { Host: { HostName: a } }, { IP: {} }, { IP: { Address: a } }]
`
    expect(outcomes(await run(text, rule))).toEqual(['passed'])
  })

  it('counts rows though the threshold is not met', async () => {
    const rule = RULE.replace('triggerThreshold: 0', 'triggerThreshold: 1')
    const text = `${USUAL}tests:\n- { name: a, base: usual, expect: { rows: 1, alerts: 0 } }\n`
    expect(outcomes(await run(text, rule))).toEqual(['passed'])
  })

  it('is not met by a run that failed', async () => {
    const rule = RULE.replace(
      '  | where Count > 1',
      '  | where isnull(geo_info_from_ip_address(IPAddress))',
    )
    const text = `${USUAL}tests:\n- { name: a, base: usual, expect: none }\n`
    expect(outcomes(await run(text, rule))).toEqual([expect.stringContaining('1 run failed')])
  })
})

describe('what a test gives', () => {
  it.each([
    ['rows that are changed', 'second: { ResultType: "0" }', 'none'],
    ['a row that is taken away', 'second: null', 'none'],
    [
      'a row that is added',
      'third: { TimeGenerated: -1m, ResultType: "1", IPAddress: 192.0.2.1 }',
      '{ rows: [{ Count: 3 }] }',
    ],
  ])('%s', async (_, row, expectation) => {
    const given = `  given: { SigninLogs: { ${row} } }\n`
    expect(await expecting(expectation, given)).toBe('passed')
  })

  it.each([
    ['SigninLog: []', 'a.tests.yaml:9:12 KQL602 There is no table `SigninLog`.'],
    [
      'SigninLogs: [{ TimeGenerated: -1m, IpAddress: a }]',
      'a.tests.yaml:9:47 KQL602 SigninLogs has no column `IpAddress`.',
    ],
    [
      'SigninLogs: [{ TimeGenerated: -1m, IPAddress: 1 }]',
      'a.tests.yaml:9:58 KQL603 1 is no string, which `IPAddress` is.',
    ],
    [
      'SigninLogs: { third: null }',
      'a.tests.yaml:9:33 KQL601 There is no row `third` of SigninLogs to take away.',
    ],
    ['AuditLogs: []', 'a.tests.yaml:9:12 KQL605 The rule does not read AuditLogs.'],
    [
      'SigninLogs: [{ IPAddress: a }]',
      'a.tests.yaml:9:25 KQL605 No run sees the row: it has no TimeGenerated.',
    ],
    [
      'SigninLogs: { first: { TimeGenerated: null } }',
      'a.tests.yaml:9:33 KQL605 No run sees the row: it has no TimeGenerated.',
    ],
    [
      `SigninLogs: [{ TimeGenerated: -1m, LocationDetails: ' {"city":"Oslo"}' }]`,
      'a.tests.yaml:9:64 KQL603 `LocationDetails` is given as a text; of logs it would be the map or list that the text holds.',
    ],
    [
      'SigninLogs: { file: none.json }',
      'a.tests.yaml:9:32 KQL600 none.json: There is no such file or folder.',
    ],
    [
      'SigninLogs: [{ TimeGenerated: 2026-03-17 }]',
      'a.tests.yaml:7:9 KQL601 The test has times of their own, but no `now`.',
    ],
  ])('%s is reported', async (given, fault) => {
    expect(await expecting('rows', `  given: { ${given} }\n`)).toBe(fault)
  })

  it('is warned of once where a fixture has it and the rule does not read it', async () => {
    const text = `fixtures: { f: { AuditLogs: [{ TimeGenerated: -5m }] } }
tests:
- { name: a, base: f, expect: none }
- { name: b, base: f, expect: none }
`
    const result = await run(text)
    expect(outcomes(result)).toEqual(['passed', 'passed'])
    expect(faults(result)).toEqual(['a.tests.yaml:1:18 KQL605 The rule does not read AuditLogs.'])
  })

  it('has windows of the period', async () => {
    const given = '  given: { SigninLogs: { first: { TimeGenerated: -2h1tick } } }\n'
    expect(await expecting('none', given)).toBe('passed')
  })

  describe('files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kqlab-testing-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'SigninLogs.ndjson')
    const rows = [1, 2].map(minute => ({
      TimeGenerated: `2026-03-17T14:0${minute}:00Z`,
      ResultType: '50126',
      IPAddress: '198.51.100.7',
      UserPrincipalName: `u${minute}@example.com`,
    }))
    writeFileSync(file, rows.map(row => `${JSON.stringify(row)}\n`).join(''))

    it('are read, and may have rows beside them', async () => {
      const text = [
        'now: 2026-03-17T15:00:00Z',
        'tests:',
        '- name: file',
        `  given: { SigninLogs: { file: ${JSON.stringify(file)} } }`,
        '  expect: { rows: [{ IPAddress: 198.51.100.7, Count: 2 }] }',
        '- name: file and rows',
        '  given:',
        '    SigninLogs:',
        `      file: ${JSON.stringify(file)}`,
        '      rows: [{ TimeGenerated: -5m, ResultType: "1", IPAddress: 198.51.100.7 }]',
        '  expect: { rows: [{ Count: 3 }] }',
      ].join('\n')
      const result = await run(text)
      expect(faults(result)).toEqual([])
      expect(outcomes(result)).toEqual(['passed', 'passed'])
    })
  })
})

it('a wildcard means the same tables whichever tests are run', async () => {
  const rule = 'id: a\nname: A\nquery: union Signin*, AADNonInteractive*\n'
  const text = `tests:
- { name: a, given: { SigninLogs: [{ TimeGenerated: -1m }] }, expect: { rows: 1 } }
- name: b
  given: { AADNonInteractiveUserSignInLogs: [{ TimeGenerated: -1m, LocationDetails: "{}" }] }
  expect: { rows: [{ LocationDetails_string: "{}" }] }
`
  expect(outcomes(await run(text, rule))).toEqual(['passed', 'passed'])
  const one = await run(text, rule, { wants: ({ name }) => name === 'b' })
  expect(faults(one)).toEqual([])
  expect(outcomes(one)).toEqual(['passed'])
})

it('tables of a file of tests have the columns that it says', async () => {
  const rule = 'id: a\nname: A\nquery: Offices_CL | where Floor > 2\n'
  const text = `schemas: { Offices_CL: { TimeGenerated: datetime, Floor: int } }
tests:
- { name: a, given: { Offices_CL: [{ Floor: 3, TimeGenerated: -1m }] }, expect: { rows: [{ Floor: 3 }] } }
- { name: b, given: { Offices_CL: [{ Floor: 2, TimeGenerated: -1m }] }, expect: none }
`
  const result = await run(text, rule)
  expect(faults(result)).toEqual([])
  expect(outcomes(result)).toEqual(['passed', 'passed'])
})

it('the columns of a query that only its data tell are compared once it ran', async () => {
  const rule =
    'id: a\nname: A\nquery: SigninLogs | project LocationDetails | evaluate bag_unpack(LocationDetails)\n'
  const given = 'given: { SigninLogs: [{ TimeGenerated: -1m, LocationDetails.city: Oslo }] }'
  const good = `tests: [{ name: a, ${given}, expect: { rows: [{ city: Oslo }] } }]`
  expect(outcomes(await run(good, rule))).toEqual(['passed'])
  const bad = await run(good.replace('{ city: Oslo }', '{ town: Oslo }'), rule)
  expect(faults(bad)).toEqual([expect.stringContaining('KQL602 The result has no column `town`.')])
  // No test was run where an expectation is at fault.
  expect(bad.tests).toEqual([])
  const none = await run(good.replace(given, 'given: {}'), rule)
  expect(faults(none)).toEqual([])
  expect(outcomes(none)).toEqual(['1 of 1 row missing'])
})

it('the rows of runs with other columns have their own', async () => {
  const rule = `id: a
name: A
query: SigninLogs | project Level, LocationDetails | evaluate bag_unpack(LocationDetails)
queryFrequency: 1h
queryPeriod: 1h
`
  const text = `tests:
- name: a
  given:
    SigninLogs:
      - { TimeGenerated: +10m, Level: a, LocationDetails: { city: x, state: "y" } }
      - { TimeGenerated: +70m, Level: b, LocationDetails: { state: z, zip: 5 } }
  runs: { from: now, to: +3h, anchor: now }
  expect:
    columns: { Level: string, city: string, state: string, zip: long }
    exact: true
    rows: [{ Level: b, state: z, zip: 5 }, { Level: a, city: x, state: "y" }]
`
  const result = await run(text, rule)
  expect(faults(result)).toEqual([])
  expect(outcomes(result)).toEqual(['passed'])
})

describe('a schedule', () => {
  it('has the runs between its bounds', async () => {
    const text = `${USUAL}tests:
- name: a
  base: usual
  runs: { from: now, to: +4h, anchor: now }
  expect:
    alerts: [{ run: now }, { run: +1h }]
    incidents: 2
    findings: [KQL500]
`
    expect(outcomes(await run(text))).toEqual(['passed'])
  })

  it('fails where it has too many runs', async () => {
    const tests = `tests:
  - name: a
    now: 2026-03-17T15:00:00Z
    runs: { from: 0001-01-02T00:00:00Z, to: now }
    given: { SigninLogs: [{ TimeGenerated: -10m }] }
    expect: none
`
    expect(outcomes(await run(tests))).toEqual([
      '`Failed sign-ins` would have some 17752575 runs from 0001-01-02T00:00:00.0000000Z to 2026-03-17T15:00:00.0000000Z, more than 1000000.',
    ])
  })

  it.each(['{ from: +1h, to: now }', '{ from: +1m, to: +2m, anchor: now }'])(
    'proves nothing where it has no run: %s',
    async runs => {
      const text = `${USUAL}tests: [{ name: a, base: usual, runs: ${runs}, expect: none }]\n`
      expect(outcomes(await run(text))).toEqual(['The rule has no run.'])
    },
  )

  it('lets a rule near real time see what arrives', async () => {
    const rule = RULE.replace('kind: Scheduled', 'kind: NRT').replace(
      /query(Frequency|Period):.*\n/g,
      '',
    )
    const given = `SigninLogs:
      - { TimeGenerated: -20m, ResultType: "1", IPAddress: a }
      - { TimeGenerated: -20m, ResultType: "1", IPAddress: a }
      - { TimeGenerated: -10m, ResultType: "1", IPAddress: a }`
    const text = `tests:\n- name: a\n  given:\n    ${given}\n  expect: { rows: 1, alerts: 1 }\n- { name: b, expect: none }\n`
    expect(outcomes(await run(text, rule))).toEqual(['passed', 'passed'])
  })
})

describe('stubs', () => {
  const rule = RULE.replace(
    '  failed\n',
    '  failed\n  | where IPAddress !in ((_GetWatchlist("known") | project Address)) and Wanted(ResultType)\n',
  )

  it('may be watchlists without items, which have their search key for a column', async () => {
    const text = `${USUAL}functions: { Wanted: "(code: string) { true }" }
watchlists: { known: { rows: [], searchKey: Address } }
tests: [{ name: a, base: usual, expect: alerts }]
`
    const result = await run(text, rule)
    expect(faults(result)).toEqual([])
    expect(outcomes(result)).toEqual(['passed'])
  })

  it('stand for watchlists and functions, for a file or a test', async () => {
    const text = `${USUAL}watchlists: { known: [{ Address: 203.0.113.9 }] }
functions: { Wanted: "(code: string) { code != '0' }" }
tests:
- { name: a, base: usual, expect: rows }
- { name: b, base: usual, watchlists: { known: [{ Address: 192.0.2.1 }] }, expect: none }
- { name: c, base: usual, functions: { Wanted: "(code: string) { false }" }, expect: none }
`
    const result = await run(text, rule)
    expect(faults(result)).toEqual([])
    expect(outcomes(result)).toEqual(['passed', 'passed', 'passed'])
  })

  it('are reported where they cannot be used, and where they are missing', async () => {
    const bad = `watchlists: { known: { rows: [{ Address: 1 }] } }\nfunctions: { Wanted: "(code: string) { true }" }\ntests: [{ name: a, expect: none }]\n`
    expect(faults(await run(bad, rule))).toEqual([
      'a.tests.yaml:1:42 KQL603 1 is no string, which `Address` is.',
    ])
    const missing = await run('tests: [{ name: a, expect: none }]', rule)
    expect(faults(missing).map(fault => fault.slice(0, 18))).toContain('a.yaml:13:41 KS211')
    expect(missing.tests).toEqual([])
  })
})

describe('a test that failed', () => {
  it('tells the rows after each stage of each let and of the query', async () => {
    const text = `${USUAL}tests:\n- name: a\n  base: usual\n  given: { SigninLogs: { second: { IPAddress: "" } } }\n  expect: rows\n`
    const [test] = (await run(text)).tests
    const stages = test?.funnel?.map(({ name, stages: own }) => [
      name,
      ...own.map(({ text: stage, rows }) => `${rows} ${stage}`),
    ])
    expect(stages).toEqual([
      [
        'failed',
        '2 SigninLogs',
        '2 where ResultType != "0"',
        '1 where isnotempty(IPAddress)',
        '1 summarize Count = count(), Users = make_set(UserPrincipalName) by IPAddress',
        '0 where Count > 1',
      ],
    ])
  })

  describe('tells the rows that its runs see', () => {
    const first = async (runs: string, given: string, rule = RULE) => {
      const text = `tests:\n- name: a\n${runs}  given: { SigninLogs: [${given}] }\n  expect: { rows: 9 }\n`
      const [test] = (await run(text, rule)).tests
      return test?.funnel?.[0]?.stages.slice(0, 2).map(({ rows }) => rows)
    }
    const early = '{ TimeGenerated: -40m, ResultType: "1", IPAddress: a }'
    const late = '{ TimeGenerated: -5m, ResultType: "1", IPAddress: a }'

    it('with a delay', async () => {
      const runs = '  runs: { from: now, to: now, anchor: now, delay: 15m }\n'
      expect(await first(runs, `${early}, ${late}`)).toEqual([1, 1])
    })

    it('of rows that say when they arrived', async () => {
      const received = late.replace('IPAddress', '_TimeReceived: +20m, IPAddress')
      expect(await first('', `${early}, ${received}`)).toEqual([1, 1])
    })

    it('near real time', async () => {
      const rule = RULE.replace('kind: Scheduled', 'kind: NRT').replace(
        /query(Frequency|Period):.*\n/g,
        '',
      )
      expect(await first('', `${early}, ${late}`, rule)).toEqual([2, 2])
    })

    it('but for those that are suppressed', async () => {
      const rule = RULE.replace('Count > 1', 'Count > 0').replace(
        'entityMappings',
        'suppressionEnabled: true\nsuppressionDuration: 5h\nentityMappings',
      )
      const runs = '  runs: { from: now, to: +1h, anchor: now }\n'
      expect(await first(runs, early, rule)).toEqual([1, 1])
    })

    it('in all of many', async () => {
      const runs = '  runs: { from: -200h, to: now, anchor: now }\n'
      const old = '{ TimeGenerated: -30m, ResultType: "0" }'
      expect(await first(runs, old)).toEqual([1, 0])
    })
  })

  it('asks why rows did not come', async () => {
    const asked: unknown[] = []
    const text = `${USUAL}tests:\n- name: a\n  base: usual\n  expect: { rows: [{ Count: 9 }, { Count: 2 }] }\n`
    const result = await run(text, RULE, {
      explain: async ({ prepared, run: { sources, runs }, mismatches, ruleSource }) => {
        asked.push(prepared.test.name, [...sources.keys()], runs.length, mismatches.length)
        asked.push(ruleSource.name)
        return [{ rows: [0], text: 'because' }]
      },
    })
    expect(asked).toEqual(['a', ['SigninLogs'], 1, 1, 'a.yaml'])
    expect(result.tests[0]?.why).toEqual([{ rows: [0], text: 'because' }])
  })

  it('stops the others where that is wanted', async () => {
    const text = 'tests:\n- { name: a, expect: rows }\n- { name: b, expect: none }\n'
    expect((await run(text, RULE, { bail: true })).tests.map(({ name }) => name)).toEqual(['a'])
  })
})

it('a test that is skipped says why', async () => {
  const [test] = (await run('tests: [{ name: a, skip: not yet, expect: rows }]')).tests
  expect(test).toMatchObject({ status: 'skipped', skip: 'not yet', outcome: undefined })
})
