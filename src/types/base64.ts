const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Int8Array(128).fill(-1)
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value

/** The bytes in base64, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!
    text += left > 1 ? ALPHABET[(bits >> 6) & 63]! : '='
    text += left > 2 ? ALPHABET[bits & 63]! : '='
  }
  return text
}

/**
 * The bytes of base64 text; blanks in it do not count. null where it is none, also without its
 * padding: the documentation has an unpadded text decode to null.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const digits = text.replace(/[ \t\r\n]+/g, '')
  if (digits.length % 4 !== 0) return null
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((digits.length / 4) * 3 - padding)
  let bits = 0
  let size = 0
  for (let at = 0; at < digits.length - padding; at++) {
    const value = VALUES[digits.charCodeAt(at)] ?? -1
    if (value < 0) return null
    bits = (bits << 6) | value
    if (at % 4 === 0) continue
    const shift = 6 - 2 * (at % 4)
    bytes[size++] = (bits >> shift) & 255
    bits &= (1 << shift) - 1
  }
  return bytes
}
