import { describe, expect, it } from 'vitest'
import { anchorOf, compareWithExported } from '../../../src/replay/compare-export.ts'
import {
  type ExportedAlert,
  exportedAlerts,
  exportRow,
} from '../../../src/replay/exported-alerts.ts'
import type { RuleReplay } from '../../../src/replay/replay.ts'
import { at, clock, type Event, MINUTE, replayOf, scheduled, type Times } from './replay-of.ts'

const EVENTS: Event[] = [
  { TimeGenerated: '10:10', user: 'ann@x.example', what: 'reset' },
  { TimeGenerated: '10:20', user: 'bob@x.example', what: 'reset' },
  { TimeGenerated: '11:10', user: 'ann@x.example', what: 'delete' },
]

const MAPPING = [
  'entityMappings:',
  '  - entityType: Account',
  '    fieldMappings: [{ identifier: FullName, columnName: user }]',
].join('\n')
const EACH = `eventGroupingSettings: { aggregationKind: AlertPerResult }\n${MAPPING}`

async function ruleReplay(rule: string, times: Times = {}): Promise<RuleReplay> {
  const [replay] = (await replayOf(rule, EVENTS, times)).rules
  if (replay === undefined) throw new Error('no replay')
  return replay
}

interface Raised {
  readonly name?: string
  readonly severity?: string
  readonly rows?: number
  readonly accounts?: readonly string[]
}

let count = 0
/** An alert of the rule as Sentinel raised it, of a run with a window of an hour. */
function raised(run: string, { name = 'The rule', severity = 'Low', rows, accounts = [] }: Raised) {
  const to = at(run)
  const iso = (hour: string) => `2026-01-01 ${hour}:00Z`
  const properties = {
    'Query Start Time UTC': iso(clock(to - 60n * MINUTE)),
    'Query End Time UTC': iso(run),
    ...(rows === undefined ? {} : { 'Search Query Results Overall Count': String(rows) }),
  }
  const entities = accounts.map((account, index) => {
    const [Name, UPNSuffix] = account.split('@')
    return { $id: String(index), Name, UPNSuffix, AadUserId: 'known to Sentinel', Type: 'account' }
  })
  const [alert] = exportedAlerts([
    exportRow([
      `2026-01-01T${clock(to + 5n * MINUTE)}:02Z`,
      `id ${count++}`,
      name,
      name,
      severity,
      '00000000-0000-4000-8000-000000000000_6f1f4c0e-0000-4000-8000-000000000001',
      'ASI Scheduled Alerts',
      JSON.stringify(properties),
      accounts.length === 0 ? '' : JSON.stringify(entities),
    ]),
  ]).alerts
  return alert as ExportedAlert
}

const ANN = 'ann@x.example'
const BOB = 'bob@x.example'

describe('a replay against what Sentinel raised', () => {
  it.each(['azure-resource', 'azureresource', 'AzureResource'])(
    'has the entities that Sentinel calls %s',
    async Type => {
      const mapping = MAPPING.replace('Account', 'AzureResource').replace('FullName', 'ResourceId')
      const replay = await ruleReplay(scheduled('T', mapping))
      const [alert] = replay.alerts
      const entities = [ANN, BOB].map(ResourceId => ({ type: Type, identifiers: { ResourceId } }))
      const sentinel = { ...raised('11:00', { rows: 2 }), entities }
      expect(alert?.entities).toHaveLength(2)
      expect(compareWithExported(replay, [sentinel], MINUTE)).toMatchObject({
        differing: [],
        same: 1,
      })
    },
  )

  it('is the same where runs, names, severities, entities and rows are', async () => {
    const replay = await ruleReplay(scheduled('T', MAPPING))
    const sentinel = [
      raised('11:00', { rows: 2, accounts: [BOB, ANN] }),
      raised('12:00', { rows: 1, accounts: [ANN] }),
    ]
    expect(compareWithExported(replay, sentinel, MINUTE)).toEqual({
      missed: [],
      extra: [],
      differing: [],
      same: 2,
      uncovered: [],
      runs: { first: at('11:00'), last: at('12:00') },
    })
  })

  it('tells what differs', async () => {
    const replay = await ruleReplay(scheduled('T', MAPPING))
    const sentinel = [
      raised('11:00', {
        name: 'Old title',
        severity: 'High',
        rows: 3,
        accounts: [ANN, 'eve@x.example'],
      }),
      raised('12:00', { rows: 1, accounts: [ANN] }),
    ]
    const { differing, same } = compareWithExported(replay, sentinel, MINUTE)
    expect(same).toBe(1)
    expect(differing).toHaveLength(1)
    expect(differing[0]).toMatchObject({
      what: ['name', 'severity', 'entities', 'rows'],
      missedEntities: [{ identifiers: { Name: 'eve' } }],
      extraEntities: [{ identifiers: { FullName: BOB } }],
    })
  })

  it('tells what only one of them raised, and what the run gave', async () => {
    const replay = await ruleReplay(scheduled('T | where what == "reset"'))
    const { missed, extra } = compareWithExported(replay, [raised('12:00', { rows: 1 })], MINUTE)
    expect(missed.map(({ run, partly }) => [run?.status, run?.rows, partly])).toEqual([
      // The data end at 11:10, the window at 12:00.
      ['quiet', 0, true],
    ])
    expect(extra.map(({ runTime }) => clock(runTime))).toEqual(['11:00'])
  })

  it('does not judge what the data do not reach', async () => {
    const replay = await ruleReplay(scheduled('T'))
    const sentinel = [raised('09:00', {}), raised('13:00', {}), raised('11:00', { rows: 2 })]
    const { uncovered, missed, extra, same } = compareWithExported(replay, sentinel, MINUTE)
    expect(uncovered.map(({ runTime }) => clock(runTime))).toEqual(['09:00', '13:00'])
    expect({ missed, same }).toEqual({ missed: [], same: 1 })
    expect(extra.map(({ runTime }) => clock(runTime))).toEqual(['12:00'])
  })

  it('judges only runs between from and to', async () => {
    const replay = await ruleReplay(scheduled('T'), { from: '11:30' })
    const { uncovered, same } = compareWithExported(
      replay,
      [raised('11:00', {}), raised('12:00', { rows: 1 })],
      MINUTE,
    )
    expect([uncovered.length, same]).toEqual([1, 1])
  })

  it('takes runs within the tolerance for the same one', async () => {
    const replay = await ruleReplay(scheduled('T'))
    const sentinel = [raised('11:04', { rows: 2 }), raised('12:00', { rows: 1 })]
    expect(compareWithExported(replay, sentinel, 4n * MINUTE)).toMatchObject({ same: 2, extra: [] })
    const strict = compareWithExported(replay, sentinel, 3n * MINUTE)
    expect(strict).toMatchObject({ same: 1, missed: [{ run: undefined }] })
    expect(strict.extra).toHaveLength(1)
  })

  it('puts the alerts of a run together by what they have in common', async () => {
    const replay = await ruleReplay(scheduled('T', EACH))
    const { missed, extra, differing, same } = compareWithExported(
      replay,
      [
        raised('11:00', { accounts: [BOB] }),
        raised('11:00', { name: 'Old title', accounts: [ANN] }),
        raised('11:00', { name: 'Other', accounts: ['eve@x.example'] }),
        raised('12:00', { accounts: [ANN] }),
      ],
      MINUTE,
    )
    expect(same).toBe(2)
    expect(differing.map(({ sentinel, what }) => [sentinel.name, what])).toEqual([
      ['Old title', ['name']],
    ])
    expect(missed.map(({ alert }) => alert.name)).toEqual(['Other'])
    expect(extra).toEqual([])
  })

  it('puts alerts of one name and without entities together by their severities', async () => {
    const fields = [
      'eventGroupingSettings: { aggregationKind: AlertPerResult }',
      'alertDetailsOverride: { alertSeverityColumnName: weight }',
    ].join('\n')
    const query = 'T | extend weight = iff(user startswith "ann", "High", "Low")'
    const replay = await ruleReplay(scheduled(query, fields))
    const sentinel = [
      raised('11:00', { severity: 'Low' }),
      raised('11:00', { severity: 'High' }),
      raised('12:00', { severity: 'Medium' }),
    ]
    const { missed, extra, differing, same } = compareWithExported(replay, sentinel, MINUTE)
    expect(same).toBe(2)
    expect(differing.map(({ what }) => what)).toEqual([['severity']])
    expect([...missed, ...extra]).toEqual([])
  })

  it('takes the only alert of a run on both sides for the same one', async () => {
    const replay = await ruleReplay(scheduled('T', MAPPING))
    const sentinel = [raised('11:00', { name: 'Old', accounts: ['eve@x.example'] })]
    const { differing } = compareWithExported(replay, sentinel, MINUTE)
    expect(differing.map(({ what }) => what)).toEqual([['name', 'entities']])
  })
})

describe('anchorOf', () => {
  const HOUR = 60n * MINUTE

  it('takes the phase that most alerts have', () => {
    const alerts = ['10:23', '11:00', '12:23', '14:23'].map(run => raised(run, {}))
    const anchor = anchorOf(alerts, HOUR) ?? 0n
    expect((anchor - at('00:23')) % HOUR).toBe(0n)
  })

  it('prefers a run that is known to the tick', () => {
    const rounded = raised('10:24', {})
    const exact: ExportedAlert = {
      ...raised('11:24', {}),
      runTime: at('11:23:59.107'),
      precision: 'tick',
    }
    expect(anchorOf([rounded, exact], HOUR)).toBe(at('11:23:59.107'))
  })

  it('gives none without alerts', () => {
    expect(anchorOf([], HOUR)).toBeUndefined()
  })
})
