import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import {
  type Kernel,
  type KernelMemory,
  type SharedKernel,
  sharedKernel,
} from '../tables/json/kernel.ts'
import { type PieceTask, PLACES_AHEAD, placesBytes } from '../tables/json/piece-places.ts'
import type { PieceThread } from '../tables/json/shared-pieces.ts'

/** What a thread is started with. */
export interface ScanMember {
  /** Takes {@link ScanTask}s, and gives the messages of faults. */
  readonly port: MessagePort
  /** The module of WebAssembly and the memory that it works on. */
  readonly module: object
  readonly memory: KernelMemory
  /** Not 0 while it has a task. */
  readonly busy: Int32Array
}

/** What a thread is asked to do. */
export interface ScanTask {
  readonly path: string
  readonly task: PieceTask
}

/** What a thread starts with: the built file, or the source where this is one. */
const START = `../node/scan-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'cjs'}`

/** More threads are never started, whatever is asked for. */
const MOST_THREADS = 64

let members: Member[] = []

/**
 * Other threads that read a file, so many at most. They are started where they are missing, and end with the
 * process.
 */
export function scanThreads(path: string, count: number): PieceThread[] {
  members = members.filter(member => !member.isLost)
  const free = members.filter(member => !member.isBusy)
  while (free.length < Math.min(count, MOST_THREADS)) {
    const shared = sharedKernel(placesBytes(PLACES_AHEAD))
    if (shared === undefined) break
    const member = new Member(shared)
    members.push(member)
    free.push(member)
  }
  return free.slice(0, Math.min(count, MOST_THREADS)).map(member => ({
    kernel: member.kernel,
    get isLost() {
      return member.isLost
    },
    start: task => member.start({ path, task }),
  }))
}

/** A thread, kept for one scan after the other. */
class Member {
  readonly kernel: Kernel
  isLost = false
  readonly #port: MessagePort
  readonly #busy = new Int32Array(new SharedArrayBuffer(4))

  constructor({ kernel, module, memory }: SharedKernel) {
    const { port1, port2 } = new MessageChannel()
    const member: ScanMember = { port: port2, module, memory, busy: this.#busy }
    this.kernel = kernel
    this.#port = port1
    const worker = new Worker(new URL(START, import.meta.url), {
      workerData: member,
      transferList: [port2],
    })
    // Where a thread cannot start, or fails, its work is done by this one.
    worker.on('error', error => {
      warn(error instanceof Error ? error.message : String(error))
      this.isLost = true
    })
    worker.on('exit', () => {
      this.isLost = true
    })
    worker.unref()
    port1.on('message', warn)
    port1.unref()
  }

  get isBusy(): boolean {
    return Atomics.load(this.#busy, 0) !== 0
  }

  start(task: ScanTask): void {
    Atomics.store(this.#busy, 0, 1)
    this.#port.postMessage(task)
  }
}

/** Says that the work of a thread is done by this one: the rows are the same, later. */
function warn(fault: string): void {
  process.emitWarning(`A thread that reads files failed, and another reads in its place: ${fault}`)
}
