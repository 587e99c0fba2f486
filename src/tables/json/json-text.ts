import type { JsonTextForm } from './record-columns.ts'
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './skip.ts'

/** A mark in front of a value is dropped by whoever frames records; inside, it is a character. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of UTF-8 bytes; bytes that are not UTF-8 are U+FFFD. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end))
}

/** The value of a JSON string that was checked, with escapes, from the bytes between its quotes. */
export function stringAt(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(textAt(bytes, start - 1, end + 1)) as string
}

/**
 * A JSON value that was checked, as text: `compact` has no blanks, `pretty` breaks lines and indents
 * by two, and leaves empty objects and arrays closed. Names, strings and numbers stay as written.
 */
export function jsonTextAt(
  bytes: Uint8Array,
  start: number,
  end: number,
  form: JsonTextForm,
): string {
  const pretty = form === 'pretty'
  let out = ''
  let depth = 0
  let from = start
  let at = start
  const flush = () => {
    if (at > from) out += textAt(bytes, from, at)
  }
  const breakLine = () => {
    if (pretty) out += `\n${'  '.repeat(depth)}`
  }
  while (at < end) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      at++
      while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
      at++
    } else if (byte <= 0x20) {
      flush()
      from = ++at
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      flush()
      out += String.fromCharCode(byte)
      at++
      while (bytes[at]! <= 0x20) at++
      from = at
      if (bytes[at] !== CLOSE_OBJECT && bytes[at] !== CLOSE_ARRAY) {
        depth++
        breakLine()
      } else {
        out += String.fromCharCode(bytes[at]!)
        from = ++at
      }
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      flush()
      depth--
      breakLine()
      out += String.fromCharCode(byte)
      from = ++at
    } else if (byte === COMMA) {
      flush()
      out += ','
      breakLine()
      from = ++at
    } else if (byte === COLON) {
      flush()
      out += pretty ? ': ' : ':'
      from = ++at
    } else at++
  }
  flush()
  return out
}
