import type { ParsedColumn, ParseMethod } from './nodes.ts'

/** The columns that taking a text apart gives, in order. */
export function parsedColumns(method: ParseMethod): readonly ParsedColumn[] {
  if (method.kind === 'key-value') return method.keys
  return method.pattern.flatMap(part =>
    part.kind === 'column' ? [{ name: part.name, type: part.type }] : [],
  )
}
