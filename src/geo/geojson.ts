import { type Dynamic, isArray, isBag, longOf, realOf } from '../types/dynamic.ts'
import { along, doCross } from './crossing.ts'
import { keyOf, Loop } from './loop.ts'
import { type Edge, visitNear } from './sweep.ts'
import {
  areAntipodal,
  isPosition,
  isSame,
  type Position,
  pointOf,
  positionOf,
  type Vector3,
} from './vector.ts'

/** A line: at least two points, neighbours distinct and not opposite. */
export interface Line {
  readonly points: readonly Vector3[]
  /** The positions that the points were given as. */
  readonly positions: readonly Position[]
}

/**
 * A polygon: a point is in it where it is in an odd number of its loops, so that a hole is a loop
 * within another.
 */
export interface Polygon {
  readonly loops: readonly Loop[]
}

/** A shape of GeoJSON whose coordinates are nested to some depth. */
interface Coordinates {
  readonly type: string
  readonly coordinates: Dynamic
}

function coordinatesOf(value: Dynamic): Coordinates | undefined {
  if (!isBag(value)) return undefined
  const type = value.get('type')
  return typeof type === 'string'
    ? { type, coordinates: value.get('coordinates') ?? null }
    : undefined
}

function numberOf(value: Dynamic | undefined): number {
  if (value === undefined) return Number.NaN
  return realOf(value) ?? Number(longOf(value) ?? Number.NaN)
}

/** A position; an altitude is left out. Undefined for what is none. */
function readPosition(value: Dynamic): Position | undefined {
  if (!isArray(value) || value.length < 2 || value.length > 3) return undefined
  const [longitude, latitude] = [numberOf(value[0]), numberOf(value[1])]
  return isPosition(longitude, latitude) ? [longitude, latitude] : undefined
}

/** What `read` makes of each element; undefined where one is nothing, or there are none. */
function readAll<T>(value: Dynamic, read: (item: Dynamic) => T | undefined): T[] | undefined {
  if (!isArray(value) || value.length === 0) return undefined
  const items: T[] = []
  for (const element of value) {
    const item = read(element)
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}

function readLine(value: Dynamic): Line | undefined {
  const given = readAll(value, readPosition)
  if (given === undefined) return undefined
  const points: Vector3[] = []
  const positions: Position[] = []
  for (const position of given) {
    const point = pointOf(position)
    const last = points.at(-1)
    if (last !== undefined && isSame(last, point)) continue
    if (last !== undefined && areAntipodal(last, point)) return undefined
    points.push(point)
    positions.push(position)
  }
  return points.length < 2 ? undefined : { points, positions }
}

/** The lines of a LineString or a MultiLineString; undefined where the value is neither. */
export function readLines(value: Dynamic): readonly Line[] | undefined {
  const shape = coordinatesOf(value)
  if (shape?.type === 'MultiLineString') return readAll(shape.coordinates, readLine)
  const line = shape?.type === 'LineString' ? readLine(shape.coordinates) : undefined
  return line === undefined ? undefined : [line]
}

/** The line of a LineString, or of a MultiLineString that has one. */
export function readSingleLine(value: Dynamic): Line | undefined {
  const lines = readLines(value)
  return lines?.length === 1 ? lines[0] : undefined
}

/** The positions of a ring, the last of them the first again. */
function readRing(value: Dynamic): readonly Position[] | undefined {
  const positions = readAll(value, readPosition)
  if (positions === undefined || positions.length < 4) return undefined
  const points = positions.map(pointOf)
  return isSame(points[0]!, points.at(-1)!) ? positions : undefined
}

function readLoop(ring: readonly Position[]): Loop | undefined {
  const points = ring.slice(0, -1).map(pointOf)
  if (new Set(points.map(keyOf)).size !== points.length) return undefined
  const opposite = points.some((point, k) => areAntipodal(point, points[(k + 1) % points.length]!))
  return opposite ? undefined : new Loop(points)
}

function readPolygon(value: Dynamic): Polygon | undefined {
  const loops = readAll(value, element => {
    const ring = readRing(element)
    return ring === undefined ? undefined : readLoop(ring)
  })
  return loops === undefined || areTangled(loops) ? undefined : { loops }
}

/** The edges of loops, loop by loop, in their order. */
export function edgesOf(loops: readonly Loop[]): Edge[] {
  return loops.flatMap((loop, chain) =>
    loop.vertices.map((a, k): Edge => ({ a, b: loop.at(k + 1), chain })),
  )
}

/** Whether edges of the loops cross or are the same. They may share vertices. */
function areTangled(loops: readonly Loop[]): boolean {
  const edges = edgesOf(loops)
  let tangled = false
  visitNear(edges, 1e-15, (first, second) => {
    const [p, q] = [edges[first]!, edges[second]!]
    const same = (isSame(p.a, q.a) && isSame(p.b, q.b)) || (isSame(p.a, q.b) && isSame(p.b, q.a))
    tangled = same || doCross(p.a, p.b, q.a, q.b)
    return !tangled
  })
  return tangled
}

/** The polygons of a Polygon or a MultiPolygon; undefined where the value is neither. */
export function readPolygons(value: Dynamic): readonly Polygon[] | undefined {
  const shape = coordinatesOf(value)
  if (shape?.type === 'MultiPolygon') return readAll(shape.coordinates, readPolygon)
  const polygon = shape?.type === 'Polygon' ? readPolygon(shape.coordinates) : undefined
  return polygon === undefined ? undefined : [polygon]
}

/**
 * The rings of a Polygon or a MultiPolygon as they were given, polygon by polygon, for what computes
 * on the plane; undefined where the value is neither.
 */
export function readRings(value: Dynamic): readonly (readonly Position[])[][] | undefined {
  const shape = coordinatesOf(value)
  if (shape === undefined || readPolygons(value) === undefined) return undefined
  const polygons = shape.type === 'MultiPolygon' ? shape.coordinates : [shape.coordinates]
  return readAll(polygons, polygon => readAll(polygon, readRing))
}

/** Whether the point is in the polygon. */
export function polygonHolds({ loops }: Polygon, point: Vector3): boolean {
  let inside = false
  for (const loop of loops) if (loop.holds(point)) inside = !inside
  return inside
}

function shapeOf(type: string, coordinates: Dynamic): Dynamic {
  return new Map<string, Dynamic>([
    ['type', type],
    ['coordinates', coordinates],
  ])
}

/** A Point of GeoJSON. */
export function pointShape(position: Position): Dynamic {
  return shapeOf('Point', position)
}

/** A Point of GeoJSON at a point or in a direction. */
export function pointShapeOf(point: Vector3): Dynamic {
  return pointShape(positionOf(point))
}

/** A LineString of GeoJSON, or a MultiLineString where there is not one line. */
export function lineShape(lines: readonly (readonly Position[])[]): Dynamic {
  const [line] = lines
  return lines.length === 1 && line !== undefined
    ? shapeOf('LineString', line)
    : shapeOf('MultiLineString', lines)
}

/** A Polygon of GeoJSON, or a MultiPolygon where there is not one polygon; rings are closed. */
export function polygonShape(polygons: readonly (readonly (readonly Position[])[])[]): Dynamic {
  const [polygon] = polygons
  return polygons.length === 1 && polygon !== undefined
    ? shapeOf('Polygon', polygon)
    : shapeOf('MultiPolygon', polygons)
}

/** A GeometryCollection of GeoJSON. */
export function collectionShape(geometries: readonly Dynamic[]): Dynamic {
  return new Map<string, Dynamic>([
    ['type', 'GeometryCollection'],
    ['geometries', geometries],
  ])
}

/** The rings of a polygon, closed: those that bound it outside, each with its holes behind it. */
export function ringsOf(polygon: Polygon): Position[][][] {
  const { loops } = polygon
  const depths = loops.map(loop => holders(loop, loops))
  return loops.flatMap((loop, k) => {
    if (depths[k]!.length % 2 === 1) return []
    const holes = loops.filter(
      (_, h) => depths[h]!.includes(loop) && depths[h]!.length === depths[k]!.length + 1,
    )
    return [[ringOf(loop.vertices), ...holes.map(hole => ringOf(hole.vertices.toReversed()))]]
  })
}

/** The loops that a loop is within. */
export function holders(loop: Loop, loops: readonly Loop[]): readonly Loop[] {
  const inside = along(loop.at(0), loop.at(1), 0.5)
  return loops.filter(other => other !== loop && other.holds(inside))
}

function ringOf(vertices: readonly Vector3[]): Position[] {
  const positions = vertices.map(positionOf)
  return [...positions, ...positions.slice(0, 1)]
}
