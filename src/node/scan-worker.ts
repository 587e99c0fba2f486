import { closeSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { taskReader } from '../tables/json/segment-task.ts'
import { BatchSender } from '../tables/json/sent-batch.ts'
import { readAt } from './read-at.ts'
import type { CrewMember, CrewMessage, CrewTask } from './scan-board.ts'
import { claimSegment, heldBy, NOTHING } from './scan-board.ts'

// A thread that reads segments of files, task after task.
const { port } = workerData as CrewMember
const tell = (message: CrewMessage) => port.postMessage(message)

port.on('message', ({ id, task, board, worker }: CrewTask) => {
  let descriptor: number | undefined
  try {
    const open = openSync(task.path, 'r')
    descriptor = open
    const read = (into: Uint8Array, position: number) => readAt(open, into, position)
    const reader = taskReader(task, { size: task.size, read })
    const sender = new BatchSender()
    for (;;) {
      const segment = claimSegment(board, worker)
      if (segment === undefined) break
      const rows = reader.read(segment)
      const sent = rows && { ...rows, batches: rows.batches.map(batch => sender.send(batch)) }
      tell({ id, segment, rows: sent })
    }
  } catch (error) {
    // The main thread reads what this one could not.
    const segment = heldBy(board, worker)
    const fault = error instanceof Error ? error.message : String(error)
    tell({ id, segment, rows: undefined, fault })
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
    tell({ id, segment: NOTHING, rows: undefined, isDone: true })
  }
})
