import { describe, expect, it } from 'vitest'
import { query } from '../../../../src/index.ts'
import { KqlError } from '../../../../src/text/kql-error.ts'
import { compileTest, objectsOf, rowsOf, runPlan } from '../run-query.ts'

/** The codes with which a query fails, when it is compiled or run. */
async function codesOf(text: string, maxRows = 1_000_000): Promise<string[]> {
  try {
    await query(text, { now: '2026-01-01T00:00:00Z', maxRows })
  } catch (error) {
    if (error instanceof KqlError) return error.diagnostics.map(({ code }) => code)
    throw error
  }
  return []
}

describe('evaluate', () => {
  it.each([
    ['a misspelt name', 'evaluate bag_unpak(d)', 'KS124', 'Did you mean `bag_unpack`?'],
    ['a plugin of a service', 'evaluate sql_request("c", "q")', 'KQL106', undefined],
    ['code', 'print x = 1 | evaluate python(typeof(*, y: long), "code")', 'KQL106', undefined],
    ['a plugin that is missing', 'print x = 1 | evaluate autocluster()', 'KQL100', undefined],
    [
      'a misspelt parameter',
      'print d = dynamic({}) | evaluate bag_unpack(d, columnConflict="error")',
      'KS119',
      'Did you mean `columnsConflict`?',
    ],
    [
      'too many arguments',
      'print x = 1 | evaluate narrow(x)',
      'KS119',
      'It is called as narrow().',
    ],
    ['too few arguments', 'print x = 1 | evaluate pivot()', 'KS119', undefined],
    [
      'an expression for a column',
      'print d = "{}" | evaluate bag_unpack(parse_json(d))',
      'KS109',
      undefined,
    ],
    [
      'another parameter',
      'print d = dynamic({}) | evaluate kind=x bag_unpack(d)',
      'KS125',
      undefined,
    ],
    [
      'a schema where none is taken',
      'print x = 1 | evaluate narrow(): (x: long)',
      'KQL101',
      undefined,
    ],
  ])('reports %s', async (_, text, code, hint) => {
    const fault = await query(text).catch((error: unknown) => error)
    const [diagnostic] = (fault as KqlError).diagnostics
    expect(diagnostic?.code).toBe(code)
    if (hint !== undefined) expect(diagnostic?.hint).toBe(hint)
  })

  it('takes hints', async () => {
    const text =
      'print d = dynamic({"x": 1}) | evaluate hint.distribution=per_node hint.pass_filters=true bag_unpack(d)'
    expect(await objectsOf(text)).toEqual([{ x: 1 }])
  })
})

describe('bag_unpack', () => {
  it('gives each slot the type of its values, dynamic where they differ', async () => {
    const text =
      'datatable(d: dynamic)[dynamic({"i": 1, "r": 1.5, "m": 1, "n": null, "l": [1]}), dynamic({"m": "x"})] ' +
      '| evaluate bag_unpack(d) | getschema | project ColumnName, ColumnType'
    expect(await rowsOf(text)).toEqual([
      ['i', 'long'],
      ['l', 'dynamic'],
      ['m', 'dynamic'],
      ['n', 'dynamic'],
      ['r', 'real'],
    ])
  })

  it('keeps rows without a bag', async () => {
    const text =
      'datatable(d: dynamic)[dynamic({"x": 1}), dynamic(null), dynamic([2])] | evaluate bag_unpack(d)'
    expect(await rowsOf(text)).toEqual([[1n], [null], [null]].map(row => row))
  })

  it('takes names as they are', async () => {
    const text =
      'print d = dynamic({"a.b": 1, "__proto__": 2, "": 3, "1": 4}) | evaluate bag_unpack(d)'
    expect(await rowsOf(`${text} | project ['a.b'], ['__proto__'], ['1']`)).toEqual([[1n, 2n, 4n]])
  })

  it.each([
    ['error', ['KS171']],
    ['replace_source', []],
    ['keep_source', []],
    ['other', ['KS128']],
  ])('with columnsConflict=%s', async (mode, codes) => {
    const text = `print a = 1, d = dynamic({"a": "x"}) | evaluate bag_unpack(d, columnsConflict='${mode}')`
    expect(await codesOf(text)).toEqual(codes)
  })

  it('puts a slot in the place of a column of its name, or of its own', async () => {
    const rest = 'evaluate bag_unpack(d, columnsConflict="replace_source")'
    expect(await objectsOf(`print a = 1, d = dynamic({"a": "x"}), b = 2 | ${rest}`)).toEqual([
      { a: 'x', b: 2 },
    ])
    expect(await objectsOf('print d = dynamic({"d": 1}) | evaluate bag_unpack(d)')).toEqual([
      { d: 1 },
    ])
  })

  it.each([
    ['some bag has its slot', '{"a": 7}', [[null], [7n]]],
    ['no bag has its slot', '{"b": 7}', [[1n], [2n]]],
  ])('with a schema, replaces a column where %s', async (_, last, rows) => {
    const table = `datatable(a: long, d: dynamic)[1, dynamic({"b": 0}), 2, dynamic(${last})]`
    const call = `evaluate bag_unpack(d, columnsConflict='replace_source')`
    expect(await rowsOf(`${table} | ${call}: (a: long)`)).toEqual(rows)
    // So it is without a schema.
    expect(await rowsOf(`${table} | ${call} | project a`)).toEqual(rows)
  })

  it('refuses another type for a column only where no bag replaces it', async () => {
    const call = `evaluate bag_unpack(d, columnsConflict='replace_source'): (a: long)`
    const table = 'datatable(a: string, d: dynamic)'
    expect(await rowsOf(`${table}["x", dynamic({"a": 7})] | ${call}`)).toEqual([[7n]])
    expect(await rowsOf(`${table}[] | ${call}`)).toEqual([])
    expect(await codesOf(`${table}["x", dynamic({"b": 7})] | ${call}`)).toEqual(['KS107'])
  })

  it('gives what the schema asks for', async () => {
    const bag = 'print a = 1, d = dynamic({"b": 2, "c": "x"})'
    expect(
      await objectsOf(`${bag} | evaluate bag_unpack(d): (c: string, a: long, e: real)`),
    ).toEqual([{ c: 'x', a: 1, e: null }])
    expect(await objectsOf(`${bag} | evaluate bag_unpack(d, 'p_'): (*, p_b: long)`)).toEqual([
      { a: 1, p_b: 2 },
    ])
    expect(await codesOf(`${bag} | evaluate bag_unpack(d, 'p_'): (b: long)`)).toEqual(['KS142'])
    expect(await codesOf(`${bag} | evaluate bag_unpack(d): (a: string)`)).toEqual(['KS107'])
  })

  it('fails where a slot of the schema clashes with a column', async () => {
    const text = 'print a = 1, d = dynamic({"a": 2}) | evaluate bag_unpack(d): (a: long)'
    expect(await codesOf(text)).toEqual(['KS171'])
    const kept = text.replace('(d)', '(d, columnsConflict="keep_source")')
    expect(await objectsOf(kept)).toEqual([{ a: 1 }])
    const replaced = text.replace('(d)', '(d, columnsConflict="replace_source")')
    expect(await objectsOf(replaced)).toEqual([{ a: 2 }])
  })
})

describe('pivot', () => {
  const table = 'datatable(k: string, v: string, n: long)["a", "x", 1, "b", "y", 2, "a", "x", 3]'

  it.each([
    ['count()', 2n, 0n],
    ['sum(n)', 4n, 0n],
    ['min(n)', 1n, null],
    ['dcount(n)', 2n, 0n],
    ['make_list(n)', [1, 3], []],
    ['take_any(n)', 1n, null],
  ])('gives %s, and what it is of no rows', async (aggregate, found, missing) => {
    const rows = await rowsOf(`${table} | evaluate pivot(v, ${aggregate}, k)`)
    expect(rows[0]?.slice(0, 2)).toEqual(['a', found])
    expect(rows[1]?.slice(0, 2)).toEqual(['b', missing])
  })

  it('groups by all other columns where none is named', async () => {
    expect(await objectsOf(`${table} | evaluate pivot(v, sum(n))`)).toEqual([
      { k: 'a', x: 4, y: 0 },
      { k: 'b', x: 0, y: 2 },
    ])
    expect(await objectsOf(`${table} | project v | evaluate pivot(v)`)).toEqual([{ x: 2, y: 1 }])
  })

  it('gives a column for empty values, and text for others', async () => {
    const text = 'datatable(v: long, k: long)[1, 1, long(null), 1] | evaluate pivot(v)'
    expect(await objectsOf(text)).toEqual([{ k: 1, '1': 1, Column1: 1 }])
  })

  it.each([
    ['a dynamic column', 'print d = dynamic(1), k = 1 | evaluate pivot(d)', ['KS116']],
    ['a dynamic key', 'print v = "a", k = dynamic(1) | evaluate pivot(v)', ['KQL101']],
    ['more than an aggregate', `${table} | evaluate pivot(v, sum(n) + 1, k)`, ['KQL101']],
    ['a value that is called like a key', 'print v = "k", k = 1 | evaluate pivot(v)', ['KS171']],
    ['a type that does not fit', `${table} | evaluate pivot(v, count(), k): (x: real)`, ['KS107']],
    ['a column declared twice', `${table} | evaluate pivot(v): (x: long, x: long)`, ['KS171']],
  ])('refuses %s', async (_, text, codes) => {
    expect(await codesOf(text)).toEqual(codes)
  })
})

describe('ipv4_lookup', () => {
  const networks =
    'let N = datatable(net: string, name: string, k: long)["10.0.0.0/8", "ten", 1, "10.1.0.0/16", "part", 2, "bad", "bad", 1];'

  it('gives a row for each network', async () => {
    const text = `${networks} print ip = "10.1.2.3" | evaluate ipv4_lookup(N, ip, net) | project name`
    expect(await rowsOf(text)).toEqual([['ten'], ['part']])
  })

  it('gives a row for each of very many networks', async () => {
    const many = 'let N = range k from 1 to 200000 step 1 | extend net = "10.0.0.0/8";'
    const text = `${many} print ip = "10.1.2.3" | evaluate ipv4_lookup(N, ip, net) | summarize count(), max(k)`
    expect(await rowsOf(text)).toEqual([[200_000n, 200_000n]])
  })

  it('compares by the shorter prefix', async () => {
    const text = `${networks} print ip = "10.0.0.0/8" | evaluate ipv4_lookup(N, ip, net) | project name`
    expect(await rowsOf(text)).toEqual([['ten'], ['part']])
  })

  it('compares further keys', async () => {
    const text = `${networks} datatable(ip: string, k: long)["10.1.2.3", 2, "10.1.2.3", 3] | evaluate ipv4_lookup(N, ip, net, k, true) | project ip, k, name`
    expect(await rowsOf(text)).toEqual([
      ['10.1.2.3', 2n, 'part'],
      ['10.1.2.3', 3n, ''],
    ])
  })

  it('numbers columns that both have', async () => {
    const text = `${networks} print net = "10.2.0.1", name = "a" | evaluate ipv4_lookup(N, net, net)`
    expect(await objectsOf(text)).toEqual([
      { net: '10.2.0.1', name: 'a', net1: '10.0.0.0/8', name1: 'ten', k: 1 },
    ])
  })

  it('leaves out what is no address', async () => {
    const text = `${networks} print ip = "bad" | evaluate ipv4_lookup(N, ip, net)`
    expect(await rowsOf(text)).toEqual([])
  })
})

describe('geo_polygon_lookup and geo_line_lookup', () => {
  const square = (west: number, east: number): string =>
    `dynamic({"type": "Polygon", "coordinates": [[[${west}, 0], [${east}, 0], [${east}, 10], [${west}, 10], [${west}, 0]]]})`
  const polygons = `let P = datatable(shape: dynamic, name: string)[${square(0, 10)}, "a", ${square(5, 15)}, "b", dynamic({"type": "Polygon"}), "bad", dynamic(null), "null"];`
  const line = 'dynamic({"type": "LineString", "coordinates": [[0, 0], [10, 0]]})'
  const lines = `let L = datatable(name: string, shape: dynamic)["equator", ${line}, "bad", dynamic([1])];`

  it('give a row for each shape, in the order of the table', async () => {
    const text = `${polygons} print lng = 7, lat = 5 | evaluate geo_polygon_lookup(P, shape, lng, lat)`
    expect(await objectsOf(text)).toEqual([
      { lng: 7, lat: 5, name: 'a' },
      { lng: 7, lat: 5, name: 'b' },
    ])
  })

  it('match no position that is none', async () => {
    const points = 'datatable(lng: real, lat: real)[real(null), 5, 7, 95, 181, 5, real(nan), 5]'
    const text = `${polygons} ${points} | evaluate geo_polygon_lookup(P, shape, lng, lat, 1e9)`
    expect(await rowsOf(text)).toEqual([])
    const kept = `${polygons} ${points} | evaluate geo_polygon_lookup(P, shape, lng, lat, return_unmatched = true)`
    expect((await rowsOf(kept)).map(row => row.at(-1))).toEqual(['', '', '', ''])
  })

  it('number columns that both have, and give the shapes where asked to', async () => {
    const text = `${lines} print name = 1, shape = 0.5 | evaluate geo_line_lookup(L, shape, name, shape, 60000, return_lookup_key = true) | project-away shape1`
    expect(await objectsOf(text)).toEqual([{ name: 1, shape: 0.5, name1: 'equator' }])
  })

  it('measure meters up to the radius', async () => {
    // A degree is 6371010 m * pi / 180 = 111195.1 m long.
    const points = 'print lng = 5, lat = dynamic([0, 1, -1, 2]) | mv-expand lat to typeof(real)'
    const within = async (radius: string): Promise<unknown[]> =>
      await rowsOf(
        `${lines} ${points} | evaluate geo_line_lookup(L, shape, lng, lat, ${radius}) | project lat`,
      )
    expect(await within('111195')).toEqual([[0]])
    expect(await within('111196')).toEqual([[0], [1], [-1]])
    expect(await within('0')).toEqual([[0]])
    expect(await within('-1')).toEqual([])
  })

  it('take a vertex into account with a radius of 0', async () => {
    const text = (radius: string): string =>
      `${polygons} print lng = 10, lat = 10 | evaluate geo_polygon_lookup(P, shape, lng, lat${radius}) | project name`
    expect(await rowsOf(text(', 0'))).toEqual([['a'], ['b']])
    expect(await rowsOf(text(', -1'))).toEqual([])
  })

  it('find shapes larger than half of the sphere', async () => {
    const band =
      '"band", dynamic({"type": "LineString", "coordinates": [[-170, 0], [-60, 0], [60, 0], [170, 0]]})'
    const text = `let L = datatable(name: string, shape: dynamic)[${band}]; datatable(lng: real, lat: real)[165, 0, 0, 0, 0, 50] | evaluate geo_line_lookup(L, shape, lng, lat, 1000) | project lng`
    expect(await rowsOf(text)).toEqual([[165], [0]])
  })

  it.each([
    ['geo_line_lookup(L, shape, lng, lat)', 'KS119'],
    ['geo_line_lookup(L, name, lng, lat, 1)', 'KS141'],
    ['geo_line_lookup(L, shape, lng + 1, lat, 1)', 'KS109'],
    ['geo_line_lookup(L, shape, lng, lat, real(null))', 'KS128'],
  ])('refuse %s', async (call, code) => {
    const text = `${lines} print lng = 1.0, lat = 1.0 | evaluate ${call}`
    expect(await codesOf(text)).toEqual([code])
  })
})

describe('plugins over activities', () => {
  const table =
    'datatable(u: string, t: datetime, k: string)["A", datetime(2024-01-01), "x", "B", datetime(2024-01-02 12:00), "y", ' +
    '"A", datetime(2024-01-03), "x", "C", datetime(null), "x", "A", datetime(2024-02-01), "x"]'
  const range = 'datetime(2024-01-01), datetime(2024-01-03)'

  it('include the end, and leave out rows without a time', async () => {
    const text = `${table} | evaluate activity_counts_metrics(u, t, ${range}, 1d, k) | project t, k, ['count']`
    expect(await rowsOf(text)).toEqual([
      ['2024-01-01T00:00:00.0000000Z', 'x', 1n],
      ['2024-01-02T00:00:00.0000000Z', 'y', 1n],
      ['2024-01-03T00:00:00.0000000Z', 'x', 1n],
    ])
  })

  it('look back before the start', async () => {
    const text = `${table} | evaluate sliding_window_counts(u, t, datetime(2024-01-02), datetime(2024-01-04), 2d, 1d)`
    expect((await rowsOf(text)).map(row => row.slice(1))).toEqual([
      [2n, 2n],
      [2n, 2n],
      [1n, 1n],
    ])
  })

  it('slide by weeks that begin on Sunday', async () => {
    // 2024-01-07 is a Sunday.
    const events =
      'datatable(u: string, t: datetime)["A", datetime(2023-12-25), "B", datetime(2024-01-01), ' +
      '"A", datetime(2024-01-06 23:59:59), "C", datetime(2024-01-07), "D", datetime(2024-01-16)]'
    const counts = (lookback: string) =>
      rowsOf(
        `let bin = 'week'; ${events} | evaluate sliding_window_counts(u, t, datetime(2024-01-03), datetime(2024-01-15), ${lookback}, bin)`,
      )
    expect(await counts('7d')).toEqual([
      ['2023-12-31T00:00:00.0000000Z', 2n, 2n],
      ['2024-01-07T00:00:00.0000000Z', 1n, 1n],
    ])
    expect(await counts('20d')).toEqual([
      ['2023-12-31T00:00:00.0000000Z', 3n, 2n],
      ['2024-01-07T00:00:00.0000000Z', 3n, 3n],
      ['2024-01-14T00:00:00.0000000Z', 1n, 1n],
    ])
  })

  it('take a unit of the calendar from a variable', async () => {
    const text = `let unit = 'month'; ${table} | evaluate activity_counts_metrics(u, t, ${range}, unit)`
    expect(await rowsOf(text)).toEqual([['2024-01-01T00:00:00.0000000Z', 3n, 2n, 2n, 2n]])
  })

  it('have no windows where the end is before the start, however near', async () => {
    const text = `${table} | evaluate sliding_window_counts(u, t, datetime(2024-01-04), datetime(2024-01-03), 7d, 'week')`
    expect(await rowsOf(text)).toEqual([])
  })

  it('slide over gaps, however many bins a window has', async () => {
    const events =
      'datatable(u: string, t: long)["A", 2, "B", 3, "A", 9, "C", 10, "A", 10, "B", 1000000000]'
    const counts = (lookback: number, start: number, end: number) =>
      rowsOf(`${events} | evaluate sliding_window_counts(u, t, ${start}, ${end}, ${lookback}, 1)`)
    expect(await counts(2, 0, 12)).toEqual([
      [2n, 1n, 1n],
      [3n, 2n, 2n],
      [4n, 1n, 1n],
      [9n, 1n, 1n],
      [10n, 3n, 2n],
      [11n, 2n, 2n],
    ])
    expect(await counts(4_000_000_000_000, 999_999_999, 1_000_000_000)).toEqual([
      [999_999_999n, 5n, 3n],
      [1_000_000_000n, 6n, 3n],
    ])
  })

  it.each([
    ['1', 'new_activity_metrics(u, t, 1, 100, 1)'],
    ['1, 1', 'sliding_window_counts(u, t, 1, 1000, 1000, 1)'],
  ])('keep no more rows than a run may: %s, %s', async (times, call) => {
    const text = `print t = dynamic([${times}]) | mv-expand t to typeof(long) | extend u = t | evaluate ${call} | count`
    expect(await codesOf(text)).toEqual([])
    expect(await codesOf(text, 50)).toEqual(['KQL300'])
  })

  it('count who is in the inner window, however short the outer one is', async () => {
    const events = 'datatable(u: string, t: long)["A", 1, "B", 2, "B", 3]'
    const text = `${events} | evaluate activity_engagement(u, t, 1, 9, 3, 1)`
    expect(await rowsOf(text)).toEqual([[1n, 2n, 1n, 2]])
  })

  it.each([
    'sliding_window_counts(u, t, 1, 9, -1, 1)',
    'activity_engagement(u, t, 1, 9, 1, -1)',
    'active_users_count(u, t, 1, 9, -1, 1, 1, 1)',
    'session_count(u, t, 1, 9, 1, -1)',
  ])('refuse a negative window: %s', async call => {
    const text = `datatable(u: string, t: long)["A", 1] | evaluate ${call}`
    expect(await codesOf(text)).toEqual(['KS128'])
  })

  it('take units of the calendar', async () => {
    const text = `${table} | evaluate activity_metrics(u, t, datetime(2024-01-01), datetime(2024-02-01), 'month')`
    expect(await rowsOf(text)).toEqual([
      ['2024-01-01T00:00:00.0000000Z', 2n, 2n, Number.NaN, Number.NaN],
      ['2024-02-01T00:00:00.0000000Z', 1n, 0n, 0.5, 0.5],
    ])
  })

  it.each([
    ['a step of nothing', `activity_counts_metrics(u, t, ${range}, 0d)`, ['KS128']],
    ['a step of another type', `activity_counts_metrics(u, t, ${range}, "x")`, ['KS128']],
    [
      'too many windows',
      'activity_counts_metrics(u, t, datetime(1900-01-01), datetime(2100-01-01), 1s)',
      ['KQL300'],
    ],
    ['a column that is no time', `activity_counts_metrics(t, u, ${range}, 1d)`, ['KS141']],
    ['a lookback by months', `sliding_window_counts(u, t, ${range}, 60d, "month")`, ['KQL101']],
    ['a lookback by an unknown unit', `sliding_window_counts(u, t, ${range}, 7d, "x")`, ['KS128']],
    ['no range', 'activity_metrics(u, t)', ['KQL101']],
    ['an unknown column', `activity_counts_metrics(w, t, ${range}, 1d)`, ['KS142']],
  ])('refuse %s', async (_, call, codes) => {
    expect(await codesOf(`${table} | evaluate ${call}`)).toEqual(codes)
  })

  it.each<[string, unknown[][]]>([
    [
      'activity_counts_metrics(u, t, datetime(0001-01-01), datetime(0001-02-01), "week")',
      [
        ['0001-01-01T00:00:00.0000000Z', 2n, 2n, 2n, 2n],
        ['0001-01-07T00:00:00.0000000Z', 1n, 1n, 0n, 2n],
      ],
    ],
    [
      'session_count(u, t, datetime(0001-01-01), datetime(0001-02-01), "week", 0s)',
      [
        ['0001-01-01T00:00:00.0000000Z', 2n],
        ['0001-01-07T00:00:00.0000000Z', 1n],
      ],
    ],
    [
      'sliding_window_counts(u, t, datetime(0001-01-01), datetime(0001-01-20), 14d, "week")',
      [
        ['0001-01-01T00:00:00.0000000Z', 2n, 2n],
        ['0001-01-07T00:00:00.0000000Z', 3n, 2n],
        ['0001-01-14T00:00:00.0000000Z', 1n, 1n],
      ],
    ],
    [
      'sliding_window_counts(u, t, datetime(0001-01-01), datetime(0001-01-06), 14d, "week")',
      [['0001-01-01T00:00:00.0000000Z', 1n, 1n]],
    ],
  ])('begin the first week of all times with the first day: %s', async (call, expected) => {
    const days =
      'datatable(u: string, t: datetime)["a", datetime(0001-01-02), "b", datetime(0001-01-06T23:00), "a", datetime(0001-01-07)]'
    expect(await rowsOf(`${days} | evaluate ${call}`)).toEqual(expected)
  })

  it('tell periods apart that end one tick before another, however far from the start', async () => {
    const rows =
      'datatable(u: string, t: datetime)["a", datetime(2019-12-31T23:59:59.9999999), "a", datetime(2020-01-01)]'
    const wide = 'datetime(1700-01-01), datetime(2020-01-31), 2d, 1d, 2, 200000d'
    expect(await rowsOf(`${rows} | evaluate active_users_count(u, t, ${wide})`)).toEqual([
      ['1700-01-01T00:00:00.0000000Z', 1n],
    ])
    // Before the start too, and however many periods there are.
    const near = 'datetime(2020-01-01), datetime(2020-01-31), 2s, 1s, 2, 30d'
    expect(await rowsOf(`${rows} | evaluate active_users_count(u, t, ${near})`)).toEqual([
      ['2020-01-01T00:00:00.0000000Z', 1n],
    ])
  })

  it('fail where a window starts before the least int', async () => {
    const text =
      'datatable(u: string, t: int)["a", 1] | evaluate activity_counts_metrics(u, t, -3000000000, 10, 10000000000)'
    const { plan } = compileTest(text)
    await expect(runPlan(plan!)).rejects.toMatchObject({ diagnostic: { code: 'KS128' } })
  })

  it('give nothing of no rows', async () => {
    const text = `${table} | where u == "Z" | evaluate activity_counts_metrics(u, t, ${range}, 1d)`
    expect(await rowsOf(text)).toEqual([])
  })
})

describe('rows_near', () => {
  it('gives each row once', async () => {
    const text = 'range x from 1 to 9 step 1 | evaluate rows_near(x in (2, 3, 9), 1)'
    expect((await rowsOf(text)).flat()).toEqual([1n, 2n, 3n, 4n, 8n, 9n])
  })

  it.each(['-1', '1, -1', 'long(null)', '1, long(null)'])('refuses %s rows', async counts => {
    const text = `range x from 1 to 9 step 1 | evaluate rows_near(x == 4, ${counts})`
    expect(await codesOf(text)).toEqual(['KS128'])
  })
})

describe('rolling_percentile', () => {
  it.each([
    ['99.9 % of 1000 is 999', 'extend v = t', 99.9, 998n],
    ['NaN is past every number', 'extend v = iff(t % 2 == 1, real(nan), 1000.0 - t)', 25, 500],
    ['the least is the percentile 0', 'extend v = t * 1h', 0, '00:00:00'],
  ])('ranks as percentile does: %s', async (_, extend, percentile, value) => {
    const rows = `range t from 0 to 999 step 1 | ${extend}`
    const rolling = `evaluate rolling_percentile(v, ${percentile}, t, 1000, 1) | project-away t`
    expect(await rowsOf(`${rows} | ${rolling}`)).toEqual([[value]])
    expect(await rowsOf(`${rows} | summarize percentile(v, ${percentile})`)).toEqual([[value]])
  })

  it.each<[string, string, unknown[]]>([
    ['int', 'int(6), 1, int(5), 1, int(null), 2, int(7)', [5, 6]],
    ['long', '6, 1, 5, 1, long(null), 2, 7', [5n, 6n]],
    ['real', '6.5, 1, 5.5, 1, real(null), 2, real(nan)', [5.5, 6.5]],
    [
      'decimal',
      'decimal(6.5), 1, decimal(-5.000000000000000000001), 1, decimal(null), 2, decimal(70)',
      ['-5.000000000000000000001', '6.5'],
    ],
    ['timespan', '6d, 1, 5d, 1, timespan(null), 2, 7d', ['5.00:00:00', '6.00:00:00']],
  ])('gives values of the type %s', async (type, cells, expected) => {
    const rows = `datatable(t: long, v: ${type})[1, ${cells}]`
    const text = `${rows} | evaluate rolling_percentile(v, 50, t, 1, 2)`
    expect((await rowsOf(text)).map(([, value]) => value)).toEqual(expected)
    expect(
      await rowsOf(`${text} | getschema | where ColumnOrdinal == 1 | project ColumnType`),
    ).toEqual([[type]])
  })

  it('slides over bins, not over rows', async () => {
    const text =
      'datatable(t: long, v: real)[0, 1.0, 1, 3.0, 10, 5.0, 30, 7.0] | evaluate rolling_percentile(v, 100, t, 10, 2)'
    expect(await rowsOf(text)).toEqual([
      [0n, 3],
      [10n, 5],
      [30n, 7],
    ])
  })

  it('reads its input once', async () => {
    let calls = 0
    const text =
      'range t from 1 to 4 step 1 | extend v = rand() | evaluate rolling_percentile(v, 50, t, 1, 1)'
    const { plan } = compileTest(text)
    const result = await runPlan(plan!, { random: () => calls++ / 8 })
    expect(result.rows().map(([, value]) => value)).toEqual([0, 0.125, 0.25, 0.375])
    expect(calls).toBe(4)
  })
})

describe('new_activity_metrics', () => {
  it('reads its input once where there is a lookback', async () => {
    let calls = 0
    const text =
      'range t from 1 to 2 step 1 | extend u = rand() | evaluate new_activity_metrics(u, t, 1, 2, 1, (print u = 0.0))'
    const { plan } = compileTest(text)
    const result = await runPlan(plan!, { random: () => calls++ / 8 })
    expect(result.rows().map(row => row.slice(0, 3))).toEqual([[2n, 2n, 1n]])
    expect(calls).toBe(2)
  })
})

describe('dcount_intersect', () => {
  const sketches = (last: number, accuracy: number) =>
    `range x from 1 to ${last} step 1 | summarize a = hll(iff(x % 2 == 0, x, 0), ${accuracy}), b = hll(iff(x % 3 == 0, x, 0), ${accuracy}), c = hll(iff(x % 5 == 0, x, 0), ${accuracy})`

  it('counts what the first sketches have in common', async () => {
    // As documented: 50, 16 and 3 of 100, and the zero that all have.
    const text = `${sketches(100, 2)} | evaluate dcount_intersect(a, b, c)`
    expect(await objectsOf(text)).toEqual([{ s0: 51, s1: 17, s2: 4 }])
  })

  it('estimates it where the sketches are too large to be exact', async () => {
    const text = `${sketches(20_000, 1)} | evaluate dcount_intersect(a, b, c) | project e0 = abs(s0 - 10000), e1 = abs(s1 - 3333), e2 = abs(s2 - 666)`
    const [errors] = await rowsOf(text)
    for (const error of errors!) expect(Number(error)).toBeLessThan(600)
  })

  it('has no more in common than the smallest sketch has', async () => {
    const text =
      'range x from 1 to 5000 step 1 | summarize a = hll(x), b = hll_if(x, x < 9), c = hll_if(x, x > 9999) | evaluate dcount_intersect(a, b, c) | project ok = s1 <= 8, s2'
    expect(await objectsOf(text)).toEqual([{ ok: true, s2: null }])
  })

  it.each([
    ['print x = 1 | summarize a = hll(x) | evaluate dcount_intersect(a)', 'KS119'],
    ['print x = 1 | evaluate dcount_intersect(x, x)', 'KS141'],
    [
      'print x = 1 | summarize a = hll(x), b = hll(x, 2) | evaluate dcount_intersect(a, b)',
      'KQL302',
    ],
    ['print d = dynamic({}) | evaluate dcount_intersect(d, d)', 'KQL302'],
    [`print d = dynamic({}) | evaluate dcount_intersect(${Array(17).fill('d').join()})`, 'KS119'],
  ])('refuses %s', async (text, code) => {
    expect((await codesOf(text))[0]).toBe(code)
  })
})
