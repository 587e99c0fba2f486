import type { ScalarType } from '../../types/scalar-type.ts'
import { scalarTypeOf } from '../../types/scalar-type.ts'
import type { RecordColumn } from '../json/record-columns.ts'

/** A column of records that are arrays. */
export interface TabularColumn {
  readonly name: string
  /** Its position in the record. */
  readonly index: number
  /** Its type, where the file tells. */
  readonly type?: ScalarType
  /** The zone that the portal wrote behind the name of a column of times, UTC or other. */
  readonly zone?: string
  /** Whether later columns have its name too, which are left out. */
  readonly repeated?: true
}

/** The types of .NET, as Kusto's and Defender's responses name them. */
const NET_TYPES: Readonly<Record<string, ScalarType>> = {
  sbyte: 'bool',
  boolean: 'bool',
  byte: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  single: 'real',
  double: 'real',
  decimal: 'decimal',
  sqldecimal: 'decimal',
  datetime: 'datetime',
  timespan: 'timespan',
  string: 'string',
  guid: 'guid',
  object: 'dynamic',
}

/** The scalar type that a response declares, by its name in KQL or .NET; undefined: not known. */
export function declaredType(name: string): ScalarType | undefined {
  const plain = name.replace(/^System\.(Data\.SqlTypes\.)?/, '')
  const lower = plain.toLowerCase()
  return scalarTypeOf(plain) ?? (Object.hasOwn(NET_TYPES, lower) ? NET_TYPES[lower] : undefined)
}

/** The columns of the names of a header; of a name that occurs twice, the first. */
export function tabularColumns(
  names: readonly string[],
  types: readonly string[] = [],
): TabularColumn[] {
  const columns: TabularColumn[] = []
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const [index, written] of names.entries()) {
    const [, name = written, zone] = /^(.+) \[([^\]]+)\]$/.exec(written.trim()) ?? []
    const trimmed = name.trim()
    if (trimmed === '') continue
    if (seen.has(trimmed)) {
      repeated.add(trimmed)
      continue
    }
    seen.add(trimmed)
    const type = zone === undefined ? declaredType(types[index] ?? '') : 'datetime'
    columns.push({
      name: trimmed,
      index,
      ...(type === undefined ? {} : { type }),
      ...(zone === undefined ? {} : { zone }),
    })
  }
  return columns.map(column => (repeated.has(column.name) ? { ...column, repeated: true } : column))
}

/** The name of a column without the type that a union of tables puts behind it. */
export function withoutTypeSuffix(name: string): string {
  const underscore = name.lastIndexOf('_')
  return underscore > 0 && scalarTypeOf(name.slice(underscore + 1)) !== undefined
    ? name.slice(0, underscore)
    : name
}

/**
 * Columns by name as columns by position in records that are arrays. With `coalesce`, a column that
 * is missing is filled from those that have its name and a type behind it.
 */
export function inTabular(
  columns: readonly RecordColumn[],
  tabular: readonly TabularColumn[],
  coalesce: boolean,
): RecordColumn[] {
  const positions = new Map<string, number[]>(tabular.map(({ name, index }) => [name, [index]]))
  if (coalesce) {
    for (const { name, index } of tabular) {
      const plain = withoutTypeSuffix(name)
      if (plain === name || tabular.some(column => column.name === plain)) continue
      positions.set(plain, [...(positions.get(plain) ?? []), index])
    }
  }
  return columns.map(column => ({
    ...column,
    candidates: column.candidates.flatMap(path =>
      (positions.get(String(path[0])) ?? []).map(index => [index, ...path.slice(1)]),
    ),
  }))
}
