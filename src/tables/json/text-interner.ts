import { isDictionaryWasted, type MemoryBound, TextDictionary } from '../text-builder.ts'
import { ByteInterner, UNKNOWN } from './byte-interner.ts'
import { newTag, remember } from './kernel-walk.ts'
import type { KnownStrings } from './path-trie.ts'
import { ARRAY, ESCAPED, OBJECT, STRING } from './record-scanner.ts'
import { BACKSLASH } from './skip.ts'
import { isLoaded } from './skip-memory.ts'

const SLASH = 0x2f
const LETTER_U = 0x75

/** The code of a value that has no text in the column: null, or one that does not fit. */
export const NO_TEXT = 0xffffffff

/** Of a value in a record, its text in the column; undefined where it does not fit. */
export type TextOf = (
  bytes: Uint8Array,
  kind: number,
  start: number,
  end: number,
) => string | undefined

/**
 * Numbers the texts of a column of records. A value whose bytes were seen before costs a hash and a
 * comparison of bytes: it is neither decoded nor unescaped again.
 */
export class TextInterner implements KnownStrings {
  readonly tag = newTag()
  readonly #interner = new ByteInterner()
  readonly #texts = new TextDictionary()
  readonly #textOf: TextOf
  readonly #isVerbatim: boolean
  readonly #memory: MemoryBound | undefined
  #values = 0
  #wasted = false

  /**
   * `isVerbatim`: a string or number has the text that it stands for, and no other; `memory` is what the
   * query may keep.
   */
  constructor(textOf: TextOf, isVerbatim: boolean, memory?: MemoryBound) {
    this.#textOf = textOf
    this.#isVerbatim = isVerbatim
    this.#memory = memory
  }

  /** The texts by code. Grows, and is shared with vectors. */
  get dict(): string[] {
    return this.#texts.dict
  }

  /** Whether values repeat too rarely for this to be worth its memory. */
  get wasted(): boolean {
    return this.#wasted
  }

  /** The code of a value in a record, or {@link NO_TEXT}. */
  codeOf(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): number {
    this.#values++
    // `{}` as an object may be another text than `{}` as a string, and escapes than what they stand for.
    const tag = kind === OBJECT || kind === ARRAY ? 1 : kind === ESCAPED ? 2 : 0
    let code = this.#interner.find(bytes, view, start, end, tag)
    if (code === UNKNOWN) {
      const text = this.#textOf(bytes, kind, start, end)
      if (text === undefined) code = NO_TEXT
      else if (this.#isVerbatim && isSpeltOneWay(bytes, kind, start, end, text)) {
        code = this.#texts.codeOfNew(text)
      } else code = this.#texts.codeOf(text)
      this.#interner.add(bytes, view, start, end, tag, code)
      this.#weigh()
    }
    const isString = kind === STRING || kind === ESCAPED
    if (isString && code !== NO_TEXT && !this.#wasted && isLoaded(bytes)) {
      remember(this.tag, start, end, code)
    }
    return code
  }

  /** Counts values whose codes the scanner told. */
  countKnown(values = 1): void {
    this.#values += values
  }

  /** The code of a value that was built already. */
  codeOfValue(text: string): number {
    this.#values++
    const code = this.#texts.codeOf(text)
    this.#weigh()
    return code
  }

  /** The code of a text, which is one of few: that of null, or of what stands for another. */
  codeOfText(text: string): number {
    return this.#texts.codeOf(text)
  }

  #weigh(): void {
    const entries = Math.max(this.#interner.entries, this.#texts.dict.length)
    const size = Math.max(this.#interner.size, this.#texts.characters)
    this.#wasted =
      this.#interner.overloaded || isDictionaryWasted(entries, this.#values, size, this.#memory)
  }
}

/**
 * Whether no other bytes stand for the text, among those that this says of: escapes are those that a
 * character cannot do without, and no byte was replaced because it is no UTF-8.
 */
function isSpeltOneWay(
  bytes: Uint8Array,
  kind: number,
  start: number,
  end: number,
  text: string,
): boolean {
  if (kind > ESCAPED || text.includes('\ufffd')) return false
  if (kind < ESCAPED) return true
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH) continue
    at++
    if (bytes[at] === LETTER_U || bytes[at] === SLASH) return false
  }
  return true
}
