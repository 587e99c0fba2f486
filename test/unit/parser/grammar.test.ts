import { describe, expect, it } from 'vitest'
import { tokenizeAt } from '../../../src/lexer/tokenize.ts'
import { RecordedLookahead } from '../../../src/parser/lookahead.ts'
import { parseQuery } from '../../../src/parser/parse.ts'
import { QueryParser } from '../../../src/parser/query-parser.ts'
import { DiagnosticBag } from '../../../src/text/diagnostic.ts'

it('the grammar passes the checks that production skips', () => {
  expect(() => new QueryParser(new RecordedLookahead(), { validate: true })).not.toThrow()
})

describe('decisions that were found before', () => {
  const { parser, decisions } = QueryParser.analysed()

  it('are those of every rule that decides', () => {
    expect(Object.keys(decisions).length).toBeGreaterThan(80)
    for (const rule of Object.keys(decisions)) {
      expect(Object.keys(parser.getGAstProductions())).toContain(rule)
    }
  })

  it.each([
    '',
    'print 1',
    'T | where a == 1 and (b has "x" or c in~ ("y", "z")) | project d = tostring(e.f[0]), g',
    'let f = (a: long, T: (*)) { T | where x > a }; let n = 1; U | invoke f(n) | summarize count() by bin(t, 1h)',
    'union withsource=s isfuzzy=true A, (B | take 1), C* | join kind=leftanti (D | distinct k) on k, $left.a == $right.b',
    'T | parse kind=regex m with "a" x:long "b" * | mv-expand y = z to typeof(long) limit 3 | sort by x asc nulls last, y',
    'T | make-series c = count() default = 0 on t from ago(1d) to now() step 1h by k | render timechart with (title="x")',
    'E | make-graph a --> b with N on id | graph-match (x)-[e*1..3]->(y) where x.p == 1 project x.id, y.id',
    'T | scan declare (s: long = 0) with (step a: x > 1 => s = a.s + 1; step b output=none: true;)',
    'find in (A, B) where x == "y" project a, pack_all() | evaluate pivot(k) | top 3 by n desc | as R',
    'T | where | project a b | summarize by | foo',
    'T | join on | mv-expand | parse x with | take ) ; let = 1; print',
    'declare query_parameters(a: long = 1); datatable(x: long)[1, 2] | where x between (1 .. a) | sort | extend = 2',
  ])('read as an analysis does: %s', text => {
    const diagnostics = new DiagnosticBag()
    const syntax = parser.parse(text, tokenizeAt(text, 0, diagnostics), diagnostics)
    const found = parseQuery(text)
    expect(found.syntax).toEqual(syntax)
    expect(found.diagnostics).toEqual(
      diagnostics.items.toSorted((a, b) => a.span.start - b.span.start),
    )
  })
})
