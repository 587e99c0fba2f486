import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ColumnBatch } from '../../../../src/tables/batch.ts'
import { RawJson } from '../../../../src/tables/raw-json.ts'
import { readBatch, writeBatch } from '../../../../src/tables/spill/batch-codec.ts'
import { ByteWriter } from '../../../../src/tables/spill/byte-writer.ts'
import {
  type DynamicCell,
  DynamicVector,
  type ScalarValue,
  TextVector,
  type Vector,
  valueAt,
} from '../../../../src/tables/vector.ts'
import { vectorOf } from '../../../../src/tables/vector-builder.ts'
import { type Decimal, decimalOf } from '../../../../src/types/decimal.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../../../src/types/dynamic.ts'
import { SCALAR_TYPES, type ScalarType } from '../../../../src/types/scalar-type.ts'
import type { Column } from '../../../../src/types/schema.ts'

/** Writes columns and reads them again, from bytes that do not begin where numbers would. */
function again(columns: readonly Vector[]): ColumnBatch {
  const schema = columns.map((column, at): Column => ({ name: `c${at}`, type: column.type }))
  const writer = new ByteWriter()
  writeBatch(writer, new ColumnBatch(schema, columns, columns[0]?.length ?? 0))
  const shifted = new Uint8Array(writer.written.length + 3)
  shifted.set(writer.written, 3)
  return readBatch(shifted.subarray(3), schema)
}

function valuesOf(vector: Vector): ScalarValue[] {
  return Array.from({ length: vector.length }, (_, row) => valueAt(vector, row))
}

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
/** Any code units: half surrogates too. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)) }),
)
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 34n), max: 10n ** 34n }), fc.integer({ min: -6000, max: 6000 }))
  .map(([digits, exponent]) => decimalOf(`${digits}e${exponent}`))

const { tree } = fc.letrec<{ tree: Dynamic }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    long,
    text,
    fc.double().map(value => new WholeReal(value)),
    long.map(value => new DynamicScalar('datetime', value)),
    long.map(value => new DynamicScalar('timespan', value)),
    text.map(value => new DynamicScalar('guid', value)),
    decimal.map(value => new DynamicScalar('decimal', value.toFixed())),
    fc.array(tie('tree')),
    fc.array(fc.tuple(text, tie('tree'))).map(entries => new Map(entries)),
  ),
}))

const VALUES: Readonly<Record<ScalarType, fc.Arbitrary<ScalarValue>>> = {
  bool: fc.boolean(),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  long,
  real: fc.double(),
  decimal,
  datetime: long,
  timespan: long,
  string: text,
  guid: text,
  dynamic: tree,
}

describe('a batch that is written and read again', () => {
  test.each(SCALAR_TYPES)('has the same values of type %s', type => {
    const values = fc.array(fc.option(VALUES[type], { nil: null }))
    fc.assert(
      fc.property(values, values, (first, second) => {
        const length = Math.min(first.length, second.length)
        const columns = [first, second].map(
          column => vectorOf(type, column.slice(0, length)) as Vector,
        )
        const read = again(columns)
        expect(read.length).toBe(length)
        columns.forEach((column, at) => {
          expect(valuesOf(read.columns[at]!)).toStrictEqual(valuesOf(column))
        })
      }),
    )
  })

  test.each(['string', 'guid'] as const)('has the entries of a dictionary once: %s', type => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1 }), fc.array(fc.nat()), (dict, picks) => {
        const codes = Uint32Array.from(picks, pick => pick % dict.length)
        const [read] = again([new TextVector(type, codes, dict, true) as Vector]).columns
        if (read?.type !== type || !read.dictionary) throw new Error('no dictionary')
        expect(valuesOf(read)).toEqual(Array.from(codes, code => dict[code]))
        expect(read.dict).toHaveLength(new Set(codes).size)
      }),
    )
  })

  test('has nulls of guids that are in no dictionary', () => {
    const vector = new TextVector('guid', new Uint32Array(2), [], true, Uint8Array.from([1, 1]))
    expect(valuesOf(again([vector]).columns[0]!)).toEqual([null, null])
  })

  test('has the sign of zero', () => {
    const vectors = [vectorOf('real', [-0]), vectorOf('decimal', [decimalOf('-0')])]
    const [real, decimal] = again(vectors).columns.map(column => valueAt(column, 0))
    expect(real).toBe(-0)
    expect((decimal as Decimal).isNegative()).toBe(true)
  })

  test('keeps JSON text as it stands, parsed or not', () => {
    const cells: DynamicCell[] = [new RawJson('{"a": 1.0 }'), new RawJson('[1,  "é\\ud800"]')]
    expect((cells[1] as RawJson).value).toEqual([1, 'é\ud800'])
    const [read] = again([new DynamicVector(cells)]).columns
    if (read?.type !== 'dynamic') throw new Error('no dynamic')
    expect(read.values.map(cell => (cell as RawJson).text)).toEqual([
      '{"a": 1.0 }',
      '[1,  "é\\ud800"]',
    ])
    expect(read.at(0)).toEqual(new Map([['a', new WholeReal(1)]]))
  })

  test('may have a text of many code units that are no characters', () => {
    const long = '\ud800'.repeat(100_000)
    expect(valuesOf(again([vectorOf('string', [long, 'a'])]).columns[0]!)).toEqual([long, 'a'])
  })
})
