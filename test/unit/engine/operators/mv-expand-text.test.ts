import { expect, it } from 'vitest'
import { executePlan } from '../../../../src/engine/execution.ts'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { QueryResult } from '../../../../src/engine/result.ts'
import { ColumnBatch } from '../../../../src/tables/batch.ts'
import { RawJson } from '../../../../src/tables/raw-json.ts'
import { batchesSource } from '../../../../src/tables/rows-source.ts'
import { type DynamicCell, DynamicVector, type Vector } from '../../../../src/tables/vector.ts'
import { vectorOf } from '../../../../src/tables/vector-builder.ts'
import { parseDynamic } from '../../../../src/types/dynamic-json.ts'
import { compileTest, executionOf, rowsOf } from '../run-query.ts'

const columns = { n: 'long', d: 'dynamic', e: 'dynamic' } as const
const schema = Object.entries(columns).map(([name, type]) => ({ name, type }))

/** Cells of d and of e, as JSON text; no text is null. */
const CELLS: readonly (readonly [string, string])[] = [
  ['[{"name":"a","value":{"is":1}},{"name":"b","value":{"is":"x"}},{"value":2}]', '[1,2]'],
  ['[{"name":"a","name":"c"},7,null,"s",[{"name":"in"}]]', '[{"name":"e0"},{"name":"e1"}]'],
  ['{"name":"bag","value":[1]}', '["x"]'],
  ['[]', '[]'],
  ['', '[{"name":"alone"}]'],
  ['"text"', ''],
  ['[{"n\\u0061me":"a","value":{"is":[1]}}]', '{"name":3}'],
]

/** The batches of a query over cells of d that are text still. */
async function batchesOf(
  query: string,
  cells: readonly string[],
  batchSize: number,
): Promise<ColumnBatch[]> {
  const { plan } = compileTest(query, { tables: { T: { columns, rows: [] } } })
  if (plan === undefined) throw new Error(`${query} does not compile`)
  const one = (text: string) => new DynamicVector([new RawJson(text)])
  const inputs = cells.map(text => {
    const numbers = vectorOf('long', [0n]) as Vector
    return new ColumnBatch(schema, [numbers, one(text), one('[]')], 1)
  })
  const tables = new Map([['T', batchesSource(schema, inputs)]])
  const batches: ColumnBatch[] = []
  for await (const part of executePlan(plan, { ...executionOf(), tables, batchSize })) {
    batches.push(part)
  }
  return batches
}

/** The rows of a query over cells that are text still, or were parsed. */
async function rows(query: string, isText: boolean, batchSize: number): Promise<unknown[][]> {
  const { plan } = compileTest(query, { tables: { T: { columns, rows: [] } } })
  if (plan === undefined) throw new Error(`${query} does not compile`)
  const cells = (at: 0 | 1) =>
    new DynamicVector(
      CELLS.map((texts): DynamicCell => {
        const text = texts[at]
        const value = parseDynamic(text) ?? null
        return isText && /^[[{]/.test(text) ? new RawJson(text) : value
      }),
      Uint8Array.from(CELLS, texts => (texts[at] === '' ? 1 : 0)),
    )
  const numbers = vectorOf(
    'long',
    CELLS.map((_, k) => BigInt(k)),
  ) as Vector
  const batch = new ColumnBatch(schema, [numbers, cells(0), cells(1)], CELLS.length)
  const tables = new Map([['T', batchesSource(schema, [batch])]])
  const batches: ColumnBatch[] = []
  for await (const part of executePlan(plan, { ...executionOf(), tables, batchSize })) {
    expect(part.rowCount).toBeLessThanOrEqual(batchSize)
    batches.push(part)
  }
  return new QueryResult(plan.schema, batches, []).rows()
}

it.each([
  'T | mv-expand d | project n, a = tostring(d.name), b = d.value',
  'T | mv-expand d | project n, a = d.value.is, b = d.name, c = d.value',
  'T | mv-expand d | project n, a = d.name, d',
  'T | mv-expand d, e | project n, a = d.name, b = e.name, c = tostring(e.name)',
  'T | mv-expand d, e | project n, a = d.name, e',
  'T | mv-expand with_itemindex=i d limit 2 | project n, i, a = d.name',
  'T | mv-expand kind=array d | project n, a = d[0], b = d[1], c = d.name',
  'T | mv-expand d | where tostring(d.name) in ("a", "c", "in") | summarize count() by tostring(d.name)',
  'T | mv-expand x = d, y = d | project n, a = x.name, b = y.value',
  'T | mv-expand d | mv-expand d.value.is | project n, a = d.name',
])('%s: gives the same of text as of values', async query => {
  for (const batchSize of [1, 2, 100]) {
    const expected = await rows(query, false, batchSize)
    expect(expected.length).toBeGreaterThan(0)
    expect(await rows(query, true, batchSize)).toEqual(expected)
  }
})

it('builds no value for who comes first, and one for who comes next', () => {
  const cell = new RawJson('[1]')
  expect([cell.textForPart(), cell.parsed]).toEqual(['[1]', undefined])
  expect(cell.textForPart()).toBeUndefined()
  const built = new RawJson('[2]')
  expect(built.value).toEqual([2])
  expect(built.textForPart()).toBeUndefined()
})

it('asks of elements only what is read of them', () => {
  const query = 'T | mv-expand d | project n, a = tostring(d.name), b = d.value.is'
  const { plan } = compileTest(query, { tables: { T: { columns, rows: [] } } })
  expect(plan && explainPlan(plan)).toContain(
    'scan T: n, d[*].name, d[*].value.is\n| mv-expand d.name in d, d.value.is in d\n',
  )
})

it('keeps no strings of batches that are not only strings', async () => {
  const mixed = Array.from({ length: 500 }, (_, k) => `{"name":"text ${k}"}`).join(',')
  const cells = [`[${mixed},{"name":1}]`, '[{"name":"a"},{"name":"b"},{"name":"a"}]']
  const batches = await batchesOf('T | mv-expand d | project a = d.name', cells, 1000)
  const vectors = batches.map(batch => batch.columns[0] as DynamicVector)
  expect(vectors.map(vector => vector.texts?.dict)).toEqual([undefined, ['a', 'b']])
})

it('gives many batches of one array, in order', { timeout: 10_000 }, async () => {
  const count = 300_000
  const cells = ['[1,2,3]', `[${Array.from({ length: count }, (_, k) => k).join(',')}]`, '[4]']
  const batches = await batchesOf('T | mv-expand d to typeof(long) | project d', cells, 2)
  const values = batches.flatMap(batch => new QueryResult(batch.schema, [batch], []).rows().flat())
  expect(values.length).toBe(count + 4)
  expect(values.slice(0, 6)).toEqual([1n, 2n, 3n, 0n, 1n, 2n])
  expect(values.slice(-2)).toEqual([BigInt(count - 1), 4n])
})

it('takes no column for a path, whatever it is called', async () => {
  const names = ['$d["x"]', '$d[]', '$d']
  for (const name of names) {
    const query = `print d = dynamic([{"x": 1}]) | extend ['${name}'] = 5 | mv-expand d | project a = d.x, b = ['${name}']`
    expect(await rowsOf(query)).toEqual([[1, 5n]])
    const read = `print d = dynamic({"x": 1}) | extend ['${name}'] = 5 | project a = d.x, b = ['${name}']`
    expect(await rowsOf(read)).toEqual([[1, 5n]])
  }
})
