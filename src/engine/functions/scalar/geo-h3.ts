import { pointShape, polygonShape, readRings } from '../../../geo/geojson.ts'
import {
  cellsWithin,
  centerOf,
  childrenOf,
  FINEST,
  H3,
  isToken,
  parentOf,
  resolutionOf,
  ringOf,
  ringsAround,
  tokenAt,
} from '../../../geo/h3-cells.ts'
import type { ScalarValue, ScalarValueOf } from '../../../tables/vector.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { type Cells, cellOfPoint, levelOf, ofCell } from './shared-cells.ts'
import { numberOf } from './shared-geo.ts'

const CELLS = { coarsest: 0, finest: FINEST, usual: 6n, needs: H3, tokenAt } satisfies Cells
const FARTHEST = 142n
/** By how much children may be finer than their cell. */
const DEEPEST = 5

/** The overload of what the cell of a token has. */
function ofToken<R extends 'int' | 'dynamic'>(
  returns: R,
  tell: (token: string) => ScalarValueOf<R> | undefined,
): ScalarOverload[] {
  return ofCell(returns, token => (isToken(token) ? tell(token) : undefined), H3)
}

/** @see https://learn.microsoft.com/kusto/query/geo-point-to-h3cell-function */
export const geo_point_to_h3cell = scalar({
  name: 'geo_point_to_h3cell',
  doc: 'The token of the H3 cell that a point is in, of resolution 6 or of the one that the third argument says, from 0 to 15. Empty for coordinates or a resolution that are none.',
  examples: [
    {
      query: 'print r = geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)',
      rows: [{ r: '862a1072fffffff' }],
    },
    { query: 'print r = geo_point_to_h3cell(1, 1, 16)', rows: [{ r: '' }] },
  ],
  overloads: cellOfPoint(CELLS),
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-level-function */
export const geo_h3cell_level = scalar({
  name: 'geo_h3cell_level',
  doc: 'The resolution of an H3 cell; null for text that is no token.',
  examples: [
    { query: 'print r = geo_h3cell_level("862a1072fffffff")', rows: [{ r: 6 }] },
    { query: 'print r = geo_h3cell_level("abc")', rows: [{ r: null }] },
  ],
  overloads: ofToken('int', resolutionOf),
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-to-central-point-function */
export const geo_h3cell_to_central_point = scalar({
  name: 'geo_h3cell_to_central_point',
  doc: 'The center of an H3 cell, as a Point of GeoJSON; null for text that is no token.',
  examples: [
    {
      query:
        'print p = geo_h3cell_to_central_point("862a1072fffffff") | project r = round(todouble(p.coordinates[0]), 9)',
      rows: [{ r: -74.01600848 }],
    },
    { query: 'print r = geo_h3cell_to_central_point("1")', rows: [{ r: null }] },
  ],
  overloads: ofToken('dynamic', token => pointShape(centerOf(token))),
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-to-polygon-function */
export const geo_h3cell_to_polygon = scalar({
  name: 'geo_h3cell_to_polygon',
  doc: 'The hexagon, or in rare places pentagon, of an H3 cell, as a Polygon of GeoJSON; null for text that is no token.',
  examples: [
    {
      query:
        'print p = geo_h3cell_to_polygon("862a1072fffffff") | project r = round(todouble(p.coordinates[0][0][1]), 9)',
      rows: [{ r: 40.735376026 }],
    },
    { query: 'print r = geo_h3cell_to_polygon("@")', rows: [{ r: null }] },
  ],
  overloads: ofToken('dynamic', token => polygonShape([[ringOf(token)]])),
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-neighbors-function */
export const geo_h3cell_neighbors = scalar({
  name: 'geo_h3cell_neighbors',
  doc: 'The tokens of the H3 cells around one: six, or five around a pentagon. null for text that is no token.',
  examples: [
    {
      query: 'print r = geo_h3cell_neighbors("862a1072fffffff")',
      rows: [
        {
          r: [
            '862a10727ffffff',
            '862a10707ffffff',
            '862a1070fffffff',
            '862a10777ffffff',
            '862a100dfffffff',
            '862a100d7ffffff',
          ],
        },
      ],
    },
    { query: 'print r = geo_h3cell_neighbors("abc")', rows: [{ r: null }] },
  ],
  overloads: ofToken('dynamic', token => ringsAround(token, 1)[1]),
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-rings-function */
export const geo_h3cell_rings = scalar({
  name: 'geo_h3cell_rings',
  doc: 'The tokens of the H3 cells around one, ring by ring from the cell itself to a distance in steps, from 0 to 142. null for text that is no token and for another distance.',
  examples: [
    {
      query: 'print r = geo_h3cell_rings("861f8894fffffff", 1)',
      rows: [
        {
          r: [
            ['861f8894fffffff'],
            [
              '861f88947ffffff',
              '861f8895fffffff',
              '861f88867ffffff',
              '861f8d497ffffff',
              '861f8d4b7ffffff',
              '861f8896fffffff',
            ],
          ],
        },
      ],
    },
    { query: 'print r = geo_h3cell_rings("861f8894fffffff", 150)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['string', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      needs: H3,
      each(token, distance) {
        const known = distance >= 0n && distance <= FARTHEST
        return known && isToken(token) ? ringsAround(token, Number(distance)) : null
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-children-function */
export const geo_h3cell_children = scalar({
  name: 'geo_h3cell_children',
  doc: 'The tokens of the H3 cells within one, of the next resolution or of the one given. null for text that is no token, and for a resolution that is coarser, or finer by more than 5.',
  examples: [
    {
      query: 'print r = array_length(geo_h3cell_children("862a1072fffffff", 9))',
      rows: [{ r: 343 }],
    },
    { query: 'print r = geo_h3cell_children("abc")', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['string', 'long'],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      needs: H3,
      each(token, resolution?: bigint) {
        if (!isToken(token)) return null
        const own = resolutionOf(token)
        const wanted = levelOf(resolution ?? BigInt(own + 1), CELLS)
        if (wanted === undefined || wanted < own || wanted > own + DEEPEST) return null
        return childrenOf(token, wanted)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-h3cell-parent-function */
export const geo_h3cell_parent = scalar({
  name: 'geo_h3cell_parent',
  doc: 'The token of the H3 cell around one, of the resolution before or of the one given. Empty for text that is no token, and for a resolution that is finer.',
  examples: [
    {
      query:
        'print a = geo_h3cell_parent("862a1072fffffff"), b = geo_h3cell_parent("862a1072fffffff", 1)',
      rows: [{ a: '852a1073fffffff', b: '812a3ffffffffff' }],
    },
    { query: 'print r = geo_h3cell_parent("862a1072fffffff", 15)', rows: [{ r: '' }] },
  ],
  overloads: [
    overload({
      params: ['string', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'handled',
      needs: H3,
      each(token, resolution?: bigint | null) {
        if (token === null || resolution === null || !isToken(token)) return ''
        const own = resolutionOf(token)
        const wanted = levelOf(resolution ?? BigInt(own - 1), CELLS)
        return wanted === undefined || wanted > own ? '' : parentOf(token, wanted)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-to-h3cells-function */
export const geo_polygon_to_h3cells = scalar({
  name: 'geo_polygon_to_h3cells',
  doc: 'The tokens of the H3 cells whose centers are in a Polygon or MultiPolygon of GeoJSON with straight edges on the plane, of resolution 6 or of the one given. null for a shape or resolution that is none, and for more than 61680 cells. A radius other than 0 is not supported.',
  examples: [
    {
      query:
        'print r = array_length(geo_polygon_to_h3cells(dynamic({"type": "Polygon", "coordinates": [[[-3.659, 40.553], [-3.913, 40.409], [-3.729, 40.273], [-3.524, 40.44], [-3.659, 40.553]]]})))',
      rows: [{ r: 13 }],
    },
    {
      query:
        'print r = geo_polygon_to_h3cells(dynamic({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}))',
      rows: [{ r: null }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'long', 'number'],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      needs: H3,
      prepare(constants) {
        if (constants.length > 2 && numberOf(constants[2]) !== 0) {
          const message = 'A radius other than 0 is not supported.'
          throw new QueryError('KQL101', message, 2)
        }
        return {
          each(polygon, resolution: bigint = CELLS.usual, _radius?: ScalarValue) {
            const rings = readRings(polygon)
            const known = levelOf(resolution, CELLS)
            if (rings === undefined || known === undefined) return null
            return cellsWithin(rings, known) ?? null
          },
        }
      },
    }),
  ],
})
