import type { SchemaElement } from 'hyparquet-writer'
import type { StoredColumn } from '../../tables/parquet/ingested-form.ts'
import { realText } from '../../tables/parquet/row-lines.ts'
import { GREATEST_NANO_TICKS, LEAST_NANO_TICKS, nanosOf } from '../../tables/parquet/stored-time.ts'
import { RawJson } from '../../tables/raw-json.ts'
import type { DynamicCell, Int64Vector, TextVector, Vector } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { type Dynamic, DynamicScalar, isArray, isBag, WholeReal } from '../../types/dynamic.ts'
import { printDynamic } from '../../types/dynamic-json.ts'

/** Values of a column as the writer of Parquet files takes them. */
export type ColumnData = (string | number | bigint | boolean | null)[]

/** How Parquet declares the column. */
export function elementOf({ name, type, as }: StoredColumn): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  switch (type) {
    case 'bool':
      return { ...optional, type: 'BOOLEAN' }
    case 'int':
      return { ...optional, type: 'INT32' }
    case 'long':
    case 'timespan':
      return { ...optional, type: 'INT64' }
    case 'real':
      return { ...optional, type: 'DOUBLE' }
    case 'datetime':
      return as === 'ticks'
        ? { ...optional, type: 'INT64' }
        : {
            ...optional,
            type: 'INT64',
            // Readers that know zones would make microseconds of it otherwise.
            logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' },
          }
    case 'string':
      return { name, repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' }
    default:
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

/** Whether all datetimes of the vector can be told in nanoseconds since 1970. */
export function fitsNanos(vector: Vector): boolean {
  const { values, nulls } = vector as Int64Vector
  for (let row = 0; row < values.length; row++) {
    const ticks = values[row]!
    if (nulls?.[row] === 1) continue
    if (ticks < LEAST_NANO_TICKS || ticks > GREATEST_NANO_TICKS) return false
  }
  return true
}

/** The values of all rows of a vector. */
export function dataOf(vector: Vector, { as }: StoredColumn): ColumnData {
  const { nulls, length } = vector
  const each = (value: (row: number) => ColumnData[number]): ColumnData => {
    const data = new Array<ColumnData[number]>(length)
    for (let row = 0; row < length; row++) data[row] = nulls?.[row] === 1 ? null : value(row)
    return data
  }
  switch (vector.type) {
    case 'bool':
      return each(row => vector.values[row] === 1)
    case 'int':
    case 'real':
      return each(row => vector.values[row]!)
    case 'decimal':
      return each(row => formatDecimal(vector.values[row]!))
    case 'string':
    case 'guid': {
      const { dict, codes } = vector as TextVector
      return each(row => dict[codes[row]!]!)
    }
    case 'dynamic':
      return each(row => dynamicText(vector.values[row]!))
    default:
      return as === 'nanos'
        ? each(row => nanosOf(vector.values[row]!))
        : each(row => vector.values[row]!)
  }
}

/** The JSON text of a dynamic, from which the same value is read; null for null. */
function dynamicText(cell: DynamicCell): string | null {
  if (cell === null) return null
  if (cell instanceof RawJson) return wellFormed(cell.text)
  return wellFormed(jsonOf(cell))
}

function jsonOf(value: Dynamic): string {
  if (value instanceof WholeReal && !Number.isFinite(value.value)) {
    if (Number.isNaN(value.value)) throw new InternalError('a dynamic read from a file holds NaN')
    return realText(value.value)
  }
  if (value instanceof DynamicScalar) {
    throw new InternalError(`a dynamic read from a file holds a ${value.type}`)
  }
  if (isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  if (isBag(value)) {
    const members = Array.from(value, ([name, item]) => `${JSON.stringify(name)}:${jsonOf(item)}`)
    return `{${members.join(',')}}`
  }
  return printDynamic(value)
}

/** In JSON text half of a character, which UTF-8 has no form for, can be written as an escape. */
function wellFormed(text: string): string {
  if (text.isWellFormed()) return text
  return text.replaceAll(/\p{Surrogate}/gu, half => `\\u${half.charCodeAt(0).toString(16)}`)
}

/** Whether a row has a value: not null, and no empty text. */
export function hasValue(vector: Vector): boolean {
  const { nulls, length } = vector
  const isText = vector.type === 'string'
  for (let row = 0; row < length; row++) {
    if (isText ? (vector as TextVector).at(row) !== '' : nulls?.[row] !== 1) return true
  }
  return false
}
