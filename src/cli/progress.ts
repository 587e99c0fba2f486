import { visible } from './formats/table.ts'
import { RunClock } from './run-clock.ts'
import type { Output } from './terminal.ts'

/** Work that takes less shows nothing. */
const DELAY_MS = 500
const INTERVAL_MS = 100
/** How long the process may be busy before it looks whether it was interrupted. */
const BREATH_MS = 50
const CLEAR_LINE = '\r\u001b[2K'
const BAR_WIDTH = 20
/** Of less nothing can be told of the rest. */
const LEAST_PART = 0.02

/** Shows on a terminal's last line how far long work is; elsewhere nothing. */
export class Progress {
  readonly #err: Output
  readonly #rows = new Map<string, number>()
  readonly #work: Work = new Work()
  #started = performance.now()
  #shown = 0
  #breath = performance.now()
  #visible = false

  constructor(err: Output) {
    this.#err = err
  }

  /** What the work took so far. */
  readonly clock = new RunClock()

  /** After the reading come replays of so many rules. */
  expect(replays: number): void {
    this.#work.begin(replays)
  }

  /** Begins to count anew what is read. */
  start(): void {
    this.clear()
    this.#rows.clear()
    this.#started = performance.now()
  }

  /** Counts rows read of a table. Awaited, it lets the process hear of an interruption. */
  read(table: string, rows: number): Promise<void> {
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows)
    return this.#tick(now => this.#readText(now))
  }

  /** Counts a run of a rule, of so many that it has. Awaited like {@link read}. */
  ran(rule: string, runs: number): Promise<void> {
    this.clock.ran(rule)
    this.#work.ran(rule, runs)
    return this.#tick(now => this.#work.text(visible(rule), now))
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (!this.#visible) return
    this.#visible = false
    void this.#err.write(CLEAR_LINE)
  }

  async #tick(textAt: (now: number) => string): Promise<void> {
    const now = performance.now()
    if (this.#err.isTerminal && now - this.#started > DELAY_MS && now - this.#shown > INTERVAL_MS) {
      this.#shown = now
      this.#visible = true
      void this.#err.write(`${CLEAR_LINE}${this.#fitted(textAt(now))}`)
    }
    if (now - this.#breath < BREATH_MS) return
    this.#breath = now
    await new Promise(resolve => setImmediate(resolve))
  }

  #readText(now: number): string {
    const tables = Array.from(this.#rows, ([table, rows]) => `${table} ${countOf(rows)}`)
    const all = [...this.#rows.values()].reduce((sum, rows) => sum + rows, 0)
    const rate = Math.round(all / ((now - this.#started) / 1000))
    return `reading: ${tables.join(', ')} rows, ${countOf(rate)}/s`
  }

  #fitted(text: string): string {
    const width = this.#err.width ?? text.length
    return text.length < width ? text : text.slice(0, width - 1)
  }
}

/** How much of the replays of rules is done. */
class Work {
  readonly #begun = new Map<string, { runs: number; readonly of: number }>()
  #replays = 0
  #finished = 0
  #runs = 0
  #since: number | undefined

  begin(replays: number): void {
    this.#begun.clear()
    this.#replays = replays
    this.#finished = 0
    this.#runs = 0
    this.#since = undefined
  }

  ran(rule: string, of: number): void {
    this.#since ??= performance.now()
    this.#runs++
    const begun = this.#begun.get(rule) ?? { runs: 0, of }
    begun.runs++
    if (begun.runs < of) this.#begun.set(rule, begun)
    else {
      this.#begun.delete(rule)
      this.#finished++
    }
  }

  text(rule: string, now: number): string {
    const elapsed = now - (this.#since ?? now)
    const begun = [...this.#begun.values()].reduce((sum, { runs, of }) => sum + runs / of, 0)
    const part = Math.min(1, (this.#finished + begun) / Math.max(1, this.#replays))
    const full = Math.floor(part * BAR_WIDTH)
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`
    const rate =
      elapsed === 0 ? '' : `, ${countOf(Math.round((this.#runs * 1000) / elapsed))} runs/s`
    const left = part < LEAST_PART ? '' : `, ${durationText((elapsed / part) * (1 - part))} left`
    return `${bar} ${Math.floor(part * 100)} %${rate}${left}: ${rule}`
  }
}

function countOf(number: number): string {
  return number.toLocaleString('en-US')
}

function durationText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
