import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare, query } from '../../src/index.ts'
import { loadRule } from '../../src/rules/load-rule.ts'

const RULES = join(import.meta.dirname, '../../rules')

interface Repair {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

interface NearMiss {
  readonly id: string
  readonly table: string
  readonly itemId: string
  readonly recordId: string
  readonly predicate: string
  readonly repair: Repair
  readonly envelopeRepair: Repair
  readonly addsRows: readonly (readonly unknown[])[]
}

interface Expected {
  readonly now: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

type Json = { [key: string]: Json } & Json[]

/** A shape of the logs: how an event of a near miss is found in it, and what repairs it. */
interface Shape {
  readonly folder: string
  readonly file: (table: string) => string
  readonly isEvent: (record: Json, miss: NearMiss) => boolean
  readonly repair: (miss: NearMiss) => Repair
}

const SHAPES: readonly Shape[] = [
  {
    folder: 'log-analytics',
    file: table => `${table}.ndjson`,
    isEvent: (record, miss) => String(record._ItemId) === miss.itemId,
    repair: miss => miss.repair,
  },
  {
    folder: 'diagnostic-settings',
    file: table => `${table.replace(/^AAD/, '')}.ndjson`,
    isEvent: (record, miss) => String(record.properties?.id) === miss.recordId,
    repair: miss => miss.envelopeRepair,
  },
]

function parse<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T
}

/** The lines of a file with one field of one event set; everything else byte for byte. */
function repaired(text: string, shape: Shape, miss: NearMiss): string {
  const lines = text.split('\n')
  const at = lines.flatMap((line, index) => {
    return line !== '' && shape.isEvent(JSON.parse(line) as Json, miss) ? [index] : []
  })
  expect(at, `one event is that of ${miss.id}`).toHaveLength(1)
  const [index] = at as [number]
  const record = JSON.parse(lines[index] as string) as Json
  const { path, value } = shape.repair(miss)
  const parent = path.slice(0, -1).reduce<Json>((node, key) => node[key as never] as Json, record)
  const last = path.at(-1) as never
  expect(parent[last], `${miss.id} is not repaired yet`).not.toEqual(value)
  parent[last] = value as never
  lines[index] = JSON.stringify(record)
  return lines.join('\n')
}

/** The rows with those added, in the order of the rule: newest first, by the first column. */
function withRows(
  rows: readonly (readonly unknown[])[],
  added: readonly (readonly unknown[])[],
): (readonly unknown[])[] {
  return [...rows, ...added].sort((a, b) => (String(a[0]) < String(b[0]) ? 1 : -1))
}

const slugs = readdirSync(RULES, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

it('there are two bundled rules', () => {
  expect(slugs).toHaveLength(2)
})

describe.each(slugs)('%s', slug => {
  const folder = join(RULES, slug)
  const { rule, diagnostics } = loadRule(readFileSync(join(folder, `${slug}.yaml`), 'utf8'))
  const expected = parse<Expected>(join(folder, 'expected.json'))
  const misses = parse<NearMiss[]>(join(folder, 'near-misses.json'))
  const text = rule?.query.text ?? ''
  let temporary: string

  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'kqlab-rules-'))
  })
  afterAll(() => {
    rmSync(temporary, { recursive: true, force: true })
  })

  it('is a rule without a fault', () => {
    expect(diagnostics).toEqual([])
    expect(text).not.toBe('')
  })

  describe.each(SHAPES)('over $folder', shape => {
    const logs = join(folder, 'fixtures', shape.folder)

    /** The tables of the folder, with the file of a near miss in place of its own. */
    function tables(replaced?: { table: string; path: string }): Record<string, string> {
      const paths = prepare(text).tables.map(table => [table, join(logs, shape.file(table))])
      if (replaced !== undefined) paths.push([replaced.table, replaced.path])
      return Object.fromEntries(paths)
    }

    it('gives exactly the expected rows', async () => {
      const result = await query(text, { tables: tables(), now: expected.now, strict: true })
      expect(result.columns).toEqual(expected.columns)
      expect(result.rows()).toEqual(expected.rows)
      expect(result.rowCount).toBeGreaterThan(0)
    })

    it.each(misses)('$id: the repair of its one field adds its row', async miss => {
      const name = shape.file(miss.table)
      const path = join(temporary, `${shape.folder}-${miss.id}-${basename(name)}`)
      writeFileSync(path, repaired(readFileSync(join(logs, name), 'utf8'), shape, miss))
      const replaced = tables({ table: miss.table, path })
      const result = await query(text, { tables: replaced, now: expected.now, strict: true })
      expect(miss.addsRows.length).toBeGreaterThan(0)
      expect(result.rows()).toEqual(withRows(expected.rows, miss.addsRows))
    })
  })

  it('has a near miss for every predicate of the query', () => {
    const lines = text.split('\n').map(line => line.trim().replaceAll(/\s+/g, ' '))
    const predicates = lines.filter(line => /^(\| where|and|or) /.test(line))
    expect(predicates.length).toBeGreaterThan(0)
    const named = misses.map(({ predicate }) => predicate.replace('(...)', ''))
    for (const line of predicates) {
      const words = line.replace('| ', '')
      const found = named.some(predicate => predicate.includes(words) || words.includes(predicate))
      expect(found, `a near miss fails: ${words}`).toBe(true)
    }
  })
})
