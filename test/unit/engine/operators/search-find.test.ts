import { describe, expect, it } from 'vitest'
import { compileTest, objectsOf, rowsOf, type TestTable } from '../run-query.ts'

const tables: Readonly<Record<string, TestTable>> = {
  Logins: {
    columns: { user: 'string', count: 'long', ok: 'bool' },
    rows: [
      ['Ann Green', 3, true],
      ['bob', 42, false],
      ['annabel', null, null],
    ],
  },
  Files: {
    columns: { name: 'string', count: 'string', tags: 'dynamic' },
    rows: [
      ['green.txt', '42', { owner: 'Ann' }],
      ['README', 'x', null],
    ],
  },
  Other: { columns: { z: 'real' }, rows: [[4.5]] },
}

const find = (query: string) => objectsOf(query, { tables })
const codes = (query: string) => compileTest(query, { tables }).diagnostics.map(({ code }) => code)

describe('search', () => {
  /** The text of each row that is found, with its table. */
  const found = async (query: string): Promise<string[]> => {
    const rows = await rowsOf(`${query} | project $table, t = coalesce(user, name)`, { tables })
    return rows.map(row => row.join(': '))
  }

  it.each([
    ['search "ann"', ['Logins: Ann Green', 'Files: green.txt']],
    ['search "green"', ['Logins: Ann Green', 'Files: green.txt']],
    [
      'search in (Logins, Files) "ann*"',
      ['Logins: Ann Green', 'Logins: annabel', 'Files: green.txt'],
    ],
    ['search in (Log*, Files) "*bel"', ['Logins: annabel']],
    ['search in (Logins, Files) "*ee*"', ['Logins: Ann Green', 'Files: green.txt']],
    ['search in (Logins, Files) "a*n"', ['Logins: Ann Green', 'Files: green.txt']],
    ['search in (Logins, Files) "gr*n"', ['Logins: Ann Green', 'Files: green.txt']],
    ['search in (Logins, Files) "nn*gr"', []],
    ['search in (Logins, Files) kind', ['KS142']],
    ['search kind=case_sensitive in (Logins, Files) "green"', ['Files: green.txt']],
    ['search kind=case_sensitive in (Logins, Files) "gre*"', ['Files: green.txt']],
    [
      'search kind=case_sensitive in (Logins, Files) "A*n"',
      ['Logins: Ann Green', 'Files: green.txt'],
    ],
    ['search kind=case_sensitive in (Logins, Files) user:"ANN"', []],
    ['search kind=case_sensitive in (Logins, Files) user =~ "BOB"', []],
    [
      'search kind=case_sensitive in (Logins, Files) not(user contains "BOB") and "42"',
      ['Logins: bob', 'Files: green.txt'],
    ],
    ['search in (Logins, Files) user:"ann"', ['Logins: Ann Green']],
    ['search in (Logins, Files) user:"ann*" and not(user:"green")', ['Logins: annabel']],
    ['search in (Logins, Files) "42"', ['Logins: bob', 'Files: green.txt']],
    ['search in (Logins, Files) "true"', ['Logins: Ann Green']],
    [
      'search in (Logins, Files) "ann" and ("green" or "x")',
      ['Logins: Ann Green', 'Files: green.txt'],
    ],
    ['search in (Logins, Files) "ann" and ok', ['Logins: Ann Green']],
    ['let who = "bo*"; search in (Logins, Files) who', ['Logins: bob']],
    ['search in (Files) tags.owner == "Ann"', ['Files: green.txt']],
    ['search in (Files) tags:"ann"', ['Files: green.txt']],
  ])('%s', async (query, expected) => {
    const [code] = expected
    if (code === 'KS142') expect(codes(query)).toEqual([code])
    else if (query.includes('(Files)'))
      expect((await find(query)).map(row => `${row.$table}: ${row.name}`)).toEqual(expected)
    else expect(await found(query)).toEqual(expected)
  })

  it('has the columns of all tables, those with several types by type', async () => {
    expect(await find('search in (Logins, Files) "bob" or "README"')).toEqual([
      {
        $table: 'Logins',
        user: 'bob',
        count_long: 42,
        count_string: '',
        ok: false,
        name: '',
        tags: null,
      },
      {
        $table: 'Files',
        user: '',
        count_long: null,
        count_string: 'x',
        ok: null,
        name: 'README',
        tags: null,
      },
    ])
  })

  it('takes a pipe, whose table it names where it is one', async () => {
    expect(await find('Other | search *')).toEqual([{ $table: 'Other', z: 4.5 }])
    expect(await find('Other | take 1 | search "4.5"')).toEqual([{ $table: 'search_arg0', z: 4.5 }])
    expect(await find('Other | search z > 4 | search "Other"')).toEqual([
      { $table: 'search_arg0', $table1: 'Other', z: 4.5 },
    ])
  })

  it('leaves out tables without a column of the predicate', async () => {
    expect(await rowsOf('search not(z == 1) | project $table', { tables })).toEqual([['Other']])
    expect(await rowsOf('search "4.5" or z == 1 | project $table', { tables })).toEqual([['Other']])
  })

  it('searches views of the query too', async () => {
    const query =
      'let V = view () { print q = "here" }; let F = () { print q = "here" }; search q:"here"'
    expect(await rowsOf(`${query} | project $table, q`, { tables })).toEqual([['V', 'here']])
  })

  it.each([
    ['search in (Nowhere) "x"', ['KS204']],
    ['search in (No*) "x"', ['KS142']],
    ['search nothing == 1', ['KS142']],
    ['search in (Logins) 42', ['KQL101']],
    ['search in (Logins) "a" or 2.5', ['KQL101']],
    ['search in (Logins) user', ['KS141']],
    ['search in (Logins) not("x")', ['KS127']],
    ['search in (Logins) count:"42"', ['KS106']],
    ['Logins | search in (Files) "x"', ['KS125']],
    ['search kind=loud in (Logins) "x"', ['KS125']],
    ['search kind=case_sensitive in (Logins) user has_any ("x")', ['KQL101']],
    ['search withsource=s in (Logins) "x"', ['KS125']],
  ])('%s is refused', (query, expected) => {
    expect(codes(query)).toEqual(expected)
  })
})

describe(':', () => {
  it.each([
    ['"a"', true],
    ['"a*"', true],
    ['"*b"', true],
    ['"*"', true],
    ['"b*"', false],
    ['"A*b"', true],
    ['strcat("a", "")', true],
  ])('x:%s', async (term, expected) => {
    expect(await rowsOf(`print x = "a-ab" | project r = x:${term}`)).toEqual([[expected]])
  })
})

describe('find', () => {
  it('packs what is not in the predicate, nor in every table', async () => {
    expect(await find('find in (Logins, Files) where user == "bob" or name == "README"')).toEqual([
      {
        source_: 'Logins',
        count_long: 42,
        count_string: '',
        user: 'bob',
        name: '',
        pack_: { ok: false },
      },
      {
        source_: 'Files',
        count_long: null,
        count_string: 'x',
        user: '',
        name: 'README',
        pack_: { tags: null },
      },
    ])
  })

  it('leaves out tables without a column of the predicate', async () => {
    expect(await find('find z > 1')).toEqual([{ source_: 'Other', z: 4.5 }])
    expect(await find('find not(z == 1)')).toEqual([{ source_: 'Other', z: 4.5 }])
    expect(await find('find where "4.5"')).toEqual([{ source_: 'Other', pack_: { z: 4.5 } }])
    expect(await find('find * has "4.5"')).toEqual([{ source_: 'Other', pack_: { z: 4.5 } }])
  })

  it('binds the predicate for each table', async () => {
    const query = 'find withsource=T in (Logins, Files) where count == 42 project user, name'
    expect(await find(query)).toEqual([
      { T: 'Logins', user: 'bob', name: '' },
      { T: 'Files', user: '', name: 'green.txt' },
    ])
  })

  it('gives the columns that are listed, in other types too', async () => {
    const query =
      'find in (Logins, Files) where ok == false or count == "x" project count: string, ok, pack(*)'
    expect(await find(query)).toEqual([
      { source_: 'Logins', count: '42', ok: false, pack_: { user: 'bob' } },
      { source_: 'Files', count: 'x', ok: null, pack_: { name: 'README', tags: null } },
    ])
    expect(await find('find in (Logins, Files) where user == "bob" project user, name')).toEqual([
      { source_: 'Logins', user: 'bob', name: '' },
    ])
  })

  it('takes views and tables that are computed', async () => {
    const query =
      'let V = view () { Logins | where ok }; find in (V, (Other | extend user = "ann")) where user:"ann"'
    expect(await find(query)).toEqual([
      { source_: 'V', user: 'Ann Green', pack_: { count: 3, ok: true } },
      { source_: 'find_arg1', user: 'ann', pack_: { z: 4.5 } },
    ])
  })

  it('gives all rows where the predicate reads no column', async () => {
    expect(await find('let yes = true; find in (Other) where yes')).toEqual([
      { source_: 'Other', z: 4.5 },
    ])
  })

  it.each([
    ['find nothing == 1', ['KS142']],
    ['find in (Logins) where nothing == 1 and user == "x"', ['KS142']],
    ['find in (Logins) where user == "x" project nothing', ['KS142']],
    ['find in (Logins) where user == "x" project user, user', ['KS171']],
    ['find in (Logins, Files) where user == "x" project count', ['KQL101']],
    ['find in (Logins) where 42', ['KQL101']],
    ['find in (Nowhere) where user == "x"', ['KS204']],
    ['Logins | find user == "x"', ['KQL101']],
    ['find kind=x in (Logins) where ok', ['KS125']],
  ])('%s is refused', (query, expected) => {
    expect(codes(query)).toEqual(expected)
  })
})

it('a predicate that is too large for all tables is refused', () => {
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, table) => [
      `T${table}`,
      {
        columns: Object.fromEntries(
          Array.from({ length: 20 }, (_unused, column) => [`c${column}`, 'string'] as const),
        ),
        rows: [],
      },
    ]),
  )
  const terms = Array.from({ length: 150 }, (_, index) => `"t${index}"`).join(' or ')
  for (const query of [`search ${terms}`, `find ${terms}`]) {
    const { diagnostics } = compileTest(query, { tables: many })
    expect(diagnostics.map(({ code }) => code)).toEqual(['KQL002'])
  }
})
