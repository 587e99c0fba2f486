import type { ExpressionSyntax } from '../../parser/syntax.ts'
import type { Schema } from '../../types/schema.ts'
import { projectOf, readColumn, wildcardRegex } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/project-by-names-operator */
export const projectByNames = operator('project-by-names', {
  name: 'project-by-names',
  doc:
    'Keeps the columns whose names are given as constant strings, patterns with * among them, or as ' +
    'arrays of such, in that order. A name that no column has is passed over.',
  examples: [
    {
      query: 'print a = 1, b = 2, ab = 3 | project-by-names "b", dynamic(["a*", "c"])',
      rows: [{ b: 2, a: 1, ab: 3 }],
    },
  ],
  bind(node, input, binder) {
    const patterns: string[] = []
    for (const syntax of node.names) {
      const names = namesOf(binder, syntax, input.schema)
      if (names === undefined) return binder.failedPlan(node.span)
      patterns.push(...names)
    }
    const chosen = new Set(patterns.flatMap(pattern => matching(pattern, input.schema)))
    const columns = [...chosen].map(column => ({
      name: column.name,
      expr: readColumn(binder, column, node.span),
    }))
    return projectOf(binder, input, columns, node.span)
  },
})

function matching(pattern: string, schema: Schema): Schema {
  if (!pattern.includes('*')) return schema.filter(({ name }) => name === pattern)
  const regex = wildcardRegex(pattern)
  return schema.filter(({ name }) => regex.test(name))
}

/** The names that a constant gives; undefined after a fault. */
function namesOf(binder: Binder, syntax: ExpressionSyntax, schema: Schema): string[] | undefined {
  const expr = binder.scalar(syntax, { schema })
  if (binder.isFailed(expr)) return undefined
  const value = expr.kind === 'literal' ? expr.value : undefined
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value
  binder.fail('KS120', 'A constant string, or an array of strings, is expected.', syntax.span)
  return undefined
}
