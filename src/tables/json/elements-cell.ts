import { InternalError } from '../../text/internal-error.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { followPath } from '../dynamic-path.ts'
import { ElementLists, type ElementPath, ListedElements } from '../listed-elements.ts'
import { type DynamicCell, DynamicVector, type Vector } from '../vector.ts'
import type { ColumnCell } from './column-writer.ts'
import { cellAt, DynamicWriter } from './dynamic-writer.ts'
import { type NestedScanner, type PathCandidate, pathCandidate, writeFound } from './found-value.ts'
import type { RecordColumn, RecordPath } from './record-columns.ts'
import { ARRAY, ESCAPED, NULL, OBJECT, RecordScanner, STRING } from './record-scanner.ts'
import { CLOSE_ARRAY, COMMA, skipBlanks } from './skip.ts'

/** Elements of a batch from which on it ends. */
const MOST_LISTED = 1 << 18
/** Arrays that cannot be listed until it is asked whether that is worth while. */
const LEAST_REFUSED = 64

/** What is at some paths in the elements of arrays at a path in a dynamic column. */
export class ElementsCell implements ColumnCell {
  readonly #candidates: readonly PathCandidate[]
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
  ) {
    this.#isWhole = path.length === 0
    this.#constant = followPath((column.constant ?? null) as Dynamic, path)
    this.#candidates = column.candidates.map(base =>
      pathCandidate(base, path, [], scanner, nested, undefined),
    )
    this.#paths = paths
    this.#writers = paths.map(() => new DynamicWriter(false))
    this.#slots = paths.map((own, at) => this.#elements.want(own, this.#writers[at]?.strings))
    this.#lists = new ElementLists(paths)
    this.#addNull()
  }

  add(scanner: RecordScanner): undefined {
    for (const candidate of this.#candidates) {
      const kind = scanner.kindAt(candidate.base)
      if (kind <= NULL) continue
      if (kind !== STRING && kind !== ESCAPED) this.#addFrom(scanner, candidate.slot)
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

  #addFrom(scanner: RecordScanner, slot: number): void {
    const kind = scanner.kindAt(slot)
    const start = scanner.startAt(slot)
    const end = scanner.endAt(slot)
    const { bytes, view } = scanner
    const isListed =
      kind === ARRAY && !this.#isPointless && this.#addElements(bytes, view, start, end)
    if (!isListed) this.#cells.push(cellAt(bytes, kind, start, end))
  }

  /** Whether most arrays have more than scalars at the paths. */
  get #isPointless(): boolean {
    return this.#refused >= LEAST_REFUSED && this.#refused * 2 > this.#arrays
  }

  /**
   * Adds the elements of an array, which is known to be JSON. false where one has an object or an array
   * at a path: those take more memory one by one than the text of all.
   */
  #addElements(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    this.#arrays++
    const elements = this.#elements
    const from = this.#listed
    elements.begin(bytes, view)
    let at = skipBlanks(bytes, start + 1, end)
    while (bytes[at] !== CLOSE_ARRAY) {
      const after = elements.scan(at, end, 0)
      if (after < 0) throw new InternalError('an array that was checked is not JSON')
      at = skipBlanks(bytes, after, end)
      if (this.#slots.some(slot => elements.kindAt(slot) >= OBJECT)) {
        this.#refused++
        return false
      }
      for (let k = 0; k < this.#writers.length; k++) {
        writeFound(elements, this.#slots[k]!, this.#writers[k]!)
      }
      this.#listed++
      if (bytes[at] === COMMA) at = skipBlanks(bytes, at + 1, end)
    }
    this.#cells.push(new ListedElements(this.#lists, from, this.#listed))
    return true
  }
}
