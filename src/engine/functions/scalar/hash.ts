import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { convertScalar } from '../../../types/convert.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'

/** Hashes the UTF-8 bytes of what `tostring()` makes of the value: so datetimes were measured. */
function hashOverload(digest: (bytes: Uint8Array) => Uint8Array): ScalarOverload {
  const encoder = new TextEncoder()
  return overload({
    params: ['notDynamic'],
    returns: 'string',
    nulls: 'propagate',
    prepare: (_constants, _context, [type]) => ({
      each: value =>
        bytesToHex(
          digest(encoder.encode(String(convertScalar(value, type ?? 'string', 'string')))),
        ),
    }),
  })
}

/** @see https://learn.microsoft.com/kusto/query/hash-md5-function */
export const hash_md5 = scalar({
  name: 'hash_md5',
  doc: 'The MD5 hash of the text of the value, in hexadecimal digits. Empty where it is null.',
  examples: [
    { query: "print r = hash_md5('World')", rows: [{ r: 'f5a7924e621e84c9280a9a27e1bcb7f6' }] },
    {
      query: 'print r = hash_md5(datetime(2020-01-01))',
      rows: [{ r: '786c530672d1f8db31fee25ea8a9390b' }],
    },
  ],
  overloads: [hashOverload(md5)],
})

/** @see https://learn.microsoft.com/kusto/query/hash-sha1-function */
export const hash_sha1 = scalar({
  name: 'hash_sha1',
  doc: 'The SHA-1 hash of the text of the value, in hexadecimal digits. Empty where it is null.',
  examples: [
    {
      query: "print r = hash_sha1('World')",
      rows: [{ r: '70c07ec18ef89c5309bbb0937f3a6342411e1fdd' }],
    },
  ],
  overloads: [hashOverload(sha1)],
})

/** @see https://learn.microsoft.com/kusto/query/hash-sha256-function */
export const hash_sha256 = scalar({
  name: 'hash_sha256',
  doc: 'The SHA-256 hash of the text of the value, in hexadecimal digits. Empty where it is null.',
  examples: [
    {
      query: "print r = hash_sha256('World')",
      rows: [{ r: '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524' }],
    },
  ],
  overloads: [hashOverload(sha256)],
})
