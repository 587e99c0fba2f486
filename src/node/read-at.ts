import { read, readSync } from 'node:fs'

/**
 * Fills the buffer with the bytes of an open file from a position on, and gives their number: less than
 * there is room for only where the file ends.
 */
export function readAt(descriptor: number, into: Uint8Array, position: number): number {
  let length = 0
  while (length < into.length) {
    const more = readSync(descriptor, into, length, into.length - length, position + length)
    if (more === 0) break
    length += more
  }
  return length
}

/** The same, by a thread of the platform while this one does something else. */
export async function readLater(
  descriptor: number,
  into: Uint8Array,
  position: number,
): Promise<number> {
  let length = 0
  while (length < into.length) {
    const more = await readOnce(descriptor, into.subarray(length), position + length)
    if (more === 0) break
    length += more
  }
  return length
}

function readOnce(descriptor: number, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, 0, into.length, position, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
}
