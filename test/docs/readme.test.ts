import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { unsupportedFunctions } from '../../src/engine/unsupported-functions.ts'
import { UNSUPPORTED_OPERATORS } from '../../src/lexer/keywords.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Session {
  readonly command: string
  readonly output: string
}

/** The console blocks of the README: a command after `$`, then what it prints. */
const sessions = [...read('README.md').matchAll(/^```console\n\$ (.+)\n([\s\S]*?)^```$/gm)].map(
  ([, command = '', output = '']): Session => ({ command, output }),
)

/** The shown output as an expression: `…` stands for the rest of a line, or for whole lines. */
function shown(output: string): RegExp {
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
  const main = `"${process.execPath}" src/cli/main.ts`
  return command
    .replace(/^npm ci && npm run (\w+)$/, (_, script: string) => scripts[script])
    .replace(/^npx kqlab\b|\bnode bin\/kqlab\.js\b/, main)
}

function printed(command: string): string {
  try {
    return execFileSync('sh', ['-c', `${onSources(command)} 2>&1`], {
      cwd: root,
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

describe.skipIf(process.platform === 'win32')('a command in the README', () => {
  it('is found', () => {
    expect(sessions.length).toBeGreaterThan(3)
  })

  it.each(sessions)('$command', ({ command, output }) => {
    expect(printed(command)).toMatch(shown(output))
  })
})

describe('the limits in the README', () => {
  it('are limits', () => {
    const [, limits = ''] = /^- Not supported: ([\s\S]*?)(?=^- )/m.exec(read('README.md')) ?? []
    const names = [...limits.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    expect(names).toContain('external_table')
    const missing = new Set([...UNSUPPORTED_OPERATORS, ...unsupportedFunctions()])
    expect(names.filter(name => !missing.has(name))).toEqual([])
  })
})
