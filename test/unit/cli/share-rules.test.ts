import { describe, expect, it } from 'vitest'
import { shareRules } from '../../../src/cli/share-rules.ts'

const MB = 1_000_000
const bytes = new Map([
  ['A', 1000 * MB],
  ['B', 1000 * MB],
  ['C', 10 * MB],
])
const rules = (...tables: string[]) => tables.map(names => ({ tables: names.split('') }))

describe('rules shared out among workers', () => {
  it('stay with those over the same tables', () => {
    expect(shareRules(rules('A', 'B', 'A', 'B', 'A'), bytes, 2)).toEqual([
      [0, 2, 4],
      [1, 3],
    ])
  })

  it('are shared out over one table where they are many', () => {
    // 100 rules cost twice what reading the table costs: each half reads it anew.
    const shares = shareRules(rules(...Array<string>(100).fill('A')), bytes, 2)
    expect(shares.map(share => share.length)).toEqual([50, 50])
  })

  it('keep those over small tables with others', () => {
    expect(shareRules(rules('C', 'A', 'B', 'C'), bytes, 2)).toEqual([[1], [0, 2, 3]])
  })

  it('are each in one share, in order, and no share is empty', () => {
    const shares = shareRules(rules('AB', 'C', 'B', '', 'A'), bytes, 9)
    expect(shares.flat().sort()).toEqual([0, 1, 2, 3, 4])
    expect(shares.every(share => share.length > 0)).toBe(true)
    expect(shareRules([], bytes, 2)).toEqual([])
  })

  it('take tables of unknown size for small ones', () => {
    expect(shareRules(rules('X', 'X'), new Map(), 1)).toEqual([[0, 1]])
  })
})
