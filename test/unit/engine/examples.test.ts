import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { everyFunction } from '../../../src/engine/functions/library.ts'
import { PLUGINS } from '../../../src/engine/operators/plugins/registry.ts'
import { OPERATORS } from '../../../src/engine/operators/registry.ts'
import { query } from '../../../src/index.ts'

interface Declaration {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly doc: string
  readonly examples: readonly {
    readonly query: string
    readonly rows: readonly Readonly<Record<string, unknown>>[]
  }[]
}

const OPERATOR_LIST: Declaration[] = Object.values(OPERATORS).filter(
  operator => operator !== OPERATORS.unsupported,
)

/** Whether the order of the query's rows is a promise of the language. */
function isSorted(text: string): boolean {
  return /\b(sort|order)\s+by\b|\btop\s+\d/.test(text)
}

function byText(rows: readonly unknown[]): unknown[] {
  return rows.toSorted((a, b) => (inspect(a) < inspect(b) ? -1 : 1))
}

function inspect(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' || typeof item === 'number' ? String(item) : item,
  )
}

async function check(example: Declaration['examples'][number]): Promise<void> {
  const result = await query(example.query, { now: '2026-01-01T00:00:00Z', geoip: 'none' })
  const [rows, expected] = [result.toObjects(), example.rows]
  if (isSorted(example.query)) expect(rows).toEqual(expected)
  else expect(byText(rows)).toEqual(byText(expected))
  for (const row of rows) expect(Object.keys(row)).toEqual(Object.keys(expected[0] ?? {}))
}

for (const [what, declarations] of [
  ['function', everyFunction()],
  ['operator', OPERATOR_LIST],
  ['plugin', PLUGINS],
] as const) {
  describe(`each ${what}`, () => {
    for (const { name, doc, examples } of declarations) {
      describe(name, () => {
        it('has a sentence and an example', () => {
          expect(doc).toMatch(/^\S.*\.$/s)
          // What only the binder calls, a query cannot show.
          if (!name.startsWith('$')) expect(examples.length).toBeGreaterThan(0)
        })
        for (const example of examples) it(example.query, () => check(example))
      })
    }
  })
}

describe('the library', () => {
  for (const kind of ['scalar', 'aggregate', 'window'] as const) {
    const folder = new URL(`../../../src/engine/functions/${kind}/`, import.meta.url)
    it(`has every ${kind} function that a file of the folder declares`, async () => {
      const files = readdirSync(folder).filter(file => file.endsWith('.ts'))
      expect(files.length).toBeGreaterThan(0)
      for (const file of files) {
        const family: Record<string, unknown> = await import(new URL(file, folder).href)
        for (const [name, value] of Object.entries(family)) {
          if (!isFunction(value, kind)) continue
          expect(
            everyFunction().includes(value),
            `${name} of ${kind}/${file} is in library.ts`,
          ).toBe(true)
        }
      }
    })
  }
})

function isFunction(
  value: unknown,
  kind: string,
): value is ReturnType<typeof everyFunction>[number] {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}
