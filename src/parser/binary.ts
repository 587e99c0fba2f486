import type { Token } from '../lexer/tokenize.ts'
import type { Span } from '../text/span.ts'
import type { BetweenSyntax, BinaryOperator, ExpressionSyntax, InSyntax } from './syntax.ts'

/** How tightly operators bind, loosest first. `equality`, `relational` and `string` do not chain. */
export const PRECEDENCE = {
  or: 1,
  and: 2,
  equality: 3,
  relational: 4,
  additive: 5,
  multiplicative: 6,
  string: 7,
  unary: 8,
  postfix: 9,
} as const

const LEGACY: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ['<>', '!='],
  ['containscs', 'contains_cs'],
  ['notcontains', '!contains'],
  ['notcontainscs', '!contains_cs'],
  ['likecs', 'like_cs'],
  ['notlike', '!like'],
  ['notlikecs', '!like_cs'],
])

const LEVELS: ReadonlyMap<string, number> = new Map<string, number>([
  ['or', PRECEDENCE.or],
  ['and', PRECEDENCE.and],
  ['==', PRECEDENCE.equality],
  ['!=', PRECEDENCE.equality],
  ['<', PRECEDENCE.relational],
  ['<=', PRECEDENCE.relational],
  ['>', PRECEDENCE.relational],
  ['>=', PRECEDENCE.relational],
  ['+', PRECEDENCE.additive],
  ['-', PRECEDENCE.additive],
  ['*', PRECEDENCE.multiplicative],
  ['/', PRECEDENCE.multiplicative],
  ['%', PRECEDENCE.multiplicative],
])

/** How tightly the operator binds, see {@link PRECEDENCE}. */
export function precedenceOf(operator: BinaryOperator): number {
  return LEVELS.get(operator) ?? PRECEDENCE.string
}

/** Whether operators of that precedence take no operand of the same precedence. */
export function isNonAssociative(level: number): boolean {
  return (
    level === PRECEDENCE.equality || level === PRECEDENCE.relational || level === PRECEDENCE.string
  )
}

interface Operand {
  readonly node: ExpressionSyntax
  /** The range with the parentheses around it, which have no node of their own. */
  readonly span: Span
  readonly level: number
}

interface Pending {
  readonly operator: BinaryOperator
  readonly operatorSpan: Span
  readonly level: number
}

/**
 * Makes the tree of a flat chain of operands and operators. A chain of any length takes linear time
 * and no recursion.
 */
export class OperatorChain {
  readonly #operands: Operand[] = []
  readonly #pending: Pending[] = []
  readonly #onChained: (operator: Token) => void

  /** `onChained` is called with an operator that would have to be in parentheses. */
  constructor(onChained: (operator: Token) => void) {
    this.#onChained = onChained
  }

  operand(node: ExpressionSyntax, span: Span): void {
    this.#operands.push({ node, span, level: PRECEDENCE.postfix })
  }

  infix(token: Token, operatorSpan: Span): void {
    const operator = LEGACY.get(token.image) ?? (token.image as BinaryOperator)
    const level = precedenceOf(operator)
    this.#reduce(level)
    this.#checkLeft(level, token)
    this.#pending.push({ operator, operatorSpan, level })
  }

  /** `in (…)` or `between (…)`, which end with their list. */
  suffix(token: Token, end: number, make: (left: ExpressionSyntax, span: Span) => SuffixSyntax) {
    this.#reduce(PRECEDENCE.equality)
    this.#checkLeft(PRECEDENCE.equality, token)
    const left = this.#operands.pop() as Operand
    const span = { start: left.span.start, end }
    this.#operands.push({ node: make(left.node, span), span, level: PRECEDENCE.equality })
  }

  result(): ExpressionSyntax {
    this.#reduce(0)
    return (this.#operands[0] as Operand).node
  }

  #checkLeft(level: number, token: Token): void {
    const left = (this.#operands.at(-1) as Operand).level
    if (left < level || (left === level && isNonAssociative(level))) this.#onChained(token)
  }

  #reduce(level: number): void {
    while (this.#pending.length > 0) {
      const pending = this.#pending.at(-1) as Pending
      if (pending.level < level) return
      this.#pending.pop()
      const right = this.#operands.pop() as Operand
      const left = this.#operands.pop() as Operand
      const span = { start: left.span.start, end: right.span.end }
      const node: ExpressionSyntax = {
        kind: 'binary',
        operator: pending.operator,
        operatorSpan: pending.operatorSpan,
        left: left.node,
        right: right.node,
        span,
      }
      this.#operands.push({ node, span, level: pending.level })
    }
  }
}

type SuffixSyntax = InSyntax | BetweenSyntax
