/**
 * Builds dist/ from src/: JavaScript, declarations and source maps. The command is then bundled into
 * one file with the packages it depends on, those that few queries need apart, and the library into a few with the one package that is
 * itself a hundred files: Node starts them in half the time that hundreds of small files take. The
 * licences of the packages are put beside them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const command = `${root}dist/cli/main.js`
/** What other threads of the command start with. */
const worker = `${root}dist/cli/replay-worker.js`
/** What threads that read files start with; so small that it starts in no time. */
const scanWorker = `${root}dist/node/scan-worker.js`
/** What the library is entered by: what the package exports, and what `#platform` stands for. */
const entries = [
  'index',
  'matchers/matchers',
  'vitest/vitest',
  'node/platform',
  'platform-browser',
].map(name => `${root}dist/${name}.js`)
/** The packages that become part of the library's files. */
const inlined = ['chevrotain', '@chevrotain']

/** Packages in the form of CommonJS call `require`, which an ES module has to make itself. */
const banner = `import { createRequire as createRequireOfNode } from 'node:module'
const require = createRequireOfNode(import.meta.url)`

/** Large data are read ten times faster by JSON.parse than as an object in the code. */
const jsonAsText: Plugin = {
  name: 'json-as-text',
  setup(bundler) {
    bundler.onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')))
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

/** Leaves packages to be resolved where the library is used, but for the inlined ones. */
const externalPackages: Plugin = {
  name: 'external-packages',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined
      const [name = ''] = path.split('/')
      return inlined.includes(name) ? undefined : { path, external: true }
    })
  },
}

/** Leaves packages out of the source map: their text would make up most of it. */
const unmappedPackages: Plugin = {
  name: 'unmapped-packages',
  setup(bundler) {
    const map = { version: 3, sources: [''], mappings: 'A' }
    const data = Buffer.from(JSON.stringify(map)).toString('base64')
    bundler.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}
//# sourceMappingURL=data:application/json;base64,${data}`,
      loader: 'default',
    }))
  },
}

/** The licences of the packages in a bundle, one after the other. */
function licences({ inputs }: Metafile, what: string): string {
  const folders = Object.keys(inputs).flatMap(
    path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  )
  const texts = [...new Set(folders)].sort().map(folder => {
    const { name, version, license } = JSON.parse(
      readFileSync(`${root}${folder}/package.json`, 'utf8'),
    ) as { name: string; version: string; license: string }
    const file = readdirSync(`${root}${folder}`).find(entry => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : readFileSync(`${root}${folder}/${file}`, 'utf8').trim()
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  return `${what} contains these packages:\n\n${texts.join('\n---\n\n')}`
}

rmSync(`${root}dist`, { recursive: true, force: true })

/** The files of both bundles. */
const bundled: string[] = []

const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (compiled.status !== 0) process.exit(1)

if (existsSync(command)) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [command, worker],
    outdir: `${root}dist/cli`,
    allowOverwrite: true,
    bundle: true,
    // What is imported when it is needed is in files of its own, so that it is not read before.
    splitting: true,
    chunkNames: 'shared-[hash]',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node22',
    format: 'esm',
    banner: { js: banner },
    plugins: [jsonAsText, unmappedPackages],
    metafile: true,
    sourcemap: true,
    logLevel: 'warning',
  })
  writeFileSync(`${root}dist/cli/main.licences.txt`, licences(metafile, 'The command'))
  bundled.push(...Object.keys(metafile.outputs))
}

const scanning = await build({
  absWorkingDir: root,
  entryPoints: [scanWorker],
  outdir: `${root}dist/node`,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  plugins: [jsonAsText, unmappedPackages],
  metafile: true,
  sourcemap: true,
  logLevel: 'warning',
})
bundled.push(...Object.keys(scanning.metafile.outputs))

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: `${root}dist`,
  outbase: `${root}dist`,
  allowOverwrite: true,
  bundle: true,
  // What the index and a platform share is in one file, so that there is one of each class.
  splitting: true,
  chunkNames: 'shared-[hash]',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  format: 'esm',
  plugins: [externalPackages, jsonAsText, unmappedPackages],
  metafile: true,
  sourcemap: true,
  logLevel: 'warning',
})
writeFileSync(`${root}dist/index.licences.txt`, licences(metafile, 'The library'))

// An import for its effects alone has none here, and bundlers warn of it. Its line stays, for the map.
for (const entry of entries) {
  const text = readFileSync(entry, 'utf8')
  writeFileSync(entry, text.replace(/^import "[./]+shared-\w+\.js";$/gm, ''))
}

bundled.push(...Object.keys(metafile.outputs))

// What is in the bundles need not be there twice.
const kept = new Set(bundled.map(path => join(root, path)))
for (const path of readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' })) {
  const file = join(root, 'dist', path)
  if (/\.(js|json)(\.map)?$/.test(file) && !kept.has(file.replace(/\.map$/, ''))) rmSync(file)
}
