import { describe, expect, it } from 'vitest'
import type { RowFormat } from '../../../src/cli/choices.ts'
import { resultPrinter } from '../../../src/cli/formats/row-printer.ts'
import { batchOf } from '../../../src/engine/operators/sources.ts'
import { TextOutput } from './printed.ts'

/** What a format prints of two results: one of two rows, and one with a name and none. */
async function printed(format: RowFormat): Promise<string> {
  const out = new TextOutput()
  const columns = [{ name: 'x', type: 'long' }] as const
  const first = resultPrinter(format, { name: undefined, columns, index: 0, count: 2 }, out)
  for (const x of [1n, 2n]) await first.batch(batchOf(columns, [[x]]))
  await first.end()
  await resultPrinter(format, { name: 'N', columns, index: 1, count: 2 }, out).end()
  return out.text
}

describe('several results', () => {
  it('are tables under their names', async () => {
    expect(await printed('table')).toBe('Result 1:\nx\n-\n1\n2\n2 rows\n\nN:\nx\n-\n0 rows\n')
  })

  it('are members of one JSON object', async () => {
    const columns = [{ name: 'x', type: 'long' }]
    expect(JSON.parse(await printed('json'))).toEqual({
      results: [
        { name: null, columns, rows: [[1], [2]] },
        { name: 'N', columns, rows: [] },
      ],
    })
  })

  it('are told apart in each line of JSON', async () => {
    expect(await printed('ndjson')).toBe('{"result":1,"row":{"x":1}}\n{"result":1,"row":{"x":2}}\n')
  })

  it('are CSV with an empty line between', async () => {
    expect(await printed('csv')).toBe('x\n1\n2\n\nx\n')
  })
})
