import { describe, expect, it } from 'vitest'
import { visible } from '../../../src/cli/formats/table.ts'
import { type RuleFile, runReport } from '../../../src/cli/run-report.ts'
import { batchOf } from '../../../src/engine/operators/sources.ts'
import type { Schema } from '../../../src/types/schema.ts'
import { printed, TextOutput } from './printed.ts'

const SCHEMA: Schema = [
  { name: 'n', type: 'long' },
  { name: 'text', type: 'string' },
]

const TIMED: Schema = [
  { name: 'Time', type: 'datetime' },
  { name: 'First', type: 'string' },
  { name: 'Second', type: 'string' },
  { name: 'Third', type: 'string' },
]
const LONG = 'abcdefghijklmnopqrstuvwxyz'

describe('the table format', () => {
  it('aligns numbers right and text left, without blanks at the ends of lines', async () => {
    expect(
      await printed('table', SCHEMA, [
        [1n, 'a'],
        [1000n, ''],
        [null, 'long text'],
      ]),
    ).toBe('   n  text\n----  ---------\n   1  a\n1000\n      long text\n3 rows\n')
  })

  it('prints the names where there are no rows', async () => {
    expect(await printed('table', SCHEMA, [])).toBe('n  text\n-  ----\n0 rows\n')
  })

  it('counts the cells of wide characters and of those without width', async () => {
    expect(
      await printed(
        'table',
        [{ name: 'a', type: 'string' }, ...SCHEMA.slice(0, 1)],
        [
          ['日本', 1n],
          ['e\u0301', 2n],
        ],
      ),
    ).toBe('a     n\n----  -\n日本  1\ne\u0301     2\n2 rows\n')
  })

  it('cuts nothing where the output is no terminal', async () => {
    const text = 'x'.repeat(500)
    expect(await printed('table', SCHEMA, [[1n, text]])).toContain(text)
  })

  it('prints very many rows as they come, with the widths of the first', async () => {
    const wide = 'x'.repeat(2 ** 20)
    const rows = [
      ...Array.from({ length: 17 }, (_, at): [bigint, string] => [BigInt(at), wide]),
      [123n, `${wide}yz`] as const,
      [7n, 'short'] as const,
    ]
    const [names, rule, first, ...rest] = (await printed('table', SCHEMA, rows)).split('\n')
    expect(names).toBe(' n  text')
    expect(rule).toBe(`--  ${'-'.repeat(2 ** 20)}`)
    expect(first).toBe(` 0  ${wide}`)
    expect(rest.slice(-4)).toEqual([`123  ${wide}yz`, ' 7  short', '19 rows', ''])
    const narrow = (await printed('table', SCHEMA, rows, { width: 20 })).split('\n')
    expect(narrow.slice(-4)).toEqual(['123  xxxxxxxxxxxxxxx…', ' 7  short', '19 rows', ''])
  })

  it('has very long text among many columns cut in no time', async () => {
    const schema = Array.from({ length: 200 }, (_, at) => ({
      name: `c${at}`,
      type: 'string' as const,
    }))
    const row = schema.map((_, at) => (at === 0 ? 'x'.repeat(4_000_000) : 'y'.repeat(20)))
    const start = performance.now()
    const text = await printed('table', schema, [row], { width: 80 })
    expect(performance.now() - start).toBeLessThan(2000)
    expect(text.split('\n')[2]).toMatch(/^x{9,12}… {2}y{9,12}… {2}y/)
  })

  it('cuts text, never times, to the width of a terminal', async () => {
    const rows = [[0n, LONG, 'short', LONG]]
    const text = await printed('table', TIMED, rows, { width: 70 })
    const [names, rule, row] = text.split('\n')
    // 70 cells less three gaps, the time (28) and the short text (6) leave 30 for the others.
    expect(names).toBe('Time                          First            Second  Third')
    expect(rule).toBe(`${'-'.repeat(28)}  ${'-'.repeat(15)}  ${'-'.repeat(6)}  ${'-'.repeat(15)}`)
    expect(row).toBe('0001-01-01T00:00:00.0000000Z  abcdefghijklmn…  short   abcdefghijklmn…')
    expect(text).not.toContain('not shown')
  })

  it('leaves out the last columns where there is no room', async () => {
    const text = await printed('table', TIMED, [[0n, LONG, LONG, LONG]], { width: 54 })
    const [names, rule, row, ...rest] = text.split('\n')
    expect(names).toBe('Time                          First        Second')
    expect(rule).toBe(`${'-'.repeat(28)}  ${'-'.repeat(11)}  ${'-'.repeat(11)}`)
    expect(row).toBe('0001-01-01T00:00:00.0000000Z  abcdefghij…  abcdefghij…')
    expect(rest).toEqual(['1 row', '1 column not shown, for want of room: Third', ''])
  })

  it('shows one column on the narrowest terminal', async () => {
    const text = await printed('table', TIMED, [[0n, 'a', 'b', 'c']], { width: 5 })
    expect(text.split('\n').slice(0, 3)).toEqual(['Time', '-----', '0001…'])
  })

  it('has bold names where there are colours', async () => {
    const text = await printed('table', SCHEMA, [], { width: 80, color: true })
    expect(text.split('\n')[0]).toBe('\u001b[1mn  text\u001b[0m')
  })
})

describe('visible', () => {
  it.each([
    ['plain', 'plain'],
    ['a\nb\r\n\tc', 'a\\nb\\r\\n\\tc'],
    ['\u001b[2J', '\\u001b[2J'],
    ['\u0000\u007f\u009b', '\\u0000\\u007f\\u009b'],
    ['x\u202ecod.exe', 'x\\u202ecod.exe'],
    ['\u2066a\u2069', '\\u2066a\\u2069'],
    ['日本 é 😀', '日本 é 😀'],
  ])('%j is %s', (text, expected) => {
    expect(visible(text)).toBe(expected)
  })
})

it('the rows of a rule stand under its name, however many there are', async () => {
  const output = new TextOutput()
  const report = runReport('table', { now: 0n, from: 'given' }, output)
  const file = { rule: { name: 'The rule', kind: 'Hunting' } } as unknown as RuleFile
  const sink = report.rows(file, [{ name: 'text', type: 'string' }])
  // More characters than are held until the widths of columns are decided.
  const long = 'x'.repeat(2 ** 23 + 1)
  for (let row = 0; row < 2; row++) {
    await sink.batch(batchOf([{ name: 'text', type: 'string' }], [[long]]))
  }
  await sink.end()
  expect(output.text.slice(0, 24)).toBe('The rule [Hunting]\ntext\n')
  expect(output.text.endsWith('x\n2 rows\n\n')).toBe(true)
})
