import type { CalendarUnit } from '../../../types/calendar.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import {
  addPeriods,
  type DatetimePart,
  datetimePart,
  fillDifferences,
  fillEnds,
  fillParts,
  fillStarts,
  fillWeekdays,
  periodOf,
} from './shared-calendar.ts'

function startOverload(unit: CalendarUnit): ScalarOverload {
  return overload({
    params: ['datetime', 'long'],
    required: 1,
    returns: 'datetime',
    nulls: 'propagate',
    kernel: ([dates, offsets], out, selection) => fillStarts(unit, dates, offsets, out, selection),
  })
}

function endOverload(unit: CalendarUnit): ScalarOverload {
  return overload({
    params: ['datetime', 'long'],
    required: 1,
    returns: 'datetime',
    nulls: 'propagate',
    kernel: ([dates, offsets], out, selection) => fillEnds(unit, dates, offsets, out, selection),
  })
}

function partOverload(part: DatetimePart): ScalarOverload {
  return overload({
    params: ['datetime'],
    returns: 'int',
    nulls: 'propagate',
    kernel: ([dates], out, selection) => fillParts(part, dates, out, selection),
  })
}

/** @see https://learn.microsoft.com/kusto/query/startofday-function */
export const startofday = scalar({
  name: 'startofday',
  naming: 'argument',
  doc: 'First tick of the day that holds the date, or of one `offset` days later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = startofday(datetime(2017-01-01 10:10:17), -1)',
      rows: [{ r: '2016-12-31T00:00:00.0000000Z' }],
    },
  ],
  overloads: [startOverload('day')],
})

/** @see https://learn.microsoft.com/kusto/query/startofweek-function */
export const startofweek = scalar({
  name: 'startofweek',
  doc: 'First tick of the week that holds the date (weeks begin on Sunday), or of one `offset` weeks later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = startofweek(datetime(2017-01-03 10:10:17))',
      rows: [{ r: '2017-01-01T00:00:00.0000000Z' }],
    },
  ],
  overloads: [startOverload('week')],
})

/** @see https://learn.microsoft.com/kusto/query/startofmonth-function */
export const startofmonth = scalar({
  name: 'startofmonth',
  doc: 'First tick of the month that holds the date, or of one `offset` months later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = startofmonth(datetime(2017-01-31 10:10:17), 1)',
      rows: [{ r: '2017-02-01T00:00:00.0000000Z' }],
    },
  ],
  overloads: [startOverload('month')],
})

/** @see https://learn.microsoft.com/kusto/query/startofyear-function */
export const startofyear = scalar({
  name: 'startofyear',
  doc: 'First tick of the year that holds the date, or of one `offset` years later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = startofyear(datetime(2017-05-01), -1)',
      rows: [{ r: '2016-01-01T00:00:00.0000000Z' }],
    },
  ],
  overloads: [startOverload('year')],
})

/** @see https://learn.microsoft.com/kusto/query/endofday-function */
export const endofday = scalar({
  name: 'endofday',
  doc: 'Last tick of the day that holds the date, or of one `offset` days later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = endofday(datetime(2017-01-01 10:10:17))',
      rows: [{ r: '2017-01-01T23:59:59.9999999Z' }],
    },
  ],
  overloads: [endOverload('day')],
})

/** @see https://learn.microsoft.com/kusto/query/endofweek-function */
export const endofweek = scalar({
  name: 'endofweek',
  doc: 'Last tick of the week that holds the date (weeks end on Saturday), or of one `offset` weeks later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = endofweek(datetime(2017-01-01 10:10:17))',
      rows: [{ r: '2017-01-07T23:59:59.9999999Z' }],
    },
  ],
  overloads: [endOverload('week')],
})

/** @see https://learn.microsoft.com/kusto/query/endofmonth-function */
export const endofmonth = scalar({
  name: 'endofmonth',
  doc: 'Last tick of the month that holds the date, or of one `offset` months later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = endofmonth(datetime(2020-01-31), 1)',
      rows: [{ r: '2020-02-29T23:59:59.9999999Z' }],
    },
  ],
  overloads: [endOverload('month')],
})

/** @see https://learn.microsoft.com/kusto/query/endofyear-function */
export const endofyear = scalar({
  name: 'endofyear',
  doc: 'Last tick of the year that holds the date, or of one `offset` years later. null where an argument is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = endofyear(datetime(2017-01-01), 1)',
      rows: [{ r: '2018-12-31T23:59:59.9999999Z' }],
    },
  ],
  overloads: [endOverload('year')],
})

/** @see https://learn.microsoft.com/kusto/query/day-of-week-function */
export const dayofweek = scalar({
  name: 'dayofweek',
  doc: 'Whole days since the Sunday before the date, as a timespan. null where the date is null, and on 9999-12-31, as measured.',
  examples: [
    { query: 'print r = dayofweek(datetime(1947-11-30 10:00:05))', rows: [{ r: '00:00:00' }] },
    { query: 'print r = dayofweek(datetime(1970-05-12))', rows: [{ r: '2.00:00:00' }] },
  ],
  overloads: [
    overload({
      params: ['datetime'],
      returns: 'timespan',
      nulls: 'propagate',
      kernel: ([dates], out, selection) => fillWeekdays(dates, out, selection),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/day-of-month-function */
export const dayofmonth = scalar({
  name: 'dayofmonth',
  doc: 'Day of the month, 1 to 31. null where the date is null.',
  examples: [{ query: 'print r = dayofmonth(datetime(2015-12-14))', rows: [{ r: 14 }] }],
  overloads: [partOverload('day')],
})

/** @see https://learn.microsoft.com/kusto/query/day-of-year-function */
export const dayofyear = scalar({
  name: 'dayofyear',
  doc: 'Day of the year, 1 to 366. null where the date is null.',
  examples: [{ query: 'print r = dayofyear(datetime(2015-12-14))', rows: [{ r: 348 }] }],
  overloads: [partOverload('dayofyear')],
})

/** @see https://learn.microsoft.com/kusto/query/hour-of-day-function */
export const hourofday = scalar({
  name: 'hourofday',
  doc: 'Hour of the day, 0 to 23. null where the date is null.',
  examples: [{ query: 'print r = hourofday(datetime(2015-12-14 18:54))', rows: [{ r: 18 }] }],
  overloads: [partOverload('hour')],
})

/** @see https://learn.microsoft.com/kusto/query/monthofyear-function */
export const getmonth = scalar({
  name: 'getmonth',
  doc: 'Month of the year, 1 to 12. null where the date is null.',
  examples: [{ query: 'print r = getmonth(datetime(2015-10-12))', rows: [{ r: 10 }] }],
  overloads: [partOverload('month')],
})

/** @see https://learn.microsoft.com/kusto/query/getyear-function */
export const getyear = scalar({
  name: 'getyear',
  doc: 'Year. null where the date is null.',
  examples: [{ query: 'print r = getyear(datetime(2015-10-12))', rows: [{ r: 2015 }] }],
  overloads: [partOverload('year')],
})

/** @see https://learn.microsoft.com/kusto/query/monthofyear-function */
export const monthofyear = scalar({
  name: 'monthofyear',
  doc: 'Month of the year, 1 to 12. null where the date is null.',
  examples: [{ query: 'print r = monthofyear(datetime(2015-12-14))', rows: [{ r: 12 }] }],
  overloads: [partOverload('month')],
})

/** @see https://learn.microsoft.com/kusto/query/week-of-year-function */
export const week_of_year = scalar({
  name: 'week_of_year',
  doc: "ISO 8601 week of the year, 1 to 53: weeks begin on Monday, and the first has the year's first Thursday. null where the date is null.",
  examples: [{ query: 'print r = week_of_year(datetime(2020-12-31))', rows: [{ r: 53 }] }],
  overloads: [partOverload('week_of_year')],
})

/** @see https://learn.microsoft.com/kusto/query/week-of-year-function */
export const weekofyear = scalar({
  name: 'weekofyear',
  doc: "Obsolete: week of the year where weeks begin on Sunday and the first has the year's first Wednesday. null where the date is null.",
  examples: [{ query: 'print r = weekofyear(datetime(2017-01-08))', rows: [{ r: 2 }] }],
  overloads: [partOverload('weekofyear')],
})

/** @see https://learn.microsoft.com/kusto/query/datetime-part-function */
export const datetime_part = scalar({
  name: 'datetime_part',
  aliases: ['datepart'],
  doc: 'The named part of the date: year, quarter, month, week_of_year, day, dayofyear, hour, minute, second, or all of the fraction of the second in milliseconds, microseconds or nanoseconds. null where the date is null; another name is an error.',
  examples: [
    { query: "print r = datetime_part('quarter', datetime(2017-10-30))", rows: [{ r: 4 }] },
    {
      query: "print r = datetime_part('microsecond', datetime(2017-10-30 01:02:03.7654321))",
      rows: [{ r: 765432 }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'datetime'],
      constants: [0],
      returns: 'int',
      nulls: 'propagate',
      prepare([name]) {
        const part = datetimePart(name)
        return { kernel: ([, dates], out, selection) => fillParts(part, dates, out, selection) }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/datetime-add-function */
export const datetime_add = scalar({
  name: 'datetime_add',
  doc: 'The date some periods later: year, quarter, month (a day past the end of the month becomes its last), week, day, hour, minute, second, millisecond, microsecond, nanosecond. null where an argument is null or the result lies outside years 1 to 9999; another period is an error.',
  examples: [
    {
      query: "print r = datetime_add('month', 1, datetime(2020-01-31))",
      rows: [{ r: '2020-02-29T00:00:00.0000000Z' }],
    },
    {
      query: "print r = datetime_add('week', -1, datetime(2017-01-08))",
      rows: [{ r: '2017-01-01T00:00:00.0000000Z' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'long', 'datetime'],
      constants: [0],
      returns: 'datetime',
      nulls: 'propagate',
      prepare([name]) {
        const period = periodOf(name)
        return { each: (_name, amount, date) => addPeriods(period, amount, date) }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/datetime-diff-function */
export const datetime_diff = scalar({
  name: 'datetime_diff',
  doc: 'How many boundaries of the period (year, quarter, month, week, day, hour, minute, second, millisecond, microsecond) lie from the second date to the first, or the nanoseconds between them. null where a date is null; another period is an error.',
  examples: [
    {
      query: "print r = datetime_diff('week', datetime(2017-10-29), datetime(2017-09-30 23:59))",
      rows: [{ r: 5 }],
    },
    {
      query:
        "print r = datetime_diff('second', datetime(2017-10-30 23:00:00.9), datetime(2017-10-30 23:00:10.1))",
      rows: [{ r: -10 }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'datetime', 'datetime'],
      constants: [0],
      returns: 'long',
      nulls: 'propagate',
      prepare([name]) {
        const period = periodOf(name)
        return {
          kernel: ([, left, right], out, selection) =>
            fillDifferences(period, left, right, out, selection),
        }
      },
    }),
  ],
})
