import { type FoundLines, type LinePatterns, PLACE_NUMBERS } from './line-patterns.ts'
import { SKIP_MODULE } from './skip-module.ts'

/**
 * The walk of skip.ts in WebAssembly, which looks at 16 bytes at a time: over logs it is three times
 * as fast, and it is so from the first record on. It works on a copy of the text in a memory of its
 * own. Where WebAssembly is not to be had, nothing is ever loaded, and skip.ts does all.
 */
export interface SkipExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  skipValue(start: number, end: number): number
  list(start: number, end: number, list: number, most: number): number
  walk(root: number, start: number, end: number, row: number, slots: number): number
  walkLines(
    root: number,
    start: number,
    end: number,
    row: number,
    slots: number,
    most: number,
    opening: number,
  ): number
  remember(tag: number, start: number, end: number, code: number): void
  unescape(start: number, end: number): number
  lines(start: number, end: number, patterns: number, needs: number): number
}

/** What is used of WebAssembly; the libraries of types for Node do not declare it. */
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object
      readonly Instance: new (module: object) => { readonly exports: object }
    }
  | undefined

const PAGE = 1 << 16
/** Where the text begins. */
const TEXT = 1 << 24
/** Bytes behind the text that are zero. */
const PADDING = 192
/** Longer text is left to skip.ts. */
const MOST_BYTES = 1 << 24

/** Room for a piece of a text that is read ahead, and before it for the start of a line that ends in it. */
export const PIECE_BYTES = 1 << 22
export const LEAD_BYTES = 1 << 16
/** Where they are, behind all other text. */
const PIECES = MOST_BYTES + PADDING
const PIECE_ROOM = LEAD_BYTES + PIECE_BYTES + PADDING
export const PIECE_PLACES = 3

/**
 * Words of the memory: how many members or lines were listed, how many newlines were skipped, ever, and how many lines
 * were looked through.
 */
const COUNT = 512
const NEWLINES = 513
const LINES = 514

/** Where the patterns that lines are looked through for are, and what of them lines need. */
const PATTERNS = 2560
const PATTERN_BYTES = 128
const FIRST_SECOND = 3600
const LAST_SECOND = 3632
const NEEDS = 3696
/** Whether times inside of the range do not matter. */
const OUTSIDE = 3704
/** The pattern of another name of the time. */
const OTHER_NAME = 3712
/** Words and bytes of a pattern: where its probes are, its length, whether it is a time; its text. */
const PATTERN_WORDS = 16
const PATTERN_TEXT = 80

/** Where the first list begins, as a position in {@link loadedWords}. */
export const FIRST_LIST = 5120
/** Words of a listed member: begin and end of its name, begin and end of its value; see {@link loadedWords}. */
export const LISTED_WORDS = 4

let module: SkipExports | null | undefined
let memory = new Uint8Array(0)
let words = new Int32Array(0)
let loaded: Uint8Array | undefined
/** Whether something was given room that is not done with it. */
let isOccupied = false
/** All text, while the places for pieces have an owner. */
let pieces: Uint8Array | undefined

function open(): SkipExports | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports as SkipExports
  } catch {
    // The policy of a page, or a machine without 16-byte vectors: skip.ts does the same.
    return null
  }
}

function moduleBytes(): Uint8Array {
  const text = atob(SKIP_MODULE)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** Has the bytes at hand for the functions below, until others are loaded or they change. */
export function load(bytes: Uint8Array): void {
  // They lie behind all that is given room.
  if (bytes === pieces) {
    loaded = bytes
    return
  }
  const isThere = bytes.buffer === memory.buffer && bytes.byteOffset === TEXT
  if (isOccupied && !isThere) return
  loaded = undefined
  if (bytes.length > MOST_BYTES || !makeRoom(bytes.length)) return
  if (!isThere) memory.set(bytes, TEXT)
  memory.fill(0, TEXT + bytes.length, TEXT + bytes.length + PADDING)
  loaded = bytes
}

/**
 * Room for so many bytes from which {@link load} need not copy them; undefined where there is none.
 * Nothing else is loaded until {@link leaveRoom}; nothing may be waited for until then.
 */
export function room(length: number): Uint8Array | undefined {
  if (length > MOST_BYTES || !makeRoom(length)) return undefined
  loaded = undefined
  isOccupied = true
  return memory.subarray(TEXT, TEXT + length)
}

/** Has done with the room: what is in it may change. */
export function leaveRoom(): void {
  loaded = undefined
  isOccupied = false
}

/**
 * Places for pieces of a text, of which some can be filled while one is looked at: positions of them are
 * those of the bytes that are returned, which can be loaded. undefined where they have an owner already,
 * or there are none. To be given back by {@link leavePieces}.
 */
export function piecesRoom(): Uint8Array | undefined {
  const length = PIECES + PIECE_PLACES * PIECE_ROOM
  // All that is ever needed: a memory that grew while something is read into it would not be there.
  if (pieces !== undefined || !makeRoom(length)) return undefined
  pieces = memory.subarray(TEXT, TEXT + length)
  return pieces
}

/** Has done with the places for pieces; nothing is being read into them. */
export function leavePieces(): void {
  if (loaded === pieces) loaded = undefined
  pieces = undefined
}

/** Where the piece of that number begins: the places are filled in turn. */
export function pieceStart(number: number): number {
  return PIECES + (number % PIECE_PLACES) * PIECE_ROOM + LEAD_BYTES
}

/** Ends the piece at a position of all text. */
export function endPiece(end: number): void {
  memory.fill(0, TEXT + end, TEXT + end + PADDING)
}

/** Whether there is memory for so many bytes of text. */
function makeRoom(length: number): boolean {
  module ??= open()
  if (module === null) return false
  const missing = TEXT + length + PADDING - module.memory.buffer.byteLength
  if (missing > 0) module.memory.grow(Math.ceil(missing / PAGE))
  if (memory.buffer !== module.memory.buffer) {
    memory = new Uint8Array(module.memory.buffer)
    words = new Int32Array(module.memory.buffer)
  }
  return true
}

/** Forgets the bytes, because they are about to change. */
export function unload(bytes: Uint8Array): void {
  if (loaded === bytes) loaded = undefined
}

/** Whether the bytes were loaded last, and are as they were then. */
export function isLoaded(bytes: Uint8Array): boolean {
  return bytes === loaded
}

/** Skips a value in the loaded bytes, as `skipValue` does. */
export function skipLoaded(start: number, end: number): number {
  return module!.skipValue(start, end)
}

/**
 * Skips the object or array at `start` in the loaded bytes and lists its first `most` members or
 * elements from {@link FIRST_LIST} on. Returns the position after it; a negative number where it is
 * not JSON or there is no room for the list.
 */
export function listLoaded(start: number, end: number, most: number): number {
  return module!.list(start, end, FIRST_LIST * 4, most)
}

/** Where {@link unescapeLoaded} puts bytes in {@link loadedMemory}. */
export const UNESCAPED = FIRST_LIST * 4
/** Longer strings are not unescaped there. */
const MOST_UNESCAPED = 40_000

/**
 * Puts the UTF-8 of a string that was checked, between the positions of the loaded bytes, at
 * {@link UNESCAPED} and returns its length; -1 where it is too long, or has half of a pair of surrogates.
 */
export function unescapeLoaded(start: number, end: number): number {
  return end - start > MOST_UNESCAPED ? -1 : module!.unescape(start, end)
}

/** The module, once something was loaded: its memory holds more than the text. */
export function loadedModule(): SkipExports {
  return module!
}

/** Its memory as bytes. They are others when it has grown. */
export function loadedMemory(): Uint8Array {
  return memory
}

/** How many members or elements were listed last. */
export function listedCount(): number {
  return words[COUNT]!
}

/**
 * The memory as words. What was listed takes four of them: where a name begins and ends, where its
 * value does; the end of a name, and of a string, is negative where it has escapes.
 */
export function loadedWords(): Int32Array {
  return words
}

/** How many newlines were skipped in loaded bytes, ever. */
export function loadedNewlines(): number {
  return words.length === 0 ? 0 : words[NEWLINES]!
}

/** Looks through the lines of the loaded bytes from `start` to `end`, which is behind a newline. */
export function linesLoaded(
  { patterns, needs, time }: LinePatterns,
  start: number,
  end: number,
): FoundLines {
  patterns.forEach((pattern, index) => {
    const at = PATTERNS + index * PATTERN_BYTES
    const { bytes, isTime, probes, other } = pattern
    probes.forEach((probe, side) => {
      const byte = bytes[probe]!
      const vector = at + side * 32
      memory.fill(byte, vector, vector + 16)
      memory.fill(!isTime && byte >= 0x61 ? 0x20 : 0, vector + 16, vector + 32)
    })
    words.set([...probes, bytes.length, isTime ? 1 : 0], at / 4 + PATTERN_WORDS)
    memory.set(bytes, at + PATTERN_TEXT)
    if (isTime) {
      words.set([0, 0, other?.length ?? 0, 1], OTHER_NAME / 4 + PATTERN_WORDS)
      memory.set(other ?? [], OTHER_NAME + PATTERN_TEXT)
    }
  })
  memory.set(needs, NEEDS)
  memory[OUTSIDE] = time?.outside === true ? 1 : 0
  if (time !== undefined) {
    writeText(time.from, FIRST_SECOND)
    writeText(time.to, LAST_SECOND)
  }
  const after = module!.lines(start, end, patterns.length, needs.length)
  const count = words[COUNT]! * PLACE_NUMBERS
  const places = words.slice(FIRST_LIST, FIRST_LIST + count)
  return { lines: words[LINES]!, end: after, places }
}

function writeText(text: string, at: number): void {
  for (let i = 0; i < text.length; i++) memory[at + i] = text.charCodeAt(i)
}
