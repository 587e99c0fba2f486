import { describe, expect, it } from 'vitest'
import { loadTests } from '../../../src/testing/load-tests.ts'
import { lackOf, type Selection, selectTests } from '../../../src/testing/select-tests.ts'
import { SourceText } from '../../../src/text/source-text.ts'

function named(rule: string, ...tests: readonly string[]) {
  const text = `tests: [${tests.map(test => `{ ${test} }`).join(', ')}]`
  const { file } = loadTests(new SourceText(text))
  if (file === undefined) throw new Error('the tests have a fault')
  return { rule, file }
}

const SUITES = [
  named('Rule one', 'name: a, expect: none', 'name: b, expect: rows', 'name: c, expect: none'),
  named('Rule two', 'name: d one, expect: none', 'name: e, expect: none'),
]

function selected(selection: Selection): string[] {
  return [...selectTests(SUITES, selection)].map(({ name }) => name)
}

describe('tests that are selected', () => {
  it('are those with a text in their name or that of their rule', () => {
    expect(selected({})).toEqual(['a', 'b', 'c', 'd one', 'e'])
    expect(selected({ filter: ['ONE'] })).toEqual(['a', 'b', 'c', 'd one'])
    expect(selected({ filter: ['e', 'd one'] })).toEqual(['a', 'b', 'c', 'd one', 'e'])
    expect(selected({ filter: ['d one'] })).toEqual(['d one'])
    expect(selected({ filter: ['x'] })).toEqual([])
  })

  it.each([1, 2, 3, 5, 7])('are in one of %i shards each', count => {
    const shards = Array.from({ length: count }, (_, index) =>
      selected({ shard: { index: index + 1, count } }),
    )
    expect(shards.flat()).toEqual(['a', 'b', 'c', 'd one', 'e'])
    const sizes = shards.map(shard => shard.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  })
})

describe('what a rule lacks', () => {
  it.each([
    [['name: a, expect: none', 'name: b, expect: rows'], 2, undefined],
    [['name: a, expect: none', 'name: b, expect: rows'], 3, '2 of at least 3 tests'],
    [['name: a, expect: none'], 1, 'no test in which it fires'],
    [['name: a, expect: alerts'], 1, 'no test in which it does not fire'],
    [['name: a, expect: { rows: 2, alerts: 0 }', 'name: b, expect: { alerts: 1 }'], 1, undefined],
    [['name: a, expect: { rows: [] }', 'name: b, expect: { rows: [{ x: 1 }] }'], 1, undefined],
    [
      ['name: a, expect: none', 'name: b, expect: { columns: [x] }'],
      2,
      'no test in which it fires',
    ],
    [
      ['name: a, expect: none', 'name: b, expect: { incidents: 0 }'],
      2,
      'no test in which it fires',
    ],
    [['name: a, expect: none', 'name: b, expect: { incidents: 1 }'], 2, undefined],
    [
      ['name: a, expect: rows', 'name: b, expect: { findings: [] }'],
      2,
      'in which it does not fire',
    ],
    [['name: a, expect: none, skip: x', 'name: b, expect: rows'], 2, '1 of at least 2 tests'],
  ])('%j, %i: %s', (tests, minimum, lack) => {
    const { file } = named('r', ...tests)
    const found = lackOf(file.tests, minimum)
    if (lack === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(lack)
  })

  it('is everything where there are no tests', () => {
    expect(lackOf([], 1)).toBe(
      'The rule has 0 of at least 1 tests, no test in which it fires, no test in which it does not fire.',
    )
  })
})
