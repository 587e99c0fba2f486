import { stringAt } from './json-text.ts'
import { FIRST_LIST, FOUND_WORDS, type Kernel } from './kernel.ts'
import {
  FOUND_CODE,
  FOUND_COUNT,
  FOUND_ELEMENTS,
  FOUND_END,
  FOUND_START,
  KernelWalk,
  type PlacedTrie,
  placeTrie,
} from './kernel-walk.ts'
import type { MemberNodes, PathNode, StringUse } from './path-trie.ts'
import { PathTrie } from './path-trie.ts'
import type { RecordPath } from './record-columns.ts'
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  findStringStop,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  restoreNewlines,
  skipBlanks,
  skippedNewlines,
  skipScalar,
  skipString,
  skipValue,
} from './skip.ts'
import { isLoaded, listedCount, loadedWords } from './skip-memory.ts'

const NO_PLACES = new Int32Array(0)

/** What stands at a wanted place. */
export const ABSENT = 0
export const NULL = 1
export const TRUE = 2
export const FALSE = 3
export const NUMBER = 4
/** A string without escapes; its range leaves the quotes out. */
export const STRING = 5
/** A string with escapes; its range leaves the quotes out. */
export const ESCAPED = 6
export const OBJECT = 7
export const ARRAY = 8

/**
 * Walks JSON values in their UTF-8 bytes, checks all of them, and notes where the wanted places are.
 * It builds nothing: the ranges are in the bytes it was given. Of a name that occurs twice in an
 * object the last counts, as in `JSON.parse`. What it finds of a record is a row: it can keep many,
 * and look at any of them.
 */
export class RecordScanner {
  readonly #trie = new PathTrie()
  readonly #walk: KernelWalk
  readonly #mostRows: number
  #record = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)
  #end = 0
  /** What was found, and where among it the row that is looked at begins. */
  #words: Int32Array = new Int32Array(0)
  #row = 0
  /** Where the first row begins. */
  #firstRow = 0
  /** The same where it is not in the memory of WebAssembly. */
  #ownWords = new Int32Array(0)
  /** Whether what is scanned since {@link begin} is in the memory of WebAssembly. */
  #inKernel = false

  /** `mostRows` is how many rows it may keep at a time. */
  constructor(mostRows = 1) {
    this.#mostRows = mostRows
    this.#walk = new KernelWalk(this.#trie, mostRows)
  }

  /** The slot of a path without negative positions. To be called before the first scan. */
  want(path: RecordPath, strings?: StringUse): number {
    return this.#trie.add(path, strings)
  }

  /**
   * What is wanted of each element of the array at a path without negative positions, which is found at
   * {@link elementsAt}. To be called before the first scan, of a scanner that keeps many rows.
   */
  wantEach(path: RecordPath): PathTrie {
    return this.#trie.each(path)
  }

  /** Puts the wanted places into the memory of a kernel for another thread; undefined where they have no room. */
  placeIn(kernel: Kernel): PlacedTrie | undefined {
    return this.#walk.rows > 0 ? placeTrie(kernel, this.#trie) : undefined
  }

  /** How many wanted places there are. */
  get slots(): number {
    return this.#trie.slots
  }

  /** What the strings at a slot are for. */
  stringsAt(slot: number): StringUse | undefined {
    return this.#trie.strings[slot]
  }

  /** Counts the rows that were looked at. */
  get record(): number {
    return this.#record
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  get view(): DataView {
    return this.#view
  }

  /** What the row has at a slot. */
  kindAt(slot: number): number {
    return this.#words[this.#row + slot * FOUND_WORDS]!
  }

  startAt(slot: number): number {
    return this.#words[this.#row + slot * FOUND_WORDS + FOUND_START]!
  }

  endAt(slot: number): number {
    return this.#words[this.#row + slot * FOUND_WORDS + FOUND_END]!
  }

  /** The code that a string was given, 1 for a time; below 0 where there is none. */
  codeAt(slot: number): number {
    return this.#words[this.#row + slot * FOUND_WORDS + FOUND_CODE]!
  }

  /** Where in {@link words} it is noted what the row has at a slot. */
  foundAt(slot: number): number {
    return this.#row + slot * FOUND_WORDS
  }

  /** Where in {@link words} it is noted what the elements of an array at a slot have; 0 where it is not. */
  elementsAt(slot: number): number {
    return this.#inKernel ? this.#words[this.foundAt(slot) + FOUND_ELEMENTS]! : 0
  }

  /** How many elements that array has. */
  countAt(slot: number): number {
    return this.#words[this.foundAt(slot) + FOUND_COUNT]!
  }

  get words(): Int32Array {
    return this.#words
  }

  /**
   * Begins with other bytes: no rows are kept. Returns how many may be until the next call. Until then
   * no other scanner may keep rows.
   */
  begin(bytes: Uint8Array, view: DataView): number {
    this.#bytes = bytes
    this.#view = view
    this.#inKernel = isLoaded(bytes) && this.#walk.begin()
    if (this.#inKernel && this.#mostRows > 1) {
      this.#words = loadedWords()
      this.#firstRow = this.#walk.wordsOf(0)
      return this.#walk.rows
    }
    this.#words = this.#ownWords
    this.#firstRow = 0
    this.#makeRoom(0)
    return this.#mostRows
  }

  /** Has room for a row that is not in the memory of WebAssembly. */
  #makeRoom(row: number): void {
    const length = this.#trie.slots * FOUND_WORDS * (row + 1)
    if (length <= this.#ownWords.length) return
    const longer = new Int32Array(length * 2)
    longer.set(this.#ownWords)
    this.#ownWords = longer
    this.#words = longer
  }

  /**
   * Scans records that stand one on a line from `start` on into rows from `row` on, up to `most`. Returns
   * where each of them begins and ends, and where the first line begins that was not scanned, for whatever
   * reason.
   */
  scanLines(
    start: number,
    end: number,
    row: number,
    most: number,
    opening: number,
  ): { readonly places: Int32Array; readonly end: number } {
    const isByKernel = this.#inKernel && this.#mostRows > 1
    const after = isByKernel ? this.#walk.walkLines(start, end, row, most, opening) : -1
    if (after < 0) return { places: NO_PLACES, end: start }
    // The lists are written again by whoever decodes a string.
    const places = this.#words.slice(FIRST_LIST, FIRST_LIST + listedCount() * 2)
    return { places, end: after }
  }

  /** Where in {@link words} it is noted what a row has at a slot. */
  placeOf(row: number, slot: number): number {
    return this.#firstRow + (row * this.#trie.slots + slot) * FOUND_WORDS
  }

  /** Has what was found of a row be what was found of an earlier one. */
  moveRow(from: number, to: number): void {
    const start = this.placeOf(from, 0)
    this.#words.copyWithin(this.placeOf(to, 0), start, start + this.#trie.slots * FOUND_WORDS)
  }

  /** Scans the only value that is of interest in bytes; see {@link scan}. */
  scanOnly(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.begin(bytes, view)
    return this.scan(start, end, 0)
  }

  /**
   * Scans the value that starts at `start`, puts what it finds into a row and looks at that. Returns
   * the position after the value, or `~position` of the byte that is not JSON (`~end` where the text
   * ends too early); then the row holds nothing of use.
   */
  scan(start: number, end: number, row: number): number {
    this.look(row)
    if (this.#inKernel && start < end && this.#bytes[start]! > 0x20) {
      const newlines = skippedNewlines()
      const after = this.#walk.walk(start, end, row)
      if (after >= 0 && after <= end) {
        if (this.#mostRows === 1) this.#copyRow()
        return after
      }
      // Why it is not JSON is found out below; so is what names mean that have escapes.
      restoreNewlines(newlines)
    }
    this.#words.fill(ABSENT, this.#row, this.#row + this.#trie.slots * FOUND_WORDS)
    this.#end = end
    const at = this.#visit(this.#trie.root, start)
    // Bytes behind the end may look like the rest of the value.
    return at > end || at < ~end ? ~end : at
  }

  /** Has what was found where other scanners do not overwrite it. */
  #copyRow(): void {
    const words = loadedWords()
    const from = this.#walk.wordsOf(0)
    const length = this.#trie.slots * FOUND_WORDS
    for (let i = 0; i < length; i++) this.#ownWords[i] = words[from + i]!
  }

  /** Looks at a row that is kept. */
  look(row: number): void {
    this.#record++
    if (!this.#inKernel || this.#mostRows === 1) {
      this.#makeRoom(row)
      this.#row = row * this.#trie.slots * FOUND_WORDS
      return
    }
    if (!this.#walk.hasRows) throw new Error('Rows were lost to another scan.')
    this.#row = this.#walk.wordsOf(row)
  }

  #noteSlot(slot: number, kind: number, start: number, end: number): void {
    const words = this.#words
    const at = this.#row + slot * FOUND_WORDS
    words[at] = kind
    words[at + FOUND_START] = start
    words[at + FOUND_END] = end
    words[at + FOUND_CODE] = -1
    words[at + FOUND_ELEMENTS] = 0
  }

  #visit(node: PathNode, start: number): number {
    const bytes = this.#bytes
    if (start >= this.#end) return ~this.#end
    const { slot } = node
    let from = start
    let kind = NUMBER
    let after: number
    let to: number
    switch (bytes[start]) {
      case QUOTE: {
        from++
        to = findStringStop(bytes, this.#view, from, this.#end)
        if (to < this.#end && bytes[to] === QUOTE) {
          kind = STRING
          after = to + 1
        } else {
          kind = ESCAPED
          after = skipString(bytes, this.#view, to, this.#end)
          to = after - 1
        }
        break
      }
      case OPEN_OBJECT:
        kind = OBJECT
        after =
          node.members === undefined
            ? skipValue(bytes, this.#view, start, this.#end)
            : this.#object(node.members, start + 1)
        to = after
        break
      case OPEN_ARRAY:
        kind = ARRAY
        after =
          node.elements === undefined
            ? skipValue(bytes, this.#view, start, this.#end)
            : this.#array(node.elements, start + 1)
        to = after
        break
      default: {
        after = skipScalar(bytes, start, this.#end)
        to = after
        const first = bytes[start]
        if (first === 0x74) kind = TRUE
        else if (first === 0x66) kind = FALSE
        else if (first === 0x6e) kind = NULL
      }
    }
    if (after >= 0 && slot >= 0) this.#noteSlot(slot, kind, from, to)
    return after
  }

  /** A value that comes behind a comma, a colon or a bracket, wanted or not. */
  #child(node: PathNode | undefined, start: number): number {
    if (node === undefined) return skipValue(this.#bytes, this.#view, start, this.#end)
    if (node.record === this.#record) this.#forget(node)
    node.record = this.#record
    const first = this.#bytes[start]!
    return this.#visit(node, first <= 0x20 ? skipBlanks(this.#bytes, start, this.#end) : start)
  }

  #object(members: MemberNodes, start: number): number {
    const bytes = this.#bytes
    const view = this.#view
    const end = this.#end
    let at = start
    if (bytes[at] !== QUOTE) {
      at = skipBlanks(bytes, at, end)
      if (bytes[at] === CLOSE_OBJECT) return at + 1
    }
    for (;;) {
      if (bytes[at] !== QUOTE) return ~at
      const name = at + 1
      const stop = findStringStop(bytes, view, name, end)
      if (stop >= end) return ~end
      let child: PathNode | undefined
      if (bytes[stop] === QUOTE) {
        child = members.find(bytes, name, stop)
        at = stop + 1
      } else {
        at = skipString(bytes, view, stop, end)
        if (at < 0) return at
        child = members.named(stringAt(bytes, name, at - 1))
      }
      if (bytes[at] !== COLON) {
        at = skipBlanks(bytes, at, end)
        if (bytes[at] !== COLON) return ~at
      }
      at = this.#child(child, at + 1)
      if (at < 0) return at
      if (bytes[at] !== COMMA) {
        at = skipBlanks(bytes, at, end)
        if (bytes[at] === CLOSE_OBJECT) return at + 1
        if (bytes[at] !== COMMA) return ~at
      }
      at++
      if (bytes[at] !== QUOTE) at = skipBlanks(bytes, at, end)
    }
  }

  #array(elements: readonly (PathNode | undefined)[], start: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let at = skipBlanks(bytes, start, end)
    if (bytes[at] === CLOSE_ARRAY) return at + 1
    for (let index = 0; ; index++) {
      at = this.#child(index < elements.length ? elements[index] : undefined, at)
      if (at < 0) return at
      if (bytes[at] !== COMMA) {
        at = skipBlanks(bytes, at, end)
        if (bytes[at] === CLOSE_ARRAY) return at + 1
        if (bytes[at] !== COMMA) return ~at
      }
      at++
    }
  }

  /** The name occurs again: what its earlier value had noted does not count. */
  #forget(node: PathNode): void {
    if (node.slot >= 0) this.#noteSlot(node.slot, ABSENT, 0, 0)
    if (node.members !== undefined) for (const child of node.members.nodes()) this.#forget(child)
    if (node.elements !== undefined) {
      for (const child of node.elements) if (child !== undefined) this.#forget(child)
    }
  }
}
