import type { DataFile } from '../../../src/tables/formats/data-file.ts'

/** A file in memory that gives its bytes in pieces. */
export function memoryFile(
  path: string,
  content: string | Uint8Array,
  pieceBytes = 1 << 16,
): DataFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    path,
    size: bytes.length,
    async *read() {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        yield bytes.slice(at, at + pieceBytes)
      }
    },
  }
}
