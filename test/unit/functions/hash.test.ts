import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash_md5, hash_sha1, hash_sha256 } from '../../../src/engine/functions/scalar/hash.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import { callOne } from './harness.ts'

describe('hash functions', () => {
  it('agree with those of Node', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const expected = (name: string): string => createHash(name).update(text).digest('hex')
        expect(callOne(hash_md5, [['string', text]])).toBe(expected('md5'))
        expect(callOne(hash_sha1, [['string', text]])).toBe(expected('sha1'))
        expect(callOne(hash_sha256, [['string', text]])).toBe(expected('sha256'))
      }),
    )
  })

  it('take other types as their text', () => {
    const day = parseDatetime('2020-01-01')
    expect(callOne(hash_md5, [['datetime', day]])).toBe('786c530672d1f8db31fee25ea8a9390b')
    expect(callOne(hash_sha1, [['datetime', day]])).toBe('e903e533f4d636b4fc0dcf3cf81e7b7f330de776')
    expect(callOne(hash_sha256, [['datetime', day]])).toBe(
      'ba666752dc1a20eb750b0eb64e780cc4c968bc9fb8813461c1d7e750f302d71d',
    )
    expect(callOne(hash_md5, [['long', 12n]])).toBe(callOne(hash_md5, [['string', '12']]))
  })

  it('of null is empty', () => {
    expect(callOne(hash_md5, [['long', null]])).toBe('')
  })
})
