import { describe, expect, it } from 'vitest'
import { sampleOf } from '../../../../src/testing/synth/sample-regex.ts'
import { compileRegex, isRegex } from '../../../../src/types/regex.ts'

describe('samples of regular expressions', () => {
  it.each([
    ['abc', 'abc'],
    ['a|b', 'a'],
    ['[0-9]{3}', '111'],
    ['\\d+\\.\\d+', '1.1'],
    ['(x)(?:y)?z*', 'xyz'],
    ['[^a]b', '1b'],
    ['\\w{2,}', 'aa'],
    ['', ''],
    ['^start$', 'start'],
    ['\\\\', '\\'],
    ['[\\x{3b1}-\\x{3c9}]', 'α'],
  ])('%s', (pattern, expected) => {
    const sample = sampleOf(pattern)
    expect(sample).toBe(expected)
    const regex = compileRegex(pattern)
    if (!isRegex(regex)) throw new Error(regex.error)
    expect(new RegExp(pattern.replace(/\\x\{(\w+)\}/g, '\\u{$1}'), 'u').test(expected)).toBe(true)
  })

  it('has a given text in a group', () => {
    expect(sampleOf('user=(\\w+);', { index: 1, text: 'root' })).toBe('user=root;')
  })

  it('goes through the branches', () => {
    expect([0, 1, 2].map(branch => sampleOf('a|b|c', undefined, branch))).toEqual(['a', 'b', 'c'])
  })

  it.each(['(', '[a', 'a{2,1}'])('is none of a pattern that is none: %s', pattern => {
    expect(sampleOf(pattern)).toBeUndefined()
  })
})
