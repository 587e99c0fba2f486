import { describe, expect, it } from 'vitest'
import { printed, sessionsIn, shown } from './console.ts'

const sessions = sessionsIn('docs/why.md')

describe.skipIf(process.platform === 'win32')('a command in docs/why.md', () => {
  it('is found', () => {
    expect(sessions.length).toBeGreaterThan(3)
  })

  it.each(sessions)('$command', ({ command, output }) => {
    expect(printed(command)).toMatch(shown(output))
  })
})
