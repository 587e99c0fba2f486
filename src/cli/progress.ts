import type { Output } from './terminal.ts'

/** Work that takes less shows nothing. */
const DELAY_MS = 500
const INTERVAL_MS = 100
/** How long the process may be busy before it looks whether it was interrupted. */
const BREATH_MS = 50
const CLEAR_LINE = '\r\u001b[2K'

/** Shows on a terminal's last line how far long work is; elsewhere nothing. */
export class Progress {
  readonly #err: Output
  readonly #rows = new Map<string, number>()
  #started = performance.now()
  #shown = 0
  #breath = performance.now()
  #visible = false

  constructor(err: Output) {
    this.#err = err
  }

  /** Begins to count anew. */
  start(): void {
    this.clear()
    this.#rows.clear()
    this.#started = performance.now()
  }

  /** Counts rows read of a table. Awaited, it lets the process hear of an interruption. */
  async read(table: string, rows: number): Promise<void> {
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows)
    const now = performance.now()
    if (this.#err.isTerminal && now - this.#started > DELAY_MS && now - this.#shown > INTERVAL_MS) {
      this.#shown = now
      this.#visible = true
      void this.#err.write(`${CLEAR_LINE}${this.#text()}`)
    }
    if (now - this.#breath < BREATH_MS) return
    this.#breath = now
    await new Promise(resolve => setImmediate(resolve))
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (!this.#visible) return
    this.#visible = false
    void this.#err.write(CLEAR_LINE)
  }

  #text(): string {
    const tables = Array.from(
      this.#rows,
      ([table, rows]) => `${table} ${rows.toLocaleString('en-US')}`,
    )
    const text = `reading: ${tables.join(', ')} rows`
    const width = this.#err.width ?? text.length
    return text.length < width ? text : text.slice(0, width - 1)
  }
}
