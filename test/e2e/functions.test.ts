import { describe, expect, it } from 'vitest'
import { kqlab, lines } from './kqlab.ts'

describe('kqlab functions', () => {
  it('tells what a function does', async () => {
    expect(await kqlab(['functions', 'isnotnull'])).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await kqlab(['functions', 'hash_md5'])
    expect(stdout.startsWith('hash_md5: a scalar function\n')).toBe(true)
    expect(stdout).toContain('  hash_md5(notDynamic) → string\n')
    expect(stdout).toContain(
      lines("    print r = hash_md5('World')", '        {"r":"f5a7924e621e84c9280a9a27e1bcb7f6"}'),
    )
  })

  it('has the values of examples as they are', async () => {
    const { stdout } = await kqlab(['functions', 'sum'])
    expect(stdout).toContain('{"s":"-9223372036854775808"}')
  })

  it('knows aliases, forms, aggregates and what is not supported', async () => {
    const outputs = await Promise.all(
      ['array_iif', 'toscalar', 'make_set', 'stored_query_result'].map(async name => {
        const { code, stdout } = await kqlab(['functions', name])
        return [code, stdout.split('\n')[0]]
      }),
    )
    expect(outputs).toEqual([
      [0, 'array_iff: a scalar function, also called array_iif'],
      [0, 'toscalar: a form that the binder knows'],
      [0, expect.stringMatching(/^make_set: an aggregate function/)],
      [0, 'stored_query_result is a function of KQL that kqlab does not support.'],
    ])
  })

  it('lists all, also as JSON', async () => {
    const { code, stdout } = await kqlab(['functions'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^strlen +scalar$/m)
    expect(stdout).toMatch(/^stored_query_result +not supported$/m)
    expect(stdout).toMatch(/^\d+ functions are supported, \d+ are not\.$/m)
    expect(stdout).not.toMatch(/^(\$|has |in )/m)
    const list = JSON.parse((await kqlab(['functions', '--format', 'json'])).stdout) as unknown[]
    expect(list).toContainEqual({ name: 'strlen', kind: 'scalar', supported: true })
  })

  it('refuses what is no function', async () => {
    expect(await kqlab(['functions', 'strln'])).toEqual({
      code: 2,
      stdout: '',
      stderr: lines('error: KQL has no function strln. Did you mean `strlen`?'),
    })
    const { stderr } = await kqlab(['functions', '\u001b[31mx\n'])
    expect(stderr).toBe(lines('error: KQL has no function \\u001b[31mx\\n.'))
  })
})
