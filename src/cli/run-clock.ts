import { countText, visible } from './formats/table.ts'

/** Rules whose time is told. */
const SHOWN = 3

/** Measures what a replay takes: to read the data, and for each rule. */
export class RunClock {
  readonly #started = performance.now()
  readonly #rules = new Map<string, number>()
  #running: { readonly name: string; readonly since: number } | undefined
  #firstRun: number | undefined

  /** A run of the rule begins, and with it ends the one before. */
  ran(rule: string): void {
    const now = performance.now()
    this.#firstRun ??= now
    this.#end(now)
    this.#running = { name: rule, since: now }
  }

  /** What was measured, in a line for people. */
  text(): string {
    const now = performance.now()
    this.#end(now)
    this.#running = undefined
    const reading = (this.#firstRun ?? now) - this.#started
    const running = now - (this.#firstRun ?? now)
    const slowest = [...this.#rules].sort(([, a], [, b]) => b - a).slice(0, SHOWN)
    const rules = slowest.map(([name, time]) => `${visible(name)} ${seconds(time)}`)
    const most =
      this.#rules.size < 2
        ? ''
        : `; of ${countText(this.#rules.size, 'rule')} most: ${rules.join(', ')}`
    return `Read in ${seconds(reading)}, replayed in ${seconds(running)}${most}.`
  }

  #end(now: number): void {
    if (this.#running === undefined) return
    const { name, since } = this.#running
    this.#rules.set(name, (this.#rules.get(name) ?? 0) + now - since)
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 9950 ? 1 : 0)} s`
}
