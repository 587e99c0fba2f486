import { lineShape, polygonShape, readLines, readPolygons, ringsOf } from '../../../geo/geojson.ts'
import { polygonsMeet, unionOf } from '../../../geo/overlay.ts'
import { S2 } from '../../../geo/s2-cells.ts'
import { simplifiedLines, simplifiedPolygon } from '../../../geo/simplify.ts'
import { EARTH_RADIUS, positionOf } from '../../../geo/vector.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import { LimitError } from '../../../text/limit-error.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { numberOf, type Read, readEach, readUnion } from './shared-geo.ts'

/** The largest tolerance, as an angle: 7,783,650 meters. */
const LARGEST = (70 / 180) * Math.PI

const DETAILS =
  'Vertices nearer to another than a tolerance in meters, 10 by default, are left out, and nearly straight chains of edges become one edge that passes what it left out within the tolerance. Where parts of a shape come near each other, a point of an edge may become a vertex, so that they do not cross. Which vertices stay is decided as the S2 library documents it. null for a shape or tolerance that is none, from 0 to 7783650, and where all of the shape is smaller.'

/** The overload of a simplification; null for a shape or tolerance that is none. */
function simplifying<T>(
  read: Read<T>,
  simplify: (shape: T, radius: number) => Dynamic,
): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'number'],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      needs: S2,
      each(value, tolerance: ScalarValue = 10) {
        const radius = numberOf(tolerance) / EARTH_RADIUS
        if (!(radius >= 0 && radius <= LARGEST)) return null
        const shape = read(value)
        return shape === undefined ? null : simplify(shape, radius)
      },
    }),
  ]
}

function simplePolygon(polygon: ReturnType<typeof unionOf>, radius: number): Dynamic {
  const simplified = simplifiedPolygon(polygon, radius)
  return simplified === undefined ? null : polygonShape(ringsOf(simplified))
}

/** @see https://learn.microsoft.com/kusto/query/geo-line-simplify-function */
export const geo_line_simplify = scalar({
  name: 'geo_line_simplify',
  doc: `A LineString or MultiLineString of GeoJSON with less vertices, on a sphere; of several lines, their union. ${DETAILS}`,
  examples: [
    {
      query:
        'print r = tostring(geo_line_simplify(dynamic({"type": "LineString", "coordinates": [[0, 0], [1, 0.000001], [2, 0], [2, 4]]}), 10).coordinates)',
      rows: [{ r: '[[0,0],[2,0],[2,4]]' }],
    },
    {
      query:
        'print r = geo_line_simplify(dynamic({"type": "LineString", "coordinates": [[1.1, 1.1], [1.2, 1.2]]}), 100000)',
      rows: [{ r: null }],
    },
  ],
  overloads: simplifying(readLines, (lines, radius) => {
    const simplified = simplifiedLines(lines, radius)
    return simplified.length === 0 ? null : lineShape(simplified.map(line => line.map(positionOf)))
  }),
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-simplify-function */
export const geo_polygon_simplify = scalar({
  name: 'geo_polygon_simplify',
  doc: `A Polygon or MultiPolygon of GeoJSON with less vertices, on a sphere; of several polygons, their union. ${DETAILS}`,
  examples: [
    {
      query:
        'print r = array_length(geo_polygon_simplify(dynamic({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 0.00001], [1, 1], [0, 1], [0, 0]]]})).coordinates[0])',
      rows: [{ r: 5 }],
    },
    {
      query:
        'print r = geo_polygon_simplify(dynamic({"type": "Polygon", "coordinates": [[[5, 48], [0, 50], [0, 47], [4, 47], [5, 48]]]}), 1000000)',
      rows: [{ r: null }],
    },
  ],
  overloads: simplifying(readUnion, simplePolygon),
})

const BORDERS = 'Simplifying polygons that touch or overlap each other is not supported.'

/** @see https://learn.microsoft.com/kusto/query/geo-simplify-polygons-array-function */
export const geo_simplify_polygons_array = scalar({
  name: 'geo_simplify_polygons_array',
  doc: `The Polygons and MultiPolygons of GeoJSON of an array as one Polygon or MultiPolygon with less vertices, on a sphere. ${DETAILS} A run fails where polygons touch or overlap each other, unless all of them are smaller.`,
  examples: [
    {
      query:
        'print r = geo_simplify_polygons_array(pack_array(geo_geohash_to_polygon("s00"), geo_geohash_to_polygon("u00")), 100).type',
      rows: [{ r: 'MultiPolygon' }],
    },
    { query: 'print r = geo_simplify_polygons_array(dynamic([1]))', rows: [{ r: null }] },
  ],
  overloads: simplifying(
    value => readEach(value, readPolygons),
    (polygons, radius) => {
      const simple = simplePolygon(unionOf(polygons), radius)
      // Nothing that is as large as the tolerance has no borders to keep.
      if (simple === null) return null
      polygons.forEach((polygon, k) => {
        if (polygonsMeet([polygon], polygons.slice(k + 1))) throw new LimitError(BORDERS)
      })
      return simple
    },
  ),
})
