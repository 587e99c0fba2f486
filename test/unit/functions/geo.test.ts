import { describe, expect, it } from 'vitest'
import { compileTest, objectsOf, rowsOf } from '../engine/run-query.ts'

/** The value of an expression; the numbers in it with nine digits after the point. */
async function value(expression: string): Promise<unknown> {
  const [row] = await rowsOf(`print r = ${expression}`)
  return rounded(row?.[0])
}

function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number(value.toFixed(9))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rounded(item)]))
}

const PARK =
  'dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})'
const TWO =
  'dynamic({"type":"MultiPolygon","coordinates":[[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]],[[[-73.94262313842773,40.775991804565585],[-73.98107528686523,40.791849155467695],[-73.99600982666016,40.77092185281977],[-73.96150588989258,40.75609977566361],[-73.94262313842773,40.775991804565585]]]]})'

function line(coordinates: string): string {
  return `dynamic({"type": "LineString", "coordinates": ${coordinates}})`
}

function polygon(ring: string): string {
  return `dynamic({"type": "Polygon", "coordinates": [${ring}]})`
}

describe('points', () => {
  it('are measured on the sphere and on the ellipsoid', async () => {
    // A degree of the meridian at the equator: a (1 - e²) per radian, for WGS-84.
    expect(await value('round(geo_distance_2points(0, 0, 0, 1, true))')).toBe(110574)
    expect(await value('round(geo_distance_2points(0, 0, 0, 1, 1))')).toBe(110574)
    expect(await value('round(geo_distance_2points(0, 0, 0, 1, false))')).toBe(111195)
    expect(await value('round(geo_distance_2points(0, 0, decimal(0), long(1), 0))')).toBe(111195)
  })

  it.each([
    ['geo_distance_2points(180, 10, -180, 10)', 0],
    ['geo_distance_2points(real(nan), 0, 0, 0)', null],
    ['geo_distance_2points(0, 91, 0, 0)', null],
    ['geo_distance_2points(0, real(null), 0, 0)', null],
    ['geo_azimuth(0, 0, 0, 10)', 0],
    ['geo_azimuth(0, 0, 10, 0)', 1.570796327],
    ['round(geo_azimuth(0, 0, 0, -10) / pi(), 9)', 1],
    ['geo_azimuth(0, 0, -10, 0)', 4.71238898],
    ['geo_azimuth(0, 0, 180, 0)', null],
    ['geo_azimuth(10, 20, -170, -20)', null],
    ['geo_angle(0, 10, 0, 0, 10, 0)', 1.570796327],
    ['geo_angle(10, 0, 0, 0, 0, 10)', 4.71238898],
    ['geo_angle(0, 10, 0, 0, 180, 0)', null],
    ['geo_point_in_circle(-122.137575, 47.630683, -122.100896, 47.527351, 3500)', false],
    ['geo_point_in_circle(1, 1, 1, 1, 0)', null],
    ['geo_point_in_circle(200, 1, 1, 1, 1)', null],
  ])('%s is %s', async (expression, expected) => {
    expect(await value(expression)).toBe(expected)
  })

  it('are refused where they are dynamic or text', () => {
    for (const argument of ['dynamic(1)', '"1"']) {
      const { diagnostics } = compileTest(`print geo_distance_2points(${argument}, 1, 1, 1)`)
      expect(diagnostics.map(({ code }) => code)).toEqual(['KS127'])
    }
  })
})

describe('cells', () => {
  it.each([
    ['geo_point_to_geohash(1, 1, int(null))', ''],
    ['geo_point_to_geohash(1, 1, 19)', ''],
    ['geo_point_to_geohash(1, 1, 0)', ''],
    ['geo_point_to_geohash(real(null), 1)', ''],
    ['geo_point_to_s2cell(1, 1, int(null))', ''],
    ['geo_point_to_s2cell(300, 1, 8)', ''],
    ['geo_point_to_s2cell(1, 1, -1)', ''],
    ['geo_s2cell_to_central_point("1234567").coordinates[1]', 27.468392926],
    ['geo_s2cell_to_central_point("")', null],
    ['geo_s2cell_to_central_point("12345671234567123")', null],
    ['geo_s2cell_to_central_point("xyz")', null],
    ['array_length(geo_s2cell_neighbors("1"))', 4],
    ['geo_point_to_h3cell(1, 1, int(null))', ''],
    ['geo_h3cell_children(geo_point_to_h3cell(1, 1, 9), 15)', null],
    ['array_length(geo_h3cell_children(geo_point_to_h3cell(1, 1, 9), 9))', 1],
    ['geo_h3cell_children("862a1072fffffff", 5)', null],
    ['geo_h3cell_children(geo_point_to_h3cell(1, 1, 15))', null],
    ['geo_h3cell_parent("123")', ''],
    ['geo_h3cell_parent(geo_point_to_h3cell(1, 1, 0))', ''],
    ['geo_h3cell_parent("862a1072fffffff", 6)', '862a1072fffffff'],
    ['geo_h3cell_level(geo_h3cell_parent(geo_point_to_h3cell(1, 1, 10), 3))', 3],
    ['geo_h3cell_rings("861f8894fffffff", 0)', [['861f8894fffffff']]],
    ['geo_h3cell_rings("861f8894fffffff", -1)', null],
    // A pentagon, one of twelve.
    ['array_length(geo_h3cell_neighbors("8009fffffffffff"))', 5],
    ['array_length(geo_h3cell_to_polygon("8009fffffffffff").coordinates[0])', 6],
  ])('%s is %j', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected)
  })

  it('cover what is near a shape too', async () => {
    const count = (radius: number) =>
      value(`array_length(geo_polygon_to_s2cells(${PARK}, 15, ${radius}))`)
    const [exact, near, far] = [await count(0), await count(200), await count(2000)]
    expect(Number(exact)).toBeLessThan(Number(near))
    expect(Number(near)).toBeLessThan(Number(far))
    expect(await value(`geo_polygon_to_s2cells(${PARK}, 15, -1)`)).toBeNull()
    const query = `print cells = geo_line_to_s2cells(${line('[[10.1234, 53], [10.3579, 53]]')}, 12, 3000)
      | extend near = geo_point_to_s2cell(10.2, 53.026, 12), far = geo_point_to_s2cell(10.2, 53.06, 12)
      | project near = set_has_element(cells, near), far = set_has_element(cells, far)`
    expect(await rowsOf(query)).toEqual([[true, false]])
  })

  it('stand for a polygon up to a number', async () => {
    const half = polygon('[[-80, -60], [80, -60], [80, 60], [-80, 60], [-80, -60]]')
    expect(await value(`geo_polygon_to_h3cells(${half}, 9)`)).toBeNull()
    expect(await value(`geo_polygon_to_s2cells(${half}, 20)`)).toBeNull()
    expect(await value(`geo_polygon_to_h3cells(${half}, 16)`)).toBeNull()
  })

  it('stand for a polygon over the antimeridian', async () => {
    const square = polygon('[[179.9, 0], [-179.9, 0], [-179.9, 0.2], [179.9, 0.2], [179.9, 0]]')
    expect(await value(`array_length(geo_polygon_to_h3cells(${square}, 8))`)).toBe(903)
  })

  it('do not stand for a polygon with a radius', () => {
    const text = `print geo_polygon_to_h3cells(${PARK}, 6, 10)`
    const { diagnostics } = compileTest(text)
    expect(diagnostics.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([
      ['KQL101', '10'],
    ])
  })
})

describe('lines and polygons', () => {
  it('have measures of their union', async () => {
    expect(await value(`round(geo_polygon_area(${TWO}), 3)`)).toBe(10889971.534)
    expect(await value(`geo_polygon_perimeter(${TWO})`)).toBeCloseTo(15943.5384578745, 6)
    expect(await value(`geo_polygon_centroid(${TWO})`)).toEqual({
      type: 'Point',
      coordinates: [-73.968569588, 40.776310753],
    })
    const lines =
      'dynamic({"type":"MultiLineString","coordinates":[[[-73.95798683166502,40.800556090021466],[-73.98193359375,40.76819171855746]],[[-73.94940376281738,40.79691751000055],[-73.97317886352539,40.76435634049001]]]})'
    expect(await value(`geo_line_length(${lines})`)).toBeCloseTo(8262.24339753741, 6)
    const twice =
      'dynamic({"type":"MultiLineString","coordinates":[[[0,0],[1,0]],[[1,0],[0,0]],[[0,0],[1,0],[2,0]]]})'
    expect(
      await value(`geo_line_length(${twice}) / geo_line_length(${line('[[0,0],[1,0]]')})`),
    ).toBe(2)
  })

  it('have points at a part of a line', async () => {
    const ring = line(
      '[[-73.95807266235352,40.800426144169315],[-73.94966125488281,40.79691751000055],[-73.97317886352539,40.764486356930334],[-73.98210525512695,40.76786669510221],[-73.96004676818848,40.7980870753293]]',
    )
    expect(await value(`geo_line_interpolate_point(${ring}, 0.9).coordinates[0]`)).toBe(
      -73.965565458,
    )
    expect(await value(`geo_line_centroid(${ring}).coordinates[0]`)).toBe(-73.966067563)
    expect(await value(`geo_line_interpolate_point(${ring}, 1.01)`)).toBeNull()
    const straight = line('[[0, 0], [10, 0], [20, 0]]')
    expect(await value(`geo_line_locate_point(${straight}, 15, 3)`)).toBe(0.75)
    expect(await value(`geo_line_locate_point(${straight}, 25, 3)`)).toBe(1)
    expect(await value(`geo_line_interpolate_point(${straight}, 0.75)`)).toEqual({
      type: 'Point',
      coordinates: [15, 0],
    })
  })

  it.each([
    ['print', 'true', 'KQL101'],
    ['print', '1', 'KQL101'],
    ['print', '"a"', 'KS127'],
    ['print s = now() | project', 's', 'KS127'],
  ])('do not locate a point on the spheroid: %s %s', (query, spheroid, code) => {
    const { diagnostics } = compileTest(
      `${query} geo_line_locate_point(${line('[[0, 0], [10, 0]]')}, 1, 1, ${spheroid})`,
    )
    expect(diagnostics.map(({ code }) => code)).toEqual([code])
  })

  it('are densified over the antimeridian where that is asked for', async () => {
    const across = line('[[179, 60], [-179, 60]]')
    const points = async (crossing: string) =>
      (await value(`geo_line_densify(${across}, 10000, ${crossing}).coordinates`)) as number[][]
    expect(await points('true')).toEqual([
      [179, 60],
      [-179, 60],
    ])
    expect((await points('false')).some(([longitude]) => longitude === 0)).toBe(true)
  })

  it('share points, lines and regions', async () => {
    const left = polygon('[[2,45],[0,45],[1,44],[2,45]]')
    const right =
      'dynamic({"type":"MultiPolygon","coordinates":[[[[3,44],[2,45],[2,43],[3,44]]],[[[1.192,45.265],[1.005,44.943],[1.356,44.937],[1.192,45.265]]]]})'
    expect(await value(`geo_intersection_2polygons(${left}, ${right})`)).toEqual({
      type: 'GeometryCollection',
      geometries: [
        { type: 'Point', coordinates: [2, 45] },
        {
          type: 'Polygon',
          coordinates: [
            [
              [1.322707553, 45.003909145],
              [1.040456537, 45.004356403],
              [1.005, 44.943],
              [1.356, 44.937],
              [1.322707553, 45.003909145],
            ],
          ],
        },
      ],
    })
    const road = line('[[-110.522, 39.198],[-91.428, 40.880]]')
    const holed =
      'dynamic({"type":"Polygon","coordinates":[[[-90.263,36.738],[-102.041,45.274],[-109.335,36.527],[-90.263,36.738]],[[-100.393,41.705],[-103.139,38.925],[-97.558,39.113],[-100.393,41.705]]]})'
    expect(await value(`geo_intersection_line_with_polygon(${road}, ${holed})`)).toEqual({
      type: 'MultiLineString',
      coordinates: [
        [
          [-106.893536559, 39.76922621],
          [-101.744485537, 40.373506009],
        ],
        [
          [-99.136499431, 40.589336513],
          [-95.284527737, 40.799060242],
        ],
      ],
    })
    const zigzag = line('[[0, -1], [1, 1], [2, -1]]')
    const crossed = (await value(
      `geo_intersection_2lines(${zigzag}, ${line('[[-1, 0], [3, 0]]')})`,
    )) as { type: string; coordinates: number[][] }
    expect(crossed.type).toBe('MultiPoint')
    expect(crossed.coordinates).toHaveLength(2)
  })

  it('of one edge share it as a line', async () => {
    const [left, right] = [
      polygon('[[0,0],[1,0],[1,1],[0,1],[0,0]]'),
      polygon('[[1,0],[2,0],[2,1],[1,1],[1,0]]'),
    ]
    expect(await value(`geo_intersection_2polygons(${left}, ${right})`)).toEqual({
      type: 'LineString',
      coordinates: [
        [1, 0],
        [1, 1],
      ],
    })
    expect(await value(`geo_intersects_2polygons(${left}, ${right})`)).toBe(true)
  })

  it('meet where one is within the other', async () => {
    const [outer, inner] = [
      polygon('[[0,0],[9,0],[9,9],[0,9],[0,0]]'),
      polygon('[[3,3],[4,3],[4,4],[3,3]]'),
    ]
    expect(await value(`geo_intersects_2polygons(${outer}, ${inner})`)).toBe(true)
    expect(await value(`geo_intersects_2polygons(${inner}, ${outer})`)).toBe(true)
    expect(await value(`geo_intersection_2polygons(${outer}, ${inner}).type`)).toBe('Polygon')
    expect(
      await value(`geo_intersects_line_with_polygon(${line('[[3,4],[4,5]]')}, ${outer})`),
    ).toBe(true)
    expect(
      await value(`geo_intersects_line_with_polygon(${line('[[30,4],[40,5]]')}, ${outer})`),
    ).toBe(false)
  })

  it('of an array have one union, with holes', async () => {
    const frame = [
      '[[0,0],[9,0],[9,1],[0,1],[0,0]]',
      '[[0,8],[9,8],[9,9],[0,9],[0,8]]',
      '[[0,0.5],[1,0.5],[1,8.5],[0,8.5],[0,0.5]]',
      '[[8,0.5],[9,0.5],[9,8.5],[8,8.5],[8,0.5]]',
    ].map(polygon)
    const shape = (await value(`geo_union_polygons_array(pack_array(${frame.join(', ')}))`)) as {
      type: string
      coordinates: unknown[][]
    }
    expect(shape.type).toBe('Polygon')
    expect(shape.coordinates).toHaveLength(2)
    const query = `print u = geo_union_polygons_array(pack_array(${frame.join(', ')}))
      | project a = geo_point_in_polygon(4, 4, u), b = geo_point_in_polygon(0.5, 4, u)`
    expect(await objectsOf(query)).toEqual([{ a: false, b: true }])
    expect(await value('geo_union_polygons_array(dynamic([]))')).toBeNull()
    expect(await value(`geo_union_polygons_array(pack_array(${PARK}, 1))`)).toBeNull()
    expect(
      await value(
        `geo_union_lines_array(pack_array(${line('[[0,0],[1,1]]')}, ${line('[[5,5],[6,6]]')})).type`,
      ),
    ).toBe('MultiLineString')
  })

  it('that would take too long fail with a reason', async () => {
    // Each line crosses all of the others.
    const lines = (from: (k: number) => number[], to: (k: number) => number[]) =>
      JSON.stringify({
        type: 'MultiLineString',
        coordinates: Array.from({ length: 4_000 }, (_, k) => [from(k / 400), to(k / 400)]),
      })
    const down = lines(
      k => [k, -10],
      k => [k, 10],
    )
    const across = lines(
      k => [-5, k - 5],
      k => [15, k - 5],
    )
    const query = `print r = geo_intersection_2lines(dynamic(${down}), dynamic(${across}))`
    await expect(rowsOf(query)).rejects.toThrow('would take too long')
  })

  it('of rows are read for each', async () => {
    const tables = {
      shapes: {
        columns: { name: 'string', shape: 'dynamic' },
        rows: [
          [
            'a',
            {
              type: 'Polygon',
              coordinates: [
                [
                  [0, 0],
                  [2, 0],
                  [2, 2],
                  [0, 2],
                  [0, 0],
                ],
              ],
            },
          ],
          [
            'b',
            {
              type: 'Polygon',
              coordinates: [
                [
                  [5, 5],
                  [7, 5],
                  [7, 7],
                  [5, 7],
                  [5, 5],
                ],
              ],
            },
          ],
          ['c', { type: 'Polygon' }],
          ['d', null],
        ],
      },
    } as const
    const query = 'shapes | project name, inside = geo_point_in_polygon(6, 6, shape)'
    expect(await rowsOf(query, { tables })).toEqual([
      ['a', false],
      ['b', true],
      ['c', null],
      ['d', null],
    ])
  })
})
