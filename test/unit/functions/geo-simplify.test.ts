import { describe, expect, it } from 'vitest'
import { rowsOf } from '../engine/run-query.ts'

async function value(expression: string): Promise<unknown> {
  const [row] = await rowsOf(`print r = ${expression}`)
  return row?.[0]
}

/** The coordinates of a shape, with nine digits after the point. */
async function coordinates(expression: string): Promise<unknown> {
  const rounded = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(rounded) : Number(Number(item).toFixed(9))
  return rounded(await value(`${expression}.coordinates`))
}

function line(text: string): string {
  return `dynamic({"type": "LineString", "coordinates": ${text}})`
}

function polygon(text: string): string {
  return `dynamic({"type": "Polygon", "coordinates": ${text}})`
}

describe('lines made simpler', () => {
  it('are as documented', async () => {
    const given = line(
      '[[-73.97033169865608,40.789063020152824],[-73.97039607167244,40.78897975920816],[-73.9704617857933,40.78888837512432],[-73.97052884101868,40.7887949601531],[-73.9706052839756,40.788698498903564],[-73.97065222263336,40.78862640672032],[-73.97072866559029,40.78852791445617],[-73.97079303860664,40.788434498977836]]',
    )
    expect(await coordinates(`geo_line_simplify(${given}, 10)`)).toEqual([
      [-73.970331699, 40.78906302],
      [-73.970793039, 40.788434499],
    ])
  })

  it('keep a bend that is wider than the tolerance', async () => {
    // The middle is 0.001 degrees, 111 m, off the straight line.
    const bent = line('[[0,0],[1,0.001],[2,0]]')
    expect(await coordinates(`geo_line_simplify(${bent}, 100)`)).toEqual([
      [0, 0],
      [1, 0.001],
      [2, 0],
    ])
    expect(await coordinates(`geo_line_simplify(${bent}, 200)`)).toEqual([
      [0, 0],
      [2, 0],
    ])
    expect(await coordinates(`geo_line_simplify(${bent}, 0)`)).toEqual([
      [0, 0],
      [1, 0.001],
      [2, 0],
    ])
  })

  it.each([0, 1e-300, 1e-6, 1e-5, 0.001])('of a tolerance of %s stay', async tolerance => {
    const given = line('[[0,0],[1,0.001],[2,0],[2.5,0.1]]')
    const simple = `geo_line_simplify(${given}, ${tolerance})`
    expect(await value(`array_length(${simple}.coordinates)`)).toBe(4n)
  })

  it('of edges over a quarter of the globe stay, and are not moved', async () => {
    const long = line('[[0,0],[100,0],[100,50]]')
    expect(await value(`array_length(geo_line_simplify(${long}, 1000).coordinates)`)).toBe(3n)
    const moved = line('[[0,0],[0.001,0],[100,0]]')
    await expect(value(`geo_line_simplify(${moved}, 1000)`)).rejects.toThrow('quarter')
  })

  it('meet where they met', async () => {
    const star =
      'dynamic({"type": "MultiLineString", "coordinates": [[[0,0],[1,0],[2,0]],[[2,0],[3,1],[4,2]],[[2,0],[3,-1]]]})'
    const result = (await value(`geo_line_simplify(${star}, 1000).coordinates`)) as number[][][]
    expect(result).toHaveLength(3)
    expect(
      result.every(points => points.some(([x, y]) => Math.abs(x! - 2) + Math.abs(y!) < 1e-9)),
    ).toBe(true)
  })

  it.each([
    [`geo_line_simplify(${line('[[1,1]]')})`],
    [`geo_line_simplify(${line('[[1,1],[2,2]]')}, -1)`],
    [`geo_line_simplify(${line('[[1,1],[2,2]]')}, real(nan))`],
    [`geo_line_simplify(${line('[[1,1],[2,2]]')}, 7800000)`],
    [`geo_line_simplify(${line('[[1.1,1.1],[1.2,1.2]]')}, 100000)`],
  ])('%s is null', async expression => {
    expect(await value(expression)).toBeNull()
  })
})

describe('polygons made simpler', () => {
  it('are as documented', async () => {
    const given = polygon(
      '[[[-73.94885122776031,40.79673476355657],[-73.94885927438736,40.79692258628347],[-73.94887939095497,40.79692055577034],[-73.9488673210144,40.79693476936093],[-73.94888743758202,40.79693476936093],[-73.9488834142685,40.796959135509105],[-73.94890084862709,40.79695304397289],[-73.94906312227248,40.79710736271788],[-73.94923612475395,40.7968708081794],[-73.94885122776031,40.79673476355657]]]',
    )
    expect(await coordinates(`geo_polygon_simplify(${given})`)).toEqual([
      [
        [-73.948851228, 40.796734764],
        [-73.949063122, 40.797107363],
        [-73.949236125, 40.796870808],
        [-73.948851228, 40.796734764],
      ],
    ])
  })

  it('lose the holes and the parts that are smaller than the tolerance', async () => {
    const holed = polygon(
      '[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0.5,0.5],[0.5,0.501],[0.501,0.501],[0.501,0.5],[0.5,0.5]]]',
    )
    expect(await value(`array_length(geo_polygon_simplify(${holed}, 10).coordinates)`)).toBe(2n)
    expect(await value(`array_length(geo_polygon_simplify(${holed}, 1000).coordinates)`)).toBe(1n)
    const two =
      'dynamic({"type": "MultiPolygon", "coordinates": [[[[0,0],[1,0],[1,1],[0,0]]],[[[3,0],[3.001,0],[3.001,0.001],[3,0]]]]})'
    expect(await value(`geo_polygon_simplify(${two}, 10).type`)).toBe('MultiPolygon')
    expect(await value(`geo_polygon_simplify(${two}, 1000).type`)).toBe('Polygon')
  })

  it.each([
    [`geo_polygon_simplify(${polygon('[[[5,48],[5,48]]]')})`],
    [`geo_polygon_simplify(${polygon('[[[5,48],[0,50],[0,47],[4,47],[5,48]]]')}, -0.1)`],
    [`geo_polygon_simplify(${polygon('[[[5,48],[0,50],[0,47],[4,47],[5,48]]]')}, 1000000)`],
  ])('%s is null', async expression => {
    expect(await value(expression)).toBeNull()
  })

  it('of an array are one shape where they are apart', async () => {
    const [left, right, far] = [
      polygon('[[[0,0],[1,0],[1,1],[0,1],[0,0]]]'),
      polygon('[[[1,0],[2,0],[2,1],[1,1],[1,0]]]'),
      polygon('[[[5,0],[6,0],[6,0.00001],[6,1],[5,0]]]'),
    ]
    const array = (...shapes: string[]) =>
      `geo_simplify_polygons_array(pack_array(${shapes.join(', ')}), 100)`
    expect(await value(`array_length(${array(left, far)}.coordinates)`)).toBe(2n)
    await expect(value(array(left, right))).rejects.toThrow('touch or overlap')
    expect(await value(array(left, '1'))).toBeNull()
    const apart = `pack_array(${left}, ${right})`
    expect(await value(`geo_simplify_polygons_array(${apart}, 1000000)`)).toBeNull()
    expect(await value('geo_simplify_polygons_array(dynamic([]))')).toBeNull()
  })
})
