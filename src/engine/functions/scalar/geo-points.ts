import { GEODESIC, spheroidDistance } from '../../../geo/spheroid.ts'
import { angleBetween, EARTH_RADIUS, type Position, pointOf } from '../../../geo/vector.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import { overload, scalar } from '../declare.ts'
import { numberOf, positionOf } from './shared-geo.ts'

type Measure = (from: Position, to: Position) => number | null

function sphereDistance(from: Position, to: Position): number {
  return EARTH_RADIUS * angleBetween(pointOf(from), pointOf(to))
}

/** The function of two positions given as four numbers; null where one is none. */
function ofTwo(measure: Measure) {
  return (...[x1, y1, x2, y2]: readonly (ScalarValue | undefined)[]) => {
    const [from, to] = [positionOf(x1, y1), positionOf(x2, y2)]
    return from === undefined || to === undefined ? null : measure(from, to)
  }
}

const FOUR = ['number', 'number', 'number', 'number'] as const

/** @see https://learn.microsoft.com/kusto/query/geo-distance-2points-function */
export const geo_distance_2points = scalar({
  name: 'geo_distance_2points',
  doc: 'The shortest distance of two points on Earth in meters, longitude before latitude, on a sphere of radius 6371010 m, or, where the last argument is true, on the WGS-84 ellipsoid. null for coordinates that are none.',
  examples: [
    {
      query:
        'print d = round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056), 3)',
      rows: [{ d: 1546754.352 }],
    },
    { query: 'print d = geo_distance_2points(300, 1, 1, 1)', rows: [{ d: null }] },
  ],
  overloads: [
    overload({ params: FOUR, returns: 'real', nulls: 'propagate', each: ofTwo(sphereDistance) }),
    overload({
      params: [...FOUR, 'bool'],
      returns: 'real',
      nulls: 'propagate',
      needs: GEODESIC,
      each: (x1, y1, x2, y2, spheroid) =>
        ofTwo(spheroid ? spheroidDistance : sphereDistance)(x1, y1, x2, y2),
    }),
    overload({
      params: [...FOUR, 'number'],
      returns: 'real',
      nulls: 'propagate',
      needs: GEODESIC,
      each: (x1, y1, x2, y2, spheroid) =>
        ofTwo(numberOf(spheroid) === 0 ? sphereDistance : spheroidDistance)(x1, y1, x2, y2),
    }),
  ],
})

const TURN = 2 * Math.PI

/** Whether there is one shortest line between the points, that is, whether it has a direction. */
function haveLine(a: Position, b: Position): boolean {
  const [p, q] = [pointOf(a), pointOf(b)]
  const angle = angleBetween(p, q)
  return angle > 0 && Math.PI - angle > 1e-14
}

/** The direction of the line at its start: radians from north, clockwise. */
function azimuth([x1, y1]: Position, [x2, y2]: Position): number {
  const toRadians = Math.PI / 180
  const turn = (x2 - x1) * toRadians
  const [from, to] = [y1 * toRadians, y2 * toRadians]
  // cos(from) sin(to) - sin(from) cos(to) cos(turn), written such that nothing cancels for near points.
  const north = Math.sin(to - from) + 2 * Math.sin(from) * Math.cos(to) * Math.sin(turn / 2) ** 2
  return (Math.atan2(Math.sin(turn) * Math.cos(to), north) + TURN) % TURN
}

/** @see https://learn.microsoft.com/kusto/query/geo-azimuth-function */
export const geo_azimuth = scalar({
  name: 'geo_azimuth',
  doc: 'The direction from one point to another on a sphere: radians from north, clockwise. null for coordinates that are none, for the same point twice and for opposite points.',
  examples: [
    {
      query: 'print r = round(geo_azimuth(5, 10, 10, -40), 10)',
      rows: [{ r: 3.054599398 }],
    },
    { query: 'print r = geo_azimuth(5, 10, 5, 10)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: FOUR,
      returns: 'real',
      nulls: 'propagate',
      each: ofTwo((from, to) => (haveLine(from, to) ? azimuth(from, to) : null)),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-angle-function */
export const geo_angle = scalar({
  name: 'geo_angle',
  doc: 'The angle at the second of three points on a sphere, in radians, clockwise from the line to the first to the line to the third. null for coordinates that are none, and where the second is the same as another, or opposite to it.',
  examples: [
    {
      query: 'print r = round(geo_angle(0, 10, 0, 5, 3, -10), 10)',
      rows: [{ r: 2.9449384341 }],
    },
    { query: 'print r = geo_angle(0, 10, 0, 10, 3, -10)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: [...FOUR, 'number', 'number'],
      returns: 'real',
      nulls: 'propagate',
      each(x1, y1, x2, y2, x3, y3) {
        const [first, middle, last] = [positionOf(x1, y1), positionOf(x2, y2), positionOf(x3, y3)]
        if (first === undefined || middle === undefined || last === undefined) return null
        if (!haveLine(middle, first) || !haveLine(middle, last)) return null
        return (azimuth(middle, last) - azimuth(middle, first) + TURN) % TURN
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-point-in-circle-function */
export const geo_point_in_circle = scalar({
  name: 'geo_point_in_circle',
  doc: 'Whether a point, the first two numbers, is in the circle around another, the next two, with a radius in meters, on a sphere. null for coordinates that are none and for a radius that is not positive.',
  examples: [
    {
      query: 'print r = geo_point_in_circle(-122.143564, 47.535677, -122.100896, 47.527351, 3500)',
      rows: [{ r: true }],
    },
    { query: 'print r = geo_point_in_circle(1, 1, 1, 1, -1)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: [...FOUR, 'number'],
      returns: 'bool',
      nulls: 'propagate',
      each(x, y, centerX, centerY, radius) {
        const meters = numberOf(radius)
        const [point, center] = [positionOf(x, y), positionOf(centerX, centerY)]
        if (point === undefined || center === undefined || !(meters > 0)) return null
        return sphereDistance(point, center) <= meters
      },
    }),
  ],
})
