import { describe, expect, it } from 'vitest'
import { and, not, or } from '../../../src/engine/functions/scalar/operators-logic.ts'
import { call } from './harness.ts'

const A = [true, true, true, false, false, false, null, null, null]
const B = [true, false, null, true, false, null, true, false, null]

describe('three-valued logic', () => {
  it('and', () => {
    const expected = [true, false, null, false, false, false, null, false, null]
    expect(
      call(and, [
        ['bool', A],
        ['bool', B],
      ]),
    ).toEqual(expected)
  })

  it('or', () => {
    const expected = [true, true, true, true, false, null, true, null, null]
    expect(
      call(or, [
        ['bool', A],
        ['bool', B],
      ]),
    ).toEqual(expected)
  })

  it('without nulls', () => {
    const columns = [
      ['bool', [true, true, false, false]],
      ['bool', [true, false, true, false]],
    ] as const
    expect(call(and, columns)).toEqual([true, false, false, false])
    expect(call(or, columns)).toEqual([true, true, true, false])
  })

  it('not', () => {
    expect(call(not, [['bool', [true, false, null]]])).toEqual([false, true, null])
  })
})
