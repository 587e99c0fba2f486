import type { FunctionSyntax } from '../../parser/syntax.ts'
import type { Expr, Plan } from '../plan/nodes.ts'

/** What a name declared in a query stands for. */
export type Binding =
  | {
      readonly kind: 'scalar'
      readonly expr: Expr
      /** Where the expression reads columns: how many tables the binder was inside of there. */
      readonly tableDepth?: number
    }
  | { readonly kind: 'tabular'; readonly plan: Plan }
  | {
      readonly kind: 'function'
      readonly name: string
      readonly syntax: FunctionSyntax
      /** Where the function was declared: its body sees these names, and its parameters. */
      readonly scope: Scope
    }

/** The names that `let`, `as` and function parameters declare, innermost first. */
export class Scope {
  readonly #parent: Scope | undefined
  readonly #bindings = new Map<string, Binding>()

  constructor(parent?: Scope) {
    this.#parent = parent
  }

  /** What the name stands for, in this scope or one around it. */
  lookup(name: string): Binding | undefined {
    return this.#bindings.get(name) ?? this.#parent?.lookup(name)
  }

  /** Whether the name is declared in this scope itself. */
  declares(name: string): boolean {
    return this.#bindings.has(name)
  }

  declare(name: string, binding: Binding): void {
    this.#bindings.set(name, binding)
  }

  /** All names that can be seen from here. */
  names(): string[] {
    return [...this.#bindings.keys(), ...(this.#parent?.names() ?? [])]
  }
}
