import { describe, expect, it } from 'vitest'
import { ruleInText } from '../../../src/cli/query-files.ts'
import { revisionRange, withoutUnchanged } from '../../../src/cli/revisions.ts'

describe('revisionRange', () => {
  it.each([
    ['main..HEAD', { from: 'main', to: 'HEAD', sinceBase: false }],
    ['main..', { from: 'main', to: undefined, sinceBase: false }],
    ['main...', { from: 'main', to: undefined, sinceBase: true }],
    ['origin/main...HEAD~1', { from: 'origin/main', to: 'HEAD~1', sinceBase: true }],
    ['v1.0..v1.1', { from: 'v1.0', to: 'v1.1', sinceBase: false }],
    ['a..b', { from: 'a', to: 'b', sinceBase: false }],
    ['@{upstream}..', { from: '@{upstream}', to: undefined, sinceBase: false }],
  ])('takes %s', (text, range) => {
    expect(revisionRange(text)).toEqual(range)
  })

  it.each([
    'rules',
    '..',
    '../rules',
    '../before/rules',
    'rules/..',
    'rules/../other',
    './a..b',
    '--help..',
    'a..-b',
    'a....b',
    'a..b..c',
    'a b..c',
    '..main',
    '',
  ])('leaves %j alone', text => {
    expect(revisionRange(text)).toBeUndefined()
  })
})

describe('withoutUnchanged', () => {
  const file = (path: string, id: string, query = 'T') =>
    ruleInText(path, `id: ${id}\nname: ${id}\nquery: ${query}\n`)

  it('leaves out what both versions have, whatever the file is called', () => {
    const { before, after, unchanged } = withoutUnchanged({
      before: [file('main:a.yaml', 'a'), file('main:b.yaml', 'b'), file('main:c.yaml', 'c')],
      after: [file('renamed.yaml', 'a'), file('b.yaml', 'b', 'U'), file('d.yaml', 'd')],
    })
    expect(before.map(({ path }) => path)).toEqual(['main:b.yaml', 'main:c.yaml'])
    expect(after.map(({ path }) => path)).toEqual(['b.yaml', 'd.yaml'])
    expect(unchanged).toBe(1)
  })
})
