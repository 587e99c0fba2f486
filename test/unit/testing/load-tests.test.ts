import { describe, expect, it } from 'vitest'
import { loadRuleTests, loadTests } from '../../../src/testing/load-tests.ts'
import { SourceText } from '../../../src/text/source-text.ts'

/** The faults of a file: `line:column code message (hint)`. */
function faults(text: string): string[] {
  const source = new SourceText(text, 'a.tests.yaml')
  return loadTests(source).diagnostics.map(({ code, message, span, hint }) => {
    const { line, column } = source.positionAt(span.start)
    return `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` (${hint})`}`
  })
}

function load(text: string) {
  const { file, diagnostics } = loadTests(new SourceText(text), path => `at/${path}`)
  expect(diagnostics).toEqual([])
  return file
}

describe('a file of tests', () => {
  it('is read whole', () => {
    const file = load(
      [
        'now: 2026-03-17T15:00:00Z',
        'rule: other.yaml',
        'schemas: { Mine_CL: { a: string } }',
        'watchlists: { vips: { rows: [{ Name: a }], searchKey: Name } }',
        'functions: { F: "(x: long) { x }" }',
        'fixtures: { usual: { T: { one: { a: 1 } } } }',
        'tests:',
        '  - name: first',
        '    skip: not yet',
        '    base: usual',
        '    runs: { from: -1h, to: now, anchor: 2026-03-17, delay: 5m }',
        '    given:',
        '      T: { file: x.json, rows: [{ "b[0].c": -5m }] }',
        '      U: { one: null }',
        '    expect: { rows: [{ a: 1 }], others: true }',
      ].join('\n'),
    )
    expect(file?.rule?.path).toBe('at/other.yaml')
    expect(file?.now).toBe(639_093_564_000_000_000n)
    expect(file?.schemas).toEqual(new Map([['Mine_CL', new Map([['a', 'string']])]]))
    expect(file?.stubs.watchlists).toMatchObject([{ alias: 'vips', searchKey: 'Name' }])
    expect(file?.stubs.functions).toEqual(new Map([['F', '(x: long) { x }']]))
    expect(file?.fixtures.get('usual')).toMatchObject([
      { table: 'T', rows: [{ name: 'one', removed: false }] },
    ])
    expect(file?.tests).toMatchObject([
      {
        name: 'first',
        skip: 'not yet',
        base: { name: 'usual' },
        runs: {
          from: { ticks: -36_000_000_000n, relative: true },
          to: { ticks: 0n, relative: true },
          anchor: { relative: false },
          delay: 3_000_000_000n,
        },
        given: [
          {
            table: 'T',
            files: [{ path: 'at/x.json' }],
            rows: [{ fields: [{ name: 'b[0].c', value: { value: '-5m' } }] }],
          },
          { table: 'U', rows: [{ name: 'one', removed: true }] },
        ],
        expect: { others: true, exact: false, rows: { list: [{ fields: [{ name: 'a' }] }] } },
      },
    ])
  })

  it.each([
    ['', ['1:1 KQL601 The file is empty.']],
    ['tests: 1', ['1:8 KQL601 Expected here: a list of tests.']],
    ['[]', ['1:1 KQL601 Expected here: a map with tests.']],
    ['now: x\ntests: []', ['1:6 KQL601 Expected here: a time such as 2026-03-17T15:00:00Z.']],
    ['test: []\ntests: []', ['1:1 KQL601 There is no `test` here. (Did you mean `tests`?)']],
    ['tests:\n- name: a\n', ['2:3 KQL601 `expect` is missing.']],
    ['tests:\n', ['1:1 KQL601 `tests` has no value.']],
    ['tests: []\n', ['1:1 KQL601 There are no tests in the file.']],
    ...['true', 'false', '""', '1'].map((value): [string, string[]] => [
      `tests:\n- { name: a, skip: ${value}, expect: none }\n`,
      ['2:20 KQL601 Expected here: the reason for which the test does not run.'],
    ]),
    ['tests:\n- name: a\n  expect:\n', ['3:3 KQL601 `expect` has no value.']],
    [
      'tests:\n- name: a\n  expect: {}\n',
      [
        '3:11 KQL601 The test expects nothing in particular. (Expect none, rows, alerts, columns, incidents or findings.)',
      ],
    ],
    [
      'tests:\n- name: a\n  expect: nothing\n',
      ['3:11 KQL601 Expected here: one of none, rows, alerts.'],
    ],
    ['tests:\n- name: a\n  expect: { rows: -1 }\n', ['3:19 KQL601 Expected here: a whole number.']],
    [
      'tests:\n- name: a\n  expect: { rows: 1, ordered: true }\n',
      ['3:11 KQL601 `ordered` says nothing without a list of rows.'],
    ],
    ['tests:\n- name: a\n  expect:\n    rows:\n', ['4:5 KQL601 `rows` has no value.']],
    [
      'tests:\n- name: a\n  expect: { rows: [{ a: 1 }], exact: null, alerts: [{ title: ~ }], incidents: { severity: } }\n',
      [
        '3:31 KQL601 `exact` has no value.',
        '3:55 KQL601 `title` has no value.',
        '3:81 KQL601 `severity` has no value.',
      ],
    ],
    [
      'tests:\n- name: a\n  base:\n  runs: { from: , to: now }\n  given:\n  expect: none\n',
      ['3:3 KQL601 `base` has no value.', '4:11 KQL601 `from` has no value.'],
    ],
    [
      'tests:\n- name: a\n  expect: { rows: [], others: true }\n',
      [
        '3:11 KQL601 With `others`, an empty list of rows expects nothing. (Leave `others` out where there are to be no rows.)',
      ],
    ],
    [
      'tests:\n- name: a\n  expect: { alerts: { severity: high } }\n',
      ['3:33 KQL601 Expected here: one of Informational, Low, Medium, High.'],
    ],
    [
      'tests:\n- name: a\n  expect: { alerts: { entities: [{ Acount: { Name: a } }] } }\n',
      ['3:36 KQL601 There is no type of entity `Acount`. (Did you mean `Account`?)'],
    ],
    [
      'tests:\n- { name: a, expect: none }\n- { name: a, expect: none }\n',
      ['3:11 KQL601 There are two tests `a`.'],
    ],
    [
      'tests:\n- { name: a, base: b, expect: none }\n',
      ['2:20 KQL601 There is no fixture `b`. (There are no fixtures.)'],
    ],
    [
      'tests:\n- { name: a, given: { T: 1 }, expect: none }\n',
      ['2:26 KQL601 Expected here: a list of rows, a map of names and rows, or a map with file.'],
    ],
    [
      'tests:\n- { name: a, given: { T: [1] }, expect: none }\n',
      ['2:27 KQL601 Expected here: a row: a map of columns and values.'],
    ],
    [
      'tests:\n- { name: a, given: { T: { one: 1 } }, expect: none }\n',
      ['2:33 KQL601 Expected here: a row, or null, which takes it away.'],
    ],
    [
      'tests:\n- { name: a, runs: { from: yesterday }, expect: none }\n',
      [
        '2:28 KQL601 Expected here: a time such as 2026-03-17T15:00:00Z, or one from now such as -25m.',
      ],
    ],
    [
      'tests:\n- { name: a, given: { T: [{ x: 99999999999999999999 }] }, expect: none }\n',
      ['2:32 KQL601 Expected here: a whole number that fits 64 bits.'],
    ],
    ['tests: []\ntests: []\n', ['2:1 KQL600 Map keys must be unique.']],
  ])('reports the mistake in %j', (text, expected) => {
    expect(faults(text)).toEqual(expected)
    expect(loadTests(new SourceText(text)).file).toBeUndefined()
  })

  it('tells a few of the errors that one mistake in the YAML makes', () => {
    expect(faults(`tests: ${'[{'.repeat(500)}`).length).toBeLessThanOrEqual(3)
  })

  it('takes names of the user as they are', () => {
    const file = load(
      'fixtures: { __proto__: { T: [] }, constructor: { T: [] } }\n' +
        'tests: [{ name: __proto__, base: constructor, given: { T: [{ __proto__: 1 }] }, expect: none }]',
    )
    expect([...(file?.fixtures.keys() ?? [])]).toEqual(['__proto__', 'constructor'])
    expect(file?.tests[0]?.given[0]?.rows[0]?.fields[0]?.name).toBe('__proto__')
    expect(faults('__proto__: 1\ntests: []')).toEqual([
      expect.stringContaining('1:1 KQL601 There is no `__proto__` here.'),
    ])
  })

  it('refuses aliases that stand for a value without end', () => {
    const bomb = ['fixtures: { f: { T: [{ a: &a [x, x, x, x, x, x, x, x, x, x] }] } }']
    for (let level = 0; level < 8; level++) {
      const [own, below] = [String.fromCharCode(98 + level), String.fromCharCode(97 + level)]
      const list = Array.from({ length: 10 }, () => `*${below}`).join(', ')
      bomb.push(`x${own}: &${own} [${list}]`)
    }
    const text = `${bomb.join('\n')}\ntests: [{ name: a, given: { T: [{ v: *i }] }, expect: none }]`
    expect(faults(text).at(-1)).toContain('Expected here: a value of less depth and size.')
  })

  it('refuses to merge a map into another, which would be a member of that name', () => {
    const merged = (key: string) =>
      `fixtures: { f: { T: [{ v: &v { a: 1 } }] } }\ntests: [{ name: a, given: { T: [{ v: { ${key}: *v } }] }, expect: none }]`
    expect(faults(merged('<<'))).toEqual([
      '2:40 KQL601 Expected here: a name in quotes, as maps are not merged.',
    ])
    expect(faults(merged('"<<"'))).toEqual([])
  })

  it('refuses values that nest too deeply', () => {
    const deep = `${'['.repeat(1200)}${']'.repeat(1200)}`
    const text = `tests: [{ name: a, given: { T: [{ v: ${deep} }] }, expect: none }]`
    expect(faults(text).length).toBeGreaterThan(0)
  })
})

describe('tests in the file of a rule', () => {
  const rule = 'id: a\nname: A\nquery: T\n'

  it('are a list, or all that a file of tests has', () => {
    for (const tests of [
      '[{ name: a, expect: none }]',
      '{ now: 2026-03-17, tests: [{ name: a, expect: none }] }',
    ]) {
      const { file, diagnostics } = loadRuleTests(new SourceText(`${rule}tests: ${tests}\n`))
      expect(diagnostics).toEqual([])
      expect(file?.tests).toMatchObject([{ name: 'a' }])
    }
  })

  it('are found in a file that is written as JSON', () => {
    const text =
      '{\n  "name": "R",\n  "query": "T",\n  "tests": [{ "name": "a", "expect": "none" }]\n}\n'
    expect(loadRuleTests(new SourceText(text)).file?.tests).toMatchObject([{ name: 'a' }])
  })

  it('are none where there is no such field', () => {
    expect(loadRuleTests(new SourceText(rule))).toEqual({ file: undefined, diagnostics: [] })
  })
})
