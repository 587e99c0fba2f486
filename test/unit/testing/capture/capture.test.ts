import { describe, expect, it } from 'vitest'
import { Workspace } from '../../../../src/api/workspace.ts'
import { Catalog } from '../../../../src/tables/catalog.ts'
import { rowsSource } from '../../../../src/tables/rows-source.ts'
import { capture } from '../../../../src/testing/capture/capture.ts'
import { parseDatetime } from '../../../../src/types/datetime.ts'
import type { Schema } from '../../../../src/types/schema.ts'

const SIGN_INS: Schema = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'User', type: 'string' },
  { name: 'Code', type: 'long' },
  { name: 'Details', type: 'dynamic' },
  { name: '__proto__', type: 'string' },
]
const CHANGES: Schema = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Target', type: 'string' },
  { name: 'Note', type: 'string' },
]
const catalog = Catalog.empty().with({
  SignIns: Object.fromEntries(SIGN_INS.map(({ name, type }) => [name, type])),
  Changes: Object.fromEntries(CHANGES.map(({ name, type }) => [name, type])),
})
const now = parseDatetime('2026-03-01T12:00:00Z') ?? 0n

const user = (at: number) => `user${at % 7}@contoso.com`
const minute = (at: number) => String(at % 60).padStart(2, '0')

/** Sign-ins of seven users, one a minute, every fifth of them failed; the 33rd from a risky place. */
const signIns = Array.from({ length: 60 }, (_, at) => ({
  TimeGenerated: `2026-03-01T11:${minute(at)}:00Z`,
  User: user(at),
  Code: at % 5 === 0 ? 50126 : 0,
  Details: { place: { risk: at === 33 ? 'high' : 'low', ip: `203.0.113.${at}` }, tags: ['a', 'b'] },
}))
const changes = [
  { TimeGenerated: '2026-03-01T11:50:00Z', Target: user(1), Note: 'other' },
  { TimeGenerated: '2026-03-01T11:40:00Z', Target: user(33), Note: 'password reset' },
  { TimeGenerated: '2026-03-01T11:45:00Z', Target: user(2), Note: 'password reset' },
]

function captured(query: string, salt?: string, isEnough?: (rows: number) => boolean) {
  return capture({
    query,
    catalog,
    workspace: new Workspace(),
    sources: new Map([
      ['SignIns', rowsSource('SignIns', signIns, SIGN_INS)],
      ['Changes', rowsSource('Changes', changes, CHANGES)],
    ]),
    run: { now },
    ...(salt === undefined ? {} : { salt }),
    ...(isEnough === undefined ? {} : { isEnough }),
  })
}

const JOINED = `SignIns
| where TimeGenerated > ago(1h) and tostring(Details.place.risk) == "high"
| join kind=inner (Changes | where Note has "reset") on $left.User == $right.Target
| where TimeGenerated1 > TimeGenerated`

describe('a fixture from data', () => {
  it('has the rows and fields without which the query finds nothing', async () => {
    const found = await captured(JOINED)
    expect(found).toMatchObject({
      tables: {
        SignIns: [
          {
            TimeGenerated: '2026-03-01T11:33:00.0000000Z',
            User: user(33),
            Details: { place: { risk: 'high' } },
          },
        ],
        Changes: [
          {
            TimeGenerated: '2026-03-01T11:40:00.0000000Z',
            Target: user(33),
            Note: 'password reset',
          },
        ],
      },
      // One of sixty sign-ins is in a risky place, and two of three changes are resets.
      rowsRead: 3,
    })
  })

  it('has near misses with values that their columns take', async () => {
    const schema: Schema = [
      { name: 'Id', type: 'guid' },
      { name: 'Took', type: 'timespan' },
      { name: 'Waited', type: 'timespan' },
      { name: 'Name', type: 'string' },
      { name: 'Marked', type: 'bool' },
    ]
    const rows = [
      {
        Id: '11111111-1111-1111-1111-11111111111f',
        Took: '1.02:00:00',
        Waited: '-00:00:01.5000000',
        Name: 'a',
        Marked: true,
      },
    ]
    const query = `Calls | where Id == guid(11111111-1111-1111-1111-11111111111f)
      | where Took > 26h - 1tick | where Waited < 0s | where Name == "a" | where 1 == 1`
    const columns = Object.fromEntries(schema.map(({ name, type }) => [name, type]))
    const found = await capture({
      query,
      catalog: Catalog.empty().with({ Calls: columns }),
      workspace: new Workspace(),
      sources: new Map([['Calls', rowsSource('Calls', rows, schema)]]),
      run: { now },
    })
    if ('failure' in found) throw new Error(found.failure)
    expect(
      found.misses.found.flatMap(({ changes }) => changes.map(({ path, to }) => [...path, to])),
    ).toEqual([
      ['Id', '11111111-1111-1111-1111-11111111111e'],
      ['Took', '1.01:59:59'],
      ['Waited', '00:00:00'],
      ['Name', ''],
    ])
    expect(found.misses.unsolved.map(({ start, end }) => query.slice(start, end))).toEqual([
      '1 == 1',
    ])
  })

  it('comes with what is closest to it and fails one part alone', async () => {
    const found = await captured(JOINED)
    if ('failure' in found) throw new Error(found.failure)
    const misses = found.misses.found.map(({ span, changes }) => ({
      part: JOINED.slice(span.start, span.end),
      changes: changes.map(({ table, path, to }) => `${table}.${path.join('.')} = ${to}`),
    }))
    expect(misses).toEqual([
      // The change may be as late as it likes, the sign-in alone is too early.
      {
        part: 'TimeGenerated > ago(1h)',
        changes: ['SignIns.TimeGenerated = 2026-03-01T10:33:00.0000000Z'],
      },
      {
        part: 'tostring(Details.place.risk) == "high"',
        changes: ['SignIns.Details.place.risk = hig'],
      },
      { part: 'Note has "reset"', changes: ['Changes.Note = password rese'] },
      {
        part: 'TimeGenerated1 > TimeGenerated',
        changes: ['SignIns.TimeGenerated = 2026-03-01T11:40:00.0000000Z'],
      },
    ])
    expect(found.misses.unsolved).toEqual([])
  })

  it('keeps as many rows as are enough', async () => {
    const found = await captured('SignIns | where Code != 0', undefined, rows => rows > 4)
    if ('failure' in found) throw new Error(found.failure)
    expect(found.tables['SignIns']).toHaveLength(5)
    expect(found.tables['SignIns']).toEqual(Array.from({ length: 5 }, () => ({ Code: 50126 })))
  })

  it('has one row less where a group must not be large enough', async () => {
    const query = 'SignIns | summarize n = count() | where n > 11'
    const found = await captured(query)
    if ('failure' in found) throw new Error(found.failure)
    expect(found.tables['SignIns']).toHaveLength(12)
    const misses = found.misses.found.map(({ span, tables }) => [
      query.slice(span.start, span.end),
      tables['SignIns']?.length,
    ])
    expect(misses).toEqual([['n > 11', 11]])
  })

  it('has pseudonyms in place of who it is about, and still fires', async () => {
    const query = `${JOINED} | where User endswith "contoso.com" and isnotempty(tostring(Details.place.ip))`
    const found = await captured(query, 'pepper')
    if ('failure' in found) throw new Error(found.failure)
    const text = JSON.stringify(found.tables)
    expect(text).not.toMatch(/user5|203\.0\.113\.33/)
    // What the query asks for is no secret.
    expect(found.tables['SignIns']?.[0]?.['User']).toMatch(/@contoso\.com$/)
    expect(found.tables['Changes']?.[0]?.['Target']).toBe(found.tables['SignIns']?.[0]?.['User'])
  })

  it('is none where the query has errors, or finds nothing', async () => {
    expect(await captured('SignIns | where Nothing == 1')).toMatchObject({ failure: 'errors' })
    expect(await captured('SignIns | where Code == 1')).toMatchObject({ failure: 'fires not' })
  })

  it('tells scans of the same columns of one table apart', async () => {
    const query = `SignIns | where Code == 50126 | project User, Code
| join kind=inner (SignIns | where Code == 0 | project User, Code) on User | summarize n = count()
| where n > 0`
    const found = await captured(query)
    if ('failure' in found) throw new Error(found.failure)
    const codes = found.tables['SignIns']?.map(row => row['Code'])
    // A null code equals 0 to nobody, so both are needed.
    expect(codes?.toSorted()).toEqual([0, 50126])
  })
})
