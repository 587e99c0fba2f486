/**
 * MD5, SHA-1 and SHA-256 of bytes as lower-case hexadecimal digits, and xxHash64. In JavaScript
 * because the engine also runs where there is neither a Node built-in nor a synchronous one.
 */

/** The message in blocks of 64 bytes: a one bit, zeros, and its length in bits at the end. */
function padded(bytes: Uint8Array, littleEndian: boolean): DataView {
  const length = (((bytes.length + 8) >> 6) + 1) << 6
  const message = new Uint8Array(length)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  const bits = BigInt(bytes.length) * 8n
  view.setBigUint64(length - 8, bits, littleEndian)
  return view
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

function rotateRight(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function hexOf(words: Int32Array | Uint32Array, littleEndian: boolean): string {
  const view = new DataView(new ArrayBuffer(words.length * 4))
  words.forEach((word, index) => {
    view.setUint32(index * 4, word, littleEndian)
  })
  let hex = ''
  for (let at = 0; at < view.byteLength; at++)
    hex += view.getUint8(at).toString(16).padStart(2, '0')
  return hex
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21] as const
const MD5_SINES = Uint32Array.from({ length: 64 }, (_, index) =>
  Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32),
)

/** MD5 (RFC 1321). */
export function md5(bytes: Uint8Array): string {
  const message = padded(bytes, true)
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  for (let block = 0; block < message.byteLength; block += 64) {
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    for (let step = 0; step < 64; step++) {
      const turn = step >> 4
      let mixed: number
      let word: number
      if (turn === 0) {
        mixed = (b & c) | (~b & d)
        word = step
      } else if (turn === 1) {
        mixed = (d & b) | (~d & c)
        word = (5 * step + 1) & 15
      } else if (turn === 2) {
        mixed = b ^ c ^ d
        word = (3 * step + 5) & 15
      } else {
        mixed = c ^ (b | ~d)
        word = (7 * step) & 15
      }
      const sum = (a + mixed + MD5_SINES[step]! + message.getUint32(block + word * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + rotateLeft(sum, MD5_SHIFTS[turn * 4 + (step & 3)]!)) | 0
    }
    state[0]! += a
    state[1]! += b
    state[2]! += c
    state[3]! += d
  }
  return hexOf(state, true)
}

/** SHA-1 (FIPS 180-4). */
export function sha1(bytes: Uint8Array): string {
  const message = padded(bytes, false)
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)
  const words = new Int32Array(80)
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let step = 0; step < 16; step++) words[step] = message.getInt32(block + step * 4)
    for (let step = 16; step < 80; step++) {
      words[step] = rotateLeft(
        words[step - 3]! ^ words[step - 8]! ^ words[step - 14]! ^ words[step - 16]!,
        1,
      )
    }
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    for (let step = 0; step < 80; step++) {
      const turn = Math.floor(step / 20)
      const mixed =
        turn === 0
          ? ((b & c) | (~b & d)) + 0x5a827999
          : turn === 1
            ? (b ^ c ^ d) + 0x6ed9eba1
            : turn === 2
              ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
              : (b ^ c ^ d) + 0xca62c1d6
      const next = (rotateLeft(a, 5) + mixed + e + words[step]!) | 0
      e = d
      d = c
      c = rotateLeft(b, 30)
      b = a
      a = next
    }
    state[0]! += a
    state[1]! += b
    state[2]! += c
    state[3]! += d
    state[4]! += e
  }
  return hexOf(state, false)
}

/** The first primes: their square and cube roots give SHA-256 its constants. */
const PRIMES = firstPrimes(64)

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every(prime => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}

/** The first 32 bits of the fraction. */
function fractionBits(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32)
}

const SHA256_START = Int32Array.from(PRIMES.slice(0, 8), prime => fractionBits(Math.sqrt(prime)))
const SHA256_ROUNDS = Int32Array.from(PRIMES, prime => fractionBits(Math.cbrt(prime)))

/** SHA-256 (FIPS 180-4). */
export function sha256(bytes: Uint8Array): string {
  const message = padded(bytes, false)
  const state = SHA256_START.slice()
  const words = new Int32Array(64)
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let step = 0; step < 16; step++) words[step] = message.getInt32(block + step * 4)
    for (let step = 16; step < 64; step++) {
      const early = words[step - 15]!
      const late = words[step - 2]!
      const low = rotateRight(early, 7) ^ rotateRight(early, 18) ^ (early >>> 3)
      const high = rotateRight(late, 17) ^ rotateRight(late, 19) ^ (late >>> 10)
      words[step] = words[step - 16]! + low + words[step - 7]! + high
    }
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    let f = state[5]!
    let g = state[6]!
    let h = state[7]!
    for (let step = 0; step < 64; step++) {
      const high = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
      const choice = (e & f) ^ (~e & g)
      const first = (h + high + choice + SHA256_ROUNDS[step]! + words[step]!) | 0
      const low = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + low + majority) | 0
    }
    state[0]! += a
    state[1]! += b
    state[2]! += c
    state[3]! += d
    state[4]! += e
    state[5]! += f
    state[6]! += g
    state[7]! += h
  }
  return hexOf(state, false)
}

const PRIME1 = 11_400_714_785_074_694_791n
const PRIME2 = 14_029_467_366_897_019_727n
const PRIME3 = 1_609_587_929_392_839_161n
const PRIME4 = 9_650_029_242_287_828_579n
const PRIME5 = 2_870_177_450_012_600_261n

function unsigned(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}

function rotate64(value: bigint, by: bigint): bigint {
  return unsigned(value << by) | (value >> (64n - by))
}

function mix(state: bigint, lane: bigint): bigint {
  return unsigned(rotate64(unsigned(state + lane * PRIME2), 31n) * PRIME1)
}

/** xxHash64 with seed 0, as an unsigned number. */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { length } = bytes
  let at = 0
  let hash = PRIME5
  if (length >= 32) {
    const lanes = [unsigned(PRIME1 + PRIME2), PRIME2, 0n, unsigned(-PRIME1)]
    for (; at + 32 <= length; at += 32) {
      for (let lane = 0; lane < 4; lane++) {
        lanes[lane] = mix(lanes[lane]!, view.getBigUint64(at + lane * 8, true))
      }
    }
    const turns = [1n, 7n, 12n, 18n]
    hash = unsigned(lanes.reduce((sum, lane, index) => sum + rotate64(lane, turns[index]!), 0n))
    for (const lane of lanes) hash = unsigned((hash ^ mix(0n, lane)) * PRIME1 + PRIME4)
  }
  hash = unsigned(hash + BigInt(length))
  for (; at + 8 <= length; at += 8) {
    const lane = mix(0n, view.getBigUint64(at, true))
    hash = unsigned(rotate64(hash ^ lane, 27n) * PRIME1 + PRIME4)
  }
  if (at + 4 <= length) {
    const lane = unsigned(BigInt(view.getUint32(at, true)) * PRIME1)
    hash = unsigned(rotate64(hash ^ lane, 23n) * PRIME2 + PRIME3)
    at += 4
  }
  for (; at < length; at++) {
    hash = unsigned(rotate64(hash ^ unsigned(BigInt(bytes[at]!) * PRIME5), 11n) * PRIME1)
  }
  hash = unsigned((hash ^ (hash >> 33n)) * PRIME2)
  hash = unsigned((hash ^ (hash >> 29n)) * PRIME3)
  return hash ^ (hash >> 32n)
}
