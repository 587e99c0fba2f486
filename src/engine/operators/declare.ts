import type { OperatorSyntax } from '../../parser/syntax.ts'
import type { Binder } from '../binder/context.ts'
import type { Example } from '../functions/declare.ts'
import type { Plan } from '../plan/nodes.ts'

/** A tabular operator of KQL: what it means. How its plan nodes run is in the executors. */
export interface Operator<K extends OperatorSyntax['kind']> {
  readonly name: string
  readonly aliases?: readonly string[]
  /** One sentence on what it gives. */
  readonly doc: string
  readonly examples: readonly Example[]
  /** Whether the result has no columns but those that it names: `Binder.isOpen`. */
  readonly closes?: boolean
  bind(node: Extract<OperatorSyntax, { kind: K }>, input: Plan, binder: Binder): Plan
}

/** Declares an operator by the kind of its syntax node. */
export function operator<K extends OperatorSyntax['kind']>(
  _kind: K,
  declaration: Operator<K>,
): Operator<K> {
  return declaration
}
