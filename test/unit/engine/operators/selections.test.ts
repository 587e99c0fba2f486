import { describe, expect, it } from 'vitest'
import { compileTest, objectsOf, rowsOf, runPlan } from '../run-query.ts'

const codes = (query: string) => compileTest(query).diagnostics.map(({ code }) => code)
const column = (rows: readonly (readonly unknown[])[]) => rows.map(([value]) => value)

describe('where', () => {
  // The grammar that Microsoft publishes: `whereOperator: … Predicate=namedExpression`.
  it.each([
    ['where x = true', [1n, 2n]],
    ['where x = x == 2', [2n]],
    ['where y = x == 2 | where true', [2n]],
    ['where (a, b) = x > 1', [2n]],
  ])('%s: the predicate has a name, which says nothing', async (operator, expected) => {
    const query = `range x from 1 to 2 step 1 | ${operator}`
    expect(column(await rowsOf(query))).toEqual(expected)
    expect(new Set(codes(query))).toEqual(new Set(['KQL213']))
  })

  it('a predicate with a name is a bool, too', () => {
    expect(codes('range x from 1 to 2 step 1 | where x = 1')).toEqual(['KQL213', 'KS141'])
  })
})

describe('sample', () => {
  const numbers = 'range x from 1 to 1000 step 1'

  it('gives rows of the input, each once, in its order', async () => {
    const rows = column(await rowsOf(`${numbers} | sample 50`)) as bigint[]
    expect(rows).toHaveLength(50)
    expect(new Set(rows).size).toBe(50)
    expect(rows).toEqual(rows.toSorted((a, b) => Number(a - b)))
    expect(rows.every(x => x >= 1n && x <= 1000n)).toBe(true)
  })

  it('chooses from the whole of the input, evenly', async () => {
    const [mean] = column(await rowsOf(`${numbers} | sample 200 | summarize avg(x)`))
    // Three standard deviations of the mean of 200 of 1000 numbers.
    expect(Math.abs(Number(mean) - 500.5)).toBeLessThan(56)
  })

  it.each([
    ['sample 5000', 1000n],
    ['sample 0', 0n],
    ['sample -1', 0n],
    ['sample 2 + 3', 5n],
    ['sample 2.9', 2n],
    ['sample int(3)', 3n],
    ['sample long(null)', 0n],
  ])('%s', async (operator, expected) => {
    expect(await rowsOf(`${numbers} | ${operator} | count`)).toEqual([[expected]])
  })

  it('chooses the same rows whatever is asked of them', async () => {
    const query = `${numbers} | extend y = x * 2 | sample 3`
    const all = await objectsOf(query)
    expect(await rowsOf(`${query} | project y`)).toEqual(all.map(({ y }) => [BigInt(Number(y))]))
    const above = all.filter(({ x }) => Number(x) > 500)
    expect(await objectsOf(`${query} | where x > 500`)).toEqual(above)
  })

  it('counts what it keeps', async () => {
    const { bound } = compileTest(`${numbers} | sample 50`)
    const run = runPlan(bound!, { maxRows: 49 })
    await expect(run).rejects.toMatchObject({ diagnostic: { code: 'KQL300' } })
  })
})

describe('sample-distinct', () => {
  it.each([
    ['sample-distinct 2 of s', ['b', 'a']],
    ['sample-distinct 9 of s', ['b', 'a', 'c']],
    ['sample-distinct 0 of s', []],
  ])('%s', async (operator, expected) => {
    const rows = await rowsOf(`datatable(s: string)["b", "a", "b", "c"] | ${operator}`)
    expect(column(rows)).toEqual(expected)
  })

  it.each([
    ['print x = 1 | sample-distinct 1 of x + 1', 'KS109'],
    ['print x = 1 | sample-distinct 1 of y = x', 'KS109'],
    ['print x = 1 | sample-distinct 1 of y', 'KS142'],
    ['print x = dynamic(1) | sample-distinct 1 of x', 'KS116'],
    ['print x = 1 | sample-distinct "1" of x', 'KS141'],
  ])('%s is refused', (query, code) => expect(codes(query)).toEqual([code]))
})

describe('top-hitters', () => {
  const table =
    'datatable(s: string, n: int, r: real)["a", 1, 0.5, "b", 2, 9.0, "b", 3, 1.0, "c", int(null), 2.0]'

  it.each([
    ['top-hitters 1 of s', [{ s: 'b', approximate_count_s: 2 }]],
    [
      'top-hitters 9 of s by n',
      [
        { s: 'b', approximate_sum_n: 5 },
        { s: 'a', approximate_sum_n: 1 },
        { s: 'c', approximate_sum_n: 0 },
      ],
    ],
    ['top-hitters 1 of s by r', [{ s: 'b', approximate_sum_r: 10 }]],
    ['top-hitters 0 of s', []],
  ])('%s', async (operator, expected) => {
    expect(await objectsOf(`${table} | ${operator}`)).toEqual(expected)
  })

  it('sums in the type of what is summed', () => {
    const types = (operator: string) => compileTest(`${table} | ${operator}`).plan?.schema
    expect(types('top-hitters 1 of s by n')).toMatchObject([{}, { type: 'int' }])
    expect(types('top-hitters 1 of s by strlen(s)')).toMatchObject([
      {},
      { name: 'approximate_sum_strlen_s', type: 'long' },
    ])
  })

  it.each([
    [`${table} | top-hitters 1 of strlen(s)`, 'KS109'],
    [`${table} | top-hitters 1 of s by s`, 'KS127'],
  ])('%s is refused', (query, code) => expect(codes(query)).toEqual([code]))
})

describe('top-nested', () => {
  const table =
    'datatable(a: string, b: string, n: long)[' +
    '"x", "p", 1, "x", "q", 5, "x", "r", 3, "y", "p", 4, "y", "q", 4, "z", "p", 7, "w", "p", 1]'

  it('orders the values within those above, in all levels', async () => {
    const query = `${table} | top-nested 2 of a by sum(n), top-nested 2 of b by B = max(n) asc`
    // x 9, y 8, z 7, w 1.
    expect(await objectsOf(query)).toEqual([
      { a: 'x', aggregated_a: 9, b: 'p', B: 1 },
      { a: 'x', aggregated_a: 9, b: 'r', B: 3 },
      { a: 'y', aggregated_a: 8, b: 'p', B: 4 },
      { a: 'y', aggregated_a: 8, b: 'q', B: 4 },
    ])
  })

  it('gives all values without a number', async () => {
    const query = `${table} | top-nested of b by count(), top-nested 1 of a by n = sum(n) | project b, a`
    expect(await rowsOf(query)).toEqual([
      ['p', 'z'],
      ['q', 'x'],
      ['r', 'x'],
    ])
  })

  it('has three levels, of expressions and under other names', async () => {
    const query =
      `${table} | top-nested 1 of Len = strlen(a) by count(), top-nested 1 of toupper(b) by avg(n), ` +
      'top-nested 1 of a by sum(n) + 1'
    // q has an average of 4.5, p of 3.25, r of 3.
    expect(await objectsOf(query)).toEqual([
      { Len: 1, aggregated_Len: 7, Column1: 'Q', aggregated_Column1: 4.5, a: 'x', aggregated_a: 6 },
    ])
  })

  it('adds the others of each value above', async () => {
    const query =
      `${table} | top-nested 2 of a by sum(n), top-nested 1 of b with others = "rest" by max(n) ` +
      '| project a, b, m = aggregated_b | sort by a asc'
    // z and w, which are in no value above, have no value of the first clause.
    expect(await rowsOf(query)).toEqual([
      ['', 'rest', 7n],
      ['x', 'q', 5n],
      ['x', 'rest', 3n],
      ['y', 'p', 4n],
      ['y', 'rest', 4n],
    ])
  })

  it('has the others of an upper clause once, with the aggregates of the clauses that have others', async () => {
    const upper = `${table} | top-nested 2 of a with others = "rest" by sum(n)`
    expect(await rowsOf(`${upper}, top-nested 1 of b by max(n)`)).toEqual([
      ['x', 9n, 'q', 5n],
      ['y', 8n, 'p', 4n],
      ['rest', 8n, '', null],
    ])
    // As the documentation had it: states with others, sources without, places with others.
    const three =
      `${upper}, top-nested 1 of b by sum(n), top-nested 1 of N = n % 4 with others = -1 by c = count()` +
      ' | project a, b, aggregated_b, N, c'
    expect(await rowsOf(three)).toEqual([
      ['x', 'q', 5n, 1n, 1n],
      ['y', 'p', 4n, 0n, 1n],
      ['x', '', null, -1n, 2n],
      ['y', '', null, -1n, 1n],
      ['rest', '', null, -1n, 2n],
    ])
  })

  it('has no row of others where all made it', async () => {
    const query = `${table} | top-nested 4 of a with others = "rest" by count()`
    expect(column(await rowsOf(query))).toEqual(['x', 'y', 'z', 'w'])
  })

  it('takes null as a value, and puts null aggregates where it is told', async () => {
    const nulls = 'datatable(k: long, n: long)[long(null), 1, long(null), 2, 5, long(null)]'
    const by = (order: string) =>
      rowsOf(`${nulls} | top-nested of k by m = max(n) ${order}`).then(column)
    expect(await by('')).toEqual([null, 5n])
    expect(await by('desc nulls first')).toEqual([5n, null])
    expect(await by('asc')).toEqual([5n, null])
    const nested = `${nulls} | top-nested of k by count(), top-nested of n by count() | project k, n`
    expect(await rowsOf(nested)).toEqual([
      [null, 1n],
      [null, 2n],
      [5n, null],
    ])
  })

  it('is empty over no rows', async () => {
    const query = `${table} | where n > 9 | top-nested 1 of a with others = "rest" by sum(n)`
    expect(await rowsOf(query)).toEqual([])
  })

  it.each([
    [`${table} | top-nested 1 of a by n`, 'KS236'],
    [`${table} | top-nested 1 of nothing by sum(n)`, 'KS142'],
    [`${table} | top-nested 1 of a by arg_max(n, *)`, 'KQL101'],
    [`${table} | top-nested 1 of n with others = "x" by count()`, 'KS107'],
    [`${table} | top-nested n of a by count()`, 'KS142'],
  ])('%s is refused', (query, code) => expect(codes(query)).toEqual([code]))
})

describe('project-by-names', () => {
  it.each([
    ['"b", "a"', ['b', 'a']],
    ['"a*", "b"', ['a', 'ab', 'b']],
    ['"*"', ['a', 'b', 'ab']],
    ['dynamic(["ab", "nothing"]), "a", "ab"', ['ab', 'a']],
    ['"nothing"', []],
    ['"A"', []],
    ['strcat("a", "b")', ['ab']],
    ['column_names_of(T)', ['b']],
  ])('%s', (names, expected) => {
    const query = `let T = print b = 1, c = 2; print a = 1, b = 2, ab = 3 | project-by-names ${names}`
    expect(compileTest(query).plan?.schema.map(({ name }) => name)).toEqual(expected)
  })

  it.each(['a', '1', 'dynamic([1])', 'tostring(now())'])('%s is refused', names => {
    expect(codes(`print a = 1 | project-by-names ${names}`)).toEqual(['KS120'])
  })
})

describe('assert-schema', () => {
  it.each([
    ['(a: long, b: string)', []],
    ['(a: long, c: string)', ['KS142']],
    ['(a: int, b: string)', ['KS107']],
    ['(a: long)', ['KQL101']],
    ['(b: string, a: long)', ['KQL101']],
  ])('%s', (columns, expected) => {
    expect(codes(`print a = 1, b = "x" | assert-schema ${columns}`)).toEqual(expected)
  })
})

describe('consume', () => {
  it('gives nothing, but reads', async () => {
    expect(await rowsOf('range x from 1 to 9 step 1 | consume decodeblocks=true')).toEqual([])
    expect(await rowsOf('print x = 1 | consume | count')).toEqual([[0n]])
    expect(codes('print x = 1 | consume kind=x')).toEqual(['KS125'])
  })
})

describe('functions about tables', () => {
  const tables = { T: { columns: { a: 'long', b: 'string' }, rows: [[1, 'x']] } } as const

  it.each([
    ['table("T")', [[1n, 'x']]],
    ['table("T", "all") | project a', [[1n]]],
    ['table(strcat("", "T")) | project a', [[1n]]],
    ['let f = (name: string) { table(name) | count }; f("T")', [[1n]]],
    ['let V = () { print v = 1 }; table("V")', [[1n]]],
    ['union withsource=s (table("T")), table("T", "hotcache") | project s', [['T'], ['T']]],
    ['print column_names_of(T)', [[['a', 'b']]]],
    ['let f = (n: long) { print A = "", B = n }; print column_names_of(f(1))', [[['A', 'B']]]],
    ['T | project x = iscolumnexists("a"), y = iscolumnexists("A")', [[true, false]]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query, { tables })).toEqual(expected)
  })

  it.each([
    ['table("Nowhere")', 'KS204'],
    ['table("T", "cold")', 'KS128'],
    ['table("T", "all", 1)', 'KS119'],
    ['table(1)', 'KS141'],
    ['print column_names_of(Nowhere)', 'KS204'],
    ['print column_names_of(T, T)', 'KS119'],
    ['T | project iscolumnexists(b)', 'KS120'],
  ])('%s is refused', (query, code) => {
    expect(compileTest(query, { tables }).diagnostics.map(item => item.code)).toEqual([code])
  })
})
