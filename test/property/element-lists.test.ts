import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Catalog, prepare } from '../../src/index.ts'

/** With a number of minutes, the law is tried for so long. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0 ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 } : { numRuns: 150 }

const catalog = Catalog.builtin().with({ T: { n: 'long', d: 'dynamic' } })

/** What is done with elements; `whole` stands for nothing, or for what makes the scan give all of them. */
const QUERIES = [
  'T whole | mv-expand e = d.list | project n, a = tostring(e.p), b = e.q.r more',
  'T whole | mv-expand e = d.list | where isnotnull(e.p) or n == 1 | project n, b = e.q.r more',
  'T whole | mv-expand with_itemindex=i e = d.list limit 2 | project n, i, a = e.p more',
  'T whole | extend l = d.list | mv-expand l | extend a = tostring(l.p) | summarize count() by a more',
  'T whole | mv-expand e = d.list, f = d.list | project n, a = e.p, b = f.q more',
  'T whole | mv-expand e = d.list | mv-expand g = e.q | project n, a = e.p, c = g.r more',
  'T whole | mv-expand d | project n, a = d.p, b = tostring(d.q) more',
  'T whole | mv-expand d | mv-expand d | project n, a = d.p more',
  'T whole | mv-expand e = d.list | mv-expand f = e | project n, a = f.p, b = e.q more',
  'T whole | mv-expand e = d.list, g = d.list | mv-expand f = e | project n, a = f.p more',
  'T whole | sort by n desc, tostring(d.x) asc | mv-expand e = d.list | project n, a = e.p more',
  'T whole | where n != 2 | take 20 | mv-expand e = d.list | project n, a = e["p"] more',
]

const scalars = fc.constantFrom(
  '1',
  '-2.5',
  'true',
  'null',
  '"a"',
  '"a"',
  '"b"',
  '"é\\n"',
  '"[1]"',
  '""',
)
const names = fc.constantFrom('p', 'p', 'p', 'q', 'q', 'r', '\\u0070', 'x', '__proto__', '')
const blank = fc.constantFrom('', '', '', ' ', '\t')
const { value } = fc.letrec<{ value: string; list: string; bag: string }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: scalars },
    { weight: 1, arbitrary: tie('list') },
    { weight: 3, arbitrary: tie('bag') },
  ),
  list: fc
    .tuple(blank, fc.array(fc.tuple(tie('value'), blank), { maxLength: 4 }))
    .map(([first, items]) => `[${first}${items.map(parts => parts.join('')).join(`,${first}`)}]`),
  bag: fc
    .array(fc.tuple(blank, names, blank, tie('value')), { maxLength: 4 })
    .map(
      members => `{${members.map(([a, name, b, item]) => `${a}"${name}"${b}:${item}`).join(',')}}`,
    ),
}))
const list = fc.array(value, { maxLength: 5 }).map(items => `[${items.join(', ')}]`)
const spelt = fc
  .tuple(list, fc.boolean())
  .map(([text, isText]) => (isText ? JSON.stringify(text) : text))
const record = fc
  .tuple(
    fc.nat(3),
    fc.oneof(
      { weight: 6, arbitrary: spelt.map(text => `{"list":${text}}`) },
      { weight: 2, arbitrary: list },
      {
        weight: 1,
        arbitrary: fc.tuple(list, list).map(both => `{"list":${both.join(',"list":')}}`),
      },
      { weight: 1, arbitrary: list.map(text => JSON.stringify(`{"list":${text}}`)) },
      { weight: 1, arbitrary: value },
    ),
  )
  .map(([n, d]) => `{"n":${n},"d":${d}}`)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kqlab-elements-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The query, with another column, for which the scan gives all of what is expanded. */
function whole(query: string): string {
  const read = ' | extend w = strcat(tostring(d), tostring(d.list))'
  if (query.includes('mv-expand d ')) {
    return query
      .replace(' whole', `${read} | extend d = iff(n < 9, d, dynamic(0))`)
      .replace(' more', ', w')
  }
  return query
    .replace(' whole', read)
    .replace('count() by a more', 'count(), w = take_any(w) by a | project a, count_, w')
    .replace(' more', ', w')
}

async function rowsOf(text: string, path: string, without: readonly 'kernel'[], batchSize: number) {
  const tables = { T: { path } }
  const result = await prepare(text, { catalog }).run({ tables, without, batchSize, strict: true })
  return result.rows()
}

it('what is read of elements alone is what is read of them as a whole', {
  timeout: minutes * 70_000 + 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...QUERIES),
      fc.constantFrom(1, 3, 1024),
      fc.boolean(),
      async (records, query, batchSize, kernel) => {
        const path = join(folder, 'T.ndjson')
        writeFileSync(path, `${records.join('\n')}\n`)
        const alone = query.replace(' whole', '').replace(' more', '')
        const wholly = whole(query)
        const expected = await rowsOf(wholly, path, kernel ? [] : ['kernel'], batchSize)
        const rows = await rowsOf(alone, path, kernel ? [] : ['kernel'], batchSize)
        expect(rows).toEqual(expected.map(row => row.slice(0, -1)))
      },
    ),
    limit,
  )
})
