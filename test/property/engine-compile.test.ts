import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileQuery } from '../../src/engine/query.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import { CATALOG, randomQuery } from './engine-queries.ts'

/** Queries that use what the random ones do not. */
const QUERIES = [
  `let window = 1d; let users = dynamic(["a", "b"]);
let recent = (T: (TimeGenerated: datetime, UserPrincipalName: string), from: timespan = 1h) {
  T | where TimeGenerated > ago(from)
};
SigninLogs
| invoke recent(window)
| where ResultType == 0 and UserPrincipalName in~ (users) and AppDisplayName matches regex "^P.*l$"
| extend City = tostring(LocationDetails.city), n = array_length(todynamic(AuthenticationDetails))
| summarize Attempts = count(), make_set(City, 5), arg_max(TimeGenerated, *) by UserPrincipalName, bin(TimeGenerated, 5m)
| join kind=leftouter (AuditLogs | mv-expand t = TargetResources | project Id, u = tostring(t.userPrincipalName)) on $left.UserPrincipalName == $right.u
| where Attempts between (2 .. 10) or isempty(Id)
| project-away u | top 10 by Attempts desc nulls last | render table`,
  `declare query_parameters(n: long = 5, who: string = "x");
let lookup_ = datatable(k: long, v: string)[1, "a", 2, "b"];
let f = (x: long) { x * 2 + n };
let view_ = view () { print k = 1 };
union isfuzzy=true withsource=Source lookup_, (range k from 1 to n step 1), view_, Missing*
| lookup kind=leftouter (lookup_) on k
| serialize rn = row_number(), p = prev(k, 1, 0), c = row_cumsum(k)
| extend a = f(k), b = case(k > 1, "many", who), d = bag_pack("k", k)
| as X | where k in (X | summarize max(k)) or * has "a"
| summarize percentiles(k, 5, 50), dcountif(v, k > 1), take_any(d) by b, s = toscalar(X | count)
| project-away d | project-rename z = b | project-reorder z, * | distinct * | count`,
]

const PIECES = [
  ...['|', ';', '(', ')', '[', ']', ',', '=', '==', '..', '.', '*', '-', ':', "'", '"'],
  ...[' let ', ' where ', ' by ', ' on ', ' in ', ' kind=', ' union ', ' join ', ' extend '],
  ...[
    'dynamic(',
    'toscalar(',
    'materialize(',
    'int(null)',
    'x',
    'k',
    'nosuch',
    'count()',
    '1',
    '1h',
  ],
  ...['$left.', '$right.', 'f(', 'X', 'row_number()', ' summarize ', ' mv-expand ', 'null', '""'],
]

const text = fc.oneof(fc.constantFrom(...QUERIES), randomQuery)

const mutated = fc
  .tuple(
    text,
    fc.array(
      fc.record({
        kind: fc.constantFrom('delete', 'insert', 'replace', 'word', 'swap', 'cut'),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        to: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 1, max: 12 }),
        piece: fc.constantFrom(...PIECES),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  )
  .map(([query, mutations]) => {
    let result = query
    for (const { kind, at, to, length, piece } of mutations) {
      const start = Math.floor(at * result.length)
      const [head, tail] = [result.slice(0, start), result.slice(start)]
      if (kind === 'delete') result = head + tail.slice(length)
      else if (kind === 'insert') result = head + piece + tail
      else if (kind === 'replace') result = head + piece + tail.slice(length)
      else if (kind === 'cut') result = head
      else {
        // Words changed for each other give texts that parse and mean nothing.
        const words = result.split(/\b/)
        const [i, j] = [at, to].map(part => Math.floor(part * words.length)) as [number, number]
        const [a, b] = [words[i] ?? '', words[j] ?? '']
        words[i] = kind === 'word' ? piece.trim() : b
        if (kind === 'swap') words[j] = a
        result = words.join('')
      }
    }
    return result
  })

it('the queries themselves compile', () => {
  for (const query of QUERIES) {
    const { diagnostics } = compileQuery(query, { catalog: Catalog.builtin() })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  }
})

it('a mutated query is compiled or reported, and every report is about a place in it', () => {
  fc.assert(
    fc.property(mutated, fc.boolean(), (query, builtin) => {
      const catalog = builtin ? Catalog.builtin() : CATALOG
      const { plan, bound, diagnostics } = compileQuery(query, { catalog })
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      expect(plan === undefined).toBe(errors.length > 0)
      expect(bound === undefined).toBe(errors.length > 0)
      if (plan !== undefined && bound !== undefined) expect(plan.schema).toEqual(bound.schema)
      for (const { span, message, related = [] } of diagnostics) {
        expect(message).toMatch(/^\S.*[.!?]$/s)
        for (const place of [span, ...related.map(item => item.span)]) {
          expect(place.start).toBeGreaterThanOrEqual(0)
          expect(place.end).toBeGreaterThanOrEqual(place.start)
          expect(place.end).toBeLessThanOrEqual(query.length)
        }
      }
      // Two brackets may be missing in one place; a name or a type is wrong there once.
      const named = diagnostics.filter(({ code }) => !code.startsWith('KS00'))
      const places = named.map(({ code, span }) => `${code} ${span.start} ${span.end}`)
      expect(new Set(places).size, `a fault is reported once: ${places}`).toBe(places.length)
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 500) },
  )
})
