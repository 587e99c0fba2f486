import type { ScalarType } from './scalar-type.ts'

/** A column of a table or of a result: its name and its type. */
export interface Column {
  readonly name: string
  readonly type: ScalarType
}

/** The columns of a table or of a result, in order. Names are unique. */
export type Schema = readonly Column[]

/** The position of the column of that name; -1 when there is none. Names are case-sensitive. */
export function indexOfColumn(schema: Schema, name: string): number {
  return schema.findIndex(column => column.name === name)
}

/** The column of that name, or undefined. Names are case-sensitive. */
export function findColumn(schema: Schema, name: string): Column | undefined {
  return schema.find(column => column.name === name)
}
