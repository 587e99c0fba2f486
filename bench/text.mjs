// The text forms in which rows are compared, for the programs that are not kqlab.

/** `now` minus some hours, in the fixed-width spelling of exported rows: such texts compare. */
export function hoursBefore(now, hours) {
  const fraction = (/\.(\d+)/.exec(now)?.[1] ?? '').padEnd(7, '0').slice(0, 7)
  const second = Math.floor(Date.parse(now) / 1000) * 1000
  return `${new Date(second - hours * 3_600_000).toISOString().slice(0, 19)}.${fraction}Z`
}

/** A timespan under a day as KQL prints it: `00:12:30.1234567`, no fraction when it is zero. */
export function timespan(ticks) {
  const two = n => String(n).padStart(2, '0')
  const seconds = Math.floor(ticks / 10_000_000)
  const fraction = ticks % 10_000_000
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${clock.map(two).join(':')}${fraction === 0 ? '' : `.${String(fraction).padStart(7, '0')}`}`
}

/** Rows as a JSON text. An integer of 64 bits is text in it, as in DuckDB's own JSON of rows. */
export function rowsText(rows) {
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

/**
 * Prints what came of a program and ends it there, as the command `kqlab` ends: Node would take its heap
 * apart first, which the system does anyway.
 */
export function endWith(text) {
  process.stdout.write(`${text}\n`, () => process.exit())
}
