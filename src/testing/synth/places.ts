import { childrenOf } from '../../engine/plan/expression.ts'
import type { Expr } from '../../engine/plan/nodes.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Cell, Cells } from './cells.ts'

/** A cell, or what is at a path inside of one: what a value is chosen for. */
export interface Place {
  readonly key: string
  readonly cell: Cell
  readonly steps: readonly (string | number)[]
  readonly type: ScalarType
  /** Paths at which a text holds JSON that the query reads on in. */
  readonly texts: readonly number[]
}

/** The place that an expression reads and nothing else; undefined for any other expression. */
export function placeOf(expr: Expr, cells: Cells): Place | undefined {
  const found = stepsTo(expr, cells)
  if (found === undefined) return undefined
  const { cell, steps, texts } = found
  // What a text is parsed to is no place: the text is.
  if (texts.at(-1) === steps.length) return undefined
  const type = steps.length === 0 ? cell.type : 'dynamic'
  return { key: keyOf(cell, steps), cell, steps, texts, type }
}

/** The key of a place. */
export function keyOf(cell: Cell, steps: readonly (string | number)[]): string {
  return steps.length === 0 ? cell.name : `${cell.name}${JSON.stringify(steps)}`
}

interface Found {
  readonly cell: Cell
  readonly steps: readonly (string | number)[]
  readonly texts: readonly number[]
}

function stepsTo(expr: Expr, cells: Cells): Found | undefined {
  if (expr.kind === 'column') {
    const cell = cells.at(expr.name)
    if (cell === undefined || cell.origin.kind === 'list' || cell.origin.kind === 'guarded') {
      return undefined
    }
    return { cell, steps: [], texts: [] }
  }
  if (expr.kind === 'path') {
    const target = stepsTo(expr.target, cells)
    if (target === undefined || expr.steps.some(step => step === -1)) return undefined
    return { ...target, steps: [...target.steps, ...expr.steps] }
  }
  if (expr.kind !== 'call' || !PARSERS.has(expr.function)) return undefined
  const [argument] = expr.arguments
  if (argument === undefined) return undefined
  const inner =
    argument.kind === 'call' && argument.function === 'tostring' ? argument.arguments[0] : argument
  const target = inner === undefined ? undefined : stepsTo(inner, cells)
  if (target === undefined || argument.type !== 'string') return target
  return { ...target, texts: [...target.texts, target.steps.length] }
}

const PARSERS: ReadonlySet<string> = new Set(['parse_json', 'todynamic'])

/** The places that an expression reads, the largest parts of it that are places. */
export function placesIn(expr: Expr, cells: Cells): Map<string, Place> {
  const found = new Map<string, Place>()
  const visit = (part: Expr): void => {
    const place = placeOf(part, cells)
    if (place === undefined) childrenOf(part).forEach(visit)
    else if (!found.has(place.key)) found.set(place.key, place)
  }
  visit(expr)
  return found
}
