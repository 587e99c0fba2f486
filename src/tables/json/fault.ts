import { textAt } from './json-text.ts'
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  MAX_DEPTH,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipString,
  viewOf,
} from './skip.ts'

/** What is wrong with the JSON from `start` to `end`, which breaks at `at`, in one sentence. */
export function describeFault(bytes: Uint8Array, start: number, end: number, at: number): string {
  if (at >= end) return 'The record ends too early: it is incomplete.'
  const place = `at byte ${at - start + 1} of the record`
  const byte = bytes[at]!
  if ((byte === OPEN_ARRAY || byte === OPEN_OBJECT) && depthAt(bytes, start, at) >= MAX_DEPTH) {
    return `The record nests deeper than ${MAX_DEPTH} levels ${place}.`
  }
  return `The record is not JSON: unexpected ${nameOf(bytes, at, end)} ${place}.`
}

function nameOf(bytes: Uint8Array, at: number, end: number): string {
  const byte = bytes[at]!
  if (byte < 0x20 || byte === 0x7f) {
    return `control character 0x${byte.toString(16).padStart(2, '0')}`
  }
  const [char = ''] = textAt(bytes, at, Math.min(at + 4, end))
  return `'${char}'`
}

function depthAt(bytes: Uint8Array, start: number, end: number): number {
  const view = viewOf(bytes)
  let depth = 0
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      const after = skipString(bytes, view, at + 1, end)
      if (after < 0) return depth
      at = after
      continue
    }
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--
    at++
  }
  return depth
}
