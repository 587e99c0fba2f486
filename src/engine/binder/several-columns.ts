import type { CallSyntax, NamedExpressionSyntax } from '../../parser/syntax.ts'
import type { Schema } from '../../types/schema.ts'
import type { ScalarFunction } from '../functions/declare.ts'
import type { Expr, NamedExpr } from '../plan/nodes.ts'
import type { Binder } from './context.ts'
import { type ColumnNames, resultName } from './naming.ts'
import type { Rows, SeveralCollector } from './rows.ts'

/** A call of a function that gives several columns. */
export interface SeveralCall {
  readonly syntax: CallSyntax
  readonly declaration: ScalarFunction
  readonly columns: NonNullable<ScalarFunction['columns']>
}

/** The expression as such a call; undefined where it is none. */
export function severalCall(
  binder: Binder,
  syntax: NamedExpressionSyntax['expression'],
): SeveralCall | undefined {
  if (syntax.kind !== 'call' || syntax.target !== undefined) return undefined
  const { name } = syntax.callee
  if (binder.scope.lookup(name)?.kind === 'function') return undefined
  const declaration = binder.library.scalar(name)
  if (declaration?.columns === undefined) return undefined
  return { syntax, declaration, columns: declaration.columns }
}

/** The values of the call, each with the name of its own that it has where none is written. */
export function bindSeveral(
  binder: Binder,
  { syntax, declaration, columns }: SeveralCall,
  rows: Rows,
  collector: SeveralCollector,
): NamedExpr[] {
  const { span } = syntax
  const args = syntax.arguments.map(argument => binder.scalar(argument, rows))
  const call = binder.call(declaration.name, args, span)
  const column = binder.isFailed(call) ? undefined : collector.add(call)
  const [first] = syntax.arguments
  const argument = (first && resultName(first, binder.library)) ?? ''
  return columns.map(({ name, type }, index) => ({
    name: `${declaration.name}_${argument}_${name}`,
    expr: column === undefined ? binder.failed(span) : entryOf(binder, column, index, type),
  }))
}

function entryOf(binder: Binder, column: Expr, index: number, type: Schema[number]['type']): Expr {
  const { span } = column
  const value = { kind: 'path', type: 'dynamic', target: column, steps: [index], span } as const
  return binder.convert(value, type)
}

/**
 * Gives the values names: the written ones first, then their own. Of an extended row only those with
 * a written name are columns, where there is any.
 */
export function namedValues(
  binder: Binder,
  syntax: NamedExpressionSyntax,
  values: readonly NamedExpr[],
  rest: 'kept' | 'dropped',
  own: (name: string) => string,
  declare: (name: NamedExpressionSyntax['names'][number]) => string,
): (NamedExpr & { readonly explicit: boolean })[] {
  const { names } = syntax
  const surplus = names[values.length]
  if (surplus !== undefined) {
    const message = `There are ${names.length} names for ${values.length} values.`
    binder.fail('KS150', message, surplus.span)
  }
  const kept = names.length > 0 && rest === 'dropped' ? values.slice(0, names.length) : values
  return kept.map(({ name, expr }, index) => {
    const written = names[index]
    return written === undefined
      ? { name: own(name), expr, explicit: false }
      : { name: declare(written), expr, explicit: true }
  })
}

/** The name, numbered until neither the result nor the input has it. */
export function nameBeside(names: ColumnNames, input: Schema, name: string): string {
  const taken = new Set(input.map(column => column.name))
  let candidate = name
  for (let n = 1; taken.has(candidate) || !names.claim(candidate); n++) candidate = `${name}${n}`
  return candidate
}
