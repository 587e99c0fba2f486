import type { ExpressionSyntax, ParameterSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { Plan } from '../plan/nodes.ts'
import type { Binder, FunctionBinding } from './context.ts'
import type { Rows } from './rows.ts'
import { type Binding, Scope } from './scope.ts'
import { didYouMean } from './suggest.ts'

/**
 * The scope of a user-defined function's body: its parameters stand for the arguments, or for their
 * defaults. `input`, if any, is the first argument. Undefined when the arguments do not fit.
 */
export function parameterScope(
  binder: Binder,
  binding: FunctionBinding,
  args: readonly ExpressionSyntax[],
  span: Span,
  rows: Rows,
  input?: Plan,
): Scope | undefined {
  const scope = new Scope(binding.scope)
  const { parameters } = binding.syntax
  const offset = input === undefined ? 0 : 1
  const positional = args.filter(argument => argument.kind !== 'named-argument')
  if (positional.length + offset > parameters.length) {
    binder.fail(
      'KS119',
      `The function \`${binding.name}\` takes ${parameters.length} arguments, not ${positional.length + offset}.`,
      span,
    )
    return undefined
  }
  if (!areInPlace(binder, binding, args, offset)) return undefined
  let fits = true
  parameters.forEach((parameter, index) => {
    if (index < offset && input !== undefined) {
      fits = declareTable(binder, scope, parameter, input, span) && fits
      return
    }
    const argument = argumentFor(parameter, index - offset, args) ?? parameter.default
    if (argument === undefined) {
      binder.fail(
        'KS119',
        `The function \`${binding.name}\` needs a value for \`${parameter.name.name}\`.`,
        span,
      )
      fits = false
    } else {
      fits = declareParameter(binder, scope, parameter, argument, rows) && fits
    }
  })
  return fits ? scope : undefined
}

/**
 * Whether each argument is that of a parameter of its own, and those without a name stand where theirs
 * is; else it is reported. `offset`: how many parameters have their arguments before.
 */
function areInPlace(
  binder: Binder,
  { name: callee, syntax: { parameters } }: FunctionBinding,
  args: readonly ExpressionSyntax[],
  offset: number,
): boolean {
  const names = parameters.map(parameter => parameter.name.name)
  const given = new Set(names.slice(0, offset))
  let isMoved = false
  for (const [index, argument] of args.entries()) {
    const inPlace = names[index + offset]
    const named = argument.kind === 'named-argument' ? argument.name : undefined
    const name = named?.name ?? inPlace
    const { span } = named ?? argument
    if (named !== undefined && !names.includes(named.name)) {
      const message = `The function \`${callee}\` has no parameter \`${named.name}\`.`
      binder.fail('KS119', message, span, didYouMean(named.name, names))
      return false
    }
    if (named === undefined && isMoved) {
      const message = 'Behind a named argument that is not in its place, all arguments are named.'
      binder.fail('KS195', message, span)
      return false
    }
    if (name === undefined || given.has(name)) {
      binder.fail('KS119', `The function \`${callee}\` is given \`${name}\` twice.`, span)
      return false
    }
    given.add(name)
    if (name !== inPlace) isMoved = true
  }
  return true
}

function argumentFor(
  parameter: ParameterSyntax,
  position: number,
  args: readonly ExpressionSyntax[],
): ExpressionSyntax | undefined {
  for (const argument of args) {
    if (argument.kind === 'named-argument' && argument.name.name === parameter.name.name) {
      return argument.value
    }
  }
  const argument = args[position]
  return argument?.kind === 'named-argument' ? undefined : argument
}

function declareParameter(
  binder: Binder,
  scope: Scope,
  parameter: ParameterSyntax,
  argument: ExpressionSyntax,
  rows: Rows,
): boolean {
  if (typeof parameter.type !== 'string') {
    return declareTable(binder, scope, parameter, binder.tabular(argument), argument.span)
  }
  const expr = binder.scalar(argument, rows)
  const fitting =
    binder.isFailed(expr) || expr.type === parameter.type
      ? expr
      : binder.convertArgument(expr, parameter.type)
  const { tableDepth } = binder
  const binding: Binding = { kind: 'scalar', expr: fitting, tableDepth }
  scope.declare(parameter.name.name, binding)
  return true
}

function declareTable(
  binder: Binder,
  scope: Scope,
  parameter: ParameterSyntax,
  plan: Plan,
  span: Span,
): boolean {
  if (typeof parameter.type === 'string') {
    binder.fail('KS138', `\`${parameter.name.name}\` takes a scalar, not a table.`, span)
    return false
  }
  const { columns } = parameter.type
  if (columns !== '*' && !binder.isFailedPlan(plan)) {
    for (const column of columns) {
      const found = binder.columnIn(plan.schema, column.name.name)
      if (found?.type === column.type) continue
      if (found !== undefined && binder.isFailedColumn(found)) continue
      binder.fail(
        'KS107',
        found === undefined
          ? `The table has no column \`${column.name.name}\`, which \`${parameter.name.name}\` needs.`
          : `The column \`${found.name}\` is ${found.type}, but \`${parameter.name.name}\` needs ${column.type}.`,
        span,
      )
      return false
    }
  }
  scope.declare(parameter.name.name, { kind: 'tabular', plan })
  return true
}
