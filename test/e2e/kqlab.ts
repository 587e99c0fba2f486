import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** What a run of the command gave. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How the command is started. */
export interface StartOptions {
  /** Standard input; empty where missing. */
  readonly input?: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** The built command, as `npm test` builds it; the sources where they are newer. */
function commandPath(): string {
  const built = join(projectRoot, 'dist/cjs/main.cjs')
  if (!existsSync(built)) return join(projectRoot, 'src/cli/main.ts')
  const { mtimeMs } = statSync(built)
  const sources = globSync('src/**/*.{ts,json}', { cwd: projectRoot })
  const isStale = sources.some(path => statSync(join(projectRoot, path)).mtimeMs > mtimeMs)
  return isStale ? join(projectRoot, 'src/cli/main.ts') : join(projectRoot, 'bin/kqlab.js')
}

const command = commandPath()

/** Starts the command. Its environment has nothing that decides about colours. */
export function start(
  args: readonly string[],
  { cwd = projectRoot, env = {} }: StartOptions = {},
): ChildProcessWithoutNullStreams {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const cache = join(tmpdir(), 'kqlab-test-compile-cache')
  return spawn(process.execPath, [command, ...args], {
    cwd,
    env: { ...inherited, NODE_COMPILE_CACHE: cache, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs the command to its end. */
export function kqlab(args: readonly string[], options: StartOptions = {}): Promise<Outcome> {
  const child = start(args, options)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** A folder outside the project with these files, and the function that removes it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): {
  readonly path: string
  readonly remove: () => void
} {
  const path = mkdtempSync(join(tmpdir(), 'kqlab-e2e-'))
  for (const [name, content] of Object.entries(files)) {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Lines, each ended by a line feed. */
export function lines(...texts: readonly string[]): string {
  return texts.map(text => `${text}\n`).join('')
}
