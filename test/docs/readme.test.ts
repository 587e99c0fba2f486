import { describe, expect, it } from 'vitest'
import { unsupportedFunctions } from '../../src/engine/unsupported-functions.ts'
import { UNSUPPORTED_OPERATORS } from '../../src/lexer/keywords.ts'
import { printed, read, sessionsIn, shown } from './console.ts'

const sessions = sessionsIn('README.md')

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
