import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import * as encoding from '../../../src/engine/functions/scalar/encoding.ts'
import * as parseText from '../../../src/engine/functions/scalar/parse-text.ts'
import type { Dynamic } from '../../../src/types/dynamic.ts'
import { dynamicToJs } from '../../../src/types/dynamic-json.ts'
import { call, callOne } from './harness.ts'

function ofText(declaration: ScalarFunction, text: string): unknown {
  return callOne(declaration, [['string', text]])
}

describe('URL encoding', () => {
  it.each([
    ['https://www.bing.com/hello world', 'https%3a%2f%2fwww.bing.com%2fhello+world'],
    ['a-b_c.d!e*f(g)', 'a-b_c.d!e*f(g)'],
    ['é&=+~', '%c3%a9%26%3d%2b%7e'],
  ])('of "%s"', (text, expected) => {
    expect(ofText(encoding.urlEncodeFunction, text)).toBe(expected)
    const component = expected.replace('hello+world', 'hello%20world')
    expect(ofText(encoding.urlEncodeComponent, text)).toBe(component)
  })

  it.each([
    ['https%3A%2f%2fexample.com%3Fa%3Db', 'https://example.com?a=b'],
    ['a+b%20c', 'a b c'],
    ['100%', '100%'],
    ['%zz%41', '%zzA'],
    ['%e2%82%ac', '€'],
    ['%ff', '\ufffd'],
    ['%EF%BB%BFa%ef%bb%bfb', '\ufeffa\ufeffb'],
  ])('of "%s" is undone', (text, expected) => {
    expect(ofText(encoding.urlDecodeFunction, text)).toBe(expected)
  })

  it('is undone whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const encoded = ofText(encoding.urlEncodeFunction, text) as string
        expect(ofText(encoding.urlDecodeFunction, encoded)).toBe(text)
        const component = ofText(encoding.urlEncodeComponent, text) as string
        expect(ofText(encoding.urlDecodeFunction, component)).toBe(text)
      }),
    )
  })
})

describe('base64', () => {
  it.each([
    ['S3VzdG8=', 'Kusto'],
    ['', ''],
    ['U3RyaW5n0KHR0tGA0L7Rh9C60LA=', ''],
    ['S3VzdG8', ''],
    ['S3Vz*G8=', ''],
    ['77u/YQ==', '\ufeffa'],
  ])('"%s" is the text "%s"', (encoded, text) => {
    expect(ofText(encoding.base64DecodeToString, encoded)).toBe(text)
  })

  it('is an array of bytes', () => {
    expect(ofText(encoding.base64DecodeToArray, 'S3VzdG8=')).toEqual([75, 117, 115, 116, 111])
    expect(ofText(encoding.base64DecodeToArray, 'S3VzdG8')).toBeNull()
    const encode = (bytes: Dynamic) => callOne(encoding.base64EncodeFromArray, [['dynamic', bytes]])
    expect(encode([75, 117, 115, 116, 111])).toBe('S3VzdG8=')
    expect(encode([256])).toBe('')
    expect(encode(['a'])).toBe('')
    expect(encode(null)).toBe('')
  })

  it('is a guid, and back', () => {
    const guid = 'ae3133f2-6e22-49ae-b06a-16e6a9b212eb'
    expect(callOne(encoding.base64EncodeFromGuid, [['guid', guid]])).toBe(
      '8jMxriJurkmwahbmqbIS6w==',
    )
    expect(ofText(encoding.base64DecodeToGuid, '8jMxriJurkmwahbmqbIS6w==')).toBe(guid)
    expect(ofText(encoding.base64DecodeToGuid, 'abcd1231')).toBeNull()
    expect(callOne(encoding.base64EncodeFromGuid, [['guid', null]])).toBe('')
  })
})

describe('hash', () => {
  it('of a text and of a datetime is as documented', () => {
    expect(ofText(encoding.hash, 'World')).toBe(1_846_988_464_401_551_951n)
    expect(callOne(encoding.hash, [['datetime', 635_556_672_000_000_000n]])).toBe(
      1_380_966_698_541_616_202n,
    )
    const modulo = [['string', 'World'] as const, ['long', 100n] as const]
    expect(callOne(encoding.hash, modulo)).toBe(51n)
    expect(callOne(encoding.hashXxhash64, modulo)).toBe(51n)
  })

  it('of null, or by a number that is not positive, is null', () => {
    expect(call(encoding.hash, [['long', [null]]])).toEqual([null])
    expect(
      callOne(encoding.hash, [
        ['string', 'a'],
        ['long', 0n],
      ]),
    ).toBeNull()
  })

  it('tells values of every type apart', () => {
    const pairs = [
      ['bool', true, false],
      ['int', 1, 2],
      ['real', 1.5, 2.5],
      ['guid', 'a0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000002'],
    ] as const
    for (const [type, a, b] of pairs) {
      const [first, second] = call(encoding.hash, [[type, [a, b]]])
      expect(first).not.toBe(second)
    }
  })
})

describe('code points', () => {
  it.each([
    ['קוס - K', [1511, 1493, 1505, 32, 45, 32, 75]],
    ['😀', [0x1f600]],
    ['', []],
  ])('of "%s", and back', (text, codes) => {
    expect(ofText(encoding.unicodeCodepointsFromString, text)).toEqual(codes)
    const args = [['dynamic', codes] as const]
    expect(callOne(encoding.unicodeCodepointsToString, args)).toBe(text)
  })

  it('may be numbers and arrays', () => {
    const args = [
      ['dynamic', [75, 117, 115]] as const,
      ['long', 116n] as const,
      ['int', 111] as const,
    ]
    expect(callOne(encoding.unicodeCodepointsToString, args)).toBe('Kusto')
  })

  it.each([[-1n], [0x110000n], [0xd800n], [null]])('%s is none', code => {
    const args = [['long', 75n] as const, ['long', code] as const]
    expect(callOne(encoding.unicodeCodepointsToString, args)).toBe('')
  })
})

describe('a code point of another type', () => {
  it('is an error at its place', () => {
    const args = [['long', 75n] as const, ['string', 'a'] as const]
    expect(() => callOne(encoding.unicodeCodepointsToString, args)).toThrow('int or a long')
  })
})

describe('new_guid', () => {
  it('is of version 4 and takes its chance from the run', () => {
    expect(callOne(encoding.newGuid, [], { random: () => 0.999_999 })).toBe(
      'ffffffff-ffff-4fff-bfff-ffffffffffff',
    )
    expect(encoding.newGuid.deterministic).toBe(false)
  })
})

describe('parse_url', () => {
  const parts = (url: string) => dynamicToJs(ofText(parseText.parseUrl, url) as Dynamic)
  const nothing = {
    Scheme: '',
    Host: '',
    Port: '',
    Path: '',
    Username: '',
    Password: '',
    'Query Parameters': {},
    Fragment: '',
  }

  it.each([
    [
      'scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment',
      {
        Scheme: 'scheme',
        Host: 'host',
        Port: '1234',
        Path: '/this/is/a/path',
        Username: 'username',
        Password: 'password',
        'Query Parameters': { k1: 'v1', k2: 'v2' },
        Fragment: 'fragment',
      },
    ],
    ['https://bing.com', { ...nothing, Scheme: 'https', Host: 'bing.com' }],
    ['https://[::1]:80/', { ...nothing, Scheme: 'https', Host: '[::1]', Port: '80', Path: '/' }],
    ['https://a@b/', { ...nothing, Scheme: 'https', Host: 'b', Username: 'a', Path: '/' }],
    ['x/y?a=1&a=2&b', { ...nothing, Path: 'x/y', 'Query Parameters': { a: '2', b: '' } }],
    ['', nothing],
  ])('of "%s"', (url, expected) => {
    expect({ ...(parts(url) as object) }).toEqual(expected)
  })

  it('of a query alone', () => {
    expect(ofText(parseText.parseUrlquery, 'k1=v1&k2=a=b')).toEqual(
      new Map([
        [
          'Query Parameters',
          new Map([
            ['k1', 'v1'],
            ['k2', 'a=b'],
          ]),
        ],
      ]),
    )
  })
})

describe('parse_csv', () => {
  it.each([
    ['aa,b,cc', ['aa', 'b', 'cc']],
    [
      'aa,"b,b,b",cc,"Escaping quotes: ""Title""","line1\nline2"',
      ['aa', 'b,b,b', 'cc', 'Escaping quotes: "Title"', 'line1\nline2'],
    ],
    ['record1,a\nrecord2,x', ['record1', 'a']],
    ['a,,', ['a', '', '']],
    ['', ['']],
    ['"open', ['open']],
    ['"a"b,c', ['ab', 'c']],
  ])('of %s', (text, expected) => {
    expect(ofText(parseText.parseCsv, text)).toEqual(expected)
  })
})

describe('parse_version', () => {
  it.each([
    ['0.0.0.5', '5'],
    ['0.0.7.0', '700000000'],
    ['0.2', '20000000000000000'],
    ['1.2.3.4', '1000000020000000300000004'],
    ['1', '1000000000000000000000000'],
    ['99999999.0.0.0', '99999999000000000000000000000000'],
    ['1.2.3.4.5', 'null'],
    ['1.', 'null'],
    ['123456789', 'null'],
    ['', 'null'],
  ])('of "%s" is %s', (version, expected) => {
    expect(String(ofText(parseText.parseVersion, version)).replace(/e\+.*/, '')).toBe(expected)
  })
})
