import { describe, expect, it } from 'vitest'
import type { ColumnBatch } from '../../../../src/tables/batch.ts'
import { cellBytes } from '../../../../src/tables/batch-size.ts'
import { ListedElements } from '../../../../src/tables/listed-elements.ts'
import type { DynamicVector } from '../../../../src/tables/vector.ts'
import { readNdjson, rowsOf, wanted } from './read.ts'

const LINES = [
  '{"d":[{"a":"x","b":{"c":1}},{"b":{"c":"y","d":2},"e":[]},7]}',
  '{"d":[]}',
  '{"d":null}',
  '{}',
  '{"d":{"a":"bag"}}',
  '{"d":"[{\\"a\\":\\"in text\\"}]"}',
  '{"d":"text"}',
  '{"d":[{"a":"x"},{"\\u0061":"z","b":3},{"a":1,"a":"last"}]}',
]

/** Of the elements only what is at a and at b.c; other values are as they are. */
const EXPECTED = [
  [[{ a: 'x', b: { c: 1 } }, { b: { c: 'y' } }, {}]],
  [[]],
  [null],
  [null],
  [{ a: 'bag' }],
  [[{ a: 'in text' }]],
  ['text'],
  [[{ a: 'x' }, { a: 'z' }, { a: 'last' }]],
]

async function read(lines: readonly string[] = LINES, batchSize = 100): Promise<ColumnBatch[]> {
  const column = { ...wanted('d', 'dynamic'), elements: [['a'], ['b', 'c']] }
  const { batches, problems } = await readNdjson(lines.join('\n'), [column], { batchSize })
  expect(problems).toEqual([])
  return batches
}

const columnOf = (batch: ColumnBatch) => batch.columns[0] as DynamicVector

describe('elements of which some members are read', () => {
  it('are in columns, and values of just those', async () => {
    const [batch] = await read()
    const vector = columnOf(batch!)
    expect(rowsOf(batch!)).toEqual(EXPECTED)
    const [first] = vector.values
    const lists = first instanceof ListedElements ? first.lists : undefined
    expect(lists?.columnOf(['a'])?.texts?.dict).toEqual(['', 'x', 'in text', 'z', 'last'])
    expect(lists?.columns.map(({ length }) => length)).toEqual([8, 8])
    expect(lists?.columnOf(['b'])).toBeUndefined()
    expect(vector.isNull(2) && vector.isNull(3)).toBe(true)
    // A code, and on average some bytes for 1 and y.
    expect(first instanceof ListedElements && cellBytes(first)).toBeGreaterThan(3 * 8)
  })

  it('are those of their batch, whatever its size', async () => {
    for (const batchSize of [1, 3]) {
      const batches = await read(LINES, batchSize)
      expect(batches.flatMap(rowsOf)).toEqual(EXPECTED)
    }
  })

  it('are left as text where objects or arrays are read of them', async () => {
    const line = '{"d":[{"a":"x"},{"a":"y","b":{"c":[1]}}]}'
    const [batch] = await read([LINES[0]!, line])
    const [first, second] = columnOf(batch!).values
    expect(first).toBeInstanceOf(ListedElements)
    expect(second).not.toBeInstanceOf(ListedElements)
    expect(rowsOf(batch!)[1]).toEqual([JSON.parse(line).d])
    // Where most are so, none is listed any more.
    const many = [...Array.from({ length: 64 }, () => line), LINES[0]!]
    const [last] = (await read(many)).slice(-1)
    expect(columnOf(last!).values.at(-1)).not.toBeInstanceOf(ListedElements)
  })

  it('end a batch where there are many of them', async () => {
    const line = `{"d":[${Array.from({ length: 1 << 17 }, () => '{}').join(',')}]}`
    const batches = await read([line, line, line, '{"d":[]}'])
    expect(batches.map(({ rowCount }) => rowCount)).toEqual([2, 2])
  })
})
