import { closeSync, fstatSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { instanceOf, OTHER_SCRATCH } from '../tables/json/kernel.ts'
import { PieceBoard, PieceReader } from '../tables/json/piece-places.ts'
import { readAt } from './read-at.ts'
import { identityOf, type ScanMember, type ScanTask } from './scan-task.ts'

// A thread that reads pieces of files into a memory that it shares with the main thread, task after task.
const { port, module, memory, busy } = workerData as ScanMember
const functions = instanceOf(module, memory, OTHER_SCRATCH, true)

port.on('message', ({ path, identity, task }: ScanTask) => {
  const board = new PieceBoard(task.board)
  let descriptor: number | undefined
  try {
    if (board.isClosed) return
    const open = openSync(path, 'r')
    descriptor = open
    if (identityOf(fstatSync(open, { bigint: true })) !== identity) {
      throw new Error(`Another file is at ${path} now.`)
    }
    const read = (into: Uint8Array, position: number) => readAt(open, into, position)
    const reader = new PieceReader(task, functions, memory.buffer, read)
    while (reader.next());
  } catch (error) {
    if (!board.isClosed) port.postMessage(error instanceof Error ? error.message : String(error))
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
    Atomics.store(busy, 0, 0)
  }
})
