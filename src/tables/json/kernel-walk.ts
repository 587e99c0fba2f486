import {
  ELEMENTS,
  ELEMENTS_BYTES,
  ELEMENTS_END,
  FOUND_WORDS,
  type Kernel,
  NEXT_ELEMENT,
  TRIES_END,
} from './kernel.ts'
import {
  HEADS,
  type KnownStrings,
  type MemberNodes,
  type PathNode,
  type PathTrie,
} from './path-trie.ts'
import { currentKernel, loadedModule } from './skip-memory.ts'

/** Where among the words of what is found at a wanted place its range is. */
export const FOUND_START = 1
export const FOUND_END = 2
/** The code of a string, 1 for a time; negative where there is none. */
export const FOUND_CODE = 3
/** The ticks of a time, the low half first. */
export const FOUND_TICKS = 4
/** Of an array of which each element was walked over: the word where those are, and how many there are. */
export const FOUND_ELEMENTS = 4
export const FOUND_COUNT = 5

const WORD = 4
/** Words of a node of a trie. */
const NODE_WORDS = 8
/** Bytes of an entry in a table of members. */
const ENTRY = 16
/** Bytes before the heads of names in a table of members. */
const MEMBERS_LEAD = 16

/** Bytes of what precedes values, of which a trie knows so many, and of the chains before those. */
const HEAD = 128
const MOST_HEADS = 256
const MOST_HEADS_OF_ONE = 16
const CHAINS = 8 + 64 * WORD

/** Where what was found of many records is. */
const ROWS = TRIES_END
const ROWS_WORDS = 1 << 16

/** What a trie takes at most: others are to have room besides. */
const MOST_TRIE = 1 << 16
/** A trie that had to go so often is not put there again. */
const MOST_PLACINGS = 256

/** What a node has in place of the tag of its strings: they are times, or what they stand for is wanted. */
const TIME = -1
const TEXT = -2

/** Longer strings are never known. */
const LONGEST_KNOWN = 4096

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
  /** Where the trie is, by kernel, and the place that was asked for last. */
  readonly #places = new Map<Kernel, TriePlace>()
  #last: TriePlace | undefined

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
    const place = this.#place()
    if (!place.isThere(this.#trie, this.#most === 1)) return false
    if (this.#most > 1) {
      if (this.rows === 0) return false
      place.kernel.rowsOwner = this
    }
    place.leaveWasted()
    return true
  }

  /** Whether what was noted of many records is still there. */
  get hasRows(): boolean {
    return currentKernel().rowsOwner === this
  }

  /** Where in the words of the memory what is found of a record is. */
  wordsOf(row: number): number {
    if (this.#most === 1) return this.#place().single / WORD
    return ROWS / WORD + row * this.#trie.slots * FOUND_WORDS
  }

  /**
   * Walks over the value at `start` and notes what is found in a row. Returns the position after it;
   * a negative number where it is not JSON, or a name has escapes or occurs twice.
   */
  walk(start: number, end: number, row: number): number {
    const place = this.#place()
    if (!place.isThere(this.#trie, this.#most === 1)) return -1
    if (row === 0) this.#forgetElements(place.kernel)
    return loadedModule().walk(place.root, start, end, this.wordsOf(row) * WORD, this.#trie.slots)
  }

  /**
   * Walks over records that stand one on a line from `start` on, up to `most`, and notes them from a row on.
   * Returns where the first line begins that it did not walk over: that has no record, or more than that.
   * They are listed as `listLoaded` does: where each begins and ends. A negative number where the wanted
   * places have no room any more, as others have taken it.
   */
  walkLines(start: number, end: number, row: number, most: number, opening: number): number {
    const place = this.#place()
    if (!place.isThere(this.#trie, this.#most === 1)) return -1
    if (row === 0) this.#forgetElements(place.kernel)
    const { slots } = this.#trie
    const at = this.wordsOf(row) * WORD
    const { module, walked } = place.kernel
    let last = end
    if (walked !== undefined && start <= walked.at) {
      const after = start === walked.at ? walked.takeRows(at, most) : -1
      if (after >= 0) return after
      if (start < walked.at) last = Math.min(end, walked.at)
    }
    return module.walkLines(place.root, start, last, at, slots, most, opening)
  }

  /** Has all room for elements again: with the first row none is of use any more. */
  #forgetElements({ words }: Kernel): void {
    if (this.#most === 1) return
    words[NEXT_ELEMENT] = ELEMENTS
    words[ELEMENTS_END] = ELEMENTS + ELEMENTS_BYTES
  }

  #place(): TriePlace {
    const kernel = currentKernel()
    if (this.#last?.kernel === kernel) return this.#last
    let place = this.#places.get(kernel)
    if (place === undefined) {
      place = new TriePlace(kernel)
      this.#places.set(kernel, place)
    }
    this.#last = place
    return place
  }
}

/** A trie in the memory of a kernel for a walk of another thread. */
export interface PlacedTrie {
  /** Its address. */
  readonly root: number
  /** No more looks for strings that have no codes any more. */
  leaveWasted(): void
}

/** Puts a trie into the memory of a kernel, where it stays; undefined where it has no room. */
export function placeTrie(kernel: Kernel, trie: PathTrie): PlacedTrie | undefined {
  const place = new TriePlace(kernel)
  if (!place.isThere(trie, false)) return undefined
  kernel.triesFrom = kernel.freeFrom
  return place
}

/** A trie in the memory of a kernel. */
class TriePlace implements PlacedTrie {
  readonly kernel: Kernel
  /** Addresses: of the root, and of what is found where it is of one record. */
  root = 0
  single = 0
  #generation = -1
  /** How often it was put there; undefined where that was not done yet. */
  #placings: number | undefined
  /** Where the tags are of those that may be wasted one day. */
  #tags: { readonly known: KnownStrings; readonly word: number }[] = []

  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  /**
   * Puts the trie there where it is not; false where it has no room. `isOfOne`: what is found is of one
   * record, and is beside it.
   */
  isThere(trie: PathTrie, isOfOne: boolean): boolean {
    const { kernel } = this
    if (this.#generation === kernel.generation) return true
    this.#placings ??= bytesOf(trie, isOfOne) > MOST_TRIE ? MOST_PLACINGS : 0
    if (this.#placings === MOST_PLACINGS) return false
    this.#placings++
    if (!this.#tryToPlace(trie, isOfOne)) {
      kernel.generation++
      kernel.freeFrom = kernel.triesFrom
      if (!this.#tryToPlace(trie, isOfOne)) return false
    }
    this.#generation = kernel.generation
    return true
  }

  leaveWasted(): void {
    const { words } = this.kernel
    for (const { known, word } of this.#tags) if (known.wasted) words[word] = TEXT
  }

  #tryToPlace(trie: PathTrie, isOfOne: boolean): boolean {
    this.#tags = []
    const at = this.#allocate(isOfOne ? foundBytes(trie) : 0)
    if (at === undefined) return false
    this.single = at
    const heads = this.#placeHeads(isOfOne ? MOST_HEADS_OF_ONE : MOST_HEADS)
    if (heads === undefined) return false
    const root = this.#placeNode(trie.root, heads)
    if (root === undefined) return false
    this.root = root
    return true
  }

  /** Room for the heads of members. */
  #placeHeads(most: number): number | undefined {
    const length = CHAINS + HEAD * most
    const at = this.#allocate(length)
    if (at === undefined) return undefined
    this.kernel.memory.fill(0, at, at + length)
    this.kernel.words.set([at + CHAINS, at + length], at / WORD)
    return at
  }

  #placeNode(node: PathNode, heads: number): number | undefined {
    const at = this.#allocate(NODE_WORDS * WORD)
    if (at === undefined) return undefined
    const members = node.members === undefined ? 0 : this.#placeMembers(node.members, heads)
    const elements = node.elements === undefined ? 0 : this.#placeElements(node.elements, heads)
    // Elements that are wanted one by one are walked over as such.
    const trie = elements === 0 && (node.each?.slots ?? 0) > 0 ? node.each : undefined
    const each = trie === undefined ? 0 : this.#placeNode(trie.root, heads)
    if (members === undefined || elements === undefined || each === undefined) return undefined
    const word = at / WORD
    const { strings } = node
    let tag = 0
    if (strings === 'time') tag = TIME
    else if (strings === 'text' || strings?.wasted === true) tag = TEXT
    else if (strings !== undefined) {
      tag = strings.tag
      this.#tags.push({ known: strings, word: word + 5 })
    }
    const { words } = this.kernel
    const count = node.elements?.length ?? 0
    words.set([node.slot, 0, members, elements, count, tag, each, trie?.slots ?? 0], word)
    return at
  }

  #placeMembers(members: MemberNodes, heads: number): number | undefined {
    const at = this.#allocate(MEMBERS_LEAD + HEADS * 2 + members.entries * ENTRY)
    if (at === undefined) return undefined
    const { memory, words } = this.kernel
    words.set([0, 0, heads], at / WORD)
    memory.set(new Uint8Array(Uint16Array.from(members.heads).buffer), at + MEMBERS_LEAD)
    for (let index = 1; index <= members.entries; index++) {
      const { name, node, next } = members.entry(index)
      const text = this.#allocate(name.length)
      const child = this.#placeNode(node, heads)
      if (text === undefined || child === undefined) return undefined
      memory.set(name, text)
      const word = (at + MEMBERS_LEAD + HEADS * 2 + (index - 1) * ENTRY) / WORD
      words.set([text, name.length, child, next], word)
    }
    return at
  }

  #placeElements(elements: readonly (PathNode | undefined)[], heads: number): number | undefined {
    const at = this.#allocate(elements.length * WORD)
    if (at === undefined) return undefined
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index]
      const child = element === undefined ? 0 : this.#placeNode(element, heads)
      if (child === undefined) return undefined
      this.kernel.words[at / WORD + index] = child
    }
    return at
  }

  /** The address of so many bytes, with some behind them; undefined where there is no room. */
  #allocate(length: number): number | undefined {
    const at = this.kernel.freeFrom
    const after = at + roomFor(length)
    if (after > TRIES_END) return undefined
    this.kernel.freeFrom = after
    return at
  }
}

/** What a trie takes in a memory. */
function bytesOf(trie: PathTrie, isOfOne: boolean): number {
  return nodeBytes(trie.root) + (isOfOne ? foundBytes(trie) : 0)
}

/** What is found of a record takes so much. */
function foundBytes(trie: PathTrie): number {
  return trie.slots * FOUND_WORDS * WORD
}

/** What a node and those below it take. */
function nodeBytes(node: PathNode): number {
  let bytes = roomFor(NODE_WORDS * WORD)
  const { members, elements, each } = node
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
  if (each !== undefined) bytes += nodeBytes(each.root)
  return bytes
}

/** What so many bytes take, with some behind them: what is compared 16 bytes at a time ends within. */
function roomFor(length: number): number {
  return Math.ceil((length + 1) / 16) * 16
}
