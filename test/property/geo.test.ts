import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { coveredPolygons, covering } from '../../src/geo/covering.ts'
import { type Polygon, polygonHolds, readPolygons, ringsOf } from '../../src/geo/geojson.ts'
import { nearestOnChain } from '../../src/geo/loop.ts'
import { polygonArea } from '../../src/geo/measures.ts'
import { polygonsMeet, sharedByPolygons, unionOf } from '../../src/geo/overlay.ts'
import { S2, tokenAt } from '../../src/geo/s2-cells.ts'
import { sign } from '../../src/geo/sign.ts'
import { angleBetween, type Position, pointOf, type Vector3 } from '../../src/geo/vector.ts'
import { dynamicFromJs } from '../../src/types/dynamic-json.ts'

/** A star around a center: it crosses itself nowhere. On a grid, many of its edges are in line. */
const ring = fc
  .record({
    center: fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    ),
    radii: fc.array(fc.double({ min: 0.5, max: 4, noNaN: true }), { minLength: 3, maxLength: 9 }),
    grid: fc.boolean(),
  })
  .map(({ center: [x, y], radii, grid }) => {
    const positions = radii.map((radius, k): Position => {
      const angle = (2 * Math.PI * k) / radii.length
      const [longitude, latitude] = [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
      return grid ? [Math.round(longitude), Math.round(latitude)] : [longitude, latitude]
    })
    return [...positions, ...positions.slice(0, 1)]
  })

const position: fc.Arbitrary<Position> = fc.tuple(
  fc.double({ min: -8, max: 8, noNaN: true }),
  fc.double({ min: -8, max: 8, noNaN: true }),
)

function polygonOf(positions: readonly Position[]): Polygon | undefined {
  const shape = { type: 'Polygon', coordinates: [positions] }
  return readPolygons(dynamicFromJs(shape))?.[0]
}

/** Rings that are polygons: those on a grid may not be. */
const polygon = ring.map(polygonOf).filter(shape => shape !== undefined)

function isOnBoundary(point: Vector3, { loops }: Polygon): boolean {
  return loops.some(({ vertices }) => {
    return angleBetween(point, nearestOnChain(point, vertices, true).point) < 1e-12
  })
}

function area(polygons: readonly Polygon[]): number {
  return polygons.reduce((sum, shape) => sum + polygonArea(shape), 0)
}

describe('shapes on the sphere', () => {
  beforeAll(() => S2.load())

  it('sign is the same for each order of its points', () => {
    const coordinate = fc.integer({ min: -3, max: 3 })
    const point = fc.tuple(coordinate, coordinate).map(([x, y]) => pointOf([x * 30, y * 30]))
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        const side = sign(a, b, c)
        expect([sign(b, c, a), sign(c, a, b)]).toEqual([side, side])
        expect(sign(b, a, c) + side).toBe(0)
      }),
    )
  })

  it('a union and an intersection hold the points of both and of each', () => {
    fc.assert(
      fc.property(polygon, polygon, fc.array(position), (a, b, positions) => {
        const union = unionOf([a, b])
        const { polygons } = sharedByPolygons(a, b)
        for (const point of positions.map(pointOf)) {
          // Which shape has a point of a boundary depends on the vertices of the shape.
          if (isOnBoundary(point, a) || isOnBoundary(point, b)) continue
          const [inA, inB] = [polygonHolds(a, point), polygonHolds(b, point)]
          expect(polygonHolds(union, point)).toBe(inA || inB)
          expect(polygons.some(shape => polygonHolds(shape, point))).toBe(inA && inB)
        }
      }),
    )
  })

  it('areas of union and intersection are those of both', () => {
    fc.assert(
      fc.property(polygon, polygon, (a, b) => {
        const { points, lines, polygons } = sharedByPolygons(a, b)
        const sum = area([unionOf([a, b])]) + area(polygons)
        expect(Math.abs(sum - area([a, b]))).toBeLessThan(1e-13)
        const shares = points.length + lines.length + polygons.length > 0
        expect(polygonsMeet([a], [b])).toBe(shares)
      }),
    )
  })

  it('a union with itself is the same, and its rings read back', () => {
    fc.assert(
      fc.property(polygon, polygon, (a, b) => {
        // Not always edge by edge: a thorn without area goes away.
        expect(Math.abs(area([unionOf([a, a])]) - area([a]))).toBeLessThan(1e-14)
        const union = unionOf([a, b])
        const again = readPolygons(
          dynamicFromJs({ type: 'MultiPolygon', coordinates: ringsOf(union) }),
        )
        expect(area(again ?? [])).toBeCloseTo(area([union]), 12)
      }),
    )
  })

  it('a covering has the cell of each point of the polygon', () => {
    fc.assert(
      fc.property(
        polygon,
        fc.integer({ min: 0, max: 8 }),
        fc.array(position),
        (shape, level, at) => {
          const cells = new Set(covering(coveredPolygons([shape]), level, 0))
          const near = new Set(covering(coveredPolygons([shape]), level, 0.01))
          for (const place of at) {
            const token = tokenAt(place, level)
            if (polygonHolds(shape, pointOf(place))) expect(cells).toContain(token)
          }
          for (const cell of cells) expect(near).toContain(cell)
        },
      ),
    )
  })
})
