import { describe, expect, it } from 'vitest'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { compileTest, rowsOf } from '../run-query.ts'

/** What the operator makes of a text; the columns after the text itself. */
async function parsed(text: string, operator: string): Promise<unknown[][]> {
  const rows = await rowsOf(`print s = ${JSON.stringify(text)} | ${operator}`)
  return rows.map(row => row.slice(1))
}

describe('parse', () => {
  it('gives each row what its text gives, of texts that repeat', async () => {
    const texts = Array.from({ length: 70 }, (_, k) =>
      k % 7 === 3 ? 'none' : `n=${k % 4}, m=v${k % 3};`,
    )
    const rows = texts.map(s => [s])
    const tables = { T: { columns: { s: 'string' }, rows } } as const
    for (const operator of ['parse', 'parse-where']) {
      const found = await rowsOf(
        `T | ${operator} s with "n=" n: long ", m=" m ";" | project n, m`,
        {
          tables,
        },
      )
      const expected = texts.map((text, k) =>
        text === 'none' ? [null, ''] : [BigInt(k % 4), `v${k % 3}`],
      )
      expect(found).toEqual(operator === 'parse' ? expected : expected.filter(([n]) => n !== null))
    }
  })

  it.each<[string, string, unknown[]]>([
    ['a1b2', 'parse s with "a" x "b" y', ['1', '2']],
    ['a1b2b3', 'parse s with "a" x "b" y', ['1', '2b3']],
    ['zza1b2', 'parse s with "a" x "b" y', ['', '']],
    ['zza1b2', 'parse s with * "a" x "b" y', ['1', '2']],
    ['a1b2', 'parse s with "a" x "b"', ['']],
    ['a1b2', 'parse s with "a" x "b" *', ['1']],
    ['a1b2b', 'parse s with "a" x "b"', ['1b2']],
    ['A1', 'parse s with "a" x', ['']],
    ['all', 'parse s with x', ['all']],
    ['', 'parse s with x: long', [null]],
    ['l1\nl2', 'parse s with x "\\n" y', ['l1', 'l2']],
    ['n=12, m=x', 'parse s with * "n=" n: long * "m=" m', [12n, 'x']],
    ['n=12, m=x', 'parse s with "n=" n: long "," *', [12n]],
    ['n=-1.5e1;', 'parse s with "n=" n: real * ";"', [-15]],
    [
      'at 2024-01-02 03:04:05 done',
      'parse s with "at " t: datetime * "done" | project s, year = datetime_part("hour", t)',
      [3],
    ],
    // In the kind simple one part that does not convert is no match; relaxed keeps the others.
    ['n=x, m=y', 'parse s with "n=" n: long ", m=" m', [null, '']],
    ['n=x, m=y', 'parse kind=relaxed s with "n=" n: long ", m=" m', [null, 'y']],
    ['n=x, m=y', 'parse kind=relaxed s with "n=" n: long * ", m=" m', [null, 'y']],
    ['n=1', 'parse s with "n=" n: dynamic | project s, n', [1]],
  ])('%s | %s', async (text, operator, expected) => {
    expect(await parsed(text, operator)).toEqual([expected])
  })

  it.each<[string, string, unknown[]]>([
    // Columns take as much as they can, with U as little.
    ['MixedCASE123end', 'parse kind=regex s with up @"[0-9]+" tail', ['MixedCASE12', 'end']],
    ['k=a,b,c', 'parse kind=regex s with "k=" k "," *', ['a,b']],
    ['k=a,b,c', 'parse kind=regex flags=U s with "k=" k "," *', ['a']],
    ['K=a', 'parse kind=regex flags=i s with "k=" k', ['a']],
    ['K=é1', 'parse kind=regex flags=iu s with @"k=\\w" k', ['1']],
    ['k=a\nb', 'parse kind=regex s with "k=" k', ['']],
    ['k=a\nb', 'parse kind=regex flags=s s with "k=" k', ['a\nb']],
    ['x12y', 'parse kind=regex s with "(x|z)" n: int "(y)"', [12]],
    ['z12y', 'parse kind=regex s with "x|z" n: int "y"', [12]],
    ['x12y', 'parse kind=regex flags=U s with "x" n: int "y" *', [12]],
    ['xay', 'parse kind=regex s with "x" n: int "y"', [null]],
  ])('%s | %s', async (text, operator, expected) => {
    expect(await parsed(text, operator)).toEqual([expected])
  })

  it('puts a column in the place of one of its name', async () => {
    const text = 'print s = "a1", t = 2 | parse s with "a" s: long'
    expect(await rowsOf(text)).toEqual([[1n, 2n]])
  })

  it('reads any expression as text', async () => {
    expect(await rowsOf('print n = 1.5 | parse n with a: long "." b: long')).toEqual([
      [1.5, 1n, 5n],
    ])
  })

  it.each([
    ['parse s with a b', 'KS101'],
    ['parse s with * a', 'KS102'],
    ['parse s with a * "x"', 'KS103'],
    ['parse s with a "x" a', 'KS171'],
    ['parse kind=regex s with "(" a', 'KS160'],
    ['parse kind=regex flags=q s with "x" a', 'KS160'],
    ['parse q with a', 'KS142'],
  ])('%s is refused', (operator, code) => {
    expect(compileTest(`print s = "" | ${operator}`).diagnostics).toMatchObject([{ code }])
  })

  it('goes when nothing reads its columns', () => {
    const tables = { T: { columns: { s: 'string', t: 'long' }, rows: [] } } as const
    const plan = (text: string) => explainPlan(compileTest(text, { tables }).plan!).split('\n')
    expect(plan('T | parse s with "a" x | project t')).toEqual(['scan T: t'])
    expect(plan('T | parse-where s with "a" x | where t > 1 | project t')).toEqual([
      'scan T: s, t',
      '| where t > 1',
      '| parse-where s with "a" x',
    ])
  })
})

describe('parse-where', () => {
  it('leaves out what does not match', async () => {
    const text = 'datatable(s: string)["n=1", "n=x", "m=2"] | parse-where s with "n=" n: long'
    expect(await rowsOf(text)).toEqual([['n=1', 1n]])
  })

  it('keeps in the kind relaxed what does not convert', async () => {
    const text =
      'datatable(s: string)["n=1", "n=x", "m=2"] | parse-where kind=relaxed s with "n=" n: long'
    expect(await rowsOf(text)).toEqual([
      ['n=1', 1n],
      ['n=x', null],
    ])
  })
})

describe('parse-kv', () => {
  const delimited = 'with (pair_delimiter=";", kv_delimiter="=")'

  it.each<[string, string, unknown[]]>([
    ['a=1;b=x', `parse-kv s as (b: string, a: long) ${delimited}`, ['x', 1n]],
    [' a = 1 ; b = x y ', `parse-kv s as (a: long, b: string) ${delimited}`, [1n, 'x y']],
    ['a=1;a=2', `parse-kv s as (a: long) ${delimited}`, [1n]],
    ['b=2', `parse-kv s as (a: long, c: string) ${delimited}`, [null, '']],
    ['A=1', `parse-kv s as (a: long) ${delimited}`, [null]],
    ['a=x=y;b', `parse-kv s as (a: string, b: string) ${delimited}`, ['x=y', '']],
    [
      'src=1 msg=(a b=c) (event time)=(x y)',
      "parse-kv s as (src: int, msg: string, ['event time']: string) with (pair_delimiter=' ', kv_delimiter='=', quote='()')",
      [1, 'a b=c', 'x y'],
    ],
    [
      "a='it!'s' b=2",
      "parse-kv s as (a: string, b: int) with (pair_delimiter=' ', kv_delimiter='=', quote=\"'\", escape='!')",
      ["it's", 2],
    ],
    [
      'name=John Doe phone=555 5555 city=New York',
      "parse-kv s as (name: string, phone: string, city: string) with (pair_delimiter=' ', kv_delimiter='=', greedy=true)",
      ['John Doe', '555 5555', 'New York'],
    ],
    [
      '[INFO] Id:7, Text: "a, b"',
      "parse-kv s as (Id: int, Text: string) with (quote='\"')",
      [7, 'a, b'],
    ],
    [
      '<a: 1><b: x>',
      "parse-kv s as (a: int, b: string) with (regex=@'<(\\w+):([^>]*)>')",
      [1, 'x'],
    ],
  ])('%s | %s', async (text, operator, expected) => {
    expect(await parsed(text, operator)).toEqual([expected])
  })

  it.each([
    ['parse-kv s as (a: long, a: int)', 'KS171'],
    ["parse-kv s as (a: long) with (pair_delimiter=',')", 'KS125'],
    ["parse-kv s as (a: long) with (pair_delimiter='', kv_delimiter='=')", 'KS125'],
    ["parse-kv s as (a: long) with (quote='abc')", 'KS125'],
    ['parse-kv s as (a: long) with (greedy=true)', 'KS125'],
    ["parse-kv s as (a: long) with (regex='(a)')", 'KS160'],
    ["parse-kv s as (a: long) with (regex='(')", 'KS160'],
    ["parse-kv s as (a: long) with (escape='a', regex='(a)(b)')", 'KS125'],
  ])('%s is refused', (operator, code) => {
    expect(compileTest(`print s = "" | ${operator}`).diagnostics).toMatchObject([{ code }])
  })
})
