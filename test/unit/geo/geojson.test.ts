import { describe, expect, it } from 'vitest'
import { polygonHolds, readLines, readPolygons, readSingleLine } from '../../../src/geo/geojson.ts'
import { polygonArea } from '../../../src/geo/measures.ts'
import { type Position, pointOf } from '../../../src/geo/vector.ts'
import type { Dynamic } from '../../../src/types/dynamic.ts'
import { parseDynamic } from '../../../src/types/dynamic-json.ts'

function json(text: string): Dynamic {
  return parseDynamic(text) ?? null
}

function polygon(rings: string): Dynamic {
  return json(`{"type": "Polygon", "coordinates": ${rings}}`)
}

function holds(shape: Dynamic, position: Position): boolean | undefined {
  return readPolygons(shape)?.some(part => polygonHolds(part, pointOf(position)))
}

describe('lines', () => {
  it.each([
    ['null'],
    ['1'],
    ['[]'],
    ['{}'],
    ['{"type": "LineString"}'],
    ['{"type": "Point", "coordinates": [1, 2]}'],
    ['{"type": "linestring", "coordinates": [[1, 2], [3, 4]]}'],
    ['{"type": "LineString", "coordinates": []}'],
    ['{"type": "LineString", "coordinates": [[1, 2]]}'],
    ['{"type": "LineString", "coordinates": [[1, 2], [1, 2]]}'],
    ['{"type": "LineString", "coordinates": [[1, 2], ["1", 2]]}'],
    ['{"type": "LineString", "coordinates": [[1, 2], [181, 2]]}'],
    ['{"type": "LineString", "coordinates": [[1, 2], [1, -90.5]]}'],
    ['{"type": "LineString", "coordinates": [[1, 2], [1]]}'],
    ['{"type": "LineString", "coordinates": [[1, 2], [1, 2, 3, 4]]}'],
    ['{"type": "LineString", "coordinates": [[0, 0], [180, 0]]}'],
    ['{"type": "LineString", "coordinates": [[[0, 0], [1, 1]]]}'],
    ['{"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], [[0, 0]]]}'],
    ['{"type": "MultiLineString", "coordinates": []}'],
  ])('are not %s', text => {
    expect(readLines(json(text))).toBeUndefined()
  })

  it('leave out an altitude and a point that is repeated', () => {
    const lines = readLines(
      json('{"type": "LineString", "coordinates": [[0, 0, 5], [0, 0], [1, 1.5]]}'),
    )
    expect(lines?.[0]?.positions).toEqual([
      [0, 0],
      [1, 1.5],
    ])
  })

  it('are single where there is one', () => {
    const lines = (rest: string) => json(`{"type": "MultiLineString", "coordinates": [${rest}]}`)
    expect(readSingleLine(lines('[[0, 0], [1, 1]]'))?.points).toHaveLength(2)
    expect(readSingleLine(lines('[[0, 0], [1, 1]], [[0, 0], [1, 2]]'))).toBeUndefined()
  })
})

describe('polygons', () => {
  it.each([
    ['[]', 'no ring'],
    ['[[]]', 'no position'],
    ['[[[0, 0], [1, 0], [0, 0]]]', 'two points'],
    ['[[[0, 0], [1, 0], [1, 1], [0, 1]]]', 'a ring that is not closed'],
    ['[[[0, 0], [10, 10], [10, 10], [0, 0]]]', 'a point twice'],
    ['[[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]', 'edges that cross'],
    [
      '[[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [5, 1], [1, 2], [1, 1]]]',
      'a ring over another',
    ],
    ['[[[0, 0], [4, 0], [4, 4], [0, 0]], [[4, 0], [4, 4], [3, 1], [4, 0]]]', 'an edge twice'],
    ['[[[0, 0], [180, 0], [90, 80], [0, 0]]]', 'an edge of half a turn'],
    ['[[[0, 0], [10, 900], [10, 10], [0, 0]]]', 'no latitude'],
    ['[[0, 0], [1, 0], [1, 1], [0, 0]]', 'rings that are none'],
  ])('are not %s: %s', rings => {
    expect(readPolygons(polygon(rings))).toBeUndefined()
  })

  it('are the smaller side, whatever the direction', () => {
    for (const ring of [
      '[[0, 0], [10, 0], [10, 10], [0, 0]]',
      '[[0, 0], [10, 10], [10, 0], [0, 0]]',
    ]) {
      expect(holds(polygon(`[${ring}]`), [8, 3])).toBe(true)
      expect(holds(polygon(`[${ring}]`), [3, 8])).toBe(false)
      expect(holds(polygon(`[${ring}]`), [-172, -3])).toBe(false)
    }
  })

  it('may go around a pole and over the antimeridian', () => {
    const arctic = polygon('[[[0, 60], [90, 60], [180, 60], [-90, 60], [0, 60]]]')
    expect(holds(arctic, [45, 90])).toBe(true)
    expect(holds(arctic, [10, 80])).toBe(true)
    expect(holds(arctic, [45, 50])).toBe(false)
    const fiji = polygon('[[[177, -19], [-178, -19], [-178, -16], [177, -16], [177, -19]]]')
    expect(holds(fiji, [179.9, -17])).toBe(true)
    expect(holds(fiji, [-179.9, -17])).toBe(true)
    expect(holds(fiji, [0, -17])).toBe(false)
  })

  it('have holes', () => {
    const ring = polygon(
      '[[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[3, 3], [3, 6], [6, 6], [6, 3], [3, 3]]]',
    )
    expect(holds(ring, [1, 1])).toBe(true)
    expect(holds(ring, [4, 4])).toBe(false)
    const [whole] = readPolygons(polygon('[[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]]'))!
    const [hole] = readPolygons(polygon('[[[3, 3], [3, 6], [6, 6], [6, 3], [3, 3]]]'))!
    const [both] = readPolygons(ring)!
    expect(polygonArea(both!)).toBeCloseTo(polygonArea(whole!) - polygonArea(hole!), 14)
  })

  it('side by side hold each point once', () => {
    // Four squares around a point, which is a vertex of all.
    const square = (west: number, south: number) =>
      polygon(
        `[[[${west}, ${south}], [${west + 5}, ${south}], [${west + 5}, ${south + 5}], [${west}, ${south + 5}], [${west}, ${south}]]]`,
      )
    const squares = [square(0, 0), square(5, 0), square(0, 5), square(5, 5)]
    for (const position of [
      [5, 5],
      [5, 2],
      [5, 8],
    ] as Position[]) {
      expect(squares.filter(shape => holds(shape, position) === true)).toHaveLength(1)
    }
  })

  it('as large as an eighth of the sphere have its area', () => {
    const [octant] = readPolygons(polygon('[[[0, 0], [90, 0], [0, 90], [0, 0]]]'))!
    expect(polygonArea(octant!)).toBeCloseTo(Math.PI / 2, 14)
  })
})
