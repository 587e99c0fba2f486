import { describe, expect, it } from 'vitest'
import { ByteInterner, UNKNOWN } from '../../../../src/tables/json/byte-interner.ts'
import { viewOf } from '../../../../src/tables/json/skip.ts'

const encoder = new TextEncoder()

describe('ByteInterner', () => {
  const intern = (interner: ByteInterner, text: string, tag: number, code: number) => {
    const bytes = encoder.encode(`<${text}>`)
    const view = viewOf(bytes)
    const found = interner.find(bytes, view, 1, bytes.length - 1, tag)
    if (found === UNKNOWN) interner.add(bytes, view, 1, bytes.length - 1, tag, code)
    return found
  }

  it('finds each of many byte strings again, of any length', () => {
    const interner = new ByteInterner()
    const texts = Array.from({ length: 3000 }, (_, i) => `${i}${'x'.repeat(i % 300)}`)
    texts.push('', 'é', 'a\0b')
    for (const [code, text] of texts.entries())
      expect(intern(interner, text, 0, code)).toBe(UNKNOWN)
    for (const [code, text] of texts.entries()) expect(intern(interner, text, 0, -1)).toBe(code)
    expect(interner.entries).toBe(texts.length)
    expect(interner.size).toBe(texts.reduce((sum, text) => sum + encoder.encode(text).length, 0))
    expect(interner.overloaded).toBe(false)
  })

  it('keeps equal bytes with different tags apart', () => {
    const interner = new ByteInterner()
    expect(intern(interner, '{}', 0, 1)).toBe(UNKNOWN)
    expect(intern(interner, '{}', 1, 2)).toBe(UNKNOWN)
    expect(intern(interner, '{}', 0, 9)).toBe(1)
    expect(intern(interner, '{}', 1, 9)).toBe(2)
  })
})
