import { sha256 } from '@noble/hashes/sha2.js'

const encoder = new TextEncoder()

/** An identifier in the form of a guid, the same for the same parts. */
export function idOf(...parts: readonly string[]): string {
  const bytes = sha256(encoder.encode(parts.map(part => `${part.length}:${part}`).join('')))
  const hex = Array.from(bytes.subarray(0, 16), byte => byte.toString(16).padStart(2, '0')).join('')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}
