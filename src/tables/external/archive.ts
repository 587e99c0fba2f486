import * as fflate from 'fflate'
import type { DataFile } from '../formats/data-file.ts'
import { concatBytes, DataFileError } from '../formats/data-file.ts'

/** The package, which is evaluated when something compressed is met. */
const library = () => fflate

/** Bytes that an archive may hold, unpacked: what it says is checked before any of it is. */
const MAX_UNPACKED = 2 ** 30

/** The file itself, or the files in it where it is a ZIP archive, or what was compressed by gzip. */
export async function unpacked(file: DataFile, signal?: AbortSignal): Promise<DataFile[]> {
  const magic = await firstBytes(file, 4, signal)
  if (startsWith(magic, [0x1f, 0x8b])) {
    const bytes = await allBytes(file, signal)
    return [
      bytesFile(
        file.path,
        damaged('gzip data', () => gunzipped(bytes)),
      ),
    ]
  }
  // Files are decompressed where they are read; what else there is are bytes in memory.
  if (startsWith(magic, [0x28, 0xb5, 0x2f, 0xfd])) {
    throw new DataFileError('It is compressed by zstd, which is read only from files.')
  }
  if (!startsWith(magic, [0x50, 0x4b, 0x03, 0x04])) return [file]
  const archive = await allBytes(file, signal)
  let size = 0
  const entries = damaged('ZIP archive', () =>
    library().unzipSync(archive, {
      filter: ({ originalSize }) => {
        size += originalSize
        if (size <= MAX_UNPACKED) return true
        throw new DataFileError(`It is a ZIP archive of more than ${MAX_UNPACKED} bytes.`)
      },
    }),
  )
  return Object.entries(entries)
    .filter(([name]) => !name.endsWith('/'))
    .map(([name, bytes]) => bytesFile(`${file.path}/${name}`, bytes))
}

/** What all members give, one after the other: `gunzipSync` knows one, whatever follows it. */
function gunzipped(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = []
  ;new (library().Gunzip)(piece => pieces.push(piece)).push(bytes, true)
  return concatBytes(pieces)
}

/** A file of bytes in memory. */
export function bytesFile(path: string, bytes: Uint8Array): DataFile {
  return {
    path,
    size: bytes.length,
    async *read() {
      yield bytes
    },
  }
}

/** The first byte of a text that is neither blank nor part of a byte order mark. */
export async function openingOf(pieces: AsyncIterable<Uint8Array>): Promise<number | undefined> {
  for await (const piece of pieces) {
    const opening = piece.find(byte => byte > 0x20 && byte < 0x80)
    if (opening !== undefined) return opening
  }
  return undefined
}

async function firstBytes(
  file: DataFile,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const piece of file.read(signal)) {
    read.push(piece.slice(0, count))
    size += piece.length
    if (size >= count) break
  }
  return concatBytes(read)
}

async function allBytes(file: DataFile, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  for await (const piece of file.read(signal)) read.push(piece.slice())
  return concatBytes(read)
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

/** What `unpack` gives; its errors are those of the file. */
function damaged<T>(what: string, unpack: () => T): T {
  try {
    return unpack()
  } catch (error) {
    if (error instanceof DataFileError) throw error
    throw new DataFileError(`Its ${what} cannot be unpacked: ${String(error)}`)
  }
}
