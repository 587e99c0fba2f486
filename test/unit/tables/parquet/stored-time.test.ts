import { describe, expect, it } from 'vitest'
import {
  EPOCH_TICKS,
  GREATEST_NANO_TICKS,
  LEAST_NANO_TICKS,
  nanosOf,
  ticksOfNanos,
} from '../../../../src/tables/parquet/stored-time.ts'
import { parseDatetime } from '../../../../src/types/datetime.ts'

describe('times in nanoseconds', () => {
  it.each([
    ['1970-01-01', 0n],
    ['1970-01-01T00:00:00.0000001', 100n],
    ['1969-12-31T23:59:59.9999999', -100n],
    ['2026-01-02T03:04:05.1234567', 1_767_323_045_123_456_700n],
    ['1678-01-01', -9_214_560_000_000_000_000n],
    ['2262-01-01', 9_214_646_400_000_000_000n],
  ])('%s', (text, nanos) => {
    const ticks = parseDatetime(text) ?? 0n
    expect(nanosOf(ticks)).toBe(nanos)
    const values = BigInt64Array.of(nanos)
    ticksOfNanos(new Int32Array(values.buffer))
    expect(values[0]).toBe(ticks)
  })

  it('reach as far as 64 bits do', () => {
    for (const ticks of [LEAST_NANO_TICKS, GREATEST_NANO_TICKS]) {
      const values = BigInt64Array.of(nanosOf(ticks))
      expect(values[0]).toBe(nanosOf(ticks))
      ticksOfNanos(new Int32Array(values.buffer))
      expect(values[0]).toBe(ticks)
    }
    expect(BigInt.asIntN(64, nanosOf(GREATEST_NANO_TICKS + 1n))).not.toBe(
      nanosOf(GREATEST_NANO_TICKS + 1n),
    )
    expect(EPOCH_TICKS).toBe(621_355_968_000_000_000n)
  })
})
