/** A point on the unit sphere, or a direction. */
export interface Vector3 {
  readonly x: number
  readonly y: number
  readonly z: number
}

/** Longitude and latitude in degrees, in the order of GeoJSON. */
export type Position = readonly [longitude: number, latitude: number]

/** Radius of the sphere that distances are measured on, in meters: that of the S2 library. */
export const EARTH_RADIUS = 6_371_010

const RADIANS = Math.PI / 180

/** Whether the numbers are a longitude and a latitude. NaN is neither. */
export function isPosition(longitude: number, latitude: number): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90
}

/** The point of a position; each pole, and each point of the antimeridian, is one point. */
export function pointOf([longitude, latitude]: Position): Vector3 {
  if (Math.abs(latitude) === 90) return { x: 0, y: 0, z: Math.sign(latitude) }
  const theta = (longitude === -180 ? 180 : longitude) * RADIANS
  const phi = latitude * RADIANS
  const flat = Math.cos(phi)
  return { x: flat * Math.cos(theta), y: flat * Math.sin(theta), z: Math.sin(phi) }
}

/** The position of a point or a direction. */
export function positionOf({ x, y, z }: Vector3): Position {
  const longitude = Math.atan2(y, x) / RADIANS
  const latitude = Math.atan2(z, Math.hypot(x, y)) / RADIANS
  return [longitude + 0, latitude + 0]
}

export function dot(a: Vector3, b: Vector3): number {
  return a.x * b.x + a.y * b.y + a.z * b.z
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x }
}

export function add(a: Vector3, b: Vector3): Vector3 {
  return { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z }
}

export function subtract(a: Vector3, b: Vector3): Vector3 {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z }
}

export function scale(a: Vector3, by: number): Vector3 {
  return { x: a.x * by, y: a.y * by, z: a.z * by }
}

export function length(a: Vector3): number {
  return Math.sqrt(dot(a, a))
}

/** The vector at length 1; the null vector as it is. */
export function normalize(a: Vector3): Vector3 {
  const size = length(a)
  return size === 0 ? a : scale(a, 1 / size)
}

export function isSame(a: Vector3, b: Vector3): boolean {
  return a.x === b.x && a.y === b.y && a.z === b.z
}

/** Whether no shortest edge joins the points. */
export function areAntipodal(a: Vector3, b: Vector3): boolean {
  return length(add(a, b)) < 1e-14
}

/**
 * Twice the cross product of two points, precise where they are close together too: the difference of
 * close points is exact, while `cross` of them cancels.
 */
export function normalOf(a: Vector3, b: Vector3): Vector3 {
  return cross(add(a, b), subtract(b, a))
}

/** The angle between two points in radians. */
export function angleBetween(a: Vector3, b: Vector3): number {
  return 2 * Math.atan2(length(subtract(a, b)), length(add(a, b)))
}
