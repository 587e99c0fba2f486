import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../../../src/testing/mutation/meaning.ts'
import { parseTimespan } from '../../../../src/types/timespan.ts'
import { compileTest, type TestTable } from '../../engine/run-query.ts'

const T: TestTable = {
  columns: { TimeGenerated: 'datetime', n: 'long', r: 'real', s: 'string', d: 'dynamic' },
  rows: [],
}
const U: TestTable = {
  columns: { n: 'long', at: 'datetime', name: 'string', bag: 'dynamic' },
  rows: [],
}

function meaning(text: string, period?: string): string | undefined {
  const window = period === undefined ? undefined : (parseTimespan(period) ?? undefined)
  return meaningOf(compileTest(text, { tables: { T, U } }), { window })
}

const JOIN = 'T | join kind=KIND U on n'
const AFTER =
  '| join kind=inner (U | where at > ago(2h) | project n, since = at) on n | where TimeGenerated > since'

describe('two queries', () => {
  it.each<[string, string, string?]>([
    ['T | where s has "@"', 'T | where s contains "@"'],
    ['T | where s !has " - "', 'T | where s !contains " - "'],
    ['T | where s =~ "1.5"', 'T | where s == "1.5"'],
    ['T | where s in~ ("1", "2")', 'T | where s in ("1", "2")'],
    ['T | where s has_cs "--"', 'T | where s contains "--"'],
    ['T | where s in~ (dynamic(["1", "2"]))', 'T | where s in (dynamic(["1", "2"]))'],
    [
      'let l = dynamic(["1.5"]); T | where s !in (l)',
      'let l = dynamic(["1.5"]); T | where s !in~ (l)',
    ],
    ['T | where s has_any ("a")', 'T | where s has_all ("a")'],
    ['T | where s has_all (dynamic(["a"]))', 'T | where s has_any (dynamic(["a"]))'],
    [
      'T | summarize c = count() by s | where c > 4',
      'T | summarize c = count() by s | where c >= 5',
    ],
    ['T | where n == 1 and s == "a"', 'T | where s == "a" | where n == 1'],
    ['T | where TimeGenerated > ago(3h)', 'T', '2h'],
    ['T | where TimeGenerated >= ago(2h)', 'T', '2h'],
    ['T | where n == 1 and TimeGenerated > ago(3h)', 'T | where n == 1', '2h'],
    [
      `${JOIN.replace('KIND', 'leftouter')} | where TimeGenerated > at`,
      `${JOIN.replace('KIND', 'inner')} | where TimeGenerated > at`,
    ],
    [
      `${JOIN.replace('KIND', 'leftouter')} | where TimeGenerated - at < 1h`,
      `${JOIN.replace('KIND', 'inner')} | where TimeGenerated - at < 1h`,
    ],
    // What follows from other filters need not be asked.
    ...['T | where TimeGenerated >= ago(2h)', 'T | where TimeGenerated > ago(3h)', 'T'].map(
      (other): [string, string] => [
        `T | where TimeGenerated > ago(2h) ${AFTER}`,
        `${other} ${AFTER}`,
      ],
    ),
    // What is compared is there, or is not empty, in rows with a partner alone.
    ...[
      'at == TimeGenerated',
      'isnotnull(at)',
      'isnotempty(at)',
      'isnotempty(name)',
      'name == "x"',
      'name =~ "x"',
      'name has "x"',
      'name startswith_cs "x"',
      'name in ("x", "y")',
      'name in~ ("x")',
      'name in (dynamic(["x"]))',
      'isnotnull(bag)',
      'n1 in (1, 2)',
    ].map((part): [string, string] => [
      `${JOIN.replace('KIND', 'leftouter')} | where s != "" and ${part}`,
      `${JOIN.replace('KIND', 'inner')} | where s != "" and ${part}`,
    ]),
    [
      `${JOIN.replace('KIND', 'fullouter')} | where n1 > 1`,
      `${JOIN.replace('KIND', 'rightouter')} | where n1 > 1`,
    ],
  ])('mean the same: %s, and %s', (one, other, period) => {
    expect(meaning(one, period)).toBeTypeOf('string')
    expect(meaning(one, period)).toBe(meaning(other, period))
  })

  it.each<[string, string, string?]>([
    ['T | where s has "a"', 'T | where s contains "a"'],
    ['T | where s has "-a"', 'T | where s contains "-a"'],
    ['T | where s =~ "a1"', 'T | where s == "a1"'],
    ['T | where s =~ "Ⅷ"', 'T | where s == "Ⅷ"'],
    ['T | where r > 4', 'T | where r >= 5'],
    ['T | where s has_any ("a", "b")', 'T | where s has_all ("a", "b")'],
    ['T | where s has_any (dynamic(["a", "b"]))', 'T | where s has_all (dynamic(["a", "b"]))'],
    ['T | where s in (dynamic(["1", "a"]))', 'T | where s in~ (dynamic(["1", "a"]))'],
    ['T | where d in (dynamic(["1"]))', 'T | where d in~ (dynamic(["1"]))'],
    // The row at the very edge of the window is one that the filter leaves out.
    ['T | where TimeGenerated > ago(2h)', 'T', '2h'],
    ['T | where TimeGenerated > ago(1h)', 'T', '2h'],
    ['T | where TimeGenerated > ago(3h)', 'T'],
    [
      'T | extend TimeGenerated = now() - 3h | where TimeGenerated > ago(3h)',
      'T | extend TimeGenerated = now() - 3h',
      '2h',
    ],
    ...['T | where TimeGenerated > ago(1h)', 'T | where TimeGenerated < ago(2h)'].map(
      (other): [string, string] => [`T ${AFTER}`, `${other} ${AFTER}`],
    ),
    [
      `T | where TimeGenerated > ago(2h) ${AFTER.replace('kind=inner', 'kind=innerunique')}`,
      `T ${AFTER.replace('kind=inner', 'kind=innerunique')}`,
    ],
    // An empty string is no null, and equals another.
    [
      `${JOIN.replace('KIND', 'leftouter')} | where s >= name`,
      `${JOIN.replace('KIND', 'inner')} | where s >= name`,
    ].map(text => text.replace('s >= name', 'strcmp(s, name) >= 0')) as [string, string],
    ...[
      'name == ""',
      'name == s',
      'name in (dynamic(["x", ""]))',
      'name in (dynamic(["x", null]))',
      'bag == s',
      'name has ""',
      'name in ("x", "")',
      'n1 in (1, long(null))',
      'name !has "x"',
      'isempty(name)',
      'at != TimeGenerated',
      'isnotempty(s)',
      's == "x"',
      'not(isnotempty(name))',
    ].map((part): [string, string] => [
      `${JOIN.replace('KIND', 'leftouter')} | where ${part}`,
      `${JOIN.replace('KIND', 'inner')} | where ${part}`,
    ]),
    [
      `${JOIN.replace('KIND', 'leftouter')} | where isnull(at) or TimeGenerated > at`,
      `${JOIN.replace('KIND', 'inner')} | where isnull(at) or TimeGenerated > at`,
    ],
  ])('are not said to mean the same: %s, and %s', (one, other, period) => {
    expect(meaning(one, period)).toBeTypeOf('string')
    expect(meaning(one, period)).not.toBe(meaning(other, period))
  })

  it('cannot be compared where one has errors, or columns that only the data tell', () => {
    expect(meaning('T | where nothing')).toBeUndefined()
    expect(meaning('T | evaluate bag_unpack(d)')).toBeUndefined()
  })
})
