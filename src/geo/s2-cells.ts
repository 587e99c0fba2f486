import { OnDemand } from '../types/on-demand.ts'
import { type Position, pointOf, positionOf, type Vector3 } from './vector.ts'

/** A port of the S2 library, for its cells. What is below needs it loaded. */
export const S2 = new OnDemand(() => import('nodes2ts'))

/** The finest level of cells. */
export const FINEST = 30

/** The cell of a token, as the library has it; undefined for text that is none. */
function cellOf(token: string) {
  if (!/^[0-9a-f]{1,16}$/i.test(token)) return undefined
  const id = S2.value.S2CellId.fromToken(token)
  return id.isValid() ? id : undefined
}

/** The number of the finest cell that a point is in: the order of the curve that passes all cells. */
export function leafOf({ x, y, z }: Vector3): bigint {
  const { S2CellId, S2Point } = S2.value
  return BigInt.asUintN(64, S2CellId.fromPoint(new S2Point(x, y, z)).id)
}

/** The token of the cell of a level that the position is in. */
export function tokenAt(position: Position, level: number): string {
  const { S2CellId } = S2.value
  return new S2CellId(leafOf(pointOf(position))).parentL(level).toToken()
}

/** The center of the cell of a token; undefined for text that is none. */
export function cellCenter(token: string): Position | undefined {
  const id = cellOf(token)
  return id === undefined ? undefined : positionOf(id.toPoint())
}

/** The corners of the cell of a token, counterclockwise; undefined for text that is none. */
export function cellCorners(token: string): Position[] | undefined {
  const id = cellOf(token)
  if (id === undefined) return undefined
  const cell = new S2.value.S2Cell(id)
  return [0, 1, 2, 3].map(corner => positionOf(cell.getVertex(corner)))
}

/** Where the library has each neighbour, in the order in which the documentation has them. */
const ORDER = [7, 0, 1, 2, 3, 5, 4, 6]

/** The tokens of the cells around one, of its level, each once; undefined for text that is none. */
export function cellNeighbours(token: string): string[] | undefined {
  const id = cellOf(token)
  if (id === undefined) return undefined
  const around = id.getAllNeighbors(id.level()).map(neighbour => neighbour.toToken())
  const ordered = ORDER.flatMap(place => around[place] ?? [])
  return [...new Set(ordered)].filter(neighbour => neighbour !== token.toLowerCase())
}
