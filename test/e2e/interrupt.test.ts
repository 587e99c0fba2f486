import { once } from 'node:events'
import { readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, lines, start } from './kqlab.ts'

const ENDLESS = 'range x from 1 to 1000000000000 step 1'

const SIGNALS = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/** Sends a signal once there is a file or a folder with such a name; gives how the command ended. */
async function interruptedAt(
  args: readonly string[],
  signal: NodeJS.Signals,
  folder: string,
  name: RegExp,
): Promise<{ readonly code: unknown; readonly signal: unknown; readonly errors: string }> {
  const watcher = watch(folder)
  const child = start(args)
  const exit = once(child, 'close')
  watcher.on('change', (_, changed) => {
    if (name.test(String(changed)) && !child.killed) child.kill(signal)
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  child.stdout.resume()
  child.stdin.end()
  const [code, endedBy] = await exit
  watcher.close()
  return { code, signal: endedBy, errors }
}

describe.skipIf(process.platform === 'win32')('kqlab, interrupted', () => {
  const folder = folderWith({
    'a.yaml': lines('name: quick', 'query: print found = 1'),
    'b.yaml': lines('name: endless', `query: ${ENDLESS} | count`),
  })
  const logs = folderWith({
    'AuditLogs.json': '{"TimeGenerated":"2026-01-01T11:00:00Z","OperationName":"a"}\n'.repeat(
      300_000,
    ),
  })
  afterAll(() => {
    folder.remove()
    logs.remove()
  })

  it.each(SIGNALS)(
    'by %s ends with exit code %i in the middle of a query',
    async (by, expected) => {
      const child = start(['run', folder.path])
      let printed = ''
      child.stdout.setEncoding('utf8')
      // The second rule is at work once the first has printed its rows.
      for await (const text of child.stdout) {
        printed += String(text)
        if (printed.includes('1 row\n') && !child.killed) child.kill(by)
      }
      const [code, signal] =
        child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null]
      expect({ code, signal }).toEqual({ code: expected, signal: null })
      expect(printed).toContain('quick [Hunting]')
      expect(printed).not.toContain('endless')
    },
  )

  it.each(SIGNALS)('by %s leaves nothing of rows that did not fit in memory', async (by, code) => {
    const temp = folderWith({})
    const query = `${ENDLESS} | extend s = strcat("a name of some length ", x) | sort by s`
    const args = ['query', query, '--memory', '1MB', '--temp-dir', temp.path]
    const run = await interruptedAt(args, by, temp.path, /^kqlab-/)
    expect(run).toEqual({ code, signal: null, errors: '' })
    expect(readdirSync(temp.path)).toEqual([])
    temp.remove()
  })

  it.each(SIGNALS)('by %s leaves nothing of what is ingested', async (by, code) => {
    const target = folderWith({})
    const args = ['ingest', logs.path, '-o', join(target.path, 'out')]
    const run = await interruptedAt(args, by, target.path, /^\.out\.partial-/)
    expect(run).toEqual({ code, signal: null, errors: '' })
    expect(readdirSync(target.path)).toEqual([])
    target.remove()
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
