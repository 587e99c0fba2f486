import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import * as operators from '../../../src/engine/functions/scalar/operators-string.ts'
import { TextFilter } from '../../../src/engine/functions/scalar/text-predicate.ts'
import { identityRows, TextVector } from '../../../src/tables/vector.ts'
import { allocate } from '../../../src/tables/vector-builder.ts'
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

describe('TextFilter', () => {
  it('asks once a dictionary entry, also as the dictionary grows', () => {
    const asked: string[] = []
    const filter = new TextFilter(text => {
      asked.push(text)
      return text === 'b'
    }, false)
    const dict = ['a', 'b']
    const first = new TextVector('string', Uint32Array.of(0, 1, 0, 1), dict, true)
    const out = allocate('bool', 4)
    filter.run(first, out, identityRows(4))
    expect(Array.from(out.values)).toEqual([0, 1, 0, 1])
    dict.push('c', 'b2')
    const second = new TextVector('string', Uint32Array.of(1, 2, 2), dict, true)
    const further = allocate('bool', 3)
    filter.run(second, further, identityRows(3))
    expect(Array.from(further.values)).toEqual([1, 0, 0])
    expect(asked).toEqual(['a', 'b', 'c'])
  })

  it('gives what it gives without a dictionary', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'ab', ''), { minLength: 1 })
    fc.assert(
      fc.property(texts, fc.boolean(), (values, negated) => {
        const dict = Array.from(new Set(values))
        const codes = Uint32Array.from(values, value => dict.indexOf(value))
        const rows = identityRows(values.length)
        const coded = allocate('bool', values.length)
        const plain = allocate('bool', values.length)
        const test = (text: string) => text.includes('a')
        new TextFilter(test, negated).run(new TextVector('string', codes, dict, true), coded, rows)
        new TextFilter(test, negated).run(TextVector.plain('string', values), plain, rows)
        expect(coded.values).toEqual(plain.values)
      }),
    )
  })
})
