import type { Example } from '../../src/engine/functions/declare.ts'
import { compileQuery } from '../../src/engine/query.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import { block, code, plain, table } from './markdown.ts'

const catalog = Catalog.builtin()

/** A query and the rows that it gives. */
export function exampleText({ query, rows }: Example): string {
  const { bound, late } = compileQuery(query, { catalog })
  if (bound === undefined) throw new Error(`an example has errors: ${query}`)
  const text = block('kusto', query)
  if (rows.length === 0) return `${text}\n\nNo rows.`
  // Of columns that only the data tell, the rows have the names.
  const names = late.length > 0 ? Object.keys(rows[0] ?? {}) : bound.schema.map(({ name }) => name)
  const types = new Map(bound.schema.map(({ name, type }) => [name, type]))
  const header = names.map(name => {
    const type = late.length > 0 ? undefined : types.get(name)
    return type === undefined ? plain(name) : `${plain(name)}: ${type}`
  })
  const cells = rows.map(row => names.map(name => cellOf(row[name])))
  return `${text}\n\n${table(header, cells)}`
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '*null*'
  if (value === '') return '*empty*'
  if (typeof value === 'string') return code(value)
  return code(typeof value === 'object' ? jsonOf(value) : String(value))
}

function jsonOf(value: object): string {
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item))
}
