import { describe, expect, it } from 'vitest'
import { explainRow, explainRows, type RowExplanation } from '../../../src/index.ts'

type Rows = readonly Readonly<Record<string, unknown>>[]

const SIGNINS: Rows = [
  { Time: '2026-05-04T08:10:00Z', User: 'ada', Ip: '192.0.2.1', Result: 'fail' },
  { Time: '2026-05-04T08:20:00Z', User: 'ada', Ip: '192.0.2.1', Result: 'fail' },
  { Time: '2026-05-04T08:30:00Z', User: 'bob', Ip: '192.0.2.2', Result: 'fail' },
  { Time: '2026-05-04T08:40:00Z', User: 'ada', Ip: '192.0.2.3', Result: 'ok' },
]
const ALLOWED: Rows = [
  { Ip: '192.0.2.9', Active: true },
  { Ip: '192.0.2.1', Active: true },
  { Ip: '192.0.2.2', Active: false },
]

function follow(
  query: string,
  row: number,
  tables: Readonly<Record<string, Rows>> = { Logins: SIGNINS, Allowed: ALLOWED },
  table = 'Logins',
): Promise<RowExplanation> {
  return explainRow(query, row, { tables, table, now: '2026-05-04T12:00:00Z' })
}

/** Where the row ends, and why; of a row that ends nowhere, where it is. */
async function endOf(...args: Parameters<typeof follow>): Promise<string> {
  const { outcome, paths } = await follow(...args)
  const end = paths[0]?.end
  return `${outcome} ${end?.place.line}:${end?.place.column} ${end?.message}`
}

describe('where a row ends', () => {
  it('tells the parts of a condition that are not true, and their values', async () => {
    const query = 'Logins\n| where Result == "ok" and Time > ago(1h) and isnotempty(User)'
    expect(await endOf(query, 1)).toBe(
      'dropped 2:9 `Result == "ok"`: Result is "fail"; ' +
        '`Time > ago(1h)`: Time is 2026-05-04T08:10:00.0000000Z, ago(1h) is 2026-05-04T11:00:00.0000000Z',
    )
  })

  it('looks into or and not, and shows what a let stands for', async () => {
    const query = [
      'let user = "eve";',
      'let known = dynamic(["bob", "eve"]);',
      'Logins | where not(Result == "fail") or User == user or User in (known)',
    ].join('\n')
    expect(await endOf(query, 1)).toBe(
      'dropped 3:16 `not(Result == "fail") or User == user or User in (known)`: ' +
        'Result is "fail", User is "ada", user is "eve", known is ["bob","eve"]',
    )
  })

  it('says of a group that a condition leaves out how many rows it has', async () => {
    const query = [
      'Logins',
      '| where Result == "fail"',
      '| summarize n = count() by User, Hour = bin(Time, 1h)',
      '| where n > 5',
    ].join('\n')
    const found = await follow(query, 2)
    expect(found.paths[0]?.end.message).toBe(
      '`n > 5`: n is 2, in the group of 2 rows with User "ada", Hour 2026-05-04T08:00:00.0000000Z',
    )
    expect(found.paths[0]?.stages.map(({ operator, note }) => [operator, note])).toEqual([
      ['where', undefined],
      [
        'summarize',
        'folded into the group of 2 rows with User "ada", Hour 2026-05-04T08:00:00.0000000Z',
      ],
    ])
  })

  it('names the row on the other side of an anti-join', async () => {
    const query = 'Logins\n| join kind=leftanti (Allowed | where Active) on Ip'
    expect(await endOf(query, 1)).toBe(
      'dropped 2:3 a row with the same key is on the right side (row 2 of Allowed): Ip is "192.0.2.1"',
    )
    expect(await endOf(query, 3)).toBe('result 2:3 it is in row 1 of the result')
  })

  it('says of a row that only decides about others what it does', async () => {
    const anti = 'Logins\n| join kind=leftanti (Allowed | where Active) on Ip'
    const tables = { Logins: SIGNINS, Allowed: ALLOWED }
    expect(await endOf(anti, 2, tables, 'Allowed')).toBe(
      'used 2:3 it is on the right side of kind=leftanti, where its key takes away 2 of the rows of the left side',
    )
    expect(await endOf(anti, 3, tables, 'Allowed')).toBe('dropped 2:39 `Active`: Active is false')
    const subquery = 'Logins\n| where Ip in ((Allowed | where Active | project Ip))\n| take 1'
    expect(await endOf(subquery, 1, tables, 'Allowed')).toBe(
      'used 2:42 it is in a row of a subquery, whose value where in line 2 uses',
    )
    expect(await endOf(subquery, 3)).toContain(
      'dropped 2:9 `Ip in ((Allowed | where Active | project Ip))`: Ip is "192.0.2.2"',
    )
  })

  it('tells first of the side whose rows a join gives', async () => {
    const anti = 'Logins | join kind=rightanti (Logins | where Result == "ok") on User'
    const { outcome, paths } = await follow(anti, 1)
    expect(outcome).toBe('dropped')
    expect(paths.map(({ end }) => end.message)).toEqual([
      '`Result == "ok"`: Result is "fail"',
      'it is on the left side of kind=rightanti, where its key takes away 1 of the rows of the right side',
    ])
  })

  it('gives the nearest key, and which row has it', async () => {
    const query = 'Logins\n| where User == "bob"\n| join kind=inner (Allowed | where Active) on Ip'
    expect(await endOf(query, 3)).toBe(
      'dropped 3:3 no row of the right side has the key: Ip is "192.0.2.2"; ' +
        'the nearest Ip is "192.0.2.9" (row 1 of Allowed)',
    )
    const none = 'Logins\n| lookup kind=inner (Allowed | where Ip == "x") on Ip'
    expect(await endOf(none, 3)).toBe('dropped 2:3 the right side has no rows')
  })

  it('prefers a key of several parts with more equal ones', async () => {
    const tables = {
      A: [{ User: 'ada', Host: 'pc1' }],
      B: [
        { User: 'adb', Host: 'pc2' },
        { User: 'zoe', Host: 'pc1' },
      ],
    }
    expect(await endOf('A | join kind=inner B on User, Host', 1, tables, 'A')).toBe(
      'dropped 1:5 no row of the right side has the key: User is "ada", Host is "pc1"; ' +
        'the nearest is User "zoe", Host "pc1" (row 2 of B)',
    )
  })

  it('says that innerunique took another row', async () => {
    const query = 'Logins\n| join (Allowed) on Ip'
    expect(await endOf(query, 2)).toBe(
      'dropped 2:3 kind=innerunique takes one row of each key, and took another ' +
        '(row 1 of Logins): Ip is "192.0.2.1"',
    )
  })

  it('says of which of several rows innerunique took another', async () => {
    const tables = { A: [{ Keys: ['x', 'a'] }, { Keys: ['a'] }], B: [{ Key: 'a' }] }
    const query =
      'A | mv-expand Key = Keys to typeof(string) | sort by array_length(Keys) asc | join B on Key'
    expect(await endOf(query, 1, tables, 'A')).toBe(
      `dropped 1:${query.indexOf('join') + 1} none of the 2 rows made of it comes through, ` +
        'number 2 because kind=innerunique takes one row of each key, and took another ' +
        '(row 2 of A): Key is "a"',
    )
  })

  it('tells the pair of a join that fails the least', async () => {
    const tables = {
      A: [{ Key: 1, X: 10 }],
      B: [
        { Key: 1, Y: 1, Z: 1 },
        { Key: 1, Y: 1, Z: 9 },
      ],
    }
    expect(
      await endOf('A | join kind=inner B on Key\n| where Y > 5 and Z > 5', 1, tables, 'A'),
    ).toBe('dropped 2:9 none of the 2 rows made of it passes, the nearest not by `Y > 5`: Y is 1')
  })

  it('says what an element lacks, and that there is none', async () => {
    const tables = { T: [{ Items: [] }, { Items: [{ n: 1 }, { n: 2 }] }] }
    const query = 'T\n| mv-expand Item = Items\n| where toint(Item.n) > 5'
    expect(await endOf(query, 1, tables, 'T')).toBe('dropped 2:3 Items is [], which has no element')
    expect(await endOf(query, 2, tables, 'T')).toBe(
      'dropped 3:9 none of the 2 rows made of it passes, the nearest not by ' +
        '`toint(Item.n) > 5`: toint(Item.n) is 1',
    )
  })

  it('takes of equals the element that has most of the texts it is compared with', async () => {
    const items = (...names: readonly string[]) => ({ Items: names.map(name => ({ name })) })
    const tables = { T: [items('phone', 'PassExtra', 'key'), items('phone', 'key'), items('x')] }
    const query =
      'T\n| mv-expand Item = Items\n| where tostring(Item.name) has "pass" or rand() > 2'
    const nearest = (count: number, value: string) =>
      `dropped 3:9 none of the ${count} rows made of it passes, the nearest not by ` +
      `\`tostring(Item.name) == "pass"\`: tostring(Item.name) is "${value}"`
    const equal = query.replace('has "pass" or rand() > 2', '== "pass"')
    expect(await endOf(equal, 1, tables, 'T')).toBe(nearest(3, 'PassExtra'))
    expect(await endOf(equal, 2, tables, 'T')).toBe(nearest(2, 'phone'))
    // What varies is not computed again.
    expect(await endOf(query, 1, tables, 'T')).toContain('was not true; it varies')
  })

  it('follows elements into the body of mv-apply', async () => {
    const tables = { T: [{ Items: [{ n: 1 }, { n: 2 }] }, { Items: [] }] }
    const query = 'T\n| mv-apply Item = Items on (\n    where toint(Item.n) > 5)'
    expect(await endOf(query, 1, tables, 'T')).toBe(
      'dropped 3:11 none of the 2 rows made of it passes, the nearest not by ' +
        '`toint(Item.n) > 5`: toint(Item.n) is 1',
    )
    expect(await endOf(query, 2, tables, 'T')).toBe('dropped 2:3 Items is [], which has no element')
  })

  it('says which of several rows it followed into a body', async () => {
    const tables = { T: [{ Items: [1, 2] }] }
    const query =
      'T | mv-expand n = Items to typeof(long) | mv-apply m = pack_array(n) to typeof(long) on (where m > 5)'
    expect(await endOf(query, 1, tables, 'T')).toBe(
      `dropped 1:${query.indexOf('m > 5') + 1} none of the 2 rows made of it comes through, ` +
        'the first because `m > 5`: m is 1',
    )
  })

  it('says what of a pattern is not found', async () => {
    const tables = { T: [{ Msg: 'login of ada' }, { Msg: 'user=ada' }] }
    const strict = 'T\n| parse-where Msg with * "user=" User " from" *'
    expect(await endOf(strict, 1, tables, 'T')).toBe(
      'dropped 2:3 the pattern does not match: "user=" is not found in Msg; Msg is "login of ada"',
    )
    expect(await endOf(strict, 2, tables, 'T')).toBe(
      'dropped 2:3 the pattern does not match: " from" is not found in Msg; Msg is "user=ada"',
    )
    const loose = 'T\n| parse Msg with * "user=" User\n| where User == "ada"'
    expect(await endOf(loose, 1, tables, 'T')).toBe(
      'dropped 3:9 `User == "ada"`: User is ""; ' +
        'the pattern of parse in line 2 does not match: "user=" is not found in Msg',
    )
    expect(await endOf(loose, 2, tables, 'T')).toBe('result 3:3 it is in row 1 of the result')
  })

  it('says of a pattern that only the type of its last column does not fit', async () => {
    const tables = { T: [{ Msg: 'n=5;' }, { Msg: 'n=5' }, { Msg: 'n=5; ' }] }
    const typed = 'T | parse-where Msg with "n=" n: long'
    const fault =
      'the pattern does not match: what stands at the end of Msg has not the type of its column'
    expect(await endOf(typed, 1, tables, 'T')).toBe(`dropped 1:5 ${fault}; Msg is "n=5;"`)
    expect(await endOf(typed, 2, tables, 'T')).toBe('result 1:5 it is in row 1 of the result')
    expect(await endOf('T | parse-where Msg with "n=" n: long ";"', 3, tables, 'T')).toBe(
      'dropped 1:5 the pattern does not match: Msg does not end as it does; Msg is "n=5; "',
    )
  })

  it('says which of several rows a pattern does not fit', async () => {
    const tables = { T: [{ Items: ['a', 'n=1', 'b'] }] }
    const query = 'T | mv-expand Item = Items to typeof(string) | parse Item with "n=" n: long'
    const { paths } = await follow(query, 1, tables, 'T')
    expect(paths[0]?.stages.map(({ operator, note }) => [operator, note])).toEqual([
      ['mv-expand', undefined],
      ['parse', 'the pattern does not match the first of the 3 rows: "n=" is not found in Item'],
    ])
  })

  it('says which rows top and take keep', async () => {
    expect(await endOf('Logins\n| take 2', 3)).toBe(
      'dropped 2:3 it is row 3 of 4 here, and take keeps the first 2',
    )
    expect(await endOf('Logins\n| top 1 by Time', 3)).toBe(
      'dropped 2:3 it is in place 2 of 4, and top keeps 1: Time is 2026-05-04T08:30:00.0000000Z, ' +
        'of the last one kept 2026-05-04T08:40:00.0000000Z',
    )
  })

  it('says it of a row of which very many were made', async () => {
    const query = 'Logins | mv-expand n = range(1, 200000) to typeof(long) | take 0'
    expect(await endOf(query, 2)).toBe(
      'dropped 1:59 it is row 200001 of 800000 here, and take keeps the first 0',
    )
  })

  it('says which row of a group arg_max took', async () => {
    const query = 'Logins\n| summarize arg_max(Time, *) by User\n| where Result == "fail"'
    const { paths } = await follow(query, 1)
    expect(paths[0]?.stages.at(-1)?.note).toBe(
      'folded into the group of 3 rows with User "ada"; ' +
        'arg_max(Time, *) took another row (row 4 of Logins)',
    )
    expect(paths[0]?.end.message).toBe(
      '`Result == "fail"`: Result is "ok", in the group of 3 rows with User "ada"; ' +
        'arg_max(Time, *) took another row of it (row 4 of Logins)',
    )
  })

  it('says of how many groups the rows made of one row are part', async () => {
    const query = 'Logins | mv-expand n = range(1, 3) to typeof(long) | summarize c = count() by n'
    const { paths } = await follow(query, 1)
    expect(paths[0]?.stages.at(-1)?.note).toBe(
      'folded into 3 groups, first the group of 4 rows with n 1',
    )
  })

  it('follows a row into the groups of distinct and to the result', async () => {
    expect(await endOf('Logins | distinct User', 4)).toBe(
      'result 1:10 it is in row 1 of the result',
    )
  })

  it('tells the source of a union, and every place in which a table is read', async () => {
    const query = 'union\n  (Logins | where Result == "ok"),\n  (Logins | where User == "bob")'
    const { outcome, paths } = await follow(query, 3)
    expect(outcome).toBe('result')
    expect(paths.map(({ end, stages }) => [end.kind, end.place.line, stages.at(-1)?.note])).toEqual(
      [
        ['result', 1, 'source 2 of 2'],
        ['dropped', 2, undefined],
      ],
    )
  })

  it('follows rows through materialize, as and windows of rows', async () => {
    const query = [
      'let Fails = materialize(Logins | where Result == "fail");',
      'Fails',
      '| sort by Time asc',
      '| extend n = row_number()',
      '| where n > 2',
      '| join kind=inner (Fails | summarize c = count() by User) on User',
    ].join('\n')
    expect(await endOf(query, 3)).toBe('result 6:3 it is in row 1 of the result')
    expect(await endOf(query, 1)).toBe('dropped 5:9 `n > 2`: n is 1')
  })

  it('follows rows into partitions', async () => {
    const query = 'Logins\n| partition by User (\n    top 1 by Time)'
    expect(await endOf(query, 1)).toBe(
      'dropped 3:5 it is in place 3 of 3, and top keeps 1: Time is 2026-05-04T08:10:00.0000000Z, ' +
        'of the last one kept 2026-05-04T08:40:00.0000000Z',
    )
    expect(await endOf(query, 3)).toBe('result 2:3 it is in row 2 of the result')
  })

  it('has the rows of a group as the group has them, where its key varies', async () => {
    const query =
      'Logins | summarize n = count(), Ips = make_set(Ip) by r = toint(rand(1000)) | where n > 9'
    const { paths } = await follow(query, 1)
    expect(paths[0]?.end.message).toContain('`n > 9`: n is 1, in the group of 1 row with r ')
    const parts = 'Logins | partition by User (where rand() < 0.5) | where Ip == "x"'
    const { paths: ways } = await follow(parts, 1)
    expect(['dropped', 'unfollowed']).toContain(ways[0]?.end.kind)
  })

  it.each(['todecimal(1.5)', 'real(nan)', 'datetime(2026-01-01)', '"a"', 'int(null)'])(
    'finds the rows of a partition by %s',
    async key => {
      const query = `Logins | extend k = ${key} | partition by k (top 1 by Time asc)`
      expect(await endOf(query, 3)).toBe(
        `dropped 1:${query.indexOf('top') + 1} it is in place 3 of 4, and top keeps 1: ` +
          'Time is 2026-05-04T08:30:00.0000000Z, of the last one kept 2026-05-04T08:10:00.0000000Z',
      )
    },
  )

  it('follows no rows where partition has more values than it takes', async () => {
    const query = 'Logins | mv-expand n = range(1, 65) to typeof(long) | partition by n (take 1)'
    await expect(follow(query, 1)).rejects.toThrow(
      'partition with the strategy legacy takes 64 values of `n`, not 65.',
    )
  })

  it('follows rows into partitions of partitions that read the outer one', async () => {
    const query =
      'Logins | partition by User (as P | partition by Ip (where Time == toscalar(P | summarize max(Time)) | project Time, Ip))'
    expect(await endOf(query, 1)).toBe(
      `dropped 1:${query.indexOf('Time ==') + 1} \`Time == toscalar(P | summarize max(Time))\`: ` +
        'Time is 2026-05-04T08:10:00.0000000Z, toscalar(P | summarize max(Time)) is 2026-05-04T08:40:00.0000000Z',
    )
  })

  it('counts the partners of all rows made of one', async () => {
    const query =
      'Allowed | join kind=leftsemi (Logins | mv-expand n = range(1, 30) to typeof(long) | extend Ip = strcat("192.0.2.", n - 20)) on Ip'
    expect(await endOf(query, 1)).toBe(
      'used 1:11 it is on the right side of kind=leftsemi, where its key lets through 3 of the rows of the left side',
    )
  })

  it('knows no row between two', async () => {
    await expect(follow('Logins', 1.5)).rejects.toThrow(
      'There is no row 1.5: the table has 4 rows.',
    )
  })

  it('says that it cannot follow', async () => {
    const query = 'Logins\n| make-graph User --> Ip\n| graph-match (a)-[e]->(b) project e.User'
    expect(await endOf(query, 1)).toBe(
      'unfollowed 3:3 rows cannot be followed through graph-match (a)-[e]->(b) project e.User',
    )
    const body = 'range x from 1 to 2 step 1 | partition by x { Logins | where Result == "ok" }'
    expect(await endOf(body, 1)).toBe(
      'unfollowed 1:47 rows of a table are not followed inside a subquery that runs for each row',
    )
  })

  it('leaves out rows outside of the window of the run', async () => {
    const rows = SIGNINS.map(({ Time, ...rest }) => ({ TimeGenerated: Time, ...rest }))
    const window = { from: '2026-05-04T08:20:00Z', to: '2026-05-04T08:30:00Z' }
    const at = async (row: number) =>
      (await explainRow('Logins', row, { tables: { Logins: rows }, window })).paths[0]?.end
    expect(await at(1)).toMatchObject({
      kind: 'dropped',
      reason: 'window',
      message:
        'TimeGenerated is 2026-05-04T08:10:00.0000000Z, outside of the window of the run: ' +
        '2026-05-04T08:20:00.0000000Z to 2026-05-04T08:30:00.0000000Z',
    })
    expect(await at(2)).toMatchObject({ kind: 'result', rows: [1] })
    expect(await at(3)).toMatchObject({ kind: 'result', rows: [2] })
    expect((await at(4))?.kind).toBe('dropped')
  })
})

describe('what is shown of a condition', () => {
  const T = [
    { Id: 1, K: 'a', V: 1 },
    { Id: 2, K: 'b', V: 5 },
  ]
  const at = (query: string, row = 1) => endOf(query, row, { T, R: [{ W: 3 }, { W: 4 }] }, 'T')

  it('is its text, with the parentheses that belong to it', async () => {
    expect(await at('T | where K in~ ("x)", "y") or (V > 3 and (V < 5))')).toBe(
      'dropped 1:11 `K in~ ("x)", "y") or (V > 3 and (V < 5))`: K is "a", V is 1',
    )
    expect(await at('T | where ((V > 3) or V == 0) and (Id > 0)')).toBe(
      'dropped 1:12 `(V > 3) or V == 0`: V is 1',
    )
  })

  it('is its text without comments, and with strings as they are', async () => {
    expect(await at('T | where (V > 3 // :( or\n or (K == "b")) and Id > 0')).toBe(
      'dropped 1:12 `V > 3 or (K == "b")`: V is 1, K is "a"',
    )
    expect(await at('T | where (K == @"C:\\") or (K == "x") | where Id > 0')).toBe(
      'dropped 1:11 `(K == @"C:\\") or (K == "x")`: K is "a"',
    )
    expect(await at("T | where (K == '''(''') or (K == h\"x)\")")).toBe(
      "dropped 1:11 `(K == '''(''') or (K == h\"x)\")`: K is \"a\"",
    )
  })

  it('is a call whose value is a column of the engine', async () => {
    expect(await at('T | sort by Id asc | where row_number() > 1 and V < 9')).toBe(
      'dropped 1:28 `row_number() > 1`: row_number() is 1',
    )
    expect(await at('T | sort by Id asc | where next(V) - V > 5')).toBe(
      'dropped 1:28 `next(V) - V > 5`: next(V) - V is 4',
    )
  })

  it('is nothing where rows are read for nothing', async () => {
    const { paths } = await follow('T | consume', 1, { T }, 'T')
    expect(paths[0]?.end).toMatchObject({
      kind: 'dropped',
      operator: 'consume',
      message: 'consume gives no row for it',
    })
  })

  it('is the value of a subquery too', async () => {
    expect(await at('T | where V > toscalar(R | summarize max(W))')).toBe(
      'dropped 1:11 `V > toscalar(R | summarize max(W))`: V is 1, toscalar(R | summarize max(W)) is 4',
    )
  })

  it('is no value of what varies', async () => {
    expect(await at('T | where rand() > 2')).toBe(
      'dropped 1:11 `rand() > 2` was not true; it varies, so that its values cannot be told',
    )
  })

  it('is in the function that has it', async () => {
    const query = 'let f = (t: (V: long), n: long) { t | where V > n };\nf(T, 6)'
    expect(await at(query)).toBe('dropped 1:45 `V > n`: V is 1, n is 6')
  })

  it('is what make-series asks of its axis', async () => {
    const query = 'T | make-series n = count() on V from 2 to 9 step 1'
    expect(await at(query)).toBe('dropped 1:5 `V >= 2`: V is 1')
    expect(await at(query, 2)).toBe('result 1:5 it is in row 1 of the result')
  })

  it('is what make-series asks of numbers, of which NaN is none', async () => {
    const tables = {
      T: {
        rows: [
          { K: 'a', V: 1 },
          { K: 'b', V: Number.NaN },
          { K: 'b', V: null },
          { K: 'c', V: Number.NaN },
          { K: 'c', V: 3 },
        ],
        schema: { K: 'string', V: 'real' },
      },
    } as const
    const ends = async (query: string) => {
      const { rows } = await explainRows(query, { tables, rows: [1, 2, 3, 4, 5] })
      return rows.map(({ paths: [path] }) => path?.end.message)
    }
    const none = 'it has no point on the grid of the series'
    expect(await ends('T | make-series n = count() on V step 1.0 by K')).toEqual([
      'it is in row 1 of the result',
      none,
      none,
      none,
      'it is in row 2 of the result',
    ])
    const only = 'it is in row 1 of the result'
    expect(await ends('T | make-series n = count() on V step 1.0')).toEqual([
      only,
      none,
      none,
      none,
      only,
    ])
  })

  it('says so where several rows come to an operator and none comes through', async () => {
    const query =
      'T | extend L = dynamic([1, 2]) | mv-expand L to typeof(long) | join kind=inner R on $left.L == $right.W'
    expect(await at(query)).toBe(
      'dropped 1:64 none of the 2 rows made of it comes through, the first because ' +
        'no row of the right side has the key: L is 1; the nearest W is 3 (row 1 of R)',
    )
  })

  it('is told for each of several results', async () => {
    const { paths } = await follow(
      'T | fork (where V > 3) (summarize n = count() by K | where n > 5)',
      2,
      { T },
      'T',
    )
    expect(paths.map(({ end }) => [end.kind, end.message])).toEqual([
      ['result', 'it is in row 1 of the result 1'],
      ['dropped', '`n > 5`: n is 1, in the group of 1 row with K "b"'],
    ])
  })
})
