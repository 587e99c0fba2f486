import { stringAt } from './json-text.ts'
import type { MemberNodes, PathNode } from './path-trie.ts'
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
  skipBlanks,
  skipScalar,
  skipString,
  skipValue,
} from './skip.ts'
import {
  FIRST_LIST,
  isLoaded,
  LISTED_WORDS,
  listedCount,
  listLoaded,
  listWords,
  skipLoaded,
} from './skip-memory.ts'

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

const ALL_MEMBERS = 0x7fffffff
/** Instead of a position: nothing is wanted inside of the value. */
const NOT_LISTED = -0x7fffffff

/**
 * Walks a JSON value in its UTF-8 bytes, checks all of it, and notes where the wanted places are.
 * It builds nothing: the ranges are in the bytes it was given. Of a name that occurs twice in an
 * object the last counts, as in `JSON.parse`.
 */
export class RecordScanner {
  readonly #trie = new PathTrie()
  #record = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)
  #end = 0
  /** By slot: what the last scan found. */
  kinds = new Uint8Array(0)
  starts = new Uint32Array(0)
  ends = new Uint32Array(0)

  /** The slot of a path without negative positions. To be called before the first scan. */
  want(path: RecordPath): number {
    const slot = this.#trie.add(path)
    this.kinds = new Uint8Array(this.#trie.slots)
    this.starts = new Uint32Array(this.#trie.slots)
    this.ends = new Uint32Array(this.#trie.slots)
    return slot
  }

  /** Whether the record itself must be an array for any path to lead somewhere. */
  get wantsArray(): boolean {
    const { members, elements } = this.#trie.root
    return members === undefined && elements !== undefined
  }

  /** Counts the scans. */
  get record(): number {
    return this.#record
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  get view(): DataView {
    return this.#view
  }

  /**
   * Scans the value that starts at `start`, and returns the position after it, or `~position` of the
   * byte that is not JSON (`~end` where the text ends too early); then the slots hold nothing of use.
   */
  scan(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.#bytes = bytes
    this.#view = view
    this.#end = end
    this.#record++
    const { kinds } = this
    for (let slot = 0; slot < kinds.length; slot++) kinds[slot] = ABSENT
    if (isLoaded(bytes)) {
      const after = this.#list(start, end)
      if (after >= 0) return after
      // Why it is not JSON is found out below; so is what there was no room for.
      this.#record++
      for (let slot = 0; slot < kinds.length; slot++) kinds[slot] = ABSENT
    }
    const at = this.#visit(this.#trie.root, start)
    // Bytes behind the end may look like the rest of the value.
    return at > end || at < ~end ? ~end : at
  }

  /** Puts back what an earlier scan of the same bytes had found: its slots are at `from`. */
  restore(kinds: Uint8Array, starts: Uint32Array, ends: Uint32Array, from: number): void {
    this.#record++
    for (let slot = 0; slot < this.kinds.length; slot++) {
      this.kinds[slot] = kinds[from + slot]!
      this.starts[slot] = starts[from + slot]!
      this.ends[slot] = ends[from + slot]!
    }
  }

  /** {@link scan} of loaded bytes; negative where it is not JSON or there are too many members. */
  #list(start: number, end: number): number {
    if (start >= end || this.#bytes[start]! <= 0x20) return -1
    const { root } = this.#trie
    const listed = this.#listOf(root, start, end, FIRST_LIST)
    const after = listed === NOT_LISTED ? skipLoaded(start, end) : listed
    if (after < 0 || after > end) return -1
    if (root.slot >= 0) this.#noteSlot(root.slot, start, after, this.#hasEscapes(start, after))
    return this.#note(root, start, after, FIRST_LIST, listed !== NOT_LISTED) ? after : -1
  }

  /** Lists what is wanted of a container and gives the position after it; or {@link NOT_LISTED}. */
  #listOf(node: PathNode, start: number, end: number, list: number): number {
    const first = this.#bytes[start]
    if (first === OPEN_OBJECT && node.members !== undefined) {
      return listLoaded(start, end, list, ALL_MEMBERS, node.members)
    }
    if (first === OPEN_ARRAY && node.elements !== undefined) {
      return listLoaded(start, end, list, node.elements.length)
    }
    return NOT_LISTED
  }

  /** Notes where what is wanted inside of a value is. false where there was no room to list its members. */
  #note(node: PathNode, start: number, end: number, list: number, listed: boolean): boolean {
    const bytes = this.#bytes
    if (!listed) {
      const after = this.#listOf(node, start, end, list)
      if (after === NOT_LISTED) return true
      if (after < 0) return false
    }
    const count = listedCount()
    const words = listWords()
    const next = list + count * LISTED_WORDS
    const { members, elements } = node
    const inObject = bytes[start] === OPEN_OBJECT
    for (let i = 0, at = list; i < count; i++, at += LISTED_WORDS) {
      let child: PathNode | undefined
      if (inObject) {
        const name = words[at]!
        const nameEnd = words[at + 1]!
        child =
          nameEnd >= 0
            ? members!.find(bytes, name, nameEnd)
            : members!.named(stringAt(bytes, name, nameEnd & 0x7fffffff))
      } else child = elements![i]
      if (child === undefined) continue
      if (child.record === this.#record) this.#forget(child)
      child.record = this.#record
      const valueEnd = words[at + 3]! & 0x7fffffff
      const hasEscapes = words[at + 3]! < 0
      if (child.slot >= 0) this.#noteSlot(child.slot, words[at + 2]!, valueEnd, hasEscapes)
      if (child.members === undefined && child.elements === undefined) continue
      if (!this.#note(child, words[at + 2]!, valueEnd, next, false)) return false
    }
    return true
  }

  /** Whether the value, where it is a string, has escapes. */
  #hasEscapes(start: number, end: number): boolean {
    const bytes = this.#bytes
    return bytes[start] === QUOTE && findStringStop(bytes, this.#view, start + 1, end) < end - 1
  }

  #noteSlot(slot: number, start: number, end: number, hasEscapes: boolean): void {
    let from = start
    let to = end
    let kind = NUMBER
    switch (this.#bytes[start]) {
      case QUOTE:
        from++
        to--
        kind = hasEscapes ? ESCAPED : STRING
        break
      case OPEN_OBJECT:
        kind = OBJECT
        break
      case OPEN_ARRAY:
        kind = ARRAY
        break
      case 0x74:
        kind = TRUE
        break
      case 0x66:
        kind = FALSE
        break
      case 0x6e:
        kind = NULL
    }
    this.kinds[slot] = kind
    this.starts[slot] = from
    this.ends[slot] = to
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
    if (after >= 0 && slot >= 0) {
      this.kinds[slot] = kind
      this.starts[slot] = from
      this.ends[slot] = to
    }
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
    if (node.slot >= 0) this.kinds[node.slot] = ABSENT
    if (node.members !== undefined) for (const child of node.members.nodes()) this.#forget(child)
    if (node.elements !== undefined) {
      for (const child of node.elements) if (child !== undefined) this.#forget(child)
    }
  }
}
