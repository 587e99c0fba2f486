import { geohashOf, neighboursOf, rectangleOf } from '../../../geo/geohash.ts'
import { pointShape, polygonShape } from '../../../geo/geojson.ts'
import type { Position } from '../../../geo/vector.ts'
import { scalar } from '../declare.ts'
import { cellOfPoint, ofCell } from './shared-cells.ts'

/** @see https://learn.microsoft.com/kusto/query/geo-point-to-geohash-function */
export const geo_point_to_geohash = scalar({
  name: 'geo_point_to_geohash',
  doc: 'The geohash of a point, 5 characters long or as many as the third argument says, from 1 to 18. Empty for coordinates or a length that are none.',
  examples: [
    {
      query: 'print r = geo_point_to_geohash(-80.195829, 25.802215, 8)',
      rows: [{ r: 'dhwfz15h' }],
    },
    { query: 'print r = geo_point_to_geohash(-122.303404, 47.570482)', rows: [{ r: 'c23n8' }] },
    { query: 'print r = geo_point_to_geohash(200, 1, 8)', rows: [{ r: '' }] },
  ],
  overloads: cellOfPoint({ coarsest: 1, finest: 18, usual: 5n, tokenAt: geohashOf }),
})

/** @see https://learn.microsoft.com/kusto/query/geo-geohash-to-central-point-function */
export const geo_geohash_to_central_point = scalar({
  name: 'geo_geohash_to_central_point',
  doc: 'The center of the rectangle of a geohash, as a Point of GeoJSON; null for text that is no geohash.',
  examples: [
    {
      query: 'print r = geo_geohash_to_central_point("sunny")',
      rows: [{ r: { type: 'Point', coordinates: [42.47314453125, 23.70849609375] } }],
    },
    { query: 'print r = geo_geohash_to_central_point("a")', rows: [{ r: null }] },
  ],
  overloads: ofCell('dynamic', hash => {
    const rectangle = rectangleOf(hash)
    if (rectangle === undefined) return undefined
    const { west, south, width, height } = rectangle
    return pointShape([west + width / 2, south + height / 2])
  }),
})

/** @see https://learn.microsoft.com/kusto/query/geo-geohash-to-polygon-function */
export const geo_geohash_to_polygon = scalar({
  name: 'geo_geohash_to_polygon',
  doc: 'The rectangle of a geohash, as a Polygon of GeoJSON from its south-west corner on; null for text that is no geohash.',
  examples: [
    {
      query: 'print r = geo_geohash_to_polygon("dr5ru").coordinates[0][0]',
      rows: [{ r: [-74.00390625, 40.7373046875] }],
    },
    { query: 'print r = geo_geohash_to_polygon("a")', rows: [{ r: null }] },
  ],
  overloads: ofCell('dynamic', hash => {
    const rectangle = rectangleOf(hash)
    if (rectangle === undefined) return undefined
    const { west, south, width, height } = rectangle
    const [east, north] = [west + width, south + height]
    const ring: Position[] = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ]
    return polygonShape([[ring]])
  }),
})

/** @see https://learn.microsoft.com/kusto/query/geo-geohash-neighbors-function */
export const geo_geohash_neighbors = scalar({
  name: 'geo_geohash_neighbors',
  doc: 'The geohashes around one, of the same length: eight, or five at a pole. null for text that is no geohash.',
  examples: [
    {
      query: 'print r = geo_geohash_neighbors("sunny")',
      rows: [{ r: ['sunnt', 'sunpj', 'sunnx', 'sunpn', 'sunnv', 'sunpp', 'sunnz', 'sunnw'] }],
    },
    { query: 'print r = geo_geohash_neighbors("a")', rows: [{ r: null }] },
  ],
  overloads: ofCell('dynamic', neighboursOf),
})
