/**
 * Makes src/tables/builtin-schemas.json of the table schemas in `../shared/schemas`: the tables of
 * all-tables.json, of which those in tables.json are replaced by theirs. One line a table, its
 * columns in order as `name:letter`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TYPE_LETTERS } from '../src/tables/catalog.ts'
import type { ScalarType } from '../src/types/scalar-type.ts'

type Tables = Record<string, Record<string, ScalarType>>

const root = fileURLToPath(new URL('..', import.meta.url))

const read = (name: string): Tables =>
  JSON.parse(readFileSync(`${root}../shared/schemas/${name}`, 'utf8'))

const letters = new Map(Object.entries(TYPE_LETTERS).map(([letter, type]) => [type, letter]))

const lines = Object.entries({ ...read('all-tables.json'), ...read('tables.json') })
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([table, columns]) => {
    const coded = Object.entries(columns).map(([column, type]) => {
      const letter = letters.get(type)
      if (letter === undefined || /[,:]/.test(column)) {
        throw new Error(`${table}.${column} of type ${type} has no code`)
      }
      return `${column}:${letter}`
    })
    return `${JSON.stringify(table)}:${JSON.stringify(coded.join(','))}`
  })

writeFileSync(`${root}src/tables/builtin-schemas.json`, `{\n${lines.join(',\n')}\n}\n`)
console.log(`${lines.length} tables`)
