import { type Polygon, readPolygons } from '../../../geo/geojson.ts'
import { unionOf } from '../../../geo/overlay.ts'
import {
  EARTH_RADIUS,
  isPosition,
  type Position,
  pointOf,
  type Vector3,
} from '../../../geo/vector.ts'
import type { ScalarValue, ScalarValueOf } from '../../../tables/vector.ts'
import { isDecimal, realFromDecimal } from '../../../types/decimal.ts'
import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import type { Loadable } from '../../../types/on-demand.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload } from '../declare.ts'

/** Reads a shape; undefined for what is none. */
export type Read<T> = (value: Dynamic) => T | undefined

/** The number of an argument of the class `number`; NaN for what is none. */
export function numberOf(value: ScalarValue | undefined): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return isDecimal(value) ? realFromDecimal(value) : Number.NaN
}

/** The position of two numbers; undefined where they are no longitude and latitude. */
export function positionOf(
  longitude: ScalarValue | undefined,
  latitude: ScalarValue | undefined,
): Position | undefined {
  const position: Position = [numberOf(longitude), numberOf(latitude)]
  return isPosition(...position) ? position : undefined
}

/**
 * What `read` makes of a dynamic; a shape that rows share, as a constant is by all, is read once.
 */
export function reader<T>(read: Read<T>): Read<T> {
  const known = new WeakMap<object, { readonly shape: T | undefined }>()
  return value => {
    if (typeof value !== 'object' || value === null) return read(value)
    let entry = known.get(value)
    if (entry === undefined) {
      entry = { shape: read(value) }
      known.set(value, entry)
    }
    return entry.shape
  }
}

/** A tolerance of densifying in meters as an angle; undefined where it is none. */
export function toleranceOf(tolerance: ScalarValue): number | undefined {
  const meters = numberOf(tolerance)
  return meters >= 0.1 && meters <= 10_000 ? meters / EARTH_RADIUS : undefined
}

/** The union of the polygons of a Polygon or MultiPolygon; undefined where the value is neither. */
export function readUnion(value: Dynamic): Polygon | undefined {
  const polygons = readPolygons(value)
  return polygons === undefined ? undefined : unionOf(polygons)
}

/** The overload of a function of a point and a shape; null where one is none. */
export function ofPointAndShape<T, R extends 'real' | 'bool' | 'dynamic'>(
  returns: R,
  read: Read<T>,
  tell: (point: Vector3, shape: T, position: Position) => ScalarValueOf<R>,
): ScalarOverload[] {
  const type: ScalarType = returns
  return [
    overload({
      params: ['number', 'number', 'dynamic'],
      returns: type,
      nulls: 'propagate',
      prepare() {
        const shapeOf = reader(read)
        return {
          each(longitude, latitude, value): Dynamic {
            const position = positionOf(longitude, latitude)
            const shape = shapeOf(value)
            if (position === undefined || shape === undefined) return null
            return tell(pointOf(position), shape, position)
          },
        }
      },
    }),
  ]
}

/** The overload of what a shape has; null where it is none. */
export function ofShape<T, R extends 'real' | 'dynamic'>(
  returns: R,
  read: Read<T>,
  tell: (shape: T) => ScalarValueOf<R>,
  needs?: Loadable,
): ScalarOverload[] {
  const type: ScalarType = returns
  return [
    overload({
      params: ['dynamic'],
      returns: type,
      nulls: 'propagate',
      ...(needs === undefined ? {} : { needs }),
      each(value): Dynamic {
        const shape = read(value)
        return shape === undefined ? null : tell(shape)
      },
    }),
  ]
}

/** What all shapes of an array hold; undefined where one is none. */
export function readEach<T>(value: Dynamic, read: Read<readonly T[]>): T[] | undefined {
  if (!isArray(value) || value.length === 0) return undefined
  const all: T[] = []
  for (const shape of value) {
    const parts = read(shape)
    if (parts === undefined) return undefined
    all.push(...parts)
  }
  return all
}
