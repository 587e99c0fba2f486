import { parquetFault } from './fault.ts'

/** Longer copies are left to the engine's own; shorter ones cost less than the call. */
const LONG = 24

/**
 * What the bytes are when they are decompressed, which must be `size` bytes.
 * @throws DataFileError where they are not.
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unsnap(input: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  const length = input.length
  let at = 0
  let to = 0
  let declared = 0
  let scale = 1
  for (let byte = 128; byte >= 128; scale *= 128) {
    if (at >= length || scale > 2 ** 35) throw damaged()
    byte = input[at++]!
    declared += (byte & 127) * scale
  }
  if (declared !== size) throw damaged()
  while (at < length) {
    const tag = input[at++]!
    if ((tag & 3) === 0) {
      let count = (tag >> 2) + 1
      if (count > 60) {
        const extra = count - 60
        if (at + extra > length) throw damaged()
        count = 1
        for (let k = 0; k < extra; k++) count += input[at++]! * 2 ** (8 * k)
      }
      if (at + count > length || to + count > size) throw damaged()
      if (count > LONG) out.set(input.subarray(at, at + count), to)
      else for (let k = 0; k < count; k++) out[to + k] = input[at + k]!
      at += count
      to += count
      continue
    }
    let count: number
    let offset: number
    if ((tag & 3) === 1) {
      if (at >= length) throw damaged()
      count = ((tag >> 2) & 7) + 4
      offset = ((tag >> 5) << 8) | input[at++]!
    } else if ((tag & 3) === 2) {
      if (at + 2 > length) throw damaged()
      count = (tag >> 2) + 1
      offset = input[at]! | (input[at + 1]! << 8)
      at += 2
    } else {
      if (at + 4 > length) throw damaged()
      count = (tag >> 2) + 1
      offset =
        (input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16)) + input[at + 3]! * 2 ** 24
      at += 4
    }
    if (offset === 0 || offset > to || to + count > size) throw damaged()
    if (count > LONG && offset >= count) out.copyWithin(to, to - offset, to - offset + count)
    else for (const end = to + count; to < end; to++) out[to] = out[to - offset]!
    if (count > LONG && offset >= count) to += count
  }
  if (to !== size) throw damaged()
  return out
}

function damaged(): Error {
  return parquetFault('a page is damaged')
}
