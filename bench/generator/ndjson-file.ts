import { closeSync, openSync, writeSync } from 'node:fs'

const CHUNK = 1 << 20

/** A file written line by line through one buffer of 1 MB. */
export interface NdjsonFile {
  /** Bytes written so far, line ends included. */
  readonly bytes: number
  readonly lines: number
  write(line: string): void
  close(): void
}

/**
 * Creates or empties the file at `path`. Writes are synchronous: a slow disk holds the generator
 * back, so memory stays at one chunk whatever the size of the file.
 */
export function createNdjsonFile(path: string): NdjsonFile {
  const descriptor = openSync(path, 'w')
  const buffer = Buffer.allocUnsafe(CHUNK)
  let used = 0
  let flushed = 0
  let lines = 0
  const flush = (): void => {
    let from = 0
    while (from < used) from += writeSync(descriptor, buffer, from, used - from)
    flushed += used
    used = 0
  }
  return {
    get bytes() {
      return flushed + used
    },
    get lines() {
      return lines
    },
    write(line) {
      // A UTF-16 code unit is at most three bytes of UTF-8.
      if (used + line.length * 3 + 1 > CHUNK) flush()
      used += buffer.write(line, used, 'utf8')
      buffer[used++] = 10
      lines++
    },
    close() {
      flush()
      closeSync(descriptor)
    },
  }
}
