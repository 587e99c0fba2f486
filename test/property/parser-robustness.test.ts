import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseQuery } from '../../src/parser/parse.ts'
import { printSyntax } from '../../src/parser/printer.ts'

// Queries as detections have them, written for this test.
const QUERIES = [
  `let window = 1d;
let admins = dynamic(["alex@contoso.example", 'sam@contoso.example']);
SigninLogs
| where TimeGenerated >= ago(window) and ResultType == 0
| where UserPrincipalName in~ (admins) or AppDisplayName has_any ("Portal", "CLI")
| extend City = tostring(LocationDetails.city), Os = tostring(DeviceDetail["operatingSystem"])
| summarize Attempts = count(), Cities = make_set(City, 10) by UserPrincipalName, bin(TimeGenerated, 5m)
| where Attempts between (3 .. 10)
| sort by Attempts desc nulls last`,
  `let f = view (T: (a: long, b: string), n: int = 5) { T | where a > n | project a, b };
let lookup_ = datatable(a: long, name: string)[1, 'one', -2, "two"];
f((union withsource=Source T1, (T2 | take 10), Device*))
| join kind=leftouter hint.strategy=broadcast (lookup_) on $left.a == $right.a
| project-away *1
| render columnchart with (title = 'x', ycolumns = a, b)`,
  `AuditLogs
| where OperationName matches regex @"^Add\\s" and not(Result =~ "failure")
| mv-expand with_itemindex=i Target = TargetResources to typeof(dynamic) limit 100
| mv-apply p = Target.modifiedProperties on (where p.displayName == "x" | project p)
| extend When = datetime(2024-01-31 12:00:00), Span = timespan(1.02:03:04), N = int(null)
| top 10 by When asc
| as Top; Top | count // the end`,
  `print a = \`\`\`multi
line\`\`\`, b = h'secret' 'joined', c = -1.5e3, d = 0x1F, e = a[0].b['c'].["d e"]`,
  `range x from 1 to 10 step 1 | where x % 2 == 0 and x !in (toscalar(T | count), 4) | distinct *`,
]

const TOKENS = [
  ...['|', ';', '(', ')', '[', ']', '{', '}', ',', '=', '==', '..', '.', '*', '-', ':', '=>'],
  ...['let', 'where', 'by', 'on', 'in', 'kind=', 'union', 'dynamic(', 'datetime(', 'typeof('],
  ...["'", '"', '```', '//', '\\', '@', '!', '\n', ' ', '1', 'a', 'é', '\u0000', '\ud800'],
]

const mutated = fc
  .tuple(
    fc.constantFrom(...QUERIES),
    fc.array(
      fc.record({
        kind: fc.constantFrom('delete', 'insert', 'repeat', 'cut', 'move'),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 1, max: 40 }),
        token: fc.constantFrom(...TOKENS),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([query, mutations]) => {
    let text: string = query
    for (const { kind, at, length, token } of mutations) {
      const start = Math.floor(at * text.length)
      const piece = text.slice(start, start + length)
      const rest = text.slice(start + length)
      if (kind === 'delete') text = text.slice(0, start) + rest
      else if (kind === 'insert') text = text.slice(0, start) + token + text.slice(start)
      else if (kind === 'repeat') text = text.slice(0, start) + piece.repeat(3) + rest
      else if (kind === 'cut') text = text.slice(0, start)
      else text = rest + text.slice(0, start) + piece
    }
    return text
  })

it('the queries themselves are well formed', () => {
  for (const query of QUERIES) {
    const { diagnostics } = parseQuery(query)
    expect(diagnostics.filter(({ code }) => code !== 'KQL100' && code !== 'KQL101')).toEqual([])
  }
})

it('a mutated query never throws, and every report is about a place in it', () => {
  fc.assert(
    fc.property(mutated, text => {
      const { syntax, diagnostics } = parseQuery(text)
      for (const { span, message, related = [] } of diagnostics) {
        for (const place of [span, ...related.map(other => other.span)]) {
          expect(place.start).toBeGreaterThanOrEqual(0)
          expect(place.end).toBeGreaterThanOrEqual(place.start)
          expect(place.end).toBeLessThanOrEqual(text.length)
        }
        expect(message).not.toMatch(/undefined|NaN/)
      }
      const starts = diagnostics.map(({ span }) => span.start)
      expect(starts).toEqual(starts.toSorted((a, b) => a - b))
      // What could be read can be printed.
      expect(typeof printSyntax(syntax)).toBe('string')
    }),
    { numRuns: 1000 },
  )
})

it('a mutated query without reports survives printing', () => {
  fc.assert(
    fc.property(mutated, text => {
      const { syntax, diagnostics } = parseQuery(text)
      fc.pre(diagnostics.length === 0)
      const printed = printSyntax(syntax)
      expect(parseQuery(printed).diagnostics).toEqual([])
      expect(printSyntax(parseQuery(printed).syntax)).toBe(printed)
    }),
    { numRuns: 300, maxSkipsPerRun: 1000 },
  )
})

it('any text at all is read without a throw', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }), parts => {
      parseQuery(parts.join(' '))
      parseQuery(parts.join(''))
    }),
    { numRuns: 1000 },
  )
})
