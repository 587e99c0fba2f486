import fc from 'fast-check'
import { ColumnBatch } from '../../src/tables/batch.ts'
import { batchesSource } from '../../src/tables/rows-source.ts'
import type { TableSource } from '../../src/tables/source.ts'
import type { ScalarValue, Vector } from '../../src/tables/vector.ts'
import { DynamicVector, TextVector } from '../../src/tables/vector.ts'
import { vectorOf } from '../../src/tables/vector-builder.ts'
import { decimalOf } from '../../src/types/decimal.ts'
import { type Dynamic, WholeReal } from '../../src/types/dynamic.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import type { Schema } from '../../src/types/schema.ts'

// Small tables of every type, from values that meet each other: few, and the awkward ones.

const INT64_MAX = 2n ** 63n - 1n
const NOON = 639_028_656_000_000_000n
const HOUR = 36_000_000_000n

const DYNAMICS: readonly Dynamic[] = [
  null,
  1,
  new WholeReal(1),
  'a',
  'b',
  true,
  [],
  [1, 'a', null, [2]],
  new Map(),
  new Map<string, Dynamic>([
    ['x', 1],
    ['y', [1, 2, 3]],
  ]),
  new Map<string, Dynamic>([
    ['x', new Map<string, Dynamic>([['y', 'deep']])],
    ['y', 'a,b'],
  ]),
  new Map<string, Dynamic>([
    ['y', new Map<string, Dynamic>([['x', 2]])],
    ['x', null],
  ]),
]

const VALUES: { readonly [T in ScalarType]: readonly ScalarValue[] } = {
  bool: [true, false, null],
  int: [1, 0, -1, 2147483647, -2147483648, null],
  long: [1n, 1n, 2n, 2n, 0n, null, null, -1n, INT64_MAX, -INT64_MAX - 1n, 4294967296n],
  real: [1, 0, -0, 0.5, -2.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, null],
  decimal: [decimalOf('1.5'), decimalOf(0), decimalOf('-1.50'), null],
  datetime: [NOON, NOON - HOUR, NOON - HOUR - 1n, 0n, 3_155_378_975_999_999_999n, null],
  timespan: [0n, HOUR, -HOUR, 1n, null],
  string: ['a', 'a', 'b', '', 'A', 'a,b', 'ab c', '1', '{"x":{"y":1}}', 'é'],
  guid: ['74be27de-1e4e-49d9-b579-fe0b331d3642', '00000000-0000-0000-0000-000000000000', null],
  dynamic: DYNAMICS,
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  T: [
    { name: 'l', type: 'long' },
    { name: 's', type: 'string' },
    { name: 'd', type: 'dynamic' },
    { name: 'b', type: 'bool' },
    { name: 'r', type: 'real' },
    { name: 'TimeGenerated', type: 'datetime' },
  ],
  U: [
    { name: 's', type: 'string' },
    { name: 'l', type: 'long' },
    { name: 'i', type: 'int' },
    { name: 'u', type: 'timespan' },
    { name: 'd', type: 'dynamic' },
    { name: 'g', type: 'guid' },
    { name: 'm', type: 'decimal' },
  ],
}

/** The schemas of the tables that random queries read. */
export const TABLE_SCHEMAS = SCHEMAS

type Rows = readonly (readonly ScalarValue[])[]

/** The rows of each table. */
export type RandomTables = Readonly<Record<string, Rows>>

/** Random rows for the tables. */
export const randomTables: fc.Arbitrary<RandomTables> = fc.record(
  Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => {
      const row = fc.tuple(...schema.map(({ type }) => fc.constantFrom(...VALUES[type])))
      const some = fc.array(row, { minLength: 2, maxLength: 8, size: 'max' })
      return [name, fc.oneof({ weight: 9, arbitrary: some }, fc.constant([]))]
    }),
  ),
)

/** The tables, each in one batch. */
export function wholeSources(tables: RandomTables): Map<string, TableSource> {
  return sources(tables, (schema, rows) => [batchOf(schema, rows)])
}

/** How the rows of tables are cut into batches. */
export interface Split {
  /** Rows of a batch, taken in turn; the last repeats. */
  readonly sizes: readonly number[]
  /** Rows that are in the vectors and not in the batch, before each row. */
  readonly gaps: readonly number[]
  /** Whether texts are in dictionaries, shared by all batches of a column. */
  readonly dictionaries: boolean
}

export const randomSplit: fc.Arbitrary<Split> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  gaps: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
  dictionaries: fc.boolean(),
})

/** The tables, cut into batches with selections and dictionaries as told. */
export function splitSources(tables: RandomTables, split: Split): Map<string, TableSource> {
  return sources(tables, (schema, rows) => {
    const dictionaries = schema.map(() => new Dictionary())
    const batches: ColumnBatch[] = []
    for (let start = 0, n = 0; start < rows.length; n++) {
      const size = split.sizes[Math.min(n, split.sizes.length - 1)] as number
      const part = rows.slice(start, start + size)
      batches.push(selectedBatch(schema, part, rows, split, dictionaries))
      start += size
    }
    return batches
  })
}

function sources(
  tables: RandomTables,
  batchesOf: (schema: Schema, rows: Rows) => ColumnBatch[],
): Map<string, TableSource> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, schema]) => {
      return [name, batchesSource(schema, batchesOf(schema, tables[name] ?? []))]
    }),
  )
}

function batchOf(schema: Schema, rows: Rows): ColumnBatch {
  const columns = schema.map(
    ({ type }, index) =>
      vectorOf(
        type,
        rows.map(row => row[index] as ScalarValue),
      ) as Vector,
  )
  return new ColumnBatch(schema, columns, rows.length)
}

/** Codes of the texts of a column, over all of its batches. */
class Dictionary {
  readonly texts: string[] = []

  codeOf(text: string): number {
    const code = this.texts.indexOf(text)
    return code < 0 ? this.texts.push(text) - 1 : code
  }
}

/** A dynamic column as a reader gives it that met but strings and nulls; others as they are. */
function stringsByCodes(column: DynamicVector, dictionary: Dictionary): DynamicVector {
  const cells = column.values
  if (!cells.every(cell => typeof cell === 'string' || cell === null)) return column
  const codes = Uint32Array.from(cells, cell => dictionary.codeOf(cell ?? ''))
  return new DynamicVector(new TextVector('string', codes, dictionary.texts, true), column.nulls)
}

/** The rows with others of the table between them, which a selection leaves out. */
function selectedBatch(
  schema: Schema,
  part: Rows,
  others: Rows,
  split: Split,
  dictionaries: readonly Dictionary[],
): ColumnBatch {
  const rows: (readonly ScalarValue[])[] = []
  const selection: number[] = []
  part.forEach((row, index) => {
    const gap = split.gaps[index % split.gaps.length] as number
    for (let n = 0; n < gap; n++) rows.push(others[(index + n) % others.length] ?? row)
    selection.push(rows.length)
    rows.push(row)
  })
  const plain = batchOf(schema, rows)
  const columns = plain.columns.map((column, index): Vector => {
    if (!split.dictionaries) return column
    const dictionary = dictionaries[index] as Dictionary
    if (column instanceof DynamicVector) return stringsByCodes(column, dictionary)
    if (!(column instanceof TextVector)) return column
    const codes = Uint32Array.from(rows, row => dictionary.codeOf((row[index] as string) ?? ''))
    return new TextVector(column.type, codes, dictionary.texts, true, column.nulls) as Vector
  })
  const all = selection.length === rows.length
  return new ColumnBatch(
    schema,
    columns,
    rows.length,
    all ? undefined : Uint32Array.from(selection),
  )
}
