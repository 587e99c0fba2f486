import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Catalog, prepare, type RunOptions } from '../../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'kqlab-join-order-'))
afterAll(() => rmSync(folder, { recursive: true }))

const few = { path: join(folder, 'Few.ndjson'), schema: { k: 'long' } } as const
const many = { path: join(folder, 'Many'), schema: { k: 'long', text: 'string' } } as const
const catalog = Catalog.builtin().with({ Few: few.schema, Many: many.schema })
mkdirSync(many.path)
writeFileSync(few.path, '{"k":3}\n{"k":5}\n')
// Both begin with a line that is cut off.
for (const part of [0, 1]) {
  const lines = Array.from({ length: 50 }, (_, at) => `{"k":${at % 10},"text":"${part} ${at}"}`)
  writeFileSync(join(many.path, `${part}.ndjson`), ['{"k":', ...lines].join('\n'))
}

async function run(query: string, more: Partial<RunOptions> = {}) {
  const options = { now: '2026-01-01T00:00:00Z', tables: { Few: few, Many: many }, ...more }
  const result = await prepare(query, { catalog }).run(options)
  return {
    rows: result.rows(),
    notes: result.diagnostics.map(({ code, message }) => `${code} ${message.replace(folder, '')}`),
  }
}

describe('a join of files', () => {
  it('gives the same rows whichever side is read first', async () => {
    const { rows, notes } = await run('Few | join kind=inner Many on k | project k, text')
    // Of each key, those of the larger side in their order.
    const texts = (k: number) =>
      [0, 1].flatMap(part => [0, 1, 2, 3, 4].map(ten => [BigInt(k), `${part} ${ten * 10 + k}`]))
    expect(rows).toEqual([...texts(3), ...texts(5)])
    const other = await run('Many | join kind=inner Few on k | project k, text')
    expect(other.rows.toSorted()).toEqual(rows.toSorted())
    expect(notes).toHaveLength(2)
    expect(other.notes).toEqual(notes)
  })

  it.each([
    'Few | where k > 9 | join kind=inner Many on k',
    'Few | where k > 9 | join kind=leftouter Many on k',
    'Many | join kind=leftsemi (Few | where k > 9) on k',
  ])('does not read files that nothing wants, and says so: %s', async query => {
    expect(await run(query)).toEqual({
      rows: [],
      notes: [
        'KQL212 /Many/0.ndjson: It and 1 more file were not read: what it is joined with has no rows.',
      ],
    })
  })

  it('reads them where it is strict, or their rows count', async () => {
    const query = 'Few | where k > 9 | join kind=inner Many on k'
    await expect(run(query, { strict: true })).rejects.toThrow('0.ndjson:1: record skipped')
    const { rows, notes } = await run('Few | where k > 9 | join kind=rightanti Many on k')
    expect(rows).toHaveLength(100)
    expect(notes[0]).toMatch(/^KQL202 /)
  })
})
