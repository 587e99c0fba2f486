import { OPEN_ARRAY, OPEN_OBJECT, skipBlanks, skipValue, viewOf } from './skip.ts'

const encoder = new TextEncoder()

/** Whether the bytes are a JSON object or array, with nothing but blanks around it. */
export function isJsonContainer(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): boolean {
  const from = skipBlanks(bytes, start, end)
  if (from === end) return false
  if (bytes[from] !== OPEN_OBJECT && bytes[from] !== OPEN_ARRAY) return false
  const after = skipValue(bytes, view, from, end)
  return after >= 0 && after <= end && skipBlanks(bytes, after, end) === end
}

/** {@link isJsonContainer} of a text. */
export function isJsonContainerText(text: string): boolean {
  if (!/^[ \t\r\n]*[[{]/.test(text)) return false
  const bytes = encoder.encode(text)
  return isJsonContainer(bytes, viewOf(bytes), 0, bytes.length)
}
