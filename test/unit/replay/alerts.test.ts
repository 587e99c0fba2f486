import { describe, expect, it } from 'vitest'
import { entityData } from '../../../src/replay/entities.ts'
import { securityAlertRow } from '../../../src/replay/security-tables.ts'
import { at, clock, type Event, replayOf, scheduled } from './replay-of.ts'

const event = (TimeGenerated: string, more: Partial<Event> = {}): Event => ({
  TimeGenerated,
  user: 'ann',
  what: 'reset',
  ...more,
})

/** So many events in one window, each of another user. */
const users = (count: number): Event[] =>
  Array.from({ length: count }, (_, index) =>
    event('10:10', { user: `user${String(index).padStart(4, '0')}@contoso.example` }),
  )

const PER_RESULT = 'eventGroupingSettings: { aggregationKind: AlertPerResult }'
const ACCOUNT = [
  'entityMappings:',
  '  - entityType: Account',
  '    fieldMappings: [{ identifier: FullName, columnName: user }]',
].join('\n')

describe('event grouping', () => {
  it('is one alert about all rows of a run', async () => {
    const { alerts } = await replayOf(scheduled('T'), users(3))
    expect(alerts).toHaveLength(1)
    expect(alerts[0]).toMatchObject({ resultCount: 3, aggregated: false, name: 'The rule' })
    expect(alerts[0]?.rows).toHaveLength(3)
  })

  it.each([
    [149, 149, 0],
    [150, 150, 0],
    [151, 150, 151],
    [400, 150, 400],
  ])('is an alert a row: %i rows give %i alerts', async (rows, count, inLast) => {
    const rule = scheduled('T | sort by user asc', PER_RESULT)
    const { alerts, findings } = await replayOf(rule, users(rows))
    expect(alerts).toHaveLength(count)
    expect(alerts.slice(0, 149).every(alert => alert.rows.length === 1)).toBe(true)
    expect(alerts[0]?.rows[0]?.[1]).toBe('user0000@contoso.example')
    const last = alerts.at(-1)
    expect(last?.aggregated).toBe(inLast > 0)
    if (inLast > 0) expect(last?.rows).toHaveLength(inLast)
    expect(findings.map(({ code }) => code)).toEqual(inLast > 0 ? ['KQL505'] : [])
  })

  it('is capped at 30 near real time', async () => {
    const rule = ['name: n', 'kind: NRT', 'severity: Low', 'query: T', PER_RESULT, ''].join('\n')
    expect((await replayOf(rule, users(31))).alerts.map(({ rows }) => rows.length)).toEqual([
      ...Array(29).fill(1),
      31,
    ])
  })
})

describe('the times of an alert', () => {
  it('are those of its rows, and it is raised five minutes after the run', async () => {
    const { alerts } = await replayOf(scheduled('T'), [event('10:20'), event('10:40')])
    const [alert] = alerts
    expect(alert && [alert.startTime, alert.endTime, alert.runTime, alert.time].map(clock)).toEqual(
      ['10:20', '10:40', '11:00', '11:05'],
    )
  })

  it('are those of the window where rows have no TimeGenerated', async () => {
    const { alerts } = await replayOf(scheduled('T | project user'), [event('10:20')])
    const [alert] = alerts
    expect(alert && [alert.startTime, alert.endTime].map(clock)).toEqual(['10:00', '11:00'])
  })

  it('are those of the minute of a run near real time', async () => {
    const rule = ['name: n', 'kind: NRT', 'severity: Low', 'query: T | project user', ''].join('\n')
    const { alerts } = await replayOf(rule, [event('08:00:30'), event('10:20')])
    expect(alerts.map(each => [each.startTime, each.endTime].map(clock))).toEqual([
      ['08:00', '08:01'],
      ['10:19', '10:20'],
    ])
  })
})

describe('the times of an alert whose TimeGenerated is something else', () => {
  it.each(['long(5)', '1h'])('are those of the window: %s', async value => {
    const rule = scheduled(`T | project user, TimeGenerated = ${value}`)
    const [alert] = (await replayOf(rule, [event('10:20')])).alerts
    expect(alert && [alert.startTime, alert.endTime].map(clock)).toEqual(['10:00', '11:00'])
  })
})

describe('entities', () => {
  it('are what the mappings make of the rows, each once', async () => {
    const { alerts } = await replayOf(scheduled('T', ACCOUNT), [
      event('10:10', { user: 'ann@contoso.example' }),
      event('10:20', { user: 'bob' }),
      event('10:30', { user: 'ann@contoso.example' }),
    ])
    expect(alerts[0]?.entities).toEqual([
      { type: 'Account', identifiers: { FullName: 'ann@contoso.example' } },
      { type: 'Account', identifiers: { FullName: 'bob' } },
    ])
  })

  it('are each once in an alert, whichever mappings and in which order of identifiers give them', async () => {
    const name = '{ identifier: Name, columnName: user }'
    const domain = '{ identifier: DnsDomain, columnName: what }'
    const fields = [
      'entityMappings:',
      `  - { entityType: Account, fieldMappings: [${name}, ${domain}] }`,
      `  - { entityType: Account, fieldMappings: [${domain}, ${name}] }`,
      '  - { entityType: Account, fieldMappings: [{ identifier: Name, columnName: what }] }',
    ].join('\n')
    const rows = [event('10:10'), event('10:20', { user: 'bob', what: '' })]
    const { alerts } = await replayOf(scheduled('T', fields), rows)
    expect(alerts[0]?.entities).toEqual([
      { type: 'Account', identifiers: { Name: 'ann', DnsDomain: 'reset' } },
      { type: 'Account', identifiers: { Name: 'bob' } },
      { type: 'Account', identifiers: { Name: 'reset' } },
    ])
  })

  it.each([
    ['AzureResource', 'ResourceId', 'azure-resource'],
    ['RegistryKey', 'Key', 'registry-key'],
    ['MailMessage', 'Recipient', 'mail-message'],
    ['SubmissionMail', 'Recipient', 'SubmissionMail'],
    ['FileHash', 'Algorithm', 'filehash'],
  ])('of the type %s are called as Sentinel calls them', (type, identifier, Type) => {
    expect(entityData({ type, identifiers: { [identifier]: 'x' } }, 0)).toEqual({
      $id: '2',
      [identifier]: 'x',
      Type,
    })
  })

  it('are none of a type that is none', async () => {
    const rule = scheduled('T', ACCOUNT.replace('Account', 'constructor'))
    const { alerts, findings } = await replayOf(rule, [event('10:10')])
    expect(alerts[0]?.entities).toEqual([])
    expect(findings).toEqual([])
  })

  it('are none where nothing is mapped that one needs, which is told of the rule alone', async () => {
    const rule = scheduled('T', ACCOUNT.replace('FullName', 'DisplayName'))
    const { alerts, findings } = await replayOf(rule, [event('10:10')])
    expect(alerts[0]?.entities).toEqual([])
    expect(findings).toEqual([])
  })

  it('need a value of a required identifier', async () => {
    const { alerts, findings } = await replayOf(scheduled('T', ACCOUNT), [
      event('10:10', { user: '' }),
      event('10:20'),
    ])
    expect(alerts[0]?.entities).toHaveLength(1)
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'KQL503 1 row gave no Account: its identifiers are empty.',
    ])
  })

  it('need both of identifiers that are required together', async () => {
    const hash = (fields: string) =>
      scheduled('T', `entityMappings:\n  - entityType: FileHash\n    fieldMappings: [${fields}]`)
    const algorithm = '{ identifier: Algorithm, columnName: what }'
    const value = '{ identifier: Value, columnName: user }'
    const both = await replayOf(hash(`${algorithm}, ${value}`), [event('10:10')])
    expect(both.alerts[0]?.entities).toHaveLength(1)
    const one = await replayOf(hash(value), [event('10:10')])
    expect(one.alerts[0]?.entities).toEqual([])
  })

  it('are at most 500, shared equally by the mappings', async () => {
    const two = `${ACCOUNT}\n  - entityType: DNS\n    fieldMappings: [{ identifier: DomainName, columnName: user }]`
    const { alerts, findings } = await replayOf(scheduled('T', two), users(300))
    const types = alerts[0]?.entities.map(({ type }) => type) ?? []
    expect(types.filter(type => type === 'Account')).toHaveLength(250)
    expect(types.filter(type => type === 'DNS')).toHaveLength(250)
    expect(findings.map(({ message }) => message)).toEqual([
      '100 entities beyond the limits were left out.',
    ])
  })

  it('are the share of one mapping where the share of another has no room for them', async () => {
    const two = `${ACCOUNT}\n  - { entityType: Account, fieldMappings: [{ identifier: FullName, columnName: user }] }`
    const { alerts, findings } = await replayOf(scheduled('T', two), users(300))
    const names = alerts[0]?.entities.map(({ identifiers }) => identifiers.FullName) ?? []
    expect(names).toEqual(users(300).map(({ user }) => user))
    expect(findings).toEqual([])
  })

  it('are at most 64 KB', async () => {
    const long = Array.from({ length: 30 }, (_, index) =>
      event('10:10', { user: `${index}${'x'.repeat(4000)}` }),
    )
    const { alerts } = await replayOf(scheduled('T', ACCOUNT), long)
    const text = JSON.stringify(alerts[0]?.entities)
    expect(alerts[0]?.entities).toHaveLength(16)
    expect(text.length).toBeLessThan(65_536 + 16 * 40)
  })

  it('are at most 64 KB as the column has them, to the byte', async () => {
    const dataOf = async (names: readonly string[]) => {
      const rows = names.map(user => event('10:10', { user }))
      const { alerts } = await replayOf(scheduled('T', ACCOUNT), rows)
      return alerts[0]?.entities.map(entityData) ?? []
    }
    // Brackets, the number, the type and the quotes of one entity are 40 bytes.
    expect(JSON.stringify(await dataOf(['x'.repeat(65_496)]))).toHaveLength(65_536)
    expect(await dataOf(['x'.repeat(65_497)])).toEqual([])
    const many = Array.from({ length: 500 }, (_, index) => `${index + 100}${'x'.repeat(90)}`)
    const data = await dataOf(many)
    // Eight entities of 131 bytes, 90 of 132 and 391 of 133, with the commas between.
    expect(data).toHaveLength(489)
    expect(JSON.stringify(data)).toHaveLength(65_421)
  })
})

describe('the name and description of an alert', () => {
  const format = (name: string, more = '') =>
    scheduled(
      'T',
      `alertDetailsOverride:\n  alertDisplayNameFormat: ${JSON.stringify(name)}\n${more}`,
    )

  it('have the values of columns in place of {{…}}', async () => {
    const { alerts, findings } = await replayOf(format('{{user}} did {{ what }} {no} {{user}}'), [
      event('10:10'),
    ])
    expect(alerts[0]?.name).toBe('ann did reset {no} ann')
    expect(alerts[0]?.description).toBe('What it is about.')
    expect(findings).toEqual([])
  })

  it('are those of the rule where a value is missing', async () => {
    const { alerts, findings } = await replayOf(format('{{user}} did {{what}}'), [
      event('10:10', { what: '' }),
    ])
    expect(alerts[0]?.name).toBe('The rule')
    expect(findings.map(({ code }) => code)).toEqual(['KQL502'])
  })

  it('name the first value where rows have several, which is told', async () => {
    const { alerts, findings } = await replayOf(format('{{user}}'), [
      event('10:10', { user: '' }),
      event('10:20', { user: 'bob' }),
      event('10:30', { user: 'cid' }),
    ])
    expect(alerts[0]?.name).toBe('bob')
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'KQL501 In 1 alert the text names one value of `user`, where the rows have several (up to 3 rows).',
    ])
  })

  it('name the first value in the alert beyond the cap, where no other grouping would help', async () => {
    const rule = scheduled(
      'T',
      `${PER_RESULT}\nalertDetailsOverride: { alertDisplayNameFormat: "{{user}}" }`,
    )
    const { findings } = await replayOf(rule, users(151))
    const told = findings.find(({ code }) => code === 'KQL501')
    expect(told?.message).toMatch(/^In 1 alert the text names one value of `user`/)
    expect(told?.hint).toBeUndefined()
    const single = await replayOf(rule.replace(PER_RESULT, ''), users(2))
    expect(single.findings[0]?.hint).toContain('AlertPerResult')
  })

  it('are those of the rule where the text is longer than 256 bytes', async () => {
    const name = (length: number) =>
      replayOf(format('{{user}}'), [event('10:10', { user: 'é'.repeat(length) })])
    expect((await name(128)).alerts[0]?.name).toBe('é'.repeat(128))
    expect((await name(129)).alerts[0]?.name).toBe('The rule')
  })

  it('are those of the rule where the description is longer than 5 KB', async () => {
    const rule = scheduled(
      'T',
      'alertDetailsOverride: { alertDescriptionFormat: "{{user}}", alertDisplayNameFormat: "{{what}}" }',
    )
    const description = async (length: number) => {
      const { alerts } = await replayOf(rule, [event('10:10', { user: 'x'.repeat(length) })])
      expect(alerts[0]?.name).toBe('reset')
      return alerts[0]?.description
    }
    expect(await description(5120)).toBe('x'.repeat(5120))
    expect(await description(5121)).toBe('What it is about.')
  })

  it('come with a severity and tactics of columns, where those are such', async () => {
    const rule = scheduled(
      'T | extend tactics = what',
      'tactics: [Impact]\nalertDetailsOverride:\n  alertSeverityColumnName: severity\n  alertTacticsColumnName: tactics',
    )
    const of = async (severity: string, what: string) => {
      const { alerts } = await replayOf(rule, [event('10:10', { severity, what })])
      return [alerts[0]?.severity, alerts[0]?.tactics]
    }
    expect(await of('high', '["Execution","Discovery"]')).toEqual([
      'High',
      ['Execution', 'Discovery'],
    ])
    expect(await of('Critical', 'Everything')).toEqual(['Low', ['Impact']])
    expect(await of('', '')).toEqual(['Low', ['Impact']])
  })

  it('come with properties of columns, where those are such', async () => {
    const of = async (property: string, user: string) => {
      const fields = `relevantTechniques: [T1059]\nalertDetailsOverride:\n  alertDynamicProperties: [{ alertProperty: ${property}, value: user }]`
      const { alerts, rules, findings } = await replayOf(scheduled('T', fields), [
        event('10:10', { user }),
      ])
      const [alert] = alerts
      if (alert === undefined || rules[0] === undefined) throw new Error('no alert')
      const row = securityAlertRow(alert, rules[0].rule)
      return [row[property], ...findings.map(({ code, message }) => `${code} ${message}`)]
    }
    expect(await of('Techniques', 'T1078, T1110')).toEqual(['["T1078","T1110"]'])
    expect(await of('Techniques', '["T1078"]')).toEqual(['["T1078"]'])
    expect(await of('Techniques', 'phishing')).toEqual(['["T1059"]'])
    expect(await of('ConfidenceLevel', 'High')).toEqual(['High'])
    expect(await of('ConfidenceLevel', 'Sure')).toEqual([''])
    expect(await of('ConfidenceScore', '0.5')).toEqual([0.5])
    expect(await of('ConfidenceScore', '7')).toEqual([null])
    expect(await of('ConfidenceScore', 'much')).toEqual([null])
    expect(await of('ConfidenceScore', ' ')).toEqual([null])
    const long = 'KQL504 1 value of alertDynamicProperties beyond the limits was left out.'
    expect(await of('AlertLink', 'x'.repeat(256))).toEqual(['x'.repeat(256)])
    expect(await of('AlertLink', 'x'.repeat(257))).toEqual(['', long])
    expect(await of('ProductName', 'x'.repeat(257))).toEqual(['Azure Sentinel', long])
    expect(await of('ExtendedLinks', 'x'.repeat(5120))).toEqual(['x'.repeat(5120)])
    expect(await of('ExtendedLinks', 'x'.repeat(5121))).toEqual(['', long])
  })

  it('take an empty column name for none', async () => {
    const rule = scheduled('T', 'alertDetailsOverride: { alertSeverityColumnName: "" }')
    expect((await replayOf(rule, [event('10:10')])).alerts[0]?.severity).toBe('Low')
  })
})

describe('a run whose rows are of no entity, name or time', () => {
  it('raises an alert without', async () => {
    // It fires on silence: there is no row that anything could be taken from.
    const rule = scheduled(
      'T | where user == "bob"',
      `${ACCOUNT}\nalertDetailsOverride: { alertDisplayNameFormat: "{{user}}" }\ncustomDetails: { Who: user }`,
    ).replace('triggerOperator: gt', 'triggerOperator: eq')
    const { alerts } = await replayOf(rule, [event('09:10'), event('11:00')])
    expect(alerts).toMatchObject([
      { name: 'The rule', entities: [], customDetails: {}, resultCount: 0, rows: [] },
    ])
    expect(alerts.map(({ startTime, endTime }) => [startTime, endTime].map(clock))).toEqual([
      ['10:00', '11:00'],
    ])
  })
})

describe('custom details', () => {
  const rule = scheduled('T', 'customDetails: { Who: user, Did: what }')

  it('are the distinct values of columns, in the order of the rows', async () => {
    const { alerts } = await replayOf(rule, [
      event('10:10', { user: 'bob' }),
      event('10:20', { user: 'ann' }),
      event('10:30', { user: 'bob', what: '' }),
    ])
    expect(alerts[0]?.customDetails).toEqual({ Who: ['bob', 'ann'], Did: ['reset'] })
  })

  it('are 50 values of a detail at most, and 2 KB in all', async () => {
    const many = await replayOf(
      rule,
      Array.from({ length: 60 }, (_, index) => event('10:10', { user: `u${index}` })),
    )
    expect(many.alerts[0]?.customDetails.Who).toHaveLength(50)
    expect(many.findings.map(({ message }) => message)).toEqual([
      '10 values of custom details beyond the limits were left out.',
    ])
    const long = await replayOf(
      rule,
      Array.from({ length: 10 }, (_, index) =>
        event('10:10', { user: `${index}${'x'.repeat(400)}` }),
      ),
    )
    // Each takes 404 bytes, the key and brackets 9: five are 2031 with the braces.
    expect(long.alerts[0]?.customDetails.Who).toHaveLength(5)
    expect(JSON.stringify(long.alerts[0]?.customDetails).length).toBeLessThanOrEqual(2048)
    const one = (length: number) => replayOf(rule, [event('10:10', { user: 'x'.repeat(length) })])
    // Braces, key, brackets and quotes are 12 bytes.
    const { alerts } = await one(2036)
    expect(JSON.stringify(alerts[0]?.customDetails)).toHaveLength(2048)
    expect((await one(2037)).alerts[0]?.customDetails).toEqual({ Did: ['reset'] })
  })
})

describe('the row of SecurityAlert', () => {
  it('has the columns and values of real ones', async () => {
    const { alerts, rules } = await replayOf(
      scheduled('T', `${ACCOUNT}\ntactics: [Impact, Discovery]`, '1h', '5h'),
      [event('10:10', { user: 'ann@contoso.example' })],
      { anchor: '10:23:59.107', to: '10:24' },
    )
    const [alert] = alerts
    if (alert === undefined || rules[0] === undefined) throw new Error('no alert')
    const row = securityAlertRow(alert, rules[0].rule)
    expect(row).toMatchObject({
      TimeGenerated: '2026-01-01T10:28:59.1070000Z',
      AlertName: 'The rule',
      AlertSeverity: 'Low',
      ProviderName: 'ASI Scheduled Alerts',
      StartTime: '2026-01-01T10:10:00.0000000Z',
      Entities: '[{"$id":"2","Name":"ann","UPNSuffix":"contoso.example","Type":"account"}]',
      Tactics: 'Impact,Discovery',
      Type: 'SecurityAlert',
    })
    expect(JSON.parse(String(row.ExtendedProperties))).toMatchObject({
      'Query Period': '05:00:00',
      'Trigger Operator': 'GreaterThan',
      'Trigger Threshold': '0',
      'Search Query Results Overall Count': '1',
      'Query Start Time UTC': '2026-01-01 05:23:59Z',
      'Query End Time UTC': '2026-01-01 10:24:00Z',
      'Event Grouping': 'SingleAlert',
    })
  })

  it('has the same identifiers for the same run, and others for others', async () => {
    const ids = async () => {
      const { alerts } = await replayOf(scheduled('T', PER_RESULT, '1h', '2h'), users(2))
      return alerts.map(({ id }) => id)
    }
    const first = await ids()
    expect(await ids()).toEqual(first)
    expect(new Set(first).size).toBe(4)
    expect(first[0]).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)
  })
})

it('a row that alerted in several runs is told with the cause', async () => {
  const { findings } = await replayOf(
    scheduled('T', '', '1h', '3h'),
    [event('10:10'), event('12:30')],
    {
      to: '13:00',
    },
  )
  expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'KQL500 1 of 2 rows raised alerts in more than one run, up to 3. queryPeriod (03:00:00) is longer than queryFrequency (01:00:00), so runs see the same rows.',
  ])
  expect(at('00:00')).toBe(639_028_224_000_000_000n)
})

it('a rule that tells from absence is not sure before the data begin', async () => {
  const query = 'T | join kind=leftanti (U) on user'
  const { findings } = await replayOf(scheduled(query, '', '1h', '2h'), [
    event('10:10'),
    event('13:10'),
  ])
  expect(findings.map(({ code }) => code)).toContain('KQL506')
  const message = findings.find(({ code }) => code === 'KQL506')?.message
  expect(message).toMatch(
    /^2 runs fired whose window begins before the data, at 2026-01-01T10:10:00/,
  )
})
