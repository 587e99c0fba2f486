import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { kqlab } from './kqlab.ts'

const folder = mkdtempSync(join(tmpdir(), 'kqlab-capture-'))
const other = mkdtempSync(join(tmpdir(), 'kqlab-capture-geo-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(other, { recursive: true })
})

const NAME = 'pim-role-activation-followed-by-non-interactive-token-use'
const RULE = `rules/${NAME}/${NAME}.yaml`
const LOGS = `rules/${NAME}/fixtures/log-analytics`
const NOW = '2026-03-17T15:42:07.3184605Z'

const capture = (...more: string[]) =>
  kqlab(['capture', RULE, '--data', LOGS, '--now', NOW, '-o', folder, ...more])

describe('kqlab capture', () => {
  it('makes tests of the least of the logs with which a rule fires, without who they are about', async () => {
    const { stdout, stderr, code } = await capture('--salt', 'pepper')
    expect([stderr, code]).toEqual(['', 0])
    expect(stdout).toContain(`${NAME}.tests.yaml: 2 rows of `)
    const text = readFileSync(join(folder, `${NAME}.tests.yaml`), 'utf8')
    // Every address and GUID of the logs, and every IP address.
    const logs = ['AuditLogs', 'AADNonInteractiveUserSignInLogs'].map(table =>
      readFileSync(`${LOGS}/${table}.ndjson`, 'utf8'),
    )
    const secrets = new Set(
      logs
        .join()
        .match(/[\w.#+-]+@[\w.-]+\w|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?:\d+\.){3}\d+/g),
    )
    expect(secrets.size).toBeGreaterThan(50)
    expect([...secrets].filter(secret => text.includes(secret))).toEqual([])
  })

  it('makes tests that hold', async () => {
    const { stdout, code } = await kqlab(['test', folder])
    expect(stdout).toMatch(/^[6-9] passed; 1 rule/m)
    expect(code).toBe(0)
  })

  it('writes over nothing', async () => {
    const { stderr, code } = await capture()
    expect(stderr).toContain('KQL611')
    expect(stderr).toContain('There are tests already.')
    expect(code).not.toBe(0)
    expect((await capture('--force')).code).toBe(0)
  })

  it('says where it cannot write', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const { stderr, code } = await capture('-o', join(file, 'below'))
    expect(stderr).toBe(
      `error: ${join(file, 'below', `${NAME}.tests.yaml`)} cannot be written: ` +
        'It is no folder, or lies in what is none.\n',
    )
    expect(code).toBe(2)
  })

  it('makes a test without rows of a rule that fires on silence', async () => {
    const rule = join(other, 'silent.yaml')
    const logs = join(other, 'silent.json')
    writeFileSync(rule, 'name: Silent\nkind: Hunting\nquery: AuditLogs | count | where Count < 2\n')
    writeFileSync(logs, '{"Type":"AuditLogs","TimeGenerated":"2026-03-17T14:40:00Z"}\n')
    const { stdout, stderr, code } = await kqlab(['capture', rule, '--data', logs])
    expect([stderr, code]).toEqual(['', 0])
    expect(stdout).toContain('silent.tests.yaml: 0 rows of 1')
    expect((await kqlab(['test', rule])).stdout).toContain('1 passed; 1 rule')
  })

  it('says why a run fails, and takes --geoip for the tests too', async () => {
    const rule = join(other, 'geo.yaml')
    const logs = join(other, 'geo.json')
    const query = 'AuditLogs | where isnull(geo_info_from_ip_address(Identity))'
    writeFileSync(rule, `name: Geo\nkind: Hunting\nquery: ${query}\n`)
    writeFileSync(logs, '{"Type":"AuditLogs","TimeGenerated":"2026-03-17T14:40:00Z"}\n')
    const command = ['capture', rule, '--data', logs]
    const failed = await kqlab(command)
    expect(failed.stderr).toContain('error[KQL107]: `geo_info_from_ip_address` needs')
    expect(failed.stderr).toContain('geo.yaml:3:')
    expect(failed.code).toBe(1)
    const made = await kqlab([...command, '--geoip', 'none'])
    expect([made.stderr, made.code]).toEqual(['', 0])
  })

  it('says where a rule does not fire', async () => {
    const { stderr, code } = await kqlab([
      'capture',
      RULE,
      '--data',
      LOGS,
      '--now',
      '2020-01-01',
      '-o',
      folder,
      '--force',
    ])
    expect(stderr).toContain('The rule does not fire at that time. now is 2020-01-01')
    expect(code).toBe(1)
  })
})

describe('kqlab mutate', () => {
  it('says that the tests of the bundled rules notice every change', async () => {
    const { stdout, code } = await kqlab(['mutate', 'rules', '--minimum-score', '95'])
    expect(stdout).toMatch(/^PIM Role .*: 100\.0 % \(25 killed, 0 survived, 4 equivalent\)$/m)
    expect(stdout).toMatch(/^Temporary .*: 100\.0 % \(23 killed, 0 survived, 2 equivalent\)$/m)
    expect(code).toBe(0)
  })

  it('fails below a score, and prints survivors at their places', async () => {
    await capture('--force')
    const { stdout, code } = await kqlab(['mutate', folder, '--minimum-score', '95'])
    expect(stdout).toMatch(new RegExp(`${NAME}\\.yaml:\\d+:\\d+: survived swap-operator`))
    expect(code).toBe(1)
    const json = JSON.parse((await kqlab(['mutate', folder, '--format', 'json'])).stdout)
    expect(json.score).toBeGreaterThan(0.5)
    expect(json.score).toBeLessThan(0.95)
    expect(json.mutants[0]).toMatchObject({
      rule: 'PIM Role Activation Followed by Non-Interactive Token Use',
      operator: expect.any(String),
      status: expect.stringMatching(/^(killed|survived|equivalent|invalid)$/),
      span: { start: expect.any(Number), end: expect.any(Number) },
    })
  })
})

describe('kqlab test --coverage', () => {
  it('covers the bundled rules whole, and writes reports', async () => {
    const path = join(folder, 'lcov.info')
    const options = ['--coverage', '--minimum-coverage', '100', '--coverage-report', `lcov=${path}`]
    const { stdout, code } = await kqlab(['test', 'rules', ...options])
    expect(stdout.match(/: 100 % covered/g)).toHaveLength(2)
    expect(code).toBe(0)
    expect(readFileSync(path, 'utf8').match(/^end_of_record$/gm)).toHaveLength(2)
  })

  it('refuses a report of no known form before any test runs', async () => {
    const { stdout, stderr, code } = await kqlab(['test', 'rules', '--coverage-report', 'x=y'])
    expect([stdout, code]).toEqual(['', 2])
    expect(stderr).toContain('--coverage-report takes FORMAT=PATH')
  })
})
