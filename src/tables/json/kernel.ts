import type { FoundLines } from './line-patterns.ts'
import { SKIP_MODULE } from './skip-module.ts'

/**
 * The walk of skip.ts in WebAssembly, which looks at 16 bytes at a time: over logs it is three times
 * as fast, and it is so from the first record on. It works on a copy of the text in a memory of its
 * own. Where WebAssembly is not to be had, nothing is ever loaded, and skip.ts does all.
 */
export interface SkipExports {
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
  forget(): void
  remember(tag: number, start: number, end: number, code: number): void
  unescape(start: number, end: number): number
  lines(start: number, end: number, patterns: number, needs: number, late: number): number
}

/** A memory of WebAssembly. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

/** What is used of WebAssembly; the libraries of types for Node do not declare it. */
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object
      readonly Instance: new (module: object, imports: object) => { readonly exports: object }
      readonly Memory: new (size: {
        readonly initial: number
        readonly maximum: number
        readonly shared?: boolean
      }) => KernelMemory
    }
  | undefined

const PAGE = 1 << 16
/** What the module says of its memory. */
const LEAST_PAGES = 2
const MOST_PAGES = 1024

/** Where the text begins. */
export const TEXT = 1 << 24
/** Longer text is left to skip.ts. */
export const MOST_BYTES = 1 << 24
/** Bytes behind a text that are zero. */
export const PADDING = 192

/** Where the tries of wanted places are. */
export const TRIES = 67_584
export const TRIES_END = (1 << 16) + (1 << 21)

/** Words of what is found at a wanted place. */
export const FOUND_WORDS = 6

/**
 * Words of the memory: how many members or lines were listed, how many newlines were skipped, ever, and how
 * many lines were looked through.
 */
export const COUNT = 512
export const NEWLINES = 513
export const LINES = 514
/** Where the next element is noted, and where the room for elements ends, as addresses. */
export const NEXT_ELEMENT = 515
export const ELEMENTS_END = 516
/** Where the next text is put that a string with escapes stands for, and where the room for those ends; no room as 0. */
export const NEXT_TEXT = 517
export const TEXTS_END = 518
/** Where the first list begins, in words. */
export const FIRST_LIST = 5120
/** Words of the lists. */
export const LIST_WORDS = 11_264

/** Where what is found of elements is, unless it is in a place of a piece. */
export const ELEMENTS = 15_597_568
export const ELEMENTS_BYTES = 1 << 20

/** Where another thread has its own of all these, in bytes. */
export const OTHER_SCRATCH = TEXT - (1 << 17)

/** What is known of a piece already: another thread has walked over its records or looked through its lines. */
export interface WalkedPiece {
  /** Where the first line begins that was not taken yet. */
  readonly at: number
  /** Takes up to `most` rows and puts what was found at an address. Returns and lists what `walkLines` does. */
  takeRows(address: number, most: number): number
  /** Takes the lines that may matter; undefined where it was not looked for them. */
  takeLines(): FoundLines | undefined
}

/** A memory of WebAssembly with what works on it and what is in it. */
export class Kernel {
  readonly module: SkipExports
  readonly #pages: KernelMemory
  memory: Uint8Array
  words: Int32Array
  loaded: Uint8Array | undefined
  /** Whether something was given room that is not done with it. */
  isOccupied = false
  /** All text, while the places for pieces have an owner. */
  pieces: Uint8Array | undefined
  /** Where the next trie has room, and the first one that may go. */
  freeFrom = TRIES
  triesFrom = TRIES
  /** Counts how often all tries had to go, to make room. */
  generation = 0
  /** Who has the room for what is found of many records. */
  rowsOwner: object | undefined
  walked: WalkedPiece | undefined

  constructor(module: SkipExports, pages: KernelMemory) {
    this.module = module
    this.#pages = pages
    this.memory = new Uint8Array(pages.buffer)
    this.words = new Int32Array(pages.buffer)
  }

  /** Has no tries any more, nor room that somebody has. */
  clearTries(): void {
    this.triesFrom = TRIES
    this.freeFrom = TRIES
    this.generation++
    this.rowsOwner = undefined
  }

  /** Has room for so many bytes of text. */
  makeRoom(length: number): void {
    const missing = TEXT + length + PADDING - this.memory.length
    if (missing <= 0) return
    this.#pages.grow(Math.ceil(missing / PAGE))
    this.memory = new Uint8Array(this.#pages.buffer)
    this.words = new Int32Array(this.#pages.buffer)
  }
}

/** A kernel for this thread alone; null where there is none. */
export function openKernel(): Kernel | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    const module = new WebAssembly.Module(moduleBytes())
    const memory = new WebAssembly.Memory({ initial: LEAST_PAGES, maximum: MOST_PAGES })
    return new Kernel(instanceOf(module, memory, 0, false), memory)
  } catch {
    // The policy of a page, or a machine without 16-byte vectors: skip.ts does the same.
    return null
  }
}

/** The module for memories that threads share. */
let sharedModule: object | undefined

/** What another thread needs to work on a kernel. */
export interface SharedKernel {
  readonly kernel: Kernel
  readonly module: object
  readonly memory: KernelMemory
}

/**
 * A kernel with room for so many bytes of text, which may be shared; undefined where there is none, or no
 * memory for it. `isShared`: another thread looks for known strings while this one makes them known.
 */
export function sharedKernel(length: number, isShared = true): SharedKernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  try {
    sharedModule ??= new WebAssembly.Module(sharedBytes())
    const initial = Math.ceil((TEXT + length) / PAGE)
    const memory = new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared: true })
    const kernel = new Kernel(instanceOf(sharedModule, memory, 0, isShared), memory)
    kernel.pieces = kernel.memory.subarray(TEXT, TEXT + length)
    return { kernel, module: sharedModule, memory }
  } catch {
    // As in openKernel; or so much address space is not to be had. One thread does the same.
    return undefined
  }
}

/** The functions of a module on a memory, with words and lists so many bytes behind those of others. */
export function instanceOf(
  module: object,
  memory: KernelMemory,
  scratch: number,
  isShared: boolean,
): SkipExports {
  // Whoever has a module has WebAssembly.
  if (typeof WebAssembly === 'undefined') throw new Error('There is no WebAssembly.')
  const kernel = { memory, scratch, isShared: isShared ? 1 : 0 }
  return new WebAssembly.Instance(module, { kernel }).exports as SkipExports
}

function moduleBytes(): Uint8Array {
  const text = atob(SKIP_MODULE)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** The name of the memory and what follows where it is not shared: that it is one, of a least and a greatest size. */
const UNSHARED = [...'memory'].map(letter => letter.charCodeAt(0)).concat(2, 1)

/** The module with a memory that is shared. */
function sharedBytes(): Uint8Array {
  const bytes = moduleBytes()
  const at = bytes.findIndex((_, start) => UNSHARED.every((byte, i) => bytes[start + i] === byte))
  bytes[at + UNSHARED.length - 1] = 3
  return bytes
}
