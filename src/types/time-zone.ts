import { IANAZone } from 'luxon'
import { epochMillisFromTicks, isDatetime, TICKS_PER_MILLISECOND } from './datetime.ts'

const DAY_MILLIS = 86_400_000
const QUARTER_MILLIS = 900_000
const YEAR_1973 = 94_694_400_000

/** A time zone of the IANA database, as the platform's `Intl` has it. */
export class TimeZone {
  readonly #zone: IANAZone
  /** Offset in milliseconds by quarter of an hour: since 1973 clocks change at no other moments. */
  readonly #offsets = new Map<number, number>()

  private constructor(zone: IANAZone) {
    this.#zone = zone
  }

  /** The zone of a name such as `Europe/Brussels` or `US/Pacific`; null where there is none. */
  static of(name: string): TimeZone | null {
    // A platform may take an offset such as `+05:00` too, which is no name.
    const isName = /^[a-z]/i.test(name) && IANAZone.isValidZone(name)
    return isName ? new TimeZone(IANAZone.create(name)) : null
  }

  /** Names of the zones that the platform lists: one a zone, without its aliases. */
  static names(): readonly string[] {
    return Intl.supportedValuesOf('timeZone')
  }

  /** Local time at an instant; null outside years 1 to 9999. */
  localFromUtc(ticks: bigint): bigint | null {
    return shifted(ticks, this.#offset(epochMillisFromTicks(ticks)))
  }

  /**
   * The instant of a local time; null outside years 1 to 9999. A local time that the clocks skip or
   * repeat is read with the offset after the change: skipped 02:00 in Brussels was measured as 00:00Z.
   */
  utcFromLocal(ticks: bigint): bigint | null {
    const local = epochMillisFromTicks(ticks)
    const before = this.#offset(local - DAY_MILLIS)
    const after = this.#offset(local + DAY_MILLIS)
    const late = this.#offset(local - after) === after
    const early = this.#offset(local - before) === before
    return shifted(ticks, !late && early ? -before : -after)
  }

  #offset(epochMillis: number): number {
    if (epochMillis < YEAR_1973) return this.#offsetAt(epochMillis)
    const quarter = Math.floor(epochMillis / QUARTER_MILLIS)
    let offset = this.#offsets.get(quarter)
    if (offset === undefined) {
      offset = this.#offsetAt(epochMillis)
      this.#offsets.set(quarter, offset)
    }
    return offset
  }

  #offsetAt(epochMillis: number): number {
    return Math.round(this.#zone.offset(epochMillis) * 60_000)
  }
}

function shifted(ticks: bigint, millis: number): bigint | null {
  const sum = ticks + BigInt(millis) * TICKS_PER_MILLISECOND
  return isDatetime(sum) ? sum : null
}
