import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { CrewResult, SegmentCrew } from '../tables/json/scan-segments.ts'
import { segmentsOf } from '../tables/json/segment-reader.ts'
import type { SegmentTask } from '../tables/json/segment-task.ts'
import { BatchReceiver } from '../tables/json/sent-batch.ts'
import { heapSize } from './memory.ts'
import {
  type CrewMember,
  type CrewMessage,
  type CrewTask,
  claimSegment,
  closeBoard,
  heldBy,
  isWithinReach,
  NOTHING,
  newBoard,
  releaseSegments,
} from './scan-board.ts'

/** What a thread starts with: the built file, or the source where this is one. */
const START = `../node/scan-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'cjs'}`

/** Threads that have nothing to do. */
let idle: Member[] = []
let tasks = 0

/** More threads are never started, whatever is asked for. */
const MOST_THREADS = 64

/** What other threads have read ahead may take as much as this: a smaller heap has no room for it. */
const LEAST_HEAP = 2 ** 29

/** Has a file read by so many other threads, which are started where they are missing and end with the process. */
export function scanCrew(task: SegmentTask, threads: number): SegmentCrew | undefined {
  if (heapSize() < LEAST_HEAP) return undefined
  idle = idle.filter(member => !member.isLost)
  while (idle.length < Math.min(threads, MOST_THREADS)) idle.push(new Member())
  return new Crew(task, idle.splice(0, threads))
}

/** Says that the work of a thread is done by this one: the rows are the same, later. */
function warn(fault: string): void {
  process.emitWarning(`A thread that reads files failed, and another reads in its place: ${fault}`)
}

/** A thread, kept for one scan after the other. */
class Member {
  readonly port: MessagePort
  /** What it says goes here while it is at work. */
  take: ((message: CrewMessage) => void) | undefined
  /** Called when it has ended, which it never should. */
  lost: (() => void) | undefined
  isLost = false
  readonly #worker: Worker

  constructor() {
    const { port1, port2 } = new MessageChannel()
    const member: CrewMember = { port: port2 }
    this.port = port1
    this.#worker = new Worker(new URL(START, import.meta.url), {
      workerData: member,
      transferList: [port2],
    })
    // Where a thread cannot start, or fails, its work is done by this one.
    this.#worker.on('error', error => {
      warn(error instanceof Error ? error.message : String(error))
      this.#lose()
    })
    this.#worker.on('exit', () => this.#lose())
    this.#worker.unref()
    port1.on('message', (message: CrewMessage) => this.take?.(message))
    port1.unref()
  }

  /** Takes the next thing that it has said; false where there is none. */
  poll(): boolean {
    const got = receiveMessageOnPort(this.port)
    if (got === undefined) return false
    this.take?.(got.message as CrewMessage)
    return true
  }

  /** Whether the process waits for what it says. */
  hold(isHeld: boolean): void {
    if (isHeld) {
      this.port.ref()
      this.#worker.ref()
    } else {
      this.port.unref()
      this.#worker.unref()
    }
  }

  #lose(): void {
    this.isLost = true
    this.lost?.()
  }
}

class Crew implements SegmentCrew {
  readonly #id = ++tasks
  readonly #board: Int32Array
  readonly #members: readonly Member[]
  readonly #results: CrewResult[] = []
  #wake: (() => void) | undefined

  constructor(task: SegmentTask, members: readonly Member[]) {
    this.#members = members
    this.#board = newBoard(segmentsOf(task.size), members.length)
    const schema = task.request.map(({ name, type }) => ({ name, type }))
    members.forEach((member, worker) => {
      const receiver = new BatchReceiver(schema)
      member.take = message => this.#take(member, receiver, message)
      member.lost = () => this.#replace(worker)
      const sent: CrewTask = { id: this.#id, task, board: this.#board, worker }
      member.port.postMessage(sent)
    })
  }

  claim(): number | undefined {
    return isWithinReach(this.#board) ? claimSegment(this.#board) : undefined
  }

  take(): CrewResult | undefined {
    for (const member of this.#members) {
      while (this.#results.length === 0 && member.poll());
    }
    return this.#results.shift()
  }

  async wait(): Promise<void> {
    if (this.#results.length > 0) return
    for (const member of this.#members) member.hold(true)
    await new Promise<void>(resolve => {
      this.#wake = resolve
    })
    this.#wake = undefined
    for (const member of this.#members) member.hold(false)
  }

  release(segment: number): void {
    releaseSegments(this.#board, segment)
  }

  close(): void {
    closeBoard(this.#board)
  }

  #take(member: Member, receiver: BatchReceiver, message: CrewMessage): void {
    const { id, segment, rows, fault, isDone } = message
    if (id !== this.#id) return
    if (fault !== undefined) warn(fault)
    if (segment !== NOTHING) {
      const batches = rows?.batches.map(batch => receiver.receive(batch)) ?? []
      this.#add({ segment, rows: rows && { ...rows, batches } })
    }
    if (isDone !== true) return
    member.take = undefined
    member.lost = undefined
    if (!member.isLost) idle.push(member)
  }

  /** The thread has ended: what it was at is to be read by this one. */
  #replace(worker: number): void {
    const segment = heldBy(this.#board, worker)
    if (segment !== NOTHING) this.#add({ segment, rows: undefined })
  }

  #add(result: CrewResult): void {
    this.#results.push(result)
    this.#wake?.()
  }
}
