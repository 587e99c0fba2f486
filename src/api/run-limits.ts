import { fileSpill, processMemory } from '#platform'
import type { ExecutionOptions } from '../engine/execution.ts'

/** What a run may keep in memory. */
export interface LimitOptions {
  /** Rows that sort, join, summarize and the like may keep in memory; 50 million where missing. */
  readonly maxRows?: number
  /**
   * Bytes that they may keep in memory; a quarter of the machine's where missing, and never more than
   * half of the heap that Node has. Beyond, sort, top, summarize, distinct and join go on in files; other
   * operators end the query with an error.
   */
  readonly maxMemory?: number
  /** The folder for those files, which are gone when the query ends; the system's where missing. */
  readonly tempDir?: string
}

/** What a run may keep, and where what does not fit goes. */
export type RunLimits = Pick<ExecutionOptions, 'maxRows' | 'maxMemory' | 'process' | 'openSpill'>

/** The limits that the options ask for, with what the platform says of its memory and files. */
export function runLimits({ maxRows, maxMemory, tempDir }: LimitOptions): RunLimits {
  const memory = processMemory()
  const openSpill = fileSpill(tempDir)
  return {
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(memory === undefined ? {} : { process: memory }),
    ...(openSpill === undefined ? {} : { openSpill }),
  }
}
