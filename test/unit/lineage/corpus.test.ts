import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainRow } from '../../../src/index.ts'
import { CORPUS_CASES } from './corpus-cases.ts'

const SHARED = join(import.meta.dirname, '../../../../shared')
const CORPUS = join(SHARED, 'corpus/dev.jsonl')
const present = existsSync(CORPUS)
if (!present) console.log('skipped: ../shared/corpus is absent')

describe.skipIf(!present)('rows of public queries, as it was written by hand', () => {
  const queries = new Map<string, string>()
  if (present) {
    for (const line of readFileSync(CORPUS, 'utf8').trim().split('\n')) {
      const { id, query } = JSON.parse(line)
      queries.set(id, query)
    }
  }

  it.each(CORPUS_CASES)('$shape: $id', async ({ id, now, tables, table, row, place, says }) => {
    const explanation = await explainRow(queries.get(id) ?? '', row, { tables, table, now })
    const end = explanation.paths[0]?.end
    expect(explanation.outcome).toBe('dropped')
    for (const text of says) expect(end?.message).toContain(text)
    expect(`${end?.place.line}:${end?.place.column}`).toBe(place)
  })
})
