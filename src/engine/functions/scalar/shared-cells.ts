import type { Position } from '../../../geo/vector.ts'
import type { ScalarValueOf } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import type { Loadable } from '../../../types/on-demand.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload } from '../declare.ts'
import { positionOf } from './shared-geo.ts'

/** A system of cells: of the text that names them, and of their levels. */
export interface Cells {
  readonly coarsest: number
  readonly finest: number
  /** The level where a call names none. */
  readonly usual: bigint
  readonly needs?: Loadable
  tokenAt(position: Position, level: number): string
}

/** The level as a number; undefined where there is none. */
export function levelOf(
  level: bigint | null,
  { coarsest, finest }: Pick<Cells, 'coarsest' | 'finest'>,
): number | undefined {
  const known = level !== null && level >= BigInt(coarsest) && level <= BigInt(finest)
  return known ? Number(level) : undefined
}

function needed(needs: Loadable | undefined): { needs?: Loadable } {
  return needs === undefined ? {} : { needs }
}

/** The overload of the cell that a point is in; empty for coordinates or a level that are none. */
export function cellOfPoint(cells: Cells): ScalarOverload[] {
  return [
    overload({
      params: ['number', 'number', 'long'],
      required: 2,
      returns: 'string',
      nulls: 'handled',
      ...needed(cells.needs),
      each(longitude, latitude, level: bigint | null = cells.usual) {
        const position = positionOf(longitude, latitude)
        const known = levelOf(level, cells)
        return position === undefined || known === undefined ? '' : cells.tokenAt(position, known)
      },
    }),
  ]
}

/** The overload of what a cell has; null where `tell` knows nothing, as of text that is no token. */
export function ofCell<R extends 'int' | 'dynamic'>(
  returns: R,
  tell: (token: string) => ScalarValueOf<R> | undefined,
  needs?: Loadable,
): ScalarOverload[] {
  const type: ScalarType = returns
  const each = (token: string): Dynamic => tell(token) ?? null
  return [
    overload({ params: ['string'], returns: type, nulls: 'propagate', ...needed(needs), each }),
  ]
}
