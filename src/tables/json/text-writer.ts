import { parseGuid } from '../../types/guid.ts'
import { grown, type MemoryBound, padded } from '../text-builder.ts'
import type { ScalarValue, Vector } from '../vector.ts'
import { TextVector } from '../vector.ts'
import type { ColumnWriter } from './column-writer.ts'
import { jsonTextAt, textAt } from './json-text.ts'
import { FOUND_CODE } from './kernel-walk.ts'
import type { StringUse } from './path-trie.ts'
import type { JsonTextForm } from './record-columns.ts'
import { ARRAY, ESCAPED, OBJECT, type RecordScanner, STRING } from './record-scanner.ts'
import { TextArena, unescapedAt } from './text-arena.ts'
import { NO_TEXT, TextInterner } from './text-interner.ts'

/** What a {@link TextWriter} is told about its column. */
export interface TextWriterOptions {
  readonly jsonText: JsonTextForm
  readonly replace?: ReadonlyMap<string, string | null>
  /** What the query may keep. */
  readonly memory?: MemoryBound | undefined
}

/** The text of a value in a string column: numbers and bools as written, objects as JSON text. */
export function textOfValue(
  bytes: Uint8Array,
  kind: number,
  start: number,
  end: number,
  jsonText: JsonTextForm,
): string {
  if (kind === ESCAPED) return unescapedAt(bytes, start, end)
  if (kind === OBJECT || kind === ARRAY) return jsonTextAt(bytes, start, end, jsonText)
  return textAt(bytes, start, end)
}

/**
 * Writes string and guid columns: by a dictionary, and from where values hardly repeat, with a text
 * a row.
 */
export class TextWriter<T extends 'string' | 'guid'> implements ColumnWriter {
  readonly #type: T
  readonly #options: TextWriterOptions
  readonly #arena: TextArena
  /** Undefined from where values hardly repeat. */
  #interner: TextInterner | undefined
  /** What the codes of this batch are positions in. */
  #dict: string[]
  /** The rows of this batch that have codes. */
  #codes = new Uint32Array(256)
  #coded = 0
  /** The texts of the rows behind those. */
  #texts: string[] = []
  #nulls: Uint8Array | undefined

  /** `interner` is that of another writer of the same column. */
  constructor(type: T, options: TextWriterOptions, interner?: TextInterner) {
    this.#type = type
    this.#options = options
    this.#interner =
      interner ??
      new TextInterner(
        (bytes, kind, start, end) => this.#textOf(bytes, kind, start, end),
        type === 'string' && options.replace === undefined,
        options.memory,
      )
    this.#dict = this.#interner.dict
    this.#arena = new TextArena((text, row) => {
      this.#texts[row] = text
    })
  }

  write(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): boolean {
    // Another writer may have found that they do not repeat.
    if (this.#interner?.wasted === true) this.#interner = undefined
    const interner = this.#interner
    if (interner !== undefined) {
      const code = interner.codeOf(bytes, view, kind, start, end)
      if (interner.wasted) this.#interner = undefined
      if (code !== NO_TEXT) {
        this.#addCode(code)
        return true
      }
      this.#addCode(interner.codeOfText(''))
    } else if (kind <= ESCAPED && this.#type === 'string' && this.#options.replace === undefined) {
      const row = this.#texts.push('') - 1
      if (kind < ESCAPED) this.#arena.add(bytes, start, end, row, 0)
      else this.#arena.addEscaped(bytes, start, end, row, 0)
      return true
    } else {
      const text = this.#textOf(bytes, kind, start, end)
      this.#texts.push(text ?? '')
      if (text !== undefined) return true
    }
    return this.#fail(bytes, kind, start, end)
  }

  /** What gives codes to its texts; undefined from where values hardly repeat. */
  get interner(): TextInterner | undefined {
    return this.#interner
  }

  get strings(): StringUse | undefined {
    return this.#interner
  }

  writeKnown(code: number): boolean {
    if (this.#interner === undefined) return false
    this.#interner.countKnown()
    this.#addCode(code)
    return true
  }

  writeRows(
    scanner: RecordScanner,
    slot: number,
    rows: Uint32Array,
    from: number,
    to: number,
  ): number {
    const interner = this.#interner
    if (interner === undefined || scanner.stringsAt(slot) !== interner) return from
    const { words } = scanner
    let k = from
    for (; k < to; k++) {
      const at = scanner.placeOf(rows[k]!, slot)
      const code = words[at + FOUND_CODE]!
      // Of what is no string there is none.
      if (code < 0 || words[at]! < STRING) break
      this.#addCode(code)
    }
    interner.countKnown(k - from)
    return k
  }

  writeValue(value: ScalarValue): void {
    this.#addText(value === null ? '' : String(value))
    if (value === null) this.#markNull()
  }

  take(): Vector {
    this.#arena.flush()
    const type = this.#type
    const rows = this.#coded + this.#texts.length
    const nulls = padded(this.#nulls, rows)
    let vector: TextVector
    if (this.#texts.length === 0 && this.#coded > 0) {
      vector = new TextVector(type, this.#codes.subarray(0, rows), this.#dict, true, nulls)
    } else {
      vector = TextVector.plain(type, this.#allTexts(), nulls)
    }
    this.#codes = new Uint32Array(Math.max(256, this.#coded))
    this.#coded = 0
    this.#texts = []
    this.#nulls = undefined
    if (this.#interner === undefined) this.#dict = []
    return vector as Vector
  }

  #allTexts(): string[] {
    if (this.#coded === 0) return this.#texts
    const dict = this.#dict
    const texts = Array.from(this.#codes.subarray(0, this.#coded), code => dict[code]!)
    for (const text of this.#texts) texts.push(text)
    return texts
  }

  #addText(text: string): void {
    if (this.#interner === undefined) this.#texts.push(text)
    else this.#addCode(this.#interner.codeOfText(text))
  }

  #addCode(code: number): void {
    const row = this.#coded++
    if (row === this.#codes.length) this.#codes = grown(this.#codes)
    this.#codes[row] = code
  }

  #textOf(bytes: Uint8Array, kind: number, start: number, end: number): string | undefined {
    return this.#fit(textOfValue(bytes, kind, start, end, this.#options.jsonText))
  }

  /** The text after replacement, in the form of the type; undefined for null or where it is none. */
  #fit(text: string): string | undefined {
    const { replace } = this.#options
    const replaced = replace?.get(text)
    if (replaced === null) return this.#type === 'string' ? '' : undefined
    const used = replaced ?? text
    return this.#type === 'string' ? used : (parseGuid(used) ?? undefined)
  }

  /** The last row holds nothing; true where that is not a fault. */
  #fail(bytes: Uint8Array, kind: number, start: number, end: number): boolean {
    this.#markNull()
    if (start === end) return true
    const text = textOfValue(bytes, kind, start, end, 'compact')
    return this.#options.replace?.get(text) === null
  }

  #markNull(): void {
    if (this.#type !== 'guid') return
    const row = this.#coded + this.#texts.length - 1
    this.#nulls ??= new Uint8Array(256)
    while (this.#nulls.length <= row) this.#nulls = grown(this.#nulls)
    this.#nulls[row] = 1
  }
}
