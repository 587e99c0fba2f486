import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileSpill } from '../../../src/node/spill-store.ts'
import { LimitError } from '../../../src/text/limit-error.ts'

describe('a store of spilled rows in files', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kqlab-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('gives back what was appended, from anywhere', async () => {
    const store = fileSpill(folder)()
    const [a, b] = [await store.create(), await store.create()]
    await a.append(Uint8Array.of(1, 2, 3))
    await b.append(Uint8Array.of(9))
    await a.append(Uint8Array.of(4, 5))
    expect([a.size, b.size]).toEqual([5, 1])
    expect([...(await a.read(1, 3))]).toEqual([2, 3, 4])
    expect([...(await b.read(0, 1))]).toEqual([9])
    await store.close()
  })

  it('makes nothing before the first file, and leaves nothing', async () => {
    const store = fileSpill(folder)()
    expect(readdirSync(folder)).toEqual([])
    const file = await store.create()
    await file.append(Uint8Array.of(1))
    expect(readdirSync(folder)).toHaveLength(1)
    await file.remove()
    await file.remove()
    await store.create()
    await store.close()
    await store.close()
    expect(readdirSync(folder)).toEqual([])
  })

  it('watches for the end of the process once, and only while there is something to remove', async () => {
    const before = process.listenerCount('exit')
    for (let round = 0; round < 3; round++) {
      const stores = [fileSpill(folder)(), fileSpill(folder)()]
      for (const store of stores) await store.create()
      expect(process.listenerCount('exit')).toBe(before + 1)
      for (const store of stores) await store.close()
      expect(process.listenerCount('exit')).toBe(before)
    }
  })

  it('ends the run where no file can be made, or one is shorter than it was', async () => {
    const store = fileSpill(join(folder, 'none'))()
    await expect(store.create()).rejects.toThrow(LimitError)
    await expect(store.create()).rejects.toThrow('cannot be put into a file: ENOENT')
    await store.close()
    const other = fileSpill(folder)()
    const file = await other.create()
    await file.append(Uint8Array.of(1))
    await expect(file.read(0, 2)).rejects.toThrow(LimitError)
    await other.close()
  })
})
