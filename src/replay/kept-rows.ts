import type { RunLimits } from '../api/run-limits.ts'
import { MemoryWatch } from '../engine/memory-watch.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { KeptBytes } from '../tables/batch-size.ts'
import { KqlError } from '../text/kql-error.ts'
import { sizeText } from '../text/size-text.ts'

/** Share of the memory that the rows of the tables may take: the rest is for the runs. */
const SHARE = 3 / 4
/** Bytes of an alert with its entities and details, roughly. */
const ALERT_BYTES = 4096

/** What each of several threads may keep. */
export function shareOfLimits(limits: RunLimits = {}, threads: number): RunLimits {
  const { maxMemory } = limits
  return maxMemory === undefined ? limits : { ...limits, maxMemory: maxMemory / threads }
}

/** The rows that rules read take too much memory, or a rule has too many runs. */
export class ReplayLimitError extends KqlError {
  /** What the diagnostic says, which is of no place in a rule. */
  readonly fault: { readonly message: string; readonly hint: string }

  constructor(message: string, hint: string) {
    super([{ code: 'KQL300', severity: 'error', message, hint, span: { start: 0, end: 0 } }])
    this.fault = { message, hint }
  }
}

/** Counts the rows of tables that a replay keeps for its runs, and the alerts that it raises. */
export class KeptRows {
  readonly #limits: RunLimits
  readonly #kept = new KeptBytes()
  readonly #most: number
  readonly #watch: MemoryWatch | undefined
  #bytes = 0

  constructor(limits: RunLimits = {}) {
    const { process, maxMemory } = limits
    this.#limits = limits
    this.#watch = process && new MemoryWatch(process, maxMemory)
    this.#most = (maxMemory ?? Number.POSITIVE_INFINITY) * SHARE
  }

  /** The bytes of all rows, roughly. */
  get bytes(): number {
    return this.#bytes
  }

  /** Rows that were added since there were so many bytes are kept no more. */
  backTo(bytes: number): void {
    this.#bytes = bytes
  }

  /** What is left for the runs. */
  get limits(): RunLimits {
    const { maxMemory } = this.#limits
    if (maxMemory === undefined) return this.#limits
    return { ...this.#limits, maxMemory: maxMemory - this.#bytes }
  }

  /**
   * Counts rows of a table.
   * @throws ReplayLimitError where they are more than was asked for, or than the process has room for.
   */
  add(batch: ColumnBatch, table: string): void {
    const bytes = this.#kept.of(batch)
    this.#bytes += bytes
    if (this.#bytes > this.#most) {
      const message = `What the rules read of ${table} and before takes more than ${sizeText(Math.floor(this.#most))} of memory.`
      throw new ReplayLimitError(message, 'Replay fewer rules at a time, or raise maxMemory.')
    }
    this.#look(bytes, `what the rules read of ${table} and before`)
  }

  /**
   * Counts alerts that were raised.
   * @throws ReplayLimitError where the process has no room for more.
   */
  addAlerts(count: number): void {
    this.#look(count * ALERT_BYTES, 'the alerts that the rules raised')
  }

  #look(bytes: number, what: string): void {
    if (this.#watch?.isFullWith(bytes) !== true) return
    const message = `The memory of the process is nearly full with ${what}.`
    const hint = `Replay fewer rules at a time, or ${this.#limits.process?.hint}.`
    throw new ReplayLimitError(message, hint)
  }
}
