import { closeSync, fstatSync, openSync } from 'node:fs'
import { DataFileError } from '../tables/formats/data-file.ts'
import { parquetFault } from '../tables/parquet/fault.ts'
import type { RandomAccess } from '../tables/parquet/file-metadata.ts'
import { reasonOf } from './data-paths.ts'
import { readAt } from './read-at.ts'

/**
 * A file to read anywhere. It is read at once, not by promises: a scan reads many small pieces, which lie
 * in the cache of the operating system mostly.
 * @throws DataFileError where it cannot be opened.
 */
export function openRandomAccess(path: string): RandomAccess & { close(): void } {
  return new OpenedFile(path)
}

class OpenedFile implements RandomAccess {
  readonly size: number
  readonly #descriptor: number
  #scratch = new Uint8Array(0)

  constructor(path: string) {
    this.#descriptor = attempt(() => openSync(path, 'r'))
    this.size = attempt(() => fstatSync(this.#descriptor)).size
  }

  read(start: number, end: number): Uint8Array {
    this.#check(start, end)
    // Memory that is not made zero first, which takes as long as the reading.
    const { buffer, byteOffset } = Buffer.allocUnsafe(end - start)
    return this.#fill(new Uint8Array(buffer, byteOffset, end - start), start)
  }

  view(start: number, end: number): Uint8Array {
    this.#check(start, end)
    if (this.#scratch.length < end - start) this.#scratch = new Uint8Array((end - start) * 2)
    return this.#fill(this.#scratch.subarray(0, end - start), start)
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #check(start: number, end: number): void {
    if (start < 0 || end < start || end > this.size) throw parquetFault('it is cut off')
  }

  #fill(bytes: Uint8Array, start: number): Uint8Array {
    const count = attempt(() => readAt(this.#descriptor, bytes, start))
    if (count < bytes.length) throw parquetFault('it is cut off')
    return bytes
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}
