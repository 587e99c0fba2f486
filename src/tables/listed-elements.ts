import type { Dynamic } from '../types/dynamic.ts'
import { printDynamic } from '../types/dynamic-json.ts'
import { cellBytes, sampledBytes } from './batch-size.ts'
import { RawJson } from './raw-json.ts'
import type { DynamicVector } from './vector.ts'

/** The members that lead to what is wanted of an element. */
export type ElementPath = readonly string[]

/** The place in the columns of {@link ElementLists} where null is: no element's. */
export const NULL_ELEMENT = 0

/** What is at some paths in the elements of the arrays of a batch: a column for each path. */
export class ElementLists {
  readonly paths: readonly ElementPath[]
  #columns: readonly DynamicVector[] = []
  #elementBytes: number | undefined

  constructor(paths: readonly ElementPath[]) {
    this.paths = paths
  }

  /** By path, the values of all elements from place 1 on, row after row. */
  get columns(): readonly DynamicVector[] {
    return this.#columns
  }

  set columns(columns: readonly DynamicVector[]) {
    this.#columns = columns
    this.#elementBytes = undefined
  }

  /** The column of a path. */
  columnOf(path: readonly (string | number)[]): DynamicVector | undefined {
    const place = this.paths.findIndex(
      own => own.length === path.length && own.every((step, at) => step === path[at]),
    )
    return this.#columns[place]
  }

  /** Roughly how many bytes an element takes. */
  get elementBytes(): number {
    this.#elementBytes ??= this.#columns.reduce((sum, column) => sum + bytesOf(column), 0)
    return this.#elementBytes
  }
}

function bytesOf(column: DynamicVector): number {
  if (column.texts !== undefined) return 4
  const all = sampledBytes(column.length, place => cellBytes(column.cellAt(place)))
  return all / Math.max(1, column.length)
}

/**
 * An array of which only what is at some paths in its elements is known, because nothing else is asked
 * for: as a value it has elements of just that.
 */
export class ListedElements extends RawJson {
  readonly lists: ElementLists
  /** The places of the elements. */
  readonly from: number
  readonly to: number
  #value: Dynamic | undefined

  constructor(lists: ElementLists, from: number, to: number) {
    super('')
    this.lists = lists
    this.from = from
    this.to = to
  }

  override get size(): number {
    return (this.to - this.from) * this.lists.elementBytes
  }

  override get parsed(): Dynamic | undefined {
    return this.#value
  }

  override textForPart(): undefined {
    return undefined
  }

  override get text(): string {
    return printDynamic(this.value)
  }

  override get value(): Dynamic {
    if (this.#value === undefined) {
      const elements: Dynamic[] = []
      for (let place = this.from; place < this.to; place++) elements.push(this.#element(place))
      this.#value = elements
    }
    return this.#value
  }

  #element(place: number): Dynamic {
    const element = new Map<string, Dynamic>()
    this.lists.paths.forEach((path, at) => {
      const value = this.lists.columns[at]?.at(place) ?? null
      if (value === null) return
      let bag = element
      for (const name of path.slice(0, -1)) {
        const inner = bag.get(name)
        const next = inner instanceof Map ? (inner as Map<string, Dynamic>) : new Map()
        bag.set(name, next)
        bag = next
      }
      bag.set(path.at(-1) ?? '', value)
    })
    return element
  }
}
