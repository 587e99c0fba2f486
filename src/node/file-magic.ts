import { open } from 'node:fs/promises'

/** The first four bytes of a file as Latin-1; fewer where it has no more or cannot be read. */
export async function magicOf(path: string): Promise<string> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (handle === undefined) return ''
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } catch {
    // Whoever reads it is told why it cannot be read.
    return ''
  } finally {
    await handle.close()
  }
}
