import {
  COUNT,
  FIRST_LIST,
  type Kernel,
  LINES,
  MOST_BYTES,
  NEWLINES,
  openKernel,
  PADDING,
  type SkipExports,
  TEXT,
} from './kernel.ts'
import {
  type FoundLines,
  type LinePattern,
  type LinePatterns,
  PLACE_NUMBERS,
  type PlacedPatterns,
} from './line-patterns.ts'

/** Room for a piece of a text that is read ahead, and before it for the start of a line that ends in it. */
export const PIECE_BYTES = 1 << 22
export const LEAD_BYTES = 1 << 16
/** Where they are, behind all other text. */
const PIECES = MOST_BYTES + PADDING
const PIECE_ROOM = LEAD_BYTES + PIECE_BYTES + PADDING
export const PIECE_PLACES = 3

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
const IS_TIME = 1
const LAST_OF_NEED = 2
/** Where the patterns are that are looked for in lines that have the others. */
const LATE = 4096

/** Words of a listed member: begin and end of its name, begin and end of its value; see {@link loadedWords}. */
export const LISTED_WORDS = 4

/** The kernel of this thread; null where there is none. */
let ownKernel: Kernel | null | undefined
/** The one that is worked with: that of this thread, or another that it works with for a while. */
let current: Kernel | undefined

/** Works with another kernel than that of this thread while something is done. */
export function withKernel<T>(kernel: Kernel, work: () => T): T {
  const before = current
  current = kernel
  try {
    return work()
  } finally {
    current = before
  }
}

/** The one that is worked with, with room for so many bytes of text. */
function roomy(length: number): Kernel | undefined {
  if (current === undefined) {
    ownKernel ??= openKernel()
    current = ownKernel ?? undefined
  }
  current?.makeRoom(length)
  return current
}

/** Has the bytes at hand for the functions below, until others are loaded or they change. */
export function load(bytes: Uint8Array): void {
  // They lie behind all that is given room.
  if (current !== undefined && bytes === current.pieces) {
    current.loaded = bytes
    return
  }
  const isThere = bytes.buffer === current?.memory.buffer && bytes.byteOffset === TEXT
  if (current?.isOccupied === true && !isThere) return
  if (current !== undefined) current.loaded = undefined
  const kernel = bytes.length > MOST_BYTES ? undefined : roomy(bytes.length)
  if (kernel === undefined) return
  if (!isThere) kernel.memory.set(bytes, TEXT)
  kernel.memory.fill(0, TEXT + bytes.length, TEXT + bytes.length + PADDING)
  kernel.loaded = bytes
}

/**
 * Room for so many bytes from which {@link load} need not copy them; undefined where there is none.
 * Nothing else is loaded until {@link leaveRoom}; nothing may be waited for until then.
 */
export function room(length: number): Uint8Array | undefined {
  const kernel = length > MOST_BYTES ? undefined : roomy(length)
  if (kernel === undefined) return undefined
  kernel.loaded = undefined
  kernel.isOccupied = true
  return kernel.memory.subarray(TEXT, TEXT + length)
}

/** Has done with the room: what is in it may change. */
export function leaveRoom(): void {
  if (current === undefined) return
  current.loaded = undefined
  current.isOccupied = false
}

/**
 * Places for pieces of a text, of which some can be filled while one is looked at: positions of them are
 * those of the bytes that are returned, which can be loaded. undefined where they have an owner already,
 * or there are none. To be given back by {@link leavePieces}.
 */
export function piecesRoom(): Uint8Array | undefined {
  const length = PIECES + PIECE_PLACES * PIECE_ROOM
  if (current?.pieces !== undefined) return undefined
  // All that is ever needed: a memory that grew while something is read into it would not be there.
  const kernel = roomy(length)
  if (kernel === undefined) return undefined
  kernel.pieces = kernel.memory.subarray(TEXT, TEXT + length)
  return kernel.pieces
}

/** Has done with the places for pieces; nothing is being read into them. */
export function leavePieces(): void {
  if (current === undefined) return
  if (current.loaded === current.pieces) current.loaded = undefined
  current.pieces = undefined
}

/** Where the piece of that number begins: the places are filled in turn. */
export function pieceStart(number: number): number {
  return PIECES + (number % PIECE_PLACES) * PIECE_ROOM + LEAD_BYTES
}

/** Ends the piece at a position of all text. */
export function endPiece(end: number): void {
  current?.memory.fill(0, TEXT + end, TEXT + end + PADDING)
}

/** Forgets the bytes, because they are about to change. */
export function unload(bytes: Uint8Array): void {
  if (current?.loaded === bytes) current.loaded = undefined
}

/** Whether the bytes were loaded last, and are as they were then. */
export function isLoaded(bytes: Uint8Array): boolean {
  return current !== undefined && bytes === current.loaded
}

/** Skips a value in the loaded bytes, as `skipValue` does. */
export function skipLoaded(start: number, end: number): number {
  return current!.module.skipValue(start, end)
}

/**
 * Skips the object or array at `start` in the loaded bytes and lists its first `most` members or
 * elements from {@link FIRST_LIST} on. Returns the position after it; a negative number where it is
 * not JSON or there is no room for the list.
 */
export function listLoaded(start: number, end: number, most: number): number {
  return current!.module.list(start, end, FIRST_LIST * 4, most)
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
  return end - start > MOST_UNESCAPED ? -1 : current!.module.unescape(start, end)
}

/** What is worked with, once something was loaded. */
export function currentKernel(): Kernel {
  return current!
}

/** The module, once something was loaded: its memory holds more than the text. */
export function loadedModule(): SkipExports {
  return current!.module
}

/** Its memory as bytes. They are others when it has grown. */
export function loadedMemory(): Uint8Array {
  return current!.memory
}

/** How many members or elements were listed last. */
export function listedCount(): number {
  return current!.words[COUNT]!
}

/**
 * The memory as words. What was listed takes four of them: where a name begins and ends, where its
 * value does; the end of a name, and of a string, is negative where it has escapes.
 */
export function loadedWords(): Int32Array {
  return current!.words
}

/** How many newlines were skipped in loaded bytes, ever. */
export function loadedNewlines(): number {
  return current === undefined ? 0 : current.words[NEWLINES]!
}

/** Looks through the lines of the loaded bytes from `start` to `end`, which is behind a newline. */
export function linesLoaded(patterns: LinePatterns, start: number, end: number): FoundLines {
  const kernel = current!
  const { walked, words } = kernel
  let last = end
  if (walked !== undefined && start <= walked.at) {
    const found = start === walked.at ? walked.takeLines() : undefined
    if (found !== undefined) return found
    if (start < walked.at) last = Math.min(end, walked.at)
  }
  const { patterns: count, needs, late } = placePatterns(kernel, patterns)
  const after = kernel.module.lines(start, last, count, needs, late)
  const numbers = words[COUNT]! * PLACE_NUMBERS
  return { lines: words[LINES]!, end: after, places: words.slice(FIRST_LIST, FIRST_LIST + numbers) }
}

/** Puts into a kernel what its `lines` looks for. */
export function placePatterns(
  kernel: Kernel,
  { patterns, needs, late, time }: LinePatterns,
): PlacedPatterns {
  const { memory } = kernel
  patterns.forEach((pattern, index) => {
    placePattern(kernel, pattern, PATTERNS + index * PATTERN_BYTES, 0)
  })
  const last = late.flatMap(need => need.map((_, index) => index === need.length - 1))
  late.flat().forEach((pattern, index) => {
    placePattern(kernel, pattern, LATE + index * PATTERN_BYTES, last[index] ? LAST_OF_NEED : 0)
  })
  memory.set(needs, NEEDS)
  memory[OUTSIDE] = time?.outside === true ? 1 : 0
  if (time !== undefined) {
    writeText(memory, time.from, FIRST_SECOND)
    writeText(memory, time.to, LAST_SECOND)
  }
  return { patterns: patterns.length, needs: needs.length, late: last.length }
}

function placePattern(
  { memory, words }: Kernel,
  { bytes, isTime, probes, other }: LinePattern,
  at: number,
  flags: number,
): void {
  probes.forEach((probe, side) => {
    const byte = bytes[probe]!
    const vector = at + side * 32
    memory.fill(byte, vector, vector + 16)
    memory.fill(!isTime && byte >= 0x61 ? 0x20 : 0, vector + 16, vector + 32)
  })
  words.set([...probes, bytes.length, (isTime ? IS_TIME : 0) | flags], at / 4 + PATTERN_WORDS)
  memory.set(bytes, at + PATTERN_TEXT)
  if (!isTime) return
  words.set([0, 0, other?.length ?? 0, IS_TIME], OTHER_NAME / 4 + PATTERN_WORDS)
  memory.set(other ?? [], OTHER_NAME + PATTERN_TEXT)
}

function writeText(memory: Uint8Array, text: string, at: number): void {
  for (let i = 0; i < text.length; i++) memory[at + i] = text.charCodeAt(i)
}
