import { describe, expect, it } from 'vitest'
import { type ColumnBatch, concat, gather, NO_ROW } from '../../../../src/tables/batch.ts'
import type { DynamicVector } from '../../../../src/tables/vector.ts'
import { readNdjson, rowsOf, wantedPath } from './read.ts'

const PATH = [wantedPath('d', 'x')]

/** The batches of a path, of records that have these values at it; undefined for none. */
async function batchesOf(
  values: readonly unknown[],
  batchSize = 4,
): Promise<readonly ColumnBatch[]> {
  const text = values.map(x => JSON.stringify({ d: x === undefined ? {} : { x } })).join('\n')
  const { batches } = await readNdjson(text, PATH, { batchSize })
  return batches
}

const columnOf = (batch: ColumnBatch | undefined) => batch?.columns[0] as DynamicVector

describe('what is at a path', () => {
  it('is a text vector by a dictionary where it is strings and nulls', async () => {
    const values = ['a', 'b', null, 'a', '', 'é"', undefined, 'a']
    const [first, second] = await batchesOf(values)
    const [one, two] = [columnOf(first).texts, columnOf(second).texts]
    expect(one?.dictionary).toBe(true)
    expect(two?.dict).toBe(one?.dict)
    expect(one?.codes[0]).toBe(one?.codes[3])
    expect(two?.codes[3]).toBe(one?.codes[0])
    expect([...rowsOf(first as ColumnBatch), ...rowsOf(second as ColumnBatch)].flat()).toEqual(
      values.map(x => x ?? null),
    )
    // An empty string is none of the nulls, though both are empty texts.
    expect([0, 1, 2, 3].map(row => columnOf(second).isNull(row))).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  it.each([
    ['a number', 1.5],
    ['a bool', true],
    ['an object', { y: ['z'] }],
    ['an array', ['a']],
  ])('is no text vector in a batch that has %s, wherever that stands', async (_, other) => {
    for (let at = 0; at < 4; at++) {
      const values: unknown[] = ['a', null, 'b', 'a', 'c', 'a', 'a', null]
      values[at] = other
      const [first, second] = await batchesOf(values)
      expect(columnOf(first).texts).toBeUndefined()
      expect(columnOf(second).texts).toBeDefined()
      expect([...rowsOf(first as ColumnBatch), ...rowsOf(second as ColumnBatch)].flat()).toEqual(
        values,
      )
    }
  })

  it('goes on without a dictionary where strings do not repeat', async () => {
    const values = Array.from({ length: 3000 }, (_, k) => (k % 7 === 6 ? null : `text ${k}`))
    const batches = await batchesOf(values, 500)
    expect(batches.flatMap(batch => rowsOf(batch).flat())).toEqual(values)
    expect(columnOf(batches[0]).texts).toBeDefined()
    expect(columnOf(batches.at(-1)).texts).toBeUndefined()
  })

  it('has no dictionary from where values that are built hardly repeat', async () => {
    const values = Array.from({ length: 3000 }, (_, k) => `text ${k}`)
    const text = values.map(x => JSON.stringify({ d: { x: [x] } })).join('\n')
    const path = [wantedPath('d', 'x', -1)]
    const { batches } = await readNdjson(text, path, { batchSize: 1000 })
    expect(batches.flatMap(batch => rowsOf(batch).flat())).toEqual(values)
    expect(columnOf(batches.at(-1)).texts).toBeUndefined()
  })

  it('is the same when it is cut, gathered and put together', async () => {
    const batches = await batchesOf(['a', null, 'b', 'a', 'b', 'b', null, 'c'])
    const [first] = batches as [ColumnBatch]
    const picked = gather(columnOf(first), Uint32Array.of(3, 1, 0)) as DynamicVector
    expect(picked.texts?.dict).toBe(columnOf(first).texts?.dict)
    expect([0, 1, 2].map(row => picked.at(row))).toEqual(['a', null, 'a'])
    const padded = gather(columnOf(first), Uint32Array.of(0, NO_ROW)) as DynamicVector
    expect([padded.at(0), padded.at(1), padded.isNull(1)]).toEqual(['a', null, true])
    expect(rowsOf(first.section(1, 3)).flat()).toEqual([null, 'b'])
    expect(rowsOf(concat(first.schema, batches)).flat()).toEqual([
      'a',
      null,
      'b',
      'a',
      'b',
      'b',
      null,
      'c',
    ])
  })
})
