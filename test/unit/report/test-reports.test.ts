import { stripVTControlCharacters } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { Parser } from 'tap-parser'
import { describe, expect, it } from 'vitest'
import { githubReport } from '../../../src/report/tests/github.ts'
import { jsonReport } from '../../../src/report/tests/json.ts'
import { junitReport } from '../../../src/report/tests/junit.ts'
import { markdownReport } from '../../../src/report/tests/markdown.ts'
import { prettyReport } from '../../../src/report/tests/pretty.ts'
import { sarifReport } from '../../../src/report/tests/sarif.ts'
import { tapReport } from '../../../src/report/tests/tap.ts'
import { reportOf } from '../../../src/testing/report-counts.ts'
import type { TestReport, TestResult } from '../../../src/testing/results.ts'
import { SourceText } from '../../../src/text/source-text.ts'

/** What strangers may write in names and rows, for each of the formats. */
const HOSTILE =
  'a ]]> <script>alert(1)</script> | `x` ::error::y\n# SKIP \u001b[31m\u0000\ud800 %0A & "q" \u202e'

function test(name: string, status: TestResult['status']): TestResult {
  const isFailed = status === 'failed'
  return {
    name,
    place: { file: 'rules/a.tests.yaml', line: 3, column: 9 },
    status,
    ...(status === 'skipped' ? { skip: HOSTILE } : {}),
    expectsNothing: false,
    milliseconds: 1.5,
    outcome: {
      runs: 1,
      fired: 1,
      columns: [{ name: HOSTILE, type: 'string' }],
      rows: [[HOSTILE]],
      alerts: [],
      incidents: [],
      findings: [],
    },
    mismatches: isFailed
      ? [
          {
            kind: 'rows',
            message: '1 of 1 row missing, 1 row unexpected',
            difference: {
              missing: [
                {
                  index: 0,
                  expected: { a: 1n },
                  nearest: 0,
                  differences: [{ column: HOSTILE, expected: 'x', got: HOSTILE }],
                },
              ],
              unexpected: [0],
              misordered: false,
            },
          },
        ]
      : [],
    ...(isFailed
      ? {
          funnel: [
            {
              name: undefined,
              depth: 0,
              stages: [
                { text: 'T', span: { start: 0, end: 1 }, rows: 12 },
                { text: 'where x', span: { start: 4, end: 11 }, rows: 1 },
              ],
            },
          ],
        }
      : {}),
  }
}

const REPORT: TestReport = reportOf([
  {
    rule: HOSTILE,
    ruleFile: 'rules/a.yaml',
    testFile: 'rules/a.tests.yaml',
    tests: [test('good', 'passed'), test(HOSTILE, 'failed'), test('later', 'skipped')],
    diagnostics: [
      {
        code: 'KQL605',
        severity: 'warning',
        message: HOSTILE,
        span: { start: 2, end: 5 },
        source: new SourceText('a\nbcd', 'rules/b file.yaml'),
      },
      {
        code: 'KQL602',
        severity: 'error',
        message: 'no column',
        hint: 'Did you mean `b`?',
        span: { start: 2, end: 3 },
        source: new SourceText('a\nbcd', 'rules/b file.yaml'),
      },
    ],
  },
])

const CONTROL = /[^\P{Cc}\n]|\u202e/u

it('counts', () => {
  const { passed, failed, skipped, errors } = REPORT
  expect({ passed, failed, skipped, errors }).toEqual({
    passed: 1,
    failed: 1,
    skipped: 1,
    errors: 1,
  })
})

describe('JUnit', () => {
  const xml = junitReport(REPORT)
  const tags: SaxesTagPlain[] = []
  const texts: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', tag => tags.push(tag))
  parser.on('text', text => texts.push(text))
  parser.on('error', error => {
    throw error
  })
  parser.write(xml).close()
  const named = (name: string) => tags.filter(tag => tag.name === name)

  it('is well-formed, whatever is in names and rows', () => {
    expect(named('testsuites')).toHaveLength(1)
    expect(texts.join('')).toContain('<script>alert(1)</script>')
    expect(named('script')).toEqual([])
  })

  it('has the elements and attributes that the schema of Jenkins asks for', () => {
    expect(named('testsuites')[0]?.attributes).toEqual({
      name: 'kqlab',
      tests: '4',
      failures: '1',
      errors: '1',
      time: '0.004500',
    })
    expect(named('testsuite')[0]?.attributes).toMatchObject({
      tests: '4',
      failures: '1',
      errors: '1',
    })
    expect(named('testcase').map(({ attributes }) => attributes.name)).toEqual([
      'good',
      HOSTILE.replace('\u001b', '\\u001b')
        .replace('\u0000', '\\u0000')
        .replace('\ud800', '\\ud800'),
      'later',
      'rules/b file.yaml:2',
    ])
    for (const { attributes } of named('testcase')) {
      expect(Object.keys(attributes)).toEqual(['classname', 'name', 'time'])
    }
    expect(named('failure')[0]?.attributes).toEqual({
      message: 'rows: 1 of 1 row missing, 1 row unexpected',
      type: 'expectation',
    })
    expect(named('error')[0]?.attributes).toEqual({ message: 'no column', type: 'KQL602' })
  })
})

describe('TAP', () => {
  it('is what a reader of TAP takes it for', () => {
    const points = Parser.parse(tapReport(REPORT), { strict: true })
    const kinds = points.map(([kind]) => kind)
    expect(kinds.filter(kind => kind === 'extra')).toEqual([])
    const asserts = points.flatMap(point => (point[0] === 'assert' ? [point[1]] : []))
    expect(asserts.map(({ ok, skip }) => [ok, skip !== false])).toEqual([
      [true, false],
      [false, false],
      [true, true],
      [false, false],
    ])
    expect(asserts[1]?.diag).toMatchObject({
      message: 'rows: 1 of 1 row missing, 1 row unexpected',
      at: 'rules/a.tests.yaml:3:9',
    })
    const complete = points.find(([kind]) => kind === 'complete')
    expect(complete?.[1]).toMatchObject({ count: 4, fail: 2, skip: 1, plan: { start: 1, end: 4 } })
  })
})

/** What SARIF 2.1.0 asks of the parts that are used: sections 3.13, 3.14, 3.19, 3.27, 3.28 and 3.30. */
const SARIF = {
  type: 'object',
  required: ['version', 'runs'],
  properties: {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['tool'],
        additionalProperties: false,
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                properties: {
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id'],
                      properties: {
                        shortDescription: { type: 'object', required: ['text'] },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: -1 },
                level: { enum: ['none', 'note', 'warning', 'error'] },
                message: { type: 'object', required: ['text'] },
                locations: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation', 'region'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            properties: {
                              uri: { type: 'string', pattern: '^[A-Za-z0-9._~!$&()*+,;=@%/-]+$' },
                            },
                          },
                          region: {
                            type: 'object',
                            additionalProperties: { type: 'integer', minimum: 1 },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
}

describe('SARIF', () => {
  const log = JSON.parse(sarifReport(REPORT, '1.2.3'))

  it('has the form of its standard', () => {
    const isValid = new Ajv2020({ validateFormats: false, strict: false }).compile(SARIF)
    isValid(log)
    expect(isValid.errors).toBe(null)
  })

  it('has what failed and what is wrong, at its place', () => {
    const [run] = log.runs
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      'KQL602',
      'KQL605',
      'KQL607',
    ])
    expect(
      run.results.map(({ ruleId, level }: Record<string, unknown>) => [ruleId, level]),
    ).toEqual([
      ['KQL607', 'error'],
      ['KQL605', 'warning'],
      ['KQL602', 'error'],
    ])
    expect(run.results[2]).toEqual({
      ruleId: 'KQL602',
      // KQL602, KQL605 and KQL607 are the rules of the log.
      ruleIndex: 0,
      level: 'error',
      message: { text: 'no column\nDid you mean `b`?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'rules/b%20file.yaml' },
            region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 2 },
          },
        },
      ],
    })
  })
})

describe('annotations of GitHub', () => {
  it('are a command a line, whatever is in names and rows', () => {
    const lines = githubReport(REPORT).trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines.slice(0, 3).every(line => /^::(error|warning) file=[^:]*::/.test(line))).toBe(true)
    expect(lines[0]).toContain(
      'title=a ]]> <script>alert(1)</script> | `x` %3A%3Aerror%3A%3Ay\\n# SKIP',
    )
    expect(lines[0]).toContain('%250A')
    expect(lines[2]).toBe(
      '::error file=rules/b file.yaml,line=2,col=1,title=KQL602::no column%0ADid you mean `b`?',
    )
    expect(lines[3]).toBe('1 passed, 1 failed, 1 skipped')
  })
})

describe('Markdown', () => {
  const text = markdownReport(REPORT)

  it('has no HTML, no cell and no link that a name or a row made', () => {
    const outside = text.replaceAll(/^(`{3,})diff\n[\s\S]*?^\1$/gm, '')
    expect(outside).not.toMatch(/<script|[^\\]`x/)
    const [, , header, , row] = text.split('\n')
    expect(header).toBe('| Rule | Passed | Failed | Skipped |')
    expect(row?.replaceAll('\\|', '').split('|')).toHaveLength(6)
    expect(text).not.toMatch(CONTROL)
  })

  it('shows what was expected and what came as a difference', () => {
    expect(text).toContain('## Rule tests: 1 passed, 1 failed, 1 skipped')
    expect(text).toMatch(/^- {5}.*expected "x"$/m)
    expect(text).toMatch(/^\+ {5}.* got/m)
    expect(text).toContain('12  T')
  })
})

describe('the report for people', () => {
  it('shows no control characters, and colours only where they are wanted', () => {
    expect(prettyReport(REPORT, { color: false })).not.toMatch(CONTROL)
    expect(stripVTControlCharacters(prettyReport(REPORT, { color: true }))).toBe(
      prettyReport(REPORT, { color: false }),
    )
  })

  it('ends with the counts', () => {
    const lines = prettyReport(REPORT, { color: false, milliseconds: 12.4 }).trimEnd().split('\n')
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped; 1 rule in 12 ms.')
  })
})

it('JSON has it all', () => {
  const data = JSON.parse(jsonReport(REPORT))
  expect(data).toMatchObject({ passed: 1, failed: 1, skipped: 1, errors: 1 })
  expect(data.suites[0].tests[1].mismatches[0].difference.missing[0].expected).toEqual({ a: 1 })
  expect(data.suites[0].diagnostics[1]).toEqual({
    code: 'KQL602',
    severity: 'error',
    message: 'no column',
    hint: 'Did you mean `b`?',
    file: 'rules/b file.yaml',
    line: 2,
    column: 1,
  })
})
