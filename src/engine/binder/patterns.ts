import { quoteString } from '../../lexer/string-literal.ts'
import type {
  CallSyntax,
  ExpressionSyntax,
  FunctionSyntax,
  NameSyntax,
  PatternMatchSyntax,
  PatternSyntax,
} from '../../parser/syntax.ts'
import type { Plan } from '../plan/nodes.ts'
import type { Binder } from './context.ts'
import type { Binding } from './scope.ts'

type PatternBinding = Extract<Binding, { kind: 'pattern' }>

/** `p('a')`, `p('a').b`: a call of a pattern. */
export interface PatternCall {
  readonly binding: PatternBinding
  readonly call: CallSyntax
  readonly path: NameSyntax | undefined
  readonly syntax: ExpressionSyntax
}

/**
 * Declares a pattern.
 * @see https://learn.microsoft.com/kusto/query/pattern-statement
 */
export function bindPattern(binder: Binder, syntax: PatternSyntax): void {
  const { name, span } = syntax.name
  if (binder.scope.declares(name)) {
    const message = `A variable with the name \`${name}\` is already declared.`
    binder.diagnostics.error('KS201', message, span)
  }
  checkDeclaration(binder, syntax)
  binder.scope.declare(name, { kind: 'pattern', syntax, scope: binder.scope.withNext() })
}

function checkDeclaration(
  binder: Binder,
  { name, parameters, path, matches }: PatternSyntax,
): void {
  for (const { type, span } of path === undefined ? parameters : [...parameters, path]) {
    if (type !== 'string') binder.fail('KS141', 'A pattern takes strings.', span)
  }
  const seen = new Set<string>()
  for (const match of matches) {
    if (tupleOf(match).some(part => literalText(binder, part) === undefined)) continue
    const isWhole = match.values.length === parameters.length
    if (!isWhole || (match.path === undefined) !== (path === undefined)) {
      const message = `The tuple does not have the parts that \`${name.name}\` declares.`
      binder.fail('KS119', message, match.span)
    }
    const text = matchText(match)
    if (seen.has(text)) binder.fail('KS201', `The tuple ${text} is already mapped.`, match.span)
    seen.add(text)
  }
}

function tupleOf({ values, path }: PatternMatchSyntax): readonly ExpressionSyntax[] {
  return path === undefined ? values : [...values, path]
}

function matchText({ values, path }: PatternMatchSyntax): string {
  return tupleText(values.map(stringOf), path && stringOf(path))
}

function stringOf(syntax: ExpressionSyntax): string {
  return syntax.kind === 'literal' ? String(syntax.value) : ''
}

function tupleText(values: readonly string[], path: string | undefined): string {
  const text = `(${values.map(value => quoteString(value)).join(', ')})`
  return path === undefined ? text : `${text}.[${quoteString(path)}]`
}

/** What the expression calls, where that is a pattern. */
export function patternCall(binder: Binder, syntax: ExpressionSyntax): PatternCall | undefined {
  const call = syntax.kind === 'member' ? syntax.target : syntax
  if (call.kind !== 'call' || call.target !== undefined) return undefined
  const binding = binder.scope.lookup(call.callee.name)
  if (binding?.kind !== 'pattern') return undefined
  return { binding, call, path: syntax.kind === 'member' ? syntax.member : undefined, syntax }
}

/** The table that the pattern has for the arguments; where it has none, that is reported. */
export function bindPatternCall(
  binder: Binder,
  { binding, call, path, syntax }: PatternCall,
): Plan {
  const { parameters, path: declared, matches, name } = binding.syntax
  const values = call.arguments.map(argument => literalText(binder, argument))
  if (values.some(value => value === undefined)) return binder.failedPlan(syntax.span)
  const tuple = values.map(String)
  const text = `${name.name}${tupleText(tuple, path?.name)}`
  if (matches.length === 0) {
    const message = `The pattern \`${name.name}\` has no tables: nothing is known of ${text}.`
    const hint = 'Declare it with a table for each tuple of arguments.'
    return binder.failTabular('KS188', message, syntax.span, hint)
  }
  if (tuple.length !== parameters.length || (path === undefined) !== (declared === undefined)) {
    const called = [name.name, `(${parameters.map(item => item.name.name).join(', ')})`]
    if (declared !== undefined) called.push(`.[${declared.name.name}]`)
    const message = `The pattern is called as ${called.join('')}.`
    return binder.failTabular('KS119', message, syntax.span)
  }
  const wanted = tupleText(tuple, path?.name)
  const match = matches.find(item => matchText(item) === wanted)
  if (match === undefined) {
    const message = `The pattern has no table for ${text}.`
    return binder.failTabular(
      'KS188',
      message,
      syntax.span,
      `It has: ${matches.map(matchText).join(', ')}.`,
    )
  }
  const bound = binder.applyFunction(
    {
      kind: 'function',
      name: name.name,
      syntax: functionOf(binding.syntax, match),
      scope: binding.scope,
    },
    tupleOf(match),
    syntax.span,
    { schema: [] },
  )
  if (bound.kind === 'tabular') return bound.plan
  if (binder.isFailed(bound.expr)) return binder.failedPlan(syntax.span)
  return binder.failTabular('KS137', `${text} gives no table.`, syntax.span)
}

function literalText(binder: Binder, argument: ExpressionSyntax): string | undefined {
  if (argument.kind === 'literal' && argument.type === 'string') return String(argument.value)
  if (argument.kind === 'name' && argument.missing === true) return undefined
  binder.fail('KS120', 'A pattern takes literal strings.', argument.span)
  return undefined
}

const FUNCTIONS = new WeakMap<PatternMatchSyntax, FunctionSyntax>()

/** The function that a tuple is: always the same, so that one which calls itself is seen. */
function functionOf(
  { parameters, path }: PatternSyntax,
  match: PatternMatchSyntax,
): FunctionSyntax {
  const known = FUNCTIONS.get(match)
  if (known !== undefined) return known
  const made: FunctionSyntax = {
    kind: 'function',
    view: false,
    parameters: path === undefined ? parameters : [...parameters, path],
    body: match.body,
    span: match.span,
  }
  FUNCTIONS.set(match, made)
  return made
}
