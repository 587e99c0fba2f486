import type { FunctionSyntax, PatternSyntax } from '../../parser/syntax.ts'
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
      readonly kind: 'pattern'
      readonly syntax: PatternSyntax
      /** Where it was declared: the tables of its tuples see these names, and its parameters. */
      readonly scope: Scope
    }
  | {
      readonly kind: 'function'
      readonly name: string
      readonly syntax: FunctionSyntax
      /** Where the function was declared: its body sees these names, and its parameters. */
      readonly scope: Scope
      /** Whether its text is no function, which is reported: calls of it fail in silence. */
      readonly isBroken?: boolean
    }

interface Entry {
  readonly binding: Binding
  /** How many names the scope had before it. */
  readonly position: number
}

/** The names that `let`, `as` and function parameters declare, innermost first. */
export class Scope {
  readonly #parent: Scope | undefined
  readonly #entries: Map<string, Entry>
  /** Names from this position on cannot be seen. */
  readonly #end: number

  constructor(parent?: Scope, entries = new Map<string, Entry>(), end = Number.POSITIVE_INFINITY) {
    this.#parent = parent
    this.#entries = entries
    this.#end = end
  }

  /** What the name stands for, in this scope or one around it. */
  lookup(name: string): Binding | undefined {
    const entry = this.#entries.get(name)
    if (entry !== undefined && entry.position < this.#end) return entry.binding
    return this.#parent?.lookup(name)
  }

  /** Whether the name is declared in this scope itself. */
  declares(name: string): boolean {
    return this.#entries.has(name)
  }

  declare(name: string, binding: Binding): void {
    const position = this.#entries.get(name)?.position ?? this.#entries.size
    this.#entries.set(name, { binding, position })
  }

  /** The scope with the next name to be declared: what is declared after that is not seen. */
  withNext(): Scope {
    return new Scope(this.#parent, this.#entries, this.#entries.size + 1)
  }

  /** All names that can be seen from here. */
  names(): string[] {
    const own = [...this.#entries].filter(([, { position }]) => position < this.#end)
    return [...own.map(([name]) => name), ...(this.#parent?.names() ?? [])]
  }
}
