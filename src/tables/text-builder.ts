import { ownText } from './own-text.ts'
import { TextVector } from './vector.ts'

/** Entries of a dictionary below which it is kept whatever it saves, unless they are long. */
const FIRST_CHECK = 1024
/** Entries of a dictionary, and characters in them, above which it no longer pays. */
const MOST_ENTRIES = 1 << 17
const MOST_CHARACTERS = 1 << 23
/** So many times as much pays where each entry stands for so many values, and a query may keep so many bytes. */
const TIMES_WHERE_ROOMY = 4
const VALUES_OF_ONE = 4
const ROOMY = 1 << 30

/** How many bytes a query may keep. */
export type MemoryBound = () => number

/**
 * Whether a dictionary with so many entries, after so many values, saves nothing: it has become too
 * large to keep through a scan, or most values are new ones and those to come will be too. Without a
 * bound of memory it is taken to be scarce; it is asked only about a dictionary that is large.
 */
export function isDictionaryWasted(
  entries: number,
  values: number,
  characters: number,
  memory?: MemoryBound,
): boolean {
  const share = Math.max(entries / MOST_ENTRIES, characters / MOST_CHARACTERS)
  if (share > 1) {
    if (share > TIMES_WHERE_ROOMY || entries * VALUES_OF_ONE > values) return true
    return memory === undefined || memory() < ROOMY
  }
  if (entries < FIRST_CHECK) return false
  if (entries * 2 <= values) return false
  // Of values drawn from n equally likely ones, values² / 2n would have been drawn before.
  const repeated = values - entries
  return values * values > 2 * repeated * (MOST_ENTRIES / 2)
}

/**
 * The distinct texts of a column, numbered in first-seen order. `dict` is shared with the vectors
 * and only grows.
 */
export class TextDictionary {
  readonly dict: string[] = []
  /** Made when it is first asked for; the empty text, which absent values have, is not looked up in it. */
  #codes: Map<string, number> | undefined
  #empty = -1
  #characters = 0

  /** The characters of all entries. */
  get characters(): number {
    return this.#characters
  }

  /** The code of the text, which becomes an entry when it is none. */
  codeOf(text: string): number {
    if (text === '') return this.#codeOfEmpty()
    this.#codes ??= new Map(this.dict.map((entry, code) => [entry, code]))
    return this.#codes.get(text) ?? this.#add(text)
  }

  /**
   * The same for a text that differs from all that were given here before, and is no part of a longer one:
   * while no others are asked for, none needs to be found.
   */
  codeOfNew(text: string): number {
    return this.#codes === undefined && text !== '' ? this.#addOwn(text) : this.codeOf(text)
  }

  #codeOfEmpty(): number {
    if (this.#empty < 0) this.#empty = this.#add('')
    return this.#empty
  }

  #add(text: string): number {
    return this.#addOwn(ownText(text))
  }

  #addOwn(text: string): number {
    const code = this.dict.push(text) - 1
    this.#codes?.set(text, code)
    this.#characters += text.length
    return code
  }
}

/**
 * Builds the text vectors of a column, batch by batch: by a dictionary that the batches share, and
 * from the batch on where values hardly repeat, with a text a row.
 */
export class TextBuilder<T extends 'string' | 'guid'> {
  readonly #type: T
  #dictionary: TextDictionary | undefined = new TextDictionary()
  #seen = 0
  #codes: Uint32Array = new Uint32Array(256)
  #texts: string[] = []
  #nulls: Uint8Array | undefined
  #length = 0

  constructor(type: T) {
    this.#type = type
  }

  add(text: string): void {
    const row = this.#length++
    if (this.#dictionary === undefined) {
      this.#texts.push(text)
      return
    }
    if (row === this.#codes.length) this.#codes = grown(this.#codes)
    this.#codes[row] = this.#dictionary.codeOf(text)
  }

  addNull(): void {
    if (this.#type === 'guid') {
      this.#nulls ??= new Uint8Array(this.#codes.length)
      while (this.#nulls.length <= this.#length) this.#nulls = grown(this.#nulls)
      this.#nulls[this.#length] = 1
    }
    this.add('')
  }

  /** The vector of the values since the last one. */
  take(): TextVector<T> {
    const length = this.#length
    const nulls = padded(this.#nulls, length)
    const dictionary = this.#dictionary
    let vector: TextVector<T>
    if (dictionary === undefined) {
      vector = TextVector.plain(this.#type, this.#texts, nulls)
    } else {
      const codes = this.#codes.subarray(0, length)
      vector = new TextVector(this.#type, codes, dictionary.dict, true, nulls)
      this.#seen += length
      const { dict, characters } = dictionary
      if (isDictionaryWasted(dict.length, this.#seen, characters)) this.#dictionary = undefined
    }
    this.#codes = new Uint32Array(Math.max(256, length))
    this.#texts = []
    this.#nulls = undefined
    this.#length = 0
    return vector
  }
}

/** Twice as long, with the same start. */
export function grown<T extends Uint8Array | Uint32Array>(array: T): T {
  const longer = new (array.constructor as new (length: number) => T)(array.length * 2)
  longer.set(array)
  return longer
}

/** Exactly `length` long, for a mask that may have stopped growing before the last row. */
export function padded(nulls: Uint8Array | undefined, length: number): Uint8Array | undefined {
  if (nulls === undefined) return undefined
  if (nulls.length >= length) return nulls.subarray(0, length)
  const longer = new Uint8Array(length)
  longer.set(nulls)
  return longer
}
