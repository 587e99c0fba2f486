import type { ProcessMemory } from './execution.ts'

/** Bytes after which the memory of the process is looked at: many runs have fewer, and to ask takes time. */
export const LOOK_BYTES = 2 ** 20

/** Looks at the memory of the process, now and then as more is kept. */
export class MemoryWatch {
  readonly #process: ProcessMemory
  readonly #bound: number | undefined
  #bytesOfLook = 0

  /** `bound`: how many bytes may be kept, where that was asked for: garbage is collected beyond. */
  constructor(process: ProcessMemory, bound?: number) {
    this.#process = process
    this.#bound = bound
  }

  /** Whether so many more bytes leave so little that the process could end, also without garbage. */
  isFullWith(bytes: number): boolean {
    const process = this.#process
    this.#bytesOfLook += bytes
    if (this.#bytesOfLook < LOOK_BYTES) return false
    this.#bytesOfLook = 0
    if (this.#bound !== undefined) process.collect(this.#bound)
    if (!process.isFull()) return false
    // Some of it may be of no use any more.
    process.collect(0)
    return process.isFull(true)
  }
}
