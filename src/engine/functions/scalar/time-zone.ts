import { TimeZone } from '../../../types/time-zone.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'

/** Finds zones by name and keeps them; an unknown constant name throws {@link QueryError}. */
function zoneFinder(constant: unknown): (name: string) => TimeZone | null {
  const known = new Map<string, TimeZone | null>()
  const find = (name: string): TimeZone | null => {
    let zone = known.get(name)
    if (zone === undefined) {
      zone = TimeZone.of(name)
      known.set(name, zone)
    }
    return zone
  }
  if (typeof constant === 'string' && find(constant) === null) {
    throw new QueryError('KS128', `'${constant}' is not a time zone.`, 1)
  }
  return find
}

/** @see https://learn.microsoft.com/kusto/query/datetime-utc-to-local-function */
export const datetime_utc_to_local = scalar({
  name: 'datetime_utc_to_local',
  doc: 'The local time of a UTC time in a time zone of the IANA database, as the platform has it. null where the time is null or the zone of a row is not known; an unknown constant zone is an error.',
  examples: [
    {
      query: "print r = datetime_utc_to_local(datetime(2022-07-11 22:18:48), 'US/Pacific')",
      rows: [{ r: '2022-07-11T15:18:48.0000000Z' }],
    },
  ],
  overloads: [
    overload({
      params: ['datetime', 'string'],
      returns: 'datetime',
      nulls: 'propagate',
      prepare([, name]) {
        const find = zoneFinder(name)
        return { each: (time, zone) => find(zone)?.localFromUtc(time) ?? null }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/datetime-local-to-utc-function */
export const datetime_local_to_utc = scalar({
  name: 'datetime_local_to_utc',
  doc: 'The UTC time of a local time in a time zone of the IANA database, as the platform has it; a local time that the clocks skip or repeat is read with the offset after the change. null where the time is null or the zone of a row is not known; an unknown constant zone is an error.',
  examples: [
    {
      query: "print r = datetime_local_to_utc(datetime(2020-02-02 20:02:20), 'America/Chicago')",
      rows: [{ r: '2020-02-03T02:02:20.0000000Z' }],
    },
  ],
  overloads: [
    overload({
      params: ['datetime', 'string'],
      returns: 'datetime',
      nulls: 'propagate',
      prepare([, name]) {
        const find = zoneFinder(name)
        return { each: (time, zone) => find(zone)?.utcFromLocal(time) ?? null }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/datetime-list-timezones */
export const datetime_list_timezones = scalar({
  name: 'datetime_list_timezones',
  doc: 'The names of the time zones that the platform lists, without their aliases.',
  examples: [
    {
      query: "print r = datetime_list_timezones() has 'Europe/Brussels'",
      rows: [{ r: true }],
    },
  ],
  overloads: [
    overload({
      params: [],
      returns: 'dynamic',
      nulls: 'propagate',
      each: () => TimeZone.names(),
    }),
  ],
})
