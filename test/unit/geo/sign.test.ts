import { describe, expect, it } from 'vitest'
import { crossingPoint, doCross, nearestOnEdge } from '../../../src/geo/crossing.ts'
import { sign } from '../../../src/geo/sign.ts'
import {
  angleBetween,
  type Position,
  pointOf,
  positionOf,
  type Vector3,
} from '../../../src/geo/vector.ts'

const [x, y, z] = [
  { x: 1, y: 0, z: 0 },
  { x: 0, y: 1, z: 0 },
  { x: 0, y: 0, z: 1 },
]

function at(...position: Position): Vector3 {
  return pointOf(position)
}

describe('sign', () => {
  it('tells left from right', () => {
    expect(sign(x, y, z)).toBe(1)
    expect(sign(y, x, z)).toBe(-1)
  })

  it('is 0 only for points that are the same', () => {
    expect(sign(x, x, y)).toBe(0)
    expect(sign(x, y, y)).toBe(0)
    expect(sign(x, y, x)).toBe(0)
  })

  it('decides for points on one great circle, the same way in each order', () => {
    const [a, b, c] = [at(0, 0), at(10, 0), at(20, 0)]
    const side = sign(a, b, c)
    expect(Math.abs(side)).toBe(1)
    expect([sign(b, c, a), sign(c, a, b)]).toEqual([side, side])
    expect([sign(b, a, c), sign(c, b, a), sign(a, c, b)]).toEqual([-side, -side, -side])
  })

  it('is right where rounding would decide', () => {
    // A step of one unit in the last place off the equator.
    const above = { ...at(10, 0), z: Number.MIN_VALUE }
    const below = { ...at(10, 0), z: -Number.MIN_VALUE }
    expect(sign(at(0, 0), at(20, 0), above)).toBe(1)
    expect(sign(at(0, 0), at(20, 0), below)).toBe(-1)
  })
})

describe('edges', () => {
  it('cross inside both, not at their ends', () => {
    expect(doCross(at(0, 0), at(10, 10), at(0, 10), at(10, 0))).toBe(true)
    expect(doCross(at(0, 0), at(10, 10), at(0, 10), at(4, 6))).toBe(false)
    expect(doCross(at(0, 0), at(10, 10), at(10, 10), at(10, 0))).toBe(false)
    // The great circles cross there, and on the other side of the sphere.
    expect(doCross(at(0, 0), at(10, 10), at(180, -10), at(170, 0))).toBe(false)
  })

  it('cross at a point on both', () => {
    const [a, b, c, d] = [at(0, 0), at(10, 10), at(0, 10), at(10, 0)]
    const point = crossingPoint(a, b, c, d)
    for (const [from, to] of [
      [a, b],
      [c, d],
    ] as const) {
      const apart = angleBetween(from, point) + angleBetween(point, to) - angleBetween(from, to)
      expect(Math.abs(apart)).toBeLessThan(1e-15)
    }
  })

  it('have a nearest point inside or at an end', () => {
    const nearest = (position: Position) =>
      positionOf(nearestOnEdge(pointOf(position), at(0, 0), at(10, 0))).map(value =>
        Number(value.toFixed(9)),
      )
    expect(nearest([4, 3])).toEqual([4, 0])
    expect(nearest([-5, 3])).toEqual([0, 0])
    expect(nearest([12, 1])).toEqual([10, 0])
    expect(nearest([-175, 0])).toEqual([10, 0])
  })
})

describe('positions', () => {
  it.each<Position>([
    [0, 0],
    [-73.9495, 40.7969],
    [180, 12],
    [0, 90],
    [0, -90],
  ])('of the point of %s, %s are the same', (longitude, latitude) => {
    const [lng, lat] = positionOf(pointOf([longitude, latitude]))
    expect(lng).toBeCloseTo(longitude, 12)
    expect(lat).toBeCloseTo(latitude, 12)
  })

  it('are one point at a pole and at the antimeridian', () => {
    expect(pointOf([12, 90])).toEqual(pointOf([-77, 90]))
    expect(pointOf([180, 5])).toEqual(pointOf([-180, 5]))
  })
})
