import { describe, expect, it } from 'vitest'
import { type GeoLookup, replay } from '../../../src/index.ts'
import { scheduled } from './replay-of.ts'

const RULE = scheduled(
  "SigninLogs | where geo_info_from_ip_address(IPAddress).country == 'Examplia' | project IPAddress",
)

const tables = {
  SigninLogs: [
    { TimeGenerated: '2026-01-01T10:10:00Z', IPAddress: '192.0.2.1' },
    { TimeGenerated: '2026-01-01T10:20:00Z', IPAddress: '198.51.100.1' },
  ],
}

describe('a replayed rule that asks where an address is', () => {
  it('is told by the function or database of the replay', async () => {
    const geoip: GeoLookup = address => (address === '192.0.2.1' ? { country: 'Examplia' } : null)
    const { alerts } = await replay({ rules: [RULE], tables, geoip })
    expect(alerts.flatMap(({ rows }) => rows)).toEqual([['192.0.2.1']])
  })

  it('fails, as a rule and not as a whole, where there is none', async () => {
    const { runs, findings } = await replay({ rules: [RULE], tables })
    expect(runs.map(({ status }) => status)).toEqual(['failed'])
    expect(findings.map(({ message }) => message).join('\n')).toContain('--geoip FILE')
  })

  it('finds nothing where there is none and that was said', async () => {
    const { runs } = await replay({ rules: [RULE], tables, geoip: 'none' })
    expect(runs.map(({ status, rows }) => [status, rows])).toEqual([['quiet', 0]])
  })
})
