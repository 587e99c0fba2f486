import { dynamicLong } from '../../types/dynamic.ts'
import { parseDynamic } from '../../types/dynamic-json.ts'
import { RawJson } from '../raw-json.ts'
import { grown, padded } from '../text-builder.ts'
import type { DynamicCell, ScalarValue, Vector } from '../vector.ts'
import { DynamicVector } from '../vector.ts'
import type { ColumnWriter } from './column-writer.ts'
import { stringAt, textAt } from './json-text.ts'
import { ARRAY, ESCAPED, FALSE, NUMBER, OBJECT, STRING, TRUE } from './record-scanner.ts'
import { isJsonContainer, isJsonContainerText } from './string-json.ts'
import { TextArena } from './text-arena.ts'
import { NO_TEXT, TextInterner } from './text-interner.ts'

/** What a piece of an arena becomes. */
const AS_STRING = 0
const AS_JSON = 1

/**
 * Writes dynamic columns: objects and arrays stay JSON text until they are asked for, scalars are
 * values at once.
 */
export class DynamicWriter implements ColumnWriter {
  /** Whether a string that holds a JSON object or array is that: so in a column, not inside of one. */
  readonly #opensStrings: boolean
  readonly #arena: TextArena
  #interner: TextInterner | undefined
  #values: DynamicCell[] = []
  #nulls: Uint8Array | undefined

  constructor(opensStrings: boolean) {
    this.#opensStrings = opensStrings
    this.#interner = new TextInterner((bytes, kind, start, end) =>
      kind === ESCAPED ? stringAt(bytes, start, end) : textAt(bytes, start, end),
    )
    this.#arena = new TextArena((text, row, tag) => {
      this.#values[row] = tag === AS_JSON ? new RawJson(text) : text
    })
  }

  write(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): boolean {
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

  writeValue(value: ScalarValue): void {
    this.writeCell(value as DynamicCell)
  }

  /** Adds a value as a vector holds it. */
  writeCell(value: DynamicCell): void {
    const row = this.#values.push(value) - 1
    if (value !== null) return
    this.#nulls ??= new Uint8Array(256)
    while (this.#nulls.length <= row) this.#nulls = grown(this.#nulls)
    this.#nulls[row] = 1
  }

  take(): Vector {
    this.#arena.flush()
    const vector = new DynamicVector(this.#values, padded(this.#nulls, this.#values.length))
    this.#values = []
    this.#nulls = undefined
    return vector
  }

  #addPiece(bytes: Uint8Array, start: number, end: number, tag: number): void {
    this.#arena.add(bytes, start, end, this.#values.push('') - 1, tag)
  }

  #addString(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): void {
    const interner = this.#interner
    if (interner === undefined) {
      if (kind === ESCAPED) this.#values.push(stringAt(bytes, start, end))
      else this.#addPiece(bytes, start, end, AS_STRING)
      return
    }
    const code = interner.codeOf(bytes, view, kind, start, end)
    this.#values.push(code === NO_TEXT ? '' : interner.dict[code]!)
    if (interner.wasted) this.#interner = undefined
  }

  #addEscaped(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    if (this.#opensStrings) {
      const text = stringAt(bytes, start, end)
      if (isJsonContainerText(text)) {
        this.#values.push(new RawJson(text))
        return
      }
    }
    this.#addString(bytes, view, ESCAPED, start, end)
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
