import { closeSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { instanceOf, OTHER_SCRATCH } from '../tables/json/kernel.ts'
import { PieceReader } from '../tables/json/piece-places.ts'
import { readAt } from './read-at.ts'
import type { ScanMember, ScanTask } from './scan-threads.ts'

// A thread that reads pieces of files into a memory that it shares with the main thread, task after task.
const { port, module, memory, busy } = workerData as ScanMember
const functions = instanceOf(module, memory, OTHER_SCRATCH, true)

port.on('message', ({ path, task }: ScanTask) => {
  let descriptor: number | undefined
  try {
    const open = openSync(path, 'r')
    descriptor = open
    const read = (into: Uint8Array, position: number) => readAt(open, into, position)
    const reader = new PieceReader(task, functions, memory.buffer, read)
    while (reader.next());
  } catch (error) {
    port.postMessage(error instanceof Error ? error.message : String(error))
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
    Atomics.store(busy, 0, 0)
  }
})
