import { describe, expect, it } from 'vitest'
import { MemorySpill } from '../memory-spill.ts'
import { compileTest, objectsOf, rowsOf, runPlan } from '../run-query.ts'

const column = (rows: readonly (readonly unknown[])[]) => rows.map(([value]) => value)

describe('window functions', () => {
  it('may be used by one operator after the other', async () => {
    const text = 'range x from 1 to 5 step 1 | where row_number() > 1 | where row_number() > 1'
    expect(await rowsOf(text)).toEqual([[3n], [4n], [5n]])
  })

  it('leave no column behind in where', async () => {
    const text = 'range x from 1 to 3 step 1 | where prev(x) > 0 | getschema | project ColumnName'
    expect(await rowsOf(text)).toEqual([['x']])
  })

  it('see the rows before a later filter, not after it', async () => {
    const text =
      'range x from 1 to 5 step 1 | extend before = prev(x), n = row_number() | where x > 3'
    expect(await rowsOf(text)).toEqual([
      [4n, 3n, 4n],
      [5n, 4n, 5n],
    ])
  })

  it('number rows across batches and columns that nothing reads', async () => {
    const text =
      'range x from 1 to 4 step 1 | extend y = x * 2, z = x | serialize n = row_number() | project n'
    expect(column(await rowsOf(text))).toEqual([1n, 2n, 3n, 4n])
  })
})

describe('serialize', () => {
  it.each([
    ['serialize a', { a: 1, b: 'x' }],
    ['serialize (b), a', { a: 1, b: 'x' }],
    ['serialize b, c = b', { a: 1, b: 'x', c: 'x' }],
    ['serialize a = a + 1', { a: 2, b: 'x' }],
    ['serialize a = b', { a: 'x', b: 'x' }],
    ['serialize tostring(a)', { a: 1, b: 'x', a1: '1' }],
    ['serialize tostring(a), a1 = 5', { a: 1, b: 'x', a2: '1', a1: 5 }],
    ['serialize a1 = 5, tostring(a)', { a: 1, b: 'x', a1: 5, a2: '1' }],
  ])('%s adds and updates columns', async (operator, row) => {
    const rows = await objectsOf(`print a = 1, b = "x" | ${operator}`)
    expect(rows.map(values => Object.entries(values))).toEqual([Object.entries(row)])
  })
})

describe('sort', () => {
  const T =
    'let T = datatable(a: long, b: string)[2, "x", long(null), "n", 1, "y", 2, "z", 1, "w"];'

  it.each([
    ['sort by a', ['x', 'z', 'y', 'w', 'n']],
    ['sort by a asc', ['n', 'y', 'w', 'x', 'z']],
    ['sort by a asc nulls last', ['y', 'w', 'x', 'z', 'n']],
    ['sort by a desc nulls first', ['n', 'x', 'z', 'y', 'w']],
    ['sort by a asc, b asc', ['n', 'w', 'y', 'x', 'z']],
    ['sort by a + 0 desc', ['x', 'z', 'y', 'w', 'n']],
  ])('%s keeps equal rows in the order of the input', async (operator, rows) => {
    expect(column(await rowsOf(`${T} T | ${operator} | project b`))).toEqual(rows)
  })

  it.each([
    ['sort by a | take 2', ['x', 'z']],
    ['sort by a asc | take 2', ['n', 'y']],
    ['top 1 by a', ['x']],
    ['top 4 by a', ['x', 'z', 'y', 'w']],
    ['top 9 by a', ['x', 'z', 'y', 'w', 'n']],
    ['top 3 by a asc', ['n', 'y', 'w']],
    ['top 3 by a asc nulls last', ['y', 'w', 'x']],
    ['top 2 by a desc nulls first', ['n', 'x']],
    ['top 0 by a', []],
    ['top -1 by a', []],
    ['sort by a | take 0', []],
    ['sort by a | where b != "x" | take 2', ['z', 'y']],
  ])('%s gives the first ones of that order', async (operator, rows) => {
    expect(column(await rowsOf(`${T} T | ${operator} | project b`))).toEqual(rows)
  })

  it('orders texts by code point, as max does', async () => {
    const table = 'datatable(s: string)["\u{1F600}", "z", "\uFDFA"]'
    const ascending = [['z'], ['\uFDFA'], ['\u{1F600}']]
    expect(await rowsOf(`${table} | sort by s asc`)).toEqual(ascending)
    expect(await rowsOf(`${table} | top 3 by s asc`)).toEqual(ascending)
    expect(await rowsOf(`${table} | top 1 by s`)).toEqual([['\u{1F600}']])
    expect(await rowsOf(`${table} | summarize max(s)`)).toEqual([['\u{1F600}']])
  })

  it('orders NaN, infinities and nulls of reals', async () => {
    const T = 'datatable(r: real)[1.0, real(nan), real(null), real(-inf), real(+inf)]'
    const ascending = [null, Number.NaN, Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY]
    expect(column(await rowsOf(`${T} | sort by r asc`))).toEqual(ascending)
    expect(column(await rowsOf(`${T} | sort by r desc`))).toEqual(ascending.toReversed())
    expect(column(await rowsOf(`${T} | top 2 by r asc`))).toEqual(ascending.slice(0, 2))
  })
})

describe('take', () => {
  it.each([
    ['range x from 1 to 9 step 1 | take 3', [1n, 2n, 3n]],
    ['range x from 1 to 9 step 1 | take 0', []],
    ['range x from 1 to 9 step 1 | take -2', []],
    ['range x from 1 to 2 step 1 | take 9', [1n, 2n]],
    ['range x from 1 to 9 step 1 | take 3 | where x > 1', [2n, 3n]],
    ['range x from 1 to 9 step 1 | where x > 1 | take 3', [2n, 3n, 4n]],
    ['range x from 1 to 9 step 1 | take 2 | take 1', [1n]],
  ])('%s', async (text, rows) => {
    expect(column(await rowsOf(text))).toEqual(rows)
  })
})

describe('the first rows in order', () => {
  it.each(['top 2 by rand()', 'sort by rand() | take 2'])(
    '%s asks once for what varies',
    async text => {
      const { plan } = compileTest(`range x from 1 to 20 step 1 | ${text}`)
      let calls = 0
      const result = await runPlan(plan!, { batchSize: 1, random: () => 1 / ++calls })
      expect(result.rows()).toEqual([[1n], [2n]])
      expect(calls).toBe(20)
    },
  )

  it.each(['top 90 by x % 10', 'sort by x % 10 | take 90'])(
    '%s uses files where memory does not hold them',
    async text => {
      const { plan } = compileTest(`range x from 1 to 100 step 1 | ${text}`)
      const whole = await runPlan(plan!)
      expect(whole.rows().slice(0, 2)).toEqual([[9n], [19n]])
      expect(whole.rows()).toHaveLength(90)
      const spill = new MemorySpill()
      const few = { batchSize: 8, maxMemory: 1, openSpill: () => spill }
      expect((await runPlan(plan!, few)).rows()).toEqual(whole.rows())
      expect(spill.files).toBeGreaterThan(0)
    },
  )
})
