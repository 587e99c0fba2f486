import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Catalog, prepare } from '../../../src/index.ts'
import { TECHNIQUES } from '../../../src/tables/source.ts'

it('a file that a query reads twice has each of its problems once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-problems-'))
  try {
    const path = join(folder, 'T.ndjson')
    const bad = Array.from({ length: 5 }, (_, k) => `{"k":"b${k}","n":"x"}`)
    writeFileSync(path, ['{"k":"a","n":1}', ...bad, '{"k":"c","n":3}'].join('\n'))
    const schema = { k: 'string', n: 'long' } as const
    const query = 'T | where n > 2 | join kind=leftanti (T | where n < 2) on k'
    const prepared = prepare(query, { catalog: Catalog.empty().with({ T: schema }) })
    for (const without of [[], TECHNIQUES]) {
      const { diagnostics } = await prepared.run({ tables: { T: { path, schema } }, without })
      const messages = diagnostics.map(({ message }) => message.replace(path, 'T'))
      expect(messages).toEqual([
        'T:2: value of n made null: "x" is no long.',
        'T:3: value of n made null: "x" is no long.',
        'T:4: value of n made null: "x" is no long. (and 2 more like it)',
      ])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
