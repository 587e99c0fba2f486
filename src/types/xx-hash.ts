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
