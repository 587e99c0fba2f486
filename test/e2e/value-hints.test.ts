import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab } from './kqlab.ts'

const rows = [
  { TimeGenerated: '2026-01-01T10:00:00Z', OperationName: 'a', InitiatedBy: { user: { id: '1' } } },
  { TimeGenerated: '2026-01-01T11:00:00Z', OperationName: 'b', Result: '' },
]
const folder = folderWith({
  'AuditLogs.json': rows.map(row => `${JSON.stringify(row)}\n`).join(''),
})
afterAll(folder.remove)

/** What is said to have no value, for each warning. */
async function missing(query: string): Promise<string[]> {
  const { stderr } = await kqlab(['query', query, '--data', join(folder.path, 'AuditLogs.json')])
  return [...stderr.matchAll(/KQL211\]: No row of `AuditLogs` has a value of `([^`]+)`/g)].map(
    ([, name = '']) => name,
  )
}

describe('a comparison with what the data lack', () => {
  it.each([
    ['AuditLogs | where Result == "x"', ['Result']],
    ['AuditLogs | where tolower(tostring(Result)) has "x"', ['Result']],
    ['AuditLogs | where InitiatedBy.user.name == "x"', ['InitiatedBy.user.name']],
    ['AuditLogs | where Result in ("x", "y") or Category startswith "z"', ['Result', 'Category']],
    [
      'let x = "x"; AuditLogs | where OperationName == "a" | join (AuditLogs | where Category == x) on Result',
      ['Category'],
    ],
    ['AuditLogs | where Result matches regex "^x+$"', ['Result']],
    ['AuditLogs | where Result has_any (dynamic(["x", "y"]))', ['Result']],
    // Something has a value, or nothing is what is looked for.
    ['AuditLogs | where InitiatedBy.user.id == "2"', []],
    ['AuditLogs | where OperationName == "z"', []],
    ['AuditLogs | where isempty(Result) or Result != "x" or not(Result has "x")', []],
    ['AuditLogs | where Result == "" or Result in ("", "x") or Result startswith ""', []],
    ['let x = tostring(dynamic(null)); AuditLogs | where Result contains x', []],
    ['AuditLogs | where Result has_any (dynamic(["", "x"])) or Result == Category', []],
    ['AuditLogs | where Result matches regex "^x?$"', []],
    ['AuditLogs | where Result == "x" // kqlab-ignore KQL211', []],
    // Whoever looks everywhere does not take each column to have something.
    ['AuditLogs | where * has "x"', []],
    ['search in (AuditLogs) "x" or "y"', []],
    ['AuditLogs | where * has "x" or Category == "z"', ['Category']],
    // Not all rows were looked at.
    ['AuditLogs | take 1 | where Result == "x"', []],
  ])('%s', async (query, expected) => expect(await missing(query)).toEqual(expected))

  it('is told at its place', async () => {
    const args = ['query', 'AuditLogs | where Result == "x"', '--data', folder.path]
    const { stderr, code } = await kqlab(args)
    expect(code).toBe(0)
    expect(stderr).toContain(' --> query:1:19\n')
  })
})
