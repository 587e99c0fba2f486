import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The text of a file of the project. */
export const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** A command in a document, and what it is shown to print. */
export interface Session {
  readonly command: string
  readonly output: string
}

/** The console blocks of a document: a command after `$`, then what it prints. */
export function sessionsIn(path: string): Session[] {
  return [...read(path).matchAll(/^```console\n\$ (.+)\n([\s\S]*?)^```$/gm)].map(
    ([, command = '', output = '']): Session => ({ command, output }),
  )
}

/** The shown output as an expression: `…` stands for the rest of a line, or for whole lines. */
export function shown(output: string): RegExp {
  const lines = output.split('\n').map(line => {
    if (line === '…') return '(?:.*\\n)*?'
    const text = line.replace(/ *…$/, '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    return `${text}${line.endsWith('…') ? '.*' : ' *'}\\n`
  })
  return new RegExp(`^${lines.slice(0, -1).join('')}\\n*$`)
}

/** The command on the sources: what is installed or built is tested elsewhere. */
function onSources(command: string): string {
  const { scripts } = JSON.parse(read('package.json'))
  const main = `"${process.execPath}" "${join(root, 'src/cli/main.ts')}"`
  return command
    .replace(/^npm ci && npm run (\w+)$/, (_, script: string) => scripts[script])
    .replace(/^npx kqlab\b|\bnode bin\/kqlab\.js\b/, main)
}

/** What a command prints in a folder, that of the project where none is given; errors included. */
export function printed(command: string, cwd = root): string {
  try {
    return execFileSync('sh', ['-c', `${onSources(command)} 2>&1`], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  } catch (error) {
    // Exit code 1 is part of what some show; what was printed is compared all the same.
    if (error instanceof Error && 'stdout' in error && 'status' in error && error.status === 1) {
      return String(error.stdout)
    }
    throw error
  }
}
