import {
  bufferOfLines,
  bufferOfPoint,
  bufferOfPolygon,
  type Reach,
  reachOf,
} from '../../../geo/buffer.ts'
import { type Polygon, polygonShape, readLines, ringsOf } from '../../../geo/geojson.ts'
import { S2 } from '../../../geo/s2-cells.ts'
import { pointOf } from '../../../geo/vector.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { numberOf, positionOf, type Read, reader, readUnion } from './shared-geo.ts'

const TOLERANCE =
  'Its vertices are as far away as the radius says; its edges are nearer, or beside a long edge farther, by no more than a tolerance of 10 meters or the one given, a millionth of the radius at least. null for a shape, radius or tolerance that is none. A run fails where the result does not fit into half of the sphere.'

function polygonOf(polygon: Polygon): Dynamic {
  return polygonShape(ringsOf(polygon))
}

/** The overload of a buffer around shapes that `read` reads. */
function around<T>(read: Read<T>, buffer: (shape: T, reach: Reach) => Polygon): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'number', 'number'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      needs: S2,
      prepare() {
        const shapeOf = reader(read)
        return {
          each(value, radius, tolerance: ScalarValue = 10) {
            const shape = shapeOf(value)
            const reach = reachOf(numberOf(radius), numberOf(tolerance))
            if (shape === undefined || reach === undefined) return null
            return polygonOf(buffer(shape, reach))
          },
        }
      },
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/geo-point-buffer-function */
export const geo_point_buffer = scalar({
  name: 'geo_point_buffer',
  doc: `The polygon of GeoJSON that stands for the circle around a point, with a radius in meters, on a sphere. ${TOLERANCE}`,
  examples: [
    {
      query:
        'print b = geo_point_buffer(-115.1745008278, 36.1497251277, 20000) | project t = b.type, a = geo_point_in_polygon(-115.17, 36.32, b), far = geo_point_in_polygon(-115.17, 36.34, b)',
      rows: [{ t: 'Polygon', a: true, far: false }],
    },
    { query: 'print r = geo_point_buffer(10, 10, -1)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['number', 'number', 'number', 'number'],
      required: 3,
      returns: 'dynamic',
      nulls: 'propagate',
      each(longitude, latitude, radius, tolerance: ScalarValue = 10) {
        const position = positionOf(longitude, latitude)
        const reach = reachOf(numberOf(radius), numberOf(tolerance))
        if (position === undefined || reach === undefined) return null
        return polygonOf(bufferOfPoint(pointOf(position), reach))
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-buffer-function */
export const geo_line_buffer = scalar({
  name: 'geo_line_buffer',
  doc: `The Polygon or MultiPolygon of GeoJSON around a LineString or MultiLineString, with a radius in meters, on a sphere; its ends are round. ${TOLERANCE}`,
  examples: [
    {
      query:
        'print b = geo_line_buffer(dynamic({"type": "LineString", "coordinates": [[-80.66634997047466, 24.894526340592122], [-80.67373241820246, 24.890808090321286]]}), 4, 0.1) | project t = b.type, on = geo_point_in_polygon(-80.67, 24.892688, b), off = geo_point_in_polygon(-80.67, 24.8928, b)',
      rows: [{ t: 'Polygon', on: true, off: false }],
    },
    {
      query:
        'print r = geo_line_buffer(dynamic({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}), 0)',
      rows: [{ r: null }],
    },
  ],
  overloads: around(readLines, bufferOfLines),
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-buffer-function */
export const geo_polygon_buffer = scalar({
  name: 'geo_polygon_buffer',
  doc: `The Polygon or MultiPolygon of GeoJSON with a Polygon or MultiPolygon and what is around it, with a radius in meters, on a sphere. ${TOLERANCE}`,
  examples: [
    {
      query:
        'print b = geo_polygon_buffer(dynamic({"type": "Polygon", "coordinates": [[[139.813757, 35.719666], [139.72558, 35.71813], [139.727471, 35.653231], [139.818721, 35.657264], [139.813757, 35.719666]]]}), 10000) | project t = b.type, near = geo_point_in_polygon(139.77, 35.8, b), far = geo_point_in_polygon(139.77, 35.82, b)',
      rows: [{ t: 'Polygon', near: true, far: false }],
    },
    {
      query: 'print r = geo_polygon_buffer(dynamic({"type": "p"}), 1)',
      rows: [{ r: null }],
    },
  ],
  overloads: around(readUnion, bufferOfPolygon),
})
