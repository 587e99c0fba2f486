import { describe, expect, it } from 'vitest'
import { geohashOf, neighboursOf, rectangleOf } from '../../../src/geo/geohash.ts'
import { shapeFromText } from '../../../src/geo/wkt.ts'
import { printDynamic } from '../../../src/types/dynamic-json.ts'

describe('geohashes', () => {
  it.each([
    [[-5.6, 42.6], 5, 'ezs42'],
    [[10.40744, 57.64911], 11, 'u4pruydqqvj'],
    [[0, 0], 1, 's'],
    [[-180, -90], 3, '000'],
    [[180, 90], 3, 'zzz'],
  ] as const)('of %s with %s characters is %s', (position, characters, expected) => {
    expect(geohashOf(position, characters)).toBe(expected)
  })

  it('give their rectangle, and the geohash of its corner back', () => {
    const hash = 'u4pruydqqvj8u4pruy'
    const { west, south } = rectangleOf(hash)!
    expect(geohashOf([west, south], hash.length)).toBe(hash)
  })

  it.each(['', 'a', 'sunny!', 'SUNNY', '0123456789bcdefghjk'])('are not %j', text => {
    expect(rectangleOf(text)).toBeUndefined()
    expect(neighboursOf(text)).toBeUndefined()
  })

  it('have neighbours over the antimeridian, and five at a pole', () => {
    expect(new Set(neighboursOf('8'))).toEqual(new Set(['x', 'z', 'r', '2', '3', '9', 'c', 'b']))
    expect(new Set(neighboursOf('b'))).toEqual(new Set(['z', 'c', 'x', '8', '9']))
  })
})

describe('well-known text', () => {
  it.each([
    ['POINT (1 2)', '{"type":"Point","coordinates":[1,2]}'],
    ['point(-1.5 2e1)', '{"type":"Point","coordinates":[-1.5,20]}'],
    [
      'POLYGON ((0 0, 2 0, 2 2, 0 0))',
      '{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}',
    ],
    ['MULTIPOINT (1 1, 2 2)', '{"type":"MultiPoint","coordinates":[[1,1],[2,2]]}'],
    ['MULTIPOINT ((1 1), (2 2))', '{"type":"MultiPoint","coordinates":[[1,1],[2,2]]}'],
    [
      'MULTILINESTRING ((1 1, 2 2), (4 4, 5 5))',
      '{"type":"MultiLineString","coordinates":[[[1,1],[2,2]],[[4,4],[5,5]]]}',
    ],
    [
      'GEOMETRYCOLLECTION (POINT (1 1), GEOMETRYCOLLECTION (POINT (2 2)))',
      '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,1]},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[2,2]}]}]}',
    ],
  ])('%s is a shape', (text, expected) => {
    expect(printDynamic(shapeFromText(text))).toBe(expected)
  })

  it.each([
    '',
    'LINESTRING',
    'POINT EMPTY',
    'POINT (1)',
    'POINT (1 2 3)',
    'POINT (1 2',
    'POINT (1 2) x',
    'POINT (1 2, 3 4)',
    'POINT (1 0x2)',
    'CIRCLE (1 2)',
    'LINESTRING (1 2, )',
    `${'GEOMETRYCOLLECTION ('.repeat(100_000)}`,
  ])('%.40s is none', text => {
    expect(shapeFromText(text)).toBeNull()
  })
})
