import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadTests } from '../../../src/testing/load-tests.ts'
import { updatedTests } from '../../../src/testing/update.ts'
import { yamlText } from '../../../src/testing/yaml-text.ts'
import { SourceText } from '../../../src/text/source-text.ts'
import { outcomes, RULE, run, USUAL } from './rule-fixture.ts'

/** The file with the expectations that came, all of which must hold then. */
async function updated(tests: string, rule = RULE): Promise<string> {
  const text = `${USUAL}${tests}`
  const { file } = loadTests(new SourceText(text))
  if (file === undefined) throw new Error('the tests have a fault')
  const result = updatedTests(file, (await run(text, rule)).tests)
  expect(outcomes(await run(result.text, rule)).every(each => each === 'passed')).toBe(true)
  expect(result.text.startsWith(USUAL)).toBe(true)
  return result.text.slice(USUAL.length)
}

describe('expectations that are updated', () => {
  it('change where they do not hold, and stay as they are written elsewhere', async () => {
    const before = `# all of them
tests:
  - name: a   # the first
    base: usual
    expect:
      # how many
      rows: 3   # more
      alerts: 1
      columns: [Count]
  - name: b
    base: usual
    expect: { rows: 1 } # stays
`
    const after = before
      .replace('rows: 3', 'rows: 1')
      .replace('[Count]', '[IPAddress, Count, Users]')
    expect(await updated(before)).toBe(after)
  })

  it('keep to columns with dots, blanks and paths in how they are named', async () => {
    const rule = RULE.replace(
      '  | where Count > 1\n',
      "  | where Count > 1 | project ['a.b'] = Count, ['c d'] = bag_pack('k', Count), e = Count\n",
    ).replace(/entityMappings.*/s, '')
    const before = `tests:
  - name: a
    base: usual
    expect: { rows: [{ a.b: 4 }] }
  - name: b
    base: usual
    expect: { rows: [{ "['c d'].k": 4 }] }
`
    const after = before
      .replace('{ a.b: 4 }', '{ a.b: 2 }')
      .replace(`{ "['c d'].k": 4 }`, '{ c d: { k: 2 } }')
    expect(await updated(before, rule)).toBe(after)
  })

  it('keep to the columns and the form of the rows that were listed', async () => {
    const before = `tests:
  - name: a
    base: usual
    expect:
      rows:
        # the one
        - Count: 3
          IPAddress: x
        - { Count: 4 }
      # more
      alerts:
        - { title: x }
`
    expect(await updated(before)).toBe(`tests:
  - name: a
    base: usual
    expect:
      rows:
        # the one
        - { IPAddress: "192.0.2.1", Count: 2 }
      # more
      alerts:
        - { title: "2 failed sign-ins from 192.0.2.1" }
`)
  })

  it('keep to a list whose items begin on the line below their sign', async () => {
    const before = `tests:
  - name: a
    base: usual
    expect:
      alerts:
      -
        title: x
      rows: 1
`
    expect(await updated(before)).toBe(
      before.replace(/-\n *title: x/, '- { title: "2 failed sign-ins from 192.0.2.1" }'),
    )
  })

  it('say that a text is empty', async () => {
    const before = `tests:
  - name: a
    base: usual
    expect: { alerts: [{ description: x }] }
`
    expect(await updated(before)).toBe(before.replace('x }]', '"" }]'))
  })

  it('have all that has a value where the columns that are not named are to be empty', async () => {
    const before = `tests:
  - name: a
    base: usual
    expect: { rows: [{ Count: 2 }], exact: true }
`
    expect(await updated(before)).toBe(`tests:
  - name: a
    base: usual
    expect: { rows: [{ IPAddress: "192.0.2.1", Count: 2, Users: [a@example.com, b@example.com] }], exact: true }
`)
  })

  it('become rows in place of `none`, and `none` in place of a word', async () => {
    const before = `tests:
  - name: a
    base: usual
    expect: none
  - { name: b, expect: rows }
`
    expect(await updated(before)).toBe(`tests:
  - name: a
    base: usual
    expect:
      rows:
        - { IPAddress: "192.0.2.1", Count: 2, Users: [a@example.com, b@example.com] }
  - { name: b, expect: none }
`)
  })

  it('say of a rule that fires on silence that it does', async () => {
    const rule = RULE.replace('triggerOperator: gt', 'triggerOperator: lt').replace(
      'triggerThreshold: 0',
      'triggerThreshold: 1',
    )
    const before = `tests:
  - name: a
    expect: none
  - { name: b, expect: rows }
`
    expect(await updated(before, rule)).toBe(`tests:
  - name: a
    expect:
      rows: 0
      alerts: 1
  - { name: b, expect: { rows: 0, alerts: 1 } }
`)
  })

  it('have values of each kind, dynamics of kinds that JSON lacks, and times of long ago', async () => {
    const rule = RULE.replace(
      /let failed[\s\S]*Count > 1/,
      `SigninLogs
  | take 1
  | project Bag = bag_pack("t", TimeGenerated, "s", 5m, "n", real(nan)), No = real(nan), Old = datetime(1601-01-01)`,
    ).replace(/entityMappings[\s\S]*/, '')
    const before = `tests: [{ name: a, base: usual, expect: { rows: [] } }]\n`
    expect(await updated(before, rule)).toBe(
      `tests: [{ name: a, base: usual, expect: { rows: [{ Bag: { t: "2025-01-01T11:40:00.0000000Z", s: "00:05:00", "n": "NaN" }, "No": .nan, Old: "1601-01-01T00:00:00.0000000Z" }] } }]\n`,
    )
  })

  it('stay where a run failed', async () => {
    const rule = RULE.replace(
      '  | where Count > 1',
      '  | where isnull(geo_info_from_ip_address(IPAddress))',
    )
    const text = `${USUAL}tests: [{ name: a, base: usual, expect: rows }]\n`
    const { file } = loadTests(new SourceText(text))
    const { tests } = await run(text, rule)
    expect(file && updatedTests(file, tests)).toEqual({ text, updated: [] })
  })
})

describe('a value as YAML', () => {
  it.each([
    'a',
    'true',
    'No',
    'null',
    '5',
    '',
    ' a',
    'a: b',
    'a #b',
    'a, b',
    '[x',
    '-25m',
    '"quoted"',
    "it's",
    'line\nbreak',
    '\u0000',
    '2026-03-17',
    'a@b.example.com',
    5,
    1.5,
    true,
    null,
    [],
    {},
    [1, 'a', [null]],
    Number.NaN,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    { 'a.b[0]': 1, __proto: { x: 'y' } },
  ])('%j is read back as it was', value => {
    expect(parse(yamlText(value))).toEqual(value)
    expect(parse(`[${yamlText(value)}]`)).toEqual([value])
  })

  it('has longs of any size', () => {
    expect(yamlText(9_007_199_254_740_993n)).toBe('9007199254740993')
  })
})
