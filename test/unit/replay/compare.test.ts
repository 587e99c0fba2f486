import { describe, expect, it } from 'vitest'
import { compareReplays } from '../../../src/replay/compare.ts'
import { clock, type Event, replayOf, scheduled } from './replay-of.ts'

const EVENTS: Event[] = [
  { TimeGenerated: '10:10', user: 'ann', what: 'reset' },
  { TimeGenerated: '10:20', user: 'bob', what: 'reset' },
  { TimeGenerated: '11:10', user: 'ann', what: 'delete' },
]

async function compared(before: string, after: string) {
  return compareReplays(await replayOf(before, EVENTS), await replayOf(after, EVENTS))
}

describe('two replays', () => {
  it('of equal rules are the same', async () => {
    const rule = scheduled('T')
    expect(await compared(rule, rule)).toEqual({ gained: [], lost: [], changed: [], same: 2 })
  })

  it('differ by alerts that only one has', async () => {
    const narrow = await compared(scheduled('T'), scheduled('T | where what == "reset"'))
    expect(narrow.lost.map(({ runTime }) => clock(runTime))).toEqual(['12:00'])
    expect(narrow).toMatchObject({ gained: [], changed: [], same: 1 })
    const wide = await compared(scheduled('T | where what == "reset"'), scheduled('T'))
    expect(wide.gained.map(({ runTime }) => clock(runTime))).toEqual(['12:00'])
  })

  it('differ by the rows that an alert is about', async () => {
    const { changed, same } = await compared(scheduled('T'), scheduled('T | where user == "ann"'))
    expect(changed.map(({ what, lostRows }) => [what, lostRows.map(row => row[1])])).toEqual([
      [['rows'], ['bob']],
    ])
    expect(same).toBe(1)
  })

  it('differ by name and severity', async () => {
    const after = scheduled('T', 'alertDetailsOverride: { alertDisplayNameFormat: "{{user}}" }')
    const { changed } = await compared(
      scheduled('T'),
      after.replace('severity: Low', 'severity: High'),
    )
    expect(changed.map(({ what, after: { name } }) => [what, name])).toEqual([
      [['name', 'severity'], 'ann'],
      [['name', 'severity'], 'ann'],
    ])
  })

  it('differ by the incident that an alert is in', async () => {
    const grouped = [
      'incidentConfiguration:',
      '  groupingConfiguration: { enabled: true, matchingMethod: AnyAlert, lookbackDuration: 5h }',
    ].join('\n')
    const { changed } = await compared(scheduled('T'), scheduled('T', grouped))
    expect(changed.map(({ what, after }) => [what, clock(after.runTime)])).toEqual([
      [['incident'], '12:00'],
    ])
  })

  it('of rules that raise an alert a row are compared row by row', async () => {
    const each = 'eventGroupingSettings: { aggregationKind: AlertPerResult }'
    const { lost, same } = await compared(
      scheduled('T', each),
      scheduled('T | where user == "ann" or what == "x"', each),
    )
    expect(lost.map(({ rows }) => rows[0]?.[1])).toEqual(['bob'])
    expect(same).toBe(2)
  })
})
