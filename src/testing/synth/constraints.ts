import type { Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { type Dynamic, dynamicEquals } from '../../types/dynamic.ts'
import { isCall } from './calls.ts'

/** What must hold of the cells. */
export type Constraint =
  /** The expression is true, or false: null is neither. */
  | { readonly kind: 'is'; readonly expr: Expr; readonly truth: boolean }
  /** Equal as keys are: null equals null. */
  | { readonly kind: 'equal' | 'differ'; readonly left: Expr; readonly right: Expr }
  /** None of these values. */
  | { readonly kind: 'unseen'; readonly expr: Expr; readonly seen: readonly ScalarValue[] }
  /** The text is that of the parts, one after the other; undefined is any text. */
  | { readonly kind: 'text'; readonly text: Expr; readonly parts: readonly (Expr | undefined)[] }
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
      return [atom.text, ...atom.parts.filter(part => part !== undefined)]
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
      return { ...atom, text: map(atom.text), parts: atom.parts.map(part => part && map(part)) }
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
      return fits(String(first), atom.parts, [second, ...rest])
    case 'unseen':
      return !atom.seen.some(value => isSame(value, first))
    case 'equal':
      return second !== undefined && isSame(first, second)
    case 'differ':
      return second !== undefined && !isSame(first, second)
  }
}

/** Whether a text is made of the parts, those that may be any text aside. */
function fits(
  text: string,
  parts: readonly (Expr | undefined)[],
  values: readonly (ScalarValue | undefined)[],
): boolean {
  const segments = segmentsOf(parts, values)
  const [first = ''] = segments
  if (segments.length === 1) return text === first
  const last = segments.at(-1) ?? ''
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  for (const segment of segments.slice(1, -1)) {
    const at = text.indexOf(segment, from)
    if (at < 0) return false
    from = at + segment.length
  }
  return from + last.length <= text.length
}

/** The texts between what may be any text: the first and the last are at the ends. */
export function segmentsOf(
  parts: readonly (Expr | undefined)[],
  values: readonly (ScalarValue | undefined)[],
): string[] {
  const segments = ['']
  let at = 0
  for (const part of parts) {
    if (part === undefined) segments.push('')
    else segments.push(`${segments.pop() ?? ''}${String(values[at++] ?? '')}`)
  }
  return segments
}

/** The expression that an atom is told by. */
export function exprOfAtom(atom: Atom): Expr {
  if (atom.kind === 'is' || atom.kind === 'unseen') return atom.expr
  return atom.kind === 'text' ? atom.text : atom.left
}

/** The sides of an atom that says that two expressions are equal. */
export function equalSides(atom: Atom): readonly Expr[] {
  if (atom.kind === 'equal') return [atom.left, atom.right]
  if (atom.kind !== 'is' || !atom.truth || !isCall(atom.expr, '==', '=~')) return []
  return atom.expr.arguments
}

/** Whether two values are one key. */
export function isSame(a: ScalarValue, b: ScalarValue): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if ('equals' in a && 'equals' in b) return String(a) === String(b)
  return dynamicEquals(a as Dynamic, b as Dynamic)
}
