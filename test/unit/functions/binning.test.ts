import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bin, bin_at } from '../../../src/engine/functions/scalar/binning.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { call, callOne } from './harness.ts'

const HOUR = 36_000_000_000n
const DAY = 24n * HOUR
const MAX_DATETIME = 3_155_378_975_999_999_999n

function at(text: string): bigint {
  return parseDatetime(text) as bigint
}

describe('bin', () => {
  it.each([
    [5n, 2n, 4n],
    [-5n, 2n, -6n],
    [-4n, 2n, -4n],
    [0n, 7n, 0n],
    [9_223_372_036_854_775_807n, 10n, 9_223_372_036_854_775_800n],
    [5n, 0n, null],
    [5n, -1n, null],
    [null, 1n, null],
    [5n, null, null],
  ])('of the longs %s and %s is %s', (value, step, expected) => {
    expect(
      call(bin, [
        ['long', [value]],
        ['long', [step]],
      ]),
    ).toEqual([expected])
  })

  it.each([
    [4.5, 1, 4],
    [5.5, 2, 4],
    [-5.5, 2, -6],
    [1.5, 0.5, 1.5],
    [Number.NaN, 1, Number.NaN],
    [1, 0, null],
  ])('of the reals %s and %s is %s', (value, step, expected) => {
    expect(
      call(bin, [
        ['real', [value]],
        ['real', [step]],
      ]),
    ).toEqual([expected])
  })

  it('of decimals is exact', () => {
    const value = callOne(bin, [
      ['decimal', decimalOf('0.3')],
      ['decimal', decimalOf('0.1')],
    ])
    expect(String(value)).toBe('0.3')
  })

  it.each([
    ['1955-11-05 06:15:00.5', HOUR, '1955-11-05 06:00'],
    ['1955-11-05 06:15:00.5', 7n * DAY, '1955-10-31'],
    ['2020-06-15 13:45:30.7654321', 10_000n, '2020-06-15 13:45:30.765'],
    ['2020-06-15 13:45:30.7654321', 1n, '2020-06-15 13:45:30.7654321'],
    ['0001-01-01 00:00:00.0000001', DAY, '0001-01-01'],
    ['9999-12-31 23:59:59.9999999', DAY, '9999-12-31'],
    ['2017-10-01 00:00:45', 30n * 10_000_000n, '2017-10-01 00:00:30'],
  ])('of %s by %s ticks is %s', (time, step, expected) => {
    const columns = [['datetime', [at(time)]] as const, ['timespan', [step]] as const]
    expect(call(bin, columns)).toEqual([at(expected)])
    expect(call(bin, columns, { constants: [1] })).toEqual([at(expected)])
  })

  it('of a timespan rounds down below zero', () => {
    const columns = [
      ['timespan', [-1n, -HOUR, 0n]] as const,
      ['timespan', [HOUR, HOUR, HOUR]] as const,
    ]
    expect(call(bin, columns)).toEqual([-HOUR, -HOUR, 0n])
    expect(call(bin, columns, { constants: [1] })).toEqual([-HOUR, -HOUR, 0n])
  })

  it('is null for a bin size of no length', () => {
    const columns = [['datetime', [at('2020-01-01')]] as const, ['timespan', [0n]] as const]
    expect(call(bin, columns, { constants: [1] })).toEqual([null])
  })

  it('gives the same whether or not the bin size is constant', () => {
    const sizes = fc.oneof(
      fc.constantFrom(1n, 10_000n, 600_000_000n, HOUR, 6n * HOUR, DAY, 7n * DAY, 365n * DAY),
      fc.bigInt({ min: 1n, max: 10n * DAY }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_DATETIME }), sizes, (value, size) => {
        const columns = [['datetime', [value]] as const, ['timespan', [size]] as const]
        const expected = [value - (value % size)]
        expect(call(bin, columns, { constants: [1] })).toEqual(expected)
        expect(call(bin, columns)).toEqual(expected)
      }),
    )
  })
})

describe('bin_at', () => {
  it.each([
    [13n, 10n, 11n, 11n],
    [10n, 10n, 11n, 1n],
    [11n, 10n, 11n, 11n],
    [1n, 0n, 0n, null],
  ])('of the longs %s, %s, %s is %s', (value, step, point, expected) => {
    expect(
      callOne(bin_at, [
        ['long', value],
        ['long', step],
        ['long', point],
      ]),
    ).toBe(expected)
  })

  it('of reals aligns to the point', () => {
    expect(
      callOne(bin_at, [
        ['real', 6.5],
        ['real', 2.5],
        ['real', 7],
      ]),
    ).toBe(4.5)
  })

  it.each([
    ['2017-05-17 10:20', 7n * DAY, '2017-06-04', '2017-05-14'],
    ['2018-02-23 16:14', DAY, '2018-02-24 15:14', '2018-02-23 15:14'],
    ['1955-11-05 06:15', 3n * HOUR, '1955-11-05 00:30', '1955-11-05 03:30'],
  ])('of %s by %s ticks at %s is %s', (time, step, point, expected) => {
    expect(
      callOne(bin_at, [
        ['datetime', at(time)],
        ['timespan', step],
        ['datetime', at(point)],
      ]),
    ).toBe(at(expected))
  })

  it('is null where the bin starts before year 1', () => {
    expect(
      callOne(bin_at, [
        ['datetime', 0n],
        ['timespan', DAY],
        ['datetime', HOUR],
      ]),
    ).toBeNull()
  })
})
