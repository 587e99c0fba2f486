import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Column, Schema } from '../../types/schema.ts'
import type { Expr, Plan } from '../plan/nodes.ts'
import { inputsOf } from '../plan/plan.ts'
import { inputsIn } from '../plan/walk.ts'
import { type Signature, takesCount } from './overloads.ts'

/**
 * Which rows may have columns that only a run tells, and which expressions and columns have a type that
 * only a run tells. A schema that is open grows by the names that are read of it.
 */
export class LateTypes {
  /** Open schemas, each by itself: the same array, which may be written to. */
  readonly #open = new WeakMap<Schema, Column[]>()
  readonly #closed = new WeakSet<Plan>()
  readonly #pending = new WeakSet<Expr | Column>()
  /** Plans that were found not to be open: what several read is looked at once. */
  readonly #plain = new WeakSet<Plan>()

  isPending(item: Expr | Column): boolean {
    return this.#pending.has(item)
  }

  setPending(item: Expr | Column): void {
    this.#pending.add(item)
  }

  isOpen(schema: Schema): boolean {
    return this.#open.has(schema)
  }

  /** A copy of the schema that is open. */
  opened(schema: Schema): Schema {
    const columns = [...schema]
    this.#open.set(columns, columns)
    return columns
  }

  add(schema: Schema, column: Column): void {
    this.#open.get(schema)?.push(column)
  }

  /** Says that the plan has no columns but those of its schema, whatever its inputs have. */
  close(plan: Plan): void {
    this.#closed.add(plan)
  }

  /** The plan with an open schema, where its inputs make it so. */
  withOpenSchema(plan: Plan): Plan {
    if (this.isOpen(plan.schema) || !this.#isOpenPlan(plan)) return plan
    return { ...plan, schema: this.opened(plan.schema) }
  }

  #isOpenPlan(plan: Plan): boolean {
    if (this.isOpen(plan.schema)) return true
    if (plan.kind === 'summarize' || this.#closed.has(plan) || this.#plain.has(plan)) return false
    const sides = plan.kind === 'join' ? keptSides(plan) : inputsOf(plan)
    const isOpen = sides.some(input => this.#isOpenPlan(input))
    if (!isOpen) this.#plain.add(plan)
    return isOpen
  }
}

/** The sides of a join that give columns. */
function keptSides({ joinKind, left, right }: Extract<Plan, { kind: 'join' }>): readonly Plan[] {
  if (joinKind === 'leftsemi' || joinKind === 'leftanti') return [left]
  if (joinKind === 'rightsemi' || joinKind === 'rightanti') return [right]
  return [left, right]
}

/** The type that all signatures for so many arguments return; undefined where it depends. */
export function onlyType(overloads: readonly Signature[], count: number): ScalarType | undefined {
  const fitting = overloads.filter(overload => takesCount(overload, count))
  const [first] = fitting
  if (first === undefined || typeof first.returns === 'function') return undefined
  if (first.returns === 'common') return undefined
  return fitting.every(({ returns }) => returns === first.returns) ? first.returns : undefined
}

/** Whether the rows are those of a row's own: of a body of an mv-apply that is no part of the plan. */
export function readsContext(plan: Plan): boolean {
  const nodes = [...inputsIn(plan)]
  const bound = new Set(nodes.flatMap(node => ('body' in node ? [node.id] : [])))
  return nodes.some(node => node.kind === 'context' && !bound.has(node.id))
}

/**
 * Names the places where late results come from, so that each has the same name whenever the same
 * query is bound: by the calls of functions around it, its place, and how often it was bound there.
 */
export class Sites {
  readonly #calls: number[] = []
  readonly #counts = new Map<string, number>()

  enter({ start }: Span): void {
    this.#calls.push(start)
  }

  leave(): void {
    this.#calls.pop()
  }

  next({ start }: Span): string {
    const place = [...this.#calls, start].join('/')
    const count = this.#counts.get(place) ?? 0
    this.#counts.set(place, count + 1)
    return `${place}#${count}`
  }
}
