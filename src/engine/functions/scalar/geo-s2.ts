import { type Covered, coveredPolygons, covering } from '../../../geo/covering.ts'
import { pointShape, polygonShape, readLines, readPolygons } from '../../../geo/geojson.ts'
import {
  cellCenter,
  cellCorners,
  cellNeighbours,
  FINEST,
  S2,
  tokenAt,
} from '../../../geo/s2-cells.ts'
import { EARTH_RADIUS } from '../../../geo/vector.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { type Cells, cellOfPoint, levelOf, ofCell } from './shared-cells.ts'
import { numberOf, type Read, reader } from './shared-geo.ts'

const CELLS = { coarsest: 0, finest: FINEST, usual: 11n, needs: S2, tokenAt } satisfies Cells

/** @see https://learn.microsoft.com/kusto/query/geo-point-to-s2cell-function */
export const geo_point_to_s2cell = scalar({
  name: 'geo_point_to_s2cell',
  doc: 'The token of the S2 cell that a point is in, of level 11 or of the level that the third argument says, from 0 to 30. Empty for coordinates or a level that are none.',
  examples: [
    { query: 'print r = geo_point_to_s2cell(-80.195829, 25.802215, 8)', rows: [{ r: '88d9b' }] },
    { query: 'print r = geo_point_to_s2cell(1, 1, 35)', rows: [{ r: '' }] },
  ],
  overloads: cellOfPoint(CELLS),
})

/** @see https://learn.microsoft.com/kusto/query/geo-s2cell-to-central-point-function */
export const geo_s2cell_to_central_point = scalar({
  name: 'geo_s2cell_to_central_point',
  doc: 'The center of an S2 cell, as a Point of GeoJSON; null for text that is no token.',
  examples: [
    {
      query:
        'print p = geo_s2cell_to_central_point("1234567") | project r = round(todouble(p.coordinates[0]), 6)',
      rows: [{ r: 9.868307 }],
    },
    { query: 'print r = geo_s2cell_to_central_point("a")', rows: [{ r: null }] },
  ],
  overloads: ofCell(
    'dynamic',
    token => {
      const center = cellCenter(token)
      return center && pointShape(center)
    },
    S2,
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-s2cell-to-polygon-function */
export const geo_s2cell_to_polygon = scalar({
  name: 'geo_s2cell_to_polygon',
  doc: 'The region of an S2 cell, as a Polygon of GeoJSON; null for text that is no token.',
  examples: [
    {
      query:
        'print p = geo_s2cell_to_polygon("89c259") | project r = round(todouble(p.coordinates[0][0][1]), 6)',
      rows: [{ r: 40.801268 }],
    },
    { query: 'print r = geo_s2cell_to_polygon("a")', rows: [{ r: null }] },
  ],
  overloads: ofCell(
    'dynamic',
    token => {
      const corners = cellCorners(token)
      return corners && polygonShape([[[...corners, ...corners.slice(0, 1)]]])
    },
    S2,
  ),
})

/** @see https://learn.microsoft.com/kusto/query/geo-s2cell-neighbors-function */
export const geo_s2cell_neighbors = scalar({
  name: 'geo_s2cell_neighbors',
  doc: 'The tokens of the S2 cells around one, of its level; null for text that is no token.',
  examples: [
    {
      query: 'print r = geo_s2cell_neighbors("89c259")',
      rows: [
        { r: ['89c25d', '89c2f9', '89c251', '89c257', '89c25f', '89c25b', '89c2f7', '89c2f5'] },
      ],
    },
    { query: 'print r = geo_s2cell_neighbors("a")', rows: [{ r: null }] },
  ],
  overloads: ofCell('dynamic', cellNeighbours, S2),
})

/** The overload of the cells that cover a shape; null for a shape, level or radius that is none. */
function coveringOf(read: Read<Covered>): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'long', 'number'],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      needs: S2,
      prepare() {
        const shapeOf = reader(read)
        return {
          each(value, level: bigint = CELLS.usual, radius: ScalarValue = 0) {
            const shape = shapeOf(value)
            const meters = numberOf(radius)
            const known = levelOf(level, CELLS)
            if (shape === undefined || known === undefined || !(meters >= 0)) return null
            return covering(shape, known, meters / EARTH_RADIUS) ?? null
          },
        }
      },
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-to-s2cells-function */
export const geo_polygon_to_s2cells = scalar({
  name: 'geo_polygon_to_s2cells',
  doc: 'The tokens of the S2 cells that cover a Polygon or MultiPolygon of GeoJSON and all points within a radius in meters of it, 0 by default; of level 11 or another. null for a shape, level or radius that is none, and for more than 65536 cells.',
  examples: [
    {
      query:
        'print r = array_length(geo_polygon_to_s2cells(dynamic({"type": "Polygon", "coordinates": [[[0, 0], [0, 50], [100, 50], [0, 0]]]}), 5))',
      rows: [{ r: 286 }],
    },
    {
      query:
        'print r = geo_polygon_to_s2cells(dynamic({"type": "Polygon", "coordinates": [[[0, 0], [0, 50], [100, 50], [0, 0]]]}), 30)',
      rows: [{ r: null }],
    },
  ],
  overloads: coveringOf(value => {
    const polygons = readPolygons(value)
    return polygons && coveredPolygons(polygons)
  }),
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-to-s2cells-function */
export const geo_line_to_s2cells = scalar({
  name: 'geo_line_to_s2cells',
  doc: 'The tokens of the S2 cells that cover a LineString or MultiLineString of GeoJSON and all points within a radius in meters of it, 0 by default; of level 11 or another. null for a shape, level or radius that is none, and for more than 65536 cells.',
  examples: [
    {
      query:
        'print r = geo_line_to_s2cells(dynamic({"type": "LineString", "coordinates": [[10.1234, 53], [10.3579, 53]]}), 8)',
      rows: [{ r: ['47b1d'] }],
    },
  ],
  overloads: coveringOf(value => {
    const edges = readLines(value)?.flatMap(({ points }) =>
      points.slice(1).map((b, k) => ({ a: points[k]!, b })),
    )
    return edges && { edges, polygons: [] }
  }),
})
