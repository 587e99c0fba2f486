import { describe, expect, it } from 'vitest'
import { describeScans } from '../../../../src/engine/plan/explain.ts'
import { compileTest, type TestTable } from '../run-query.ts'

const T: TestTable = {
  columns: { at: 'datetime', n: 'long', s: 'string', d: 'dynamic', e: 'dynamic' },
  rows: [],
}

/** The words that the scan is told of, as `words in columns`. */
function told(text: string): string[] {
  const { plan, diagnostics } = compileTest(text, { tables: { T } })
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics))
  return describeScans(plan).flatMap(({ texts = [] }) =>
    texts.map(({ words, columns }) => `${words.join('|')} in ${columns.join('|')}`),
  )
}

describe('words that a record needs', () => {
  it.each<[string, string[]]>([
    ['T | mv-expand x = d.list | where x has "Needle"', ['needle in d']],
    ['T | mv-expand x = d.list | where tostring(x.name) == "Needle"', ['needle in d']],
    ['T | mv-expand x = parse_json(s) | where x.a contains "needle"', ['needle in s']],
    ['T | mv-expand d | where d startswith_cs "Needle-1 x"', ['needle in d']],
    [
      'T | mv-expand x = d | where tostring(x.a) has "needle" or tostring(x.b) endswith "thread"',
      ['needle|thread in d'],
    ],
    [
      'T | mv-expand x = d to typeof(string), y = e | where x in~ ("needle", "thread") and y has "cloth"',
      ['needle|thread in d', 'cloth in e'],
    ],
    [
      'T | mv-expand x = d | extend y = tostring(x.a) | project z = y, s | sort by s | where z hasprefix "needle"',
      ['needle in d'],
    ],
    [
      'union (T | mv-expand x = d), (T | mv-expand x = e) | where x has "needle"',
      ['needle in d', 'needle in e'],
    ],
    // A filter right above the scan asks the source itself, which may do so by the words.
    ['T | where s has "needle"', ['needle in s']],
    ['T | where s has "needle" and d.x == "a thread" or s =~ "cloth"', ['needle|cloth in s']],
    ['T | where s has_any ("needle", dynamic(["thread", "cloth"]))', ['needle|thread|cloth in s']],
    ['T | where s has_all ("needle", "thread")', ['needle in s', 'thread in s']],
    ['T | where s in (dynamic(["needle", "thread"]))', ['needle|thread in s']],
    ['T | where s in (dynamic(["needle", 5]))', []],
    // What has no letters never has it.
    ['T | where s has "needle" or tostring(n) has "needle"', ['needle in s']],
    ['T | where tostring(at) contains "needle" or tostring(d) has "thread"', ['thread in d']],
    ['T | where * has "needle"', ['needle in s|d|e']],
    ['search in (T) "needle" or "thread"', ['needle|thread in s|d|e']],
    ['T | where tostring(n) has "needle" and s has "thread"', ['thread in s']],
    ['T | where tostring(n) has "needle" or tostring(at) has "thread"', []],
    ['T | where * has "01T12Z"', []],
    ['T | where s has "true" or tostring(n > 1) has "true"', []],
    ['T | where s has "face" or tostring(toguid(s)) has "face"', []],
    ['T | where s has "fist" or tostring(toguid(s)) has "fist"', ['fist in s']],
    // What is looked at is part of what is in the record, or is one of several things.
    ['T | extend y = iff(n > 1, s, tostring(d.x)) | where y has "needle"', ['needle in s|d']],
    ['T | extend y = coalesce(s, "none") | where y has "needle"', ['needle in s']],
    ['T | extend y = coalesce(s, "a needle") | where y has "needle"', []],
    [
      'T | extend y = case(n > 1, s, n > 2, "b", tostring(e)) | where y has "needle"',
      ['needle in s|e'],
    ],
    ['T | extend y = tostring(split(trim(" ", s), "@")[0]) | where y == "needle"', ['needle in s']],
    ['T | extend y = extract("a(.*)", 1, s) | where y == "needle"', ['needle in s']],
    ['T | extend y = tostring(extract("a(.*)", 1, s, typeof(bool))) | where y == "True"', []],
    ['T | extend y = substring(s, 5) | where y startswith "needle"', ['needle in s']],
    ['T | parse s with * "thread" x "cloth" y | where x has "needle"', ['needle in s']],
    ['T | parse-where s with * "thread" x "cloth" y', ['thread in s', 'cloth in s']],
    ['T | parse-kv s as (x: string) | where x has "needle"', []],
    // Of a regular expression, what every match has.
    ['T | where s matches regex "needle.*[a-z]"', ['needle in s']],
    ['T | where s matches regex "^needles?$"', ['needle in s']],
    ['T | where s matches regex "needle|thread"', []],
    // Alternatives behind what is not read, or what only looks like a repetition.
    ['T | where s matches regex @"needle\\t|thread"', []],
    ['T | where s matches regex @"needle\\r\\n"', ['needle in s']],
    ['T | where s matches regex @"needle\\x41|thread"', []],
    ['T | where s matches regex @"needle\\pL"', []],
    ['T | where s matches regex "needle{x|thread"', []],
    ['T | where s matches regex "needle{x|thread}"', []],
    ['T | where s matches regex "needle{x}"', ['needle in s']],
    ['T | where s matches regex "needles{2,3}"', ['needle in s']],
    // Any number of times one or more times.
    ['T | where s matches regex "needles+*"', ['needle in s']],
    ['T | where s matches regex "needles+{0,2}"', ['needle in s']],
    ['T | where s matches regex "needles++?"', ['needle in s']],
    ['T | where s matches regex "needle+s"', ['needle in s']],
    // Records have 1e999 for that.
    ['T | where tostring(d.x) == "Infinity"', []],
    ['T | where d has "-infinity"', []],
    ['T | where s matches regex "(needle)?cloth"', ['cloth in s']],
    ['T | where s matches regex "(?i)blanket"', ['blan in s']],
    ['T | where s matches regex "(?i)tasks"', []],
    ['T | where s matches regex "(?i)needle"', ['needle in s']],
    // Not every row that is kept has it.
    ['T | mv-expand x = d | where x !has "needle"', []],
    ['T | mv-expand x = d | where x has "needle" or n == 1', []],
    ['T | mv-expand x = d | where not(x has "needle")', []],
    ['T | mv-expand x = d | where x in~ ("needle", "")', []],
    // Which rows these are decides what others are, or what they have.
    ['T | take 5 | mv-expand x = d | where x has "needle"', []],
    ['T | serialize r = row_number() | mv-expand x = d | where x has "needle"', []],
    ['T | summarize d = make_list(s) | mv-expand x = d | where x has "needle"', []],
    ['T | extend r = rand() | mv-expand x = d | where x has "needle"', []],
    // What is looked at is not what is in the record.
    ['T | mv-expand x = d | where tolower(tostring(x)) has "needle"', []],
    ['T | mv-expand x = d | where strcat(x, "le") has "needle"', []],
    ['T | mv-expand x = pack_array(at) | where x has "01T10Z"', []],
    ['T | mv-expand with_itemindex=i x = d | where tostring(i) has "1000"', []],
    ['T | mv-expand x = d | where tostring(at) has "01T10Z"', []],
    // Short words are everywhere; numbers may be written otherwise.
    ['T | mv-expand x = d | where x has "abc"', []],
    ['T | mv-expand x = d | where x has "1000" or x has "1e10"', []],
    ['T | mv-expand x = d | where x has "éé-!?"', []],
  ])('%s', (text, expected) => {
    expect(told(text)).toEqual(expected)
  })
})
