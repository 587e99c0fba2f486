import { closeSync, openSync } from 'node:fs'
import { readAt } from './read-at.ts'

/** The first four bytes of a file as Latin-1; fewer where it has no more or cannot be read. */
export function magicOf(path: string): string {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    const head = new Uint8Array(4)
    return String.fromCharCode(...head.subarray(0, readAt(descriptor, head, 0)))
  } catch {
    // Whoever reads it is told why it cannot be read.
    return ''
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
