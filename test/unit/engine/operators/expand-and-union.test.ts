import { describe, expect, it } from 'vitest'
import { compileTest, objectsOf, rowsOf } from '../run-query.ts'

describe('mv-expand', () => {
  it.each([
    ['an array gives its elements', 'dynamic([1, "a", null])', [1, 'a', null]],
    ['an empty array gives no row', 'dynamic([])', []],
    ['null gives a null', 'dynamic(null)', [null]],
    ['a scalar gives itself', 'dynamic("x")', ['x']],
    ['a bag gives bags of one entry', 'dynamic({"a": 1, "b": [2]})', [{ a: 1 }, { b: [2] }]],
    ['an empty bag gives no row', 'dynamic({})', []],
    ['arrays inside stay', 'dynamic([[1, 2], []])', [[1, 2], []]],
  ])('%s', async (_, value, elements) => {
    expect(await rowsOf(`print k = 7, d = ${value} | mv-expand d`)).toEqual(
      elements.map(element => [7n, element]),
    )
  })

  it('kind=array gives a bag as pairs', async () => {
    const text = 'print d = dynamic({"a": 1, "b": 2}) | mv-expand kind=array d'
    expect(await rowsOf(text)).toEqual([[['a', 1]], [['b', 2]]])
    const older = 'print d = dynamic({"a": 1}) | mv-expand bagexpansion=array d'
    expect(await rowsOf(older)).toEqual([[['a', 1]]])
  })

  it('several columns go in lock step, the shorter with nulls', async () => {
    const text =
      'print a = dynamic([1, 2, 3]), b = dynamic(["x"]), c = dynamic([]) | mv-expand a, b, c'
    expect(await rowsOf(text)).toEqual([
      [1, 'x', null],
      [2, null, null],
      [3, null, null],
    ])
  })

  it('casts the elements, and reads no text for a number', async () => {
    const text = 'print d = dynamic([1, "2", "x", 3.7, null]) | mv-expand d to typeof(long)'
    expect(await rowsOf(text)).toEqual([[1n], [null], [null], [3n], [null]])
    const texts = 'print d = dynamic([1, "a", null]) | mv-expand d to typeof(string)'
    expect(await rowsOf(texts)).toEqual([['1'], ['a'], ['']])
  })

  it.each([
    ['long', [7n, null, null, null, null, null]],
    ['decimal', ['7', null, null, null, null, null]],
    ['bool', [null, true, null, null, null, null]],
    ['datetime', [null, null, null, '2026-01-01T00:00:00.0000000Z', null, null]],
    ['timespan', [null, null, '8.00:00:00', null, '01:00:00', null]],
    ['string', ['7', 'true', '8', '2026-01-01T00:00:00.0000000Z', '01:00:00', '[1]']],
  ])('makes no %s of an element of another kind', async (type, expected) => {
    const d = 'pack_array(7, true, "8", datetime(2026-01-01), 1h, dynamic([1]))'
    for (const operator of [
      `mv-expand d to typeof(${type})`,
      `mv-apply d to typeof(${type}) on (take 9)`,
    ]) {
      const text = `print d = ${d} | ${operator}`
      expect((await rowsOf(text)).map(([value]) => value)).toEqual(expected)
    }
  })

  it.each([
    ['datetime', ['2026-01-01T00:00:00.0000000Z', null, null]],
    ['timespan', [null, '01:00:00', null]],
    ['guid', [null, null, '74be27de-1e4e-49d9-b579-fe0b331d3642']],
  ])('reads a %s, which JSON has as a text', async (type, expected) => {
    const d = 'dynamic(["2026-01-01", "01:00:00", "74be27de-1e4e-49d9-b579-fe0b331d3642"])'
    const rows = await rowsOf(`print d = ${d} | mv-expand d to typeof(${type})`)
    expect(rows.map(([value]) => value)).toEqual(expected)
  })

  it('names, places and numbers the new column', async () => {
    const T = 'print a = 1, d = dynamic(["x", "y"]), z = 2'
    expect(await objectsOf(`${T} | mv-expand e = d | where e == "y"`)).toEqual([
      { a: 1, d: ['x', 'y'], z: 2, e: 'y' },
    ])
    expect(await objectsOf(`${T} | mv-expand a = d | take 1`)).toEqual([
      { a: 'x', d: ['x', 'y'], z: 2 },
    ])
    expect(await objectsOf(`${T} | mv-expand with_itemindex=i d | project i, d`)).toEqual([
      { i: 0, d: 'x' },
      { i: 1, d: 'y' },
    ])
    expect(await objectsOf(`${T} | mv-expand with_itemindex=a d | project a1, a`)).toEqual([
      { a1: 0, a: 1 },
      { a1: 1, a: 1 },
    ])
  })

  it('limit counts for each row of the input', async () => {
    const text =
      'range k from 1 to 2 step 1 | extend d = dynamic([1, 2, 3]) | mv-expand d limit 2 | summarize count() by k'
    expect(await rowsOf(text)).toEqual([
      [1n, 2n],
      [2n, 2n],
    ])
    expect(await rowsOf('print d = dynamic([1]) | mv-expand d limit 0')).toEqual([])
  })

  // The page on mv-expand: the legacy form has a row limit of its own.
  it.each([
    ['mvexpand d', 128n],
    ['mvexpand d limit 150', 150n],
    ['mvexpand d limit 300', 200n],
    ['mv-expand d', 200n],
  ])('%s gives no more of a row than its limit', async (operator, count) => {
    const text = `range k from 1 to 2 step 1 | extend d = range(1, 200, 1) | ${operator} | summarize count() by k`
    expect(await rowsOf(text)).toEqual([
      [1n, count],
      [2n, count],
    ])
  })

  it('is repeated for each row, whatever the batches', async () => {
    const text =
      'range k from 1 to 50 step 1 | extend d = range(1, k, 1) | mv-expand d to typeof(long) | summarize n = count(), s = sum(d)'
    // 1 + 2 + … + 50 rows; the sum of the first 50 triangular numbers.
    expect(await rowsOf(text)).toEqual([[1275n, 22100n]])
  })
})

describe('union', () => {
  it.each([
    [
      'union (print a = 1, b = "x"), (print b = "y", c = true)',
      [
        [1n, 'x', null],
        [null, 'y', true],
      ],
    ],
    ['union kind=inner (print a = 1, b = "x"), (print b = "y", c = true)', [['x'], ['y']]],
    ['print a = 1 | union (print a = 2), (print a = 3)', [[1n], [2n], [3n]]],
    [
      'union (print a = 1), (print a = "x"), (print a = 2)',
      [
        [1n, ''],
        [null, 'x'],
        [2n, ''],
      ],
    ],
    [
      'union withsource=from (print a = 1), (print a = 2)',
      [
        ['union_arg0', 1n],
        ['union_arg1', 2n],
      ],
    ],
    [
      'print a = 1 | union withsource=a (print a = 2)',
      [
        ['union_arg0', 1n],
        ['union_arg1', 2n],
      ],
    ],
    // The page on as: its name is that of the source.
    [
      'union withsource=from (print a = 1 | as X), (print a = 2 | as Z | as Y)',
      [
        ['X', 1n],
        ['Y', 2n],
      ],
    ],
    [
      'print a = 1 | as X | union withsource=from (print a = 2 | as Y), X',
      [
        ['X', 1n],
        ['Y', 2n],
        ['X', 1n],
      ],
    ],
    [
      'print a = 1 | as X | where a == 1 | union withsource=from X',
      [
        ['union_arg0', 1n],
        ['X', 1n],
      ],
    ],
    ['print s = "blue sky" | as X | search "sky"', [['X', 'blue sky']]],
    ['search in ((print s = "sky" | as X)) "sky"', [['X', 'sky']]],
    ['find in ((print s = "sky" | as X)) where s has "sky"', [['X', 'sky']]],
    ['union isfuzzy=true (print a = 1), Nope', [[1n]]],
    ['let v = view () { print a = 1 }; union v*, (print a = 2)', [[1n], [2n]]],
    ['union (print a = 1 | where false), (print a = 2)', [[2n]]],
    [
      'let e = datatable(d: dynamic)[dynamic(null), dynamic({"x": 1})]; union e, (print s = "q") | project d.x, s',
      [
        [null, ''],
        [1, ''],
        [null, 'q'],
      ],
    ],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text)).toEqual(rows)
  })
})

describe('the parameters of operators', () => {
  it.each([
    'union kind=inside (print a = 1), (print b = 2)',
    'union kind=Inner (print a = 1), (print b = 2)',
    'union isfuzzy=1 (print a = 1), (print b = 2)',
    'print a = 1 | union isfuzzy=yes (print b = 2)',
  ])('have the values that they take: %s', text => {
    expect(compileTest(text).diagnostics.map(({ code }) => code)).toEqual(['KS125'])
  })

  it.each([
    'union kind=inner kind=outer (print a = 1), (print b = 2)',
    'union withsource=a withsource=b (print a = 1), (print b = 2)',
    'union withsource=a with_source=b (print a = 1), (print b = 2)',
    'print a = 1 | join kind=inner kind=leftouter (print a = 2) on a',
    'print d = dynamic([1]) | mv-expand with_itemindex=i with_itemindex=j d',
  ])('are given once: %s', text => {
    expect(compileTest(text).diagnostics.map(({ code }) => code)).toEqual(['KS180'])
  })

  it('may be given as they are without them', async () => {
    const text = 'union kind=outer isfuzzy=false (print a = 1), (print b = 2)'
    expect(await rowsOf(text)).toEqual([
      [1n, null],
      [null, 2n],
    ])
  })
})

describe('summarize', () => {
  const T =
    'let T = datatable(k: string, v: long, r: real)["a", 1, 1.5, "b", 2, real(nan), "a", 3, real(null), "", long(null), 0.0];'

  it.each([
    [
      'summarize count() by k',
      [
        ['a', 2n],
        ['b', 1n],
        ['', 1n],
      ],
    ],
    ['summarize by k', [['a'], ['b'], ['']]],
    ['summarize sum(v), avg(v), min(v), max(v)', [[6n, 2, 1n, 3n]]],
    [
      'summarize n = count() by odd = v % 2',
      [
        [1n, 2n],
        [0n, 1n],
        [null, 1n],
      ],
    ],
    ['summarize count() by 1', [[1n, 4n]]],
    ['summarize count() by k, k1 = k | where k == "a"', [['a', 'a', 2n]]],
    ['summarize s = sum(v) + 1, m = max(v) * 10', [[7n, 30n]]],
    ['summarize sum(v) / count()', [[1n]]],
    ['summarize percentile(v, toscalar(print 50)), percentile(v, 100)', [[2n, 3n]]],
    ['summarize p = percentiles_array(v, toscalar(print dynamic([0, 100])))', [[[1, 3]]]],
    ['summarize 5', [[5n]]],
    ['summarize x = strcat("n", tostring(count())) by k | where k == "a"', [['a', 'n2']]],
    ['summarize arg_max(v, k)', [[3n, 'a']]],
    ['summarize arg_min(v, *) by k | where k == "a"', [['a', 1n, 1.5]]],
    [
      'summarize make_list(v) by k',
      [
        ['a', [1, 3]],
        ['b', [2]],
        ['', []],
      ],
    ],
    ['summarize countif(v > 1), sumif(v, k == "a"), dcount(k)', [[2n, 4n, 3n]]],
    ['distinct k', [['a'], ['b'], ['']]],
    [
      'distinct *',
      [
        ['a', 1n, 1.5],
        ['b', 2n, Number.NaN],
        ['a', 3n, null],
        ['', null, 0],
      ],
    ],
    ['extend v = 1 | distinct v', [[1n]]],
    ['where v > 9 | summarize count(), sum(v), max(v), make_list(v)', [[0n, 0n, null, []]]],
    ['where v > 9 | summarize count() by k', []],
    [
      'summarize count() by r',
      [
        [1.5, 1n],
        [Number.NaN, 1n],
        [null, 1n],
        [0, 1n],
      ],
    ],
  ])('%s', async (operator, rows) => {
    expect(await rowsOf(`${T} T | ${operator}`)).toEqual(rows)
  })

  it('names its columns as Kusto does', async () => {
    const text =
      'print a = 1, b = "x" | summarize count(), sum(a), max(a), dcount(b), countif(a > 0), make_list(a), make_set(b), take_any(b), percentile(a, 50), sum(a + 1), 2 * count() by b, bin(a, 1), strlen(b), a * 2'
    const names = await rowsOf(`${text} | getschema | project ColumnName`)
    expect(names.flat()).toEqual([
      ...['b', 'a', 'strlen_b', 'Column1', 'count_', 'sum_a', 'max_a', 'dcount_b', 'countif_'],
      ...['list_a', 'set_b', 'b1', 'percentile_a_50', 'sum_', 'Column2'],
    ])
  })

  it.each([
    ['let p = 50;', 'percentile(v, p)', ['percentile_v_50']],
    ['let p = 99.9;', 'percentiles(v, p, 50)', ['percentile_v_99_9', 'percentile_v_50']],
    ['let p = 5;', 'percentilew(v, v, p), percentile(v, p)', ['percentile_v_5', 'percentile_v_51']],
  ])('names a percentile by the value of a variable: %s %s', async (before, aggregates, names) => {
    const text = `${before} print v = 1 | summarize ${aggregates} | getschema`
    expect(await rowsOf(`${text} | project ColumnName`)).toEqual(names.map(name => [name]))
  })

  it('names a percentile by the argument of a function', async () => {
    const text = 'let f = (p: long) { print v = 1 | summarize percentile(v, p) }; f(7) | getschema'
    expect(await rowsOf(`${text} | project ColumnName`)).toEqual([['percentile_v_7']])
  })

  it.each([
    ['arg_max(a, *, b)', ['a', 'b', 'c']],
    ['arg_max(a, b, *)', ['a', 'b', 'c']],
    ['arg_max(a, *, strlen(b), a)', ['a', 'b', 'c', 'strlen_b']],
    ['arg_max(a, *, *)', ['a', 'b', 'c']],
    ['take_any(*, b)', ['a', 'b', 'c']],
    ['arg_max(a, *, b, c) by c', ['c', 'a', 'b']],
    ['arg_max(a, b, b)', ['a', 'b', 'b1']],
  ])('gives each column once for a star: %s', async (aggregate, names) => {
    const text = `print a = 1, b = "x", c = 2 | summarize ${aggregate} | getschema`
    expect(await rowsOf(`${text} | project ColumnName`)).toEqual(names.map(name => [name]))
  })
})

// The page on column_ifexists: its example gives the column State.
describe('a call without a name', () => {
  it.each([
    ['project column_ifexists("b", a)', 'b'],
    ['project column_ifexists("none", a)', 'a'],
    ['project column_ifexists("none", column_ifexists("no", b))', 'b'],
    ['project column_ifexists("none", 1)', 'Column1'],
    ['project ingestion_time()', '$IngestionTime'],
    ['project column_ifexists("none", a + 1)', 'Column1'],
    ['summarize by column_ifexists("none", b)', 'b'],
  ])('%s is %s', async (operator, name) => {
    const text = `print a = 1, b = "x" | ${operator} | getschema | project ColumnName`
    expect(await rowsOf(text)).toEqual([[name]])
  })
})
