import type { MessagePort } from 'node:worker_threads'
import * as threads from 'node:worker_threads'
import { type Kernel, type SharedKernel, sharedKernel } from '../tables/json/kernel.ts'
import { PLACES_AHEAD, placesBytes } from '../tables/json/piece-places.ts'
import type { PieceThread } from '../tables/json/shared-pieces.ts'
import type { ScanMember, ScanTask } from './scan-task.ts'

/** Loaded where a thread is started: many files are read without. */
const loadThreads = () => threads

/** More threads there never are, whatever is asked for. */
const MOST_THREADS = 64

let members: Member[] = []
/** Whether a thread could not be started: then no other one is tried. */
let isRefused = false

/**
 * Other threads that read a file, so many at most. They are started where they are missing, and end with the
 * process.
 */
export function scanThreads(
  file: Pick<ScanTask, 'path' | 'identity'>,
  count: number,
): PieceThread[] {
  members = members.filter(member => !member.isLost)
  const free = members.filter(member => !member.isTaken && !member.isBusy)
  // Those that are about to end a scan will be there for the next one.
  const ending = members.filter(member => !member.isTaken && member.isBusy).length
  while (!isRefused && free.length + ending < count && members.length < MOST_THREADS) {
    const member = startMember()
    if (member === undefined) break
    members.push(member)
    free.push(member)
  }
  return free.slice(0, count).map(member => {
    member.isTaken = true
    return {
      kernel: member.kernel,
      get isLost() {
        return member.isLost
      },
      start: task => member.start({ ...file, task }),
      release: () => {
        member.isTaken = false
      },
    }
  })
}

/** Starts a thread; undefined where there is no memory for it, or the system has no more threads. */
function startMember(): Member | undefined {
  const shared = sharedKernel(placesBytes(PLACES_AHEAD))
  if (shared === undefined) return undefined
  try {
    return new Member(shared)
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error))
    isRefused = true
    return undefined
  }
}

/**
 * What a thread starts with: the built file, or the source where this is one.
 * @throws Error in a bundle of CommonJS that others made: it cannot say where it is.
 */
function startFile(): URL {
  const here: string | undefined = import.meta.url
  if (here === undefined) throw new Error('the bundle does not know where its file is.')
  return new URL(`../node/scan-worker.${here.endsWith('.ts') ? 'ts' : 'cjs'}`, here)
}

/** A thread, kept for one scan after the other. */
class Member {
  readonly kernel: Kernel
  isLost = false
  /** Whether a scan has it. */
  isTaken = false
  readonly #port: MessagePort
  readonly #busy = new Int32Array(new SharedArrayBuffer(4))

  constructor({ kernel, module, memory }: SharedKernel) {
    const { MessageChannel, Worker } = loadThreads()
    const { port1, port2 } = new MessageChannel()
    const member: ScanMember = { port: port2, module, memory, busy: this.#busy }
    this.kernel = kernel
    this.#port = port1
    const worker = new Worker(startFile(), {
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
