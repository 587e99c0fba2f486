import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { FolderWatch } from '../../../../src/cli/watch/folder-watch.ts'

const watched = vi.hoisted((): string[] => [])
const changes = vi.hoisted(() => new Map<string, (kind: string, name: string) => void>())

vi.mock('node:fs', async importOriginal => ({
  ...(await importOriginal<typeof import('node:fs')>()),
  watch(path: string, listener: (kind: string, name: string) => void) {
    if (path.endsWith('closed')) throw Object.assign(new Error(path), { code: 'EACCES' })
    if (path.endsWith('full')) throw Object.assign(new Error(path), { code: 'ENOSPC' })
    watched.push(path)
    changes.set(path, listener)
    return { on: () => undefined, close: () => undefined }
  },
}))

it('leaves out a folder that may not be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-watch-'))
  for (const name of ['closed', 'open']) mkdirSync(join(folder, name))
  const folders = new FolderWatch(
    () => undefined,
    () => undefined,
  )
  await folders.add(folder)
  folders.close()
  rmSync(folder, { recursive: true })
  expect(watched).toEqual([folder, join(folder, 'open')])
})

it('says where the system has no more watches, at once or for a folder that is new', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-watch-'))
  const fault = Promise.withResolvers<unknown>()
  const folders = new FolderWatch(() => undefined, fault.resolve)
  await folders.add(folder)
  mkdirSync(join(folder, 'full'))
  const refused = { name: 'UsageError', message: expect.stringContaining('no more watches') }
  await expect(folders.add(folder)).rejects.toMatchObject(refused)
  changes.get(folder)?.('rename', 'full')
  expect(await fault.promise).toMatchObject(refused)
  folders.close()
  rmSync(folder, { recursive: true })
})
