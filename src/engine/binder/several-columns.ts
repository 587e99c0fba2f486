import type { CallSyntax, NamedExpressionSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { Schema } from '../../types/schema.ts'
import { literal } from '../plan/expression.ts'
import type { Expr, NamedExpr } from '../plan/nodes.ts'
import type { Binder } from './context.ts'
import { type ColumnNames, SORTS, severalName, sortedName } from './naming.ts'
import type { Rows, SeveralCollector } from './rows.ts'

/** A call of a function that gives several columns. */
export interface SeveralCall {
  /** Their types, and the names that they have where none is written. */
  readonly columns: Schema
  /** Binds the call; its value is an array with a value for each column. */
  bind(): Expr
}

/** The expression as such a call; undefined where it is none. */
export function severalCall(
  binder: Binder,
  syntax: NamedExpressionSyntax['expression'],
  rows: Rows,
): SeveralCall | undefined {
  if (syntax.kind !== 'call' || syntax.target !== undefined) return undefined
  const { callee, span } = syntax
  if (binder.scope.lookup(callee.name)?.kind === 'function') return undefined
  const declaration = binder.library.scalar(callee.name)
  if (declaration === undefined) return undefined
  const { name, columns } = declaration
  if (columns === undefined) return SORTS.has(name) ? sortCall(binder, syntax, rows) : undefined
  return {
    columns: columns.map(column => ({
      ...column,
      name: severalName(syntax, column.name, binder.library),
    })),
    bind() {
      const args = syntax.arguments.map(item => binder.scalar(item, rows))
      return binder.call(name, args, span)
    },
  }
}

/** The sort of several arrays, behind which a bool may stand. */
function sortCall(binder: Binder, syntax: CallSyntax, rows: Rows): SeveralCall | undefined {
  const { callee, arguments: items, span } = syntax
  // The last first: where it is a bool behind one array, nothing else is bound twice.
  const last = items.at(-1)
  if (last === undefined || items.length < 2) return undefined
  const end = binder.scalar(last, rows)
  const flag = end.type === 'bool' && !binder.isFailed(end) ? end : undefined
  if (flag !== undefined && items.length === 2) return undefined
  const args = items.slice(0, -1).map(item => binder.scalar(item, rows))
  if (flag === undefined) args.push(end)
  return {
    columns: items.slice(0, args.length).map((item, index) => ({
      name: sortedName(item, index, binder.library),
      type: 'dynamic',
    })),
    bind() {
      const nullsLast = flag ?? literal('bool', true, span)
      const label = `The function '${callee.name}'`
      return binder.call(`$${callee.name}`, [nullsLast, ...args], span, label)
    },
  }
}

/** The values of the call, each with the name of its own that it has where none is written. */
export function bindSeveral(
  binder: Binder,
  { columns, bind }: SeveralCall,
  span: Span,
  collector: SeveralCollector,
): NamedExpr[] {
  const call = bind()
  const column = binder.isFailed(call) ? undefined : collector.add(call)
  return columns.map(({ name, type }, index) => ({
    name,
    expr: column === undefined ? binder.failed(span) : entryOf(binder, column, index, type),
  }))
}

/** One of the columns of a call, taken by its position: `series_stats(x)[0]`. */
export function severalEntry(
  binder: Binder,
  syntax: NamedExpressionSyntax['expression'],
  rows: Rows,
): NamedExpr | undefined {
  if (syntax.kind !== 'index') return undefined
  const several = severalCall(binder, syntax.target, rows)
  if (several === undefined) return undefined
  const { index, span } = syntax
  const position = index.kind === 'literal' && index.type === 'long' ? Number(index.value) : -1
  const column = several.columns[position]
  if (column === undefined) {
    const message = `The position must be a literal from 0 to ${several.columns.length - 1}.`
    return { name: '', expr: binder.fail('KQL101', message, index.span) }
  }
  const call = several.bind()
  const expr = binder.isFailed(call) ? call : entryOf(binder, call, position, column.type)
  return { name: column.name, expr: binder.isFailed(call) ? call : binder.at(expr, span) }
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
  refuseSurplus(binder, names, values.length)
  const kept = names.length > 0 && rest === 'dropped' ? values.slice(0, names.length) : values
  return kept.map(({ name, expr }, index) => {
    const written = names[index]
    return written === undefined
      ? { name: own(name), expr, explicit: false }
      : { name: declare(written), expr, explicit: true }
  })
}

/** Reports names that there is no value for. */
export function refuseSurplus(
  binder: Binder,
  names: NamedExpressionSyntax['names'],
  values: number,
): void {
  const surplus = names[values]
  if (surplus === undefined) return
  binder.fail('KS150', `There are ${names.length} names for ${values} values.`, surplus.span)
}

/** The name, numbered until neither the result nor the input has it. */
export function nameBeside(names: ColumnNames, input: Schema, name: string): string {
  const taken = new Set(input.map(column => column.name))
  let candidate = name
  for (let n = 1; taken.has(candidate) || !names.claim(candidate); n++) candidate = `${name}${n}`
  return candidate
}
