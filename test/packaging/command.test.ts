import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot, temporaryFolder } from './package-files.ts'

describe('bin/kqlab.js', () => {
  const folder = temporaryFolder()
  afterAll(folder.remove)

  const start = (root: string, ...nodeOptions: string[]) =>
    spawnSync(process.execPath, [...nodeOptions, join(root, 'bin/kqlab.js'), '--version'], {
      encoding: 'utf8',
    })

  it.each(['20.20.2', '18.0.0', '8.17.0'])('says in one line that Node %s is too old', version => {
    const preload = join(folder.path, `node-${version}.cjs`)
    writeFileSync(
      preload,
      `Object.defineProperty(process, 'versions', {
         value: { ...process.versions, node: '${version}' },
       })`,
    )
    const started = start(projectRoot, '--require', preload)
    expect(started.stderr).toBe(`kqlab needs Node 22 or newer; this is Node ${version}.\n`)
    expect(started.stdout).toBe('')
    expect(started.status).toBe(2)
  })

  it('starts the built command on this Node', () => {
    const started = start(projectRoot)
    expect(started.stderr).toBe('')
    expect(started.stdout).toMatch(/^(kqlab )?\d+\.\d+\.\d+\n$/)
    expect(started.status).toBe(0)
  })

  it('names the build command when nothing is built', () => {
    cpSync(join(projectRoot, 'bin'), join(folder.path, 'bin'), { recursive: true })
    cpSync(join(projectRoot, 'package.json'), join(folder.path, 'package.json'))
    const started = start(folder.path)
    expect(started.stderr).toBe('kqlab is not built yet: run "npm run build".\n')
    expect(started.status).toBe(2)
  })
})
