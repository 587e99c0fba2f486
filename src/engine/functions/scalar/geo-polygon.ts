import { densified } from '../../../geo/densify.ts'
import {
  pointShape,
  pointShapeOf,
  polygonHolds,
  polygonShape,
  readPolygons,
  readRings,
} from '../../../geo/geojson.ts'
import {
  nearestOnPolygons,
  polygonArea,
  polygonCentroid,
  polygonPerimeter,
} from '../../../geo/measures.ts'
import { S2 } from '../../../geo/s2-cells.ts'
import { angleBetween, EARTH_RADIUS } from '../../../geo/vector.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import { overload, scalar } from '../declare.ts'
import { numberOf, ofPointAndShape, ofShape, readUnion, toleranceOf } from './shared-geo.ts'

/** @see https://learn.microsoft.com/kusto/query/geo-point-in-polygon-function */
export const geo_point_in_polygon = scalar({
  name: 'geo_point_in_polygon',
  doc: 'Whether a point is in a Polygon or MultiPolygon of GeoJSON, its edges the shortest lines on a sphere, its inside the smaller side. Of polygons side by side, one has the points between them. null for coordinates and shapes that are none.',
  examples: [
    {
      query:
        'print a = geo_point_in_polygon(5, 3, dynamic({"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 1], [0, 0]]]})), b = geo_point_in_polygon(3, 5, dynamic({"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 1], [0, 0]]]}))',
      rows: [{ a: true, b: false }],
    },
    {
      query:
        'print r = geo_point_in_polygon(1, 1, dynamic({"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 10], [0, 0]]]}))',
      rows: [{ r: null }],
    },
  ],
  overloads: ofPointAndShape('bool', readPolygons, (point, polygons) =>
    polygons.some(polygon => polygonHolds(polygon, point)),
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-distance-point-to-polygon-function */
export const geo_distance_point_to_polygon = scalar({
  name: 'geo_distance_point_to_polygon',
  doc: 'The shortest distance in meters from a point to a Polygon or MultiPolygon of GeoJSON on a sphere, 0 for a point in it. null for coordinates and shapes that are none.',
  examples: [
    {
      query:
        'print d = round(geo_distance_point_to_polygon(-73.9839, 40.7705, dynamic({"type": "Polygon", "coordinates": [[[-73.9495, 40.7969], [-73.95807266235352, 40.80068603561921], [-73.98201942443848, 40.76825672305777], [-73.97317886352539, 40.76455136505513], [-73.9495, 40.7969]]]})), 6)',
      rows: [{ d: 259.940756 }],
    },
  ],
  overloads: ofPointAndShape(
    'real',
    readPolygons,
    (point, polygons) => EARTH_RADIUS * angleBetween(point, nearestOnPolygons(point, polygons)),
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-closest-point-on-polygon-function */
export const geo_closest_point_on_polygon = scalar({
  name: 'geo_closest_point_on_polygon',
  doc: 'The point of a Polygon or MultiPolygon of GeoJSON that is nearest to a point, as a Point of GeoJSON: the same point where it is in it. null for coordinates and shapes that are none.',
  examples: [
    {
      query:
        'print p = geo_closest_point_on_polygon(-73.9839, 40.7705, dynamic({"type": "Polygon", "coordinates": [[[-73.9495, 40.7969], [-73.95807266235352, 40.80068603561921], [-73.98201942443848, 40.76825672305777], [-73.97317886352539, 40.76455136505513], [-73.9495, 40.7969]]]})) | project x = round(todouble(p.coordinates[0]), 9)',
      rows: [{ x: -73.98120558 }],
    },
  ],
  overloads: ofPointAndShape('dynamic', readPolygons, (point, polygons, position) => {
    const nearest = nearestOnPolygons(point, polygons)
    return nearest === point ? pointShape(position) : pointShapeOf(nearest)
  }),
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-area-function */
export const geo_polygon_area = scalar({
  name: 'geo_polygon_area',
  doc: 'The area in square meters of a Polygon of GeoJSON, or of the union of a MultiPolygon, on a sphere. null for what is no such shape.',
  examples: [
    {
      query:
        'print r = round(geo_polygon_area(dynamic({"type": "Polygon", "coordinates": [[[-73.9495, 40.7969], [-73.95807266235352, 40.80068603561921], [-73.98201942443848, 40.76825672305777], [-73.97317886352539, 40.76455136505513], [-73.9495, 40.7969]]]})), 4)',
      rows: [{ r: 3475207.2835 }],
    },
  ],
  overloads: ofShape('real', readUnion, union => EARTH_RADIUS ** 2 * polygonArea(union), S2),
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-perimeter-function */
export const geo_polygon_perimeter = scalar({
  name: 'geo_polygon_perimeter',
  doc: 'The length in meters of the boundary of a Polygon of GeoJSON, or of the union of a MultiPolygon, on a sphere. null for what is no such shape.',
  examples: [
    {
      query:
        'print r = round(geo_polygon_perimeter(dynamic({"type": "Polygon", "coordinates": [[[-73.9495, 40.7969], [-73.95807266235352, 40.80068603561921], [-73.98201942443848, 40.76825672305777], [-73.97317886352539, 40.76455136505513], [-73.9495, 40.7969]]]})), 6)',
      rows: [{ r: 9930.301496 }],
    },
  ],
  overloads: ofShape('real', readUnion, union => EARTH_RADIUS * polygonPerimeter(union), S2),
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-centroid-function */
export const geo_polygon_centroid = scalar({
  name: 'geo_polygon_centroid',
  doc: 'The centroid of a Polygon of GeoJSON, or of the union of a MultiPolygon, on a sphere, as a Point of GeoJSON. null for what is no such shape.',
  examples: [
    {
      query:
        'print p = geo_polygon_centroid(dynamic({"type": "Polygon", "coordinates": [[[-73.9495, 40.7969], [-73.95807266235352, 40.80068603561921], [-73.98201942443848, 40.76825672305777], [-73.97317886352539, 40.76455136505513], [-73.9495, 40.7969]]]})) | project x = round(todouble(p.coordinates[0]), 9)',
      rows: [{ x: -73.96573569 }],
    },
  ],
  overloads: ofShape('dynamic', readUnion, union => pointShapeOf(polygonCentroid(union)), S2),
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-densify-function */
export const geo_polygon_densify = scalar({
  name: 'geo_polygon_densify',
  doc: 'A Polygon or MultiPolygon of GeoJSON with points added such that no edge on the sphere is farther than a tolerance in meters, 10 by default, from the straight line on the plane. null for a shape that is none and a tolerance that is not between 0.1 and 10000.',
  examples: [
    {
      query:
        'print p = geo_polygon_densify(dynamic({"type": "Polygon", "coordinates": [[[10, 10], [11, 10], [11, 11], [10, 11], [10, 10]]]})) | project r = p.coordinates[0]',
      rows: [
        {
          r: [
            [10, 10],
            [10.25, 10],
            [10.5, 10],
            [10.75, 10],
            [11, 10],
            [11, 11],
            [10.75, 11],
            [10.5, 11],
            [10.25, 11],
            [10, 11],
            [10, 10],
          ],
        },
      ],
    },
  ],
  overloads: (['bool', 'number'] as const).map(flag =>
    overload({
      params: ['dynamic', 'number', flag],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      each(shape, tolerance: ScalarValue = 10, crossing: ScalarValue = false) {
        const polygons = readRings(shape)
        const angle = toleranceOf(tolerance)
        if (polygons === undefined || angle === undefined) return null
        const over = crossing === true || (crossing !== false && numberOf(crossing) !== 0)
        const dense = polygons.map(rings => rings.map(ring => densified(ring, angle, over)))
        return isComplete(dense) ? polygonShape(dense) : null
      },
    }),
  ),
})

function isComplete<T>(polygons: (T | undefined)[][]): polygons is T[][] {
  return polygons.every(rings => rings.every(ring => ring !== undefined))
}
