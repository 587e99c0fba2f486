import {
  HEADS,
  type KnownStrings,
  type MemberNodes,
  type PathNode,
  type PathTrie,
} from './path-trie.ts'
import { loadedMemory, loadedModule, loadedWords } from './skip-memory.ts'

/** What is found at a wanted place: words of it, and where among them they are. */
export const FOUND_WORDS = 6
export const FOUND_START = 1
export const FOUND_END = 2
/** The code of a string, 1 for a time; negative where there is none. */
export const FOUND_CODE = 3
/** The ticks of a time, the low half first. */
export const FOUND_TICKS = 4

const WORD = 4
/** Words of a node of a trie. */
const NODE_WORDS = 6
/** Bytes of an entry in a table of members. */
const ENTRY = 16
/** Bytes before the heads of names in a table of members. */
const MEMBERS_LEAD = 16

/** Bytes of what precedes values, of which a trie knows so many, and of the chains before those. */
const HEAD = 128
const MOST_HEADS = 256
const MOST_HEADS_OF_ONE = 16
const CHAINS = 8 + 64 * WORD

/** Where tries are. */
const TRIES = 1 << 16
const TRIES_END = TRIES + (1 << 21)
/** Where what was found of many records is. */
const ROWS = TRIES_END
const ROWS_WORDS = 1 << 16

/** What a trie takes at most: others are to have room besides. */
const MOST_TRIE = 1 << 16
/** A trie that had to go so often is not put there again. */
const MOST_PLACINGS = 256

/** Longer strings are never known. */
const LONGEST_KNOWN = 4096

let freeFrom = TRIES
/** Counts how often all tries had to go, to make room. */
let generation = 0
let rowsOwner: KernelWalk | undefined
let lastTag = 0

/** A tag that nothing else has. */
export function newTag(): number {
  return ++lastTag
}

/** Has the string between the positions of the loaded bytes known, as it is written, by its code. */
export function remember(tag: number, start: number, end: number, code: number): void {
  if (end - start <= LONGEST_KNOWN) loadedModule().remember(tag, start, end, code)
}

/**
 * A walk in WebAssembly over records of the loaded bytes, which notes what is at the wanted places
 * as {@link FOUND_WORDS} words each. Where it may note many records, what it notes stays until
 * {@link begin}; where it may note but one, only until any walk goes on.
 */
export class KernelWalk {
  readonly #trie: PathTrie
  readonly #most: number
  #generation = -1
  /** Addresses: of the root, and of what is found where it is of one record. */
  #root = 0
  #single = 0
  /** How often it was put into the memory; undefined where that was not done yet. */
  #placings: number | undefined
  /** Where the tags are of those that may be wasted one day. */
  #tags: { readonly known: KnownStrings; readonly word: number }[] = []

  /** `most` is how many records are noted at a time at most. */
  constructor(trie: PathTrie, most: number) {
    this.#trie = trie
    this.#most = most
  }

  /** How many records may be noted before the next {@link begin}. */
  get rows(): number {
    const fit = Math.floor(ROWS_WORDS / Math.max(1, this.#trie.slots * FOUND_WORDS))
    return this.#most === 1 ? 1 : Math.min(this.#most, fit)
  }

  /** Takes the room for many records. Where the trie has no room, or what it finds: false. */
  begin(): boolean {
    if (!this.#isPlaced()) return false
    if (this.#most > 1) {
      if (this.rows === 0) return false
      rowsOwner = this
    }
    const words = loadedWords()
    for (const { known, word } of this.#tags) if (known.wasted) words[word] = 0
    return true
  }

  /** Whether what was noted of many records is still there. */
  get hasRows(): boolean {
    return rowsOwner === this
  }

  /** Where in the words of the memory what is found of a record is. */
  wordsOf(row: number): number {
    if (this.#most === 1) return this.#single / WORD
    return ROWS / WORD + row * this.#trie.slots * FOUND_WORDS
  }

  /**
   * Walks over the value at `start` and notes what is found in a row. Returns the position after it;
   * a negative number where it is not JSON, or a name has escapes or occurs twice.
   */
  walk(start: number, end: number, row: number): number {
    if (!this.#isPlaced()) return -1
    return loadedModule().walk(this.#root, start, end, this.wordsOf(row) * WORD, this.#trie.slots)
  }

  /**
   * Walks over records that stand one on a line from `start` on, up to `most`, and notes them from a row on.
   * Returns where the first line begins that it did not walk over: that has no record, or more than that.
   * They are listed as `listLoaded` does: where each begins and ends. A negative number where the wanted
   * places have no room any more, as others have taken it.
   */
  walkLines(start: number, end: number, row: number, most: number, opening: number): number {
    if (!this.#isPlaced()) return -1
    const { slots } = this.#trie
    const at = this.wordsOf(row) * WORD
    return loadedModule().walkLines(this.#root, start, end, at, slots, most, opening)
  }

  /** Puts the trie into the memory where it is not there; false where it has no room. */
  #isPlaced(): boolean {
    if (this.#generation === generation) return true
    this.#placings ??= this.#bytes > MOST_TRIE ? MOST_PLACINGS : 0
    if (this.#placings === MOST_PLACINGS) return false
    this.#placings++
    if (!this.#tryToPlace()) {
      generation++
      freeFrom = TRIES
      if (!this.#tryToPlace()) return false
    }
    this.#generation = generation
    return true
  }

  /** What it takes in the memory. */
  get #bytes(): number {
    const found = this.#trie.slots * FOUND_WORDS * WORD
    return nodeBytes(this.#trie.root) + (this.#most === 1 ? found : 0)
  }

  #tryToPlace(): boolean {
    this.#tags = []
    const single = this.#most === 1 ? this.#trie.slots * FOUND_WORDS : 0
    const at = allocate(single * WORD)
    if (at === undefined) return false
    this.#single = at
    const heads = this.#placeHeads()
    if (heads === undefined) return false
    const root = this.#placeNode(this.#trie.root, heads)
    if (root === undefined) return false
    this.#root = root
    return true
  }

  /** Room for the heads of members. */
  #placeHeads(): number | undefined {
    const length = CHAINS + HEAD * (this.#most === 1 ? MOST_HEADS_OF_ONE : MOST_HEADS)
    const at = allocate(length)
    if (at === undefined) return undefined
    loadedMemory().fill(0, at, at + length)
    loadedWords().set([at + CHAINS, at + length], at / WORD)
    return at
  }

  #placeNode(node: PathNode, heads: number): number | undefined {
    const at = allocate(NODE_WORDS * WORD)
    if (at === undefined) return undefined
    const members = node.members === undefined ? 0 : this.#placeMembers(node.members, heads)
    const elements = node.elements === undefined ? 0 : this.#placeElements(node.elements, heads)
    if (members === undefined || elements === undefined) return undefined
    const word = at / WORD
    const { strings } = node
    let tag = 0
    if (strings === 'time') tag = -1
    else if (strings !== undefined && !strings.wasted) {
      tag = strings.tag
      this.#tags.push({ known: strings, word: word + 5 })
    }
    loadedWords().set([node.slot, 0, members, elements, node.elements?.length ?? 0, tag], word)
    return at
  }

  #placeMembers(members: MemberNodes, heads: number): number | undefined {
    const at = allocate(MEMBERS_LEAD + HEADS * 2 + members.entries * ENTRY)
    if (at === undefined) return undefined
    loadedWords().set([0, 0, heads], at / WORD)
    loadedMemory().set(new Uint8Array(Uint16Array.from(members.heads).buffer), at + MEMBERS_LEAD)
    for (let index = 1; index <= members.entries; index++) {
      const { name, node, next } = members.entry(index)
      const text = allocate(name.length)
      const child = this.#placeNode(node, heads)
      if (text === undefined || child === undefined) return undefined
      loadedMemory().set(name, text)
      const word = (at + MEMBERS_LEAD + HEADS * 2 + (index - 1) * ENTRY) / WORD
      loadedWords().set([text, name.length, child, next], word)
    }
    return at
  }

  #placeElements(elements: readonly (PathNode | undefined)[], heads: number): number | undefined {
    const at = allocate(elements.length * WORD)
    if (at === undefined) return undefined
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index]
      const child = element === undefined ? 0 : this.#placeNode(element, heads)
      if (child === undefined) return undefined
      loadedWords()[at / WORD + index] = child
    }
    return at
  }
}

/** What a node and those below it take. */
function nodeBytes(node: PathNode): number {
  let bytes = roomFor(NODE_WORDS * WORD)
  const { members, elements } = node
  if (members !== undefined) {
    bytes += roomFor(MEMBERS_LEAD + HEADS * 2 + members.entries * ENTRY)
    for (let index = 1; index <= members.entries && bytes <= MOST_TRIE; index++) {
      const { name, node: child } = members.entry(index)
      bytes += roomFor(name.length) + nodeBytes(child)
    }
  }
  if (elements !== undefined) {
    bytes += roomFor(elements.length * WORD)
    if (bytes > MOST_TRIE) return bytes
    for (const element of elements) if (element !== undefined) bytes += nodeBytes(element)
  }
  return bytes
}

/** What so many bytes take, with some behind them: what is compared 16 bytes at a time ends within. */
function roomFor(length: number): number {
  return Math.ceil((length + 1) / 16) * 16
}

/** The address of so many bytes for tries, with some behind them; undefined where there is no room. */
function allocate(length: number): number | undefined {
  const at = freeFrom
  const after = at + roomFor(length)
  if (after > TRIES_END) return undefined
  freeFrom = after
  return at
}
