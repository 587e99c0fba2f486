import { decodeBase64, encodeBase64 } from '../../../types/base64.ts'
import { gunzip, gzip, unzlib, zlib } from '../../../types/deflated.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function compressing(compress: (bytes: Uint8Array) => Uint8Array): ScalarOverload {
  return overload({
    params: ['string'],
    returns: 'string',
    nulls: 'propagate',
    each: text => encodeBase64(compress(encoder.encode(text))),
  })
}

function decompressing(decompress: (file: Uint8Array) => Uint8Array | undefined): ScalarOverload {
  return overload({
    params: ['string'],
    returns: 'string',
    nulls: 'propagate',
    each(text) {
      const file = decodeBase64(text)
      const bytes = file === null ? undefined : decompress(file)
      return bytes === undefined ? '' : textOf(bytes)
    },
  })
}

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    // The only error of a fatal decoder: what KQL answers with nothing.
    if (error instanceof TypeError) return ''
    throw error
  }
}

/** @see https://learn.microsoft.com/kusto/query/gzip-base64-compress */
export const gzip_compress_to_base64_string = scalar({
  name: 'gzip_compress_to_base64_string',
  doc: 'The UTF-8 bytes of the text compressed with gzip, in base64. They decompress to the same text everywhere, but need not be the bytes that another compressor gives.',
  examples: [
    {
      query: 'print r = gzip_compress_to_base64_string("1234567890qwertyuiop")',
      rows: [{ r: 'H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==' }],
    },
  ],
  overloads: [compressing(gzip)],
})

/** @see https://learn.microsoft.com/kusto/query/gzip-base64-decompress */
export const gzip_decompress_from_base64_string = scalar({
  name: 'gzip_decompress_from_base64_string',
  doc: 'The text that was compressed with gzip and put in base64; empty where it is not that, is damaged, has optional fields in its header, or is longer than 16 MiB.',
  examples: [
    {
      query:
        'print a = gzip_decompress_from_base64_string("H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA=="), b = gzip_decompress_from_base64_string("x0x0x0")',
      rows: [{ a: '1234567890qwertyuiop', b: '' }],
    },
  ],
  overloads: [decompressing(gunzip)],
})

/** @see https://learn.microsoft.com/kusto/query/zlib-base64-compress-function */
export const zlib_compress_to_base64_string = scalar({
  name: 'zlib_compress_to_base64_string',
  doc: 'The UTF-8 bytes of the text compressed with zlib, in base64. They decompress to the same text everywhere, but need not be the bytes that another compressor gives.',
  examples: [
    {
      query: 'print r = zlib_compress_to_base64_string("1234567890qwertyuiop")',
      rows: [{ r: 'eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw==' }],
    },
  ],
  overloads: [compressing(zlib)],
})

/** @see https://learn.microsoft.com/kusto/query/zlib-base64-decompress-function */
export const zlib_decompress_from_base64_string = scalar({
  name: 'zlib_decompress_from_base64_string',
  doc: 'The text that was compressed with zlib and put in base64; empty where it is not that, is damaged, or is longer than 16 MiB.',
  examples: [
    {
      query: 'print r = zlib_decompress_from_base64_string("eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4=")',
      rows: [{ r: 'Test string 123' }],
    },
  ],
  overloads: [decompressing(unzlib)],
})
