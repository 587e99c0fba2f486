import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  EXPORT_COLUMNS,
  type ExportRow,
  exportedAlerts,
  exportRow,
  exportTimes,
} from '../../../src/replay/exported-alerts.ts'
import { at } from './replay-of.ts'

const ID = '6f1f4c0e-0000-4000-8000-000000000001'
const WORKSPACE = '0aaaaaaa-0000-4000-8000-000000000000'

/** A row of the export with the values that matter. */
function row(values: Partial<ExportRow>): ExportRow {
  const empty = exportRow([])
  return { ...empty, TimeGenerated: '2026-01-01T11:05:03Z', SystemAlertId: 's1', ...values }
}

const one = (values: Partial<ExportRow>) => exportedAlerts([row(values)]).alerts[0]

describe('an exported alert', () => {
  it('has its rule from the type and the properties', () => {
    const properties = {
      'Analytic Rule Ids': `["${ID}"]`,
      'Analytic Rule Name': 'The rule',
    }
    const AlertType = `${WORKSPACE}_${ID.toUpperCase()}`
    const found = one({ AlertType, ExtendedProperties: JSON.stringify(properties) })
    expect(found).toMatchObject({ ruleIds: [ID], ruleName: 'The rule', isOfRule: true })
    expect(one({ ExtendedProperties: JSON.stringify(properties) })?.ruleIds).toEqual([ID])
    expect(one({ AlertType: 'x_y', ProviderName: 'MDATP' })).toMatchObject({
      ruleIds: [],
      isOfRule: false,
    })
    expect(one({ ProviderName: 'ASI Scheduled Alerts' })?.isOfRule).toBe(true)
  })

  it('ran when its query says, else its window, else before the delay', () => {
    const window = {
      'Query Start Time UTC': '2026-01-01 10:00:00Z',
      'Query End Time UTC': '2026-01-01 11:00:00Z',
    }
    const Query = '// About it.\nset query_now = datetime(2026-01-01T10:59:59.5000000Z);\nT'
    const exact = one({ ExtendedProperties: JSON.stringify({ ...window, Query }) })
    expect(exact).toMatchObject({ precision: 'tick', runTime: at('10:59:59.5') })
    expect(exact?.window).toEqual({ from: at('10:00'), to: at('11:00') })
    const rounded = one({ ExtendedProperties: JSON.stringify(window) })
    expect(rounded).toMatchObject({ precision: 'second', runTime: at('11:00') })
    const bare = one({})
    expect(bare).toMatchObject({ precision: 'delay', runTime: at('11:00:03'), window: undefined })
  })

  it('has its entities without references and what is nested', () => {
    const Entities = JSON.stringify([
      { $id: '2', Name: 'ann', UPNSuffix: 'x.example', Host: { $ref: '3' }, Type: 'account' },
      { $id: '3', Address: '192.0.2.1', Location: { City: 'x' }, Type: 'ip' },
      'no entity',
      { $ref: '2' },
    ])
    expect(one({ Entities })?.entities).toEqual([
      { type: 'account', identifiers: { Name: 'ann', UPNSuffix: 'x.example' } },
      { type: 'ip', identifiers: { Address: '192.0.2.1' } },
    ])
  })

  it.each(['{"a":', '[]', '1', 'null', '"x"', '{"Query Start Time UTC":{},"Query":7}'])(
    'with %j in its properties tells nothing of its run',
    text => {
      expect(one({ ExtendedProperties: text, Entities: text })).toMatchObject({
        precision: 'delay',
        ruleIds: [],
        entities: [],
        resultCount: undefined,
      })
    },
  )

  it('counts once, as it was raised, however often its state changed', () => {
    const { alerts, changes, unusable } = exportedAlerts([
      row({ TimeGenerated: '2026-01-01T12:00:00Z', AlertSeverity: 'High' }),
      row({ AlertSeverity: 'Low' }),
      row({ TimeGenerated: '2026-01-01T13:00:00Z', AlertSeverity: 'Medium' }),
      row({ TimeGenerated: '2026-01-01T10:00:00Z', SystemAlertId: 's2' }),
      row({ SystemAlertId: '' }),
      row({ TimeGenerated: 'soon' }),
    ])
    expect(alerts.map(({ id, severity }) => [id, severity])).toEqual([
      ['s2', ''],
      ['s1', 'Low'],
    ])
    expect({ changes, unusable }).toEqual({ changes: 2, unusable: 2 })
  })
})

const SAMPLE = new URL(
  '../../../../shared/samples/loganalytics-api/query_v1_SecurityAlert_real.json',
  import.meta.url,
)
const hasSample = existsSync(SAMPLE)
if (!hasSample) console.log('skipped: there is no ../shared/samples')

describe.skipIf(!hasSample)('an export of a workspace', () => {
  it('tells rule, run and window of its alerts', () => {
    const { tables } = JSON.parse(readFileSync(SAMPLE, 'utf8'))
    const names: string[] = tables[0].columns.map((column: { name: string }) => column.name)
    const rows = tables[0].rows.map((values: unknown[]) =>
      exportRow(EXPORT_COLUMNS.map(name => String(values[names.indexOf(name)] ?? ''))),
    )
    const exported = exportedAlerts(rows)
    expect(exported).toMatchObject({ changes: 0, unusable: 0 })
    expect(exported.alerts).toHaveLength(2)
    for (const alert of exported.alerts) {
      expect(alert).toMatchObject({
        ruleIds: ['8a0d8e78-58a9-4d66-af3a-b054778b4aa2'],
        ruleName: 'Sentinel Test alert',
        precision: 'tick',
        resultCount: 12,
        entities: [],
      })
      // The window is told with its end rounded up to the second.
      const { window, runTime } = alert
      expect((window?.to ?? 0n) - runTime).toBe(8_930_000n)
      expect((window?.to ?? 0n) - (window?.from ?? 0n)).toBe(180_010_000_000n)
    }
    const { from, to } = exportTimes(exported)
    expect((to - from) / 864_000_000_000n).toBe(17n)
  })
})
