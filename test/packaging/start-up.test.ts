import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { projectRoot, temporaryFolder } from './package-files.ts'

/** Prints, when the process ends, the paths of the modules that were compiled and the files that were read. */
const RECORDER = `
const { Module } = require('node:module')
const fs = require('node:fs')
const compiled = []
const read = []
const compile = Module.prototype._compile
Module.prototype._compile = function (text, path, ...rest) {
  compiled.push(path)
  return compile.call(this, text, path, ...rest)
}
const readFileSync = fs.readFileSync
fs.readFileSync = function (path, ...rest) {
  read.push(String(path))
  return readFileSync.call(this, path, ...rest)
}
process.on('exit', () => fs.writeSync(2, JSON.stringify({ compiled, read })))
`

describe('the start', () => {
  const { path: folder, remove } = temporaryFolder()
  afterAll(remove)
  const recorder = join(folder, 'recorder.cjs')
  writeFileSync(recorder, RECORDER)

  /** What a process loads: packages, sources of src/ without their endings, and files that it reads. */
  function loadedBy(...args: readonly string[]) {
    const { stdout, stderr } = spawnSync(process.execPath, ['--require', recorder, ...args], {
      cwd: folder,
      encoding: 'utf8',
      // The recorder sees what Node compiles.
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
    })
    const { compiled, read }: { compiled: string[]; read: string[] } = JSON.parse(stderr)
    // The bundler names each module of a file in a comment.
    const modules = compiled
      .filter(path => path.startsWith(join(projectRoot, 'dist')))
      .flatMap(path => [...readFileSync(path, 'utf8').matchAll(/^\/\/ (\S+\/.+\.\w+)$/gm)])
      .map(([, module = '']) => module)
    const packages = modules.flatMap(
      module => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1] ?? [],
    )
    const sources = modules.flatMap(module => /^dist\/(.+)\.js$/.exec(module)?.[1] ?? [])
    return { stdout, packages: [...new Set(packages)].sort(), sources, read }
  }

  const command = (query: string) =>
    loadedBy(join(projectRoot, 'bin/kqlab.js'), 'query', query, '--format', 'csv')

  function library(query: string) {
    const script = join(folder, 'script.mjs')
    writeFileSync(
      script,
      `import { query } from ${JSON.stringify(join(projectRoot, 'dist/index.js'))}
       const rows = (await query(${JSON.stringify(query)})).rows()
       console.log('print_0\\r\\n' + rows.join('\\r\\n') + '\\r')`,
    )
    return loadedBy(script)
  }

  const PARSING = [
    '@chevrotain/gast',
    '@chevrotain/regexp-to-ast',
    '@chevrotain/utils',
    'chevrotain',
  ]

  it('of the command loads no package that print 1 does not need, and no schemas', () => {
    const { stdout, packages, read } = command('print 1')
    expect(stdout.trim().split(/\r?\n/)).toEqual(['print_0', '1'])
    expect(packages).toEqual([...PARSING, 'commander'])
    expect(read.filter(path => path.endsWith('tables.txt'))).toEqual([])
  })

  it('of the library loads no package that print 1 does not need, and no schemas', () => {
    const { stdout, packages, read } = library('print 1')
    expect(stdout.trim().split(/\r?\n/)).toEqual(['print_0', '1'])
    expect(packages).toEqual(PARSING)
    expect(read.filter(path => path.endsWith('tables.txt'))).toEqual([])
  })

  it.each([
    ['command', command],
    ['library', library],
  ])('of the %s loads what most queries do not use for those that do', (_, run) => {
    const rare =
      /^(engine\/functions\/(scalar|aggregate|window)\/|engine\/operators\/(plugins\/|join|summarize|graph)|tables\/formats\/(open-files|survey)|geo\/|rules\/load|replay\/|testing\/|report\/|types\/(regex|time-zone))/
    expect(run('print 1').sources.filter(path => rare.test(path))).toEqual([])
    const { sources } = run('print geo_point_to_geohash(-80.195829, 25.802215, 8)')
    expect(sources).toContain('engine/functions/scalar/geo-hash')
    expect(sources.filter(path => /user-agent|scalar\/series/.test(path))).toEqual([])
  })

  it('loads decimals where a query has one', () => {
    const { stdout, packages } = library('print decimal(1.5)')
    expect(stdout.trim().split(/\r?\n/)).toEqual(['print_0', '1.5'])
    expect(packages).toContain('decimal.js')
  })

  it('reads the schemas where a query names a table', () => {
    expect(library('SigninLogs | count').read.some(path => path.endsWith('tables.txt'))).toBe(true)
  })
})
