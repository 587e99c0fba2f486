import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changeCase,
  codePointLength,
  codePointOfUnit,
  sliceCodePoints,
  unitOfCodePoint,
  utf8Length,
} from '../../../src/types/code-points.ts'

const anyText = fc.string({ unit: 'binary' })

describe('code points', () => {
  it('are counted and cut as Array.from has them', () => {
    fc.assert(
      fc.property(anyText, fc.nat(10), fc.nat(10), (text, start, length) => {
        const points = Array.from(text)
        expect(codePointLength(text)).toBe(points.length)
        expect(sliceCodePoints(text, start, start + length)).toBe(
          points.slice(start, start + length).join(''),
        )
      }),
    )
  })

  it('have positions in UTF-16', () => {
    expect(unitOfCodePoint('a😀b', 2)).toBe(3)
    expect(unitOfCodePoint('a😀b', 9)).toBe(4)
    expect(unitOfCodePoint('abc', 9)).toBe(3)
    expect(codePointOfUnit('a😀b', 3)).toBe(2)
  })

  it('have a size in UTF-8', () => {
    const encoder = new TextEncoder()
    fc.assert(
      fc.property(anyText, text => {
        expect(utf8Length(text)).toBe(encoder.encode(text).length)
      }),
    )
  })
})

describe('changeCase', () => {
  it.each([
    ['aé', 'upper', 'AÉ'],
    ['ŉ', 'upper', 'ŉ'],
    ['ΑΣ', 'lower', 'ασ'],
    ['ας', 'lower', 'ας'],
    ['𐐀', 'lower', '𐐨'],
  ] as const)('of "%s" to %s case is "%s"', (text, to, expected) => {
    expect(changeCase(text, to)).toBe(expected)
  })
})
