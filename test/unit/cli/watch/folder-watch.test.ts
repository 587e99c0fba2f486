import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { FolderWatch } from '../../../../src/cli/watch/folder-watch.ts'

const watched = vi.hoisted((): string[] => [])

vi.mock('node:fs', async importOriginal => ({
  ...(await importOriginal<typeof import('node:fs')>()),
  watch(path: string) {
    if (path.endsWith('closed')) throw Object.assign(new Error(path), { code: 'EACCES' })
    watched.push(path)
    return { on: () => undefined, close: () => undefined }
  },
}))

it('leaves out a folder that may not be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-watch-'))
  for (const name of ['closed', 'open']) mkdirSync(join(folder, name))
  const folders = new FolderWatch(() => undefined)
  await folders.add(folder)
  folders.close()
  rmSync(folder, { recursive: true })
  expect(watched).toEqual([folder, join(folder, 'open')])
})
