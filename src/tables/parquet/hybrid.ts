import { parquetFault } from './fault.ts'

/**
 * Decodes `count` numbers of `width` bits, in runs of one value or packed, as Parquet has levels and
 * positions in dictionaries.
 * @throws DataFileError where the bytes do not hold so many.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function decodeHybrid(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
): Uint32Array {
  if (width > 24) throw damaged()
  const out = new Uint32Array(count)
  const mask = 2 ** width - 1
  let at = start
  let done = 0
  while (done < count) {
    let head = 0
    for (let shift = 0, byte = 128; byte >= 128; shift += 7) {
      if (at >= end || shift > 28) throw damaged()
      byte = bytes[at++]!
      head |= (byte & 127) << shift
    }
    head >>>= 0
    if ((head & 1) === 0) {
      const wide = (width + 7) >> 3
      if (head === 0 || at + wide > end) throw damaged()
      let value = 0
      for (let k = 0; k < wide; k++) value |= bytes[at++]! << (8 * k)
      const to = Math.min(count, done + (head >>> 1))
      if (value !== 0) out.fill(value, done, to)
      done = to
      continue
    }
    const packed = (head >>> 1) * 8
    const bytesOfRun = (head >>> 1) * width
    if (packed === 0 || at + bytesOfRun > end) throw damaged()
    const to = Math.min(count, done + packed)
    let held = 0
    let bits = 0
    let from = at
    for (; done < to; done++) {
      while (bits < width) {
        held |= bytes[from++]! << bits
        bits += 8
      }
      out[done] = held & mask
      held >>>= width
      bits -= width
    }
    at += bytesOfRun
  }
  return out
}

function damaged(): Error {
  return parquetFault('a page is damaged')
}
