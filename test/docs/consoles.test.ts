import { describe, expect, it } from 'vitest'
import { printed, sessionsIn, shown } from './console.ts'

describe.skipIf(process.platform === 'win32').each([
  ['docs/why.md', 4],
  ['docs/proving-tests.md', 4],
])('a command in %s', (path, least) => {
  const sessions = sessionsIn(path)

  it('is found', () => {
    expect(sessions.length).toBeGreaterThanOrEqual(least)
  })

  it.each(sessions)('$command', ({ command, output }) => {
    expect(printed(command)).toMatch(shown(output))
  })
})
