import { describe, expect, it } from 'vitest'
import { query } from '../../../../src/index.ts'
import { KqlError } from '../../../../src/text/kql-error.ts'
import { rowsOf } from '../run-query.ts'

async function codesOf(text: string): Promise<string[]> {
  try {
    await query(text)
  } catch (error) {
    if (error instanceof KqlError) return error.diagnostics.map(({ code }) => code)
    throw error
  }
  return []
}

describe('sequence_detect', () => {
  const events = (rows: string): string => `datatable(t: long, s: string)[${rows}]`
  const steps = 'a = s == "a", b = s == "b", c = s == "c"'

  it('combines every row with every later one of the next step', async () => {
    const text = `${events('1, "a", 2, "b", 3, "a", 4, "b"')} | evaluate sequence_detect(t, 9, 9, a = s == "a", b = s == "b")`
    expect(await rowsOf(text)).toEqual([
      [1n, 2n, 1n],
      [1n, 4n, 3n],
      [3n, 4n, 1n],
    ])
  })

  it('does not mind the order of rows, and gives the same times once', async () => {
    const text = `${events('4, "b", 1, "a", 1, "a", 4, "b"')} | evaluate sequence_detect(t, 9, 9, a = s == "a", b = s == "b")`
    expect(await rowsOf(text)).toEqual([[1n, 4n, 3n]])
  })

  it('limits each step and the whole, both inclusive', async () => {
    const rows = events('0, "a", 5, "b", 10, "c", 11, "c"')
    const at = async (step: number, span: number): Promise<unknown[][]> =>
      await rowsOf(`${rows} | evaluate sequence_detect(t, ${step}, ${span}, ${steps})`)
    expect(await at(5, 10)).toEqual([[0n, 5n, 10n, 10n]])
    expect(await at(4, 10)).toEqual([])
    expect(await at(6, 9)).toEqual([])
    expect(await at(6, 11)).toHaveLength(2)
  })

  it('takes rows of one time, but none twice', async () => {
    expect(
      await rowsOf(
        `${events('1, "b", 1, "a"')} | evaluate sequence_detect(t, 0, 0, a = s == "a", b = s == "b")`,
      ),
    ).toEqual([[1n, 1n, 0n]])
    const twice = 'evaluate sequence_detect(t, 5, 5, x = s == "a", y = true)'
    expect(await rowsOf(`${events('1, "a"')} | ${twice}`)).toEqual([])
    expect(await rowsOf(`${events('1, "a", 1, "z"')} | ${twice}`)).toEqual([[1n, 1n, 0n]])
    // The row that can be either has to be the second step.
    const either = 'evaluate sequence_detect(t, 5, 5, x = true, y = s == "a", z = s != "b")'
    expect(await rowsOf(`${events('1, "a", 1, "b", 1, "c"')} | ${either}`)).toEqual([
      [1n, 1n, 1n, 0n],
    ])
    expect(await rowsOf(`${events('1, "a", 1, "b", 1, "b"')} | ${either}`)).toEqual([])
  })

  it('leaves out rows without a time or with a condition that is null', async () => {
    const rows =
      'datatable(t: datetime, n: long)[datetime(null), 1, datetime(2026-01-01), 1, datetime(2026-01-02), long(null)]'
    expect(await rowsOf(`${rows} | evaluate sequence_detect(t, 9d, 9d, a = n == 1)`)).toEqual([
      ['2026-01-01T00:00:00.0000000Z', '00:00:00'],
    ])
  })

  it('keeps dimensions apart, null being one', async () => {
    const rows =
      'datatable(t: long, s: string, n: int)[1, "a", 1, 2, "b", int(null), 3, "a", int(null), 4, "b", int(null)]'
    const text = `${rows} | evaluate sequence_detect(t, 9, 9, a = s == "a", b = s == "b", n)`
    expect(await rowsOf(text)).toEqual([[null, 3n, 4n, 1n]])
  })

  it.each([
    ['no step', 'sequence_detect(t, 1, 1, s)', ['KS141']],
    ['a step behind a dimension', 'sequence_detect(t, 1, 1, t > 1, s, t > 2)', ['KS109']],
    ['a negative window', 'sequence_detect(t, -1, 1, t > 1)', ['KS128']],
    ['a column that is no time', 'sequence_detect(s, 1, 1, t > 1)', ['KS141']],
    ['an unknown column', 'sequence_detect(t, 1, 1, u > 1)', ['KS142']],
    [
      'too many steps',
      `sequence_detect(t, 1, 1, ${Array(31).fill('t > 1').join(', ')})`,
      ['KQL101'],
    ],
  ])('refuses %s', async (_, call, codes) => {
    expect(await codesOf(`${events('1, "a"')} | evaluate ${call}`)).toEqual(codes)
  })

  it('does not look for what cannot end', async () => {
    const text =
      'range t from 1 to 20000 step 1 | evaluate sequence_detect(t, 50000, 50000, t > 0, t > 0, t > 0, t < 0)'
    expect(await rowsOf(text)).toEqual([])
  })

  it('stops at the limit of rows where there are too many sequences', async () => {
    const text = `range t from 1 to 200 step 1 | evaluate sequence_detect(t, 500, 500, t > 0, t > 0, t > 0)`
    await expect(query(text, { maxRows: 10_000 })).rejects.toThrow(KqlError)
  })
})

describe('funnel_sequence_completion', () => {
  const funnel = async (
    rows: string,
    sequence: string,
    periods: string,
    bin = '100',
  ): Promise<unknown[][]> =>
    await rowsOf(
      `datatable(u: string, t: long, s: string)[${rows}] | evaluate funnel_sequence_completion(u, t, 0, 99, ${bin}, s, dynamic(${sequence}), dynamic(${periods}))`,
    )

  it('counts identities, each as far as it came within the period of a first state', async () => {
    const rows =
      '"A", 1, "x", "A", 3, "y", "A", 8, "z", "B", 2, "x", "B", 50, "x", "B", 52, "y", "C", 1, "y", "C", 2, "x"'
    expect(await funnel(rows, '["x", "y", "z"]', '[5, 10]')).toEqual([
      [0n, 'x', 5n, 3n],
      [0n, 'y', 5n, 2n],
      [0n, 'x', 10n, 3n],
      [0n, 'y', 10n, 2n],
      [0n, 'z', 10n, 1n],
    ])
  })

  it('lets other states lie between, and a row be one state only', async () => {
    expect(await funnel('"A", 1, "x", "A", 2, "q", "A", 3, "x"', '["x", "x", "x"]', '[9]')).toEqual(
      [
        [0n, 'x', 9n, 1n],
        [0n, 'x', 9n, 1n],
      ],
    )
    expect(await funnel('"A", 1, "y", "A", 1, "x"', '["x", "y"]', '[0]')).toHaveLength(2)
  })

  it('looks at each window by itself, and at nothing outside', async () => {
    expect(
      await funnel(
        '"A", 9, "x", "A", 10, "y", "A", 100, "x", "B", 12, "x"',
        '["x", "y"]',
        '[9]',
        '10',
      ),
    ).toEqual([
      [0n, 'x', 9n, 1n],
      [10n, 'x', 9n, 1n],
    ])
  })

  it.each([
    ['a sequence that is none', '"x"', '[1]'],
    ['an empty sequence', '[]', '[1]'],
    ['a period that is none', '["x"]', '["x"]'],
  ])('refuses %s', async (_, sequence, periods) => {
    const text = `datatable(u: string, t: long, s: string)["A", 1, "x"] | evaluate funnel_sequence_completion(u, t, 0, 9, 10, s, dynamic(${sequence}), dynamic(${periods}))`
    expect(await codesOf(text)).toEqual(['KS128'])
  })

  it('matches states of other types', async () => {
    const text =
      'datatable(u: string, t: long, s: long)["A", 1, 7, "A", 2, 8] | evaluate funnel_sequence_completion(u, t, 0, 9, 10, s, dynamic([7, 8]), dynamic([5]))'
    expect(await rowsOf(text)).toEqual([
      [0n, '7', 5n, 1n],
      [0n, '8', 5n, 1n],
    ])
  })
})
