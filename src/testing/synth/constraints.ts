import type { Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { type Dynamic, dynamicEquals } from '../../types/dynamic.ts'

/** What must hold of the cells. */
export type Constraint =
  /** The expression is true, or false: null is neither. */
  | { readonly kind: 'is'; readonly expr: Expr; readonly truth: boolean }
  /** Equal as keys are: null equals null. */
  | { readonly kind: 'equal' | 'differ'; readonly left: Expr; readonly right: Expr }
  /** None of these values. */
  | { readonly kind: 'unseen'; readonly expr: Expr; readonly seen: readonly ScalarValue[] }
  /** The text is that of the parts, one after the other. */
  | { readonly kind: 'text'; readonly text: Expr; readonly parts: readonly Expr[] }
  /** All of one of the options hold. */
  | { readonly kind: 'any'; readonly options: readonly (readonly Constraint[])[] }

/** A constraint that is not taken apart any further. */
export type Atom = Exclude<Constraint, { kind: 'any' }>

/** The expressions of an atom. */
export function expressionsOfAtom(atom: Atom): readonly Expr[] {
  switch (atom.kind) {
    case 'is':
    case 'unseen':
      return [atom.expr]
    case 'text':
      return [atom.text, ...atom.parts]
    default:
      return [atom.left, atom.right]
  }
}

/** The atom with its expressions mapped. */
export function mapAtom(atom: Atom, map: (expr: Expr) => Expr): Atom {
  switch (atom.kind) {
    case 'is':
    case 'unseen':
      return { ...atom, expr: map(atom.expr) }
    case 'text':
      return { ...atom, text: map(atom.text), parts: atom.parts.map(map) }
    default:
      return { ...atom, left: map(atom.left), right: map(atom.right) }
  }
}

/** Whether an atom holds for the values of its expressions, in order; undefined is no value. */
export function holds(atom: Atom, values: readonly (ScalarValue | undefined)[]): boolean {
  const [first, second, ...rest] = values
  if (first === undefined) return false
  switch (atom.kind) {
    case 'is':
      return first === atom.truth
    case 'text':
      return first === [second, ...rest].map(part => String(part ?? '')).join('')
    case 'unseen':
      return !atom.seen.some(value => isSame(value, first))
    case 'equal':
      return second !== undefined && isSame(first, second)
    case 'differ':
      return second !== undefined && !isSame(first, second)
  }
}

/** Whether two values are one key. */
export function isSame(a: ScalarValue, b: ScalarValue): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if ('equals' in a && 'equals' in b) return String(a) === String(b)
  return dynamicEquals(a as Dynamic, b as Dynamic)
}
