import type {
  DeclareSyntax,
  ExpressionSyntax,
  LetSyntax,
  ParameterSyntax,
  QuerySyntax,
  SetSyntax,
} from '../../parser/syntax.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { convertScalar } from '../../types/convert.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { literal } from '../plan/expression.ts'
import type { Binder, Bound } from './context.ts'
import { didYouMean } from './suggest.ts'

const NO_ROWS = { schema: [] }

/** Binds the statements of a query, and the expression whose value it is. */
export function bindQuery(binder: Binder, syntax: QuerySyntax): Bound {
  for (const statement of syntax.statements) {
    switch (statement.kind) {
      case 'let':
        bindLet(binder, statement)
        break
      case 'set':
        bindSet(binder, statement)
        break
      case 'declare':
        bindDeclare(binder, statement)
        break
      case 'unsupported':
        break
    }
  }
  if (syntax.expression === undefined) {
    return { kind: 'scalar', expr: binder.failed(syntax.span) }
  }
  return binder.bindAny(syntax.expression, NO_ROWS)
}

function bindLet(binder: Binder, statement: LetSyntax): void {
  const { name } = statement.name
  if (binder.scope.declares(name)) {
    binder.diagnostics.error(
      'KS201',
      `A variable with the name \`${name}\` is already declared.`,
      statement.name.span,
    )
  }
  if (statement.value.kind === 'function') {
    const { scope } = binder
    scope.declare(name, { kind: 'function', name, syntax: statement.value, scope })
    return
  }
  const bound = binder.bindAny(statement.value, NO_ROWS)
  binder.scope.declare(name, bound)
}

/** Client options steer Kusto's service; offline only their values would mislead. */
function bindSet(binder: Binder, statement: SetSyntax): void {
  binder.diagnostics.add({
    code: 'KQL205',
    severity: 'info',
    message: `The option \`${statement.name.name}\` has no effect here.`,
    span: statement.span,
  })
}

function bindDeclare(binder: Binder, statement: DeclareSyntax): void {
  for (const parameter of statement.parameters) {
    const { name } = parameter.name
    if (typeof parameter.type !== 'string') {
      binder.fail('KQL104', 'A query parameter is a scalar, not a table.', parameter.span)
      continue
    }
    binder.scope.declare(name, {
      kind: 'scalar',
      expr: parameterValue(binder, parameter, parameter.type, parameter.default),
    })
  }
  const names = statement.parameters.map(parameter => parameter.name.name)
  for (const given of binder.parameters.keys()) {
    if (names.includes(given)) continue
    binder.diagnostics.error(
      'KQL104',
      `The query declares no parameter \`${given}\`.`,
      statement.span,
      didYouMean(given, names),
    )
  }
}

function parameterValue(
  binder: Binder,
  parameter: ParameterSyntax,
  type: ScalarType,
  fallback: ExpressionSyntax | undefined,
) {
  const { name, span } = parameter.name
  if (!binder.parameters.has(name)) {
    if (fallback !== undefined) {
      return binder.convertImplicitly(binder.scalar(fallback, NO_ROWS), type)
    }
    return binder.fail('KQL104', `The query parameter \`${name}\` has no value.`, span)
  }
  const value = scalarFrom(binder.parameters.get(name), type)
  if (value !== undefined) return literal(type, value, span)
  return binder.fail(
    'KQL104',
    `The value given for the query parameter \`${name}\` is not a ${type}.`,
    span,
  )
}

/** A value from outside as a scalar of the type; undefined when it is none. */
function scalarFrom(value: unknown, type: ScalarType): ScalarValue | undefined {
  if (value === null) return null
  switch (typeof value) {
    case 'string':
      return type === 'string' ? value : (convertScalar(value, 'string', type) ?? undefined)
    case 'boolean':
      return type === 'bool' ? value : undefined
    case 'bigint':
      return convertScalar(value, 'long', type) ?? undefined
    case 'number': {
      const from = Number.isSafeInteger(value) ? 'long' : 'real'
      const scalar = from === 'long' ? BigInt(value) : value
      return from === type ? scalar : (convertScalar(scalar, from, type) ?? undefined)
    }
    default:
      return undefined
  }
}
