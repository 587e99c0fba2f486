import { describe, expect, it } from 'vitest'
import { compileTest, rowsOf } from '../run-query.ts'

const CITIES = `declare pattern city = (country: string)[state: string] {
  ("USA").["New York"] = { print c = "Albany" };
  ("Canada").["Alberta"] = { let e = "Edmonton"; print c = e };
};`
const PLAIN =
  'declare pattern p = (a: string, b: string) { ("x", "y") = { print r = strcat(b, a) }; };'

function codesOf(text: string): string[] {
  return compileTest(text).diagnostics.map(({ code }) => code)
}

describe('a pattern', () => {
  it.each(['city("Canada").Alberta', "city('Canada').['Alberta']", 'city("Canada").["Alberta"]'])(
    '%s is the table of its tuple',
    async call => {
      expect(await rowsOf(`${CITIES} ${call}`)).toEqual([['Edmonton']])
    },
  )

  it('stands wherever a table may', async () => {
    const own = 'city("USA").["New York"]'
    expect(await rowsOf(`${CITIES} union ${own}, city("Canada").Alberta | sort by c asc`)).toEqual([
      ['Albany'],
      ['Edmonton'],
    ])
    expect(await rowsOf(`${CITIES} print a = toscalar(${own})`)).toEqual([['Albany']])
    expect(
      await rowsOf(
        `${CITIES} print c = "Albany" | where c in (${own}) | join kind=inner (${own}) on c`,
      ),
    ).toEqual([['Albany', 'Albany']])
    expect(await rowsOf(`${CITIES} let f = () { ${own} }; f | count`)).toEqual([[1n]])
  })

  it('sees its arguments, and what was declared before it', async () => {
    expect(await rowsOf(`${PLAIN} p("x", "y")`)).toEqual([['yx']])
    const text =
      'let v = 1; declare pattern p = (a: string) { ("x") = { print v, w }; }; let w = 2; p("x")'
    expect(codesOf(text)).toEqual(['KS142'])
  })

  it('goes before a function of another place with its name', async () => {
    const text =
      'declare pattern app = (a: string)[b: string] { ("X").["Y"] = { print r = 1 }; }; app("X").Y'
    expect(await rowsOf(text)).toEqual([[1n]])
  })

  it.each([
    ['an unknown tuple', `${CITIES} city("USA").Alberta`, ['KS188']],
    ['a wildcard, which is none', `${CITIES} union city("USA").["*"]`, ['KS188']],
    ['another case', `${PLAIN} p("X", "y")`, ['KS188']],
    ['a pattern without tables', 'declare pattern p; p("x")', ['KS188']],
    ['no path', `${CITIES} city("USA")`, ['KS119']],
    ['a path that is not declared', `${PLAIN} p("x", "y").z`, ['KS119']],
    ['too few arguments', `${PLAIN} p("x")`, ['KS119']],
    ['a name alone', `${PLAIN} p`, ['KS119']],
    ['an argument that is no literal', `${PLAIN} let v = "x"; p(v, "y")`, ['KS120']],
    ['a scalar', `${PLAIN} print p("x", "y")`, ['KS138']],
    [
      'a table that is a scalar',
      'declare pattern p = (a: string) { ("x") = { 1 }; }; p("x")',
      ['KS137'],
    ],
    ['a name taken', 'let p = 1; declare pattern p; print 1', ['KS201']],
    [
      'a tuple mapped twice',
      'declare pattern p = (a: string) { ("x") = { print 1 }; ("x") = { print 2 }; }; print 1',
      ['KS201'],
    ],
    [
      'a tuple of another length',
      'declare pattern p = (a: string) { ("x", "y") = { print 1 }; }; print 1',
      ['KS119'],
    ],
    [
      'a tuple of numbers',
      'declare pattern p = (a: string) { (1) = { print 1 }; }; print 1',
      ['KS120'],
    ],
    [
      'a parameter of another type',
      'declare pattern p = (a: long) { ("x") = { print 1 }; }; print 1',
      ['KS141'],
    ],
    ['itself', 'declare pattern p = (a: string) { ("x") = { p("x") }; }; p("x")', ['KS140']],
  ])('refuses %s', (_, text, codes) => expect(codesOf(text)).toEqual(codes))
})
