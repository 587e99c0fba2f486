import type {
  DeclareSyntax,
  ExpressionSyntax,
  FunctionSyntax,
  LetSyntax,
  ParameterSyntax,
  QuerySyntax,
  ResultSyntax,
  SetSyntax,
  StatementSyntax,
} from '../../parser/syntax.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { convertScalar } from '../../types/convert.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { literal } from '../plan/expression.ts'
import type { Binder, Bound } from './context.ts'
import { bindPattern } from './patterns.ts'
import { didYouMean } from './suggest.ts'

const NO_ROWS = { schema: [] }

/** Binds the statements of a function, and the expression whose value it is. */
export function bindBody(binder: Binder, { body, span }: FunctionSyntax): Bound {
  for (const statement of body.statements) {
    if (statement.kind !== 'result') bindStatement(binder, statement)
    else {
      const message = 'A function with several results is not supported.'
      binder.fail('KQL101', message, statement.span)
    }
  }
  if (body.expression === undefined) {
    const message = 'The function has no expression to evaluate.'
    const end = { start: span.end - 1, end: span.end }
    return { kind: 'scalar', expr: binder.fail('KQL001', message, end) }
  }
  return binder.bindAny(body.expression, NO_ROWS)
}

/** Binds a statement that gives no result. */
export function bindStatement(
  binder: Binder,
  statement: Exclude<StatementSyntax, ResultSyntax>,
): void {
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
    case 'pattern':
      bindPattern(binder, statement)
      break
    case 'unsupported':
      break
  }
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
    // It sees itself too, so that a call of itself is reported as that.
    const seen = scope.withNext()
    scope.declare(name, { kind: 'function', name, syntax: statement.value, scope: seen })
    return
  }
  const bound = binder.bindAny(statement.value, NO_ROWS)
  binder.scope.declare(name, bound)
}

/** The options that kqlab heeds. */
const OPTIONS: ReadonlySet<string> = new Set(['query_bin_auto_size', 'query_bin_auto_at'])

/** Notes the options that are heeded; the others steer Kusto's service, which is said of them. */
function bindSet(binder: Binder, statement: SetSyntax): void {
  if (OPTIONS.has(statement.name.name) && statement.value !== undefined) {
    binder.options.set(statement.name.name, binder.scalar(statement.value, NO_ROWS))
    return
  }
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
}

/** Reports values that were given for parameters which the query does not declare. */
export function checkParameters(binder: Binder, syntax: QuerySyntax): void {
  const declarations = syntax.statements.filter(statement => statement.kind === 'declare')
  const names = declarations.flatMap(({ parameters }) => parameters.map(({ name }) => name.name))
  const span = declarations[0]?.span ?? { start: 0, end: 0 }
  for (const given of binder.parameters.keys()) {
    if (names.includes(given)) continue
    const message = `The query declares no parameter \`${given}\`.`
    const declare = `Declare it at its start: declare query_parameters(${given}: string);`
    const hint = names.length === 0 ? declare : didYouMean(given, names)
    binder.diagnostics.error('KQL104', message, span, hint)
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
      return binder.convertArgument(binder.scalar(fallback, NO_ROWS), type)
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
      return fromLong(value, type)
    case 'number':
      if (Number.isSafeInteger(value)) return fromLong(BigInt(value), type)
      return type === 'real' ? value : fromReal(value, type)
    default:
      return undefined
  }
}

/** A whole number as a scalar of the type; undefined where it does not fit: int would wrap around. */
function fromLong(value: bigint, type: ScalarType): ScalarValue | undefined {
  if (BigInt.asIntN(type === 'int' ? 32 : 64, value) !== value) return undefined
  return type === 'long' ? value : (convertScalar(value, 'long', type) ?? undefined)
}

/** A number that is not whole, which no integer and no time is. */
function fromReal(value: number, type: ScalarType): ScalarValue | undefined {
  if (type !== 'decimal' && type !== 'dynamic' && type !== 'string') return undefined
  return convertScalar(value, 'real', type) ?? undefined
}
