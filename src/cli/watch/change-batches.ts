/** Calls back once after a while; what it gives calls that off. */
export type Timer = (callback: () => void) => () => void

/** Gathers changes until none came for a while: an editor that saves a file makes several at once. */
export class ChangeBatches {
  readonly #timer: Timer
  #pending = new Set<string>()
  #isReady = false
  #callOff: (() => void) | undefined
  #waiting: (() => void) | undefined

  constructor(timer: Timer) {
    this.#timer = timer
  }

  /** Takes a path that changed. */
  add(path: string): void {
    this.#pending.add(path)
    this.#isReady = false
    this.#callOff?.()
    this.#callOff = this.#timer(() => {
      this.#isReady = true
      this.#waiting?.()
    })
  }

  /** The paths that changed since the last time, once it is quiet. One call may wait at a time. */
  async next(): Promise<ReadonlySet<string>> {
    if (!this.#isReady) {
      await new Promise<void>(resolve => {
        this.#waiting = resolve
      })
      this.#waiting = undefined
    }
    const batch = this.#pending
    this.#pending = new Set()
    this.#isReady = false
    return batch
  }

  /** Forgets what is pending, so that nothing calls back any more. */
  close(): void {
    this.#callOff?.()
  }
}
