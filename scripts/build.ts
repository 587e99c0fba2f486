/**
 * Builds dist/ from src/: JavaScript, declarations and source maps. The command is then bundled into
 * one file, without the packages it depends on: Node starts it sooner than a hundred small files.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const command = `${root}dist/cli/main.js`

rmSync(`${root}dist`, { recursive: true, force: true })

const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (compiled.status !== 0) process.exit(1)

if (existsSync(command)) {
  await build({
    entryPoints: [command],
    outfile: command,
    allowOverwrite: true,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node22',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  })
}
