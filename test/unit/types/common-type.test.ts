import { describe, expect, it } from 'vitest'
import { commonType } from '../../../src/types/common-type.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'

describe('commonType', () => {
  const cases: readonly (readonly [readonly ScalarType[], ScalarType | undefined])[] = [
    [['string', 'string'], 'string'],
    [['int', 'long'], 'long'],
    [['decimal', 'int', 'real'], 'decimal'],
    [['dynamic', 'long'], 'long'],
    [['long', 'dynamic'], 'long'],
    [['dynamic', 'dynamic'], 'dynamic'],
    [['long', 'string'], undefined],
    [['long', 'dynamic', 'string'], undefined],
    [['datetime', 'long'], undefined],
    [[], undefined],
  ]
  it.each(cases)('of %s is %s', (types, expected) => {
    expect(commonType(types)).toBe(expected)
  })
})
