import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KqlError, openWorkspace, prepare, type QueryOptions, query } from '../../../src/index.ts'

const now = '2026-01-01T00:00:00Z'

async function objects(kql: string, options: QueryOptions = {}): Promise<unknown[]> {
  return (await query(kql, { now, ...options })).toObjects()
}

/** The errors of a query: code, the text they are about, and the name of another text. */
async function errors(kql: string, options: QueryOptions = {}): Promise<unknown[]> {
  try {
    await query(kql, { now, ...options })
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    return error.diagnostics.map(({ code, span, source }) => [
      code,
      (source?.text ?? kql).slice(span.start, span.end),
      ...(source === undefined ? [] : [source.name]),
    ])
  }
  return []
}

describe('watchlists', () => {
  const VIP = {
    rows: [
      { User: 'ann', Level: 7, Admin: true },
      { User: 'bob', Level: 8, Admin: null },
    ],
    searchKey: 'User',
    lastUpdated: '2025-12-31',
  }
  const watchlists = { VIP, Empty: [] }

  it('have the columns of every watchlist, then their own by name, as strings', async () => {
    const result = await query("_GetWatchlist('VIP')", { watchlists })
    expect(result.columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      '_DTItemId:string',
      'LastUpdatedTimeUTC:datetime',
      'SearchKey:string',
      'Admin:string',
      'Level:string',
      'User:string',
    ])
    expect(result.toObjects().map(({ _DTItemId, ...rest }) => rest)).toEqual([
      {
        LastUpdatedTimeUTC: '2025-12-31T00:00:00.0000000Z',
        SearchKey: 'ann',
        Admin: 'true',
        Level: '7',
        User: 'ann',
      },
      {
        LastUpdatedTimeUTC: '2025-12-31T00:00:00.0000000Z',
        SearchKey: 'bob',
        Admin: '',
        Level: '8',
        User: 'bob',
      },
    ])
    expect(result.diagnostics).toEqual([])
  })

  it('have ids that do not depend on the run or the size of batches', async () => {
    const ids =
      "_GetWatchlist('VIP') | project _DTItemId | summarize make_list(_DTItemId), dcount(_DTItemId)"
    const [first] = await objects(ids, { watchlists })
    expect(first).toMatchObject({ dcount__DTItemId: 2 })
    expect(await objects(ids, { watchlists, batchSize: 1 })).toEqual([first])
  })

  it('join, and stand where a list is wanted', async () => {
    const kql =
      'datatable(u: string)["ann", "cid"] | join kind=inner (_GetWatchlist("VIP")) on $left.u == $right.SearchKey | project u, Level'
    expect(await objects(kql, { watchlists })).toEqual([{ u: 'ann', Level: '7' }])
    const list = 'print u = "bob" | where u in ((_GetWatchlist("VIP") | project User))'
    expect(await objects(list, { watchlists })).toEqual([{ u: 'bob' }])
    const whole = 'print n = toscalar(_GetWatchlist("VIP") | count)'
    expect(await objects(whole, { watchlists })).toEqual([{ n: 2 }])
  })

  it('take an alias from a variable, and keys', async () => {
    const kql = 'let w = "VIP"; _GetWatchlist(w, dynamic(["bob", "x"])) | project User'
    expect(await objects(kql, { watchlists })).toEqual([{ User: 'bob' }])
    expect(await objects('_GetWatchlistAlias', { watchlists })).toEqual([
      { WatchlistAlias: 'VIP' },
      { WatchlistAlias: 'Empty' },
    ])
    expect(await objects('_GetWatchlistAlias() | count', { watchlists })).toEqual([{ Count: 2 }])
  })

  it('are shadowed by a function of that name', async () => {
    const kql = 'let _GetWatchlist = (a: string) { print a }; _GetWatchlist("q")'
    expect(await objects(kql, { watchlists })).toEqual([{ print_0: 'q' }])
  })

  it('are an error with a hint where one was not given', async () => {
    expect(await errors("_GetWatchlist('VIPs') | count", { watchlists })).toEqual([
      ['KS211', "'VIPs'"],
    ])
    await expect(query("_GetWatchlist('A B')")).rejects.toMatchObject({
      diagnostics: [{ hint: expect.stringContaining("--watchlist 'A B=PATH'") as string }],
    })
    await expect(query("_GetWatchlist('VIPs')", { watchlists })).rejects.toMatchObject({
      diagnostics: [{ hint: expect.stringMatching(/^Did you mean `VIP`\? Give it/) as string }],
    })
  })

  it.each([
    ['_GetWatchlist() | count', 'KS119'],
    ['_GetWatchlist("VIP", dynamic([]), 1) | count', 'KS119'],
    ['_GetWatchlistAlias(1) | count', 'KS119'],
    ['_GetWatchlist(1) | count', 'KS141'],
    ['_GetWatchlist(strcat("a", tostring(now()))) | count', 'KS120'],
    ['_GetWatchlist("VIP", "a") | count', 'KS141'],
    ['print x = 1 + _GetWatchlist("VIP")', 'KS138'],
  ])('refuse %s with %s', async (kql, code) => {
    const found = await errors(kql, { watchlists })
    expect(found).toEqual([[code, expect.anything()]])
  })

  it('need a search key only where it is read', async () => {
    const keyless = { watchlists: { K: [{ a: 1 }] } }
    expect(await objects('_GetWatchlist("K") | project a', keyless)).toEqual([{ a: '1' }])
    expect(await errors('_GetWatchlist("K") | where SearchKey == "1" | count', keyless)).toEqual([
      ['KQL120', '_GetWatchlist("K")'],
    ])
  })

  it('keep the columns that an exported one has already', async () => {
    const rows = [
      { _DTItemId: 'i1', LastUpdatedTimeUTC: '2025-01-01T00:00:00Z', SearchKey: 'k', a: 'b' },
    ]
    expect(await objects('_GetWatchlist("E")', { watchlists: { E: rows } })).toEqual([
      {
        _DTItemId: 'i1',
        LastUpdatedTimeUTC: '2025-01-01T00:00:00.0000000Z',
        SearchKey: 'k',
        a: 'b',
      },
    ])
  })

  it('warn once where the time of the update is read and not known', async () => {
    const { diagnostics } = await query('_GetWatchlist("K") | project LastUpdatedTimeUTC', {
      watchlists: { K: [{ a: 1 }, { a: 2 }] },
    })
    expect(diagnostics.map(({ code }) => code)).toEqual(['KQL202'])
  })

  it('refuse a search key that is no column, and a time that is none', async () => {
    await expect(
      openWorkspace({ watchlists: { A: { rows: [{ a: 1 }], searchKey: 'b' } } }),
    ).rejects.toThrow('has no column `b`, only a')
    await expect(
      openWorkspace({ watchlists: { A: { rows: [], lastUpdated: 'soon' } } }),
    ).rejects.toThrow('is no time')
  })

  describe('in files', () => {
    let folder = ''
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kqlab-watchlists-'))
      await writeFile(join(folder, 'w.csv'), 'Id,Name\n007,"a,b"\n08,2020-01-01T00:00:00Z\n')
      await writeFile(join(folder, 'w.json'), '[{"Id": 7.50, "Name": true}]')
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it('are text as it stands in the file', async () => {
      const csv = { watchlists: { W: { path: join(folder, 'w.csv'), searchKey: 'Id' } } }
      expect(await objects('_GetWatchlist("W") | project SearchKey, Name', csv)).toEqual([
        { SearchKey: '007', Name: 'a,b' },
        { SearchKey: '08', Name: '2020-01-01T00:00:00Z' },
      ])
      const json = { watchlists: { W: join(folder, 'w.json') } }
      expect(await objects('_GetWatchlist("W") | project Id, Name', json)).toEqual([
        { Id: '7.50', Name: 'true' },
      ])
    })
  })
})

describe('saved functions', () => {
  const functions = {
    Twice: '(x: long) { x * 2 }',
    Base: 'print x = 4',
    Add: { parameters: 'T: (*), n: long = 1', body: 'T | extend y = Twice(x) + n // the end' },
    Texts: "// with a comment\n(s: string = 'q(')\nprint s",
    helpers:
      'let H1 = (a: int) { a + 1 };\nlet H2 = (T: (x: long)) { T | extend h = H1(toint(x)) };',
    Lets: 'let a = 5; print a',
  }

  it('are called as functions of the query are', async () => {
    expect(await objects('Base | invoke Add(5)', { functions })).toEqual([{ x: 4, y: 13 }])
    expect(await objects('Add(Base, n = 7)', { functions })).toEqual([{ x: 4, y: 15 }])
    expect(await objects('Base() | extend z = Twice(x) | invoke H2()', { functions })).toEqual([
      { x: 4, z: 8, h: 5 },
    ])
    expect(await objects('Texts', { functions })).toEqual([{ print_0: 'q(' }])
    expect(await objects('Texts("r")', { functions })).toEqual([{ print_0: 'r' }])
    expect(
      await objects('Lets | where print_0 in ((Base | project x + 1))', { functions }),
    ).toHaveLength(1)
  })

  it('do not see the variables of the query, which hide them', async () => {
    const own = { F: 'print v = hidden', G: 'print v = 1' }
    expect(await errors('let hidden = 1; F', { functions: own })).toEqual([
      ['KS142', 'hidden', 'F'],
    ])
    expect(await objects('let G = () { print v = 2 }; G', { functions: own })).toEqual([{ v: 2 }])
  })

  it('win over tables of their name, which table() still names', async () => {
    const options = {
      tables: { T: [{ a: 1 }] },
      functions: { T: "table('T') | extend b = 2" },
    }
    expect(await objects('T', options)).toEqual([{ a: 1, b: 2 }])
  })

  it('have their faults in their own text', async () => {
    const faulty = {
      Bad: 'Base2\n| where zz > 1',
      Base2: 'print x = 4',
      Rec: 'Other | take 1',
      Other: 'Rec | take 2',
      Open: 'Base2 | where (x',
      Deep: 'Bad | count',
      Slow: 'print x = 1 | where tostring(x) matches regex "("',
      'No table': '',
    }
    const { 'No table': _, ...usable } = faulty
    const options = { functions: usable }
    expect(await errors('Bad', options)).toEqual([['KS142', 'zz', 'Bad']])
    expect(await errors('Deep', options)).toEqual([['KS142', 'zz', 'Bad']])
    expect(await errors('Rec', options)).toEqual([['KS140', 'Rec', 'Other']])
    expect(await errors('Open', options)).toEqual([['KS005', '(', 'Open']])
    expect(await errors('Slow', options)).toEqual([['KS160', '"("', 'Slow']])
    expect(await errors('print 1', options)).toEqual([])
    await expect(query('print 1', { functions: faulty })).rejects.toThrow('KQL121')
  })

  it('have the faults of their arguments in the query', async () => {
    expect(await errors('print Twice("a")', { functions })).toEqual([['KS107', '"a"']])
    expect(await errors('print Twise(1)', { functions })).toEqual([['KS211', 'Twise']])
    expect(await errors('Texts(1, 2)', { functions })).toEqual([['KS119', 'Texts(1, 2)']])
  })

  it('report tables without data at their place in the function', async () => {
    const { diagnostics } = await query('F', { functions: { F: '\nAuditLogs | count' } })
    expect(diagnostics.map(({ code, span, source }) => [code, span.start, source?.name])).toEqual([
      ['KQL102', 1, 'F'],
    ])
  })

  it('leave a fuzzy union where they are not known', async () => {
    const kql = 'union isfuzzy=true Base, Missing(1), (Gone() | take 1) | count'
    expect(await objects(kql, { functions })).toEqual([{ Count: 1 }])
    expect(
      await errors('union isfuzzy=true Base, (Base | extend y = Gone(x))', { functions }),
    ).toEqual([['KS211', 'Gone']])
  })

  it('refuse a text that is not one function', async () => {
    const texts = { A: { parameters: 'x: long', body: 'print x } ; let b = () { print 1' } }
    expect(await errors('A(1)', { functions: texts })).toEqual([['KQL121', '', 'A']])
    await expect(openWorkspace({ functions: { A: 'let a = 1; let b = 2;' } })).rejects.toThrow(
      'let statements of functions only',
    )
    const open = { F: 'let F = (x: long { x };' }
    const [first] = await errors('F', { functions: open })
    expect(first).toEqual(['KS005', '(', 'F'])
  })

  it('may not call each other too deep, nor too often', async () => {
    const chain = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `f${index}`,
          index === count - 1 ? 'print x = 1' : `f${index + 1} | where x > 0`,
        ]),
      )
    expect(await objects('f0', { functions: chain(90) })).toEqual([{ x: 1 }])
    expect(await errors('f0', { functions: chain(5000) })).toEqual([['KQL002', 'f100', 'f99']])
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`g${index}`, `union g${index + 1}, g${index + 1}`]),
    )
    const found = await errors('g0', { functions: { ...doubling, g40: 'print x = 1' } })
    expect(found).toEqual([['KQL002', expect.anything(), expect.anything()]])
  })

  it('are refused beside a workspace, which would hide them', async () => {
    const workspace = await openWorkspace({ functions })
    expect(await errors('Base', { workspace, functions })).toEqual([['KQL105', '']])
    expect(await objects('Base', { workspace })).toEqual([{ x: 4 }])
  })

  it('serve any number of prepared queries', async () => {
    const workspace = await openWorkspace({ functions })
    const first = prepare('Base | extend y = Twice(x)', { workspace })
    const second = prepare('Base | count', { workspace })
    expect((await first.run()).toObjects()).toEqual([{ x: 4, y: 8 }])
    expect((await second.run()).toObjects()).toEqual([{ Count: 1 }])
  })
})

describe('enrichments', () => {
  const FileProfile = [{ SHA1: 'aa', SHA256: 'cc', GlobalPrevalence: 5, FileSize: 9 }]
  const events =
    'datatable(SHA1: string, FileSize: long, ParentSHA256: string)["aa", 1, "cc", "bb", 2, ""]'

  it.each([
    'FileProfile(SHA1, 1000)',
    'FileProfile("SHA1")',
    'FileProfile()',
    'FileProfile(ParentSHA256)',
  ])('add the columns that rows lack: %s', async call => {
    const kql = `${events} | invoke ${call} | project SHA1, FileSize, GlobalPrevalence, SHA256, Signer`
    expect(await objects(kql, { enrichments: { FileProfile } })).toEqual([
      { SHA1: 'aa', FileSize: 1, GlobalPrevalence: 5, SHA256: 'cc', Signer: '' },
      { SHA1: 'bb', FileSize: 2, GlobalPrevalence: null, SHA256: '', Signer: '' },
    ])
  })

  it('have the documented columns, in front of them those of the rows', async () => {
    const { columns } = await query('print SHA1 = "x" | invoke FileProfile()', {
      enrichments: { FileProfile },
    })
    const names = columns.map(({ name }) => name)
    expect(names.slice(0, 4)).toEqual(['SHA1', 'SHA256', 'MD5', 'FileSize'])
    expect(names).toHaveLength(18)
  })

  it('are looked up by the first column where nothing says the keys', async () => {
    const enrichments = { SeenBy: [{ DeviceId: 'd', Seen: true }] }
    expect(await objects('print DeviceId = "d" | invoke SeenBy()', { enrichments })).toEqual([
      { DeviceId: 'd', Seen: true },
    ])
  })

  it.each([
    ['invoke FileProfile(Hash)', 'KS142'],
    ['invoke FileProfile(FileSize)', 'KS128'],
    ['invoke FileProfile(SHA1, 1, 2)', 'KS119'],
    ['invoke FileProfile(1)', 'KS109'],
    ['invoke FileProfile(SHA1, "x")', 'KS141'],
    ['invoke FileProfil(SHA1)', 'KS211'],
  ])('refuse %s with %s', async (call, code) => {
    const found = await errors(`${events} | ${call}`, { enrichments: { FileProfile } })
    expect(found).toEqual([[code, expect.anything()]])
  })

  it('name the option where they are not given', async () => {
    await expect(query('print SHA1 = "x" | invoke FileProfile(SHA1)')).rejects.toMatchObject({
      diagnostics: [{ code: 'KS211', hint: expect.stringContaining('--enrichment') as string }],
    })
  })

  it('give way to a function of that name', async () => {
    const kql =
      'let FileProfile = (T: (*)) { T | extend mine = 1 }; print SHA1 = "x" | invoke FileProfile()'
    expect(await objects(kql, { enrichments: { FileProfile } })).toEqual([{ SHA1: 'x', mine: 1 }])
  })

  it('refuse keys that are no columns', async () => {
    const wrong = { SeenBy: { rows: [{ a: 1 }], keys: ['b'] } }
    await expect(openWorkspace({ enrichments: wrong })).rejects.toThrow('no column `b`, only a')
    await expect(openWorkspace({ enrichments: { SeenBy: [] } })).rejects.toThrow('has no columns')
  })
})
