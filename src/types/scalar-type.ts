/**
 * The scalar types of KQL, in the order of their documentation.
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/
 */
export const SCALAR_TYPES = [
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'datetime',
  'timespan',
  'string',
  'guid',
  'dynamic',
] as const

/** A scalar type of KQL. */
export type ScalarType = (typeof SCALAR_TYPES)[number]

const ALIASES: ReadonlyMap<string, ScalarType> = new Map([
  ...SCALAR_TYPES.map(type => [type, type] as const),
  ['boolean', 'bool'],
  ['int32', 'int'],
  ['int64', 'long'],
  ['double', 'real'],
  ['float', 'real'],
  ['date', 'datetime'],
  ['time', 'timespan'],
  ['uuid', 'guid'],
  ['uniqueid', 'guid'],
])

/** The scalar type that a type name of KQL stands for, aliases included; undefined when it is none. */
export function scalarTypeOf(name: string): ScalarType | undefined {
  return ALIASES.get(name.toLowerCase())
}

/** Whether the type is int, long, real or decimal. */
export function isNumeric(type: ScalarType): type is 'int' | 'long' | 'real' | 'decimal' {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal'
}
