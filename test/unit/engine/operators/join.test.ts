import { describe, expect, it } from 'vitest'
import { compileTest, objectsOf, rowsOf } from '../run-query.ts'

const L = 'let L = datatable(k: long, v: string)[1, "a", 1, "b", 2, "c", long(null), "n"];'
const R = 'let R = datatable(k: long, w: string)[1, "x", 3, "y", long(null), "m", 1, "z"];'

const join = (kind: string, rest = '') => `${L}${R} L | join kind=${kind} R on k ${rest}`

describe('join', () => {
  it.each([
    [
      'inner',
      [
        [1n, 'a', 1n, 'x'],
        [1n, 'a', 1n, 'z'],
        [1n, 'b', 1n, 'x'],
        [1n, 'b', 1n, 'z'],
        [null, 'n', null, 'm'],
      ],
    ],
    [
      'innerunique',
      [
        [1n, 'a', 1n, 'x'],
        [1n, 'a', 1n, 'z'],
        [null, 'n', null, 'm'],
      ],
    ],
    [
      'leftouter',
      [
        [1n, 'a', 1n, 'x'],
        [1n, 'a', 1n, 'z'],
        [1n, 'b', 1n, 'x'],
        [1n, 'b', 1n, 'z'],
        [2n, 'c', null, ''],
        [null, 'n', null, 'm'],
      ],
    ],
    [
      'rightouter',
      [
        [1n, 'a', 1n, 'x'],
        [1n, 'a', 1n, 'z'],
        [1n, 'b', 1n, 'x'],
        [1n, 'b', 1n, 'z'],
        [null, 'n', null, 'm'],
        [null, '', 3n, 'y'],
      ],
    ],
    [
      'fullouter',
      [
        [1n, 'a', 1n, 'x'],
        [1n, 'a', 1n, 'z'],
        [1n, 'b', 1n, 'x'],
        [1n, 'b', 1n, 'z'],
        [2n, 'c', null, ''],
        [null, 'n', null, 'm'],
        [null, '', 3n, 'y'],
      ],
    ],
    [
      'leftsemi',
      [
        [1n, 'a'],
        [1n, 'b'],
        [null, 'n'],
      ],
    ],
    ['leftanti', [[2n, 'c']]],
    [
      'rightsemi',
      [
        [1n, 'x'],
        [null, 'm'],
        [1n, 'z'],
      ],
    ],
    ['rightanti', [[3n, 'y']]],
  ])('%s keeps the rows that it should', async (kind, rows) => {
    expect(await rowsOf(join(kind))).toEqual(rows)
  })

  it.each([
    ['leftsemi', 'project v', [['a'], ['b'], ['n']]],
    ['leftanti', 'project v', [['c']]],
    ['rightsemi', 'project w', [['x'], ['m'], ['z']]],
    ['rightanti', 'project w', [['y']]],
    [
      'leftsemi',
      'project w = v, k',
      [
        ['a', 1n],
        ['b', 1n],
        ['n', null],
      ],
    ],
    ['leftsemi', 'count', [[3n]]],
  ])('%s followed by %s reads the columns that it names', async (kind, rest, rows) => {
    expect(await rowsOf(join(kind, `| ${rest}`))).toEqual(rows)
  })

  it.each([
    // The row without a match has an empty w: a filter on w must not keep it from being unmatched.
    [
      'leftouter',
      'w == "x"',
      [
        ['a', 'x'],
        ['b', 'x'],
      ],
    ],
    ['leftouter', 'w == ""', [['c', '']]],
    [
      'leftouter',
      'isnull(k1)',
      [
        ['c', ''],
        ['n', 'm'],
      ],
    ],
    ['rightouter', 'v == ""', [['', 'y']]],
    [
      'rightouter',
      'isnull(k)',
      [
        ['n', 'm'],
        ['', 'y'],
      ],
    ],
    [
      'fullouter',
      'v == "" or w == ""',
      [
        ['c', ''],
        ['', 'y'],
      ],
    ],
    ['fullouter', 'k == 2', [['c', '']]],
    ['fullouter', 'k1 == 3', [['', 'y']]],
    // The representative of key 1 is the row "a", which the filter then drops.
    ['innerunique', 'v == "b"', []],
    ['innerunique', 'w == "z"', [['a', 'z']]],
    ['inner', 'v == "b" and w == "z"', [['b', 'z']]],
  ])('%s: a filter behind it (%s) means what it says', async (kind, predicate, rows) => {
    expect(await rowsOf(join(kind, `| where ${predicate} | project v, w`))).toEqual(rows)
  })

  it('reads paths of both sides', async () => {
    const sides =
      'let A = print k = 1, d = dynamic({"a": {"b": 5}}); let B = print k = 1, d = dynamic({"c": [7]});'
    const text = `${sides} A | join kind=inner B on k | project x = d.a.b, y = d1.c[0], z = d1.a`
    expect(await objectsOf(text)).toEqual([{ x: 5, y: 7, z: null }])
    for (const kind of ['leftsemi', 'rightsemi']) {
      const semi = `${sides} A | join kind=${kind} B on k | where isnull(d.q) | project p = d.a.b, q = d.c[0]`
      const [row] = await objectsOf(semi)
      expect(row).toEqual(kind === 'leftsemi' ? { p: 5, q: null } : { p: null, q: 7 })
    }
  })

  it('finds keys of every type and at their extremes', async () => {
    for (const [type, values] of Object.entries({
      long: ['9223372036854775807', '-9223372036854775808', '-1', '4294967295', 'long(null)'],
      int: ['2147483647', '-2147483648', '0', 'int(null)'],
      real: ['0.0', '1.5', 'real(nan)', 'real(+inf)', 'real(-inf)', 'real(null)'],
      decimal: ['decimal(1.50)', 'decimal(0)', 'decimal(null)'],
      bool: ['true', 'false', 'bool(null)'],
      string: ['""', '"a"', '"A"'],
      guid: ['guid(74be27de-1e4e-49d9-b579-fe0b331d3642)', 'guid(null)'],
      datetime: [
        'datetime(0001-01-01)',
        'datetime(9999-12-31T23:59:59.9999999Z)',
        'datetime(null)',
      ],
      timespan: ['1tick', '-1tick', 'timespan(null)'],
    })) {
      const table = `datatable(k: ${type}, n: long)[${values.map((value, n) => `${value}, ${n}`)}]`
      const pairs = await rowsOf(`${table} | join kind=inner (${table}) on k | project n, n1`)
      expect(pairs, type).toEqual(values.map((_, n) => [BigInt(n), BigInt(n)]))
    }
  })

  it('takes several keys as one', async () => {
    const text =
      'datatable(a: string, b: long)["x", 1, "x", 2, "", 1] ' +
      '| join kind=leftanti (datatable(c: string, d: long)["x", 2, "", 2]) on $left.a == $right.c, $left.b == $right.d'
    expect(await rowsOf(text)).toEqual([
      ['x', 1n],
      ['', 1n],
    ])
  })

  it.each([
    ['on b', 'The name `b` does not refer to a column of `$left`.'],
    ['on a', 'The name `a` does not refer to a column of `$right`.'],
    ['on c', 'The name `c` does not refer to any known column.'],
    ['on kk', 'The name `kk` does not refer to any known column.'],
  ])('tells which side lacks the column of a condition: %s', (on, message) => {
    const query =
      'datatable(a: long, k: long)[1, 1] | join kind=inner (datatable(b: long, k: long)[1, 1]) '
    expect(compileTest(query + on).diagnostics.map(fault => fault.message)).toEqual([message])
  })

  it('compares an int key with a long one', async () => {
    const text =
      'datatable(a: int)[1, 2] | join kind=inner (datatable(b: long)[2, 3]) on $left.a == $right.b'
    expect(await rowsOf(text)).toEqual([[2, 2n]])
  })

  it.each(['inner', 'leftouter', 'rightouter', 'fullouter', 'leftsemi', 'leftanti', 'rightanti'])(
    '%s of empty sides is empty or the other side',
    async kind => {
      const none = 'let E = datatable(k: long, e: string)[];'
      const left = await rowsOf(`${none}${L} E | join kind=${kind} L on k | count`)
      const right = await rowsOf(`${none}${L} L | join kind=${kind} E on k | count`)
      const both = await rowsOf(`${none} E | join kind=${kind} E on k | count`)
      const keepsLeft = ['leftouter', 'fullouter', 'leftanti'].includes(kind)
      const keepsRight = ['rightouter', 'fullouter', 'rightanti'].includes(kind)
      expect(left).toEqual([[keepsRight ? 4n : 0n]])
      expect(right).toEqual([[keepsLeft ? 4n : 0n]])
      expect(both).toEqual([[0n]])
    },
  )
})

describe('lookup', () => {
  it('adds the columns beside the keys', async () => {
    const text = `${L}${R} L | lookup R on k | where w != "z" | project v, w`
    expect(await rowsOf(text)).toEqual([
      ['a', 'x'],
      ['b', 'x'],
      ['c', ''],
      ['n', 'm'],
    ])
    expect(await rowsOf(`${L}${R} L | lookup kind=inner R on k | summarize count() by k`)).toEqual([
      [1n, 4n],
      [null, 1n],
    ])
  })
})
