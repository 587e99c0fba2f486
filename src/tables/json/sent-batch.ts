import { parseDynamic, printDynamic } from '../../types/dynamic-json.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'
import { ColumnBatch } from '../batch.ts'
import { ElementLists, type ElementPath, ListedElements, listsOf } from '../listed-elements.ts'
import { RawJson } from '../raw-json.ts'
import {
  BoolVector,
  type DynamicCell,
  DynamicVector,
  Int64Vector,
  IntVector,
  type Nulls,
  RealVector,
  TextVector,
  type Vector,
} from '../vector.ts'

/** A batch as plain data that another thread can be sent. */
export interface SentBatch {
  readonly length: number
  readonly columns: readonly SentColumn[]
}

type SentColumn =
  | { readonly kind: 'values'; readonly values: SentValues; readonly nulls: Nulls }
  | {
      readonly kind: 'dictionary'
      readonly codes: Uint32Array
      /** The entries from `from` on; those before were sent with earlier batches. */
      readonly from: number
      readonly entries: readonly string[]
      readonly nulls: Nulls
    }
  | { readonly kind: 'texts'; readonly texts: string[]; readonly nulls: Nulls }
  | {
      readonly kind: 'dynamic'
      readonly cells: readonly SentCell[]
      /** What is not a value as it stands: {@link RAW} or {@link PRINTED} text, or {@link LISTED}. */
      readonly forms: Uint8Array
      readonly nulls: Nulls
      readonly lists?: SentLists
    }

/** Elements of arrays; the cell of such a row is where they begin, and the row's end is in `ends`. */
interface SentLists {
  readonly paths: readonly ElementPath[]
  readonly columns: readonly SentColumn[]
  readonly ends: Uint32Array
}

type SentValues = Uint8Array | Int32Array | Float64Array | BigInt64Array
type SentCell = null | boolean | number | bigint | string

const RAW = 1
const PRINTED = 2
const LISTED = 3

/** Whether batches with columns of these types can be sent. */
export function canBeSent(types: readonly ScalarType[]): boolean {
  return !types.includes('decimal')
}

/** Makes plain data of the batches of one scan, whose columns may share dictionaries. */
export class BatchSender {
  readonly #sent = new Map<readonly string[], number>()

  send({ columns, length }: ColumnBatch): SentBatch {
    return { length, columns: columns.map(column => this.#column(column)) }
  }

  #column(vector: Vector): SentColumn {
    const { nulls } = vector
    switch (vector.type) {
      case 'string':
      case 'guid': {
        const texts = vector as TextVector
        if (texts.dictionary) return this.#dictionary(texts, nulls)
        return { kind: 'texts', texts: texts.dict, nulls: copied(nulls) }
      }
      case 'dynamic':
        if (vector.texts !== undefined) return this.#dictionary(vector.texts, nulls)
        return { ...this.#cells(vector), nulls: copied(nulls) }
      case 'decimal':
        throw new TypeError('a column of decimals is not sent')
      default:
        return { kind: 'values', values: copied(vector.values), nulls: copied(nulls) }
    }
  }

  #cells(vector: DynamicVector): Omit<Extract<SentColumn, { kind: 'dynamic' }>, 'nulls'> {
    const lists = listsOf(vector)
    if (lists === undefined) return sentCells(vector.values)
    const ends = new Uint32Array(vector.length)
    vector.values.forEach((cell, row) => {
      if (cell instanceof ListedElements) ends[row] = cell.to
    })
    const columns = lists.columns.map(column => this.#column(column))
    return { ...sentCells(vector.values, lists), lists: { paths: lists.paths, columns, ends } }
  }

  #dictionary({ dict, codes }: TextVector, nulls: Nulls): SentColumn {
    const from = this.#sent.get(dict) ?? 0
    this.#sent.set(dict, dict.length)
    const entries = dict.slice(from)
    return { kind: 'dictionary', codes: copied(codes), from, entries, nulls: copied(nulls) }
  }
}

/** Without the rest of the memory that it is a part of, which would be sent too. */
function copied<T extends SentValues | Uint32Array | undefined>(values: T): T {
  if (values === undefined || values.byteLength === values.buffer.byteLength) return values
  return values.slice() as T
}

/** Cells as they are sent, those that are in the lists as where they begin there. */
function sentCells(
  values: readonly DynamicCell[],
  lists?: ElementLists,
): {
  kind: 'dynamic'
  cells: SentCell[]
  forms: Uint8Array
} {
  const forms = new Uint8Array(values.length)
  const cells = values.map((cell, row): SentCell => {
    if (cell instanceof ListedElements && cell.lists === lists) {
      forms[row] = LISTED
      return cell.from
    }
    if (cell instanceof RawJson) {
      forms[row] = RAW
      return cell.text
    }
    if (cell === null || typeof cell !== 'object') return cell
    forms[row] = PRINTED
    return printDynamic(cell)
  })
  return { kind: 'dynamic', cells, forms }
}

/** Makes batches again of what one {@link BatchSender} made of them, in the same order. */
export class BatchReceiver {
  readonly #schema: Schema
  readonly #dictionaries: string[][] = []
  /** By column what receives the columns of its lists. */
  readonly #listed: (BatchReceiver | undefined)[] = []

  constructor(schema: Schema) {
    this.#schema = schema
  }

  receive({ columns, length }: SentBatch): ColumnBatch {
    const vectors = columns.map((column, index) => this.#vector(column, index))
    return new ColumnBatch(this.#schema, vectors, length)
  }

  #vector(column: SentColumn, index: number): Vector {
    const type = this.#schema[index]!.type
    const { nulls } = column
    switch (column.kind) {
      case 'dictionary': {
        if (column.from === 0) this.#dictionaries[index] = []
        const dict = this.#dictionaries[index]!
        for (const entry of column.entries) dict.push(entry)
        if (type === 'dynamic') {
          return new DynamicVector(new TextVector('string', column.codes, dict, true), nulls)
        }
        return new TextVector(type as 'string', column.codes, dict, true, nulls)
      }
      case 'texts':
        return TextVector.plain(type as 'string', column.texts, nulls)
      case 'dynamic': {
        const { cells, forms, lists } = column
        if (lists !== undefined) return this.#withLists(column, lists, index)
        return new DynamicVector(
          cells.map((cell, row) => receivedCell(cell, forms[row]!)),
          nulls,
        )
      }
      case 'values':
        return fixedVector(type, column.values, nulls)
    }
  }

  #withLists(
    { cells, forms, nulls }: Extract<SentColumn, { kind: 'dynamic' }>,
    { paths, columns, ends }: SentLists,
    index: number,
  ): DynamicVector {
    const schema = paths.map((_, at) => ({ name: String(at), type: 'dynamic' as const }))
    const receiver = this.#listed[index] ?? new BatchReceiver(schema)
    this.#listed[index] = receiver
    const lists = new ElementLists(paths)
    lists.columns = columns.map((column, at) => receiver.#vector(column, at) as DynamicVector)
    const received = cells.map((cell, row) =>
      forms[row] === LISTED
        ? new ListedElements(lists, cell as number, ends[row]!)
        : receivedCell(cell, forms[row]!),
    )
    return new DynamicVector(received, nulls)
  }
}

function receivedCell(cell: SentCell, form: number): DynamicCell {
  if (form === RAW) return new RawJson(cell as string)
  return form === PRINTED ? (parseDynamic(cell as string) ?? null) : cell
}

function fixedVector(type: ScalarType, values: SentValues, nulls: Nulls): Vector {
  switch (type) {
    case 'bool':
      return new BoolVector(values as Uint8Array, nulls)
    case 'int':
      return new IntVector(values as Int32Array, nulls)
    case 'real':
      return new RealVector(values as Float64Array, nulls)
    default:
      return new Int64Vector(type as 'long', values as BigInt64Array, nulls) as Vector
  }
}
