import { parquetFault } from './fault.ts'

/** Numbers of so many bits, in runs of one value or packed, as Parquet has levels and dictionaries' codes. */
export interface HybridBytes {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Bits of a number, at most 24. */
  readonly width: number
  /** How many numbers there are. */
  readonly count: number
}

/** A run: of one value, or of packed numbers that begin at a place. */
interface HybridRun {
  readonly from: number
  readonly to: number
  readonly value: number
  /** Where packed numbers begin; -1 for a run of one value. */
  readonly packed: number
}

/**
 * Decodes all of the numbers.
 * @throws DataFileError where the bytes do not hold so many.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function decodeHybrid(hybrid: HybridBytes): Uint32Array {
  const { bytes, width, count } = hybrid
  const out = new Uint32Array(count)
  const mask = 2 ** width - 1
  for (const { from, to, value, packed } of runsOf(hybrid)) {
    if (packed < 0) {
      if (value !== 0) out.fill(value, from, to)
      continue
    }
    let held = 0
    let bits = 0
    let at = packed
    for (let k = from; k < to; k++) {
      while (bits < width) {
        held |= bytes[at++]! << bits
        bits += 8
      }
      out[k] = held & mask
      held >>>= width
      bits -= width
    }
  }
  return out
}

/**
 * Decodes the numbers at the positions, which rise, without looking at the others; those that are
 * `skipped` stay 0.
 * @throws DataFileError where the bytes do not hold so many.
 */
export function pickHybrid(
  hybrid: HybridBytes,
  positions: Uint32Array,
  skipped: number,
): Uint32Array {
  const { bytes, width } = hybrid
  const out = new Uint32Array(positions.length)
  const mask = 2 ** width - 1
  let next = 0
  for (const { from, to, value, packed } of runsOf(hybrid)) {
    for (; next < positions.length; next++) {
      const position = positions[next]!
      if (position === skipped) continue
      if (position >= to) break
      if (packed < 0) {
        out[next] = value
        continue
      }
      const bit = (position - from) * width
      const at = packed + (bit >> 3)
      // What lies beyond the run is masked away; beyond the page it is 0.
      const word =
        bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      out[next] = (word >>> (bit & 7)) & mask
    }
    if (next >= positions.length) break
  }
  return out
}

function* runsOf({ bytes, start, end, width, count }: HybridBytes): Generator<HybridRun> {
  if (width > 24) throw damaged()
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
    const from = done
    if ((head & 1) === 0) {
      const wide = (width + 7) >> 3
      if (head === 0 || at + wide > end) throw damaged()
      let value = 0
      for (let k = 0; k < wide; k++) value |= bytes[at++]! << (8 * k)
      done = Math.min(count, done + (head >>> 1))
      yield { from, to: done, value, packed: -1 }
      continue
    }
    const packed = at
    at += (head >>> 1) * width
    if (head === 1 || at > end) throw damaged()
    done = Math.min(count, done + (head >>> 1) * 8)
    yield { from, to: done, value: 0, packed }
  }
}

function damaged(): Error {
  return parquetFault('a page is damaged')
}
