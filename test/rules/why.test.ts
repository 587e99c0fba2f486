import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainRows, type RowExplanation } from '../../src/index.ts'
import { loadRule } from '../../src/rules/load-rule.ts'
import { SourceText } from '../../src/text/source-text.ts'
import { WHY_CASES } from './why-cases.ts'

const RULES = join(import.meta.dirname, '../../rules')
const SLUGS = readdirSync(RULES, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)

function read(...path: readonly string[]): string {
  return readFileSync(join(RULES, ...path), 'utf8')
}

const fixtures = (slug: string) => join(RULES, slug, 'fixtures/log-analytics')

function tablesOf(slug: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(fixtures(slug)).map(file => [file.split('.')[0], join(fixtures(slug), file)]),
  )
}

function follow(slug: string, table: string, rows: readonly number[]): Promise<RowExplanation[]> {
  const { rule } = loadRule(read(slug, `${slug}.yaml`))
  const { now } = JSON.parse(read(slug, 'expected.json'))
  const options = { tables: tablesOf(slug), table, rows, now, limit: rows.length }
  return explainRows(rule?.query.text ?? '', options).then(found => [...found.rows])
}

/** The place in the file of the rule, where the query starts behind an indentation of two. */
function inFile(slug: string, { line, column }: { line: number; column: number }): string {
  const lines = read(slug, `${slug}.yaml`).split('\n')
  return `${line + lines.indexOf('query: |') + 1}:${column + 2}`
}

describe('where events of the bundled logs end, as it was written by hand', () => {
  it.each(WHY_CASES)('$rule, row $row of $table', async ({ rule, table, row, place, message }) => {
    const slug = SLUGS.find(each => each.startsWith(rule)) ?? ''
    const [explanation] = await follow(slug, table, [row])
    expect(explanation?.outcome).toBe('dropped')
    const end = explanation?.paths[0]?.end
    expect(end?.message).toBe(message)
    expect(end && inFile(slug, end.place)).toBe(place)
  })
})

interface NearMiss {
  readonly id: string
  readonly table: string
  readonly itemId: string
  readonly predicate: string
}

describe.each(SLUGS)('near misses of %s', slug => {
  const misses = JSON.parse(read(slug, 'near-misses.json')) as NearMiss[]
  const rowOf = ({ table, itemId }: NearMiss): number => {
    const records = read(slug, 'fixtures/log-analytics', `${table}.ndjson`).trim().split('\n')
    return records.findIndex(record => JSON.parse(record)._ItemId === itemId) + 1
  }
  const text = loadRule(read(slug, `${slug}.yaml`)).rule?.query.text ?? ''

  /** What the predicate of a near miss and the query's line have in common. */
  const core = (line: string): string =>
    line
      .replace(/^[A-Za-z]+: /, '')
      .replace(/^\|\s*/, '')
      .replace(/^(?:where|and|or)\s+/, '')
      .replaceAll(/\s+/g, ' ')

  /** A list over several lines is named by its first. */
  const isSame = (line: string, wanted: string) => line.startsWith(wanted) || wanted.includes(line)

  it.each(misses)('$id ends at its predicate', async miss => {
    const [explanation] = await follow(slug, miss.table, [rowOf(miss)])
    const end = explanation?.paths[0]?.end
    expect(explanation?.outcome).toBe('dropped')
    const { source, span } = end?.place ?? {
      source: new SourceText(''),
      span: { start: 0, end: 0 },
    }
    const at = source.positionAt(span.start).line
    const lines = [at, source.positionAt(span.end).line].map(line => source.lineText(line).trim())
    const wanted = core(miss.predicate)
    // mv-expand makes a row of a list that is missing, which the condition after it leaves out.
    const expanded = miss.predicate.startsWith('mv-expand') && end?.kind === 'dropped'
    if (expanded && end.reason === 'condition') {
      expect(end.parts[0]?.operands.map(({ text: name }) => name)).toEqual([
        'tostring(ModProp.newValue)',
        'tostring(ModProp.displayName)',
      ])
    } else {
      expect(lines.map(core).find(line => line !== '' && isSame(line, wanted))).toBeDefined()
    }
    expect(source.text).toBe(text)
  })
})

describe.each(SLUGS)('events that the rule %s finds', slug => {
  it('reach its rows, all of them and each as often as it is there', async () => {
    const { rows } = JSON.parse(read(slug, 'expected.json')) as { rows: unknown[][] }
    const [table = ''] = Object.keys(tablesOf(slug)).sort()
    const count = read(slug, 'fixtures/log-analytics', `${table}.ndjson`).trim().split('\n').length
    const all = await follow(
      slug,
      table,
      Array.from({ length: count }, (_, index) => index + 1),
    )
    const reached = all.flatMap(({ paths, values }) =>
      paths.flatMap(({ end }) =>
        end.kind === 'result' ? end.rows.map(row => ({ row, time: values.TimeGenerated })) : [],
      ),
    )
    expect(reached.map(({ row }) => row).sort((a, b) => a - b)).toEqual(
      rows.map((_, index) => index + 1),
    )
    for (const { row, time } of reached) expect(rows[row - 1]?.[0]).toBe(time)
  })
})
