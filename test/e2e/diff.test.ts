import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, projectRoot } from './kqlab.ts'

const SLUG = 'pim-role-activation-followed-by-non-interactive-token-use'
const RULE = `rules/${SLUG}/${SLUG}.yaml`
const data = ['--data', `rules/${SLUG}/fixtures/log-analytics`]

const narrower = readFileSync(join(projectRoot, RULE), 'utf8').replace('< 30m', '< 10m')
const folder = folderWith({ 'rule.yaml': narrower })
afterAll(folder.remove)
const changed = join(folder.path, 'rule.yaml')

describe('kqlab diff', () => {
  it('tells the alerts that a change loses, and the rows that it takes from others', async () => {
    const { code, stdout } = await kqlab(['diff', RULE, changed, ...data])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(
      /^- 2026-03-17T14:05:00Z {2}High {2}PIM Abuse - ruben\.castell@.*\(2 rows\)$/,
    )
    expect(lines.filter(line => line.startsWith('~ '))).toHaveLength(3)
    expect(lines.at(-1)).toBe('0 alerts gained, 1 lost, 3 changed, 0 the same.')
  })

  it('finds nothing between a rule and itself', async () => {
    const { code, stdout } = await kqlab(['diff', RULE, RULE, ...data, '--fail-on', 'rows'])
    expect(code).toBe(0)
    expect(stdout).toBe('0 alerts gained, 0 lost, 0 changed, 4 the same.\n')
  })

  it('gives the same as JSON, and fails where it is to', async () => {
    const args = ['diff', changed, RULE, ...data, '--format', 'json', '--fail-on', 'rows']
    const { code, stdout } = await kqlab(args)
    expect(code).toBe(1)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ lost: [], same: 0 })
    expect(result.gained).toHaveLength(1)
    expect(result.changed).toHaveLength(3)
    expect(result.changed[0].lostRows).toEqual([])
    expect(result.changed[0].gainedRows.length).toBeGreaterThan(0)
  })
})
