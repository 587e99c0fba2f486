import { SCALAR_TYPES, type ScalarType } from '../types/scalar-type.ts'
import type { Column, Schema } from '../types/schema.ts'
import { CodedTables } from './coded-tables.ts'
import { schemaText } from './schema-text.ts'

/** The letter for each type in builtin-schemas.json. */
export const TYPE_LETTERS = {
  b: 'bool',
  i: 'int',
  l: 'long',
  r: 'real',
  c: 'decimal',
  d: 'datetime',
  t: 'timespan',
  s: 'string',
  g: 'guid',
  y: 'dynamic',
} as const satisfies Record<string, ScalarType>

const BUILTIN = new CodedTables(schemaText)
const NONE = new CodedTables(() => '')

/** Columns by name, in order, or as a schema. */
export type TableColumns = Schema | Readonly<Record<string, ScalarType>>

let builtin: Catalog | undefined

/** The schemas of the tables that queries may name. It does not change. */
export class Catalog {
  readonly #coded: CodedTables
  readonly #schemas: Map<string, Schema>
  /** What of the map was added, in order, rather than decoded. */
  readonly #added: readonly string[]

  /**
   * The tables of `base`, or else the built-in ones, with these tables too, each in place of the one
   * of the same name.
   * @throws TypeError where a column's type is none of KQL, or two columns of a table share a name.
   */
  constructor(tables: Readonly<Record<string, TableColumns>> = {}, base?: Catalog | 'empty') {
    const added = new Map<string, Schema>()
    if (base instanceof Catalog) {
      this.#coded = base.#coded
      for (const name of base.#added) added.set(name, base.#schemas.get(name)!)
    } else {
      this.#coded = base === 'empty' ? NONE : BUILTIN
    }
    for (const [name, columns] of Object.entries(tables)) added.set(name, toSchema(name, columns))
    this.#schemas = added
    this.#added = [...added.keys()]
  }

  /** The tables of Log Analytics, Microsoft Sentinel and Defender XDR. */
  static builtin(): Catalog {
    builtin ??= new Catalog()
    return builtin
  }

  /** A catalog without tables. */
  static empty(): Catalog {
    return new Catalog({}, 'empty')
  }

  /** Whether there is a table of that name. Names are case-sensitive. */
  has(name: string): boolean {
    return this.#schemas.has(name) || this.#coded.find(name) !== undefined
  }

  /** The columns of the table of that name, in order; undefined when there is none. */
  schemaOf(name: string): Schema | undefined {
    const known = this.#schemas.get(name)
    if (known !== undefined) return known
    const coded = this.#coded.find(name)
    if (coded === undefined) return undefined
    const schema = decode(coded)
    this.#schemas.set(name, schema)
    return schema
  }

  /** The names of all tables: the built-in ones by name, then the added ones that are new. */
  names(): string[] {
    const added = this.#added.filter(name => this.#coded.find(name) === undefined)
    return [...this.#coded.names(), ...added]
  }

  /**
   * The catalog with these tables too, each in place of the one of the same name.
   * @throws TypeError where a column's type is none of KQL, or two columns of a table share a name.
   */
  with(tables: Readonly<Record<string, TableColumns>>): Catalog {
    return new Catalog(tables, this)
  }
}

function decode(coded: string): Schema {
  return coded.split(',').map(column => {
    const colon = column.length - 2
    const letter = column[colon + 1] as keyof typeof TYPE_LETTERS
    return { name: column.slice(0, colon), type: TYPE_LETTERS[letter] }
  })
}

function toSchema(table: string, columns: TableColumns): readonly Column[] {
  const schema = isSchema(columns)
    ? columns.map(({ name, type }) => ({ name, type }))
    : Object.entries(columns).map(([name, type]) => ({ name, type }))
  const names = new Set<string>()
  for (const { name, type } of schema) {
    if (!SCALAR_TYPES.includes(type)) {
      throw new TypeError(`Column ${name} of table ${table} has no type of KQL: ${String(type)}.`)
    }
    if (names.has(name)) throw new TypeError(`Table ${table} has two columns named ${name}.`)
    names.add(name)
  }
  return schema
}

function isSchema(columns: TableColumns): columns is Schema {
  return Array.isArray(columns)
}
