import type { MessagePort } from 'node:worker_threads'
import type { SegmentRows } from '../tables/json/segment-reader.ts'
import type { SegmentTask } from '../tables/json/segment-task.ts'
import type { SentBatch } from '../tables/json/sent-batch.ts'

/** What a thread is asked to do. */
export interface CrewTask {
  readonly id: number
  readonly task: SegmentTask
  /** What the threads of a scan know in common. */
  readonly board: Int32Array
  /** The number of the thread among those of the scan, from 0. */
  readonly worker: number
}

/** What a thread is started with. */
export interface CrewMember {
  /** Takes {@link CrewTask}s and gives {@link CrewMessage}s. */
  readonly port: MessagePort
}

/** What a thread answers. */
export interface CrewMessage {
  readonly id: number
  /** The segment that it is about; {@link NOTHING} where it is about none. */
  readonly segment: number
  /** undefined where the main thread must read the segment. */
  readonly rows: SentRows | undefined
  /** Why it could not go on with the task. */
  readonly fault?: string
  /** Whether it has done with the task. */
  readonly isDone?: boolean
}

/** Rows as they are sent. */
export interface SentRows extends Omit<SegmentRows, 'batches'> {
  readonly batches: readonly SentBatch[]
}

// The places of a board.
const NEXT = 0
const COUNT = 1
const RELEASED = 2
const HELD = 3

/** Segments that may be read and not be asked for yet. */
const AHEAD = 8

/** In the place of a thread: it is at no segment. */
export const NOTHING = -1

/** A board for a text of so many segments. */
export function newBoard(segments: number, workers: number): Int32Array {
  const board = new Int32Array(new SharedArrayBuffer((HELD + workers) * 4)).fill(NOTHING, HELD)
  board[NEXT] = 0
  board[COUNT] = segments
  board[RELEASED] = 0
  return board
}

/**
 * The next segment that nobody reads; undefined where there is none. A worker waits until the segment
 * is not too far ahead.
 */
export function claimSegment(board: Int32Array, worker?: number): number | undefined {
  if (worker !== undefined) {
    Atomics.store(board, HELD + worker, NOTHING)
    for (;;) {
      const released = Atomics.load(board, RELEASED)
      if (Atomics.load(board, NEXT) < released + AHEAD) break
      if (Atomics.load(board, NEXT) >= Atomics.load(board, COUNT)) return undefined
      Atomics.wait(board, RELEASED, released)
    }
  }
  const segment = Atomics.add(board, NEXT, 1)
  if (segment >= Atomics.load(board, COUNT)) return undefined
  if (worker !== undefined) Atomics.store(board, HELD + worker, segment)
  return segment
}

/** Whether the next segment that nobody reads is not too far ahead of what is done with. */
export function isWithinReach(board: Int32Array): boolean {
  return Atomics.load(board, NEXT) < Atomics.load(board, RELEASED) + AHEAD
}

/** The segment that a worker is at. */
export function heldBy(board: Int32Array, worker: number): number {
  return Atomics.load(board, HELD + worker)
}

/** All segments before this one are done with. */
export function releaseSegments(board: Int32Array, segment: number): void {
  Atomics.store(board, RELEASED, segment)
  Atomics.notify(board, RELEASED)
}

/** Nobody is to read any more. */
export function closeBoard(board: Int32Array): void {
  Atomics.store(board, COUNT, 0)
  Atomics.store(board, RELEASED, 0x7fffffff - AHEAD)
  Atomics.notify(board, RELEASED)
}
