import { describe, expect, it } from 'vitest'
import { type RuleFilterOptions, wantsRule } from '../../../src/cli/rule-filter.ts'
import { loadRule } from '../../../src/rules/load-rule.ts'

const { rule } = loadRule(
  [
    'id: 11111111-2222-4333-8444-555555555555',
    'name: Odd sign-ins',
    'severity: High',
    'tactics: [Impact, Persistence]',
    'relevantTechniques: [T1078, T1098.003]',
    'tags: [Identity]',
    'query: T',
    '',
  ].join('\n'),
)

describe('the filter of rules', () => {
  it.each<[RuleFilterOptions, boolean]>([
    [{}, true],
    [{ severity: ['high'] }, true],
    [{ severity: ['Low', 'High'] }, true],
    [{ severity: ['Low'] }, false],
    [{ tactic: ['persistence'] }, true],
    [{ technique: ['T1098'] }, true],
    [{ technique: ['t1098.003'] }, true],
    [{ technique: ['T1078.001'] }, false],
    [{ technique: ['T10'] }, false],
    [{ tag: ['identity'] }, true],
    [{ name: ['SIGN'] }, true],
    [{ name: ['nothing'] }, false],
    [{ id: ['11111111-2222-4333-8444-555555555555'] }, true],
    [{ severity: ['High'], tactic: ['Discovery'] }, false],
  ])('%j', (options, expected) => {
    if (rule === undefined) throw new Error('no rule')
    expect(wantsRule(options, rule)).toBe(expected)
  })
})
