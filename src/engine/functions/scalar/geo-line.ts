import { densified } from '../../../geo/densify.ts'
import { lineShape, pointShapeOf, readLines, readSingleLine } from '../../../geo/geojson.ts'
import {
  fractionAt,
  linesCentroid,
  linesLength,
  nearestOnLines,
  pointAt,
} from '../../../geo/measures.ts'
import { angleBetween, EARTH_RADIUS, pointOf } from '../../../geo/vector.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import {
  numberOf,
  ofPointAndShape,
  ofShape,
  positionOf,
  reader,
  toleranceOf,
} from './shared-geo.ts'

/** @see https://learn.microsoft.com/kusto/query/geo-distance-point-to-line-function */
export const geo_distance_point_to_line = scalar({
  name: 'geo_distance_point_to_line',
  doc: 'The shortest distance in meters from a point to a LineString or MultiLineString of GeoJSON, its edges the shortest lines on a sphere. null for coordinates and shapes that are none.',
  examples: [
    {
      query:
        'print d = round(geo_distance_point_to_line(-115.199625, 36.210419, dynamic({"type": "LineString", "coordinates": [[-115.183289, 36.175007], [-115.192612, 36.176736], [-115.202485, 36.173439]]})), 3)',
      rows: [{ d: 3797.889 }],
    },
    {
      query: 'print d = geo_distance_point_to_line(1, 1, dynamic({"type": "LineString"}))',
      rows: [{ d: null }],
    },
  ],
  overloads: ofPointAndShape(
    'real',
    readLines,
    (point, lines) => EARTH_RADIUS * angleBetween(point, nearestOnLines(point, lines)),
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-closest-point-on-line-function */
export const geo_closest_point_on_line = scalar({
  name: 'geo_closest_point_on_line',
  doc: 'The point of a LineString or MultiLineString of GeoJSON that is nearest to a point, as a Point of GeoJSON. null for coordinates and shapes that are none.',
  examples: [
    {
      query:
        'print p = geo_closest_point_on_line(-115.199625, 36.210419, dynamic({"type": "LineString", "coordinates": [[-115.183289, 36.175007], [-115.192612, 36.176736], [-115.202485, 36.173439]]})) | project x = round(todouble(p.coordinates[0]), 6), y = round(todouble(p.coordinates[1]), 6)',
      rows: [{ x: -115.192612, y: 36.176736 }],
    },
  ],
  overloads: ofPointAndShape('dynamic', readLines, (point, lines) =>
    pointShapeOf(nearestOnLines(point, lines)),
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-length-function */
export const geo_line_length = scalar({
  name: 'geo_line_length',
  doc: 'The length in meters of a LineString or MultiLineString of GeoJSON on a sphere; an edge that its lines share counts once. null for what is no such shape.',
  examples: [
    {
      query:
        'print r = round(geo_line_length(dynamic({"type": "LineString", "coordinates": [[0, 0], [1, 0]]})), 3)',
      rows: [{ r: 111195.101 }],
    },
    {
      query: 'print r = geo_line_length(dynamic({"type": "LineString", "coordinates": [[1, 1]]}))',
      rows: [{ r: null }],
    },
  ],
  overloads: ofShape('real', readLines, lines => EARTH_RADIUS * linesLength(lines)),
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-centroid-function */
export const geo_line_centroid = scalar({
  name: 'geo_line_centroid',
  doc: 'The centroid of a LineString or MultiLineString of GeoJSON on a sphere, as a Point of GeoJSON; an edge that its lines share counts once. null for what is no such shape.',
  examples: [
    {
      query:
        'print p = geo_line_centroid(dynamic({"type": "LineString", "coordinates": [[-73.95796, 40.80042], [-73.97317, 40.764486]]})) | project x = round(todouble(p.coordinates[0]), 9)',
      rows: [{ x: -73.965567057 }],
    },
  ],
  overloads: ofShape('dynamic', readLines, lines => pointShapeOf(linesCentroid(lines))),
})

const ON_SPHEROID = 'Locating a point on a line of the spheroid is not supported.'

/** @see https://learn.microsoft.com/kusto/query/geo-line-locate-point-function */
export const geo_line_locate_point = scalar({
  name: 'geo_line_locate_point',
  doc: 'Which part of a LineString of GeoJSON lies before the point of it that is nearest to a point, from 0 to 1, on a sphere. null for coordinates and shapes that are none. Measuring on the spheroid, which a fourth argument asks for, is not supported.',
  examples: [
    {
      query:
        'print r = round(geo_line_locate_point(dynamic({"type": "LineString", "coordinates": [[-73.95796, 40.80042], [-73.97317, 40.764486]]}), -73.965, 40.792), 9)',
      rows: [{ r: 0.255601351 }],
    },
  ],
  overloads: (['bool', 'number'] as const).map(spheroid =>
    overload({
      params: ['dynamic', 'number', 'number', spheroid],
      required: 3,
      returns: 'real',
      nulls: 'propagate',
      prepare(constants) {
        if (constants.length > 3 && constants[3] !== false) {
          throw new QueryError('KQL101', ON_SPHEROID, 3)
        }
        const read = reader(readSingleLine)
        return {
          each(shape, longitude, latitude) {
            const position = positionOf(longitude, latitude)
            const line = read(shape)
            if (position === undefined || line === undefined) return null
            return fractionAt(pointOf(position), line)
          },
        }
      },
    }),
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-interpolate-point-function */
export const geo_line_interpolate_point = scalar({
  name: 'geo_line_interpolate_point',
  doc: 'The point at a part of the length of a LineString of GeoJSON, from 0 to 1, on a sphere, as a Point of GeoJSON. null for a shape or part that is none.',
  examples: [
    {
      query:
        'print p = geo_line_interpolate_point(dynamic({"type": "LineString", "coordinates": [[-73.95796, 40.80042], [-73.97317, 40.764486]]}), 0.25) | project x = round(todouble(p.coordinates[0]), 9)',
      rows: [{ x: -73.961764043 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'number'],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare() {
        const read = reader(readSingleLine)
        return {
          each(shape, fraction) {
            const line = read(shape)
            const part = numberOf(fraction)
            if (line === undefined || !(part >= 0 && part <= 1)) return null
            return pointShapeOf(pointAt(part, line))
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-densify-function */
export const geo_line_densify = scalar({
  name: 'geo_line_densify',
  doc: 'A LineString or MultiLineString of GeoJSON with points added such that no edge on the sphere is farther than a tolerance in meters, 10 by default, from the straight line on the plane. null for a shape that is none and a tolerance that is not between 0.1 and 10000.',
  examples: [
    {
      query:
        'print r = tostring(geo_line_densify(dynamic({"type": "LineString", "coordinates": [[50, 50], [51, 51]]})).coordinates)',
      rows: [
        {
          r: '[[50,50],[50.125,50.125],[50.25,50.25],[50.375,50.375],[50.5,50.5],[50.625,50.625],[50.75,50.75],[50.875,50.875],[51,51]]',
        },
      ],
    },
    {
      query:
        'print r = geo_line_densify(dynamic({"type": "LineString", "coordinates": [[1, 1], [2, 2]]}), 0)',
      rows: [{ r: null }],
    },
  ],
  overloads: (['bool', 'number'] as const).map(flag =>
    overload({
      params: ['dynamic', 'number', flag],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      each(shape, tolerance: ScalarValue = 10, crossing: ScalarValue = false) {
        const lines = readLines(shape)
        const angle = toleranceOf(tolerance)
        if (lines === undefined || angle === undefined) return null
        const over = crossing === true || (crossing !== false && numberOf(crossing) !== 0)
        const dense = lines.map(line => densified(line.positions, angle, over))
        return dense.every(line => line !== undefined) ? lineShape(dense) : null
      },
    }),
  ),
})
