import { shapeFromText } from '../../../geo/wkt.ts'
import { overload, scalar } from '../declare.ts'

/** @see https://learn.microsoft.com/kusto/query/geo-from-wkt-function */
export const geo_from_wkt = scalar({
  name: 'geo_from_wkt',
  doc: 'The shape of GeoJSON that well-known text (WKT) stands for; null for text that is none.',
  examples: [
    {
      query: 'print r = geo_from_wkt("LINESTRING (1 2, 3 4)")',
      rows: [
        {
          r: {
            type: 'LineString',
            coordinates: [
              [1, 2],
              [3, 4],
            ],
          },
        },
      ],
    },
    { query: 'print r = geo_from_wkt("LINESTRING")', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: shapeFromText,
    }),
  ],
})
