import { OnDemand } from '../types/on-demand.ts'
import { EARTH_RADIUS, type Position } from './vector.ts'

/** The H3 library. What is below needs it loaded. */
export const H3 = new OnDemand(() => import('h3-js'))

/** The finest resolution of cells. */
export const FINEST = 15
/** The most cells that stand for a polygon. */
export const MOST_CELLS = 61_680

/** Whether the text is the token of a cell. */
export function isToken(text: string): boolean {
  return /^[0-9a-f]{15}$/i.test(text) && H3.value.isValidCell(text)
}

/** The token of the cell of a resolution that the position is in. */
export function tokenAt([longitude, latitude]: Position, resolution: number): string {
  return H3.value.latLngToCell(latitude, longitude, resolution)
}

/** The resolution of a cell. */
export function resolutionOf(token: string): number {
  return H3.value.getResolution(token)
}

export function centerOf(token: string): Position {
  const [latitude, longitude] = H3.value.cellToLatLng(token)
  return [longitude, latitude]
}

/** The corners of a cell, counterclockwise, the last of them the first again. */
export function ringOf(token: string): Position[] {
  const corners = H3.value.cellToBoundary(token).map(([lat, lng]): Position => [lng, lat])
  return [...corners, ...corners.slice(0, 1)]
}

/** The cells around one by their distance in steps, up to a distance. */
export function ringsAround(token: string, distance: number): string[][] {
  return H3.value.gridDiskDistances(token, distance)
}

/** The cells of a finer resolution within one. */
export function childrenOf(token: string, resolution: number): string[] {
  return H3.value.cellToChildren(token, resolution)
}

/** The cell of a coarser resolution around one. */
export function parentOf(token: string, resolution: number): string {
  return H3.value.cellToParent(token, resolution)
}

/**
 * The cells of a resolution whose centers are in one of the polygons, rings of positions with straight
 * edges on the plane, each once; undefined where there are too many.
 */
export function cellsWithin(
  polygons: readonly (readonly (readonly Position[])[])[],
  resolution: number,
): string[] | undefined {
  const { getHexagonAreaAvg, polygonToCellsExperimental, POLYGON_TO_CELLS_FLAGS, UNITS } = H3.value
  const cells = new Set<string>()
  for (const rings of polygons) {
    // What would be far too many must not be made first.
    const count =
      (solidAngle(rings[0]!) * EARTH_RADIUS ** 2) / getHexagonAreaAvg(resolution, UNITS.m2)
    if (count > 4 * MOST_CELLS) return undefined
    const coordinates = rings.map(ring =>
      ring.map(([longitude, latitude]) => [longitude, latitude]),
    )
    const within = polygonToCellsExperimental(
      coordinates,
      resolution,
      POLYGON_TO_CELLS_FLAGS.containmentCenter,
      true,
    )
    for (const cell of within) cells.add(cell)
    if (cells.size > MOST_CELLS) return undefined
  }
  return [...cells]
}

/**
 * The area of a ring with straight edges on the plane, as a solid angle. As for the library, a ring
 * with an edge of more than 180 degrees of longitude lies over the antimeridian.
 */
function solidAngle(ring: readonly Position[]): number {
  const radians = Math.PI / 180
  const isOver = ring.some(([x], k) => k > 0 && Math.abs(x - ring[k - 1]![0]) > 180)
  const unrolled = ring.map(([x, y]): Position => [isOver && x < 0 ? x + 360 : x, y])
  let sum = 0
  for (let k = 0; k + 1 < ring.length; k++) {
    const [[x1, y1], [x2, y2]] = [unrolled[k]!, unrolled[k + 1]!]
    sum += ((x1 + x2) / 2) * radians * (Math.sin(y2 * radians) - Math.sin(y1 * radians))
  }
  return Math.abs(sum)
}
