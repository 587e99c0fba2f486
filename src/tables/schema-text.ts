import builtinSchemas from './builtin-schemas.json' with { type: 'json' }

/**
 * The columns of the built-in tables, a line a table: a line break, its name, a tab, and the columns as
 * builtin-schemas.json has them. The build puts the text in place of this module, for Node as a file that
 * is read when it is first asked for.
 */
export function schemaText(): string {
  return Object.entries(builtinSchemas)
    .map(([table, columns]) => `\n${table}\t${columns}`)
    .join('')
}
