import { describe, expect, it } from 'vitest'
import { next, prev } from '../../../src/engine/functions/window/neighbours.ts'
import {
  row_number,
  row_rank_dense,
  row_rank_min,
} from '../../../src/engine/functions/window/ranking.ts'
import { row_cumsum, row_window_session } from '../../../src/engine/functions/window/running.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { callWindow } from './harness.ts'

const MINUTE = 600_000_000n

function at(time: string): bigint {
  return parseDatetime(`2024-04-11 ${time}`) as bigint
}

describe('prev and next', () => {
  const values = ['long', [1n, 2n, 5n, 7n, 9n]] as const
  const all = (value: ScalarValue): ScalarValue[] => new Array(5).fill(value)

  it('give the row one before and one behind', () => {
    expect(callWindow(prev, [values])).toEqual([null, 1n, 2n, 5n, 7n])
    expect(callWindow(next, [values])).toEqual([2n, 5n, 7n, 9n, null])
  })

  it.each([true, false])('take an offset, constant: %s', constant => {
    const columns = [values, ['long', all(2n)] as const]
    const options = { constants: constant ? [1] : [] }
    expect(callWindow(prev, columns, options)).toEqual([null, null, 1n, 2n, 5n])
    expect(callWindow(next, columns, options)).toEqual([5n, 7n, 9n, null, null])
  })

  it.each([true, false])('take a default, constant: %s', constant => {
    const columns = [values, ['long', all(9n)] as const, ['long', all(-1n)] as const]
    const options = { constants: constant ? [1, 2] : [] }
    expect(callWindow(prev, columns, options)).toEqual(all(-1n))
    expect(callWindow(next, columns, options)).toEqual(all(-1n))
  })

  it('convert the default to the type of the value', () => {
    const columns = [values, ['long', all(4n)] as const, ['real', all(2.5)] as const]
    expect(callWindow(prev, columns, { constants: [1] })).toEqual([2n, 2n, 2n, 2n, 1n])
  })

  it('keep nulls, texts and dynamics', () => {
    expect(callWindow(prev, [['long', [null, 1n]]])).toEqual([null, null])
    expect(callWindow(prev, [['string', ['a', 'b']]])).toEqual(['', 'a'])
    expect(callWindow(next, [['dynamic', [1, ['x'], null]]])).toEqual([['x'], null, null])
    expect(callWindow(next, [['guid', ['g', null, 'h']]])).toEqual([null, 'h', null])
  })

  it('take rows that have offsets of their own', () => {
    const offsets = ['long', [0n, -1n, 1n, null, 9n]] as const
    expect(callWindow(prev, [values, offsets])).toEqual([1n, 5n, 2n, null, null])
  })

  it('take no rows', () => {
    expect(callWindow(prev, [['long', []]])).toEqual([])
  })
})

describe('row_number', () => {
  it('counts from one, or from the start', () => {
    expect(callWindow(row_number, [], { rows: 3 })).toEqual([1n, 2n, 3n])
    expect(callWindow(row_number, [['long', [100n, 100n]]])).toEqual([100n, 101n])
    expect(callWindow(row_number, [['long', [null, null]]])).toEqual([null, null])
  })

  it('starts anew where the condition is true, not where it is null', () => {
    const columns = [
      ['long', [0n, 0n, 0n, 0n]] as const,
      ['bool', [null, false, true, null]] as const,
    ]
    expect(callWindow(row_number, columns)).toEqual([0n, 1n, 0n, 1n])
  })
})

describe('row ranks', () => {
  const restart = ['bool', [true, false, false, true, false]] as const
  const values = ['long', [5n, 5n, 8n, 3n, 3n]] as const

  it('restart', () => {
    expect(callWindow(row_rank_dense, [values, restart])).toEqual([1n, 1n, 2n, 1n, 1n])
    expect(callWindow(row_rank_min, [values, restart])).toEqual([1n, 1n, 3n, 1n, 1n])
    expect(callWindow(row_rank_min, [values])).toEqual([1n, 1n, 3n, 4n, 4n])
    expect(callWindow(row_rank_dense, [values])).toEqual([1n, 1n, 2n, 3n, 3n])
  })

  it('tell letters of another case apart, and take nulls as the same', () => {
    expect(callWindow(row_rank_dense, [['string', ['CAFE', 'Café', 'cafe']]])).toEqual([1n, 2n, 3n])
    expect(callWindow(row_rank_dense, [['long', [null, null, 0n]]])).toEqual([1n, 1n, 2n])
    const decimals = [decimalOf(1), decimalOf('1.0'), decimalOf(2)]
    expect(callWindow(row_rank_min, [['decimal', decimals]])).toEqual([1n, 1n, 3n])
  })
})

describe('row_cumsum', () => {
  it('sums, restarting where the condition is true', () => {
    const columns = [
      ['long', [5n, 3n, 8n, 1n, 9n]] as const,
      ['bool', [false, true, false, true, false]] as const,
    ]
    expect(callWindow(row_cumsum, columns)).toEqual([5n, 3n, 11n, 1n, 10n])
  })

  it('keeps the type and passes over nulls', () => {
    expect(callWindow(row_cumsum, [['int', [2_147_483_647, 1]]])).toEqual([
      2_147_483_647, -2_147_483_648,
    ])
    expect(callWindow(row_cumsum, [['real', [0.5, null, 1]]])).toEqual([0.5, 0.5, 1.5])
    const decimals = callWindow(row_cumsum, [['decimal', [decimalOf('0.1'), decimalOf('0.2')]]])
    expect(decimals.map(String)).toEqual(['0.1', '0.3'])
    const large = decimalOf('9e6144')
    const columns: Parameters<typeof callWindow>[1] = [
      ['decimal', [large, large, decimalOf(1), decimalOf(2)]],
      ['bool', [false, false, false, true]],
    ]
    const sums = callWindow(row_cumsum, columns)
    expect(sums.map(String)).toEqual([String(large), 'null', 'null', '2'])
    expect(callWindow(row_cumsum, [['long', [2n ** 63n - 1n, 1n]]])).toEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
    ])
  })
})

describe('row_window_session', () => {
  const sessions = (
    times: readonly (string | null)[],
    restart?: readonly (boolean | null)[],
  ): unknown => {
    const all = <T>(value: T): T[] => new Array(times.length).fill(value)
    return callWindow(row_window_session, [
      ['datetime', times.map(time => (time === null ? null : at(time)))],
      ['timespan', all(60n * MINUTE)],
      ['timespan', all(5n * MINUTE)],
      ...(restart === undefined ? [] : [['bool', restart] as const]),
    ])
  }

  it('ends where a row is far from the one before', () => {
    expect(sessions(['10:16', '10:18', '10:23', '13:30'])).toEqual(
      ['10:16', '10:16', '10:23', '13:30'].map(at),
    )
  })

  it('ends where a row is far from the first', () => {
    const times = Array.from({ length: 15 }, (_, k) => `10:${String(k * 4).padStart(2, '0')}`)
    expect(sessions([...times, '11:00'])).toEqual([...times.map(() => at('10:00')), at('11:00')])
  })

  it('ends where the condition is true and after a null', () => {
    expect(sessions(['10:00', '10:01', '10:02'], [true, false, true])).toEqual(
      ['10:00', '10:00', '10:02'].map(at),
    )
    expect(sessions(['10:00', null, '10:01'])).toEqual([at('10:00'), null, at('10:01')])
  })
})
