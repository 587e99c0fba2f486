import { describe, expect, it } from 'vitest'
import { compileTest, rowsOf } from '../run-query.ts'

const tables = {
  T: {
    columns: { x: 'long', s: 'string' },
    rows: [
      [1, 'a'],
      [2, 'b'],
    ],
  },
  U: {
    columns: { x: 'long', y: 'long' },
    rows: [
      [2, 20],
      [3, 30],
    ],
  },
} as const

describe('names', () => {
  it.each([
    // A name may be empty.
    ['print [""] = 5 | extend r = [""] + 1 | where [""] == 5 | project r, [""]', [[6n, 5n]]],
    ['datatable([""]: long)[1, 1] | summarize count() by [""]', [[1n, 2n]]],
    ['let [""] = 7; print [""]', [[7n]]],
    // A column hides a variable, a variable hides a table.
    ['let x = 5; T | where x == 1 | project s', [['a']]],
    ['let y = 2; T | where x == y | project s', [['b']]],
    ['let T = U; T | project y', [[20n], [30n]]],
    ['let x = 5; print x = 1 | extend y = x', [[1n, 1n]]],
    ['let U = 1; T | where x == U | project s', [['a']]],
    // A parameter hides what is around the function; a column hides a parameter.
    ['let a = 1; let f = (a: long) { a + 1 }; print f(5)', [[6n]]],
    ['let f = (x: long) { T | where x == 1 | project s }; f(2)', [['a']]],
    ['let f = (n: long) { T | where x == n | project s }; f(2)', [['b']]],
    ['let f = (T: (x: long)) { T | count }; f((U | where x > 2))', [[1n]]],
    // A function sees the names of its place, not those of its callers.
    ['let a = 1; let f = () { a }; let g = (a: long) { f() }; print g(9)', [[1n]]],
    ['let f = (x: long) { let y = x * 2; y + 1 }; let y = 100; print f(3), y', [[7n, 100n]]],
    ['let f = (x: long) { let g = (z: long) { z + x }; g(10) }; print f(1), f(2)', [[11n, 12n]]],
    [
      'let f = (x: long, y: long = 7) { x * y }; print f(2), f(2, 3), f(y = 1, x = 5)',
      [[14n, 6n, 5n]],
    ],
    // An argument is an expression over the rows of the caller.
    ['let f = (v: long) { v * 10 }; T | extend r = f(x + 1) | project r', [[20n], [30n]]],
    ['let f = (x: long) { x * 10 }; U | extend r = f(y) | project r', [[200n], [300n]]],
    ['let f = (v: string) { strcat(v, "!") }; T | summarize m = f(max(s))', [['b!']]],
    [
      'let f = (n: long) { toscalar(U | where x == n | project y) }; print f(2), f(3)',
      [[20n, 30n]],
    ],
    // Views of the rows that a pipeline had.
    ['T | as A | where x == toscalar(A | summarize max(x)) | as A | count', [[1n]]],
    ['T | as A | join kind=inner (A | project x, t = s) on x | project t', [['a'], ['b']]],
    ['let n = toscalar(T | count); let m = n + 1; print m', [[3n]]],
    ['let xs = U | project x; T | where x in (xs) | project s', [['b']]],
    ['let xs = dynamic([1, 2]); T | where x in (xs) | project s', [['a'], ['b']]],
    ['let f = () { U | project x }; T | where x in (f()) | project s', [['b']]],
    ['let f = () { U | project x }; T | where x in (f) | project s', [['b']]],
    ['let f = (t: (x: long)) { t | extend z = x + 1 }; T | invoke f() | project z', [[2n], [3n]]],
    ['let f = (t: (*), n: long) { t | take n }; T | invoke f(1) | count', [[1n]]],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text, { tables })).toEqual(rows)
  })

  it.each([
    ['let f = () { y }; let y = 5; print f()', 'KS142'],
    ['let g = () { let f = () { y }; f() }; let y = 5; print g()', 'KS142'],
    ['let f = () { g() }; let g = () { f() }; print f()', 'KS211'],
    ['let f = (n: long) { U | where x == n }; T | where x in (f(x))', 'KS120'],
    ['let f = (n: long) { toscalar(U | where x == n | project y) }; T | extend f(x)', 'KS120'],
    [
      'let f = (n: long) { let g = () { U | where x == n }; toscalar(g | count) }; T | extend f(x)',
      'KS120',
    ],
  ])('%s is refused with %s', (text, code) => {
    const { diagnostics } = compileTest(text, { tables })
    expect(diagnostics.map(item => item.code)).toContain(code)
  })
})

describe('set, declare and render', () => {
  it('parameters take their values or defaults', async () => {
    const text =
      'declare query_parameters(n: long, who: string = "x", t: datetime, d: dynamic, r: real = 1); print n, who, t, d.a, r'
    const parameters = { n: '5', t: '2024-01-02', d: '{"a": 7}' }
    expect(await rowsOf(text, { parameters })).toEqual([
      [5n, 'x', '2024-01-02T00:00:00.0000000Z', 7, 1],
    ])
    const others = { n: 6n, who: 'y', t: '2024-01-02T03:04:05Z', d: '[]', r: 2.5 }
    expect(await rowsOf(text, { parameters: others })).toEqual([
      [6n, 'y', '2024-01-02T03:04:05.0000000Z', null, 2.5],
    ])
  })

  it('a default of a parameter is a number of any width', async () => {
    const text = 'declare query_parameters(n: int = 5, l: long = 7.9); print n, gettype(n), l'
    expect(await rowsOf(text)).toEqual([[5, 'int', 7n]])
  })

  it('render changes nothing but is remembered', () => {
    const { visualization, plan } = compileTest(
      'print a = 1 | render timechart with (title = "x", ycolumns = a)',
    )
    expect(visualization).toMatchObject({ chart: 'timechart', properties: { title: 'x' } })
    expect(plan?.schema).toEqual([{ name: 'a', type: 'long' }])
  })
})
