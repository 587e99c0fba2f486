import type { BigIntStats } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import type { KernelMemory } from '../tables/json/kernel.ts'
import type { PieceTask } from '../tables/json/piece-places.ts'

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
  /** Absolute. */
  readonly path: string
  /** Which file that was when it was opened: another may be there now. */
  readonly identity: string
  readonly task: PieceTask
}

/** Tells a file from others. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev} ${ino}`
}
