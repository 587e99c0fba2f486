import { describe, expect, expectTypeOf, it } from 'vitest'
import { type ReplayEvent, replay, replayEvents } from '../../../src/index.ts'
import { scheduled } from './replay-of.ts'

const at = (time: string) => ({ TimeGenerated: `2026-01-01T${time}:00Z`, ResultType: '1' })
const tables = { SigninLogs: [at('10:10'), at('11:10'), at('12:10')] }
const first = scheduled('SigninLogs | where ResultType == "1"', '', '1h', '2h')
const second = scheduled('SigninLogs | project UserPrincipalName').replaceAll('0001', '0002')

const textOf = (event: ReplayEvent): string => {
  switch (event.kind) {
    case 'run':
      return `run ${event.run.time.slice(11, 16)} ${event.run.status}`
    case 'alert':
      return `alert ${event.alert.time.slice(11, 16)}`
    case 'finding':
      return event.finding.code
    case 'incident':
      return `incident ${event.incident.number}`
    case 'end':
      return event.interrupted ? 'interrupted' : 'end'
  }
}

async function collect(events: AsyncIterable<ReplayEvent>): Promise<string[]> {
  const texts: string[] = []
  for await (const event of events) texts.push(textOf(event))
  return texts
}

describe('replayEvents', () => {
  it('gives what is known as it is known', async () => {
    expectTypeOf(replayEvents).returns.toEqualTypeOf<AsyncGenerator<ReplayEvent, void>>()
    const options = { rules: [first, second], tables, to: '2026-01-01T12:00:00Z' }
    expect(await collect(replayEvents(options))).toEqual([
      // What is wrong with the second rule.
      'KQL407',
      'run 11:00 fired',
      'alert 11:05',
      'run 12:00 fired',
      'alert 12:05',
      // The row of 10:10 alerted twice.
      'KQL500',
      'run 11:00 fired',
      'alert 11:05',
      'run 12:00 fired',
      'alert 12:05',
      'KQL500',
      'incident 1',
      'incident 2',
      'incident 3',
      'incident 4',
      'end',
    ])
  })

  it('gives the same as the whole result', async () => {
    const options = { rules: [first, second], tables }
    const { runs, alerts, incidents, findings } = await replay(options)
    const events: ReplayEvent[] = []
    for await (const event of replayEvents(options)) events.push(event)
    const of = <K extends ReplayEvent['kind']>(kind: K) => events.filter(each => each.kind === kind)
    expect(of('run')).toEqual(runs.map(run => ({ kind: 'run', run })))
    expect(of('incident')).toEqual(incidents.map(incident => ({ kind: 'incident', incident })))
    expect(of('finding')).toEqual(findings.map(finding => ({ kind: 'finding', finding })))
    expect(of('alert')).toHaveLength(alerts.length)
  })

  it('ends with what there is where the signal is aborted', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const texts: string[] = []
    for await (const event of replayEvents({ rules: [first, second], tables, signal })) {
      texts.push(textOf(event))
      if (event.kind === 'alert') controller.abort()
    }
    expect(texts).toEqual(['KQL407', 'run 11:00 fired', 'alert 11:05', 'incident 1', 'interrupted'])
    await expect(replay({ rules: [first], tables, signal })).rejects.toThrow()
  })

  it('ends where the loop is left', async () => {
    let count = 0
    for await (const event of replayEvents({ rules: [first], tables })) {
      if (event.kind === 'run') count++
      break
    }
    expect(count).toBe(1)
  })
})

describe('warmUp', () => {
  it('leaves out runs whose window begins before the data', async () => {
    // The data begin at 10:10 and the window has two hours: 12:10 is the first time that is seen whole.
    const runs = async (warmUp: boolean) => {
      const found = await replay({ rules: [first], tables, warmUp })
      return found.runs.map(({ time }) => time.slice(11, 16))
    }
    expect(await runs(false)).toEqual(['11:00', '12:00', '13:00', '14:00'])
    expect(await runs(true)).toEqual(['13:00', '14:00'])
  })
})
