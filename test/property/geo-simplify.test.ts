import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Polygon, readLines, readPolygons, ringsOf } from '../../src/geo/geojson.ts'
import { nearestOnChain } from '../../src/geo/loop.ts'
import { nearestOnLines } from '../../src/geo/measures.ts'
import { S2 } from '../../src/geo/s2-cells.ts'
import { simplifiedLines, simplifiedPolygon } from '../../src/geo/simplify.ts'
import {
  angleBetween,
  EARTH_RADIUS,
  type Position,
  positionOf,
  type Vector3,
} from '../../src/geo/vector.ts'
import { dynamicFromJs } from '../../src/types/dynamic-json.ts'

const coordinate = fc
  .double({ min: -3, max: 3, noNaN: true })
  .map(degrees => Number(degrees.toFixed(7)))

/** A walk: its steps are short, as are those of a road. */
const walk = fc
  .tuple(
    fc.tuple(coordinate, coordinate),
    fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 40 }),
  )
  .map(([[x, y], steps]) => {
    const positions: Position[] = [[x, y]]
    for (const [right, up] of steps) {
      const [lastX, lastY] = positions.at(-1)!
      positions.push([lastX + right / 30, lastY + up / 30])
    }
    return readLines(dynamicFromJs({ type: 'LineString', coordinates: positions }))
  })
  .filter(lines => lines !== undefined)

const star = fc
  .array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 3, maxLength: 60 })
  .map(radii => {
    const ring = radii.map((radius, k): Position => {
      const angle = (2 * Math.PI * k) / radii.length
      return [radius * Math.cos(angle), radius * Math.sin(angle)]
    })
    return polygonOf([[...ring, ...ring.slice(0, 1)]])
  })
  .filter(polygon => polygon !== undefined)

function polygonOf(coordinates: readonly (readonly Position[])[]): Polygon | undefined {
  return readPolygons(dynamicFromJs({ type: 'Polygon', coordinates }))?.[0]
}

const kilometers = fc.double({ min: 0.01, max: 60, noNaN: true })

function expectApart(vertices: readonly Vector3[], radius: number): void {
  const distinct = [
    ...new Map(vertices.map(vertex => [positionOf(vertex).join(), vertex])).values(),
  ]
  for (const [k, a] of distinct.entries()) {
    for (const b of distinct.slice(k + 1))
      expect(angleBetween(a, b)).toBeGreaterThan(radius * 0.999)
  }
}

describe('shapes made simpler on the sphere', () => {
  beforeAll(() => S2.load())

  it('a line stays near itself, with vertices that are apart', () => {
    fc.assert(
      fc.property(walk, kilometers, (lines, tolerance) => {
        const radius = (tolerance * 1000) / EARTH_RADIUS
        const simplified = simplifiedLines(lines, radius)
        if (simplified.length === 0) return
        expectApart(simplified.flat(), radius)
        const result = simplified.map(points => ({ points, positions: points.map(positionOf) }))
        for (const point of lines.flatMap(({ points }) => points)) {
          const away = angleBetween(point, nearestOnLines(point, result))
          expect(away).toBeLessThan(1.1 * radius + 1e-9)
        }
        for (const point of simplified.flat()) {
          expect(angleBetween(point, nearestOnLines(point, lines))).toBeLessThan(1e-9)
        }
      }),
    )
  })

  it('a polygon stays one, near itself', () => {
    fc.assert(
      fc.property(star, kilometers, (polygon, tolerance) => {
        const radius = (tolerance * 1000) / EARTH_RADIUS
        const simplified = simplifiedPolygon(polygon, radius)
        if (simplified === undefined) return
        const rings = ringsOf(simplified)
        const again = readPolygons(dynamicFromJs({ type: 'MultiPolygon', coordinates: rings }))
        expect(again?.length).toBe(rings.length)
        expectApart(
          simplified.loops.flatMap(({ vertices }) => vertices),
          radius,
        )
        const [given] = polygon.loops
        for (const { vertices } of simplified.loops) {
          for (const vertex of vertices) {
            const { point } = nearestOnChain(vertex, given!.vertices, true)
            expect(angleBetween(vertex, point)).toBeLessThan(1e-9)
          }
        }
      }),
    )
  })
})
