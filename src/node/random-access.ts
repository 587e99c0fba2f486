import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { DataFileError } from '../tables/formats/data-file.ts'
import { parquetFault } from '../tables/parquet/fault.ts'
import type { RandomAccess } from '../tables/parquet/file-metadata.ts'
import { reasonOf } from './data-paths.ts'

/**
 * A file to read anywhere. It is read at once, not by promises: a scan reads many small pieces, which lie
 * in the cache of the operating system mostly.
 * @throws DataFileError where it cannot be opened.
 */
export function openRandomAccess(path: string): RandomAccess & { close(): void } {
  const descriptor = attempt(() => openSync(path, 'r'))
  const { size } = attempt(() => fstatSync(descriptor))
  return {
    size,
    read(start, end) {
      const bytes = new Uint8Array(end - start)
      let done = 0
      while (done < bytes.length) {
        const count = attempt(() =>
          readSync(descriptor, bytes, done, bytes.length - done, start + done),
        )
        if (count === 0) throw parquetFault('it is cut off')
        done += count
      }
      return bytes
    },
    close: () => closeSync(descriptor),
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}
