import { InternalError } from '../../text/internal-error.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../types/dynamic.ts'
import { RawJson } from '../raw-json.ts'
import type { DynamicCell } from '../vector.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

const NULL = 0
const FALSE = 1
const TRUE = 2
const NUMBER = 3
const BIGINT = 4
const STRING = 5
const WHOLE_REAL = 6
const ARRAY = 7
const BAG = 8
const RAW_JSON = 9
/** The first of the tags of scalars; the others follow in the order of {@link SCALARS}. */
const SCALAR = 10
const SCALARS = ['datetime', 'timespan', 'guid', 'decimal'] as const

/** Writes a cell so that {@link readCell} gives the same: JSON text that is not parsed stays text. */
export function writeCell(writer: ByteWriter, cell: DynamicCell): void {
  if (cell instanceof RawJson) {
    writer.byte(RAW_JSON)
    writer.text(cell.text)
  } else writeTree(writer, cell)
}

function writeTree(writer: ByteWriter, value: Dynamic): void {
  switch (typeof value) {
    case 'boolean':
      writer.byte(value ? TRUE : FALSE)
      return
    case 'number':
      writer.byte(NUMBER)
      writer.float64(value)
      return
    case 'bigint':
      writer.byte(BIGINT)
      writer.text(value.toString())
      return
    case 'string':
      writer.byte(STRING)
      writer.text(value)
      return
  }
  if (value === null) writer.byte(NULL)
  else if (value instanceof WholeReal) {
    writer.byte(WHOLE_REAL)
    writer.float64(value.value)
  } else if (value instanceof DynamicScalar) {
    writer.byte(SCALAR + SCALARS.indexOf(value.type))
    writer.text(value.value.toString())
  } else if (value instanceof Map) {
    writer.byte(BAG)
    writer.uint32(value.size)
    for (const [name, member] of value as ReadonlyMap<string, Dynamic>) {
      writer.text(name)
      writeTree(writer, member)
    }
  } else {
    const elements = value as readonly Dynamic[]
    writer.byte(ARRAY)
    writer.uint32(elements.length)
    for (const element of elements) writeTree(writer, element)
  }
}

/** Reads what {@link writeCell} wrote. */
export function readCell(reader: ByteReader): DynamicCell {
  const tag = reader.byte()
  return tag === RAW_JSON ? new RawJson(reader.text()) : readTree(reader, tag)
}

function readTree(reader: ByteReader, tag: number): Dynamic {
  switch (tag) {
    case NULL:
      return null
    case FALSE:
      return false
    case TRUE:
      return true
    case NUMBER:
      return reader.float64()
    case BIGINT:
      return BigInt(reader.text())
    case STRING:
      return reader.text()
    case WHOLE_REAL:
      return new WholeReal(reader.float64())
    case ARRAY:
      return Array.from({ length: reader.uint32() }, () => readTree(reader, reader.byte()))
    case BAG: {
      const bag = new Map<string, Dynamic>()
      for (let left = reader.uint32(); left > 0; left--) {
        const name = reader.text()
        bag.set(name, readTree(reader, reader.byte()))
      }
      return bag
    }
    default:
      return readScalar(reader, tag)
  }
}

function readScalar(reader: ByteReader, tag: number): DynamicScalar {
  const type = SCALARS[tag - SCALAR]
  if (type === undefined) throw new InternalError(`no dynamic has the tag ${tag}`)
  const text = reader.text()
  return new DynamicScalar(type, type === 'guid' || type === 'decimal' ? text : BigInt(text))
}
