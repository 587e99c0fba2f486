import { describe, expect, it } from 'vitest'
import { inferSchema, type Row } from '../../../src/tables/infer-schema.ts'

const typeOf = (...values: unknown[]) =>
  inferSchema(values.map((value): Row => ({ c: value })))[0]?.type

describe('inferSchema', () => {
  it.each<[string, unknown[]]>([
    ['bool', [true, null, false]],
    ['long', [1, -5, 2n ** 60n]],
    ['real', [1, 2.5]],
    ['real', [Number.NaN]],
    ['real', [2 ** 60]],
    ['string', ['a', null, '2024-01-01T00:00:00Z']],
    ['string', ['2024-01-01', '1']],
    ['string', [null, undefined]],
    ['datetime', ['2024-01-01T00:00:00Z', '2024-03-01T10:20:30.1234567+02:00', null]],
    ['datetime', [new Date(0), '2024-01-01T00:00:00Z']],
    ['string', ['2024-13-01T00:00:00Z']],
    ['dynamic', [{ a: 1 }, null]],
    ['dynamic', [[1, 2]]],
    ['dynamic', [1, 'a']],
    ['dynamic', [true, 1]],
    ['dynamic', [{}, 'a']],
  ])('makes %s of %o', (type, values) => {
    expect(typeOf(...values)).toBe(type)
  })

  it('puts unknown columns behind the known ones, in first-seen order', () => {
    const known = [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Level', type: 'string' },
    ] as const
    const rows = [{ b: 1, Level: 4 }, { TimeGenerated: 'x', a: 'x' }, { b: 1.5 }]
    expect(inferSchema(rows, known)).toEqual([
      ...known,
      { name: 'b', type: 'real' },
      { name: 'a', type: 'string' },
    ])
  })

  it('looks at 10,000 rows', () => {
    const rows: Row[] = Array.from({ length: 10_000 }, () => ({ a: 1 }))
    rows.push({ a: 'x', b: 1 })
    expect(inferSchema(rows)).toEqual([{ name: 'a', type: 'long' }])
  })
})
