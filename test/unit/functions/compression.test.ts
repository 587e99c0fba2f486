import { deflateSync, gzipSync, zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import {
  gzip_compress_to_base64_string,
  gzip_decompress_from_base64_string,
  zlib_compress_to_base64_string,
  zlib_decompress_from_base64_string,
} from '../../../src/engine/functions/scalar/compression.ts'
import { encodeBase64 } from '../../../src/types/base64.ts'
import { callOne } from './harness.ts'

const FORMATS = [
  ['gzip', gzip_compress_to_base64_string, gzip_decompress_from_base64_string, gzipSync],
  ['zlib', zlib_compress_to_base64_string, zlib_decompress_from_base64_string, zlibSync],
] as const

describe.each(FORMATS)('%s', (_, compress, decompress, compressSync) => {
  const read = (bytes: Uint8Array): unknown =>
    callOne(decompress, [['string', encodeBase64(bytes)]])

  it.each([
    [''],
    ['a'],
    ['a'.repeat(100_000)],
    ['žluťoučký 😀'],
    [
      Array.from({ length: 80_000 }, (_unused, k) => String.fromCharCode(33 + ((k * k) % 89))).join(
        '',
      ),
    ],
  ])('of %.20s… comes back', text => {
    const packed = callOne(compress, [['string', text]])
    expect(callOne(decompress, [['string', packed]])).toBe(text)
  })

  it('takes what another compressor made', () => {
    const bytes = new TextEncoder().encode('a text, a text, a text')
    expect(read(compressSync(bytes, { level: 9 }))).toBe('a text, a text, a text')
  })

  it('is empty where the data are damaged', () => {
    const bytes = compressSync(new TextEncoder().encode('a text, a text, a text'))
    expect(read(bytes.subarray(0, -1))).toBe('')
    expect(read(bytes.subarray(0, 12))).toBe('')
    expect(read(bytes.subarray(1))).toBe('')
    for (let at = 10; at < bytes.length; at++) {
      const damaged = bytes.slice()
      damaged[at]! ^= 0x55
      expect(read(damaged)).toBe('')
    }
    expect(read(deflateSync(bytes))).toBe('')
    expect(read(new Uint8Array())).toBe('')
  })

  it('is empty where the bytes are no UTF-8', () => {
    expect(read(compressSync(Uint8Array.of(0xff, 0xfe)))).toBe('')
  })

  it('does not expand a bomb', () => {
    const bomb = compressSync(new Uint8Array(200 * 1024 * 1024), { level: 9 })
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(read(bomb)).toBe('')
  })
})

describe('gzip', () => {
  it('takes no optional fields in the header', () => {
    const bytes = gzipSync(new TextEncoder().encode('text'), { filename: 'name' })
    const packed = encodeBase64(bytes)
    expect(callOne(gzip_decompress_from_base64_string, [['string', packed]])).toBe('')
  })
})
