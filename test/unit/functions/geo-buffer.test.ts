import { describe, expect, it } from 'vitest'
import { rowsOf } from '../engine/run-query.ts'

async function value(expression: string): Promise<unknown> {
  const [row] = await rowsOf(`print r = ${expression}`)
  const result = row?.[0]
  return typeof result === 'bigint' ? Number(result) : result
}

function shape(type: string, coordinates: string): string {
  return `dynamic({"type": "${type}", "coordinates": ${coordinates}})`
}

const TRIANGLE = shape('Polygon', '[[[10,10],[0,10],[0,0],[10,10]]]')

describe('the buffer of a point', () => {
  it('is regular, with as many vertices as the tolerance asks for', async () => {
    // 10 of 20000 m: pi / acos(1 - 0.0005) is 99.3, so that 100 edges are enough.
    const around = 'geo_point_buffer(-115.1745008278, 36.1497251277, 20000)'
    expect(await value(`array_length(${around}.coordinates[0])`)).toBe(101)
    const query = `print ring = ${around}.coordinates[0]
      | mv-expand at = ring
      | extend d = geo_distance_2points(-115.1745008278, 36.1497251277, todouble(at[0]), todouble(at[1]))
      | summarize least = round(min(d), 5), most = round(max(d), 5)`
    expect(await rowsOf(query)).toEqual([[20000, 20000]])
    expect(await value('array_length(geo_point_buffer(0, 0, 20000, 1).coordinates[0])')).toBe(316)
  })

  it('has three where the tolerance is as large as the radius', async () => {
    expect(await value('array_length(geo_point_buffer(0, 0, 5).coordinates[0])')).toBe(4)
    expect(await value('array_length(geo_point_buffer(0, 0, 5, 1000000).coordinates[0])')).toBe(4)
  })

  it.each([
    ['geo_point_buffer(200, 1, 0.1)', null],
    ['geo_point_buffer(10, 10, 0)', null],
    ['geo_point_buffer(10, 10, real(nan))', null],
    ['geo_point_buffer(10, 10, real(+inf))', null],
    ['geo_point_buffer(10, 10, 20000, 0)', null],
    ['geo_point_buffer(10, 10, 20000, -1)', null],
    ['geo_point_buffer(10, 10, 20000, 0.0199)', null],
    ['geo_point_buffer(10, 10, 20000, 0.02).type', 'Polygon'],
    ['geo_point_buffer(180, 90, int(5), decimal(1)).type', 'Polygon'],
  ])('%s is %s', async (expression, expected) => {
    expect(await value(expression)).toBe(expected)
  })

  it('holds the pole and crosses the antimeridian', async () => {
    expect(await value('geo_point_in_polygon(77, 90, geo_point_buffer(0, 90, 1000))')).toBe(true)
    const query = `print b = geo_point_buffer(180, 0, 100000)
      | project a = geo_point_in_polygon(-179.2, 0, b), b = geo_point_in_polygon(179.2, 0, b), c = geo_point_in_polygon(0, 0, b)`
    expect(await rowsOf(query)).toEqual([[true, true, false]])
  })

  it('is refused where it is no smaller than half of the sphere', async () => {
    await expect(value('geo_point_buffer(0, 0, 10100000, 1000)')).rejects.toThrow(
      'half of the sphere',
    )
    await expect(value('geo_point_buffer(0, 0, 0.0001, 0.00001)')).rejects.toThrow('millimeter')
  })
})

describe('the buffer of a line', () => {
  it('has the area of its band and its round ends', async () => {
    // 1000 m along the equator, 10 m to each side, ends within a hundredth of a millimeter.
    const degrees = 1000 / (6371010 * (Math.PI / 180))
    const band = shape('LineString', `[[0, 0], [${degrees}, 0]]`)
    const area = Number(await value(`geo_polygon_area(geo_line_buffer(${band}, 10, 0.00001))`))
    expect(area).toBeGreaterThan(20 * 1000 + Math.PI * 100 - 0.1)
    expect(area).toBeLessThan(20 * 1000 + Math.PI * 100)
  })

  it('goes around a hole, and has a polygon for each line apart', async () => {
    const square = '[[0,0],[0.1,0],[0.1,0.1],[0,0.1],[0,0]]'
    const frame = `geo_line_buffer(${shape('LineString', square)}, 1000)`
    expect(await value(`array_length(${frame}.coordinates)`)).toBe(2)
    expect(await value(`geo_point_in_polygon(0.05, 0.05, ${frame})`)).toBe(false)
    expect(await value(`geo_point_in_polygon(0.05, 0.005, ${frame})`)).toBe(true)
    // Six kilometers reach over the middle.
    const filled = `geo_line_buffer(${shape('LineString', square)}, 6000)`
    expect(await value(`array_length(${filled}.coordinates)`)).toBe(1)
    const apart = shape('MultiLineString', '[[[0,0],[1,0]],[[0,5],[1,5]]]')
    expect(await value(`geo_line_buffer(${apart}, 1000).type`)).toBe('MultiPolygon')
    const crossed = shape('MultiLineString', '[[[0,0],[1,1]],[[0,1],[1,0]]]')
    expect(await value(`geo_line_buffer(${crossed}, 1000).type`)).toBe('Polygon')
  })

  it('may go back on itself', async () => {
    const there = shape('LineString', '[[0,0],[0,-2],[0,0],[1,-2],[0,0],[0,-2]]')
    for (const radius of [1000, 100_000, 300_000, 400_000]) {
      expect(await value(`geo_line_buffer(${there}, ${radius}, ${radius / 100}).type`)).toBe(
        'Polygon',
      )
    }
  })

  it.each([
    [`geo_line_buffer(${shape('LineString', '[[0,0]]')}, 5)`],
    [`geo_line_buffer(${shape('LineString', '[[0,0],[1,1]]')}, -5)`],
    [`geo_line_buffer(${shape('LineString', '[[0,0],[1,1]]')}, 5, 0)`],
    [`geo_line_buffer(${TRIANGLE}, 5)`],
  ])('%s is null', async expression => {
    expect(await value(expression)).toBeNull()
  })

  it('is refused where it does not fit into half of the sphere', async () => {
    const around = shape('LineString', '[[0,0],[100,0],[-160,0],[-60,0]]')
    await expect(value(`geo_line_buffer(${around}, 5)`)).rejects.toThrow('half of the sphere')
  })
})

describe('the buffer of a polygon', () => {
  it('has its area, that along its sides, and a circle', async () => {
    // On so small a square, the sphere is flat: a² + 4 a r + pi r², with a and r of 1000 and 100 m.
    const side = 1000 / (6371010 * (Math.PI / 180))
    const square = shape('Polygon', `[[[0,0],[${side},0],[${side},${side}],[0,${side}],[0,0]]]`)
    const area = Number(await value(`geo_polygon_area(geo_polygon_buffer(${square}, 100, 0.0001))`))
    expect(area).toBeCloseTo(1_000_000 + 400_000 + Math.PI * 10_000, -1)
  })

  it('makes holes smaller, and fills small ones', async () => {
    const holed = shape(
      'Polygon',
      '[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0.4,0.4],[0.4,0.6],[0.6,0.6],[0.6,0.4],[0.4,0.4]]]',
    )
    expect(await value(`array_length(geo_polygon_buffer(${holed}, 5000).coordinates)`)).toBe(2)
    expect(await value(`array_length(geo_polygon_buffer(${holed}, 12000).coordinates)`)).toBe(1)
    const query = `print b = geo_polygon_buffer(${holed}, 5000)
      | project a = geo_point_in_polygon(0.5, 0.5, b), b = geo_point_in_polygon(0.5, 0.43, b), c = geo_point_in_polygon(-0.03, 0.5, b), d = geo_point_in_polygon(-0.06, 0.5, b)`
    expect(await rowsOf(query)).toEqual([[false, true, true, false]])
  })

  it('joins the polygons of a MultiPolygon that it reaches', async () => {
    const two = shape(
      'MultiPolygon',
      '[[[[0,0],[1,0],[1,1],[0,0]]],[[[1.1,0],[2,0],[2,1],[1.1,0]]]]',
    )
    expect(await value(`geo_polygon_buffer(${two}, 1000).type`)).toBe('MultiPolygon')
    expect(await value(`geo_polygon_buffer(${two}, 6000).type`)).toBe('Polygon')
  })

  it('is null for what is none', async () => {
    expect(await value(`geo_polygon_buffer(${TRIANGLE}, 0)`)).toBeNull()
    expect(await value(`geo_polygon_buffer(${shape('LineString', '[[0,0],[1,1]]')}, 1)`)).toBeNull()
  })
})
