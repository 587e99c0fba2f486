import { describe, expect, it } from 'vitest'
import {
  civilOfDay,
  dayOfHalves,
  daysFromCivil,
  isoWeekOfDay,
  MAX_DAY,
  storeDayTick,
  tickOfHalves,
} from '../../../src/types/calendar.ts'
import {
  addMonths,
  addTicks,
  civilFromTicks,
  epochMillisFromTicks,
  formatDatetime,
  MAX_DATETIME,
  MIN_DATETIME,
  parseDatetime,
  parseIsoBytes,
  parseIsoInto,
  startOf,
  TICKS_PER_SECOND,
  ticksFromCivil,
  ticksFromEpochMillis,
  UNIX_EPOCH_TICKS,
} from '../../../src/types/datetime.ts'

/** What a text is read as, in the text form of KQL. */
function read(text: string): string | null {
  const ticks = parseDatetime(text)
  return ticks === null ? null : formatDatetime(ticks)
}

function at(text: string): bigint {
  const ticks = parseDatetime(text)
  if (ticks === null) throw new Error(`no datetime: ${text}`)
  return ticks
}

describe('parseDatetime', () => {
  it.each([
    // ISO 8601
    ['2014-05-25T08:20:03.123456Z', '2014-05-25T08:20:03.1234560Z'],
    ['2014-05-25T08:20', '2014-05-25T08:20:00.0000000Z'],
    ['2014-11-08 15:55:55.123456Z', '2014-11-08T15:55:55.1234560Z'],
    ['2014-11-08 15:55', '2014-11-08T15:55:00.0000000Z'],
    ['2014-11-08', '2014-11-08T00:00:00.0000000Z'],
    ['2014-11', '2014-11-01T00:00:00.0000000Z'],
    ['2014', '2014-01-01T00:00:00.0000000Z'],
    ['1970-5-12', '1970-05-12T00:00:00.0000000Z'],
    ['2022-12-02T13:45:56+02:00', '2022-12-02T11:45:56.0000000Z'],
    ['2022-12-02T13:45:56+0200', '2022-12-02T11:45:56.0000000Z'],
    ['2022-12-02T13:45:56-02', '2022-12-02T15:45:56.0000000Z'],
    ['2022-12-31T23:30:00-01:00', '2023-01-01T00:30:00.0000000Z'],
    ['2017 - 08 - 01', '2017-08-01T00:00:00.0000000Z'],
    ['2017 - 08 - 01 10:20', '2017-08-01T10:20:00.0000000Z'],
    ['  2022-12-02 ', '2022-12-02T00:00:00.0000000Z'],
    // RFC 822 and 850
    ['Sat, 8 Nov 14 15:05:02 GMT', '2014-11-08T15:05:02.0000000Z'],
    ['Sat, 8 Nov 14 15:05', '2014-11-08T15:05:00.0000000Z'],
    ['8 Nov 14 15:05:02', '2014-11-08T15:05:02.0000000Z'],
    ['8 Nov 14 15:05 GMT', '2014-11-08T15:05:00.0000000Z'],
    ['Saturday, 08-Nov-14 15:05:02 GMT', '2014-11-08T15:05:02.0000000Z'],
    ['08-Nov-14 15:05', '2014-11-08T15:05:00.0000000Z'],
    ['Fri, 02 Dec 2022 13:45:56 EST', '2022-12-02T18:45:56.0000000Z'],
    ['08-Nov-69', '1969-11-08T00:00:00.0000000Z'],
    // Sortable
    ['2014-11-08 15:05:25 GMT', '2014-11-08T15:05:25.0000000Z'],
    ['2014-11-08T15:05 GMT', '2014-11-08T15:05:00.0000000Z'],
    // Month first
    ['12-02-2022', '2022-12-02T00:00:00.0000000Z'],
    ['12/02/2022', '2022-12-02T00:00:00.0000000Z'],
    ['12.02.2022', '2022-12-02T00:00:00.0000000Z'],
    ['2/3/2022', '2022-02-03T00:00:00.0000000Z'],
    ['2022/12/02', '2022-12-02T00:00:00.0000000Z'],
    ['20221202', '2022-12-02T00:00:00.0000000Z'],
    ['20221202T134556Z', '2022-12-02T13:45:56.0000000Z'],
    ['2 Dec 2022', '2022-12-02T00:00:00.0000000Z'],
    ['Dec 2, 2022', '2022-12-02T00:00:00.0000000Z'],
    ['December 2 2022 1:05 pm', '2022-12-02T13:05:00.0000000Z'],
    ['Fri Dec  2 13:45:56 2022', '2022-12-02T13:45:56.0000000Z'],
    // As logs and portals write it
    ['2022-01-24T05:10:14.1875602Z', '2022-01-24T05:10:14.1875602Z'],
    ['2022-01-24T05:10:11.429773+00:00', '2022-01-24T05:10:11.4297730Z'],
    ['2019-10-18T04:45:48.0729893-05:00', '2019-10-18T09:45:48.0729893Z'],
    ['11/14/2025 1:48:53 AM', '2025-11-14T01:48:53.0000000Z'],
    ['1/9/2007 10:41:00 AM +01:00', '2007-01-09T09:41:00.0000000Z'],
    ['01/09/2007 09:41:00', '2007-01-09T09:41:00.0000000Z'],
    ['2007-01-09T09:41:00', '2007-01-09T09:41:00.0000000Z'],
    ['2007-01-09T09:41:00.535404056Z', '2007-01-09T09:41:00.5354040Z'],
    ['2025-01-15 09:35:20.456', '2025-01-15T09:35:20.4560000Z'],
    ['2024-12-16 16:32:16.087554000', '2024-12-16T16:32:16.0875540Z'],
    ['4/28/2021, 2:08:45.221 PM', '2021-04-28T14:08:45.2210000Z'],
    ['8/8/2023, 6:45:30 AM', '2023-08-08T06:45:30.0000000Z'],
    ['12/31/2023 12:00 AM', '2023-12-31T00:00:00.0000000Z'],
    ['12/31/2023 12:00 PM', '2023-12-31T12:00:00.0000000Z'],
    ['2023-07-24 15:23:59Z', '2023-07-24T15:23:59.0000000Z'],
    // The ends of time
    ['0001-01-01', '0001-01-01T00:00:00.0000000Z'],
    ['9999-12-31T23:59:59.99999999Z', '9999-12-31T23:59:59.9999999Z'],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each([
    '',
    ' ',
    'not a date',
    '13-01-2022',
    'x12-02-2022',
    '12-02-2022x',
    '2022-02-29',
    '2022-13-01',
    '2022-00-01',
    '0000-01-01',
    '2022-12-02T24:00:00',
    '2022-12-02T12:60',
    '2022-12-02T12:30:60',
    '2022-12-02T12',
    '2022-12-02T12:30:',
    '2022-12-02T12:30:15.',
    '2022-12-02T12:30:15+15:00',
    '2022-12-02T12:30:15 XYZ',
    '12/31/2023 13:00 PM',
    '1.5',
    '12345',
    '2017 - 08 -',
    '2017 -',
    '2017 08 01',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-00:01',
    '1'.repeat(1000),
  ])('refuses %j', text => {
    expect(parseDatetime(text)).toBeNull()
  })
})

describe('ISO bytes', () => {
  const encode = (text: string) => new TextEncoder().encode(text)

  it('reads from the middle of a buffer', () => {
    const bytes = encode('x2022-01-24T05:10:14.1875602Zy')
    expect(parseIsoBytes(bytes, 1, 29)).toBe(at('2022-01-24T05:10:14.1875602Z'))
  })

  it('writes the two halves of a cell', () => {
    const cells = new BigInt64Array(3)
    const text = '2019-10-18T04:45:48.0729893-05:00'
    const bytes = encode(text)
    expect(parseIsoInto(bytes, 0, bytes.length, new Int32Array(cells.buffer), 1)).toBe(true)
    expect([...cells]).toEqual([0n, at(text), 0n])
  })

  it('leaves every other spelling to the reader of text', () => {
    const cells = new BigInt64Array([7n])
    for (const text of ['11/14/2025 1:48:53 AM', '2022-1-24', '', '2022-02-30']) {
      const bytes = encode(text)
      expect(parseIsoInto(bytes, 0, bytes.length, new Int32Array(cells.buffer), 0)).toBe(false)
    }
    expect(cells[0]).toBe(7n)
  })
})

describe('civil dates', () => {
  it('counts days and ticks from year 1', () => {
    expect(daysFromCivil(1, 1, 1)).toBe(0)
    expect(daysFromCivil(9999, 12, 31)).toBe(MAX_DAY)
    // The .NET documentation gives these ticks for 1970 and for the year 100.
    expect(at('1970-01-01')).toBe(621_355_968_000_000_000n)
    expect(at('0100-01-01')).toBe(31_241_376_000_000_000n)
    expect(at('2020-01-01')).toBe(637_134_336_000_000_000n)
    expect(at('9999-12-31T23:59:59.9999999Z')).toBe(MAX_DATETIME)
  })

  it('takes a datetime apart', () => {
    expect(civilFromTicks(at('2020-12-31T23:59:58.0000001Z'))).toEqual({
      year: 2020,
      month: 12,
      day: 31,
      hour: 23,
      minute: 59,
      second: 58,
      tick: 1,
      dayOfYear: 366,
      dayOfWeek: 4,
    })
    expect(civilFromTicks(MIN_DATETIME).dayOfWeek).toBe(1)
  })

  it('puts one together', () => {
    expect(ticksFromCivil(2020, 2, 29, 1, 2, 3, 4)).toBe(at('2020-02-29T01:02:03.0000004Z'))
    expect(ticksFromCivil(2020, 13, 1)).toBeNull()
    expect(ticksFromCivil(2019, 2, 29)).toBeNull()
    expect(ticksFromCivil(2020, 1, 1, 24)).toBeNull()
    expect(ticksFromCivil(2020, 1, 1.5)).toBeNull()
    expect(ticksFromCivil(10_000, 1, 1)).toBeNull()
  })

  it('agrees with the calendar of JavaScript on every day', () => {
    for (let day = 0; day <= MAX_DAY; day += 97) {
      const date = new Date((day - 719_162) * 86_400_000)
      const civil = civilOfDay(day)
      expect([civil >> 9, (civil >> 5) & 15, civil & 31]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
      ])
    }
  })

  it('goes through 32-bit halves without loss', () => {
    const cells = new BigInt64Array(1)
    const halves = new Int32Array(cells.buffer)
    for (const ticks of [
      0n,
      1n,
      MAX_DATETIME,
      UNIX_EPOCH_TICKS - 1n,
      863_999_999_999n,
      1n << 32n,
    ]) {
      cells[0] = ticks
      const day = dayOfHalves(halves[0]!, halves[1]!)
      const tick = tickOfHalves(halves[0]!, halves[1]!, day)
      expect(BigInt(day) * 864_000_000_000n + BigInt(tick)).toBe(ticks)
      storeDayTick(halves, 0, day, tick)
      expect(cells[0]).toBe(ticks)
    }
  })

  it('numbers ISO weeks', () => {
    const week = (year: number, month: number, day: number) =>
      isoWeekOfDay(daysFromCivil(year, month, day))
    expect(week(2017, 10, 30)).toBe(44)
    expect(week(2021, 1, 3)).toBe(53)
    expect(week(2021, 1, 4)).toBe(1)
    expect(week(2018, 12, 31)).toBe(1)
    expect(week(9999, 12, 31)).toBe(52)
  })
})

describe('datetime arithmetic', () => {
  it('adds months, to the end of a shorter one', () => {
    expect(formatDatetime(addMonths(at('2020-01-31T10:00'), 1) ?? 0n)).toBe(
      '2020-02-29T10:00:00.0000000Z',
    )
    expect(addMonths(at('2020-03-31'), -1)).toBe(at('2020-02-29'))
    expect(addMonths(at('2020-11-30'), 14)).toBe(at('2022-01-30'))
    expect(addMonths(at('9999-12-01'), 1)).toBeNull()
    expect(addMonths(at('0001-01-01'), -1)).toBeNull()
  })

  it('leaves the calendar as null', () => {
    expect(addTicks(MAX_DATETIME, 1n)).toBeNull()
    expect(addTicks(0n, -1n)).toBeNull()
    expect(addTicks(at('2020-01-01'), TICKS_PER_SECOND)).toBe(at('2020-01-01T00:00:01'))
  })

  it('finds the start of a unit', () => {
    const when = at('2017-01-01T10:10:17.0000000Z')
    expect(startOf('day', when)).toBe(at('2017-01-01'))
    expect(startOf('week', when)).toBe(at('2017-01-01'))
    expect(startOf('week', when, -1)).toBe(at('2016-12-25'))
    expect(startOf('month', when, -1)).toBe(at('2016-12-01'))
    expect(startOf('year', when, 1)).toBe(at('2018-01-01'))
    expect(startOf('week', MIN_DATETIME)).toBeNull()
    expect(startOf('year', when, 9000)).toBeNull()
  })

  it('converts to and from milliseconds', () => {
    expect(ticksFromEpochMillis(0)).toBe(UNIX_EPOCH_TICKS)
    expect(ticksFromEpochMillis(-1)).toBe(UNIX_EPOCH_TICKS - 10_000n)
    expect(ticksFromEpochMillis(Number.NaN)).toBeNull()
    expect(ticksFromEpochMillis(8.64e15)).toBeNull()
    expect(epochMillisFromTicks(UNIX_EPOCH_TICKS + 19_999n)).toBe(1)
    expect(epochMillisFromTicks(UNIX_EPOCH_TICKS - 1n)).toBe(-1)
  })
})
