import { InternalError } from '../../text/internal-error.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { followPath } from '../dynamic-path.ts'
import { ElementLists, type ElementPath, ListedElements } from '../listed-elements.ts'
import type { MemoryBound } from '../text-builder.ts'
import { type DynamicCell, DynamicVector, type Vector } from '../vector.ts'
import type { ColumnCell } from './column-writer.ts'
import { cellAt, DynamicWriter } from './dynamic-writer.ts'
import { type NestedScanner, type PathCandidate, pathCandidate, writeFound } from './found-value.ts'
import { FOUND_WORDS } from './kernel.ts'
import type { PathTrie } from './path-trie.ts'
import type { RecordColumn, RecordPath } from './record-columns.ts'
import { ARRAY, ESCAPED, NULL, OBJECT, RecordScanner, STRING } from './record-scanner.ts'
import { CLOSE_ARRAY, COMMA, skipBlanks } from './skip.ts'

/** Elements of a batch from which on it ends. */
const MOST_LISTED = 1 << 18
/** Arrays that cannot be listed until it is asked whether that is worth while. */
const LEAST_REFUSED = 64

/** Where an array may be in a record, and the places that are wanted of each of its elements. */
interface ListCandidate extends PathCandidate {
  readonly each: PathTrie
  /** By path. */
  readonly slots: readonly number[]
}

/** What is at some paths in the elements of arrays at a path in a dynamic column. */
export class ElementsCell implements ColumnCell {
  readonly #candidates: readonly ListCandidate[]
  readonly #isWhole: boolean
  readonly #constant: Dynamic
  readonly #paths: readonly ElementPath[]
  readonly #writers: readonly DynamicWriter[]
  readonly #elements = new RecordScanner()
  readonly #slots: readonly number[]
  #lists: ElementLists
  /** How many elements the lists have, null among them. */
  #listed = 0
  #cells: DynamicCell[] = []
  /** How many arrays there were, and how many of them could not be listed. */
  #arrays = 0
  #refused = 0

  constructor(
    path: RecordPath,
    paths: readonly ElementPath[],
    column: RecordColumn,
    scanner: RecordScanner,
    nested: Map<string, NestedScanner>,
    memory: MemoryBound | undefined,
  ) {
    this.#isWhole = path.length === 0
    this.#constant = followPath((column.constant ?? null) as Dynamic, path)
    this.#paths = paths
    this.#writers = paths.map(() => new DynamicWriter(false, memory))
    this.#candidates = column.candidates.map(base => {
      const each = scanner.wantEach([...base, ...path])
      return {
        ...pathCandidate(base, path, [], scanner, nested, undefined),
        each,
        slots: paths.map((own, at) => each.add(own, this.#writers[at]?.strings)),
      }
    })
    this.#slots = paths.map((own, at) => this.#elements.want(own, this.#writers[at]?.strings))
    this.#lists = new ElementLists(paths)
    this.#addNull()
  }

  add(scanner: RecordScanner): undefined {
    for (const candidate of this.#candidates) {
      const kind = scanner.kindAt(candidate.base)
      if (kind <= NULL) continue
      if (kind !== STRING && kind !== ESCAPED) this.#addFrom(scanner, candidate.slot, candidate)
      else if (candidate.nested.open(scanner)) {
        this.#addFrom(candidate.nested.scanner, candidate.nestedSlot)
      } else {
        // A string is that as a whole; there is nothing in it.
        const { base } = candidate
        const text = () => cellAt(scanner.bytes, kind, scanner.startAt(base), scanner.endAt(base))
        this.#cells.push(this.#isWhole ? text() : null)
      }
      return
    }
    this.#cells.push(this.#constant)
  }

  take(): Vector {
    this.#lists.columns = this.#writers.map(writer => writer.take() as DynamicVector)
    const cells = this.#cells
    let nulls: Uint8Array | undefined
    cells.forEach((cell, row) => {
      if (cell !== null) return
      nulls ??= new Uint8Array(cells.length)
      nulls[row] = 1
    })
    this.#cells = []
    this.#lists = new ElementLists(this.#paths)
    this.#listed = 0
    this.#addNull()
    return new DynamicVector(cells, nulls)
  }

  get isFull(): boolean {
    return this.#listed >= MOST_LISTED
  }

  /** What {@link NULL_ELEMENT} stands for. */
  #addNull(): void {
    for (const writer of this.#writers) writer.writeCell(null)
    this.#listed++
  }

  /** Adds what is at a slot; `candidate` where the scanner may have walked over its elements. */
  #addFrom(scanner: RecordScanner, slot: number, candidate?: ListCandidate): void {
    const kind = scanner.kindAt(slot)
    if (kind === ARRAY && !this.#isPointless) {
      this.#arrays++
      const from = this.#listed
      const isWalked = candidate !== undefined && scanner.elementsAt(slot) > 0
      if (isWalked ? this.#addWalked(scanner, candidate) : this.#addElements(scanner, slot)) {
        this.#cells.push(new ListedElements(this.#lists, from, this.#listed))
        return
      }
      this.#refused++
    }
    this.#cells.push(cellAt(scanner.bytes, kind, scanner.startAt(slot), scanner.endAt(slot)))
  }

  /** Whether most arrays have more than scalars at the paths. */
  get #isPointless(): boolean {
    return this.#refused >= LEAST_REFUSED && this.#refused * 2 > this.#arrays
  }

  /**
   * Adds the elements of an array that the scanner has walked over. false where one has an object or an
   * array at a path: those take more memory one by one than the text of all.
   */
  #addWalked(scanner: RecordScanner, { slot, slots, each }: ListCandidate): boolean {
    const { words } = scanner
    const step = each.slots * FOUND_WORDS
    const count = scanner.countAt(slot)
    const first = scanner.elementsAt(slot)
    const end = first + count * step
    for (let k = 0; k < slots.length; k++) {
      const place = slots[k]! * FOUND_WORDS
      for (let at = first + place; at < end; at += step) if (words[at]! >= OBJECT) return false
    }
    for (let k = 0; k < slots.length; k++) {
      const place = slots[k]! * FOUND_WORDS
      const use = each.strings[slots[k]!]
      const writer = this.#writers[k]!
      for (let at = first + place; at < end; at += step) writeFound(scanner, at, use, writer)
    }
    this.#listed += count
    return true
  }

  /** The same of an array over whose elements it has not walked, and which is known to be JSON. */
  #addElements(scanner: RecordScanner, arraySlot: number): boolean {
    const { bytes, view } = scanner
    const end = scanner.endAt(arraySlot)
    const elements = this.#elements
    elements.begin(bytes, view)
    let at = skipBlanks(bytes, scanner.startAt(arraySlot) + 1, end)
    while (bytes[at] !== CLOSE_ARRAY) {
      const after = elements.scan(at, end, 0)
      if (after < 0) throw new InternalError('an array that was checked is not JSON')
      at = skipBlanks(bytes, after, end)
      if (this.#slots.some(slot => elements.kindAt(slot) >= OBJECT)) return false
      for (let k = 0; k < this.#writers.length; k++) {
        const slot = this.#slots[k]!
        writeFound(elements, elements.foundAt(slot), elements.stringsAt(slot), this.#writers[k]!)
      }
      this.#listed++
      if (bytes[at] === COMMA) at = skipBlanks(bytes, at + 1, end)
    }
    return true
  }
}
