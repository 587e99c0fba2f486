import type { Log } from 'sarif'
import { describe, expect, it } from 'vitest'
import { type LocatedFinding, sarifLog } from '../../../src/report/sarif.ts'

const FINDING: LocatedFinding = {
  file: 'rules/a b#1.yaml',
  line: 3,
  column: 5,
  endLine: 3,
  endColumn: 9,
  severity: 'warning',
  code: 'KQL500',
  message: 'It is so.',
  hint: 'Make it otherwise.',
  related: [{ line: 1, column: 2, message: 'Because of this.' }],
}

describe('sarifLog', () => {
  it('has the shape that SARIF 2.1.0 publishes', () => {
    // The type is made of the published schema: what does not fit it does not compile.
    const log: Log = sarifLog([FINDING], '1.2.3')
    expect(log.version).toBe('2.1.0')
    expect(log.$schema).toBe('https://json.schemastore.org/sarif-2.1.0.json')
    const [run] = log.runs
    expect(run?.tool.driver).toEqual({
      name: 'kqlab',
      version: '1.2.3',
      rules: [
        {
          id: 'KQL500',
          shortDescription: { text: 'The same row raised alerts in several runs.' },
        },
      ],
    })
    expect(run?.columnKind).toBe('utf16CodeUnits')
  })

  it('has a result a finding, at its place', () => {
    const { results } = sarifLog([FINDING], '1').runs[0] as { results: unknown[] }
    const artifactLocation = { uri: 'rules/a%20b%231.yaml' }
    expect(results).toEqual([
      {
        ruleId: 'KQL500',
        ruleIndex: 0,
        level: 'warning',
        message: { text: 'It is so.\nMake it otherwise.' },
        locations: [
          {
            physicalLocation: {
              artifactLocation,
              region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
            },
          },
        ],
        relatedLocations: [
          {
            id: 0,
            message: { text: 'Because of this.' },
            physicalLocation: { artifactLocation, region: { startLine: 1, startColumn: 2 } },
          },
        ],
      },
    ])
  })

  it('names each code once, and results point to it', () => {
    const codes = ['KQL501', 'KS142', 'KQL501'].map(code => ({ ...FINDING, code }))
    const [run] = sarifLog(codes, '1').runs
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(['KQL501', 'KS142'])
    expect(run?.results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1, 0])
  })

  it.each([
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ] as const)('tells %s as %s', (severity, level) => {
    const [run] = sarifLog([{ ...FINDING, severity }], '1').runs
    expect(run?.results[0]?.level).toBe(level)
  })

  it.each([
    ['./rules/a.yaml', 'rules/a.yaml'],
    ['rules\\a.yaml', 'rules/a.yaml'],
    ['/home/x/a.yaml', 'file:///home/x/a.yaml'],
    ['C:\\x y\\a.yaml', 'file:///C:/x%20y/a.yaml'],
    ['r\u00e9\ud800.yaml', 'r%C3%A9%EF%BF%BD.yaml'],
    ['../rules/a.yaml', '../rules/a.yaml'],
  ])('has %j as %s', (file, uri) => {
    const [run] = sarifLog([{ ...FINDING, file }], '1').runs
    expect(run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri)
  })

  it('tells what is about no file as notifications of the run', () => {
    const message = 'There is no city.mmdb.'
    const findings: LocatedFinding[] = [
      FINDING,
      { code: 'KQL103', severity: 'error', message, hint: 'Look for it.' },
      { code: 'KQL101', severity: 'info', message },
    ]
    const log: Log = sarifLog(findings, '1')
    const [run] = log.runs
    expect(run?.results?.map(({ ruleId }) => ruleId)).toEqual(['KQL500'])
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(['KQL500'])
    expect(run?.tool.driver.notifications?.map(({ id }) => id)).toEqual(['KQL101', 'KQL103'])
    expect(run?.invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            descriptor: { id: 'KQL103', index: 1 },
            level: 'error',
            message: { text: 'There is no city.mmdb.\nLook for it.' },
          },
          { descriptor: { id: 'KQL101', index: 0 }, level: 'note', message: { text: message } },
        ],
      },
    ])
    const info: Log = sarifLog(findings.slice(2), '1')
    expect(info.runs[0]?.invocations?.[0]?.executionSuccessful).toBe(true)
  })
})
