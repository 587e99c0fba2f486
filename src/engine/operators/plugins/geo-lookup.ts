import {
  type Line,
  type Polygon,
  polygonHolds,
  readLines,
  readPolygons,
} from '../../../geo/geojson.ts'
import { nearestOnLines, nearestOnPolygons } from '../../../geo/measures.ts'
import {
  add,
  angleBetween,
  EARTH_RADIUS,
  isPosition,
  normalize,
  pointOf,
  type Vector3,
} from '../../../geo/vector.ts'
import { type ColumnBatch, NO_ROW } from '../../../tables/batch.ts'
import type { DynamicVector, RealVector } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { readColumn } from '../../binder/columns.ts'
import { literal } from '../../plan/expression.ts'
import type { EvaluatePlan, NamedExpr, Plan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { plugin } from './declare.ts'
import { joined, joinedColumns } from './joined.ts'
import { allRows, faultOf, inputOf, optionOf } from './running.ts'
import type { PluginParameter } from './signature.ts'

const POSITION: readonly PluginParameter[] = [
  { name: 'SourceLongitude', takes: 'numeric column', doc: 'The longitudes in degrees.' },
  { name: 'SourceLatitude', takes: 'numeric column', doc: 'The latitudes in degrees.' },
]
const FURTHER: readonly PluginParameter[] = [
  {
    name: 'return_unmatched',
    takes: 'constant bool',
    doc: 'Whether rows that match no shape are given too, with nulls; false if missing.',
    optional: true,
  },
  {
    name: 'lookup_area_radius',
    takes: 'constant real',
    doc: 'A hint of the service for speed, which changes no answer; not used.',
    optional: true,
  },
  {
    name: 'return_lookup_key',
    takes: 'literal bool',
    doc: 'Whether the column of shapes is given too; false if missing.',
    optional: true,
  },
]

/** @see https://learn.microsoft.com/kusto/query/geo-polygon-lookup-plugin */
export const geoPolygonLookup = plugin({
  name: 'geo_polygon_lookup',
  doc:
    'Joins rows with the polygons of a table that a point of theirs is in, or not farther from than ' +
    'a radius: a row for each. What is no point or no polygon matches nothing.',
  parameters: [
    { name: 'LookupTable', takes: 'table', doc: 'The polygons and what is known of them.' },
    {
      name: 'LookupPolygonKey',
      takes: 'dynamic column of the table',
      doc: 'Each a Polygon or MultiPolygon of GeoJSON.',
    },
    ...POSITION,
    {
      name: 'radius',
      takes: 'constant real',
      doc: 'How many meters outside a point may be; if missing, it has to be inside.',
      optional: true,
    },
    ...FURTHER,
  ],
  keepsColumns: true,
  examples: [
    {
      query:
        'let P = datatable(name: string, polygon: dynamic)["triangle", dynamic({"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 1], [0, 0]]]})]; ' +
        'datatable(lng: real, lat: real)[5, 3, 3, 5] | evaluate geo_polygon_lookup(P, polygon, lng, lat, return_unmatched = true)',
      rows: [
        { lng: 5, lat: 3, name: 'triangle' },
        { lng: 3, lat: 5, name: '' },
      ],
    },
  ],
  bind: call => bindGeoLookup(call, 'LookupPolygonKey'),
  execute: (plan, run) => lookup(plan, run, polygonShape),
})

/** @see https://learn.microsoft.com/kusto/query/geo-line-lookup-plugin */
export const geoLineLookup = plugin({
  name: 'geo_line_lookup',
  doc:
    'Joins rows with the lines of a table that a point of theirs is not farther from than a radius: ' +
    'a row for each. What is no point or no line matches nothing.',
  parameters: [
    { name: 'LookupTable', takes: 'table', doc: 'The lines and what is known of them.' },
    {
      name: 'LookupLineKey',
      takes: 'dynamic column of the table',
      doc: 'Each a LineString or MultiLineString of GeoJSON.',
    },
    ...POSITION,
    {
      name: 'radius',
      takes: 'constant real',
      doc: 'How many meters away from a line a point may be.',
    },
    ...FURTHER,
  ],
  keepsColumns: true,
  examples: [
    {
      query:
        'let L = datatable(name: string, line: dynamic)["equator", dynamic({"type": "LineString", "coordinates": [[0, 0], [10, 0]]})]; ' +
        'datatable(lng: real, lat: real)[5, 0.001, 5, 1] | evaluate geo_line_lookup(L, line, lng, lat, 200)',
      rows: [{ lng: 5, lat: 0.001, name: 'equator' }],
    },
  ],
  bind: call => bindGeoLookup(call, 'LookupLineKey'),
  execute: (plan, run) => lookup(plan, run, lineShape),
})

/** The columns before those of the rows, which the plugin reads. */
const LONGITUDE = '$longitude'
const LATITUDE = '$latitude'

function bindGeoLookup(call: PluginCall, keyName: string): Plan {
  const { binder, input, span } = call
  const table = call.table('LookupTable')
  const longitude = call.columnOf('SourceLongitude', ['real', 'long', 'int', 'decimal'])
  const latitude = call.columnOf('SourceLatitude', ['real', 'long', 'int', 'decimal'])
  const keySyntax = call.syntax(keyName)
  if (table === undefined || keySyntax === undefined) return call.failedPlan()
  const key = call.columnAt(keySyntax, table)
  if (key !== undefined && key.type !== 'dynamic' && !binder.isFailedColumn(key)) {
    call.fail('KS141', 'The column must have the type dynamic.', keySyntax.span)
  }
  const radius = call.constant('radius', 'real')
  const unmatched = call.constant('return_unmatched', 'bool')
  call.constant('lookup_area_radius', 'real')
  const givesKey = call.value('return_lookup_key', 'bool') === true
  if (call.failed || key === undefined || longitude === undefined || latitude === undefined) {
    return call.failedPlan()
  }
  const read = (column: typeof key): NamedExpr['expr'] => readColumn(binder, column, span)
  const named = (column: typeof key): NamedExpr => ({ name: column.name, expr: read(column) })
  const positions = call.project(input, [
    { name: LONGITUDE, expr: binder.convert(read(longitude), 'real') },
    { name: LATITUDE, expr: binder.convert(read(latitude), 'real') },
    ...input.schema.map(named),
  ])
  const added = table.schema.filter(({ name }) => givesKey || name !== key.name)
  const shapes = call.project(table, [{ name: '$shape', expr: read(key) }, ...added.map(named)])
  return call.evaluate([positions, shapes], joinedColumns(call, input.schema, added), {
    radius,
    unmatched: unmatched ?? literal('bool', false, span),
  })
}

/** A shape of the table. */
interface Shape {
  readonly points: readonly Vector3[]
  /** Whether the point is in it; for a line, never. */
  holds(point: Vector3): boolean
  nearest(point: Vector3): Vector3
}

function polygonShape(value: Dynamic): Shape | undefined {
  const polygons: readonly Polygon[] | undefined = readPolygons(value)
  if (polygons === undefined) return undefined
  return {
    points: polygons.flatMap(({ loops }) => loops.flatMap(({ vertices }) => vertices)),
    holds: point => polygons.some(polygon => polygonHolds(polygon, point)),
    nearest: point => nearestOnPolygons(point, polygons),
  }
}

function lineShape(value: Dynamic): Shape | undefined {
  const lines: readonly Line[] | undefined = readLines(value)
  if (lines === undefined) return undefined
  return {
    points: lines.flatMap(({ points }) => points),
    holds: () => false,
    nearest: point => nearestOnLines(point, lines),
  }
}

/** A shape with the cap around it, beyond which no point of it lies. */
interface Bounded {
  readonly shape: Shape
  readonly row: number
  readonly center: Vector3
  readonly angle: number
}

/** A cap larger than this may not hold the edges between points that it holds. */
const WIDEST = 1.5

function bounded(shape: Shape, row: number): Bounded {
  const center = normalize(shape.points.reduce(add))
  const farthest = shape.points.reduce(
    (most, point) => Math.max(most, angleBetween(center, point)),
    0,
  )
  const angle = farthest < WIDEST ? farthest + 1e-9 : Number.POSITIVE_INFINITY
  return { shape, row, center, angle }
}

async function* lookup(
  plan: EvaluatePlan,
  run: Run,
  read: (value: Dynamic) => Shape | undefined,
): AsyncGenerator<ColumnBatch> {
  const meters = await optionOf(plan, 'radius', run)
  if (meters === null) throw faultOf(plan, 'KS128', 'The radius must not be null.')
  const radius = typeof meters === 'number' ? meters / EARTH_RADIUS : undefined
  const reach = Math.max(radius ?? 0, 0)
  const unmatched = (await optionOf(plan, 'unmatched', run)) === true
  const table = await allRows(plan, run, 1)
  const [keys, ...added] = table.columns
  const shapes: Bounded[] = []
  for (let row = 0; row < table.length; row++) {
    const shape = read((keys as DynamicVector).at(row))
    if (shape === undefined) continue
    await run.pause(shape.points.length)
    shapes.push(bounded(shape, row))
  }
  for await (const batch of run.execute(inputOf(plan))) {
    const [longitudes, latitudes, ...own] = batch.columns as [RealVector, RealVector]
    const left: number[] = []
    const right: number[] = []
    for (const row of batch.rows) {
      const before = right.length
      const position = positionAt(longitudes, latitudes, row)
      if (position !== undefined) {
        const point = pointOf(position)
        for (const candidate of shapes) {
          if (angleBetween(candidate.center, point) > candidate.angle + reach) continue
          await run.pause(candidate.shape.points.length)
          if (!matches(candidate.shape, point, radius)) continue
          left.push(row)
          right.push(candidate.row)
        }
        await run.pause(shapes.length)
      }
      if (right.length === before && unmatched) {
        left.push(row)
        right.push(NO_ROW)
      }
      if (left.length < run.batchSize) continue
      yield joined(plan.schema, own, added, left.splice(0), right.splice(0))
    }
    if (left.length > 0) yield joined(plan.schema, own, added, left, right)
  }
}

function positionAt(
  longitudes: RealVector,
  latitudes: RealVector,
  row: number,
): readonly [number, number] | undefined {
  if (longitudes.isNull(row) || latitudes.isNull(row)) return undefined
  const position = [longitudes.values[row]!, latitudes.values[row]!] as const
  return isPosition(...position) ? position : undefined
}

/** Whether the point is in the shape or, with a radius, not farther away. */
function matches(shape: Shape, point: Vector3, radius: number | undefined): boolean {
  if (radius === undefined) return shape.holds(point)
  return angleBetween(point, shape.nearest(point)) <= radius
}
