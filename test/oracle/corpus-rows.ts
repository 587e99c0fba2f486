import type { TableDescription } from '../../src/api/table-input.ts'
import type { Catalog } from '../../src/tables/catalog.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'

/** Rows that a table is given at most, and tables that are given rows at most. */
const ROWS = 12
const TABLES = 12

const HOUR = 3_600_000
const EVERYDAY = [
  'ann@contoso.example',
  '10.0.0.7',
  '203.0.113.9',
  'Success',
  '0',
  'C:\\Windows\\System32\\cmd.exe',
  '{"a":[{"b":"c"}]}',
  '',
]

/**
 * Data for the tables that a query reads: values of the columns' types, many of them the literals of
 * the query, so that its predicates are true of some. The same query gets the same data each time.
 */
export function rowsFor(
  query: string,
  tables: readonly string[],
  catalog: Catalog,
  now: Date,
): Record<string, TableDescription> {
  const random = new Random(query)
  const values = new Values(query, random, now)
  return Object.fromEntries(
    tables.slice(0, TABLES).map(name => {
      const schema = catalog.schemaOf(name) ?? []
      const rows = Array.from({ length: ROWS }, () =>
        Object.fromEntries(schema.map(column => [column.name, values.of(column.type)])),
      )
      return [name, { rows, schema: Object.fromEntries(schema.map(c => [c.name, c.type])) }]
    }),
  )
}

class Values {
  readonly #random: Random
  readonly #now: Date
  readonly #texts: readonly string[]
  readonly #numbers: readonly number[]
  readonly #names: readonly string[]

  constructor(query: string, random: Random, now: Date) {
    this.#random = random
    this.#now = now
    const literals = [...query.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g)]
    this.#texts = literals.map(([, double, single]) => double ?? single ?? '')
    this.#numbers = [...query.matchAll(/\b\d{1,6}\b/g)].map(([text]) => Number(text))
    const members = [...query.matchAll(/\.\s*([A-Za-z_]\w*)|\[\s*["']([^"'\]]+)["']\s*\]/g)]
    this.#names = members.map(([, dotted, quoted]) => dotted ?? quoted ?? '')
  }

  of(type: ScalarType): unknown {
    const random = this.#random
    if (random.below(12) === 0) return null
    switch (type) {
      case 'string':
        return this.#text()
      case 'bool':
        return random.below(2) === 0
      case 'int':
      case 'long':
        return random.of([...this.#numbers, 0, 1, 7])
      case 'real':
      case 'decimal':
        return random.of([...this.#numbers, 0.5, -3])
      case 'datetime': {
        const hours = random.of([1, 1, 24, 24 * 20])
        return new Date(this.#now.getTime() - random.below(hours * HOUR)).toISOString()
      }
      case 'timespan':
        return random.of(['00:00:01', '1.02:03:04.5', '-00:30:00'])
      case 'guid':
        return `7d1c2f5e-0000-4000-8000-${String(random.below(3)).padStart(12, '0')}`
      case 'dynamic':
        return this.#dynamic(3)
    }
  }

  #text(): string {
    const random = this.#random
    const text = random.of([...this.#texts, ...EVERYDAY])
    if (random.below(4) > 0) return text
    return random.of([
      `${text} ${random.of([...this.#texts, 'x'])}`,
      `x/${text}`,
      text.toUpperCase(),
      JSON.stringify(this.#dynamic(2)),
    ])
  }

  #dynamic(depth: number): unknown {
    const random = this.#random
    const choice = depth === 0 ? random.below(3) : random.below(8)
    if (choice === 0) return random.of([...this.#numbers, 1.5])
    if (choice <= 2) return random.below(6) === 0 ? null : this.#text()
    if (choice <= 4) {
      return Array.from({ length: random.below(4) }, () => this.#dynamic(depth - 1))
    }
    const names = Array.from({ length: random.below(6) }, () =>
      random.of([...this.#names, 'Name', 'Value', 'id']),
    )
    return Object.fromEntries(names.map(name => [name, this.#dynamic(depth - 1)]))
  }
}

/** A small generator of numbers, seeded by a text. */
class Random {
  #state = 2166136261

  constructor(seed: string) {
    for (const unit of seed) {
      this.#state = Math.imul(this.#state ^ (unit.codePointAt(0) ?? 0), 16777619) >>> 0
    }
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * limit)
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('there is nothing to choose from')
    return item
  }
}
