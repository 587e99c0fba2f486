/**
 * Builds dist/ from src/: declarations, and JavaScript twice, both bundled, because Node starts a few files
 * in half the time that hundreds of small ones take. dist/cjs/ is what Node runs, the command and the
 * library alike: CommonJS with the packages it depends on, in parts of which each is loaded when something
 * first needs it. dist/esm/ is for bundlers and browsers: ES modules, packages left out. The licences of
 * packages are put beside them. docs/adr/0018-start-up.md has the reasons.
 */
import { isAscii } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { asCommonJs, commonJsPath } from './build/commonjs.ts'
import { libraryEntries } from './build/library-entries.ts'
import { licences } from './build/licences.ts'
import { type BundledFile, packed } from './build/packs.ts'
import {
  commonJsNames,
  deferredNamespaces,
  externalPackages,
  jsonAsText,
  noSubprograms,
  replacedModules,
  unmappedPackages,
} from './build/plugins.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = (path: string): string => `${root}dist/${path}`

rmSync(dist(''), { recursive: true, force: true })
const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (compiled.status !== 0) process.exit(1)

/** What is worked out now, so that starting need not. */
const { PART_INDEX } = await import(pathToFileURL(dist('engine/functions/part-index.js')).href)
const { schemaText } = await import(pathToFileURL(dist('tables/schema-text.js')).href)
const { DECISIONS } = await import(pathToFileURL(dist('parser/decisions.js')).href)
const decisions = `export const DECISIONS = JSON.parse(${JSON.stringify(JSON.stringify(DECISIONS))})`
const partIndex = `export const PART_INDEX = JSON.parse(${JSON.stringify(JSON.stringify(PART_INDEX))})`
const tables: string = schemaText()

const { entries, facades } = libraryEntries(dist(''))
await buildForNode()
await buildForOthers()
await buildScanWorker()
await buildKeptCode()
for (const [path, text] of Object.entries(facades)) writeFileSync(dist(path), text)
removeUnbundled()

/** dist/cjs/. */
async function buildForNode(): Promise<void> {
  mkdirSync(dist('cjs'))
  writeFileSync(dist('cjs/tables.txt'), tables)
  const readTables = `import { readFileSync } from 'node:fs'
    export const schemaText = () => readFileSync(new URL('./tables.txt', import.meta.url), 'utf8')`
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      ...entries,
      main: dist('cli/main.js'),
      'replay-worker': dist('cli/replay-worker.js'),
    },
    outdir: dist('cjs'),
    bundle: true,
    splitting: true,
    write: false,
    chunkNames: 'shared-[name]-[hash]',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node22',
    format: 'esm',
    alias: { '#platform': dist('node/platform.js') },
    plugins: [
      jsonAsText,
      unmappedPackages,
      replacedModules({
        'engine/functions/part-index.js': partIndex,
        'parser/decisions.js': decisions,
        'tables/schema-text.js': readTables,
      }),
      deferredNamespaces,
      noSubprograms,
    ],
    metafile: true,
    sourcemap: true,
    logLevel: 'warning',
  })
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const files = new Map<string, BundledFile>()
  for (const [name, text] of texts) {
    const map = texts.get(`${name}.map`)
    if (map !== undefined) files.set(commonJsPath(`./${name}`), { text: asCommonJs(text), map })
  }
  const chunk = (name: string): string => {
    // The hash behind the name has no dash, so that `query` is not taken for `query-files`.
    const found = [...files.keys()].find(
      path => path.replace(/-\w+\.cjs$/, '') === `./shared-${name}`,
    )
    if (found === undefined) throw new Error(`the bundle has no ${name}`)
    return found
  }
  const roots = {
    'pack-library': ['./library.cjs'],
    'pack-files': [chunk('open-data')],
    'pack-command': ['./main.cjs', chunk('query')],
  }
  for (const [path, { text, map }] of packed(files, roots, path => !path.startsWith('./shared-'))) {
    const mapped = text.replace(/^\/\/# sourceMappingURL=.*$/m, '')
    writeFileSync(dist(`cjs/${path}`), `${mapped}//# sourceMappingURL=${basename(path)}.map\n`)
    writeFileSync(dist(`cjs/${path}.map`), map)
  }
  writeFileSync(dist('cjs/licences.txt'), licences(root, metafile, 'What Node runs'))
}

/** dist/esm/. */
async function buildForOthers(): Promise<void> {
  const names = ['index', 'matchers/matchers', 'vitest/vitest', 'node/platform', 'platform-browser']
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map(name => dist(`${name}.js`)),
    outdir: dist('esm'),
    outbase: dist(''),
    bundle: true,
    // What the index and a platform share is in one file, so that there is one of each class.
    splitting: true,
    chunkNames: 'shared-[hash]',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    format: 'esm',
    plugins: [
      // The one package that is itself a hundred files becomes part of the library's.
      externalPackages(['chevrotain', '@chevrotain']),
      jsonAsText,
      unmappedPackages,
      replacedModules({
        'engine/functions/part-index.js': partIndex,
        'parser/decisions.js': decisions,
        'tables/schema-text.js': `const tables = ${JSON.stringify(tables)}
          export const schemaText = () => tables`,
      }),
      commonJsNames,
    ],
    metafile: true,
    sourcemap: true,
    logLevel: 'warning',
  })
  writeFileSync(dist('esm/licences.txt'), licences(root, metafile, 'The library'))
  // An import for its effects alone has none here, and bundlers warn of it. Its line stays, for the map.
  for (const name of readdirSync(dist('esm'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue
    const path = dist(`esm/${name}`)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^import "[./]+shared-\w+\.js";$/gm, ''))
  }
}

/** What threads that read files start with: one file, and CommonJS, which starts without waiting. */
async function buildScanWorker(): Promise<void> {
  for (const folder of ['esm/node', 'node']) {
    await build({
      absWorkingDir: root,
      entryPoints: [dist('node/scan-worker.js')],
      outfile: dist(`${folder}/scan-worker.cjs`),
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      // Names stay, for what a fault says.
      minifyWhitespace: true,
      minifySyntax: true,
      plugins: [jsonAsText, unmappedPackages],
      sourcemap: true,
      logLevel: 'warning',
    })
  }
}

/** What the files of dist/cjs/ load each other with. */
async function buildKeptCode(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [dist('node/kept-code.js')],
    outfile: dist('cjs/kept-code.js'),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // The first that answers for a module counts.
    plugins: [replacedModules({ 'node/build.js': buildOf(dist('cjs')) }), deferredNamespaces],
    sourcemap: true,
    logLevel: 'warning',
  })
  // Tools that trace what a program loads find it by its text.
  const names = readdirSync(dist('cjs')).filter(name => name.endsWith('.cjs'))
  const traced = `function traced() {\n  return [${names.map(name => `require("./${name}")`).join(', ')}];\n}\n`
  for (const { path, text } of outputFiles) {
    const isMap = path.endsWith('.map')
    const converted = isMap
      ? text
      : asCommonJs(text).replace(
          /^\/\/# sourceMappingURL=(.*)\.js\.map$/m,
          `${traced}//# sourceMappingURL=$1.cjs.map`,
        )
    if (converted.includes('----------------')) throw new Error('the build is not told from others')
    writeFileSync(path.replace(/\.js/, '.cjs'), converted)
  }
}

/** A module that tells this build from others. */
function buildOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) {
    const bytes = readFileSync(join(folder, name))
    if (name.endsWith('.cjs') && !isAscii(bytes)) throw new Error(`${name} is not ASCII`)
    hash.update(bytes)
  }
  return `export const BUILD = '${hash.digest('hex').slice(0, 16)}'`
}

/** What is in the bundles need not be there twice. */
function removeUnbundled(): void {
  const kept =
    /^(cjs|esm)[\\/]|\.d\.ts$|^(index|matchers[\\/]matchers|vitest[\\/]vitest)\.js$|scan-worker\.cjs/
  for (const path of readdirSync(dist(''), { recursive: true, encoding: 'utf8' })) {
    if (/\.(js|json|map)$/.test(path) && !kept.test(path)) rmSync(join(dist(''), path))
  }
}
