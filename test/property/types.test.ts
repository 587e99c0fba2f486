import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  civilOfDay,
  dayOfHalves,
  daysFromCivil,
  MAX_DAY,
  storeDayTick,
  tickOfHalves,
} from '../../src/types/calendar.ts'
import {
  compareStrings,
  containsMatcher,
  endsWithMatcher,
  equalsMatcher,
  foldCase,
  isAlphanumericAt,
  isAlphanumericBefore,
  startsWithMatcher,
  termMatcher,
} from '../../src/types/collation.ts'
import {
  civilFromTicks,
  formatDatetime,
  MAX_DATETIME,
  parseDatetime,
  parseIsoBytes,
  ticksFromCivil,
} from '../../src/types/datetime.ts'
import { formatDecimal, parseDecimal } from '../../src/types/decimal.ts'
import {
  compareDynamic,
  type Dynamic,
  dynamicEquals,
  dynamicKey,
  dynamicLong,
  dynamicReal,
} from '../../src/types/dynamic.ts'
import {
  dynamicFromJs,
  dynamicToJs,
  parseDynamic,
  printDynamic,
} from '../../src/types/dynamic-json.ts'
import { formatReal, INT64_MAX, INT64_MIN, parseLong, parseReal } from '../../src/types/number.ts'
import { formatTimespan, parseTimespan } from '../../src/types/timespan.ts'

const ticks = fc.bigInt({ min: 0n, max: MAX_DATETIME })
const long = fc.bigInt({ min: INT64_MIN, max: INT64_MAX })
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'A',
    'k',
    's',
    'é',
    'É',
    'σ',
    'ς',
    '_',
    ' ',
    '\u212a',
    'ſ',
    '😀',
    '𐐨',
    '𐐀',
    '1',
  ),
})

const { dynamic } = fc.letrec<{ dynamic: Dynamic }>(tie => ({
  dynamic: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    long.map(dynamicLong),
    fc.integer().map(dynamicLong),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(dynamicReal),
    fc.string({ unit: 'binary' }),
    fc.array(tie('dynamic'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('dynamic')), { maxLength: 4 }).map(slots => new Map(slots)),
  ),
}))

describe('datetime and timespan', () => {
  it('are what their text says', () => {
    fc.assert(
      fc.property(ticks, value => {
        const printed = formatDatetime(value)
        expect(parseDatetime(printed)).toBe(value)
        expect(parseIsoBytes(new TextEncoder().encode(printed), 0, printed.length)).toBe(value)
      }),
    )
    fc.assert(fc.property(long, value => parseTimespan(formatTimespan(value)) === value))
  })

  it('print in order', () => {
    fc.assert(fc.property(ticks, ticks, (a, b) => a < b === formatDatetime(a) < formatDatetime(b)))
  })

  it('are their civil parts', () => {
    fc.assert(
      fc.property(ticks, value => {
        const c = civilFromTicks(value)
        expect(ticksFromCivil(c.year, c.month, c.day, c.hour, c.minute, c.second, c.tick)).toBe(
          value,
        )
      }),
    )
    fc.assert(
      fc.property(fc.nat(MAX_DAY), day => {
        const civil = civilOfDay(day)
        return daysFromCivil(civil >> 9, (civil >> 5) & 15, civil & 31) === day
      }),
    )
  })

  it('go through halves exactly', () => {
    const cells = new BigInt64Array(1)
    const halves = new Int32Array(cells.buffer)
    fc.assert(
      fc.property(ticks, value => {
        cells[0] = value
        const day = dayOfHalves(halves[0]!, halves[1]!)
        const tick = tickOfHalves(halves[0]!, halves[1]!, day)
        expect(day).toBe(Number(value / 864_000_000_000n))
        expect(tick).toBe(Number(value % 864_000_000_000n))
        storeDayTick(halves, 0, day, tick)
        expect(cells[0]).toBe(value)
      }),
    )
  })

  it('are never read by throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789:-/., TZ+apmJndc') }), value => {
        const read = parseDatetime(value)
        expect(read === null || (read >= 0n && read <= MAX_DATETIME)).toBe(true)
        const bytes = new TextEncoder().encode(value)
        const iso = parseIsoBytes(bytes, 0, bytes.length)
        if (iso !== null) expect(iso).toBe(read)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('numbers', () => {
  it('are what their text says', () => {
    fc.assert(fc.property(long, value => parseLong(String(value)) === value))
    fc.assert(
      fc.property(fc.double(), value => Object.is(parseReal(formatReal(value)), value)),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        const decimal = parseDecimal(String(value))
        return decimal !== null && Number(formatDecimal(decimal)) === value + 0
      }),
    )
  })
})

describe('dynamic', () => {
  it('prints JSON that reads as the same value', () => {
    fc.assert(
      fc.property(dynamic, value => {
        const printed = printDynamic(value)
        expect(() => JSON.parse(printed)).not.toThrow()
        const read = parseDynamic(printed)
        expect(read).toBeDefined()
        if (read !== undefined) expect(printDynamic(read)).toBe(printed)
      }),
    )
  })

  it('reads exactly the texts that are JSON', () => {
    const near = fc.array(fc.constantFrom(...'{}[]",:\\utrue0123.-e \n'), { maxLength: 12 })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          near.map(units => units.join('')),
        ),
        source => {
          let valid = true
          try {
            JSON.parse(source)
          } catch {
            valid = false
          }
          expect(parseDynamic(source) !== undefined).toBe(valid)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('reads JSON as JSON.parse does', () => {
    // A whole number that is not safe is exact with us.
    const numbers = (_: string, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const source = JSON.stringify(value)
        const read = parseDynamic(source) ?? null
        expect(JSON.parse(JSON.stringify(dynamicToJs(read), numbers))).toEqual(JSON.parse(source))
        // JSON.parse has rounded what is not safe.
        let safe = true
        const parsed = JSON.parse(source, (_, part: unknown) => {
          if (Number.isInteger(part) && !Number.isSafeInteger(part)) safe = false
          return part
        })
        if (safe) expect(dynamicEquals(read, dynamicFromJs(parsed))).toBe(true)
      }),
      { examples: [[-61147480088563930]] },
    )
  })

  it('has equal values under equal keys', () => {
    fc.assert(
      fc.property(dynamic, dynamic, (a, b) => {
        expect(dynamicEquals(a, a)).toBe(true)
        expect(dynamicEquals(a, b)).toBe(dynamicEquals(b, a))
        if (dynamicKey(a) === dynamicKey(b)) expect(dynamicEquals(a, b)).toBe(true)
      }),
    )
  })

  it('has a total order', () => {
    fc.assert(
      fc.property(dynamic, dynamic, dynamic, (a, b, c) => {
        expect(Math.sign(compareDynamic(a, b)) + Math.sign(compareDynamic(b, a))).toBe(0)
        if (compareDynamic(a, b) <= 0 && compareDynamic(b, c) <= 0) {
          expect(compareDynamic(a, c)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })
})

describe('strings', () => {
  it('compare by code point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const left = new TextEncoder().encode(a)
        const right = new TextEncoder().encode(b)
        let k = 0
        while (k < left.length && left[k] === right[k]) k++
        const expected = Math.sign((left[k] ?? -1) - (right[k] ?? -1))
        expect(compareStrings(a, b)).toBe(expected)
      }),
    )
  })

  it('match without case what folded strings match with it', () => {
    fc.assert(
      fc.property(text, text, (haystack, needle) => {
        const folded = foldCase(haystack)
        const sought = foldCase(needle)
        expect(equalsMatcher(needle, false)(haystack)).toBe(folded === sought)
        expect(containsMatcher(needle, false)(haystack)).toBe(folded.includes(sought))
        expect(startsWithMatcher(needle, false)(haystack)).toBe(folded.startsWith(sought))
        expect(endsWithMatcher(needle, false)(haystack)).toBe(folded.endsWith(sought))
      }),
      { numRuns: 2000 },
    )
  })

  it('have the terms that a search at every position finds', () => {
    fc.assert(
      fc.property(text, text, (haystack, needle) => {
        let expected = needle === ''
        for (let at = 0; at + needle.length <= haystack.length && !expected; at++) {
          const end = at + needle.length
          expected =
            haystack.slice(at, end) === needle &&
            !(at > 0 && isAlphanumericAt(needle, 0) && isAlphanumericBefore(haystack, at)) &&
            !(
              end < haystack.length &&
              isAlphanumericBefore(needle, needle.length) &&
              isAlphanumericAt(haystack, end)
            )
        }
        expect(termMatcher(needle, true)(haystack)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})
