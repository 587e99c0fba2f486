import { once } from 'node:events'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, lines, start } from './kqlab.ts'

const ENDLESS = 'range x from 1 to 1000000000000 step 1'

describe.skipIf(process.platform === 'win32')('kqlab, interrupted', () => {
  const folder = folderWith({
    'a.yaml': lines('name: quick', 'query: print found = 1'),
    'b.yaml': lines('name: endless', `query: ${ENDLESS} | count`),
  })
  afterAll(folder.remove)

  it('ends with exit code 130 in the middle of a query', async () => {
    const child = start(['run', folder.path])
    let printed = ''
    child.stdout.setEncoding('utf8')
    // The second rule is at work once the first has printed its rows.
    for await (const text of child.stdout) {
      printed += String(text)
      if (printed.includes('1 row\n') && !child.killed) child.kill('SIGINT')
    }
    const [code, signal] =
      child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null]
    expect({ code, signal }).toEqual({ code: 130, signal: null })
    expect(printed).toContain('quick [Hunting]')
    expect(printed).not.toContain('endless')
  })

  it('ends in peace when nobody reads any more', async () => {
    const child = start(['query', ENDLESS, '--format', 'ndjson'])
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    const exit = once(child, 'exit')
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [code, signal] = await exit
    expect({ code, signal, errors }).toEqual({ code: 0, signal: null, errors: '' })
  })
})
