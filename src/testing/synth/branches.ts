import { childrenOf, mapChildren } from '../../engine/plan/expression.ts'
import type { CallExpr, Expr } from '../../engine/plan/nodes.ts'
import type { Span } from '../../text/span.ts'
import { asType, callOf, isCall } from './calls.ts'
import type { Constraint } from './constraints.ts'

/** An expression with a choice in it made, and what must hold for that. */
export interface Branch {
  readonly expr: Expr
  readonly conditions: readonly Constraint[]
}

/** The expression with its first `iff`, `case` or `coalesce` decided, in each way; undefined without one. */
export function branchesOf(expr: Expr): Branch[] | undefined {
  const choice = findChoice(expr)
  if (choice === undefined) return undefined
  return optionsOf(choice).map(({ value, conditions }) => ({
    expr: replaceExpr(expr, choice, asType(value, choice.type)),
    conditions,
  }))
}

/** The first part of the expression that is one of several, by a condition. */
function findChoice(expr: Expr): CallExpr | undefined {
  if (isCall(expr, 'iff', 'case', 'coalesce')) return expr
  for (const child of childrenOf(expr)) {
    const found = findChoice(child)
    if (found !== undefined) return found
  }
  return undefined
}

interface ChoiceOption {
  readonly value: Expr
  readonly conditions: Constraint[]
}

function optionsOf(choice: CallExpr): ChoiceOption[] {
  return choice.function === 'coalesce' ? coalesceOptions(choice) : conditionOptions(choice)
}

function conditionOptions({ arguments: args }: CallExpr): ChoiceOption[] {
  const options: ChoiceOption[] = []
  const before: Expr[] = []
  for (let at = 0; at + 1 < args.length; at += 2) {
    const condition = args[at] as Expr
    options.push({
      value: args[at + 1] as Expr,
      conditions: [...before.map(isFalse), { kind: 'is', expr: condition, truth: true }],
    })
    before.push(condition)
  }
  const last = args.at(-1)
  if (last !== undefined) options.push({ value: last, conditions: before.map(isFalse) })
  return options
}

function isFalse(expr: Expr): Constraint {
  return { kind: 'is', expr, truth: false }
}

function coalesceOptions({ arguments: args, span }: CallExpr): ChoiceOption[] {
  return args.map((value, at) => ({
    value,
    conditions: [
      ...args.slice(0, at).map((each): Constraint => isMissing(each, true, span)),
      ...(at + 1 < args.length ? [isMissing(value, false, span)] : []),
    ],
  }))
}

function isMissing(expr: Expr, truth: boolean, span: Span): Constraint {
  const name = expr.type === 'string' ? 'isempty' : 'isnull'
  return { kind: 'is', expr: callOf(name, 'bool', [expr], span), truth }
}

function replaceExpr(expr: Expr, from: Expr, to: Expr): Expr {
  return expr === from ? to : mapChildren(expr, child => replaceExpr(child, from, to))
}
