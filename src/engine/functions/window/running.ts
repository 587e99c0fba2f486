import { addDecimal, type Decimal, decimalOf } from '../../../types/decimal.ts'
import { windowFunction, windowOverload } from './declare-window.ts'
import { restartsAt } from './shared-rows.ts'

/** @see https://learn.microsoft.com/kusto/query/row-cumsum-function */
export const row_cumsum = windowFunction({
  name: 'row_cumsum',
  doc: 'The sum of the terms up to the row, from the last row where the restart condition was true; sums of ints and longs wrap, and one of decimals is null from where it is out of range. A null term adds nothing.',
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | sort by x asc | extend s = row_cumsum(x)',
      rows: [
        { x: 1, s: 1 },
        { x: 2, s: 3 },
        { x: 3, s: 6 },
      ],
    },
  ],
  overloads: [
    windowOverload({
      params: ['int', 'bool'],
      required: 1,
      returns: 'int',
      compute([term, restart], out, length) {
        let sum = 0
        for (let row = 0; row < length; row++) {
          if (restartsAt(restart, row)) sum = 0
          if (!term.isNull(row)) sum = (sum + term.values[row]!) | 0
          out.values[row] = sum
        }
      },
    }),
    windowOverload({
      params: ['long', 'bool'],
      required: 1,
      returns: 'long',
      compute([term, restart], out, length) {
        let sum = 0n
        for (let row = 0; row < length; row++) {
          if (restartsAt(restart, row)) sum = 0n
          if (!term.isNull(row)) sum = BigInt.asIntN(64, sum + term.values[row]!)
          out.values[row] = sum
        }
      },
    }),
    windowOverload({
      params: ['real', 'bool'],
      required: 1,
      returns: 'real',
      compute([term, restart], out, length) {
        let sum = 0
        for (let row = 0; row < length; row++) {
          if (restartsAt(restart, row)) sum = 0
          if (!term.isNull(row)) sum += term.values[row]!
          out.values[row] = sum
        }
      },
    }),
    windowOverload({
      params: ['decimal', 'bool'],
      required: 1,
      returns: 'decimal',
      compute([term, restart], out, length) {
        let sum: Decimal | null = decimalOf(0)
        for (let row = 0; row < length; row++) {
          if (restartsAt(restart, row)) sum = decimalOf(0)
          if (sum !== null && !term.isNull(row)) sum = addDecimal(sum, term.values[row]!)
          if (sum === null) out.setNull(row)
          else out.values[row] = sum
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/row-window-session-function */
export const row_window_session = windowFunction({
  name: 'row_window_session',
  doc: 'The time at which the session of the row began: a session ends before a time that is at least the first span past its beginning, or at least the second span past the row before, and where the restart condition is true. null where the time is null; the next row begins a session.',
  examples: [
    {
      query:
        'datatable(t: datetime)[datetime(2024-04-11 10:00), datetime(2024-04-11 10:04), datetime(2024-04-11 10:09)] | sort by t asc | extend s = row_window_session(t, 1h, 5m)',
      rows: [
        { t: '2024-04-11T10:00:00.0000000Z', s: '2024-04-11T10:00:00.0000000Z' },
        { t: '2024-04-11T10:04:00.0000000Z', s: '2024-04-11T10:00:00.0000000Z' },
        { t: '2024-04-11T10:09:00.0000000Z', s: '2024-04-11T10:09:00.0000000Z' },
      ],
    },
  ],
  overloads: [
    windowOverload({
      params: ['datetime', 'timespan', 'timespan', 'bool'],
      required: 3,
      returns: 'datetime',
      compute([time, fromFirst, between, restart], out, length) {
        let start = 0n
        let before = 0n
        let open = false
        for (let row = 0; row < length; row++) {
          if (time.isNull(row)) {
            out.setNull(row)
            open = false
            continue
          }
          const now = time.values[row]!
          const farFromFirst = !fromFirst.isNull(row) && now >= start + fromFirst.values[row]!
          const farFromBefore = !between.isNull(row) && now >= before + between.values[row]!
          if (!open || farFromFirst || farFromBefore || restartsAt(restart, row)) start = now
          open = true
          before = now
          out.values[row] = start
        }
      },
    }),
  ],
})
