import { geohashOf, neighboursOf, rectangleOf } from '../../../geo/geohash.ts'
import { pointShape, polygonShape } from '../../../geo/geojson.ts'
import { overload, scalar } from '../declare.ts'
import { positionOf } from './shared-geo.ts'

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
  overloads: [
    overload({
      params: ['number', 'number', 'long'],
      required: 2,
      returns: 'string',
      nulls: 'handled',
      each(longitude, latitude, accuracy: bigint | null = 5n) {
        const position = positionOf(longitude, latitude)
        if (position === undefined || accuracy === null || accuracy < 1n || accuracy > 18n) {
          return ''
        }
        return geohashOf(position, Number(accuracy))
      },
    }),
  ],
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
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(hash) {
        const rectangle = rectangleOf(hash)
        if (rectangle === undefined) return null
        const { west, south, width, height } = rectangle
        return pointShape([west + width / 2, south + height / 2])
      },
    }),
  ],
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
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(hash) {
        const rectangle = rectangleOf(hash)
        if (rectangle === undefined) return null
        const { west, south, width, height } = rectangle
        const [east, north] = [west + width, south + height]
        return polygonShape([
          [
            [
              [west, south],
              [east, south],
              [east, north],
              [west, north],
              [west, south],
            ],
          ],
        ])
      },
    }),
  ],
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
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: hash => neighboursOf(hash) ?? null,
    }),
  ],
})
