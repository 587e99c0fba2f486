import type { CallSyntax, ExpressionSyntax } from '../../parser/syntax.ts'
import { type Column, findColumn } from '../../types/schema.ts'
import type { JoinColumn, Plan } from '../plan/nodes.ts'
import type { Binder } from './context.ts'
import { didYouMean } from './suggest.ts'
import type { KnownEnrichment } from './workspace.ts'

/**
 * `invoke FileProfile(SHA1, 1000)`: the rows with the columns of a table that the workspace has under
 * the function's name, where the column equals the table's key of that name; null where the table has
 * no such row. Columns that the rows have already stay theirs. All rows are enriched, whatever the
 * limit, which says how many the service looks up.
 *
 * @see https://learn.microsoft.com/defender-xdr/advanced-hunting-fileprofile-function
 */
export function bindEnrichment(
  binder: Binder,
  { table, schema, keys }: KnownEnrichment,
  call: CallSyntax,
  input: Plan,
): Plan {
  const { span } = call
  const { name } = call.callee
  const [by, limit] = call.arguments
  if (call.arguments.length > 2) {
    return binder.failTabular('KS119', `${name} takes a column, and a limit.`, span)
  }
  if (limit !== undefined) binder.constant(limit, 'long')
  const given = by === undefined ? undefined : columnName(by)
  if (by !== undefined && given === undefined) {
    return binder.failTabular('KS109', 'The name of a column is expected.', by.span)
  }
  const column = given ?? keys.find(key => findColumn(input.schema, key) !== undefined) ?? keys[0]
  const left = column === undefined ? undefined : findColumn(input.schema, column)
  if (column === undefined || left === undefined) {
    const message = `The rows have no column \`${column ?? ''}\`.`
    const names = input.schema.map(item => item.name)
    return binder.failTabular('KS142', message, by?.span ?? span, didYouMean(column ?? '', names))
  }
  const key = keys.find(each => column === each) ?? keys.find(each => column.endsWith(each))
  const right = key === undefined ? undefined : findColumn(schema, key)
  if (right === undefined || right.type !== left.type) {
    const message = `${name} has no key for \`${column}\`: it is looked up by ${keys.join(', ')}.`
    return binder.failTabular('KS128', message, by?.span ?? span)
  }
  const added = schema.filter(item => findColumn(input.schema, item.name) === undefined)
  const scan: Plan = {
    kind: 'scan',
    table,
    columns: schema.map(item => ({ ...item, column: item.name })),
    schema,
    span,
  }
  const columns: JoinColumn[] = [
    ...input.schema.map(item => ({ name: item.name, side: 'left' as const, column: item.name })),
    ...added.map(item => ({ name: item.name, side: 'right' as const, column: item.name })),
  ]
  return {
    kind: 'join',
    joinKind: 'leftouter',
    left: input,
    right: withKey(binder, scan, right),
    keys: [
      {
        left: { kind: 'column', type: left.type, name: left.name, span },
        right: { kind: 'column', type: right.type, name: right.name, span },
      },
    ],
    columns,
    schema: [...input.schema, ...added],
    span,
  }
}

/** The rows that have the key: an empty text is none. */
function withKey(binder: Binder, input: Plan, { name, type }: Column): Plan {
  const { span, schema } = input
  const key = { kind: 'column', type, name, span } as const
  return { kind: 'where', input, predicate: binder.call('isnotempty', [key], span), schema, span }
}

/** `SHA1` or `"SHA1"`: both are in use. */
function columnName(syntax: ExpressionSyntax): string | undefined {
  if (syntax.kind === 'name') return syntax.name
  return syntax.kind === 'literal' && typeof syntax.value === 'string' ? syntax.value : undefined
}
