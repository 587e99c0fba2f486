/** Place in the 16 bytes of each byte of a guid's text: the first three groups are little-endian. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const

/** The guid of 16 bytes, in the order in which .NET has them. */
export function guidFromBytes(bytes: Uint8Array): string {
  const hex = ORDER.map(at => (bytes[at] ?? 0).toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The 16 bytes of a guid, in the order in which .NET has them. */
export function guidToBytes(guid: string): Uint8Array {
  const hex = guid.replaceAll('-', '')
  const bytes = new Uint8Array(16)
  ORDER.forEach((at, index) => {
    bytes[at] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16)
  })
  return bytes
}
