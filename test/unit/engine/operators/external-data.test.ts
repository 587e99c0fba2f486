import { describe, expect, it } from 'vitest'
import { externalResolver } from '../../../../src/api/external-input.ts'
import type { ReadProblem } from '../../../../src/tables/source.ts'
import { compileTest, rowsOf, runPlan } from '../run-query.ts'

/** The rows of a query over texts by address. */
const rowsWith = (query: string, data: Readonly<Record<string, string>>): Promise<unknown[][]> => {
  const texts = Object.entries(data).map(([address, text]) => [address, { text }] as const)
  return rowsOf(query, { externalData: externalResolver(Object.fromEntries(texts)) })
}

describe('externaldata of delimited text', () => {
  it.each([
    ['csv', '1,"x, ""y""\n z",2024-01-01\r\n'],
    ['tsv', '1\t"x, ""y""\n z"\t2024-01-01'],
    ['psv', '1|"x, ""y""\n z"|2024-01-01'],
    ['scsv', '1;"x, ""y""\n z";2024-01-01'],
    ['sohsv', '1\u0001"x, ""y""\n z"\u00012024-01-01'],
  ])('reads %s', async (format, text) => {
    const query = `externaldata(a: long, b: string, c: datetime)['u'] with (format=${format})`
    expect(await rowsWith(query, { u: text })).toEqual([
      [1n, 'x, "y"\n z', '2024-01-01T00:00:00.0000000Z'],
    ])
  })

  it('takes cells by position: further ones are left out, missing ones are null', async () => {
    const data = { u: 'a,1,2\nb\n\n,3\n' }
    expect(await rowsWith('externaldata(s: string, n: int)["u"]', data)).toEqual([
      ['a', 1],
      ['b', null],
      ['', 3],
    ])
  })

  it.each(['ignoreFirstRecord=true', "ignorefirstrecord='True'"])('%s', async property => {
    const query = `externaldata(a: long)['u', 'v'] with (${property}) | order by a asc`
    expect(await rowsWith(query, { u: 'a\n1\n', v: 'a\n2' })).toEqual([[1n], [2n]])
  })

  it('tells the format by the extension of the address', async () => {
    const query = 'externaldata(a: string)["https://h/x.txt?sig=1", "https://h/y.csv"]'
    const data = { 'https://h/x.txt?sig=1': 'a,b\n', 'https://h/y.csv': 'a,b\n' }
    expect(await rowsWith(query, data)).toEqual([['a,b'], ['a']])
  })

  it('has places of its own by a mapping', async () => {
    const mapping =
      '[{"Column":"b","Properties":{"Ordinal":"0"}},{"Column":"c","Properties":{"ConstValue":"7"}}]'
    const query = `externaldata(a: string, b: long, c: long)['u'] with (format=csv, ingestionMapping='${mapping}')`
    expect(await rowsWith(query, { u: '1,2\n' })).toEqual([['', 1n, 7n]])
  })

  it('reports what does not fit', async () => {
    const problems: ReadProblem[] = []
    const { bound } = compileTest('externaldata(a: long)["u"]')
    const result = await runPlan(bound!, {
      externalData: externalResolver({ u: { text: '1\nx\n' } }),
      onProblem: problem => problems.push(problem),
    })
    expect(result.rows()).toEqual([[1n], [null]])
    expect(problems).toMatchObject([{ file: 'u', line: 2, kind: 'value', column: 'a' }])
  })
})

describe('externaldata of other formats', () => {
  it('reads lines of text, without empty ones', async () => {
    const query = 'externaldata(a: string, b: long)["u"] with (format="txt")'
    expect(await rowsWith(query, { u: '# "c", \\d\r\n\r\nx\n\ny' })).toEqual([
      ['# "c", \\d', null],
      ['x', null],
      ['y', null],
    ])
  })

  it('keeps a byte order mark that does not begin the text', async () => {
    const lines = 'externaldata(a: string)["u"] with (format="txt")'
    expect(await rowsWith(lines, { u: '\ufeffa\n\ufeffb' })).toEqual([['a'], ['\ufeffb']])
    const whole = 'externaldata(a: string)["u"] with (format="raw")'
    expect(await rowsWith(whole, { u: '\ufeff\ufeffa' })).toEqual([['\ufeffa']])
  })

  it('reads a whole text', async () => {
    const query = 'externaldata(a: string)["u"] with (format="raw")'
    expect(await rowsWith(query, { u: 'a\n\nb\n' })).toEqual([['a\n\nb\n']])
    expect(await rowsWith(query, { u: '' })).toEqual([])
  })

  it.each([
    ['lines', '{"a":1,"b":{"c":"x"}}\n{"a":"2","d":0}'],
    ['documents', '{"a":1,\n "b":{"c":"x"}}\n\n{"a":"2"}'],
    ['an array', '\ufeff [{"a":1,"b":{"c":"x"}},\n{"a":"2"}]'],
  ])('reads JSON by names: %s', async (_, text) => {
    const query =
      'externaldata(a: long, b: dynamic, B: string)["u"] with (format=multijson) | extend c = b.c'
    expect(await rowsWith(query, { u: text })).toEqual([
      [1n, { c: 'x' }, '', 'x'],
      [2n, null, '', null],
    ])
  })

  it('reads JSON by a mapping', async () => {
    const mapping =
      '[{"Column":"t","Properties":{"Path":"$.data.list[1]"}},{"column":"all","path":"$"}]'
    const query = `externaldata(t: string, all: dynamic, c: long)["u"] with (format="json", ingestionMapping='${mapping}')`
    expect(await rowsWith(query, { u: '{"data":{"list":[1,{"x":2}]}}' })).toEqual([
      ['{"x":2}', { data: { list: [1, { x: 2 }] } }, null],
    ])
  })

  it('takes rows in place of a file', async () => {
    const externalData = externalResolver({ u: [{ b: 2, a: 'x' }, { a: 'y' }] })
    const query = 'externaldata(a: string, b: long)["u"] with (format=parquet) | where b != 3'
    expect(await rowsOf(query, { externalData })).toEqual([
      ['x', 2n],
      ['y', null],
    ])
  })
})

describe('externaldata in a query', () => {
  it('is read where it is read', async () => {
    const externalData = externalResolver({ u: { text: 'b\n' } })
    const query =
      'let X = externaldata(k: string)["u"]; let Y = externaldata(k: string)["nowhere"];' +
      'datatable(k: string)["a", "b"] | where k in (X)'
    expect(await rowsOf(query, { externalData })).toEqual([['b']])
  })

  it('takes an address from a parameter, with or without its credentials', async () => {
    const options = {
      parameters: { u: 'https://h/x.csv;managed_identity=m' },
      externalData: externalResolver(address =>
        address === 'https://h/x.csv' ? { text: '5' } : undefined,
      ),
    }
    const query = 'declare query_parameters(u: string); externaldata(a: long)[u]'
    expect(await rowsOf(query, options)).toEqual([[5n]])
  })

  it.each([
    ['externaldata(a: long)["u", "nowhere"]', {}, 'KQL102', 27],
    ['externaldata(a: long)[""]', {}, 'KS107', 22],
    ['externaldata(a: long)["u"] with (format=orc)', {}, 'KQL103', 22],
    ['externaldata(a: long)["u.parquet"]', { 'u.parquet': '' }, 'KQL103', 22],
  ])('%s fails when it runs', async (query, data, code, start) => {
    const { bound } = compileTest(query)
    const texts = Object.entries({ u: '1', ...data }).map(([at, text]) => [at, { text }] as const)
    const run = runPlan(bound!, { externalData: externalResolver(Object.fromEntries(texts)) })
    await expect(run).rejects.toMatchObject({ diagnostic: { code, span: { start } } })
  })

  it.each([
    ['externaldata(a: long, a: long)["u"]', 'KS171'],
    ['externaldata(a: long)[1]', 'KS141'],
    ['datatable(s: string)["u"] | where s in ((externaldata(a: string)[s]))', 'KS142'],
    ['externaldata(a: long)["u"] with (zipPattern="*")', 'KQL101'],
    ['externaldata(a: long)["u"] with (ignoreFirstRecord=1)', 'KS107'],
    ['externaldata(a: long)["u"] with (ingestionMapping="x")', 'KS128'],
    [`externaldata(a: long)["u"] with (ingestionMapping='[{"Column":"b"}]')`, 'KS142'],
    [
      `externaldata(a: long)["u"] with (ingestionMapping='[{"Column":"a","Properties":{"Path":"a"}}]')`,
      'KQL101',
    ],
    [
      `externaldata(a: long)["u"] with (ingestionMapping='[{"Column":"a","Properties":{"Path":"$.a","Transform":"SourceLocation"}}]')`,
      'KQL101',
    ],
  ])('%s is refused', (query, code) => {
    expect(compileTest(query).diagnostics).toMatchObject([{ code }])
  })
})
