import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm pack --json` says of the tarball it made. */
export interface PackReport {
  readonly filename: string
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[]
}

/** A new empty folder outside the project, and the function that removes it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'kqlab-packaging-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs npm in a folder and gives its stdout. Throws with npm's stderr when it fails. */
export function npm(folder: string, ...args: string[]): string {
  return execFileSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    env: outsideProject(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/**
 * Packs the project into `folder` as it is built now: the prepack script is left out, because it
 * would remove dist while other tests run it.
 */
export function pack(folder: string): PackReport {
  const [report]: PackReport[] = JSON.parse(
    npm(projectRoot, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  )
  if (report === undefined) throw new Error('npm pack reported no tarball')
  return report
}

/** The environment without what `npm test` adds to it, which would tie a nested npm to this project. */
export function outsideProject(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(lifecycle|package)_|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$)/.test(name),
  )
  return Object.fromEntries(inherited)
}
