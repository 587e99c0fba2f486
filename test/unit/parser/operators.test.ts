import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../src/parser/parse.ts'
import { printSyntax } from '../../../src/parser/printer.ts'
import type { OperatorSyntax } from '../../../src/parser/syntax.ts'

/** The only operator of `T | …`. */
function operator(text: string): OperatorSyntax {
  const { syntax, diagnostics } = parseQuery(`T | ${text}`)
  expect(diagnostics).toEqual([])
  const pipe = syntax.expression
  if (pipe?.kind !== 'pipe' || pipe.operators.length !== 1) throw new Error('not one operator')
  const [node] = pipe.operators
  expect(node?.span).toEqual({ start: 4, end: 4 + text.length })
  return node as OperatorSyntax
}

const name = (text: string) => expect.objectContaining({ kind: 'name', name: text })
const column = (expression: unknown, ...names: string[]) =>
  expect.objectContaining({ names: names.map(name), expression })
const long = (value: bigint) => expect.objectContaining({ kind: 'literal', type: 'long', value })
const call = (callee: string) => expect.objectContaining({ kind: 'call', callee: name(callee) })

describe('operators', () => {
  it.each<[string, object]>([
    ['where a', { kind: 'where', predicate: name('a') }],
    ['filter a', { kind: 'where', predicate: name('a') }],
    ['where hint.strategy=x a', { kind: 'where', predicate: name('a') }],
    ['extend a = 1', { kind: 'extend', columns: [column(long(1n), 'a')] }],
    ['extend f(b)', { kind: 'extend', columns: [column(call('f'))] }],
    ["extend ['a b'] = 1", { kind: 'extend', columns: [column(long(1n), 'a b')] }],
    ['extend (a, b) = f(c)', { kind: 'extend', columns: [column(call('f'), 'a', 'b')] }],
    ['extend title = 1', { kind: 'extend', columns: [column(long(1n), 'title')] }],
    ['project', { kind: 'project', columns: [] }],
    ['project a, b = 1', { kind: 'project', columns: [column(name('a')), column(long(1n), 'b')] }],
    [
      'project-away a, b*, *c*',
      {
        kind: 'project-away',
        columns: [
          name('a'),
          expect.objectContaining({ kind: 'wildcard', pattern: 'b*' }),
          expect.objectContaining({ kind: 'wildcard', pattern: '*c*' }),
        ],
      },
    ],
    [
      'project-away *1',
      { kind: 'project-away', columns: [expect.objectContaining({ pattern: '*1' })] },
    ],
    [
      'project-keep *',
      { kind: 'project-keep', columns: [expect.objectContaining({ kind: 'star' })] },
    ],
    [
      'project-rename a = b, c = d',
      {
        kind: 'project-rename',
        columns: [
          { name: name('a'), from: name('b') },
          { name: name('c'), from: name('d') },
        ],
      },
    ],
    [
      'project-reorder a, b* asc, c granny-desc',
      {
        kind: 'project-reorder',
        columns: [
          { column: name('a') },
          { column: expect.objectContaining({ pattern: 'b*' }), order: 'asc' },
          { column: name('c'), order: 'granny-desc' },
        ],
      },
    ],
    ['summarize', { kind: 'summarize', parameters: [], aggregates: [], by: [] }],
    [
      'summarize count(), x = sum(a) by b, c = bin(d, 1h)',
      {
        kind: 'summarize',
        aggregates: [column(call('count')), column(call('sum'), 'x')],
        by: [column(name('b')), column(call('bin'), 'c')],
      },
    ],
    ['summarize by a', { kind: 'summarize', aggregates: [], by: [column(name('a'))] }],
    [
      'summarize hint.strategy=shuffle hint.num_partitions=5 count() by a',
      {
        kind: 'summarize',
        parameters: [
          expect.objectContaining({ name: 'hint.strategy', value: name('shuffle') }),
          expect.objectContaining({ name: 'hint.num_partitions', value: long(5n) }),
        ],
      },
    ],
    ['join U on a', { kind: 'join', parameters: [], right: name('U'), on: [name('a')] }],
    [
      'join kind=leftanti hint.remote=auto (U | where b) on a, $left.c == $right.d',
      {
        kind: 'join',
        parameters: [
          expect.objectContaining({ name: 'kind', value: name('leftanti') }),
          expect.objectContaining({ name: 'hint.remote', value: name('auto') }),
        ],
        right: expect.objectContaining({ kind: 'pipe' }),
        on: [name('a'), expect.objectContaining({ kind: 'binary', operator: '==' })],
      },
    ],
    ['join U', { kind: 'join', right: name('U'), on: [] }],
    [
      "join database('d').U on a",
      {
        kind: 'join',
        right: expect.objectContaining({
          kind: 'member',
          target: call('database'),
          member: name('U'),
        }),
      },
    ],
    ['lookup kind=inner (U) on a', { kind: 'lookup', right: name('U'), on: [name('a')] }],
    [
      'mv-expand a',
      { kind: 'mv-expand', columns: [expect.objectContaining({ expression: name('a') })] },
    ],
    [
      'mvexpand bagexpansion=array with_itemindex=i a, b = f(c) to typeof(string) limit 10',
      {
        kind: 'mv-expand',
        parameters: [
          expect.objectContaining({ name: 'bagexpansion', value: name('array') }),
          expect.objectContaining({ name: 'with_itemindex', value: name('i') }),
        ],
        columns: [
          expect.objectContaining({ expression: name('a') }),
          expect.objectContaining({ name: name('b'), expression: call('f'), type: 'string' }),
        ],
        limit: long(10n),
        legacy: true,
      },
    ],
    [
      'sort by a asc nulls last, b, c desc, d nulls first',
      {
        kind: 'sort',
        by: [
          expect.objectContaining({ expression: name('a'), direction: 'asc', nulls: 'last' }),
          expect.not.objectContaining({ direction: expect.anything() }),
          expect.objectContaining({ expression: name('c'), direction: 'desc' }),
          expect.objectContaining({ expression: name('d'), nulls: 'first' }),
        ],
      },
    ],
    ['order by a', { kind: 'sort', by: [expect.objectContaining({ expression: name('a') })] }],
    [
      'top 5 by a asc',
      { kind: 'top', count: long(5n), by: expect.objectContaining({ direction: 'asc' }) },
    ],
    ['take 5', { kind: 'take', count: long(5n) }],
    ['limit 5', { kind: 'take', count: long(5n) }],
    ['count', { kind: 'count' }],
    ['count as Rows', { kind: 'count', name: name('Rows') }],
    ['distinct *', { kind: 'distinct', columns: [expect.objectContaining({ kind: 'star' })] }],
    ['distinct a, b', { kind: 'distinct', columns: [name('a'), name('b')] }],
    ['as X', { kind: 'as', name: name('X') }],
    ['as hint.materialized=true X', { kind: 'as', name: name('X') }],
    ['serialize', { kind: 'serialize', columns: [] }],
    [
      'serialize n = row_number()',
      { kind: 'serialize', columns: [column(call('row_number'), 'n')] },
    ],
    ['getschema', { kind: 'getschema' }],
    ['render timechart', { kind: 'render', chart: 'timechart', properties: [] }],
    [
      "render columnchart with (title='a, b', ycolumns=c,d, ymin=-1, kind=stacked)",
      {
        kind: 'render',
        chart: 'columnchart',
        properties: [
          { name: 'title', value: 'a, b' },
          { name: 'ycolumns', value: 'c,d' },
          { name: 'ymin', value: '-1' },
          { name: 'kind', value: 'stacked' },
        ],
      },
    ],
    [
      'render areachart kind=stacked',
      { kind: 'render', chart: 'areachart', properties: [{ name: 'kind', value: 'stacked' }] },
    ],
    [
      "render columnchart kind=stacked with (title='a', xcolumn=b)",
      {
        kind: 'render',
        chart: 'columnchart',
        properties: [
          { name: 'kind', value: 'stacked' },
          { name: 'title', value: 'a' },
          { name: 'xcolumn', value: 'b' },
        ],
      },
    ],
    [
      'union U, V*',
      { kind: 'union', sources: [name('U'), expect.objectContaining({ pattern: 'V*' })] },
    ],
    ['invoke f(a)', { kind: 'invoke', call: call('f') }],
  ])('%s', (text, expected) => expect(operator(text)).toMatchObject(expected))
})

describe('sources', () => {
  it.each<[string, object]>([
    ['T', name('T')],
    ["['my table']", name('my table')],
    ['T.U', { kind: 'member', target: name('T'), member: name('U') }],
    ["table('T')", { kind: 'call', callee: name('table') }],
    ['print a = 1, 2', { kind: 'print', columns: [column(long(1n), 'a'), column(long(2n))] }],
    [
      'range x from 1 to 10 step 2',
      { kind: 'range', column: name('x'), from: long(1n), to: long(10n), step: long(2n) },
    ],
    ['range(1, 2)', { kind: 'call', callee: name('range') }],
    [
      "datatable(a: long, ['b c']: string)[1, 'x', -2, 'y',]",
      {
        kind: 'datatable',
        columns: [
          { name: name('a'), type: 'long' },
          { name: name('b c'), type: 'string' },
        ],
        values: [long(1n), { value: 'x' }, long(-2n), { value: 'y' }],
      },
    ],
    [
      'union withsource=Source isfuzzy=true T, (U | take 1), V*, *',
      {
        kind: 'union',
        parameters: [
          { name: 'withsource', value: name('Source') },
          { name: 'isfuzzy', value: { value: true } },
        ],
        sources: [
          name('T'),
          { kind: 'pipe' },
          { kind: 'wildcard', pattern: 'V*' },
          { kind: 'star' },
        ],
      },
    ],
    [
      "union database('d').V*, cluster('c').database('d').T",
      {
        kind: 'union',
        sources: [
          { kind: 'wildcard', pattern: 'V*', target: call('database') },
          { kind: 'member', target: { kind: 'call', target: call('cluster') } },
        ],
      },
    ],
    [
      '(T | take 1) | count',
      { kind: 'pipe', source: { kind: 'pipe' }, operators: [{ kind: 'count' }] },
    ],
    ['count | count', { kind: 'pipe', source: name('count') }],
  ])('%s', (text, expected) => {
    const { syntax, diagnostics } = parseQuery(text)
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject(expected)
  })
})

describe('operators that take texts and arrays apart', () => {
  it.each<[string, object]>([
    [
      "parse kind=regex flags=Ui x with * 'a' 'b' c: long *",
      {
        kind: 'parse',
        parseKind: 'regex',
        flags: 'Ui',
        expression: name('x'),
        pattern: [
          { kind: 'star' },
          { kind: 'literal', value: 'ab' },
          { kind: 'parse-column', name: name('c'), type: 'long' },
          { kind: 'star' },
        ],
      },
    ],
    [
      "parse-where kind with ['a b'] ':' title",
      {
        kind: 'parse-where',
        expression: name('kind'),
        pattern: [
          { kind: 'parse-column', name: name('a b') },
          { kind: 'literal', value: ':' },
          { kind: 'parse-column', name: name('title') },
        ],
      },
    ],
    [
      "parse-kv x as (a: string, b: date) with (pair_delimiter=',', quote='()', greedy=true)",
      {
        kind: 'parse-kv',
        columns: [{ name: name('a'), type: 'string' }, { type: 'datetime' }],
        properties: [
          { name: 'pair_delimiter', value: { value: ',' } },
          { name: 'quote', value: { value: '()' } },
          { name: 'greedy', value: { value: true } },
        ],
      },
    ],
    ['parse-kv x as (a: string)', { kind: 'parse-kv', properties: [] }],
    [
      'mv-apply with_itemindex=i x = y to typeof(string), z limit 3 on (where x == 1 | take 1)',
      {
        kind: 'mv-apply',
        parameters: [{ name: 'with_itemindex' }],
        columns: [{ name: name('x'), type: 'string' }, { expression: name('z') }],
        limit: { value: 3n },
        operators: [{ kind: 'where' }, { kind: 'take' }],
      },
    ],
  ])('%s', (text, expected) => {
    const { syntax, diagnostics } = parseQuery(`T | ${text} | take 1`)
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({ operators: [expected, { kind: 'take' }] })
  })

  it.each([
    ['T | parse kind=fast x with a', 'KS005', 15, 19],
    ['T | parse x with', 'KS006', 16, 16],
    ["T | parse-kv x as (a: long) with (sep=',')", 'KS005', 34, 37],
    ["T | parse-kv x as (a: long) with (greedy='yes')", 'KS107', 41, 46],
    ['T | mv-apply x on ()', 'KS006', 19, 20],
    ['T | mv-apply x on (T2 | take 1)', 'KS006', 19, 21],
  ])('%s is refused', (text, code, start, end) => {
    expect(parseQuery(text).diagnostics).toMatchObject([{ code, span: { start, end } }])
  })
})

describe('evaluate', () => {
  it.each([
    ['T | evaluate f(x, y = 1)', { call: { callee: { name: 'f' } } }],
    [
      'T | evaluate hint.distribution=per_node f()',
      { parameters: [{ name: 'hint.distribution' }] },
    ],
    ['T | evaluate f(): (a: long)', { schema: { star: false, columns: [{ type: 'long' }] } }],
    ['T | evaluate f(): (*)', { schema: { star: true, columns: [] } }],
    ['T | evaluate f(): (*, a: long, b: string)', { schema: { star: true } }],
    [
      'T | evaluate r(typeof(*, a: long))',
      { call: { arguments: [{ kind: 'typeof', star: true }] } },
    ],
  ])('%s', (text, operator) => {
    const { syntax, diagnostics } = parseQuery(text)
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({ operators: [{ kind: 'evaluate', ...operator }] })
  })

  it('is a source too, and a name where no name follows', () => {
    const source = (text: string) => parseQuery(text).syntax.expression
    expect(source('evaluate f() | take 1')).toMatchObject({ source: { kind: 'evaluate' } })
    expect(source('evaluate | take 1')).toMatchObject({ source: { kind: 'name' } })
    expect(source('evaluate(1) | take 1')).toMatchObject({ source: { kind: 'call' } })
  })

  it.each([
    ['T | evaluate', 'KS006'],
    ['T | evaluate f', 'KS005'],
    ['T | evaluate f(): (a: long, *)', 'KS006'],
  ])('%s is refused', (text, code) => {
    expect(parseQuery(text).diagnostics).toMatchObject([{ code }])
  })
})

describe('unsupported', () => {
  it.each([['graph-where-nodes a.x == 1', 'graph-where-nodes']])('%s', (text, word) => {
    const query = `T | ${text} | take 1`
    const { syntax, diagnostics } = parseQuery(query)
    expect(diagnostics).toMatchObject([
      {
        code: 'KQL100',
        message: `The operator ${word} is not supported.`,
        span: { start: 4, end: 4 + word.length },
      },
    ])
    expect(syntax.expression).toMatchObject({
      kind: 'pipe',
      operators: [{ kind: 'unsupported', name: word, text }, { kind: 'take' }],
    })
  })

  it.each([['macro-expand G as X (X.T) | take 1', 'macro-expand']])(
    '%s as a source',
    (text, word) => {
      const { syntax, diagnostics } = parseQuery(text)
      expect(diagnostics).toMatchObject([{ code: 'KQL100', span: { start: 0, end: word.length } }])
      expect(syntax.expression).toMatchObject({
        source: { kind: 'unsupported', name: word },
        operators: [{ kind: 'take' }],
      })
    },
  )

  it('a table may have the name of one', () => {
    expect(parseQuery('evaluate | take 1').diagnostics).toEqual([])
  })
})

it('prints every operator as it was', () => {
  const text = [
    'let f = view (T: (*), a: long = 1) { T | where x == a };',
    'set notruncation;',
    'f(T)',
    "| where a has_any ('x', 'y') and b !between (1 .. 2)",
    '| summarize hint.strategy=shuffle n = count(), arg_max(t, *) by bin(t, 1h)',
  ]
  const { syntax } = parseQuery(text.join('\n'))
  expect(printSyntax(syntax)).toBe(
    [
      'let f = view (T: (*), a: long = 1) { T | where x == a };',
      'set notruncation;',
      'f(T)',
      '| where a has_any ("x", "y") and b !between (1 .. 2)',
      '| summarize hint.strategy=shuffle n = count(), arg_max(t, *) by bin(t, timespan(01:00:00))',
    ].join('\n'),
  )
})

describe('externaldata', () => {
  it('has columns, addresses and properties', () => {
    const { syntax, diagnostics } = parseQuery(
      `externaldata(a: string, b: long,)[@'x', h"y",] with (format=csv, ignoreFirstRecord=true)`,
    )
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({
      kind: 'externaldata',
      columns: [
        { name: { name: 'a' }, type: 'string' },
        { name: { name: 'b' }, type: 'long' },
      ],
      sources: [{ value: 'x' }, { value: 'y', obfuscated: true }],
      properties: [
        { name: 'format', value: { kind: 'name', name: 'csv' } },
        { name: 'ignoreFirstRecord', value: { value: true } },
      ],
    })
  })

  it.each([
    'external_data()[]',
    'T | join externaldata(a: long)["x"] on a',
    'T | where s in (externaldata(a: string)["x"])',
    'print toscalar(externaldata(a: string)["x"] | count)',
    'T | extend externaldata = 1',
    'externaldata(a: string)[strcat("x", "y")] with ()',
  ])('%s', text => expect(parseQuery(text).diagnostics).toEqual([]))

  it.each([
    ['externaldata["x"]', 'KS005'],
    ['externaldata(a: string)', 'KS005'],
    ['externaldata(a: string)["x"] with format=csv', 'KS005'],
    ['externaldata(a: string)["x"] with (format)', 'KS005'],
  ])('%s is refused', (text, code) => {
    expect(parseQuery(text).diagnostics).toMatchObject([{ code }])
  })
})

describe('search and find', () => {
  it('search has tables and a predicate', () => {
    const { syntax, diagnostics } = parseQuery(
      `search kind=case_sensitive in (T, U*, f()) "a" and (b: 'c' or d > 1)`,
    )
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({
      kind: 'search',
      parameters: [{ name: 'kind', value: { name: 'case_sensitive' } }],
      tables: [{ kind: 'name' }, { kind: 'wildcard', pattern: 'U*' }, { kind: 'call' }],
      predicate: {
        operator: 'and',
        left: { kind: 'literal', value: 'a' },
        right: { operator: 'or', left: { operator: ':', left: { name: 'b' } } },
      },
    })
  })

  it.each(['search *', 'search * | take 1', 'T | search "a"', 'search in (*) *', 'search a: b'])(
    '%s',
    text => expect(parseQuery(text).diagnostics).toEqual([]),
  )

  it('find has tables, a predicate and columns', () => {
    const { syntax, diagnostics } = parseQuery(
      'find withsource=S in (T, U*) where a == 1 project a, b: string, pack(*)',
    )
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({
      kind: 'find',
      parameters: [{ name: 'withsource', value: { name: 'S' } }],
      tables: [{ kind: 'name' }, { kind: 'wildcard' }],
      predicate: { operator: '==' },
      project: [
        { kind: 'column', name: { name: 'a' } },
        { kind: 'column', name: { name: 'b' }, type: 'string' },
        { kind: 'pack' },
      ],
    })
    expect(syntax.expression).not.toHaveProperty('project.0.type')
  })

  it.each([
    'find "a"',
    'find where "a"',
    'find a == 1 project-smart',
    'find a: "b" project pack_all()',
  ])('%s', text => expect(parseQuery(text).diagnostics).toEqual([]))

  it.each([
    ['search', 'KS006', 6, 6],
    ['search in (T)', 'KS006', 13, 13],
    ['search in () "a"', 'KS006', 11, 12],
    ['find in (T) "a"', 'KS005', 12, 15],
    ['find a == 1 project', 'KS006', 19, 19],
    ['find a == 1 project f(*)', 'KS109', 20, 21],
    ['find a == 1 project a: strung', 'KS005', 23, 29],
  ])('%s is refused', (text, code, start, end) => {
    expect(parseQuery(text).diagnostics).toMatchObject([{ code, span: { start, end } }])
  })
})

describe('selections', () => {
  it('top-nested has clauses', () => {
    const { syntax, diagnostics } = parseQuery(
      'T | top-nested 2 of a by count() asc nulls last, ' +
        "top-nested of B = b with others = 'rest' by m = max(c)",
    )
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({
      operators: [
        {
          kind: 'top-nested',
          clauses: [
            { count: { value: 2n }, of: { names: [] }, direction: 'asc', nulls: 'last' },
            {
              of: { names: [{ name: 'B' }] },
              others: { value: 'rest' },
              by: { names: [{ name: 'm' }] },
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['sample 5', { kind: 'sample' }],
    ['sample-distinct 5 of x', { kind: 'sample-distinct' }],
    ['reduce by x', { kind: 'reduce', by: { expression: { name: 'x' } }, options: [] }],
    [
      'reduce kind=source by a = x with threshold=0.5, characters="-"',
      {
        kind: 'reduce',
        parameters: [{ name: 'kind' }],
        by: { names: [{ name: 'a' }] },
        options: [
          { name: 'threshold', value: { value: 0.5 } },
          { name: 'characters', value: { value: '-' } },
        ],
      },
    ],
    ['top-hitters 5 of x', { kind: 'top-hitters' }],
    ['top-hitters 5 of x by y', { kind: 'top-hitters', by: { expression: { name: 'y' } } }],
    ['project-by-names "a", f(b)', { kind: 'project-by-names' }],
    ['assert-schema (a: long, b: string)', { kind: 'assert-schema' }],
    ['consume', { kind: 'consume', parameters: [] }],
    ['consume decodeblocks=true', { kind: 'consume', parameters: [{ name: 'decodeblocks' }] }],
  ])('%s', (text, operator) => {
    const { syntax, diagnostics } = parseQuery(`T | ${text}`)
    expect(diagnostics).toEqual([])
    expect(syntax.expression).toMatchObject({ operators: [operator] })
  })

  it.each([
    ['T | sample', 'KS006', 10, 10],
    ['T | sample-distinct 5', 'KS005', 21, 21],
    ['T | top-hitters of x', 'KS006', 16, 18],
    ['T | reduce x', 'KS005', 11, 12],
    ['T | top-nested 2 of x', 'KS005', 21, 21],
    ['T | top-nested 2 of x by y, z', 'KS005', 28, 29],
    ['T | project-by-names', 'KS006', 20, 20],
    ['T | getschema kind=csl', 'KQL101', 14, 22],
  ])('%s is refused', (text, code, start, end) => {
    expect(parseQuery(text).diagnostics).toMatchObject([{ code, span: { start, end } }])
  })
})
