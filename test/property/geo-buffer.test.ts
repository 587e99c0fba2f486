import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bufferOfLines, bufferOfPoint, bufferOfPolygon, reachOf } from '../../src/geo/buffer.ts'
import {
  type Line,
  type Polygon,
  polygonHolds,
  readLines,
  readPolygons,
  ringsOf,
} from '../../src/geo/geojson.ts'
import { nearestOnLines, nearestOnPolygons } from '../../src/geo/measures.ts'
import { S2 } from '../../src/geo/s2-cells.ts'
import {
  angleBetween,
  EARTH_RADIUS,
  type Position,
  pointOf,
  type Vector3,
} from '../../src/geo/vector.ts'
import { dynamicFromJs } from '../../src/types/dynamic-json.ts'

/** Degrees with seven digits after the point, a centimeter, as in maps. */
const coordinate = fc
  .double({ min: -3, max: 3, noNaN: true })
  .map(degrees => Number(degrees.toFixed(7)))
/** On a grid, edges are in line, lie on one another and go back. */
const grid = fc.integer({ min: -3, max: 3 })
const place: fc.Arbitrary<Position> = fc.oneof(
  fc.tuple(coordinate, coordinate),
  fc.tuple(grid, grid),
)

const lines: fc.Arbitrary<readonly Line[]> = fc
  .array(fc.array(place, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map(coordinates => readLines(dynamicFromJs({ type: 'MultiLineString', coordinates })))
  .filter(shape => shape !== undefined)

/** A star around a center; off the grid, it may have a hole of the same form. */
const polygon: fc.Arbitrary<Polygon> = fc
  .record({
    radii: fc.array(fc.double({ min: 0.5, max: 4, noNaN: true }), { minLength: 3, maxLength: 9 }),
    onGrid: fc.boolean(),
    holed: fc.boolean(),
  })
  .map(({ radii, onGrid, holed }) => {
    const ring = (size: number) => {
      const positions = radii.map((radius, k): Position => {
        const angle = (2 * Math.PI * k) / radii.length
        const [x, y] = [size * radius * Math.cos(angle), size * radius * Math.sin(angle)]
        return onGrid ? [Math.round(x), Math.round(y)] : [x, y]
      })
      return [...positions, ...positions.slice(0, 1)]
    }
    const coordinates = holed && !onGrid ? [ring(1), ring(0.5).toReversed()] : [ring(1)]
    return readPolygons(dynamicFromJs({ type: 'Polygon', coordinates }))?.[0]
  })
  .filter(shape => shape !== undefined)

/** Kilometers, up to more than the shapes are wide. */
const radius = fc.double({ min: 0.1, max: 600, noNaN: true })
const part = fc.constantFrom(0.001, 0.01, 0.1, 0.4)
const places = fc.array(
  fc.tuple(
    fc.double({ min: -9, max: 9, noNaN: true }),
    fc.double({ min: -9, max: 9, noNaN: true }),
  ),
  { minLength: 5, maxLength: 20 },
)

/** The buffer holds what is nearer than the radius less the tolerance, and nothing beyond the radius. */
function expectBuffer(
  buffer: Polygon,
  kilometers: number,
  allowance: number,
  points: readonly Vector3[],
  nearest: (point: Vector3) => Vector3,
): void {
  const limit = (kilometers * 1000) / EARTH_RADIUS
  for (const point of points) {
    const away = angleBetween(point, nearest(point))
    if (away < limit * (1 - allowance) - 1e-9) expect(polygonHolds(buffer, point)).toBe(true)
    if (away > limit + 1e-9) expect(polygonHolds(buffer, point)).toBe(false)
  }
  const again = readPolygons(dynamicFromJs({ type: 'MultiPolygon', coordinates: ringsOf(buffer) }))
  expect(again?.length).toBe(ringsOf(buffer).length)
}

function reach(kilometers: number, allowance: number) {
  const known = reachOf(kilometers * 1000, kilometers * 1000 * allowance)
  if (known === undefined) throw new Error('no reach')
  return known
}

describe('buffers on the sphere', () => {
  beforeAll(() => S2.load())

  it('of a point hold what is near it', () => {
    fc.assert(
      fc.property(place, radius, part, places, (center, kilometers, allowance, around) => {
        const point = pointOf(center)
        const buffer = bufferOfPoint(point, reach(kilometers, allowance))
        expectBuffer(buffer, kilometers, allowance, around.map(pointOf), () => point)
      }),
    )
  })

  it('of lines hold what is near them', () => {
    fc.assert(
      fc.property(lines, radius, part, places, (shape, kilometers, allowance, around) => {
        const buffer = bufferOfLines(shape, reach(kilometers, allowance))
        expectBuffer(buffer, kilometers, allowance, around.map(pointOf), point =>
          nearestOnLines(point, shape),
        )
      }),
    )
  })

  it('of a polygon hold it and what is near it', () => {
    fc.assert(
      fc.property(polygon, radius, part, places, (shape, kilometers, allowance, around) => {
        const buffer = bufferOfPolygon(shape, reach(kilometers, allowance))
        expectBuffer(buffer, kilometers, allowance, around.map(pointOf), point =>
          nearestOnPolygons(point, [shape]),
        )
      }),
    )
  })
})
