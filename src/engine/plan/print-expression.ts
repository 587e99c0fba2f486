import { PRECEDENCE, precedenceOf } from '../../parser/binary.ts'
import { printCallee, printLiteral, printName } from '../../parser/print-literal.ts'
import type { BinaryOperator, LiteralValue } from '../../parser/syntax.ts'
import type { PathStep } from '../../tables/source.ts'
import type { CallExpr, Expr, LiteralExpr, QueryExpr } from './nodes.ts'
import { pathOf } from './path-name.ts'

/** How a subquery inside an expression is called; its plan is printed elsewhere. */
export type NameSubquery = (expr: QueryExpr) => string

/** How {@link printExpression} prints. */
export interface PrintOptions {
  readonly nameSubquery?: NameSubquery
  /** Characters of a literal; what is longer is cut. No limit where missing. */
  readonly maxLiteral?: number
}

/** The text of a bound expression, as near to KQL as a bound expression is. */
export function printExpression(expr: Expr, options: PrintOptions = {}): string {
  return new ExpressionPrinter(options).print(expr, 0)
}

/**
 * The text of a column's name. What a scan gives for a path inside a dynamic column has a name made
 * of the path, and is printed as that path.
 */
export function printColumn(name: string): string {
  const path = pathOf(name)
  return path === undefined ? printName(name) : printPath(path.column, path.steps)
}

/** The text of what is at a path inside a column: `TargetResources[0].displayName`. */
export function printPath(column: string, steps: readonly PathStep[]): string {
  return printName(column) + printSteps(steps)
}

/** The text of the steps of a path, behind what they lead from. */
export function printSteps(steps: readonly PathStep[]): string {
  return steps.map(printStep).join('')
}

function unnamed(expr: QueryExpr): string {
  return expr.mode === 'scalar' ? 'toscalar(…)' : '(…)'
}

function printStep(step: PathStep): string {
  if (typeof step === 'number') return `[${step}]`
  const name = printName(step)
  return name.startsWith('[') ? name : `.${name}`
}

const INFIX: ReadonlySet<string> = new Set([
  'or',
  'and',
  ...['==', '!=', '=~', '!~', '<', '<=', '>', '>=', '+', '-', '*', '/', '%'],
  'matches regex',
  ...['has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith', 'like'].flatMap(
    name => [name, `!${name}`, `${name}_cs`, `!${name}_cs`],
  ),
])

const LISTS: ReadonlySet<string> = new Set(['in', '!in', 'in~', '!in~', 'has_any', 'has_all'])

class ExpressionPrinter {
  readonly #nameSubquery: NameSubquery
  readonly #maxLiteral: number

  constructor({ nameSubquery = unnamed, maxLiteral = Number.POSITIVE_INFINITY }: PrintOptions) {
    this.#nameSubquery = nameSubquery
    this.#maxLiteral = maxLiteral
  }

  /** The text of an operand that has to bind at least as tightly as the level. */
  print(expr: Expr, level: number): string {
    switch (expr.kind) {
      case 'literal': {
        const text = printValue(expr)
        return text.length > this.#maxLiteral ? `${text.slice(0, this.#maxLiteral)}…` : text
      }
      case 'column':
        return printColumn(expr.name)
      case 'path':
        return this.print(expr.target, PRECEDENCE.postfix) + printSteps(expr.steps)
      case 'query':
        return this.#nameSubquery(expr)
      case 'call':
        return this.#call(expr, level)
    }
  }

  #call(expr: CallExpr, level: number): string {
    const { function: name, arguments: args } = expr
    const [first, second, third] = args
    if (first !== undefined && second !== undefined) {
      if (INFIX.has(name) && args.length === 2) return this.#infix(name, first, second, level)
      if (LISTS.has(name)) return this.#list(name, first, args.slice(1), level)
      if (name === '$index') {
        return `${this.print(first, PRECEDENCE.postfix)}[${this.print(second, 0)}]`
      }
      if ((name === 'between' || name === '!between') && third !== undefined) {
        const operand = this.print(first, PRECEDENCE.equality + 1)
        const text = `${operand} ${name} (${this.print(second, 0)} .. ${this.print(third, 0)})`
        return inParentheses(text, PRECEDENCE.equality < level)
      }
    }
    if (name === '$negate' && first !== undefined) {
      return inParentheses(`-${this.print(first, PRECEDENCE.postfix)}`, PRECEDENCE.unary < level)
    }
    return `${printCallee(name)}(${args.map(argument => this.print(argument, 0)).join(', ')})`
  }

  #infix(name: string, left: Expr, right: Expr, level: number): string {
    const own = precedenceOf(name as BinaryOperator)
    // and, or, + and * of equals need no parentheses to be read; the rest does not chain.
    const chains = name === 'and' || name === 'or'
    const leftLevel = chains || own >= PRECEDENCE.additive ? own : own + 1
    const text = `${this.print(left, leftLevel)} ${name} ${this.print(right, chains ? own : own + 1)}`
    return inParentheses(text, own < level)
  }

  #list(name: string, operand: Expr, items: readonly Expr[], level: number): string {
    const [only] = items
    const list =
      items.length === 1 && only?.kind === 'query'
        ? this.#nameSubquery(only)
        : `(${items.map(item => this.print(item, 0)).join(', ')})`
    const text = `${this.print(operand, PRECEDENCE.equality + 1)} ${name} ${list}`
    return inParentheses(text, PRECEDENCE.equality < level)
  }
}

function inParentheses(text: string, needed: boolean): string {
  return needed ? `(${text})` : text
}

/** Units of timespan literals, largest first, in ticks. */
const UNITS = [
  ['d', 864_000_000_000n],
  ['h', 36_000_000_000n],
  ['m', 600_000_000n],
  ['s', 10_000_000n],
  ['ms', 10_000n],
] as const

function printValue(expr: LiteralExpr): string {
  const { type, value, span } = expr
  if (type === 'timespan' && typeof value === 'bigint' && value > 0n) {
    const unit = UNITS.find(([, ticks]) => value % ticks === 0n)
    if (unit !== undefined) return `${value / unit[1]}${unit[0]}`
  }
  const plain = type === 'decimal' && value !== null ? String(value) : value
  return printLiteral({ kind: 'literal', type, value: plain as LiteralValue, span })
}
