import { describe, expect, it } from 'vitest'
import { prepare } from '../../../../src/api/prepare.ts'
import { openWorkspace } from '../../../../src/api/workspace.ts'
import { Catalog } from '../../../../src/tables/catalog.ts'
import { synthesize } from '../../../../src/testing/synth/synthesize.ts'
import { KqlError } from '../../../../src/text/kql-error.ts'

const catalog = Catalog.empty().with({
  T: {
    TimeGenerated: 'datetime',
    s: 'string',
    t: 'string',
    ip: 'string',
    n: 'long',
    i: 'int',
    r: 'real',
    b: 'bool',
    d: 'dynamic',
    j: 'string',
    span: 'timespan',
    g: 'guid',
    at: 'datetime',
  },
  U: { TimeGenerated: 'datetime', s: 'string', n: 'long', d: 'dynamic' },
})
const now = '2026-03-17T12:00:00Z'

/** Queries that give no row over empty tables, so that a row of the result is one of what was made. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  comparisons: [
    's == "abc"',
    's != ""',
    's =~ "ABC"',
    'n > 41',
    'n between (10 .. 12)',
    'n !between (-5 .. 5)',
    'i < -3',
    'r > 0.25 and r < 0.5',
    'b',
    'not(b)',
    'isnull(n)',
    'span > 2h',
    'isnotempty(g)',
    '"abc" == s',
    '5 < n',
  ],
  texts: [
    's has "needle"',
    's has_any ("one", "two")',
    's has_all ("one", "two")',
    's contains "ell" and s startswith "h" and s endswith "o"',
    's matches regex @"^[A-Z]{3}-\\d+$"',
    's matches regex @"(?i)\\bcmd\\.exe\\b" and s has "powershell"',
    's !has "sample" and s !contains "x" and isnotempty(s)',
    's in ("a", "b") and s !in ("a")',
    's in~ ("A")',
    's !in~ ("sample", "SAMPLE1") and s != ""',
    'strlen(s) == 7',
    'ipv4_is_private(ip)',
    'isnotempty(ip) and not(ipv4_is_private(ip))',
    'ipv4_is_in_range(ip, "198.51.100.0/24")',
  ],
  'and, or, branches': [
    '(s == "a" and s == "b") or n == 3',
    's == "a" and (t == "x" or t == "y") and t != "x"',
    'iff(n > 3, s, t) == "chosen" and n < 3',
    'case(n == 1, "one", n == 2, "two", "many") == "two"',
    'coalesce(s, t) == "second" and isempty(s)',
    'case(isnotempty(s), split(s, ","), n == 1, "one", "none") != "none"',
    'not(n == 1 or s == "a") and isnotempty(s)',
  ],
  'what is computed': [
    'tolower(s) == "abc"',
    'toupper(s) == "ABC"',
    'strcat("pre-", s, "-post") == "pre-x-post"',
    'split(s, "@")[1] == "contoso.com"',
    'array_length(split(s, "/")) > 3',
    'extract(@"user=(\\w+);", 1, s) == "root"',
    'substring(s, 2, 3) == "abc"',
    'toint(s) > 17',
    'todatetime(s) > datetime(2026-01-01) and isnotempty(s)',
    'n + 5 == 12',
    'n * 2 > 100',
    'extract(@"\\.([a-z])*", 0, s) has_any (".pdf", ".docx")',
    'tostring(split(s, ".")[-5]) != ""',
    'n / 10 == 4',
    'n / -2 > 10',
    'n / 1000 > 1000',
    'n / 7 < -20',
    'n * -2 > 10',
    'r * -0.5 < -3.0',
    '-n > 5',
    '-span > 1h',
    'split(s, "x")[1] == "b"',
    'array_length(split(s, "xa")) == 4',
    'extract(@"(\\d+)", 1, s, typeof(long)) == 42',
    'toint(extract(@"code (\\d+)", 1, s)) between (5 .. 7)',
    'datetime_add("day", 3, at) == datetime(2020-05-05)',
    'unixtime_seconds_todatetime(n) == datetime(2020-05-05)',
    'unixtime_milliseconds_todatetime(tolong(s)) > datetime(2020-05-05)',
    'tostring(n) startswith "12"',
    'hourofday(TimeGenerated) == 3',
    'dayofweek(TimeGenerated) == 6d',
    'TimeGenerated > ago(1h)',
    'TimeGenerated between (ago(3d) .. ago(2d))',
    'now() - TimeGenerated > 10d',
    'datetime_diff("hour", now(), TimeGenerated) > 30',
    'bin(TimeGenerated, 1d) == datetime(2026-03-15)',
    'trim("x", s) == "abc"',
  ],
  'inside of dynamics': [
    'd.a.b == "v"',
    'tostring(d[1].name) has "x"',
    'toint(d.n) == 7',
    'd.ok == true',
    'd has "text" and d.a == "other"',
    'array_length(d) == 3',
    'array_length(d.items) > 2 and d.items[0].a == "b"',
    'parse_json(j).a == "v" and parse_json(j).b[0].c == 5',
    'tostring(parse_json(tostring(d.inner)).x) == "y"',
    'isnotempty(d.a) and isempty(d.b)',
    'bag_has_key(d, "k")',
    'bag_keys(d)[0] == "k"',
  ],
}

async function rowsWithout(text: string): Promise<number> {
  const result = await prepare(text, { catalog }).run({ tables: {}, now })
  return result.rowCount
}

async function expectFires(text: string): Promise<void> {
  expect(await rowsWithout(text)).toBe(0)
  const made = await synthesize(text, { catalog, now })
  expect(made).toMatchObject({ fired: true, unsolved: [] })
  // What was made is what the query gives its rows for.
  const result = await prepare(text, { catalog }).run({ tables: made.tables, now, strict: true })
  expect(result.rowCount).toBe(made.resultRows)
}

describe.each(Object.entries(SHAPES))('predicates: %s', (_, predicates) => {
  it.each(predicates)('%s', predicate => expectFires(`T | where ${predicate}`))
})

describe('operators', () => {
  it.each([
    'T | summarize c = count() by s | where c > 10',
    'T | summarize c = dcount(t) by s | where c >= 5',
    'T | summarize bad = countif(n == 1), good = countif(n == 2) by s | where bad > 3 and good == 1',
    'T | summarize c = dcountif(t, n > 3) by s | where c > 2',
    'T | summarize l = make_set(t) by s | where array_length(l) > 2',
    'T | summarize l = makeset(t) by s | where array_length(l) > 2',
    'T | summarize a = argmax(TimeGenerated, t) by s | where max_TimeGenerated_t == "x"',
    'T | summarize l = make_set(n) by s | where l has_all (0, 50126)',
    'T | summarize l = make_set_if(t, n > 5) by s | where l has "x"',
    'T | summarize a = min(TimeGenerated), z = max(TimeGenerated) by s | where z - a > 1h',
    'T | summarize arg_max(TimeGenerated, *) by s | where t == "last" and n > 2',
    'T | summarize total = sum(n) by s | where total > 1000',
    'T | summarize m = avgif(n, t == "x") by s | where m > 3.5',
    'T | summarize take_any(t) by s, bin(TimeGenerated, 1h) | summarize hours = count() by s | where hours > 3',
    'T | summarize c = count() by s, t | summarize k = dcount(t), m = max(c) by s | where k > 2 and m >= 2',
    'T | distinct s | where s has "x" | count | where Count > 2',
    'T | join kind=inner (U | where n == 3) on s | where n1 > n',
    'T | where s startswith "a" | join (U | where s endswith "z") on s',
    'T | join kind=leftouter U on s | where isempty(s1)',
    'T | join kind=leftouter U on s | where n1 == 4',
    'T | join kind=leftanti (U | where n > 0) on s | where t == "left"',
    'T | join kind=rightanti U on s | where n == 1',
    'T | join kind=leftsemi U on s',
    'T | join kind=fullouter U on s | where isempty(s) and n1 == 2',
    'T | where tolower(s) == "abc" | join U on $left.s == $right.s',
    'T | extend k = tostring(split(s, "@")[0]) | join kind=inner U on $left.k == $right.s',
    'T | join kind=inner U on s | where TimeGenerated between (TimeGenerated1 .. 10m) and TimeGenerated != TimeGenerated1',
    'union (T | where n == 1 and n == 2), (U | where n == 5)',
    'union T, U | where s == "x" | summarize c = count() | where c > 1',
    'T | mv-expand e = d.items | where e.name == "a" and e.value has "b"',
    'T | mv-expand e = d to typeof(string) | where e == "x"',
    'T | mv-apply e = d on (where e.k == "x" | project v = tostring(e.v)) | where v == "y"',
    'T | mv-apply e = d on (where e.k == "x") | mv-apply f = d on (where f.k == "y")',
    'T | mv-apply e = d on (where e > 5 | summarize c = count()) | where c >= 3',
    'T | parse s with "user=" u " from " a ":" * | where u == "root" and a startswith "10."',
    'T | parse s with * "code " code:long | where code > 400',
    'T | parse-where s with "a=" a ";" * | where a has "x"',
    'T | where s in ((U | where n > 3 | project s))',
    'T | where s !in ((U | where n > 3 | project s)) and isnotempty(s)',
    'let m = toscalar(U | summarize max(n)); T | where n > m and m > 5',
    'let l = datatable(k: string, v: long)["a", 1, "b", 2]; T | join l on $left.s == $right.k | where v == 2',
    'let l = datatable(k: string)["a", "b"]; T | where s in (l) and s != "a"',
    'let f = (x: string) { U | where s == x }; T | join (f("q")) on s',
    'T | project x = s, y = n + 1 | where x == "a" and y == 3 | sort by y | top 5 by y | take 1',
    'T | summarize c = count() by s | as X | join (X | where c > 2) on s',
    'T | where d has "x" | extend p = parse_json(j) | mv-expand p | where p.a == "z" and p.b > 2',
    // First seen: nothing of the same key before.
    'T | where TimeGenerated > ago(1d) | join kind=leftanti (T | where TimeGenerated between (ago(14d) .. ago(1d))) on s',
    'T | sort by s asc, TimeGenerated asc | extend p = prev(t), q = prev(s) | extend at = prev(TimeGenerated) | where s == q and t != p and TimeGenerated - at < 1h',
    'T | sort by TimeGenerated desc | extend later = next(n) | where later - n > 5',
    'T | serialize | where n == 2 | extend k = row_number() | where n > 1',
  ])('%s', expectFires)
})

describe('rows that are made', () => {
  it('have the columns that matter, before now', async () => {
    const text = 'T | where s == "a" and d.x[0].y == 3 | extend z = t | where n in (7, 8)'
    const { tables, now: at } = await synthesize(text, { catalog, now })
    expect(at).toBe('2026-03-17T12:00:00.0000000Z')
    expect(JSON.parse(JSON.stringify(tables))).toEqual({
      T: [{ TimeGenerated: '2026-03-17T11:30:00.0000000Z', s: 'a', n: 7, d: { x: [{ y: 3 }] } }],
    })
  })

  it('are as many as a threshold needs, and not more', async () => {
    const text = 'T | summarize c = count(), k = dcount(t) by s | where c > 4 and k >= 2'
    const { tables } = await synthesize(text, { catalog, now })
    expect(tables.T).toHaveLength(5)
    expect(new Set(tables.T?.map(row => row.t)).size).toBe(2)
    expect(new Set(tables.T?.map(row => row.s)).size).toBe(1)
  })

  it.each([
    ['T | summarize c = count() by s | where c < 10', 1],
    ['T | summarize c = count() by s | where c != 1', 2],
    ['T | summarize c = dcount(t), k = countif(n == 2) by s | where c <= 8 and k < 9', 1],
    ['T | summarize c = count(), f = countif(n == 1) by s | where toreal(f) / c > 0.5', 1],
    // Fires where there is nothing.
    ['T | summarize c = count() | where c == 0', undefined],
  ])('are no more than a group needs: %s', async (text, count) => {
    const { fired, unsolved, tables } = await synthesize(text, { catalog, now })
    expect([fired, unsolved, tables.T?.length]).toEqual([true, [], count])
  })

  it('lie within the period', async () => {
    const period = 3_000_000_000n
    const { tables, fired } = await synthesize('T | where s == "a"', { catalog, now, period })
    expect(fired).toBe(true)
    const time = Date.parse(String(tables.T?.[0]?.TimeGenerated))
    expect(time).toBeGreaterThan(Date.parse(now) - 300_000)
    expect(time).toBeLessThanOrEqual(Date.parse(now))
  })

  it.each([
    'union P* | where wanted == "a" and also == "b"',
    'union P* | extend w = tolower(wanted) | where w == "a" | project-rename z = also | where z == "b"',
    'print s = "x" | where s in ((union P* | where wanted == "x" and also == "b" | project wanted))',
  ])('are of the table of many that has the columns: %s', async text => {
    const parts = Array.from({ length: 9 }, (_, at) => [`P${at}`, { wanted: 'string' }] as const)
    const many = Catalog.empty().with({
      ...Object.fromEntries(parts),
      P7: { wanted: 'string', also: 'string' },
    })
    const { fired, tables } = await synthesize(text, { catalog: many, now })
    expect([fired, Object.keys(tables)]).toEqual([true, ['P7']])
  })

  it('are as many as the result is to have', async () => {
    const made = await synthesize('T | where n > 3 | distinct s', { catalog, now, rows: 3 })
    expect(made).toMatchObject({ fired: true, resultRows: 3 })
    const groups = 'T | summarize c = count() by s | where c >= 2'
    const grouped = await synthesize(groups, { catalog, now, rows: 2 })
    expect(grouped).toMatchObject({ fired: true, resultRows: 2 })
    expect(grouped.tables.T).toHaveLength(4)
    const many = await synthesize('T | where n > 3', { catalog, now, rows: 500 })
    expect(many).toMatchObject({ fired: true, resultRows: 500 })
  })

  it('are the same each time', async () => {
    const text = 'T | where s matches regex "[a-z]{4}" | summarize c = dcount(t) by s | where c > 3'
    const [first, second] = await Promise.all([
      synthesize(text, { catalog, now }),
      synthesize(text, { catalog, now }),
    ])
    expect(first).toEqual(second)
  })

  it('take values from a watchlist', async () => {
    const workspace = await openWorkspace({
      watchlists: { vip: { rows: [{ upn: 'a@x' }, { upn: 'b@x' }], searchKey: 'upn' } },
    })
    const text =
      'T | join (_GetWatchlist("vip") | where upn startswith "b") on $left.s == $right.upn'
    const { tables, fired } = await synthesize(text, { catalog, now, workspace })
    expect(fired).toBe(true)
    expect(tables).toMatchObject({ T: [{ s: 'b@x' }] })
    expect(Object.keys(tables)).toEqual(['T'])
  })

  it('take values from external data', async () => {
    const text =
      'let l = externaldata(k: string)["https://example.org/l.csv"]; T | where s in (l) and n == 2'
    const externalData = { 'https://example.org/l.csv': [{ k: 'known' }] }
    const made = await synthesize(text, { catalog, now, externalData })
    expect(made).toMatchObject({ fired: true, tables: { T: [{ s: 'known', n: 2 }] } })
  })
})

describe('what is not solved', () => {
  it.each([
    ['T | where s == "a" and s == "b"', 's == "b"', /^no value was found for `s == "b"`/],
    ['T | where n == 1 and 1 == 2', '1 == 2', /^no value was found/],
    [
      'T | where array_length(d) == 1 and d[1].a == "b"',
      'array_length(d) == 1',
      /^no value was found for `array_length\(d\) == 1` that makes it true$/,
    ],
    [
      'T | make-series c = count() on TimeGenerated step 1h by s | where array_sum(c) > 5',
      'where array_sum(c) > 5',
      /^the rows that were made end at this where$/,
    ],
    [
      'externaldata(k: string)["https://example.org/x"] | where k == "a"',
      '"https://example.org/x"',
      /^the run fails: No data was given/,
    ],
    [
      'T | summarize c = dcount(t) by s | where c > 1000000',
      'dcount(t)',
      /^a group would need 1000\d+ different rows$/,
    ],
  ])('%s', async (text, at, reason) => {
    const { fired, unsolved } = await synthesize(text, { catalog, now })
    expect(fired).toBe(false)
    expect(unsolved[0]?.reason).toMatch(reason)
    const { start, end } = unsolved[0]?.span ?? { start: 0, end: 0 }
    expect(text.slice(start, end)).toBe(at)
  })

  it('is told also where chance made up for it', async () => {
    const text = 'T | where s == "a" | sort by n | extend p = row_number() | where p == 1'
    const { fired, unsolved } = await synthesize(text, { catalog, now })
    expect(fired).toBe(true)
    expect(unsolved.map(({ reason }) => reason)).toEqual(['a window function is not traced back'])
  })

  it('is an error where the query has one', async () => {
    await expect(synthesize('T | where nope == 1', { catalog, now })).rejects.toThrow(KqlError)
  })

  it.each([
    'array_length(split(s, ",")) > 5000000000',
    'datetime_diff("day", TimeGenerated, datetime(2024-01-01)) > real(+inf)',
    'todouble(substring(s, 2)) > real(+inf)',
    'substring(s, 99999999999) == "a"',
    'split(s, ",")[999999999] == "a"',
    'split(s, ",")[-999999999] == "a"',
    'n > real(+inf)',
    'i < real(-inf)',
    'array_length(d) > 5000000000',
  ])('may be what no value can be: %s', async predicate => {
    const { fired, unsolved } = await synthesize(`T | where ${predicate}`, { catalog, now })
    expect(fired).toBe(false)
    expect(unsolved).not.toEqual([])
  })

  it('ends soon for hostile queries', async () => {
    const chain = Array.from({ length: 60 }, (_, n) => `(s == "a${n}" and s == "b${n}")`)
    const made = await synthesize(`T | where ${chain.join(' or ')}`, { catalog, now })
    expect(made.fired).toBe(false)
    const nested = `${'iff(n > 1, '.repeat(14)}s${', t)'.repeat(14)}`
    const branched = await synthesize(`T | where ${nested} == "x"`, { catalog, now })
    expect(branched.fired).toBe(true)
  })
})

describe('tables and columns of any names', () => {
  it.each(['constructor', '__proto__', 'toString'])('such as %s have their rows', async name => {
    const named = Catalog.empty().with({ [name]: { [name]: 'string' } })
    const made = await synthesize(`['${name}'] | where ['${name}'] == "x"`, { catalog: named, now })
    expect(made.fired).toBe(true)
    expect(Object.entries(made.tables)).toEqual([[name, [{ [name]: 'x' }]]])
  })
})
