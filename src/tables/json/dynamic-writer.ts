import { dynamicLong } from '../../types/dynamic.ts'
import { parseDynamic } from '../../types/dynamic-json.ts'
import { RawJson } from '../raw-json.ts'
import { grown, type MemoryBound, padded } from '../text-builder.ts'
import type { DynamicCell, ScalarValue, Vector } from '../vector.ts'
import { DynamicVector, TextVector } from '../vector.ts'
import type { ColumnWriter } from './column-writer.ts'
import { stringAt, textAt } from './json-text.ts'
import type { StringUse } from './path-trie.ts'
import { ARRAY, ESCAPED, FALSE, NUMBER, OBJECT, STRING, TRUE } from './record-scanner.ts'
import { viewOf } from './skip.ts'
import { isJsonContainer, isJsonContainerText } from './string-json.ts'
import { TextArena, unescapedAt, unescapedBytesAt } from './text-arena.ts'
import { TextInterner } from './text-interner.ts'

/** What a piece of an arena becomes. */
const AS_STRING = 0
const AS_JSON = 1

/**
 * Writes dynamic columns: objects and arrays stay JSON text until they are asked for, scalars are
 * values at once. Where a batch has but strings and nulls, and strings repeat, they are a text vector.
 */
export class DynamicWriter implements ColumnWriter {
  /** Whether a string that holds a JSON object or array is that: so in a column, not inside of one. */
  readonly #opensStrings: boolean
  readonly #arena: TextArena
  #interner: TextInterner | undefined
  /** The rows of this batch as codes of the interner, until one is neither a string nor null. */
  #codes: Uint32Array | undefined = new Uint32Array(256)
  #coded = 0
  /** The rows of this batch where they are not codes. */
  #values: DynamicCell[] = []
  #nulls: Uint8Array | undefined

  /** `interner` is that of another writer of the same column, `memory` what the query may keep. */
  constructor(opensStrings: boolean, memory: MemoryBound | undefined, interner?: TextInterner) {
    this.#opensStrings = opensStrings
    this.#interner =
      interner ??
      new TextInterner(
        (bytes, kind, start, end) =>
          kind === ESCAPED ? unescapedAt(bytes, start, end) : textAt(bytes, start, end),
        // Of some strings that may be JSON it gets what they stand for, of others how that is spelt.
        !opensStrings,
        memory,
      )
    this.#arena = new TextArena((text, row, tag) => {
      this.#values[row] = tag === AS_JSON ? new RawJson(text) : text
    })
  }

  write(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): boolean {
    if (kind < STRING) this.#decode()
    switch (kind) {
      case OBJECT:
      case ARRAY:
        this.#addPiece(bytes, start, end, AS_JSON)
        return true
      case TRUE:
      case FALSE:
        this.#values.push(kind === TRUE)
        return true
      case NUMBER:
        this.#values.push(numberAt(bytes, start, end))
        return true
      case STRING:
        if (this.#opensStrings && isJsonContainer(bytes, view, start, end)) {
          this.#addPiece(bytes, start, end, AS_JSON)
        } else this.#addString(bytes, view, kind, start, end)
        return true
      default:
        this.#addEscaped(bytes, view, start, end)
        return true
    }
  }

  /** What gives codes to its strings; undefined from where they hardly repeat. */
  get interner(): TextInterner | undefined {
    return this.#interner
  }

  /** Of a string that may be JSON it must see the bytes. */
  get strings(): StringUse | undefined {
    return this.#opensStrings ? 'text' : this.#interner
  }

  writeKnown(code: number): boolean {
    const interner = this.#interner
    if (interner === undefined) return false
    interner.countKnown()
    if (this.#codes !== undefined) this.#addCode(code)
    else this.#values.push(interner.dict[code]!)
    return true
  }

  writeValue(value: ScalarValue): void {
    this.writeCell(value as DynamicCell)
  }

  /** Adds a value as a vector holds it. */
  writeCell(value: DynamicCell): void {
    const interner = this.#interner
    if (this.#codes !== undefined && interner !== undefined) {
      if (value === null) this.#addCode(interner.codeOfText(''))
      else if (typeof value === 'string') {
        this.#addCode(interner.codeOfValue(value))
        if (interner.wasted) this.#endCodes()
      } else {
        this.#decode()
        this.#values.push(value)
      }
    } else this.#values.push(value)
    if (value !== null) return
    const row = this.#rows - 1
    this.#nulls ??= new Uint8Array(256)
    while (this.#nulls.length <= row) this.#nulls = grown(this.#nulls)
    this.#nulls[row] = 1
  }

  take(): Vector {
    this.#arena.flush()
    const nulls = padded(this.#nulls, this.#rows)
    let vector: Vector
    if (this.#codes !== undefined && this.#interner !== undefined) {
      const codes = this.#codes.subarray(0, this.#coded)
      const texts = new TextVector('string', codes, this.#interner.dict, true)
      vector = new DynamicVector(texts, nulls)
    } else vector = new DynamicVector(this.#values, nulls)
    this.#codes = this.#interner && new Uint32Array(Math.max(256, this.#coded))
    this.#coded = 0
    this.#values = []
    this.#nulls = undefined
    return vector
  }

  get #rows(): number {
    return this.#codes === undefined ? this.#values.length : this.#coded
  }

  #addCode(code: number): void {
    const row = this.#coded++
    if (row === this.#codes!.length) this.#codes = grown(this.#codes!)
    this.#codes![row] = code
  }

  /** From here on the rows of this batch are not codes. */
  #decode(): void {
    const codes = this.#codes
    if (codes === undefined) return
    const dict = this.#interner!.dict
    for (let row = 0; row < this.#coded; row++) {
      this.#values.push(this.#nulls?.[row] === 1 ? null : dict[codes[row]!]!)
    }
    this.#codes = undefined
    this.#coded = 0
  }

  #addPiece(bytes: Uint8Array, start: number, end: number, tag: number): void {
    this.#decode()
    this.#arena.add(bytes, start, end, this.#values.push('') - 1, tag)
  }

  #addString(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): void {
    // Another writer may have found that they do not repeat.
    if (this.#interner?.wasted === true) this.#endCodes()
    const interner = this.#interner
    if (interner === undefined) {
      if (kind < ESCAPED) this.#addPiece(bytes, start, end, AS_STRING)
      else {
        this.#decode()
        this.#arena.addEscaped(bytes, start, end, this.#values.push('') - 1, AS_STRING)
      }
      return
    }
    const code = interner.codeOf(bytes, view, kind, start, end)
    if (this.#codes !== undefined) this.#addCode(code)
    else this.#values.push(interner.dict[code]!)
    if (interner.wasted) this.#endCodes()
  }

  /** Strings do not repeat: there are no codes from here on, nor a dictionary to grow. */
  #endCodes(): void {
    this.#decode()
    this.#interner = undefined
  }

  #addEscaped(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    const json = this.#opensStrings ? containerAt(bytes, start, end) : undefined
    if (json !== undefined) {
      this.#decode()
      this.#values.push(new RawJson(json))
      return
    }
    this.#addString(bytes, view, ESCAPED, start, end)
  }
}

/** What a string with escapes stands for, where that is a JSON object or array. */
function containerAt(bytes: Uint8Array, start: number, end: number): string | undefined {
  const own = unescapedBytesAt(bytes, start, end)
  if (own === undefined) {
    const text = stringAt(bytes, start, end)
    return isJsonContainerText(text) ? text : undefined
  }
  return isJsonContainer(own, viewOf(own), 0, own.length) ? textAt(own, 0, own.length) : undefined
}

/** A value that stands at a place inside of a dynamic, as a cell. */
export function cellAt(bytes: Uint8Array, kind: number, start: number, end: number): DynamicCell {
  switch (kind) {
    case OBJECT:
    case ARRAY:
      return new RawJson(textAt(bytes, start, end))
    case TRUE:
    case FALSE:
      return kind === TRUE
    case NUMBER:
      return numberAt(bytes, start, end)
    case STRING:
      return textAt(bytes, start, end)
    case ESCAPED:
      return stringAt(bytes, start, end)
    default:
      return null
  }
}

/** A number of a record as a dynamic: 1 is a long, 1.0 a real. */
function numberAt(bytes: Uint8Array, start: number, end: number): DynamicCell {
  if (end - start <= 9) {
    let value = 0
    let at = start
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at === end) return dynamicLong(value)
  }
  // The scanner has checked it: it is never undefined.
  return parseDynamic(textAt(bytes, start, end)) ?? null
}
