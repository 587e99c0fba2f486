import { describe, expect, it } from 'vitest'
import { decodePunycode, encodePunycode } from '../../../src/types/punycode.ts'

describe('Punycode', () => {
  // Examples of RFC 3492, section 7.1, and of the documentation.
  it.each([
    ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
    ['Pročprostěnemluvíčesky', 'Proprostnemluvesky-uyb24dma41a'],
    ['3年B組金八先生', '3B-ww4c5e180e575a65lsy2b'],
    ['-> $1.00 <-', '-> $1.00 <--'],
    ['そのスピードで', 'd9juau41awczczp'],
    ['académie-française', 'acadmie-franaise-npb1a'],
    ['艺术', 'cqv902d'],
    ['😀', 'e28h'],
    ['', ''],
    ['abc', 'abc-'],
  ])('of %s is %s', (text, encoded) => {
    expect(encodePunycode(text)).toBe(encoded)
    expect(decodePunycode(encoded)).toBe(text)
  })

  it.each([['é'], ['a-é'], ['é-a'], ['a-*'], ['99999999'], ['a'.repeat(5000)], ['zzzzzzzzzzzz99']])(
    'is not %.20s',
    encoded => {
      expect(decodePunycode(encoded)).toBe(undefined)
    },
  )

  it('is not made of half a surrogate pair, or of a long text', () => {
    expect(encodePunycode('\ud800')).toBe(undefined)
    expect(encodePunycode('é'.repeat(4097))).toBe(undefined)
    expect(encodePunycode('é'.repeat(4096))).not.toBe(undefined)
  })
})
