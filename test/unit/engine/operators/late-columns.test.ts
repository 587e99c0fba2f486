import { describe, expect, it } from 'vitest'
import { discoverColumns } from '../../../../src/engine/discover.ts'
import { executePlan } from '../../../../src/engine/execution.ts'
import { QueryResult } from '../../../../src/engine/result.ts'
import { query } from '../../../../src/index.ts'
import type { ColumnBatch } from '../../../../src/tables/batch.ts'
import { rowsSource } from '../../../../src/tables/rows-source.ts'
import type { ScanRequest, TableSource } from '../../../../src/tables/source.ts'
import { KqlError } from '../../../../src/text/kql-error.ts'
import { compileTest, executionOf, objectsOf, rowsOf, type TestTable } from '../run-query.ts'

const BAG = 'print a = 1, d = dynamic({"x": 2, "y": "z"})'

/** The codes of the diagnostics with which a query fails, and the text at each. */
async function faultsOf(text: string): Promise<string[]> {
  try {
    await query(text, { now: '2026-01-01T00:00:00Z' })
  } catch (error) {
    if (error instanceof KqlError) {
      return error.diagnostics.map(
        ({ code, span }) => `${code} ${text.slice(span.start, span.end)}`,
      )
    }
    throw error
  }
  return []
}

function columnsOf(text: string): string[] {
  const { bound, diagnostics } = compileTest(text)
  expect(diagnostics).toEqual([])
  return (bound?.schema ?? []).map(({ name }) => name)
}

describe('columns that only the data tell', () => {
  it('are typed in the rest of the query', async () => {
    expect(
      await objectsOf(`${BAG} | evaluate bag_unpack(d) | where x > 1 | extend n = x + 1`),
    ).toEqual([{ a: 1, x: 2, y: 'z', n: 3 }])
  })

  it('are seen by column_ifexists and getschema', async () => {
    const text = `${BAG} | evaluate bag_unpack(d) | project y = column_ifexists("y", ""), w = column_ifexists("w", 7)`
    expect(await objectsOf(text)).toEqual([{ y: 'z', w: 7 }])
    const schema = `${BAG} | evaluate bag_unpack(d) | getschema | project ColumnName, ColumnType`
    expect(await rowsOf(schema)).toEqual([
      ['a', 'long'],
      ['x', 'long'],
      ['y', 'string'],
    ])
  })

  it.each([
    ['join sides', 'U | join kind=inner (U) on y | project a, x1', [[1n, 2n]]],
    ['unions', 'union U, (print x = 5) | summarize sum(x)', [[7n]]],
    ['lookups', 'print y = "z" | lookup U on y | project x', [[2n]]],
    ['toscalar', 'print x = toscalar(U | project y)', [['z']]],
    ['materialize', 'let M = materialize(U); union M, M | count', [[2n]]],
    ['in', 'print y = "z" | where y in ((U | project y))', [['z']]],
    ['functions', 'let f = (T: (x: long)) { T | project x }; U | invoke f()', [[2n]]],
  ])('are found inside %s', async (_, text, rows) => {
    expect(await rowsOf(`let U = ${BAG} | evaluate bag_unpack(d); ${text}`)).toEqual(rows)
  })

  it.each([
    ['distinct * | project x', [[2n]]],
    ['summarize arg_max(a, *) by y | project y, x', [['z', 2n]]],
    ['summarize arg_min(x, *), n = count() | project n, y', [[1n, 'z']]],
    ['summarize take_any(*) by a | project x', [[2n]]],
    ['project-away a | summarize take_any(*) | project y', [['z']]],
    ['project-away a | summarize any(*) | project any_y', [['z']]],
    ['project-keep x* | project x', [[2n]]],
    ['partition by y (project n = x + 1)', [[3n]]],
    ['project-away a | where * has "z" | project x', [[2n]]],
    ['search x == 2 and y : "z" | project x', [[2n]]],
    ['project-away a | project p = pack_array(*)', [[[2, 'z']]]],
    ['make-graph y --> y with_node_id=n | graph-to-table nodes | project n', [['z']]],
  ])('are among all columns and where only a column may stand: %s', async (operators, rows) => {
    expect(await rowsOf(`${BAG} | evaluate bag_unpack(d) | ${operators}`)).toEqual(rows)
  })

  it('may depend on each other', async () => {
    const inner = 'print d = dynamic({"e": {"f": {"g": 1}}})'
    const text = `${inner} | evaluate bag_unpack(d) | evaluate bag_unpack(e) | evaluate bag_unpack(f)`
    expect(await objectsOf(text)).toEqual([{ g: 1 }])
  })

  it('may depend on a scalar that itself waits for columns', async () => {
    const value = (n: number): string =>
      `toscalar(print d = dynamic({"v": ${n}}) | evaluate bag_unpack(d) | project v)`
    const text = (n: number): string =>
      `${BAG} | where a == ${value(n)} | evaluate bag_unpack(d) | project x`
    expect(await rowsOf(text(1))).toEqual([[2n]])
    expect(await faultsOf(text(9))).toEqual(['KS142 x'])
  })

  it('are accepted before the run, and refused by it where they are not there', async () => {
    const text = `${BAG} | evaluate bag_unpack(d) | where nope == 1`
    expect(compileTest(text).diagnostics).toEqual([])
    expect(await faultsOf(text)).toEqual(['KS142 nope'])
  })

  it('have types that are checked by the run', async () => {
    expect(await faultsOf(`${BAG} | evaluate bag_unpack(d) | where y > 1`)).toEqual(['KS106 y > 1'])
  })

  it('are not found within the rows of another', async () => {
    const text = 'print d = dynamic([{"x": 1}]) | mv-apply d on (evaluate bag_unpack(d))'
    expect(await faultsOf(text)).toEqual(['KQL101 bag_unpack(d)'])
    expect(await objectsOf(text.replace('(d))', '(d): (x: long))'))).toEqual([{ x: 1 }])
  })

  it('are found in what an mv-apply or a partition gives', async () => {
    const pairs =
      'print s = dynamic([{"k": "upn", "v": "bob"}, {"k": "id", "v": 7}]) | mv-apply p = s on (summarize b = make_bag(bag_pack(tostring(p.k), p.v)))'
    expect(await objectsOf(`${pairs} | evaluate bag_unpack(b) | project upn, id`)).toEqual([
      { upn: 'bob', id: 7 },
    ])
    const parts = `${BAG} | partition by a (take 1) | evaluate bag_unpack(d) | count`
    expect(await faultsOf(parts)).toEqual([])
    const nested =
      'print d = dynamic([{"x": [{"z": 3}]}]) | mv-apply d on (mv-apply e = d.x on (project e) | evaluate bag_unpack(e))'
    expect(await faultsOf(nested)).toEqual(['KQL101 bag_unpack(e)'])
  })

  it('may be none', async () => {
    const table: TestTable = { columns: { a: 'long', d: 'dynamic' }, rows: [] }
    const text = 'T | evaluate bag_unpack(d)'
    expect(await objectsOf(text, { tables: { T: table } })).toEqual([])
    expect(await objectsOf(`${text} | extend b = a`, { tables: { T: table } })).toEqual([])
  })

  it('end a query that waits for too many of them', async () => {
    const text = `${BAG}${' | extend d = pack_all() | evaluate bag_unpack(d, columnsConflict="replace_source")'.repeat(101)}`
    expect((await faultsOf(text))[0]).toMatch(/^KQL002 bag_unpack/)
  })
})

describe('the columns before the run', () => {
  it.each([
    ['the known ones', '', ['a']],
    ['and the names that are read', '| where foo == 1', ['a', 'foo']],
    ['in their places', '| extend b = foo | project-reorder bar', ['bar', 'a', 'foo', 'b']],
    ['or what is made of them', '| summarize max(foo) by bar', ['bar', 'max_foo']],
  ])('are %s', (_, rest, columns) => {
    expect(columnsOf(`${BAG} | evaluate bag_unpack(d) ${rest}`)).toEqual(columns)
  })

  it('are closed by what names all of its columns', () => {
    const { diagnostics } = compileTest(`${BAG} | evaluate bag_unpack(d) | project foo | where bar`)
    expect(diagnostics.map(({ code }) => code)).toEqual(['KS142'])
  })
})

/** A table that counts how often it is read. */
function counted(rows: number): { source: TableSource; scans: ScanRequest[] } {
  const schema = [{ name: 'd', type: 'dynamic' as const }]
  const objects = Array.from({ length: rows }, (_, x) => ({ d: { x } }))
  const inner = rowsSource('T', objects, schema)
  const scans: ScanRequest[] = []
  const source: TableSource = {
    schema: inner.schema,
    scan(request, context) {
      scans.push(request)
      return inner.scan(request, context)
    },
  }
  return { source, scans }
}

describe('the rows that the columns were found in', () => {
  const compiled = compileTest('T | evaluate bag_unpack(d) | summarize sum(x)', {
    tables: { T: { columns: { d: 'dynamic' }, rows: [] } },
  })

  it.each([
    ['are kept', 100, 1],
    ['are read again where they are too many to be kept', 10, 2],
  ])('%s', async (_, maxRows, times) => {
    const { source, scans } = counted(5)
    const settled = await discoverColumns(compiled, {
      ...executionOf(),
      tables: new Map([['T', source]]),
      maxRows,
    })
    if (settled.plan === undefined) throw new Error('does not compile')
    const batches: ColumnBatch[] = []
    const run = executePlan(settled.plan, {
      ...executionOf(),
      tables: new Map([['T', source]]),
      maxRows,
      kept: settled.kept,
    })
    for await (const batch of run) batches.push(batch)
    expect(new QueryResult(settled.plan.schema, batches, []).rows()).toEqual([[10n]])
    expect(scans).toHaveLength(times)
    expect(settled.kept.size).toBe(times === 1 ? 1 : 0)
  })
})
