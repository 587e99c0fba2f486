import { describe, expect, it } from 'vitest'
import {
  ABSENT,
  ARRAY,
  ESCAPED,
  NULL,
  NUMBER,
  OBJECT,
  RecordScanner,
  STRING,
  TRUE,
} from '../../../../src/tables/json/record-scanner.ts'
import { MAX_DEPTH, viewOf } from '../../../../src/tables/json/skip.ts'
import { isLoaded, load, unload } from '../../../../src/tables/json/skip-memory.ts'

const encoder = new TextEncoder()

/** What a scan finds, which is the same in bytes that were loaded and in others. */
function scan(text: string, ...paths: (string | number)[][]) {
  const bytes = encoder.encode(text)
  const found = scanBytes(bytes, paths)
  load(bytes)
  expect(isLoaded(bytes)).toBe(true)
  expect(scanBytes(bytes, paths)).toEqual(found)
  unload(bytes)
  return found
}

function scanBytes(bytes: Uint8Array, paths: (string | number)[][]) {
  const scanner = new RecordScanner()
  const slots = paths.map(path => scanner.want(path))
  const after = scanner.scanOnly(bytes, viewOf(bytes), 0, bytes.length)
  const found = slots.map(slot => {
    const kind = scanner.kindAt(slot)
    if (kind === ABSENT) return [ABSENT]
    return [
      kind,
      new TextDecoder().decode(bytes.subarray(scanner.startAt(slot), scanner.endAt(slot))),
    ]
  })
  return { after, found }
}

describe('RecordScanner', () => {
  it('finds members, elements and what is in them', () => {
    const text = '{"a":{"b":[10,{"c":"x"}]},"d":null,"e":true,"f":"\\u0041"}'
    const { after, found } = scan(
      text,
      ['a', 'b', 1, 'c'],
      ['a', 'b', 0],
      ['a', 'b'],
      ['a'],
      ['d'],
      ['e'],
      ['f'],
      ['g'],
      ['a', 'b', 2],
      ['e', 'x'],
    )
    expect(after).toBe(text.length)
    expect(found).toEqual([
      [STRING, 'x'],
      [NUMBER, '10'],
      [ARRAY, '[10,{"c":"x"}]'],
      [OBJECT, '{"b":[10,{"c":"x"}]}'],
      [NULL, 'null'],
      [TRUE, 'true'],
      [ESCAPED, '\\u0041'],
      [ABSENT],
      [ABSENT],
      [ABSENT],
    ])
  })

  it('takes a name for what it spells', () => {
    const { found } = scan('{"\\u0054ype":1,"\\u00e9":2,"é":3}', ['Type'], ['é'])
    expect(found).toEqual([
      [NUMBER, '1'],
      [NUMBER, '3'],
    ])
  })

  it('lets the last of two members of a name count, with all that is in it', () => {
    const { found } = scan('{"a":{"b":1,"c":2},"a":{"c":3}}', ['a', 'b'], ['a', 'c'])
    expect(found).toEqual([[ABSENT], [NUMBER, '3']])
    expect(scan('{"a":[1,2],"a":[3]}', ['a', 0], ['a', 1]).found).toEqual([[NUMBER, '3'], [ABSENT]])
    expect(scan('{"a":{"b":1},"a":5}', ['a', 'b']).found).toEqual([[ABSENT]])
  })

  it('does not mix up names that share length, first and last letter', () => {
    const names = ['alphaX', 'alpheX', 'alphiX', '', 'a', 'b']
    const text = `{${names.map((name, i) => `"${name}":${i}`).join()}}`
    const { found } = scan(text, ...names.map(name => [name]), ['alphoX'])
    expect(found).toEqual([...names.map((_, i) => [NUMBER, String(i)]), [ABSENT]])
  })

  it('does not take a name with a lone surrogate for the replacement character', () => {
    expect(scan('{"\uFFFD":1}', ['\ud800']).found).toEqual([[ABSENT]])
    expect(scan('{"\\ud800":1}', ['\ud800']).found).toEqual([[NUMBER, '1']])
  })

  it('gives nothing of members that objects inherit in JavaScript', () => {
    const { found } = scan('{"a":{}}', ['__proto__'], ['constructor'], ['a', 'toString'])
    expect(found).toEqual([[ABSENT], [ABSENT], [ABSENT]])
  })

  it.each([
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":-}',
    '{"a":+1}',
    '{"a":1e}',
    '{"a":1e+}',
    '{"a":tru}',
    '{"a":nul1}',
    '{"a":NaN}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":[1 2]}',
    '{"a":[1}}',
    '{"a":{"b":1]}',
    '{"a":"\\x"}',
    '{"a":"\\u12G4"}',
    "{'a':1}",
    '{"a":1;}',
    '{,}',
    '{"a"}',
    '{"a":}',
    '',
    ' ',
  ])('refuses %j, wanted or not', text => {
    for (const path of [['a'], ['a', 0], ['a', 'b'], ['z']]) {
      expect(() => JSON.parse(text)).toThrow()
      expect(scan(text, path).after).toBeLessThan(0)
    }
  })

  it('refuses a control character anywhere in a string or a name', () => {
    for (let code = 0; code < 0x20; code++) {
      for (let place = 0; place < 9; place++) {
        const inside = `${'abcdefgh'.slice(0, place) + String.fromCharCode(code)}ijklmno`
        expect(scan(`{"k":"${inside}"}`).after).toBe(~(6 + place))
        expect(scan(`{"k":"${inside}"}`, ['k']).after).toBe(~(6 + place))
        expect(scan(`{"${inside}":1}`, ['k']).after).toBe(~(2 + place))
      }
    }
  })

  it('refuses every proper start of a record, whatever comes behind it', () => {
    const text = '{"a":{"b":[1,-2.5e3,"x\\n"],"c":{}},"d":[[],true,null,false]}'
    const bytes = encoder.encode(text)
    for (const paths of [[['a', 'b', 1], ['d']], [['z']], []]) {
      const scanner = new RecordScanner()
      for (const path of paths) scanner.want(path)
      for (let end = 0; end < bytes.length; end++) {
        expect(scanner.scanOnly(bytes, viewOf(bytes), 0, end)).toBe(~end)
      }
      expect(scanner.scanOnly(bytes, viewOf(bytes), 0, bytes.length)).toBe(bytes.length)
    }
  })

  it('stops at the depth limit and not before, without using up the stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(scan(nested(MAX_DEPTH)).after).toBe(2 * MAX_DEPTH)
    expect(scan(nested(MAX_DEPTH + 1)).after).toBe(~MAX_DEPTH)
    expect(scan('['.repeat(100_000)).after).toBeLessThan(0)
    expect(scan('{"a":'.repeat(100_000)).after).toBeLessThan(0)
    expect(scan(`{"a":${'['.repeat(100_000)}}`, ['a']).after).toBeLessThan(0)
  })
})
