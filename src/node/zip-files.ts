import type { Entry, ZipFile } from 'yauzl'
import { type DataFile, DataFileError } from '../tables/formats/data-file.ts'
import { isDataFileName, reasonOf } from './data-paths.ts'
import { crc32, decompressed } from './decompress.ts'

/** What a ZIP archive begins with. */
export const ZIP_MAGIC = 'PK\u0003\u0004'

/** The files in a ZIP archive. */
export interface ZippedFiles {
  /** Those that look like logs by their names. */
  readonly files: readonly DataFile[]
  /** The paths of the others. */
  readonly ignored: readonly string[]
}

/**
 * The files in a ZIP archive, as a folder of its name would have them; each is decompressed when it is
 * read.
 * @throws DataFileError where the archive cannot be read.
 */
export async function zippedFiles(path: string): Promise<ZippedFiles> {
  const files: DataFile[] = []
  const ignored: string[] = []
  const archive = await openArchive(path)
  try {
    for await (const entry of archive.eachEntry()) {
      const { fileName, compressedSize: size } = entry
      const inside = `${path}/${fileName}`
      const isHidden = fileName.split('/').some(part => part.startsWith('.') || part === '__MACOSX')
      if (fileName.endsWith('/') || isHidden) continue
      if (!isDataFileName(fileName)) ignored.push(inside)
      else files.push({ path: inside, size, read: signal => readEntry(path, entry, signal) })
    }
  } catch (error) {
    throw zipFault(error)
  } finally {
    archive.close()
  }
  return { files, ignored }
}

async function openArchive(path: string): Promise<ZipFile> {
  const { openPromise } = await import('yauzl')
  try {
    return await openPromise(path, { autoClose: false })
  } catch (error) {
    throw zipFault(error)
  }
}

async function* readEntry(
  path: string,
  entry: Entry,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const archive = await openArchive(path)
  try {
    const stream = await archive.openReadStreamPromise(entry)
    yield* decompressed(plainPieces(stream, entry), signal)
  } catch (error) {
    throw signal?.aborted === true ? error : zipFault(error)
  } finally {
    archive.close()
  }
}

/** The pieces as plain arrays, whose checksum must be that of the entry. */
async function* plainPieces(
  stream: AsyncIterable<unknown>,
  entry: Entry,
): AsyncGenerator<Uint8Array> {
  let checksum = 0
  for await (const piece of stream) {
    const { buffer, byteOffset, length } = piece as Uint8Array
    const bytes = new Uint8Array(buffer, byteOffset, length)
    checksum = crc32(bytes, checksum)
    yield bytes
  }
  if (checksum !== entry.crc32) throw new Error('the checksum of the file is wrong')
}

function zipFault(error: unknown): DataFileError {
  if (error instanceof DataFileError) return error
  const isSystem = error instanceof Error && 'code' in error && !String(error.code).startsWith('Z_')
  return new DataFileError(
    isSystem ? reasonOf(error) : `Its ZIP data cannot be read: ${messageOf(error)}.`,
  )
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}
