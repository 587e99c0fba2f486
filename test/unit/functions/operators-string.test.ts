import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import * as operators from '../../../src/engine/functions/scalar/operators-string.ts'
import { call } from './harness.ts'

const byName = new Map<string, ScalarFunction>(
  Object.values(operators).map(declaration => [declaration.name, declaration]),
)

describe('string operators', () => {
  it.each([
    ['=~', 'Straße', 'STRASSE', false],
    ['=~', 'ÄB', 'äb', true],
    ['!~', 'aBc', 'ABC', false],
    ['has', 'alpha-beta', 'ALPHA', true],
    ['has', 'alpha_beta', 'alpha', true],
    ['has', 'alphabeta', 'alpha', false],
    ['has', 'a@b.c', '@', true],
    ['has', 'CAFÉ', 'café', true],
    ['has', '', '', true],
    ['!has', 'ab', 'a', true],
    ['has_cs', 'North America', 'america', false],
    ['!has_cs', 'North America', 'america', true],
    ['hasprefix', 'North America', 'ame', true],
    ['!hasprefix', 'North America', 'rica', true],
    ['hasprefix_cs', 'North America', 'ame', false],
    ['!hasprefix_cs', 'North America', 'Ame', false],
    ['hassuffix', 'North America', 'RTH', true],
    ['!hassuffix', 'North America', 'RTH', false],
    ['hassuffix_cs', 'North America', 'RTH', false],
    ['!hassuffix_cs', 'North America', 'RTH', true],
    ['contains', 'FabriKam', 'BRik', true],
    ['!contains', 'FabriKam', 'BRik', false],
    ['contains_cs', 'FabriKam', 'BRik', false],
    ['!contains_cs', 'FabriKam', 'BRik', true],
    ['startswith', 'Fabrikam', 'fAB', true],
    ['!startswith', 'Fabrikam', 'fAB', false],
    ['startswith_cs', 'Fabrikam', 'fab', false],
    ['!startswith_cs', 'Fabrikam', 'fab', true],
    ['endswith', 'Fabrikam', 'KAM', true],
    ['!endswith', 'Fabrikam', 'KAM', false],
    ['endswith_cs', 'Fabrikam', 'KAM', false],
    ['!endswith_cs', 'Fabrikam', 'KAM', true],
  ])('%s: "%s" and "%s" is %s', (name, text, needle, expected) => {
    const declaration = byName.get(name)!
    const columns = [
      ['string', [text]],
      ['string', [needle]],
    ] as const
    expect(call(declaration, columns)).toEqual([expected])
    expect(call(declaration, columns, { constants: [1] })).toEqual([expected])
  })

  it('are each there with and without case, and negated', () => {
    const roots = ['has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith']
    const names = roots.flatMap(root => [root, `!${root}`, `${root}_cs`, `!${root}_cs`])
    expect(Array.from(byName.keys()).sort()).toEqual(['=~', '!~', ...names].sort())
  })

  it('prepare a varying needle for each row', () => {
    const columns = [
      ['string', ['ab', 'ab', 'cd', 'cd']],
      ['string', ['a', 'b', 'b', 'c']],
    ] as const
    expect(call(byName.get('contains')!, columns)).toEqual([true, true, false, true])
  })
})
