import { describe, expect, it } from 'vitest'
import { compileQuery } from '../../../../../src/engine/query.ts'
import { Catalog } from '../../../../../src/tables/catalog.ts'

const catalog = Catalog.empty().with({
  T: { s: 'string', t: 'string', n: 'long', d: 'dynamic' },
})

/** The warnings and notes about a query, each with the text that it is about. */
function found(query: string): string[] {
  return compileQuery(query, { catalog }).diagnostics.map(
    ({ code, span }) => `${code} ${query.slice(span.start, span.end)}`,
  )
}

describe('checks of a plan', () => {
  it.each([
    // A string is never null.
    ['T | where isnull(s)', ['KQL207 isnull(s)']],
    ['T | extend x = iff(isnotnull(tostring(n)), 1, 2)', ['KQL207 isnotnull(tostring(n))']],
    ['T | where isnull(n) or isempty(s)', []],
    // A dynamic column of a table.
    ['T | where d == "x"', ['KQL208 d == "x"']],
    ['T | where "x" != d', ['KQL208 "x" != d']],
    ['T | where d in ("x", "y")', ['KQL208 d in ("x", "y")']],
    ['T | extend e = d | where e =~ "x"', ['KQL208 e =~ "x"']],
    ['T | where n > 1 | take 5 | where d == "x"', ['KQL208 d == "x"']],
    ['T | where d.name == "x"', []],
    ['T | mv-expand d | where d == "x"', []],
    ['T | where tostring(d) == "x"', []],
    ['T | where d == 1', []],
    ['T | extend d = parse_json(s) | where d == "x"', []],
    ['T | summarize d = take_any(d) by s | where d == "x"', []],
    // Needles of several terms.
    ['T | where s has "a b"', ['KQL209 s has "a b"']],
    ['T | where s !has_cs "cmd.exe"', ['KQL209 s !has_cs "cmd.exe"']],
    ['T | where s has_any ("one", "two three")', ['KQL209 s has_any ("one", "two three")']],
    ['T | where s has "one" or s has ".exe" or s has "@"', []],
    ['T | where s has t', []],
    // Substrings that are a whole term.
    ['T | where s contains "admin"', ['KQL210 s contains "admin"']],
    ['T | where s !contains_cs "Admin1"', ['KQL210 s !contains_cs "Admin1"']],
    ['T | where s contains "ab" or s contains "a.b" or s contains ".exe" or s contains t', []],
    // A name for the predicate, where a comparison was meant.
    ['T | where s = true', ['KQL213 s']],
    ['T | where n = n == 1 | where s == "x"', ['KQL213 n']],
    ['let f = () { T | where s = true }; union f(), f()', ['KQL213 s']],
    // Within let statements and subqueries; the same place once.
    ['let f = () { T | where isnull(s) }; union f(), f()', ['KQL207 isnull(s)']],
    ['print x = toscalar(T | where isnull(s) | count)', ['KQL207 isnull(s)']],
    ['T | join (T | where isnull(s)) on n', ['KQL207 isnull(s)']],
    ['let M = materialize(T | where isnull(s)); union M, M', ['KQL207 isnull(s)']],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })

  it('does not look at a query with errors', () => {
    expect(found('T | where isnull(s) and nowhere')).toEqual(['KS142 nowhere'])
  })

  it('weighs notes less than warnings', () => {
    const { diagnostics } = compileQuery('T | where isnull(s) and s has "a b"', { catalog })
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning', 'info'])
  })
})

describe('a comment that turns a code off', () => {
  it.each([
    ['T | where isnull(s) // kqlab-ignore KQL207', []],
    ['T | where isnull(s) // kqlab-ignore KQL207: seen, and left', []],
    ['T | where isnull(s) // kqlab-ignore KQL208, KQL207', []],
    ['T\n// kqlab-ignore KQL207\n| where isnull(s)', []],
    ['// kqlab-ignore-all KQL207\nT\n| where isnull(s)', []],
    ['T | where isnull(s) // kqlab-ignore KQL208', ['KQL207 isnull(s)']],
    ['// kqlab-ignore KQL207\nT\n| where isnull(s)', ['KQL207 isnull(s)']],
    ['T | where isnull(s) // about kqlab-ignore KQL207', ['KQL207 isnull(s)']],
    ['T | where s == "// kqlab-ignore-all KQL207" or isnull(s)', ['KQL207 isnull(s)']],
    ['T | where ResultTyp == 0 // kqlab-ignore KS142', ['KS142 ResultTyp']],
    ['T | where s == 0 // kqlab-ignore KQL200', []],
  ])('%j', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })
})
