import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DIAGNOSTIC_CODES } from '../../../../src/text/codes.ts'
import { compileTest, type TestTable } from '../run-query.ts'

const tables: Readonly<Record<string, TestTable>> = {
  Logs: {
    columns: {
      TimeGenerated: 'datetime',
      UserName: 'string',
      ResultType: 'string',
      Count: 'long',
      Ok: 'bool',
      Props: 'dynamic',
    },
    rows: [],
  },
  Other: { columns: { UserName: 'string', Count: 'int', Extra: 'guid' }, rows: [] },
}

/** What is reported of a query: code, the text it is about, and the hint. */
function reports(text: string, parameters?: Readonly<Record<string, unknown>>) {
  const options = parameters === undefined ? { tables } : { tables, parameters }
  return compileTest(text, options).diagnostics.map(({ code, severity, span, hint }) => ({
    code: severity === 'error' ? code : `${severity} ${code}`,
    at: text.slice(span.start, span.end),
    ...(hint === undefined ? {} : { hint }),
  }))
}

type Case = readonly [text: string, code: string, at: string, hint?: string | RegExp]

/** Functions that KQL gives a limit of arguments, with what each argument is. */
const MOST_ARGUMENTS: Readonly<Record<string, readonly [most: number, argument: string]>> = {
  strcat: [64, '"a"'],
  strcat_delim: [65, '"a"'],
  coalesce: [64, 'long(null)'],
  max_of: [64, '1'],
  min_of: [64, '1'],
  bag_merge: [64, 'dynamic({})'],
  array_concat: [64, 'dynamic([])'],
  zip: [64, 'dynamic([])'],
  set_union: [64, 'dynamic([])'],
  set_intersect: [64, 'dynamic([])'],
  set_difference: [64, 'dynamic([])'],
  unicode_codepoints_to_string: [64, '97'],
}

/** A call with so many arguments more than the function takes. */
function callOf(name: string, more: number): string {
  const [most, argument] = MOST_ARGUMENTS[name] ?? [0, '']
  return `${name}(${Array(most + more)
    .fill(argument)
    .join(', ')})`
}

/** Faults by what they are about, each with the one report that it gives. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  names: [
    ['Logs | where UserNam == "x"', 'KS142', 'UserNam', 'Did you mean `UserName`?'],
    ['Logs | where Quite == "x"', 'KS142', 'Quite'],
    ['Logs | project-away Cuont', 'KS142', 'Cuont', 'Did you mean `Count`?'],
    ['Logs | project-keep X*', 'KS142', 'X*'],
    ['Logs | project-rename a = b', 'KS142', 'b'],
    ['Logs | project-reorder Zz', 'KS142', 'Zz'],
    ['Logs | join kind=inner Other on Countt', 'KS142', 'Countt', 'Did you mean `Count`?'],
    ['Logs | join kind=inner Other on Ok', 'KS142', 'Ok'],
    [
      'Logs | join kind=inner Other on $left.Count == $right.Coun',
      'KS142',
      'Coun',
      'Did you mean `Count`?',
    ],
    ['Logs | where $left.Count == 1', 'KS142', '$left.Count'],
    ['Log | count', 'KS204', 'Log', 'Did you mean `Logs`?'],
    ['Logs | join Othr on UserName', 'KS204', 'Othr', 'Did you mean `Other`?'],
    ['union Logs, Nope', 'KS204', 'Nope'],
    ['union Nope*', 'KS142', 'Nope*'],
    ['table("Nope") | count', 'KS204', '"Nope"'],
    ['print strlenn("a")', 'KS211', 'strlenn', 'Did you mean `strlen`?'],
    ['Logs | summarize cuont()', 'KS211', 'cuont', 'Did you mean `count`?'],
    ['Logs | invoke nothing()', 'KS211', 'nothing'],
    ['nothing() | count', 'KS211', 'nothing'],
    ['print a = 1, a = 2', 'KS171', 'a'],
    ['Logs | extend a = 1, a = 2', 'KS171', 'a'],
    ['Logs | project Count, Count', 'KS171', 'Count'],
    ['Logs | summarize Count = count(), Count = sum(Count)', 'KS171', 'Count'],
    ['Logs | project-rename Ok = Count', 'KS171', 'Ok'],
    ['datatable(a: long, a: string)[1, "x"]', 'KS171', 'a'],
    ['let a = 1; let a = 2; print a', 'KS201', 'a'],
    ['let f = () { f() }; print f()', 'KS140', 'f()'],
    ['let f = (x: long) { g(x) }; print f(1)', 'KS211', 'g'],
  ],
  types: [
    ['Logs | where Count > "1"', 'KS106', 'Count > "1"'],
    ['Logs | where UserName + 1 == 2', 'KS106', 'UserName + 1'],
    ['Logs | where Count has "x"', 'KS106', 'Count has "x"'],
    [
      'Logs | extend a = UserName.x',
      'KS106',
      'UserName.x',
      'If it holds JSON, use parse_json(…) first.',
    ],
    ['Logs | extend a = Count[0]', 'KS106', 'Count[0]'],
    ['print -"a"', 'KS106', '-"a"'],
    ['print +"a"', 'KS106', '+"a"'],
    ['print +true', 'KS106', '+true'],
    ['print +guid(null)', 'KS106', '+guid(null)'],
    [
      'range x from now() to now() step datetime(2020-01-01)',
      'KS106',
      'range x from now() to now() step datetime(2020-01-01)',
    ],
    ['range x from 1 to "a" step 1', 'KS106', 'range x from 1 to "a" step 1'],
    [
      'Logs | join kind=inner Other on $left.Count == $right.UserName',
      'KS106',
      '$left.Count == $right.UserName',
    ],
    ['datatable(a: datetime)[true]', 'KS107', 'true'],
    ['let f = (x: datetime) { x }; print f(true)', 'KS107', 'true'],
    [
      'let f = (x: long) { x }; Logs | extend y = f(Props.a)',
      'KS107',
      'Props.a',
      'Convert it before, with tolong(…).',
    ],
    ['let f = (T: (Missing: long)) { T }; f(Logs)', 'KS107', 'Logs'],
    ['let f = (T: (Count: string)) { T }; f(Logs)', 'KS107', 'Logs'],
    ['Logs | extend bag_pack_columns(Count + 1)', 'KS109', 'Count + 1'],
    [
      'Logs | summarize by Props',
      'KS116',
      'Props',
      'Convert it first, for example with tostring(…).',
    ],
    ['Logs | distinct Props', 'KS116', 'Props', /tostring/],
    ['Logs | sort by Props', 'KS116', 'Props', /tostring/],
    ['Logs | where Count', 'KS141', 'Count'],
    ['Logs | take "x"', 'KS141', '"x"'],
    ['Logs | make-series count() on Count from 0.5 to 2 step 1', 'KS141', '0.5'],
    ['Logs | make-series count() on UserName step 1', 'KS141', 'UserName'],
    ['Logs | make-series count() on Count step 1h', 'KS178', '1h'],
    [
      'Logs | make-series kind=all count() on Count step 1',
      'KS125',
      'make-series kind=all count() on Count step 1',
    ],
    ['Logs | make-series count() on Count step Count', 'KS142', 'Count'],
    ['Logs | make-series max(UserName) on Count step 1', 'KQL101', 'max(UserName)'],
    ['Logs | make-series count() default = 0.5 on Count step 1', 'KQL101', '0.5'],
    ['Logs | make-series Count = count() on Count step 1', 'KS171', 'Count'],
    [
      'Logs | mv-expand UserName',
      'KS141',
      'UserName',
      'If it holds JSON, use parse_json(…) first.',
    ],
    ['Logs | mv-expand Count', 'KS141', 'Count'],
    ['Logs | join kind=inner (Logs | project Props) on Props', 'KS241', 'Props', /tostring/],
    ['print strlen(datetime(2024-01-01))', 'KS127', 'strlen(datetime(2024-01-01))'],
    ['print d = dynamic(1) | summarize max(d)', 'KS127', 'max(d)'],
    ['print d = dynamic(1) | summarize minif(d.x, true)', 'KS127', 'minif(d.x, true)'],
    ['print d = dynamic(1) | summarize arg_max(d, *)', 'KS127', 'arg_max(d, *)'],
    ['Logs | summarize sum(UserName)', 'KS127', 'sum(UserName)'],
  ],
  arguments: [
    ['let f = (x: long) { x }; print f()', 'KS119', 'f()'],
    ['let f = () { }; print f()', 'KQL001', '}'],
    ['let f = () { let a = 1; }; f() | count', 'KQL001', '}'],
    ['let f = (x: long) { x }; print f(1, 2)', 'KS119', 'f(1, 2)'],
    [
      'let f = (amount: long) { amount }; print f(amuont = 1)',
      'KS119',
      'amuont',
      'Did you mean `amount`?',
    ],
    ['print tostring()', 'KS119', 'tostring()'],
    ['print strlen("a", "b")', 'KS119', 'strlen("a", "b")'],
    ['print column_ifexists("a")', 'KS119', 'column_ifexists("a")'],
    ['Logs | project pack_all(true, 1)', 'KS119', 'pack_all(true, 1)'],
    ['Logs | project ingestion_time(1)', 'KS119', 'ingestion_time(1)'],
    ['Logs | project bag_pack_columns()', 'KS119', 'bag_pack_columns()'],
    ['Logs | summarize sum()', 'KS119', 'sum()'],
    ['Logs | summarize dcount(UserName, 1, 2)', 'KS119', 'dcount(UserName, 1, 2)'],
    ['Logs | summarize 1 + countif()', 'KS119', 'countif()'],
    ['Logs | serialize n = row_number(1, true, 3)', 'KS119', 'row_number(1, true, 3)'],
    ['Logs | serialize n = prev()', 'KS119', 'prev()'],
    ...Object.keys(MOST_ARGUMENTS).map((name): Case => {
      const call = callOf(name, 1)
      return [`print ${call}`, 'KS119', call]
    }),
    ['Logs | summarize dcount()', 'KS119', 'dcount()'],
    ['Logs | summarize sum(Count, Count)', 'KS119', 'sum(Count, Count)'],
    ['Logs | summarize arg_max()', 'KS119', 'arg_max()'],
    ['Logs | serialize p = prev()', 'KS119', 'prev()'],
    ['Logs | summarize arg_max(*)', 'KS138', '*'],
    ['Logs | summarize arg_min(*, Count)', 'KS138', '*'],
    ['datatable(a: long, b: long)[1, 2, 3]', 'KS119', 'datatable(a: long, b: long)[1, 2, 3]'],
    ['Logs | summarize percentile(Count, Count)', 'KS120', 'Count'],
    ['Logs | extend column_ifexists(UserName, 1)', 'KS120', 'UserName'],
    ['Logs | extend series_stats_dynamic(Props, Count > 1)', 'KS120', 'Count > 1'],
    ['Logs | extend series_stats(Props, Count > 1)', 'KS120', 'Count > 1'],
    ['Logs | extend make_string(Count, UserName)', 'KS106', 'UserName'],
    ['Logs | extend max_of(Props, Props)', 'KS106', 'max_of(Props, Props)'],
    ['Logs | extend max_of(new_guid(), new_guid())', 'KS106', 'max_of(new_guid(), new_guid())'],
    // All arguments have one type, or one that numbers have in common.
    ['Logs | extend min_of(Count, Props)', 'KS127', 'min_of(Count, Props)'],
    ['Logs | extend coalesce(Props, UserName)', 'KS127', 'coalesce(Props, UserName)'],
    ['Logs | extend coalesce(Count, 1.5, Props)', 'KS127', 'coalesce(Count, 1.5, Props)'],
    ['Logs | extend make_timespan(1.5, 1)', 'KS127', 'make_timespan(1.5, 1)'],
    ['Logs | extend make_timespan(1, 1.5, 1)', 'KS127', 'make_timespan(1, 1.5, 1)'],
    // Microsoft's analyzer asks for constants in the same places, and nowhere else of these functions.
    ['Logs | extend extract(UserName, 1, ResultType)', 'KS120', 'UserName'],
    ['Logs | extend extract(UserName, 1, ResultType, typeof(long))', 'KS120', 'UserName'],
    ['Logs | extend extract_all(UserName, ResultType)', 'KS120', 'UserName'],
    ['Logs | extend extract_all(UserName, dynamic([1]), ResultType)', 'KS120', 'UserName'],
    ['Logs | extend replace_regex(ResultType, UserName, "")', 'KS120', 'UserName'],
    ['Logs | extend replace_regex(ResultType, "a", UserName)', 'KS120', 'UserName'],
    ['Logs | extend replace(UserName, "", ResultType)', 'KS120', 'UserName'],
    ['Logs | extend trim(UserName, ResultType)', 'KS120', 'UserName'],
    ['Logs | extend trim_start(UserName, ResultType)', 'KS120', 'UserName'],
    ['Logs | extend trim_end(UserName, ResultType)', 'KS120', 'UserName'],
    ['Logs | extend indexof_regex(ResultType, UserName)', 'KS120', 'UserName'],
    ['Logs | extend indexof_regex(ResultType, "a", 0, -1, Count)', 'KS120', 'Count'],
    ['Logs | extend indexof(ResultType, UserName, 0, -1, Count)', 'KS120', 'Count'],
    ['Logs | extend array_index_of(Props, 1, 0, -1, Count)', 'KS120', 'Count'],
    ['Logs | extend bag_set_key(Props, UserName, 1)', 'KS120', 'UserName'],
    ['Logs | extend format_bytes(Count, Count + 1)', 'KS120', 'Count + 1'],
    ['Logs | serialize | extend prev(Count, 1, Count)', 'KS120', 'Count'],
    ['Logs | serialize | extend next(Count, 1, Count)', 'KS120', 'Count'],
    ['Logs | take toint(rand())', 'KS120', 'toint(rand())'],
    ['range x from 1 to toint(rand()) step 1', 'KS120', 'range x from 1 to toint(rand()) step 1'],
    [
      'let f = (n: long) { toscalar(Other | where Count > n | count) }; Logs | extend f(Count)',
      'KS120',
      'Count',
      'Join the tables instead.',
    ],
    ['print format_timespan(1h, "QQ")', 'KS128', '"QQ"'],
    ['print datetime_diff("moon", now(), now())', 'KS128', '"moon"'],
    ['Logs | summarize percentile(Count, 101)', 'KS128', '101'],
    ['print "a" matches regex "("', 'KS160', '"("'],
    ['print extract("[", 1, "a")', 'KS160', '"["'],
    ['Logs | where UserName matches regex "("', 'KS160', '"("'],
    ['Logs | extend a = extract("[", 1, UserName)', 'KS160', '"["'],
    ['Logs | where UserName matches regex strcat("(", "x")', 'KS160', 'strcat("(", "x")'],
  ],
  'tables and scalars': [
    ['1 + 1', 'KS137', '1 + 1', 'Use `print …`.'],
    ['let a = 1; a', 'KS137', 'a', 'Use `print …`.'],
    ['let a = 1; a | count', 'KS137', 'a'],
    ['let f = (a: long, b: long = 5) { a + b }; print f(1, a = 2)', 'KS119', 'a'],
    ['let f = (a: long, b: long = 5) { a + b }; print f(a = 1, a = 2)', 'KS119', 'a'],
    [
      'let f = (a: long, b: long = 5, c: long = 6) { a + b + c }; print f(1, 2, b = 3)',
      'KS119',
      'b',
    ],
    [
      'let f = (a: long, b: long = 5, c: long = 6) { a + b + c }; print f(1, c = 2, 3)',
      'KS195',
      '3',
    ],
    ['let f = (T: (*), b: long = 5) { T | take b }; Logs | invoke f(T = Other)', 'KS119', 'T'],
    ['table() | count', 'KS119', 'table()'],
    ['let f = () { 1 }; f() | count', 'KS137', 'f()'],
    ['strlen("a") | count', 'KS137', 'strlen("a")'],
    ['let f = (x: long) { x }; Logs | invoke f()', 'KS138', 'invoke f()'],
    ['Logs | where Other == 1', 'KS138', 'Other', /toscalar/],
    ['print x = (Logs | count)', 'KS138', 'Logs | count', /toscalar/],
    ['let f = () { Logs }; print f()', 'KS138', 'f()', /toscalar/],
    ['Logs | extend a = strlen(*)', 'KS138', '*'],
  ],
  'aggregates and windows': [
    ['Logs | extend (a, b) = Props', 'KS149', 'b'],
    ['Logs | project (a, b, c) = series_fft(Props)', 'KS150', 'c'],
    ['Logs | summarize (a, b) = count()', 'KS149', 'b'],
    ['Logs | summarize (a, b, c) = arg_max(Count, UserName)', 'KS150', 'c'],
    ['Logs | summarize (a, b) = take_any(Count)', 'KS150', 'b'],
    ['Logs | summarize (a, b, c) = percentiles(Count, 5, 50)', 'KS150', 'c'],
    ['print (a, a) = series_fft(dynamic([1]))', 'KS171', 'a'],
    ['Logs | where count() > 1', 'KS144', 'count()'],
    ['Logs | extend n = sum(Count)', 'KS144', 'sum(Count)'],
    ['Logs | summarize sum(max(Count))', 'KS144', 'max(Count)'],
    ['Logs | extend n = percentiles(Count, 50)', 'KS144', 'percentiles(Count, 50)'],
    ['Logs | summarize n = 1 + percentilesw(Count, 1, 50)', 'KS144', 'percentilesw(Count, 1, 50)'],
    ['Logs | extend n = map(Count, 1)', 'KS211', 'map'],
    ['Logs | where node_degree_in(Count) > 1', 'KS211', 'node_degree_in'],
    [
      'Logs | summarize Count by UserName',
      'KS236',
      'Count',
      'Aggregate it, or put it behind `by`.',
    ],
    [
      'Logs | extend n = row_number()',
      'KS143',
      'row_number()',
      'Put `serialize` or `sort by …` before.',
    ],
    ['Logs | summarize row_number()', 'KS143', 'row_number()'],
    ['Logs | sort by row_number()', 'KS143', 'row_number()'],
  ],
  operators: [
    ['Logs | join kind=sideways Other on UserName', 'KS125', 'kind=sideways', /innerunique/],
    ['Logs | lookup kind=rightouter Other on UserName', 'KS125', 'kind=rightouter', /leftouter/],
    ['range x from dynamic(1) to 3 step 1', 'KS106', 'range x from dynamic(1) to 3 step 1'],
    ['range x from 1 to 3 step dynamic(1)', 'KS106', 'range x from 1 to 3 step dynamic(1)'],
    ['find datascope=cold where Count == 1', 'KS125', 'datascope=cold'],
    ['Logs | join kind=inner Other on UserName == Count', 'KS111', 'UserName == Count'],
    [
      'Logs | join kind=inner Other on $left.Count > $right.Count',
      'KS111',
      '$left.Count > $right.Count',
    ],
    [
      'Logs | join kind=inner Other on $right.Count == $left.Count',
      'KS111',
      '$right.Count == $left.Count',
    ],
  ],
  support: [
    ['print hash_many(1, 2)', 'KQL100', 'hash_many'],
    ['workspace("w").Logs | count', 'KS211', 'workspace("w").Logs', /oad its data/],
    [
      'Logs | where series_stats(Props) > 1',
      'KQL101',
      'series_stats(Props)',
      'Make columns of it first: `| extend (a, b) = …`. Or take one: `…[0]`.',
    ],
  ],
  'what is missing': [
    ['Logs | summarize ()', 'KS006', ')'],
    ['Logs | join Other on ()', 'KS006', ')'],
    ['Logs | make-series () on Count step 1', 'KS006', ')'],
    ['Logs | evaluate bag_unpack(())', 'KS006', ')'],
    ['Logs | where [""] == 1', 'KS142', '[""]'],
    ['[""] | count', 'KS204', '[""]'],
  ],
  'whole queries': [
    ['', 'KQL001', ''],
    ['let a = 1;', 'KQL001', 'let a = 1;'],
    ['// nothing', 'KQL001', '// nothing'],
    ['union isfuzzy=true Nope*', 'KS204', 'union isfuzzy=true Nope*', /some source left/],
  ],
  warnings: [
    ['Logs | where ResultType == 0', 'warning KQL200', 'ResultType == 0', /quotes/],
    ['Logs | where ResultType != 0', 'warning KQL200', 'ResultType != 0', /quotes/],
    [
      'Logs | where ResultType in (0, 50126)',
      'warning KQL200',
      'ResultType in (0, 50126)',
      /quotes/,
    ],
    ['set notruncation; Logs | count', 'info KQL205', 'set notruncation'],
    ['Logs | extend ingestion_time()', 'warning KQL205', 'ingestion_time()'],
    ['union isfuzzy=true Logs, Nope', 'warning KS205', 'Nope'],
  ],
}

for (const [what, cases] of Object.entries(CASES)) {
  describe(what, () => {
    for (const [text, code, at, hint] of cases) {
      it(`${text}: ${code}`, () => {
        const found = reports(text)
        expect(found.map(report => `${report.code} ${report.at}`)).toEqual([`${code} ${at}`])
        if (hint instanceof RegExp) expect(found[0]?.hint).toMatch(hint)
        else if (hint !== undefined) expect(found[0]?.hint).toBe(hint)
      })
    }
  })
}

describe('functions with a limit of arguments', () => {
  it.each(Object.keys(MOST_ARGUMENTS))('%s takes as many', name => {
    expect(reports(`print ${callOf(name, 0)}`)).toEqual([])
  })
})

describe('query parameters', () => {
  const declared = 'declare query_parameters(n: long, who: string = "x"); print n, who'

  it.each([
    [declared, {}, 'n'],
    [declared, { n: 'many' }, 'n'],
    [declared, { n: 1.5 }, 'n'],
    [declared, { n: 2n ** 63n }, 'n'],
    ['declare query_parameters(n: int); print n', { n: 2_147_483_648 }, 'n'],
    [declared, { n: true }, 'n'],
    [declared, { n: 1, whom: 'y' }, declared.slice(0, declared.indexOf(';'))],
    ['print 1', { n: 1 }, ''],
    ['declare query_parameters(T: (*)); print 1', {}, 'T: (*)'],
  ])('%s (%#)', (text, parameters, at) => {
    expect(reports(text, parameters).map(report => [report.code, report.at])).toEqual([
      ['KQL104', at],
    ])
  })

  it('of two declarations are all known', () => {
    const text =
      'declare query_parameters(a: long); declare query_parameters(b: long = 2); print a + b'
    expect(reports(text, { a: 1, b: 3 })).toEqual([])
    expect(reports(text, { a: 1, c: 3 })).toMatchObject([{ code: 'KQL104' }])
  })
})

describe('several faults', () => {
  it.each([
    [
      'Logs | where Nope == 1 | extend a = strlenn(UserName) | project b',
      ['KS142 Nope', 'KS211 strlenn', 'KS142 b'],
    ],
    [
      'let T = Lgs | where x == 1; let n = nothing(1); T | where y == n',
      ['KS204 Lgs', 'KS211 nothing'],
    ],
    ['print a = nope + 1, b = gone, c = 1 + "x"', ['KS142 nope', 'KS142 gone', 'KS106 1 + "x"']],
    ['Logs | summarize sum(Cnt), max(Nme) by Usr', ['KS142 Cnt', 'KS142 Nme', 'KS142 Usr']],
    ['Logs | join kind=inner (Other | where Nope == 1) on Gone', ['KS142 Nope', 'KS142 Gone']],
    ['union (Logs | where A == 1), (Other | where B == 2)', ['KS142 A', 'KS142 B']],
  ])('%s', (text, found) => {
    expect(reports(text).map(({ code, at }) => `${code} ${at}`)).toEqual(found)
  })
})

describe('one fault is one report', () => {
  it.each([
    'print a = nope | extend b = a + 1, c = strlen(a) | where b > 1 and a.x == 2 | project c',
    'print a = nope | summarize count() by a | sort by a | top 1 by a | distinct a',
    'print a = nope | summarize s = sum(a), make_list(a) | where s > 1',
    'print a = nope, b = 1 | project-rename c = a | project-away b | where c has "x"',
    'print a = nope | project-reorder a | project-keep a | where a == 1 and a == "x"',
    'print a = nope, k = 1 | join kind=inner (print k = 1) on k | where a > 1 | sort by a',
    'print a = nope | join kind=inner (print a = "x") on a | where a has "x"',
    'print k = 1 | join kind=inner (print k = 1, a = nope) on k | summarize by a',
    'print a = nope | union (print a = 1) | where a > 1 | summarize sum(a)',
    'union (print a = "x"), (print a = nope), (print b = 1) | where a has "x" and b == 1',
    'print a = nope | mv-expand a | where a.x == 1 | sort by a',
    'print d = dynamic([1]) | mv-expand d = nope to typeof(long) | where d > 1',
    'print a = nope | as T | join kind=inner T on a',
    'let M = materialize(print a = nope); M | where a > 1 | join kind=inner M on a',
    'let a = nope; print a, a + 1, strlen(a) | where print_0 > 1',
    'let T = nope; T | where x == 1 | summarize count() by y | join (T) on z',
    'let f = (x: long) { x + nope }; print f(1), f(2)',
    'let f = () { nope }; f() | where x == 1',
    'print nope(1, gone)',
    'print x = toscalar(nope | summarize max(a)) | where x > 1',
    'Logs | where Count in (nope)',
    'Logs | where Count in ((nope | project a))',
    'range x from 1 to nope step 1 | where x > 1 | summarize by y',
    'Logs | extend t = prev(nope) | where t > 1',
    'Logs | serialize n = row_number(), m = nope | where m == "x" and n == 1',
    'Logs | summarize (a, b) = arg_max(nope, Count) | where a > 1 and b > 1',
    'Logs | where * has nope',
    'print a = nope | getschema | where ColumnName == "a"',
  ])('%s', text => {
    expect(reports(text).map(({ code }) => code)).toHaveLength(1)
  })
})

describe('the table of codes', () => {
  it('has no code that nothing reports', () => {
    const root = join(import.meta.dirname, '../../../../src')
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts') && !file.endsWith('codes.ts'))
      .map(file => readFileSync(join(root, file), 'utf8'))
      .join('\n')
    const unused = Object.keys(DIAGNOSTIC_CODES).filter(code => !sources.includes(`'${code}'`))
    expect(unused).toEqual([])
  })
})
