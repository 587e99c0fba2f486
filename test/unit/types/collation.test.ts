import { describe, expect, it } from 'vitest'
import {
  compareStrings,
  containsMatcher,
  endsWithMatcher,
  equalsMatcher,
  foldCase,
  startsWithMatcher,
  termMatcher,
  termPrefixMatcher,
  termSuffixMatcher,
} from '../../../src/types/collation.ts'

describe('case', () => {
  it.each([
    ['abc', 'ABC', true],
    ['é', 'É', true],
    ['σας', 'ΣΑΣ', true],
    ['𐐨', '𐐀', true],
    ['ᾳ', 'ᾼ', true],
    ['ß', 'ss', false],
    ['ß', 'ẞ', false],
    ['\u212a', 'k', false],
    ['ſ', 's', false],
    ['ı', 'I', false],
    ['İ', 'i', false],
    ['@', '`', false],
    ['[', '{', false],
    ['', '', true],
    ['a', '', false],
  ])('of %s and %s', (left, right, same) => {
    expect(equalsMatcher(left, false)(right)).toBe(same)
    expect(equalsMatcher(right, false)(left)).toBe(same)
    expect(foldCase(left) === foldCase(right)).toBe(same)
  })

  it('counts in the operators that say so', () => {
    expect(equalsMatcher('a', true)('A')).toBe(false)
    expect(startsWithMatcher('fab', false)('Fabrikam')).toBe(true)
    expect(startsWithMatcher('fab', true)('Fabrikam')).toBe(false)
    expect(endsWithMatcher('Kam', false)('Fabrikam')).toBe(true)
    expect(endsWithMatcher('kam', true)('Fabrikam')).toBe(true)
    expect(containsMatcher('BRik', false)('FabriKam')).toBe(true)
    expect(containsMatcher('BRik', true)('FabriKam')).toBe(false)
    expect(containsMatcher('É', false)('café')).toBe(true)
    expect(containsMatcher('k', false)('\u212a')).toBe(false)
    expect(containsMatcher('', false)('')).toBe(true)
    expect(containsMatcher('a.b', false)('aXb')).toBe(false)
    expect(containsMatcher('\\(a]', false)('x\\(A]')).toBe(true)
    expect(startsWithMatcher('abc', false)('ab')).toBe(false)
  })
})

describe('terms', () => {
  it.each([
    ['alpha-beta', 'alpha', true],
    ['alpha_beta', 'alpha', true],
    ['alpha beta', 'ALPHA', true],
    ['alphabeta', 'alpha', false],
    ['North America', 'america', true],
    ['North America', 'amer', false],
    ['xab ab', 'ab', true],
    ['xab aba', 'ab', false],
    ['CAFÉ noir', 'café', true],
    ['cafés', 'café', false],
    ['été', 't', false],
    ['a b', ' ', true],
    ['a@b.c', '@', true],
    ['a@b.c', 'b.c', true],
    ['a@b.cd', 'b.c', false],
    ['x/b', '/b', true],
    ['x/bc', '/b', false],
    ['', '', true],
    ['abc', '', true],
    ['', 'a', false],
    ['aa1', 'aa', false],
    ['𝒜bc', 'bc', false],
    ['日本語 kusto', 'kusto', true],
    ['日本kusto', 'kusto', false],
  ])('%j has %j', (text, needle, expected) => {
    expect(termMatcher(needle, false)(text)).toBe(expected)
  })

  it('mind case where the operator says so', () => {
    expect(termMatcher('America', true)('North America')).toBe(true)
    expect(termMatcher('america', true)('North America')).toBe(false)
  })

  it('have a prefix and a suffix', () => {
    expect(termPrefixMatcher('ame', false)('North America')).toBe(true)
    expect(termPrefixMatcher('mer', false)('North America')).toBe(false)
    expect(termPrefixMatcher('Ame', true)('North America')).toBe(true)
    expect(termPrefixMatcher('CA', true)('North America')).toBe(false)
    expect(termSuffixMatcher('ica', false)('North America')).toBe(true)
    expect(termSuffixMatcher('americ', false)('North America')).toBe(false)
    expect(termSuffixMatcher('icA', true)('North America')).toBe(false)
  })

  it('are found in a text of false starts in linear time', () => {
    expect(termMatcher('a', false)(`${'a'.repeat(200_000)}b`)).toBe(false)
  })
})

describe('compareStrings', () => {
  it('is ordinal, by code point', () => {
    expect(['b', 'a', 'B', '', 'ab', 'é', '\ue000', '\u{10000}'].toSorted(compareStrings)).toEqual([
      '',
      'B',
      'a',
      'ab',
      'b',
      'é',
      '\ue000',
      '\u{10000}',
    ])
    // strcmp of the documentation
    expect(compareStrings('ABC', 'ABC')).toBe(0)
    expect(compareStrings('abc', 'ABC')).toBe(1)
    expect(compareStrings('ABC', 'abc')).toBe(-1)
    expect(compareStrings('abcde', 'abc')).toBe(1)
  })
})
