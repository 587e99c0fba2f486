import { describe, expect, it } from 'vitest'
import { lineNeeds, neededWords } from '../../../../src/tables/json/line-needs.ts'
import { MAX_DATETIME } from '../../../../src/types/datetime.ts'

const COLUMNS = [{ name: 't', type: 'datetime', candidates: [['t']] }] as const
const FIRST = '0000-00-00T00:00:00'
const LAST = '9999-99-99T99:99:99'

describe('the words that lines need', () => {
  const replaced = new Map([
    ['0', 'needles'],
    ['1', null],
  ])
  it.each([
    ['are those of columns that are in their records', {}, ['thread'], true],
    ['are none where a constant has one', { constant: 'A Thread' }, ['needle', 'thread'], false],
    ['are those that a constant lacks', { constant: 'A Thread' }, ['needle'], true],
    ['are none where a constant is no text', { constant: true }, ['needle'], false],
    ['are none where what stands for a text has one', { replace: replaced }, ['needle'], false],
    ['are those that it lacks', { replace: replaced }, ['thread'], true],
  ] as const)('%s', (_, more, words, expected) => {
    const columns = [
      { name: 's', type: 'string', candidates: [['s']], ...more },
      { name: 'r', type: 'string', candidates: [['r']] },
    ] as const
    expect(neededWords([{ columns: ['s', 'r'], words }], columns)).toEqual(expected ? [words] : [])
  })

  it('are none where a column is not known', () => {
    expect(neededWords([{ columns: ['x'], words: ['needle'] }], [])).toEqual([])
  })
})

describe('the times that lines need', () => {
  it.each([
    [
      'those of the range, whole seconds',
      10_000_001n,
      25_000_000n,
      '0001-01-01T00:00:01',
      '0001-01-01T00:00:02',
    ],
    ['all from the first on', 0n, undefined, '0001-01-01T00:00:00', LAST],
    ['all up to the last', undefined, MAX_DATETIME, FIRST, '9999-12-31T23:59:59'],
    ['all up to what comes behind the last', undefined, MAX_DATETIME + 1n, FIRST, LAST],
    ['all from what comes before the first on', -1n, undefined, FIRST, LAST],
  ] as const)('are %s', (_, from, to, first, last) => {
    const range = {
      column: 't',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    }
    expect(lineNeeds([], range, COLUMNS).time).toEqual({ members: ['t'], from: first, to: last })
  })
})
