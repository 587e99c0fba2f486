import { describe, expect, it } from 'vitest'
import { openWorkspace, query, type TableInput } from '../../../src/index.ts'

const countOf = (input: unknown) => query('T | count', { tables: { T: input as TableInput } })

describe('the input of a table', () => {
  it.each([
    [5, 'The table T is a number, not rows, a path or a description.'],
    [null, 'The table T is null, not rows, a path or a description.'],
    [undefined, 'The table T is undefined, not rows, a path or a description.'],
    [{ value: [{ a: 1 }] }, 'The description of table T has no rows, path or schema, only value.'],
    [{}, 'The description of table T has no rows, path or schema.'],
    [
      { rows: [], path: 'a.json' },
      'The description of table T has rows and a path: only one is read.',
    ],
  ])('is refused where it is %j, in place of an empty table', async (input, message) => {
    await expect(countOf(input)).rejects.toThrow(new TypeError(message))
  })

  it('is refused of a watchlist and an enrichment too', async () => {
    const input = { value: [{ a: 1 }] } as unknown as TableInput
    const message = 'The description of table W has no rows, path or schema, only value.'
    await expect(openWorkspace({ watchlists: { W: input as string } })).rejects.toThrow(message)
    await expect(openWorkspace({ enrichments: { W: input } })).rejects.toThrow(message)
  })

  it('may be its columns alone', async () => {
    const { columns } = await query('T', { tables: { T: { schema: { a: 'long' } } } })
    expect(columns).toEqual([{ name: 'a', type: 'long' }])
  })
})
