import { describe, expect, it } from 'vitest'
import { parseArrivalDelay, SpreadDelay } from '../../../src/replay/arrival-delay.ts'
import { TimedRows } from '../../../src/replay/timed-rows.ts'
import { ColumnBatch } from '../../../src/tables/batch.ts'
import type { Vector } from '../../../src/tables/vector.ts'
import { vectorOf } from '../../../src/tables/vector-builder.ts'

const MINUTE = 600_000_000n
const START = 638_000_000_000_000_000n

/** The delays of ten thousand rows, one a second, in order. */
function delays(text: string): bigint[] {
  const delay = parseArrivalDelay(text)
  if (!(delay instanceof SpreadDelay)) throw new Error(`${text} is not spread`)
  const found = Array.from({ length: 10_000 }, (_, at) =>
    delay.of(START + BigInt(at) * 10_000_000n),
  )
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** In minutes, to a tenth. */
const minutes = (ticks: bigint | undefined) => Math.round(Number(ticks) / 60_000_000) / 10

describe('delays until rows arrive', () => {
  it('are one duration', () => {
    expect(parseArrivalDelay('5m')).toBe(5n * MINUTE)
    expect(parseArrivalDelay('PT5M')).toBe(5n * MINUTE)
    expect(parseArrivalDelay('0s')).toBe(0n)
  })

  it('are spread evenly over a range', () => {
    const found = delays('1m..11m')
    expect(found[0]).toBeGreaterThanOrEqual(MINUTE)
    expect(found.at(-1)).toBeLessThanOrEqual(11n * MINUTE)
    // A quarter of the rows below a quarter of the range, and so on, to within a tenth of a minute.
    const quarters = [2500, 5000, 7500].map(at => minutes(found[at]))
    for (const [at, expected] of [3.5, 6, 8.5].entries()) {
      expect(Math.abs((quarters[at] ?? 0) - expected)).toBeLessThanOrEqual(0.2)
    }
  })

  it('are spread as quantiles say', () => {
    const found = delays('50%=2m,90%=10m')
    expect(Math.abs(minutes(found[2500]) - 1)).toBeLessThanOrEqual(0.1)
    expect(Math.abs(minutes(found[5000]) - 2)).toBeLessThanOrEqual(0.3)
    expect(Math.abs(minutes(found[7000]) - 6)).toBeLessThanOrEqual(0.3)
    // Nothing is said beyond nine of ten: the rest takes as long as these.
    expect(found[9200]).toBe(10n * MINUTE)
    expect(found.at(-1)).toBe(10n * MINUTE)
  })

  it('are the same again for a time', () => {
    const [one, other] = ['1m..9m', '1m..9m'].map(text => parseArrivalDelay(text))
    expect((one as SpreadDelay).of(START)).toBe((other as SpreadDelay).of(START))
    expect((one as SpreadDelay).of(START)).not.toBe((one as SpreadDelay).of(START + 1n))
  })

  it.each([
    '',
    'soon',
    '-5m',
    '9m..1m',
    '1m..',
    '50%',
    '50%=1m,40%=2m',
    '50%=2m,60%=1m',
    '101%=1m',
    '0%=1m',
  ])('are none in %j', text => {
    expect(parseArrivalDelay(text)).toBeUndefined()
  })

  it('are added to the times of rows that do not say when they arrived', () => {
    const delay = parseArrivalDelay('1m..9m') as SpreadDelay
    const schema = [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: '_TimeReceived', type: 'datetime' },
    ] as const
    const times = vectorOf('datetime', [START, START + MINUTE]) as Vector
    const received = vectorOf('datetime', [START + 5n, null]) as Vector
    const rows = new ColumnBatch(schema, [times, received], 2)
    const silent = new TimedRows(rows, { time: 0, arrival: undefined, delay })
    expect(silent.arrivalOf(0)).toBe(START + delay.of(START))
    const telling = new TimedRows(rows, { time: 0, arrival: 1, delay })
    expect([telling.arrivalOf(0), telling.arrivalOf(1)]).toEqual([
      START + 5n,
      START + MINUTE + delay.of(START + MINUTE),
    ])
  })
})
