import { parseDatetime } from '../types/datetime.ts'
import type { Schema } from '../types/schema.ts'
import {
  SEEN_BOOL,
  SEEN_CONTAINER,
  SEEN_LONG,
  SEEN_REAL,
  SEEN_TEXT,
  SEEN_TIME,
  typeOfKinds,
} from './observed-kinds.ts'

/** A row as a JavaScript object: values by column. */
export type Row = Readonly<Record<string, unknown>>

/** How many rows are looked at. */
const OBSERVED_ROWS = 10_000

/**
 * The known columns, then the others that the first 10,000 rows have, in first-seen order, with the
 * types that their values have in common: texts that all are ISO times make a datetime, longs and
 * reals a real, any other mixture a dynamic; nothing but null a string. A value further down that
 * does not fit is reported when it is read.
 */
export function inferSchema(rows: Iterable<Row>, known: Schema = []): Schema {
  const names = new Set(known.map(({ name }) => name))
  const kinds = new Map<string, number>()
  let count = 0
  for (const row of rows) {
    if (count++ === OBSERVED_ROWS) break
    for (const name of Object.keys(row)) {
      if (!names.has(name)) kinds.set(name, (kinds.get(name) ?? 0) | kindOf(row[name]))
    }
  }
  const found = Array.from(kinds, ([name, seen]) => ({ name, type: typeOfKinds(seen) }))
  return [...known, ...found]
}

function kindOf(value: unknown): number {
  switch (typeof value) {
    case 'boolean':
      return SEEN_BOOL
    case 'bigint':
      return SEEN_LONG
    case 'number':
      return Number.isSafeInteger(value) ? SEEN_LONG : SEEN_REAL
    case 'string':
      return isIsoTime(value) ? SEEN_TIME : SEEN_TEXT
    case 'undefined':
      return 0
    default:
      if (value === null) return 0
      return value instanceof Date ? SEEN_TIME : SEEN_CONTAINER
  }
}

/** A date alone may be a version or a name; exports write the time too. */
function isIsoTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) && parseDatetime(text) !== null
}
