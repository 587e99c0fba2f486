import {
  collectionShape,
  lineShape,
  pointShapeOf,
  polygonShape,
  readLines,
  readPolygons,
  ringsOf,
} from '../../../geo/geojson.ts'
import {
  lineMeetsPolygons,
  linesMeet,
  polygonsMeet,
  type Shared,
  sharedByLineAndPolygon,
  sharedByLines,
  sharedByPolygons,
  unionOf,
  unionOfLines,
} from '../../../geo/overlay.ts'
import { S2 } from '../../../geo/s2-cells.ts'
import { positionOf } from '../../../geo/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { type Read, readEach, reader, readUnion } from './shared-geo.ts'

/** The overload of a test of two shapes; null where one is none. */
function test<A, B>(
  readA: Read<A>,
  readB: Read<B>,
  meet: (a: A, b: B) => boolean,
): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'bool',
      nulls: 'propagate',
      prepare() {
        const [first, second] = [reader(readA), reader(readB)]
        return {
          each(a, b) {
            const [p, q] = [first(a), second(b)]
            return p === undefined || q === undefined ? null : meet(p, q)
          },
        }
      },
    }),
  ]
}

/** The overload of what two shapes share; null where one is none. */
function shared<A, B>(
  readA: Read<A>,
  readB: Read<B>,
  share: (a: A, b: B) => Shared,
): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      needs: S2,
      prepare() {
        const [first, second] = [reader(readA), reader(readB)]
        return {
          each(a, b) {
            const [p, q] = [first(a), second(b)]
            return p === undefined || q === undefined ? null : sharedShape(share(p, q))
          },
        }
      },
    }),
  ]
}

/** One shape of a kind, or a collection of the kinds; an empty collection where nothing is shared. */
function sharedShape({ points, lines, polygons }: Shared): Dynamic {
  const shapes: Dynamic[] = []
  if (points.length === 1) shapes.push(pointShapeOf(points[0]!))
  else if (points.length > 1) {
    shapes.push(
      new Map<string, Dynamic>([
        ['type', 'MultiPoint'],
        ['coordinates', points.map(positionOf)],
      ]),
    )
  }
  if (lines.length > 0) shapes.push(lineShape(lines.map(line => line.map(positionOf))))
  if (polygons.length > 0) shapes.push(polygonShape(polygons.flatMap(ringsOf)))
  const [shape] = shapes
  return shapes.length === 1 && shape !== undefined ? shape : collectionShape(shapes)
}

/** @see https://learn.microsoft.com/kusto/query/geo-intersects-2lines-function */
export const geo_intersects_2lines = scalar({
  name: 'geo_intersects_2lines',
  doc: 'Whether two LineStrings or MultiLineStrings of GeoJSON cross or share a vertex, on a sphere. null where one is no such shape.',
  examples: [
    {
      query:
        'print r = geo_intersects_2lines(dynamic({"type": "LineString", "coordinates": [[-73.978929, 40.785155], [-73.980903, 40.782621]]}), dynamic({"type": "LineString", "coordinates": [[-73.985195, 40.788275], [-73.974552, 40.779761]]}))',
      rows: [{ r: true }],
    },
  ],
  overloads: test(readLines, readLines, linesMeet),
})

/** @see https://learn.microsoft.com/kusto/query/geo-intersects-line-with-polygon-function */
export const geo_intersects_line_with_polygon = scalar({
  name: 'geo_intersects_line_with_polygon',
  doc: 'Whether a LineString or MultiLineString of GeoJSON has a point in common with a Polygon or MultiPolygon, on a sphere. null where one is no such shape.',
  examples: [
    {
      query:
        'print r = geo_intersects_line_with_polygon(dynamic({"type": "LineString", "coordinates": [[4, 3], [5, 3]]}), dynamic({"type": "Polygon", "coordinates": [[[0, 0], [10, 1], [10, 10], [0, 0]]]}))',
      rows: [{ r: true }],
    },
  ],
  overloads: test(readLines, readPolygons, lineMeetsPolygons),
})

/** @see https://learn.microsoft.com/kusto/query/geo-intersects-2polygons-function */
export const geo_intersects_2polygons = scalar({
  name: 'geo_intersects_2polygons',
  doc: 'Whether two Polygons or MultiPolygons of GeoJSON have a point in common, on a sphere. null where one is no such shape.',
  examples: [
    {
      query:
        'print r = geo_intersects_2polygons(dynamic({"type": "Polygon", "coordinates": [[[2, 45], [0, 45], [1, 44], [2, 45]]]}), dynamic({"type": "Polygon", "coordinates": [[[3, 44], [3, 45], [2, 43], [3, 44]]]}))',
      rows: [{ r: false }],
    },
  ],
  overloads: test(readPolygons, readPolygons, polygonsMeet),
})

/** @see https://learn.microsoft.com/kusto/query/geo-intersection-2lines-function */
export const geo_intersection_2lines = scalar({
  name: 'geo_intersection_2lines',
  doc: 'What two LineStrings or MultiLineStrings of GeoJSON share, on a sphere: the points where they cross or meet, and the edges that are the same, as one shape of GeoJSON, or a collection. null where one is no such shape.',
  examples: [
    {
      query:
        'print p = geo_intersection_2lines(dynamic({"type": "LineString", "coordinates": [[-73.978929, 40.785155], [-73.980903, 40.782621]]}), dynamic({"type": "LineString", "coordinates": [[-73.985195, 40.788275], [-73.974552, 40.779761]]})) | project t = p.type, x = round(todouble(p.coordinates[0]), 9)',
      rows: [{ t: 'Point', x: -73.979837117 }],
    },
    {
      query:
        'print r = geo_intersection_2lines(dynamic({"type": "LineString", "coordinates": [[1, 1], [2, 2]]}), dynamic({"type": "LineString", "coordinates": [[3, 3], [4, 4]]}))',
      rows: [{ r: { type: 'GeometryCollection', geometries: [] } }],
    },
  ],
  overloads: shared(readLines, readLines, sharedByLines),
})

/** @see https://learn.microsoft.com/kusto/query/geo-intersection-line-with-polygon-function */
export const geo_intersection_line_with_polygon = scalar({
  name: 'geo_intersection_line_with_polygon',
  doc: 'The parts of a LineString or MultiLineString of GeoJSON that are in a Polygon or MultiPolygon, on a sphere, as one shape of GeoJSON, or a collection. null where one is no such shape.',
  examples: [
    {
      query:
        'print p = geo_intersection_line_with_polygon(dynamic({"type": "LineString", "coordinates": [[-73.985195, 40.788275], [-73.974552, 40.779761]]}), dynamic({"type": "Polygon", "coordinates": [[[-73.9712905883789, 40.78580561168767], [-73.98004531860352, 40.775276834803655], [-73.97000312805176, 40.77852663535664], [-73.9712905883789, 40.78580561168767]]]})) | project t = p.type, x = round(todouble(p.coordinates[0][0]), 9)',
      rows: [{ t: 'LineString', x: -73.975611957 }],
    },
  ],
  overloads: shared(readLines, readUnion, sharedByLineAndPolygon),
})

/** @see https://learn.microsoft.com/kusto/query/geo-intersection-2polygons-function */
export const geo_intersection_2polygons = scalar({
  name: 'geo_intersection_2polygons',
  doc: 'What two Polygons or MultiPolygons of GeoJSON share, on a sphere, as one shape of GeoJSON, or a collection: they may share points or lines alone. null where one is no such shape.',
  examples: [
    {
      query:
        'print p = geo_intersection_2polygons(dynamic({"type": "Polygon", "coordinates": [[[2, 45], [0, 45], [1, 44], [2, 45]]]}), dynamic({"type": "Polygon", "coordinates": [[[3, 44], [2, 45], [2, 43], [3, 44]]]})) | project t = p.type, x = round(todouble(p.coordinates[0]), 9)',
      rows: [{ t: 'Point', x: 2 }],
    },
  ],
  overloads: shared(readUnion, readUnion, sharedByPolygons),
})

/** @see https://learn.microsoft.com/kusto/query/geo-union-polygons-array-function */
export const geo_union_polygons_array = scalar({
  name: 'geo_union_polygons_array',
  doc: 'The union of an array of Polygons and MultiPolygons of GeoJSON, on a sphere, as one Polygon or MultiPolygon. null where an element is no such shape.',
  examples: [
    {
      query:
        'print p = geo_union_polygons_array(pack_array(geo_geohash_to_polygon("s00"), geo_geohash_to_polygon("s01"))) | project t = p.type, n = array_length(p.coordinates[0])',
      rows: [{ t: 'Polygon', n: 7 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      needs: S2,
      each(array) {
        const polygons = readEach(array, readPolygons)
        return polygons === undefined ? null : polygonShape(ringsOf(unionOf(polygons)))
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-union-lines-array-function */
export const geo_union_lines_array = scalar({
  name: 'geo_union_lines_array',
  doc: 'The union of an array of LineStrings and MultiLineStrings of GeoJSON, as one LineString or MultiLineString: edges that are the same are there once, and lines that go on from another are joined. null where an element is no such shape.',
  examples: [
    {
      query:
        'print p = geo_union_lines_array(dynamic([{"type": "LineString", "coordinates": [[0, 0], [1, 1], [2, 1]]}, {"type": "LineString", "coordinates": [[1, 1], [2, 1], [3, 0]]}])) | project t = p.type, n = array_length(p.coordinates)',
      rows: [{ t: 'LineString', n: 4 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      needs: S2,
      each(array) {
        const lines = readEach(array, readLines)
        if (lines === undefined) return null
        return lineShape(unionOfLines(lines).map(line => line.map(positionOf)))
      },
    }),
  ],
})
