import { describe, expect, it } from 'vitest'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { compileTest, rowsOf, runPlan, type TestTable } from '../run-query.ts'

const T: TestTable = {
  columns: { TimeGenerated: 'datetime', k: 'long', s: 'string', d: 'dynamic' },
  rows: [
    ['2025-12-31T23:00:00Z', 1, 'a', { x: { y: 1 }, list: [1, 2] }],
    ['2025-12-31T23:30:00Z', 2, 'b', { x: { y: 2 }, list: [] }],
    ['2026-01-01T00:00:00Z', 1, 'c', { x: 'text', list: { p: 1 } }],
    [null, null, '', null],
  ],
}
const tables = { T }

/** The rewritten plan as text. */
function rewritten(text: string): string {
  const { plan, diagnostics } = compileTest(text, { tables })
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics))
  return explainPlan(plan)
}

describe('predicates', () => {
  it.each([
    ['T | extend z = k + 1 | where s == "a" and z > 1', 's == "a"', 'z > 1'],
    ['T | project-rename q = s | where q == "a"', 's == "a"', undefined],
    ['T | summarize n = count() by s | where s == "a" and n > 0', 's == "a"', 'n > 0'],
    ['T | mv-expand e = d.list | where s == "a" and isnotnull(e)', 's == "a"', 'isnotnull(e)'],
    ['T | sort by k | where s == "a"', 's == "a"', undefined],
  ])('of %s go below what they do not read', (text, below, above) => {
    const [scan = '', first = '', ...rest] = rewritten(text).split('\n')
    expect(scan).toMatch(/^scan T/)
    expect(first).toBe(`| where ${below}`)
    if (above !== undefined) expect(rest.join('\n')).toContain(`where ${above}`)
  })

  it.each([
    // The filter reads the new column of the name, not the one below.
    [
      'T | extend k = 10 - k | where k > 8 | project s, k',
      [
        ['a', 9n],
        ['c', 9n],
      ],
    ],
    ['T | project s = k, k = s | where k == "b" | project s', [[2n]]],
    ['T | project k = s, s = s | where k == "b" and s == "b" | count', [[1n]]],
    ['T | mv-expand s = d.list to typeof(long) | where s == 1 | project s', [[1n]]],
    ['T | mv-expand d = d.list | where tostring(d) == "1" | project s, tostring(d)', [['a', '1']]],
    ['T | mv-expand with_itemindex=i e = d.list | where i == 1 | project tolong(e)', [[2n]]],
    ['T | summarize k = count() by s | where k == 1 and s == "a"', [['a', 1n]]],
    ['T | summarize c = count() by k = s | where k == "a"', [['a', 1n]]],
    ['T | summarize c = count() by k = 5 | where k == 5 | project c', [[4n]]],
    ['T | where s == "none" | summarize c = count() | where c == 0', [[0n]]],
    ['T | summarize c = count() | where 1 == 2', []],
    ['T | top 1 by k desc | where k == 1', []],
    ['T | take 1 | where s == "b"', []],
    ['T | sort by s asc | serialize n = row_number() | where s == "c" | project n', [[4n]]],
    ['T | extend p = d.x | where p.y == 2 | project s', [['b']]],
    [
      'T | extend p = d.x | extend q = p.y | where q == 1 | project s, tostring(p)',
      [['a', '{"y":1}']],
    ],
    ['T | project d = d.x | where d.y == 2 | project tolong(d.y)', [[2n]]],
    ['union (T | project k), (T | project s) | where isnull(k) and s == "a" | project s', [['a']]],
    ['union (T | project k), (T | project s) | where k == 2', [[2n, '']]],
    [
      'union (T | project k), (T | project k = s) | where k_long == 2 or k_string == "b"',
      [
        [2n, ''],
        [null, 'b'],
      ],
    ],
    ['union withsource=n T, (T | where k == 2) | where n == "T" and k == 2 | project s', [['b']]],
    [
      'union (T | extend e = d), (T | project s) | where e.x.y == 1 | project s, tostring(e.list)',
      [['a', '[1,2]']],
    ],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text, { tables })).toEqual(rows)
  })

  it('that vary are asked once a row of the query, wherever the row came from', async () => {
    const values = [0.1, 0.9]
    let calls = 0
    const random = () => values[calls++ % 2] as number
    const text = 'print d = dynamic([1, 2, 3, 4]), half = 0.5 | mv-expand d | where rand() < half'
    const { plan } = compileTest(text)
    if (plan === undefined) throw new Error('does not compile')
    expect((await runPlan(plan, { random })).rowCount).toBe(2)
    expect(calls).toBe(4)
  })
})

describe('the time range of a scan', () => {
  it.each([
    ['TimeGenerated >= ago(1h)', 'TimeGenerated >= ago(1h)'],
    ['TimeGenerated > ago(1h)', 'TimeGenerated >= ago(1h)'],
    ['TimeGenerated < now()', 'TimeGenerated <= now()'],
    ['TimeGenerated <= now()', 'TimeGenerated <= now()'],
    ['ago(1h) <= TimeGenerated', 'TimeGenerated >= ago(1h)'],
    [
      'TimeGenerated between (ago(1h) .. now())',
      'TimeGenerated >= ago(1h); TimeGenerated <= now()',
    ],
  ])('%s', (predicate, range) => {
    expect(rewritten(`T | where ${predicate} | project s`)).toContain(`; ${range}\n`)
  })

  it.each([
    'TimeGenerated > ago(1h) or k == 1',
    'not(TimeGenerated > ago(1h))',
    'TimeGenerated != now()',
  ])('is not told by %s', predicate => {
    expect(rewritten(`T | where ${predicate} | project s`)).not.toContain(';')
  })

  it('includes a bound that the query includes', async () => {
    const requests: unknown[] = []
    const { plan } = compileTest('T | where TimeGenerated <= datetime(2026-01-01) | project k', {
      tables,
    })
    if (plan === undefined) throw new Error('does not compile')
    const { executePlan } = await import('../../../../src/engine/execution.ts')
    const source = {
      schema: [],
      async *scan(request: { timeRange?: unknown }) {
        requests.push(request.timeRange)
        yield* []
      },
    }
    for await (const _ of executePlan(plan, { now: 0n, tables: new Map([['T', source]]) }));
    // 2026-01-01 in ticks; a request's range ends before its bound.
    expect(requests).toEqual([{ column: 'TimeGenerated', to: 639_028_224_000_000_001n }])
  })

  it.each([
    ['T | where TimeGenerated <= datetime(2025-12-31T23:30:00Z) | project s', [['a'], ['b']]],
    [
      'T | where TimeGenerated between (datetime(2025-12-31T23:30:00Z) .. now()) | project s',
      [['b'], ['c']],
    ],
    ['T | where TimeGenerated > datetime(null) | project s', []],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text, { tables })).toEqual(rows)
  })
})

describe('columns and paths', () => {
  it.each([
    ['T | project s', 'scan T: s'],
    ['T | count', 'scan T: no column'],
    ['T | project d.x.y', 'scan T: d.x.y'],
    ['T | where d.x.y == 1 | project s', 'scan T: s, d.x.y'],
    ['T | project d.x.y, d', 'scan T: d, d.x.y'],
    ['T | mv-expand e = d.list | project s, e.p', 'scan T: s, d.list[*].p'],
    [
      'T | mv-expand e = d.list | where e.p == 1 | project e.q.r',
      'scan T: d.list[*].q.r, d.list[*].p',
    ],
    ['T | extend l = d.list | mv-expand l | project l.p', 'scan T: d.list[*].p'],
    ['T | mv-expand d | project d.p', 'scan T: d[*].p'],
    ['T | mv-expand e = d.list, f = d.list | project e.p, f.q', 'scan T: d.list[*].p, d.list[*].q'],
    // Where more than members of elements is read, all is given.
    ['T | mv-expand e = d.list | project e', 'scan T: d.list'],
    ['T | mv-expand e = d.list | mv-expand f = e | project f.p', 'scan T: d.list'],
    ['T | mv-expand e = d.list | project e.p[0]', 'scan T: d.list'],
    ['T | mv-expand e = d.list, f = d.list | project e.p, f', 'scan T: d.list'],
    ['T | where array_length(d.list) > 1 | mv-expand e = d.list | project e.p', 'scan T: d.list'],
    ['T | mv-expand e = d.list | project e.p, d', 'scan T: d, d.list[*].p'],
    ['T | mv-expand e = d | project e.p, d', 'scan T: d'],
    ['T | extend f = d.x | project f.y', 'scan T: d.x.y'],
    ['T | sort by tostring(d.x.y) | project s', 'scan T: s, d.x.y'],
    ['T | summarize take_any(tostring(d.x.y)) by s', 'scan T: s, d.x.y'],
    ['T | join kind=leftsemi (T | project k) on k | project d.list', 'scan T: k, d.list'],
  ])('%s asks for what it reads', (text, scan) => {
    const [first] = rewritten(text).split('\n')
    expect(first).toBe(scan)
  })

  it('computes a column once, however many of its paths are read', () => {
    const plan = rewritten('T | extend p = parse_json(s) | project p.a, p.b, c = p.c.d')
    expect(plan.match(/parse_json/g)).toHaveLength(1)
  })

  it.each([
    [
      'print s = \'{"a": 1, "b": {"c": 2}}\' | extend p = parse_json(s) | project p.a, p.b.c',
      [[1, 2]],
    ],
    [
      'print s = \'{"a": 1}\' | extend p = parse_json(s) | extend q = p | project q.a, p',
      [[1, { a: 1 }]],
    ],
    [
      'print s = \'{"a": [1, 2]}\' | extend p = parse_json(s) | mv-expand p.a | project p, p_a',
      [
        [{ a: [1, 2] }, 1],
        [{ a: [1, 2] }, 2],
      ],
    ],
    ['print d = dynamic({"a": {"b": 1}}) | mv-expand e = d | project e.a.b, d.a', [[1, { b: 1 }]]],
    ['print d = dynamic([{"a": 1}]) | mv-expand d | where d.a == 1 | project d.a', [[1]]],
    ['print d = dynamic({"a": 1}) | extend d = d.a | project d', [[1]]],
    ['print d = dynamic({"a": {"a": 1}}) | project d = d.a, e = d | project d.a, e.a.a', [[1, 1]]],
    [
      'print d = dynamic({"a": 1}) | as X | union (X | project e = d.a) | project d.a, e',
      [
        [1, null],
        [null, 1],
      ],
    ],
    ['print d = dynamic({"a": 1}) | serialize n = row_number() | project d.a, n', [[1, 1n]]],
    ['print k = 1, d = dynamic({"a": 1}) | summarize arg_max(k, d) | project d.a', [[1]]],
    ['print k = 1, d = dynamic({"a": 1}) | summarize arg_max(k, *) | project k, d.a', [[1n, 1]]],
    ['print d = dynamic({"a b": [{"c": 7}]}) | project d["a b"][0].c, d["a b"][-1].c', [[7, 7]]],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text)).toEqual(rows)
  })

  it('reads the column of a name, not one that replaced it', async () => {
    const text =
      'T | extend d = todynamic("{\\"x\\": 9}"), e = d | project d.x, tostring(e.x), s | where s == "c"'
    expect(await rowsOf(text, { tables })).toEqual([[9, 'text', 'c']])
  })
})

describe('columns that nobody reads', () => {
  it.each<[string, string, unknown[][]]>([
    [
      'T | summarize arg_max(k, *) by g = isempty(s) | project s | sort by s asc',
      'k, s',
      [[''], ['b']],
    ],
    ['T | summarize arg_max(k, *) by g = 1 | project d.x.y', 'k, d.x.y', [[2]]],
    [
      'T | summarize arg_max(k, *) by g = 1 | project d.x.y, tostring(d.list)',
      'k, d.x.y, d.list',
      [[2, '[]']],
    ],
    ['T | summarize arg_max(k, *) by g = 1 | project d.x.y, d', 'k, d', [[2, T.rows[1]?.[3]]]],
    ['T | summarize arg_max(k, *) by s | where s == "c" | project k', 'k, s', [[1n]]],
    ['T | summarize arg_max(k, *) by s | count', 's', [[4n]]],
    ['T | summarize argmin(k, s, d) by g = 1 | project min_k_s', 'k, s', [['a']]],
    // The first row, whether or not it has a value: of a single column it would be the first value.
    ['T | sort by s asc | summarize take_any(*) | project k', 'TimeGenerated, k, s', [[null]]],
    ['T | sort by s asc | summarize take_any(*) | project d.x', 'TimeGenerated, s, d.x', [[null]]],
    ['T | sort by s asc | summarize take_any(d, k) | project k', 'k, s, d', [[null]]],
    ['T | sort by s asc | summarize take_any(d, d) | project d.x', 's, d, d.x', [[null]]],
    ['T | sort by s asc | summarize take_any(k)', 'k, s', [[1n]]],
    // Window functions look at all rows, not at all columns.
    [
      'T | sort by s asc | extend n = row_number(), p = prev(s) | where n == 3 | project p',
      's',
      [['a']],
    ],
    [
      'T | sort by s asc | serialize r = row_cumsum(row_number()) | where s == "b" | project r, d.x.y',
      's, d.x.y',
      [[6n, 2]],
    ],
    [
      'T | sort by s asc | serialize p = prev(d) | where s == "b" | project p.x.y, d.x.y',
      's, d, d.x.y',
      [[1, 2]],
    ],
    ['T | sort by s asc | serialize p = prev(d.x) | where s == "b" | project p.y', 's, d', [[1]]],
    ['T | serialize n = row_number(), p = prev(s) | summarize max(n)', 'no column', [[4n]]],
    ['T | sort by s asc | serialize n = row_number() | project k | count', '', [[4n]]],
  ])('%s', async (text, columns, rows) => {
    if (columns !== '') expect(rewritten(text).split('\n')[0]).toBe(`scan T: ${columns}`)
    expect(await rowsOf(text, { tables })).toEqual(rows)
  })
})

describe('shared plans and subqueries', () => {
  it.each([
    [
      'let M = materialize(T | project k, s); M | where k == 1 | join kind=inner (M | project s) on s | project k, s',
      [
        [1n, 'a'],
        [1n, 'c'],
      ],
    ],
    ['let M = materialize(T | project k, s); union M, M | summarize count()', [[8n]]],
    ['T | as X | where k == toscalar(X | summarize max(k)) | project s', [['b']]],
    [
      'T | project k, d | as X | where d.x.y == 1 | join kind=inner (X | project k, z = d.list) on k | project tostring(z)',
      [['[1,2]'], ['{"p":1}']],
    ],
    ['T | as A | where k == 1 | as B | union A, B | count', [[8n]]],
    [
      'let M = materialize(T); let N = materialize(M | where k == 1); union M, N, (N | project s) | count',
      [[8n]],
    ],
    // One plan read as a value and as a list.
    [
      'let X = T | where isnotnull(k) | project k; print a = toscalar(X), b = 2 in (X), c = 3 in (X)',
      [[1n, true, false]],
    ],
    [
      'let X = T | where isnotnull(k) | project k; T | where k in (X) and k == toscalar(X | top 1 by k) | project s',
      [['b']],
    ],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text, { tables })).toEqual(rows)
  })

  // The page on toscalar: a scalar constant, calculated precisely once.
  it.each([
    'let r = toscalar(print rand()); print a = r, b = r | extend same = a == b and b == r',
    'let r = toscalar(rand()); print a = r, b = r | extend same = a == b and b == r',
    'let g = toscalar(new_guid()); range x from 1 to 9 step 1 | extend g | summarize same = dcount(g) == 1',
    'range x from 1 to 9 step 1 | summarize same = dcount(toscalar(rand(1000000))) == 1',
    // The page on named expressions: so it is in a function that is called twice.
    'let f = () { toscalar(rand()) }; union (print r = f()), (print r = f()) | summarize same = dcount(r) == 1',
    'let f = (s: string) { toscalar(strcat(s, rand())) }; print a = f("x"), b = f("x"), c = f("y") | extend same = a == b and b != c',
    'let f = (n: long) { toscalar(rand() + toscalar(range x from 1 to n step 1 | count)) }; print a = f(1), b = f(5) | extend same = a < 2 and b > 4',
  ])('a subquery that is read several times is run once: %s', async text => {
    const { plan, bound } = compileTest(text)
    if (plan === undefined || bound === undefined) throw new Error('does not compile')
    for (const each of [plan, bound]) {
      const [values] = (await runPlan(each)).toObjects()
      expect(values?.same).toBe(true)
    }
  })
})
