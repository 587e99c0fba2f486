import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot, temporaryFolder } from './package-files.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)

/** Runs a file in Node, which keeps compiled code there. */
function node(cache: string, ...args: readonly string[]) {
  const { NODE_DISABLE_COMPILE_CACHE: _, ...inherited } = process.env
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...inherited, NODE_COMPILE_CACHE: cache },
  })
  return { stdout, stderr, status }
}

const command = (cache: string, query: string) =>
  node(cache, join(projectRoot, 'bin/kqlab.js'), 'query', query, '--format', 'csv')

const ONE = { stdout: 'print_0\n1\n', stderr: '', status: 0 }

/** Where compiled code is kept, and what of it there is by the file that it is of. */
function kept(cache: string): ReadonlyMap<string, { path: string; bytes: Buffer }> {
  const [version = ''] = readdirSync(cache)
  const own = join(cache, version, 'kqlab')
  return new Map(
    readdirSync(own).map(name => {
      const path = join(own, name)
      return [name.replace(/^[0-9a-f]+-/, ''), { path, bytes: readFileSync(path) }]
    }),
  )
}

const PACK = 'pack-library.cjs'

/** A cache after a run of the smallest query. */
function used(name: string): string {
  const cache = join(folder, name)
  expect(command(cache, 'print 1')).toEqual(ONE)
  return cache
}

const bytesOf = (cache: string) => [...kept(cache)].map(([name, { bytes }]) => [name, bytes])

describe('compiled code that is kept', () => {
  it('is used by the next run, which keeps nothing new', () => {
    const cache = used('again')
    const before = bytesOf(cache)
    expect(before.map(([name]) => name)).toEqual(
      expect.arrayContaining(['main.cjs', 'pack-command.cjs', PACK]),
    )
    // The build that they are of.
    for (const { bytes } of kept(cache).values()) {
      expect(bytes.toString('latin1', 0, 16)).toMatch(/^[0-9a-f]{16}$/)
    }
    expect(command(cache, 'print 1')).toEqual(ONE)
    expect(bytesOf(cache)).toEqual(before)
  })

  it('is not made where V8 got other flags on the way, which it does not start with', () => {
    const cache = used('flags')
    const before = bytesOf(cache)
    const query = ['query', 'range n from 1 to 2 step 1 | summarize count()', '--memory', '300MB']
    expect(node(cache, join(projectRoot, 'bin/kqlab.js'), ...query).status).toBe(0)
    expect(bytesOf(cache)).toEqual(before)
  })

  it('grows with what runs need', () => {
    const cache = used('growing')
    const before = kept(cache).get(PACK)?.bytes.length ?? 0
    const query =
      'range n from 1 to 4 step 1 | extend k = n % 2 | summarize count(), make_set(n) by k | join kind=inner (print k = 0) on k | project count_'
    expect(command(cache, query).stdout).toBe('count_\n2\n')
    expect(kept(cache).get(PACK)?.bytes.length).toBeGreaterThan(before)
    expect(command(cache, 'print 1')).toEqual(ONE)
  })

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    [
      'wrong in a bit',
      (bytes: Buffer) => {
        const damaged = Buffer.from(bytes)
        const at = bytes.length - 77
        damaged[at] = (bytes[at] ?? 0) ^ 4
        return damaged
      },
    ],
    [
      'without its last page',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -4096), Buffer.alloc(4096)]),
    ],
    ['of another build', (bytes: Buffer) => Buffer.concat([Buffer.from('x'), bytes.subarray(1)])],
    ['of another time', (bytes: Buffer) => Buffer.from(bytes).fill(1, 16, 24)],
    [
      'of another V8',
      (bytes: Buffer) => {
        // In both copies, after what is before them.
        const second = (bytes.length - 32) / 2
        return Buffer.from(bytes)
          .fill(1, 36, 40)
          .fill(1, second + 36, second + 40)
      },
    ],
  ])('counts as missing where it is %s, and is made anew', (name, damage) => {
    const cache = used(name)
    const before = kept(cache)
    for (const { path, bytes } of before.values()) writeFileSync(path, damage(bytes))
    expect(command(cache, 'print 1')).toEqual(ONE)
    // What was compiled is the same, if not byte for byte.
    for (const [file, { bytes }] of kept(cache)) {
      const { length = 0 } = before.get(file)?.bytes ?? {}
      expect(bytes.subarray(0, 24)).toEqual(before.get(file)?.bytes.subarray(0, 24))
      expect(Math.abs(bytes.length - length) / length).toBeLessThan(0.1)
    }
    expect(command(cache, 'print 1')).toEqual(ONE)
  })

  it('is done without where it cannot be written', () => {
    const cache = join(folder, 'unwritable')
    expect(command(cache, 'print 1')).toEqual(ONE)
    const [version = ''] = readdirSync(cache)
    const blocked = join(folder, 'blocked')
    mkdirSync(join(blocked, version), { recursive: true })
    writeFileSync(join(blocked, version, 'kqlab'), 'a file, where the folder would be')
    expect(command(blocked, 'print 1')).toEqual(ONE)
    // Folders where files would be: what was written meanwhile does not stay.
    const taken = join(folder, 'taken')
    for (const { path } of kept(cache).values()) {
      mkdirSync(path.replace(cache, taken), { recursive: true })
    }
    expect(command(taken, 'print 1')).toEqual(ONE)
    expect(readdirSync(join(taken, version, 'kqlab')).sort()).toEqual(
      readdirSync(join(cache, version, 'kqlab')).sort(),
    )
  })

  it('is done once for a library that is loaded again and again', () => {
    const cache = join(folder, 'reloaded')
    const script = join(folder, 'reloaded.cjs')
    const built = join(projectRoot, 'dist/cjs/library.cjs')
    writeFileSync(
      script,
      `for (let time = 0; time < 20; time++) {
         require(${JSON.stringify(built)})
         for (const path of Object.keys(require.cache)) delete require.cache[path]
       }
       console.log(process.listenerCount('exit'))`,
    )
    expect(node(cache, script)).toEqual({ stdout: '1\n', stderr: '', status: 0 })
    expect(kept(cache).has(PACK)).toBe(true)
  })

  it('names all files for tools that trace what a program loads', () => {
    const built = join(projectRoot, 'dist/cjs')
    const text = readFileSync(join(built, 'kept-code.cjs'), 'utf8')
    const files = readdirSync(built).filter(
      name => name.endsWith('.cjs') && name !== 'kept-code.cjs',
    )
    expect(files.filter(name => !text.includes(`require("./${name}")`))).toEqual([])
  })

  it('says where errors are as ever', () => {
    const cache = used('errors')
    const script = join(folder, 'errors.cjs')
    const built = join(projectRoot, 'dist/cjs/library.cjs')
    writeFileSync(
      script,
      `const { prepare } = require(${JSON.stringify(built)})
       try { prepare(null) } catch (error) { console.log(error.stack) }`,
    )
    const frames = (text: string) => text.match(/[\w-]+\.cjs:\d+:\d+/g)
    const first = node(cache, script).stdout
    const own = {
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
      encoding: 'utf8',
    } as const
    const plain = spawnSync(process.execPath, [script], own).stdout
    expect(frames(plain)?.[0]).toMatch(/^(pack-library|shared-.*)\.cjs/)
    expect(frames(first)?.[0]).toBe(frames(plain)?.[0])
    expect(frames(node(cache, script).stdout)?.[0]).toBe(frames(plain)?.[0])
  })

  it('is left alone in a world of its own, as test runners make for modules', () => {
    const cache = join(folder, 'world')
    const script = join(folder, 'world.cjs')
    const built = join(projectRoot, 'dist/cjs/kept-code.cjs')
    writeFileSync(
      script,
      `const { readFileSync } = require('node:fs')
       const { createContext, compileFunction } = require('node:vm')
       const file = ${JSON.stringify(built)}
       const names = ['exports', 'require', '__filename']
       const world = { parsingContext: createContext({ URL, process }) }
       const exported = {}
       compileFunction(readFileSync(file, 'utf8'), names, world)(exported, require, file)
       console.log(exported.load('./library.cjs') === require(file.replace('kept-code', 'library')))`,
    )
    expect(node(cache, script).stdout).toBe('true\n')
  })
})
