import type { RecordPath } from './record-columns.ts'

const encoder = new TextEncoder()

/** How many heads of names there are. */
export const HEADS = 256

/** What the strings at a place are for: times, texts, or texts that the one who is asked has codes for. */
export type StringUse = 'time' | 'text' | KnownStrings

/** Has codes for strings. */
export interface KnownStrings {
  /** Tells its strings from those of others that have codes, all over the process. Above 0. */
  readonly tag: number
  /** Whether it has no codes any more. */
  readonly wasted: boolean
}

/** A place in a record that is wanted, or is on the way to one. */
export class PathNode {
  /** Where the scanner notes what stands here; -1 where nothing asks for it. */
  slot = -1
  members: MemberNodes | undefined
  elements: (PathNode | undefined)[] | undefined
  /** What is wanted of each element, where nothing is of single ones. */
  each: PathTrie | undefined
  strings: StringUse | undefined
  /** The record in which the scanner last came here, to see when a name occurs again. */
  record = -1
}

/**
 * The wanted members of an object, found by the bytes of their names: a small table over length,
 * first and last byte turns nearly every other name away at the cost of one look.
 */
export class MemberNodes {
  readonly #byName = new Map<string, PathNode>()
  /** Of each head of a name the first entry; 0 where there is none. */
  readonly heads = new Uint32Array(HEADS)
  readonly #names: Uint8Array[] = [new Uint8Array(0)]
  readonly #nodes: PathNode[] = [new PathNode()]
  readonly #next: number[] = [0]

  /** The node of a member, made when there is none. */
  at(name: string): PathNode {
    let node = this.#byName.get(name)
    if (node === undefined) {
      node = new PathNode()
      this.#byName.set(name, node)
      // The UTF-8 form of a lone surrogate is that of another name; such a name is only escaped.
      if (name.isWellFormed()) this.#index(encoder.encode(name), node)
    }
    return node
  }

  nodes(): Iterable<PathNode> {
    return this.#byName.values()
  }

  /** The node of a member whose name is written without escapes; its bytes stand between quotes. */
  find(bytes: Uint8Array, start: number, end: number): PathNode | undefined {
    const length = end - start
    const head = headOf(length, bytes[start]!, bytes[end - 1]!)
    for (let entry = this.heads[head]!; entry !== 0; entry = this.#next[entry]!) {
      const name = this.#names[entry]!
      if (name.length !== length) continue
      let same = 0
      while (same < length && name[same] === bytes[start + same]) same++
      if (same === length) return this.#nodes[entry]!
    }
    return undefined
  }

  /** The node of a member by its name. */
  named(name: string): PathNode | undefined {
    return this.#byName.get(name)
  }

  /** How many names can be written without escapes; their entries are numbered from 1 on. */
  get entries(): number {
    return this.#names.length - 1
  }

  /** An entry: the bytes of the name, its node, and the entry that has the same head. */
  entry(index: number): { name: Uint8Array; node: PathNode; next: number } {
    return { name: this.#names[index]!, node: this.#nodes[index]!, next: this.#next[index]! }
  }

  #index(name: Uint8Array, node: PathNode): void {
    // The bytes around an empty name are its quotes.
    const head = headOf(name.length, name[0] ?? 0x22, name[name.length - 1] ?? 0x22)
    const entry = this.#nodes.push(node) - 1
    this.#names.push(name)
    this.#next.push(this.heads[head]!)
    this.heads[head] = entry
  }
}

/** The wanted places of a record as a tree. Paths hold no negative positions. */
export class PathTrie {
  readonly root = new PathNode()
  /** By slot what its strings are for. */
  readonly strings: (StringUse | undefined)[] = []
  #slots = 0

  /** How many slots there are. */
  get slots(): number {
    return this.#slots
  }

  /** The slot of the value at the path, and what its strings are for. */
  add(path: RecordPath, strings?: StringUse): number {
    const node = this.#at(path)
    if (node.slot < 0) node.slot = this.#slots++
    if (node.strings === undefined || node.strings === 'text')
      node.strings = strings ?? node.strings
    this.strings[node.slot] = node.strings
    return node.slot
  }

  /** The wanted places in each element of the array at the path, which is wanted as a whole too. */
  each(path: RecordPath): PathTrie {
    this.add(path)
    const node = this.#at(path)
    node.each ??= new PathTrie()
    return node.each
  }

  /** The node at the path, made when there is none. */
  #at(path: RecordPath): PathNode {
    let node = this.root
    for (const step of path) {
      if (typeof step === 'string') {
        node.members ??= new MemberNodes()
        node = node.members.at(step)
      } else {
        node.elements ??= []
        let element = node.elements[step]
        if (element === undefined) {
          element = new PathNode()
          node.elements[step] = element
        }
        node = element
      }
    }
    return node
  }
}

/** A number below {@link HEADS} for a name whose bytes stand between quotes. */
function headOf(length: number, first: number, last: number): number {
  return (length + first * 5 + last * 17) % HEADS
}
