import type { SpillFile, SpillStore } from '../../../src/tables/spill/spill-store.ts'

/** A store of spilled rows that is memory itself, for tests; it counts what it is asked for. */
export class MemorySpill implements SpillStore {
  files = 0
  open = 0
  isClosed = false

  async create(): Promise<SpillFile> {
    this.files++
    this.open++
    const pieces: Uint8Array[] = []
    let isRemoved = false
    return {
      get size() {
        return pieces.reduce((sum, piece) => sum + piece.length, 0)
      },
      append: async bytes => {
        pieces.push(bytes.slice())
      },
      read: async (offset, length) => {
        if (isRemoved || this.isClosed) throw new Error('read of a file that is removed')
        return new Uint8Array(Buffer.concat(pieces)).subarray(offset, offset + length)
      },
      remove: async () => {
        if (!isRemoved) this.open--
        isRemoved = true
      },
    }
  }

  async close(): Promise<void> {
    this.isClosed = true
  }
}
