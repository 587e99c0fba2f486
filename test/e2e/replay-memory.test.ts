import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, lines } from './kqlab.ts'

const rule = (id: number) =>
  lines(
    `id: 5d1c0000-0000-4000-8000-00000000000${id}`,
    `name: Rule ${id}`,
    'kind: Scheduled',
    'severity: Low',
    'queryFrequency: 1h',
    'queryPeriod: 1h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    `query: Events | where note != "${id}" | summarize n = count(), note = take_any(note)`,
  )

/** Texts of 1.5 KB, each of them once. */
const note = (row: number) => `the note ${row} of ${id(row)} and more `.repeat(32)
const id = (row: number) => (row * 7919).toString(36)
const row = (at: number) =>
  JSON.stringify({ TimeGenerated: `2026-01-01T10:${10 + (at % 40)}:00Z`, note: note(at) })

const folder = folderWith({
  'rules/a.yaml': rule(1),
  'rules/b.yaml': rule(2),
  'events.json': lines(...Array.from({ length: 90_000 }, (_, at) => row(at))),
})
afterAll(folder.remove)

const replay = (...more: string[]) => [
  'replay',
  join(folder.path, 'rules'),
  ...['--table', `Events=${join(folder.path, 'events.json')}`],
  ...['--schema', 'Events=TimeGenerated:datetime,note:string'],
  ...more,
]

describe('a replay of more rows than fit', { timeout: 120_000 }, () => {
  it('ends with an error where the heap has no room for them, and not the process', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=70' }
    const { code, stderr } = await kqlab(replay('--workers', '0'), { env })
    expect(stderr).toContain(
      'error[KQL300]: The memory of the process is nearly full with what the rules read of Events and before.',
    )
    expect(stderr).toContain('= hint: Replay fewer rules at a time, or give Node a larger heap')
    expect(code).toBe(1)
  })

  it.each(['0', '2'])('ends with an error beyond --memory, with %s workers', async workers => {
    const { code, stderr } = await kqlab(replay('--workers', workers, '--memory', '150MB'))
    expect(stderr).toMatch(
      /error\[KQL300\]: What the rules read of Events and before takes more than [\d.]+ [KM]B of memory\./,
    )
    expect(stderr).toContain('= hint: Replay fewer rules at a time, or raise --memory')
    expect(code).toBe(1)
  })

  it('goes as without where there is room', async () => {
    const free = await kqlab(replay('--format', 'json'))
    expect(free.code).toBe(0)
    expect(await kqlab(replay('--format', 'json', '--memory', '900MB'))).toEqual(free)
  })
})
