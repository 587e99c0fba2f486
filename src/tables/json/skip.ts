import { MAX_DYNAMIC_DEPTH } from '../../types/dynamic-json.ts'
import { isLoaded, loadedNewlines, skipLoaded } from './skip-memory.ts'

/** The bytes that JSON's grammar names. */
export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const COLON = 0x3a
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const NEWLINE = 0x0a
export const CARRIAGE_RETURN = 0x0d
export const MINUS = 0x2d

/** How deep arrays and objects may nest in a value before it counts as malformed. */
export const MAX_DEPTH = MAX_DYNAMIC_DEPTH

/** What a byte is inside of a string: 0 part of it, 1 the end, an escape or a fault. */
const STOPS_STRING = new Uint8Array(256)
STOPS_STRING.fill(1, 0, 0x20)
STOPS_STRING[QUOTE] = 1
STOPS_STRING[BACKSLASH] = 1

/** 1 for what may follow a backslash, 2 for `u`. */
const ESCAPES = new Uint8Array(256)
for (const char of '"\\/bfnrt') ESCAPES[char.charCodeAt(0)] = 1
ESCAPES[0x75] = 2

const HEX_DIGITS = new Uint8Array(256)
for (const char of '0123456789abcdefABCDEF') HEX_DIGITS[char.charCodeAt(0)] = 1

const BLANKS = new Uint8Array(256)
for (const char of ' \t\n\r') BLANKS[char.charCodeAt(0)] = 1

/** What a value opens, and what a container on the stack is. */
const NOTHING = 0
const OBJECT = 1
const ARRAY = 2

// Every function here takes positions in `bytes`, of which `view` is a view, reads nothing of
// interest from `end` on, and returns the position after what it skipped, or `~position` of the byte
// that is not JSON: `~end` or beyond where the text ends too early.

/** The view that the functions here want with the bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

let newlines = 0

/** Counts the newlines skipped so far: equal counts before and after mean that there was none. */
export function skippedNewlines(): number {
  return newlines + loadedNewlines()
}

/** Takes what was skipped since there were so many newlines for not skipped: it was over what was skipped before. */
export function restoreNewlines(count: number): void {
  newlines += count - skippedNewlines()
}

/** The end of the line on which a value ended at `after`; -1 where there is something in between. */
export function lineEnd(bytes: Uint8Array, after: number, end: number): number {
  if (after < 0) return -1
  const at = bytes[after] === CARRIAGE_RETURN ? after + 1 : after
  return at < end && bytes[at] === NEWLINE ? at : -1
}

/** The position of the first byte that is not a blank. */
export function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (; at < end; at++) {
    const byte = bytes[at]!
    if (BLANKS[byte] === 0) break
    if (byte === NEWLINE) newlines++
  }
  return at
}

/**
 * The position of the first quote, backslash or control character; `end` where there is none. Four
 * bytes at a time: a byte b equals c where (b ^ c) is zero, and a zero byte shows in its top bit
 * after `(x - 0x01010101) & ~x`.
 */
export function findStringStop(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): number {
  const last = end - 4
  let at = start
  while (at <= last) {
    const word = view.getInt32(at, true)
    const quote = word ^ 0x22222222
    const backslash = word ^ 0x5c5c5c5c
    const found =
      ((((quote - 0x01010101) | 0) & ~quote) |
        (((backslash - 0x01010101) | 0) & ~backslash) |
        (((word - 0x20202020) | 0) & ~word)) &
      -2139062144
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3)
    at += 4
  }
  while (at < end && STOPS_STRING[bytes[at]!] === 0) at++
  return at
}

/** Skips the rest of a string: `start` is inside of it, the result behind the closing quote. */
export function skipString(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let at = start
  for (;;) {
    at = findStringStop(bytes, view, at, end)
    if (at >= end) return ~end
    const stop = bytes[at]!
    if (stop === QUOTE) return at + 1
    if (stop !== BACKSLASH) return ~at
    at++
    if (at >= end) return ~end
    const follows = ESCAPES[bytes[at]!]!
    if (follows === 0) return ~at
    at++
    if (follows === 2) {
      const digits = at + 4
      for (; at < digits; at++) {
        if (at >= end) return ~end
        if (HEX_DIGITS[bytes[at]!] === 0) return ~at
      }
    }
  }
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++
  return at === start ? ~at : at
}

/** Skips a number. */
export function skipNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start
  if (at < end && bytes[at] === 0x30) at++
  else at = skipDigits(bytes, at, end)
  if (at >= 0 && at < end && bytes[at] === 0x2e) at = skipDigits(bytes, at + 1, end)
  if (at >= 0 && at < end && (bytes[at]! | 0x20) === 0x65) {
    at++
    if (at < end && (bytes[at] === 0x2b || bytes[at] === MINUS)) at++
    at = skipDigits(bytes, at, end)
  }
  return at
}

function skipWord(bytes: Uint8Array, start: number, end: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (start + i >= end) return ~end
    if (bytes[start + i] !== word.charCodeAt(i)) return ~(start + i)
  }
  return start + word.length
}

/** Skips a number, `true`, `false` or `null`. */
export function skipScalar(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return ~end
  const first = bytes[start]!
  if (first === MINUS || (first >= 0x30 && first <= 0x39)) return skipNumber(bytes, start, end)
  if (first === 0x74) return skipWord(bytes, start, end, 'true')
  if (first === 0x66) return skipWord(bytes, start, end, 'false')
  if (first === 0x6e) return skipWord(bytes, start, end, 'null')
  return ~start
}

const containers = new Uint8Array(MAX_DEPTH)

/** Skips a value of any kind. The loop keeps its own stack, so that no text exhausts the engine's. */
export function skipValue(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  if (isLoaded(bytes)) return skipLoaded(start, end)
  let at = start
  let depth = 0
  value: for (;;) {
    if (at >= end) return ~end
    const first = bytes[at]!
    let opened = NOTHING
    if (first === QUOTE) {
      at = skipString(bytes, view, at + 1, end)
      if (at < 0) return at
    } else if (depth === MAX_DEPTH && (first === OPEN_OBJECT || first === OPEN_ARRAY)) {
      return ~at
    } else if (first === OPEN_OBJECT) {
      at++
      if (bytes[at] !== QUOTE) at = skipBlanks(bytes, at, end)
      if (bytes[at] === CLOSE_OBJECT) at++
      else opened = OBJECT
    } else if (first === OPEN_ARRAY) {
      at++
      if (at < end && BLANKS[bytes[at]!] === 1) at = skipBlanks(bytes, at, end)
      if (bytes[at] === CLOSE_ARRAY) at++
      else opened = ARRAY
    } else if (BLANKS[first] === 1) {
      at = skipBlanks(bytes, at, end)
      continue
    } else {
      at = skipScalar(bytes, at, end)
      if (at < 0) return at
    }

    if (opened !== NOTHING) {
      containers[depth++] = opened
      if (opened === ARRAY) continue
      at = skipKey(bytes, view, at, end)
      if (at < 0) return at
      continue
    }

    for (;;) {
      if (depth === 0) return at
      let next = bytes[at]
      if (next !== COMMA && at < end && BLANKS[next!] === 1) {
        at = skipBlanks(bytes, at, end)
        next = bytes[at]
      }
      const inObject = containers[depth - 1] === OBJECT
      if (next === COMMA) {
        at++
        if (!inObject) continue value
        if (bytes[at] !== QUOTE) at = skipBlanks(bytes, at, end)
        at = skipKey(bytes, view, at, end)
        if (at < 0) return at
        continue value
      }
      if (next !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return ~at
      depth--
      at++
    }
  }
}

/** Skips a member's name and its colon. */
export function skipKey(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return ~start
  let at = skipString(bytes, view, start + 1, end)
  if (at < 0) return at
  if (bytes[at] !== COLON) {
    at = skipBlanks(bytes, at, end)
    if (bytes[at] !== COLON) return ~at
  }
  return at + 1
}
