import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, encodeBase64 } from '../../../src/types/base64.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('base64', () => {
  // The test vectors of RFC 4648.
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('of "%s" is "%s"', (text, encoded) => {
    expect(encodeBase64(bytesOf(text))).toBe(encoded)
    expect(decodeBase64(encoded)).toEqual(bytesOf(text))
  })

  it.each(['Z', 'Zg', 'Zg=', 'Zg===', 'Zm9v=', 'Z=g=', 'Zm-_', 'Zmé='])('%s is none', text => {
    expect(decodeBase64(text)).toBeNull()
  })

  it('may hold blanks', () => {
    expect(decodeBase64(' Zm9v\r\nYmFy ')).toEqual(bytesOf('foobar'))
  })

  it('is undone', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes)
      }),
    )
  })
})
