import { rmSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SpillFile, SpillStore } from '../tables/spill/spill-store.ts'
import { LimitError } from '../text/limit-error.ts'
import { filePromises } from './file-promises.ts'

/** A file that is open can be removed, and is gone with the process: but not on Windows. */
const CAN_REMOVE_OPEN = process.platform !== 'win32'

/** Folders that are there, to be removed where the process ends without closing their stores. */
const folders = new Set<string>()

/**
 * Opens stores of files, each in a folder of its own, which is made with the first file.
 * @param parent the folder that it is made in; that of the system for such files where missing
 */
export function fileSpill(parent?: string): () => SpillStore {
  return () => new FileSpill(parent ?? tmpdir())
}

class FileSpill implements SpillStore {
  readonly #parent: string
  readonly #files = new Set<DiskFile>()
  #folder: Promise<string> | undefined
  #made = 0

  constructor(parent: string) {
    this.#parent = parent
  }

  async create(): Promise<SpillFile> {
    try {
      this.#folder ??= makeFolder(this.#parent)
      const path = join(await this.#folder, `${this.#made++}`)
      const { open, unlink } = filePromises()
      const handle = await open(path, 'wx+', 0o600)
      if (CAN_REMOVE_OPEN) await unlink(path)
      const file = new DiskFile(handle, path, () => this.#files.delete(file))
      this.#files.add(file)
      return file
    } catch (error) {
      throw asLimit(error)
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.remove()
    // Where no folder could be made, the run ended with that.
    const folder = await this.#folder?.catch(() => undefined)
    if (folder === undefined) return
    folders.delete(folder)
    if (folders.size === 0) process.off('exit', removeFolders)
    await filePromises().rm(folder, { recursive: true, force: true })
  }
}

class DiskFile implements SpillFile {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #onRemove: () => void
  #size = 0
  #isRemoved = false

  constructor(handle: FileHandle, path: string, onRemove: () => void) {
    this.#handle = handle
    this.#path = path
    this.#onRemove = onRemove
  }

  get size(): number {
    return this.#size
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(
          bytes,
          at,
          bytes.length - at,
          this.#size + at,
        )
        at += bytesWritten
      }
    } catch (error) {
      throw asLimit(error)
    }
    this.#size += bytes.length
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; ) {
      const { bytesRead } = await this.#handle.read(bytes, at, length - at, offset + at)
      if (bytesRead === 0) throw new LimitError('Rows that were put into a file are not there.')
      at += bytesRead
    }
    return bytes
  }

  async remove(): Promise<void> {
    if (this.#isRemoved) return
    this.#isRemoved = true
    this.#onRemove()
    await this.#handle.close()
    if (!CAN_REMOVE_OPEN) await filePromises().unlink(this.#path)
  }
}

async function makeFolder(parent: string): Promise<string> {
  const folder = await filePromises().mkdtemp(join(parent, 'kqlab-'))
  if (folders.size === 0) process.on('exit', removeFolders)
  folders.add(folder)
  return folder
}

function removeFolders(): void {
  for (const folder of folders) {
    try {
      // A file that was just made may still be in it.
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // The process ends all the same, and the other folders can be removed.
    }
  }
}

/** What the file system says, as the end of a run that it is. */
function asLimit(error: unknown): LimitError {
  const reason = error instanceof Error ? error.message : String(error)
  return new LimitError(`Rows that do not fit in memory cannot be put into a file: ${reason}.`)
}
