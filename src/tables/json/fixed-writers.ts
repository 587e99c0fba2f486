import { parseIsoInto } from '../../types/datetime.ts'
import { storeSafe } from '../../types/number.ts'
import { copyInto } from '../batch.ts'
import { valueOfText } from '../coerce.ts'
import type { ScalarValue, Vector, VectorOf } from '../vector.ts'
import {
  BoolVector,
  DecimalVector,
  Int64Vector,
  IntVector,
  identityRows,
  RealVector,
} from '../vector.ts'
import { allocate, store } from '../vector-builder.ts'
import type { ColumnWriter } from './column-writer.ts'
import { FOUND_CODE, FOUND_END, FOUND_START, FOUND_TICKS } from './kernel-walk.ts'
import { ESCAPED, FALSE, NULL, NUMBER, type RecordScanner, STRING, TRUE } from './record-scanner.ts'
import { MINUS } from './skip.ts'
import { textOfValue } from './text-writer.ts'

/** The types whose vectors have a cell of one size for each row. */
export type FixedType = 'bool' | 'int' | 'long' | 'real' | 'decimal' | 'datetime' | 'timespan'

const FIRST_ROWS = 256

/** Digits that a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15

/**
 * Writes the columns of one type. `parse` puts the usual forms of a value into a cell straight from
 * the bytes; what it does not know goes by way of its text.
 */
abstract class FixedWriter<T extends FixedType> implements ColumnWriter {
  readonly #type: T
  protected vector: VectorOf<T>
  #rows = 0

  constructor(type: T) {
    this.#type = type
    this.vector = allocate(type, FIRST_ROWS)
  }

  write(bytes: Uint8Array, _view: DataView, kind: number, start: number, end: number): boolean {
    const row = this.addRow()
    if (this.parse(bytes, kind, start, end, row)) return true
    const value = this.#valueByText(bytes, kind, start, end)
    store(this.vector, row, value ?? null)
    return value !== undefined
  }

  writeRows(
    scanner: RecordScanner,
    slot: number,
    rows: Uint32Array,
    from: number,
    to: number,
  ): number {
    const { bytes, words } = scanner
    for (let k = from; k < to; k++) {
      const at = scanner.placeOf(rows[k]!, slot)
      const kind = words[at]!
      if (kind <= NULL) return k
      const row = this.addRow()
      if (this.parse(bytes, kind, words[at + FOUND_START]!, words[at + FOUND_END]!, row)) continue
      this.#rows--
      return k
    }
    return to
  }

  writeValue(value: ScalarValue): void {
    // The vector may be another one then.
    const row = this.addRow()
    store(this.vector, row, value)
  }

  take(): Vector {
    const rows = this.#rows
    const vector = shortened(this.vector, rows)
    this.vector = allocate(this.#type, Math.max(FIRST_ROWS, rows))
    this.#rows = 0
    return vector
  }

  /** Puts the value into the cell of the row; false, and the cell untouched, where it cannot. */
  protected abstract parse(
    bytes: Uint8Array,
    kind: number,
    start: number,
    end: number,
    row: number,
  ): boolean

  #valueByText(
    bytes: Uint8Array,
    kind: number,
    start: number,
    end: number,
  ): ScalarValue | undefined {
    const isText = kind === STRING || kind === ESCAPED
    // What a number stands for as a time (seconds, milliseconds, ticks?) cannot be told.
    const isTime = this.#type === 'datetime' || this.#type === 'timespan'
    if (!isText && (kind !== NUMBER || isTime)) return undefined
    return valueOfText(this.#type, textOfValue(bytes, kind, start, end, 'compact'))
  }

  protected addRow(): number {
    const row = this.#rows++
    const { length } = this.vector
    if (row === length) {
      const longer = allocate(this.#type, length * 2)
      copyInto(longer, 0, this.vector, identityRows(length))
      this.vector = longer
    }
    return row
  }
}

function shortened(vector: Vector, rows: number): Vector {
  const nulls = vector.nulls?.subarray(0, rows)
  switch (vector.type) {
    case 'bool':
      return new BoolVector(vector.values.subarray(0, rows), nulls)
    case 'int':
      return new IntVector(vector.values.subarray(0, rows), nulls)
    case 'real':
      return new RealVector(vector.values.subarray(0, rows), nulls)
    case 'decimal':
      return new DecimalVector(vector.values.slice(0, rows), nulls)
    case 'long':
    case 'datetime':
    case 'timespan':
      return new Int64Vector(vector.type, vector.values.subarray(0, rows), nulls) as Vector
    default:
      return vector
  }
}

/** The whole number of up to 15 digits at a place; undefined where something else is there. */
function smallWhole(bytes: Uint8Array, start: number, end: number): number | undefined {
  const from = bytes[start] === MINUS ? start + 1 : start
  if (from === end || end - from > EXACT_DIGITS) return undefined
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return from === start ? value : -value
}

class BoolWriter extends FixedWriter<'bool'> {
  protected parse(_: Uint8Array, kind: number, _s: number, _e: number, row: number): boolean {
    if (kind !== TRUE && kind !== FALSE) return false
    this.vector.values[row] = kind === TRUE ? 1 : 0
    return true
  }
}

class IntWriter extends FixedWriter<'int'> {
  protected parse(
    bytes: Uint8Array,
    kind: number,
    start: number,
    end: number,
    row: number,
  ): boolean {
    const value = kind <= FALSE ? Number(kind === TRUE) : smallWhole(bytes, start, end)
    if (value === undefined || (value | 0) !== value) return false
    this.vector.values[row] = value
    return true
  }
}

class LongWriter extends FixedWriter<'long'> {
  protected parse(
    bytes: Uint8Array,
    kind: number,
    start: number,
    end: number,
    row: number,
  ): boolean {
    const value = kind <= FALSE ? Number(kind === TRUE) : smallWhole(bytes, start, end)
    if (value === undefined) return false
    storeSafe(this.vector.halves, row, value)
    return true
  }
}

class RealWriter extends FixedWriter<'real'> {
  protected parse(
    bytes: Uint8Array,
    kind: number,
    start: number,
    end: number,
    row: number,
  ): boolean {
    const value = kind <= FALSE ? Number(kind === TRUE) : smallReal(bytes, start, end)
    if (value === undefined) return false
    this.vector.values[row] = value
    return true
  }
}

/**
 * The real of up to 15 digits with a point among them. Both the digits as a whole number and the
 * power of ten are exact doubles then, so that their quotient is the nearest real.
 */
function smallReal(bytes: Uint8Array, start: number, end: number): number | undefined {
  const from = bytes[start] === MINUS ? start + 1 : start
  if (end - from > EXACT_DIGITS + 1) return undefined
  let value = 0
  let scale = 0
  let digits = 0
  for (let at = from; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      digits++
      scale *= 10
    } else if (digit === -2 && scale === 0) scale = 1
    else return undefined
  }
  if (digits === 0 || digits > EXACT_DIGITS) return undefined
  const size = scale > 1 ? value / scale : value
  return from === start ? size : -size
}

class DatetimeWriter extends FixedWriter<'datetime'> {
  readonly strings = 'time'

  writeKnown(_code: number, words: Int32Array, ticks: number): boolean {
    const row = this.addRow()
    const { halves } = this.vector
    halves[row * 2] = words[ticks]!
    halves[row * 2 + 1] = words[ticks + 1]!
    return true
  }

  override writeRows(
    scanner: RecordScanner,
    slot: number,
    rows: Uint32Array,
    from: number,
    to: number,
  ): number {
    if (scanner.stringsAt(slot) !== this.strings) return from
    const { words } = scanner
    for (let k = from; k < to; k++) {
      const at = scanner.placeOf(rows[k]!, slot)
      if (words[at] !== STRING || words[at + FOUND_CODE]! < 0) return k
      this.writeKnown(1, words, at + FOUND_TICKS)
    }
    return to
  }

  protected parse(
    bytes: Uint8Array,
    kind: number,
    start: number,
    end: number,
    row: number,
  ): boolean {
    return kind === STRING && parseIsoInto(bytes, start, end, this.vector.halves, row)
  }
}

/** Decimals and timespans are rare in logs: all go by way of their text. */
class SlowWriter extends FixedWriter<'decimal' | 'timespan'> {
  protected parse(): boolean {
    return false
  }
}

/** The writer of a column of the type. */
export function fixedWriter(type: FixedType): ColumnWriter {
  switch (type) {
    case 'bool':
      return new BoolWriter(type)
    case 'int':
      return new IntWriter(type)
    case 'long':
      return new LongWriter(type)
    case 'real':
      return new RealWriter(type)
    case 'datetime':
      return new DatetimeWriter(type)
    default:
      return new SlowWriter(type)
  }
}
