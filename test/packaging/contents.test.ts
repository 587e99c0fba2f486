import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PackReport, pack, projectRoot, temporaryFolder } from './package-files.ts'

const packageJson = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))

describe('the packed package', () => {
  const folder = temporaryFolder()
  let report: PackReport
  let paths: string[]
  let tarball: Uint8Array<ArrayBuffer>

  beforeAll(() => {
    report = pack(folder.path)
    paths = report.files.map(file => file.path)
    tarball = new Uint8Array(readFileSync(join(folder.path, report.filename)))
  }, 60_000)
  afterAll(folder.remove)

  it.each([
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'bin/kqlab.js',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/cjs/main.cjs',
    'dist/cjs/tables.txt',
    'dist/esm/index.js',
  ])('holds %s', path => {
    expect(paths).toContain(path)
  })

  it('holds each bundled rule with its fixtures', () => {
    const rules = paths.filter(path => /^rules\/([^/]+)\/\1\.yaml$/.test(path))
    expect(rules.length).toBeGreaterThanOrEqual(2)
    for (const rule of rules) {
      const fixtures = rule.replace(/[^/]+$/, 'fixtures/')
      expect(
        paths.some(path => path.startsWith(fixtures)),
        fixtures,
      ).toBe(true)
    }
  })

  // Sources stay out: the source maps carry their text, so a stack trace is readable without them.
  it('holds nothing else', () => {
    const expected =
      /^(dist|bin|rules|schemas)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/
    expect(paths.filter(path => !expected.test(path))).toEqual([])
    expect(
      paths.filter(path => /(^|\/)(src|test|bench|scripts|node_modules)\//.test(path)),
    ).toEqual([])
  })

  it('has a source map with its text for every bundled module', () => {
    const modules = paths.filter(path => /^dist\/(cjs|esm)\/.*\.c?js$/.test(path))
    expect(modules.length).toBeGreaterThan(0)
    for (const path of modules) {
      const map = JSON.parse(readFileSync(join(projectRoot, `${path}.map`), 'utf8'))
      // A pack has the map of each file that it was made of.
      const maps = map.sections?.map((section: { map: unknown }) => section.map) ?? [map]
      expect(maps.length, path).toBeGreaterThan(0)
      for (const each of maps) expect(each.sourcesContent, path).toHaveLength(each.sources.length)
    }
  })

  it('has a declaration for every module that is imported by its name', () => {
    const named = Object.values<{ types?: string; node?: string }>(packageJson.exports).flatMap(
      ({ types, node }) => (types === undefined ? [] : [types, node ?? 'none']),
    )
    expect(named).toHaveLength(6)
    for (const path of named) expect(paths).toContain(path.replace('./', ''))
  })

  it('makes the command executable', () => {
    const command = report.files.find(file => file.path === 'bin/kqlab.js')
    expect((command?.mode ?? 0) & 0o111).not.toBe(0)
  })

  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
    expect(messages.map(message => formatMessage(message, pkg ?? {}, { color: false }))).toEqual([])
  })

  it('gives types to every resolver that reads exports', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(tarball))
    expect(analysis.types).toBeTruthy()
    // An ES module only package: Node 22 lets require() load it, and resolvers from before
    // `exports` do not find it.
    const problems = 'problems' in analysis ? analysis.problems : []
    const unexpected = problems.filter(
      problem =>
        problem.kind !== 'CJSResolvesToESM' &&
        !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    )
    expect(unexpected).toEqual([])
  })
})
