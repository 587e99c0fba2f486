import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configSchema, readConfig } from '../../../src/cli/config/config.ts'
import { LOCAL } from '../../../src/rules/local.ts'

const read = (text: string) => readConfig(text, path => `base/${path}`)

/** What is reported: the text it is about, the message and the hint. */
const faults = (text: string) =>
  read(text).diagnostics.map(({ code, span, message, hint }) => {
    expect(code).toBe('KQL122')
    return [text.slice(span.start, span.end), message, ...(hint === undefined ? [] : [hint])]
  })

describe('readConfig', () => {
  it('reads every kind of entry, with paths relative to the file', () => {
    const { config, diagnostics } = read(`
data: [logs, 'more/**/*.json']
tables: { Events: e.json, Two: [a, b] }
schemas:
  App_CL: { TimeGenerated: datetime, User_s: string }
functions: functions
watchlists:
  Plain: p.csv
  Full: { path: [f.csv, g.csv], searchKey: User, lastUpdated: 2026-01-02 }
workspaces: { other: elsewhere, prod: local }
clusters:
  one: folder
  two: { Db: db, Mine: local }
format: csv
now: 2026-01-02
missingTables: empty
strict: true
failOn: rows
maxRows: 10
maxMemory: 2G
`)
    expect(diagnostics).toEqual([])
    expect(config).toEqual({
      data: ['base/logs', 'base/more/**/*.json'],
      tables: new Map([
        ['Events', ['base/e.json']],
        ['Two', ['base/a', 'base/b']],
      ]),
      schemas: new Map([
        [
          'App_CL',
          new Map([
            ['TimeGenerated', 'datetime'],
            ['User_s', 'string'],
          ]),
        ],
      ]),
      functions: ['base/functions'],
      watchlists: new Map<string, unknown>([
        ['Plain', ['base/p.csv']],
        [
          'Full',
          { path: ['base/f.csv', 'base/g.csv'], searchKey: 'User', lastUpdated: '2026-01-02' },
        ],
      ]),
      workspaces: new Map<string, unknown>([
        ['other', ['base/elsewhere']],
        ['prod', [LOCAL]],
      ]),
      clusters: new Map<string, unknown>([
        ['one', ['base/folder']],
        [
          'two',
          new Map<string, unknown>([
            ['Db', ['base/db']],
            ['Mine', [LOCAL]],
          ]),
        ],
      ]),
      format: 'csv',
      now: '2026-01-02',
      missingTables: 'empty',
      strict: true,
      failOn: ['rows'],
      maxRows: 10,
      maxMemory: '2G',
    })
  })

  it.each(['', '# nothing\n', 'data:\n'])('takes %j', text => {
    expect(read(text)).toEqual({ config: {}, diagnostics: [] })
  })

  it('follows aliases', () => {
    expect(read('functions: &f lib\ndata: *f\n').config).toEqual({
      functions: ['base/lib'],
      data: ['base/lib'],
    })
  })

  it.each([
    ['datta: x', ['datta', 'There is no `datta` here.', 'Did you mean `data`?']],
    ['tables: [a]', ['[a]', 'Expected here: a map of tables and paths.']],
    ['tables: { A: {} }', ['{}', 'Expected here: a path, or a list.']],
    ['watchlists: { A: { searchKey: k } }', ['{ searchKey: k }', '`path` is missing.']],
    [
      'watchlists: { A: { path: p, key: k } }',
      ['key', 'There is no `key` here.', expect.anything()],
    ],
    ['watchlists: { A: }', ['A', expect.stringContaining('a path')]],
    ['missingTables: no', ['no', 'Expected here: one of error, empty.']],
    ['strict: 1', ['1', 'Expected here: true or false.']],
    ['maxRows: 0', ['0', 'Expected here: a whole number above 0.']],
    ['maxMemory: lots', ['lots', 'Expected here: a size such as 512M or 4G.']],
    ['now: soon', ['soon', 'Expected here: a time.']],
    ['schemas: { T: { a: strng } }', ['strng', expect.stringContaining('one of bool')]],
    ['- a', ['- a', 'Expected here: a map.']],
    ['data: [a, [b]]', ['[b]', 'Expected here: a path.']],
    ['data: "a', [expect.anything(), expect.stringContaining('quote')]],
    ['data: a\ndata: b', ['d', 'Map keys must be unique.']],
  ])('reports the place of the fault in %j', (text, fault) => {
    expect(faults(text)).toEqual([fault])
    expect(read(text).config).toBeUndefined()
  })

  it('reports all faults at once', () => {
    expect(faults('strict: 1\nmaxRows: x\n')).toHaveLength(2)
  })
})

describe('schemas/kqlab.schema.json', () => {
  const file = new URL('../../../schemas/kqlab.schema.json', import.meta.url)

  it('is what npm run schema writes', () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(configSchema())
  })

  it('describes every entry', () => {
    const { properties } = configSchema() as {
      properties: Record<string, { description?: string }>
    }
    for (const [name, { description }] of Object.entries(properties)) {
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)])
    }
  })
})
