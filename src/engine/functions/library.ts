import { InternalError } from '../../text/internal-error.ts'
import * as binary from './aggregate/binary.ts'
import * as count from './aggregate/count.ts'
import * as distinct from './aggregate/distinct.ts'
import * as extremes from './aggregate/extremes.ts'
import * as lists from './aggregate/lists.ts'
import * as percentiles from './aggregate/percentiles.ts'
import * as rows from './aggregate/rows.ts'
import * as schema from './aggregate/schema.ts'
import * as sketchAggregates from './aggregate/sketches.ts'
import * as statistics from './aggregate/statistics.ts'
import * as sum from './aggregate/sum.ts'
import type { AggregateFunction, ScalarFunction } from './declare.ts'
import knownFunctions from './known-functions.json' with { type: 'json' }
import * as array from './scalar/array.ts'
import * as arraySort from './scalar/array-sort.ts'
import * as assertions from './scalar/assertions.ts'
import * as bag from './scalar/bag.ts'
import * as binning from './scalar/binning.ts'
import * as bitwise from './scalar/bitwise.ts'
import * as calendar from './scalar/calendar.ts'
import * as compression from './scalar/compression.ts'
import * as conditional from './scalar/conditional.ts'
import * as conversion from './scalar/conversion.ts'
import * as datetime from './scalar/datetime.ts'
import * as dynamicFunctions from './scalar/dynamic.ts'
import * as encoding from './scalar/encoding.ts'
import * as geoBuffer from './scalar/geo-buffer.ts'
import * as geoH3 from './scalar/geo-h3.ts'
import * as geoHash from './scalar/geo-hash.ts'
import * as geoLine from './scalar/geo-line.ts'
import * as geoOverlay from './scalar/geo-overlay.ts'
import * as geoPoints from './scalar/geo-points.ts'
import * as geoPolygon from './scalar/geo-polygon.ts'
import * as geoS2 from './scalar/geo-s2.ts'
import * as geoSimplify from './scalar/geo-simplify.ts'
import * as geoText from './scalar/geo-text.ts'
import * as hash from './scalar/hash.ts'
import * as ip from './scalar/ip.ts'
import * as ipLocation from './scalar/ip-location.ts'
import * as ipv6 from './scalar/ipv6.ts'
import * as math from './scalar/math.ts'
import * as misc from './scalar/misc.ts'
import * as arithmetic from './scalar/operators-arithmetic.ts'
import * as comparison from './scalar/operators-comparison.ts'
import * as logic from './scalar/operators-logic.ts'
import * as membership from './scalar/operators-membership.ts'
import * as multiplication from './scalar/operators-multiplication.ts'
import * as stringOperators from './scalar/operators-string.ts'
import * as parse from './scalar/parse.ts'
import * as parseText from './scalar/parse-text.ts'
import * as probability from './scalar/probability.ts'
import * as punycode from './scalar/punycode.ts'
import * as regexFunctions from './scalar/regex-functions.ts'
import * as seriesAnomalies from './scalar/series-anomalies.ts'
import * as seriesElements from './scalar/series-elements.ts'
import * as seriesFill from './scalar/series-fill.ts'
import * as seriesFilters from './scalar/series-filters.ts'
import * as seriesFit from './scalar/series-fit.ts'
import * as seriesPeriods from './scalar/series-periods.ts'
import * as seriesTotals from './scalar/series-totals.ts'
import * as set from './scalar/set.ts'
import * as sketches from './scalar/sketches.ts'
import * as string from './scalar/string.ts'
import * as stringSearch from './scalar/string-search.ts'
import * as timeZone from './scalar/time-zone.ts'
import * as timespan from './scalar/timespan.ts'
import * as trigonometry from './scalar/trigonometry.ts'
import * as units from './scalar/units.ts'
import * as userAgent from './scalar/user-agent.ts'
import type { WindowFunction } from './window/declare-window.ts'
import * as neighbours from './window/neighbours.ts'
import * as ranking from './window/ranking.ts'
import * as running from './window/running.ts'

/** The functions that queries can call, by name or alias. */
export interface FunctionLibrary {
  scalar(name: string): ScalarFunction | undefined
  aggregate(name: string): AggregateFunction | undefined
  window(name: string): WindowFunction | undefined
  /** Whether KQL has a function of that name that kqlab lacks. */
  isUnsupported(name: string): boolean
  /** Names and aliases, for suggestions. */
  names(): Iterable<string>
}

type AnyFunction = ScalarFunction | AggregateFunction | WindowFunction

const FAMILIES: readonly object[] = [
  binary,
  count,
  distinct,
  extremes,
  lists,
  percentiles,
  rows,
  schema,
  sketchAggregates,
  statistics,
  sum,
  array,
  arraySort,
  assertions,
  bag,
  dynamicFunctions,
  set,
  sketches,
  trigonometry,
  units,
  binning,
  bitwise,
  calendar,
  compression,
  conditional,
  conversion,
  datetime,
  encoding,
  geoBuffer,
  geoH3,
  geoHash,
  geoLine,
  geoOverlay,
  geoPoints,
  geoPolygon,
  geoS2,
  geoSimplify,
  geoText,
  hash,
  ip,
  ipLocation,
  ipv6,
  math,
  misc,
  arithmetic,
  comparison,
  logic,
  membership,
  multiplication,
  stringOperators,
  parse,
  parseText,
  probability,
  punycode,
  regexFunctions,
  seriesAnomalies,
  seriesElements,
  seriesFill,
  seriesFilters,
  seriesFit,
  seriesPeriods,
  seriesTotals,
  string,
  stringSearch,
  timeZone,
  timespan,
  userAgent,
  neighbours,
  ranking,
  running,
]

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'object' && value !== null && 'kind' in value && 'overloads' in value
}

/** Every built-in function, as declared, in the order of the families. */
export const FUNCTIONS: readonly AnyFunction[] = FAMILIES.flatMap(family =>
  Object.values(family).filter(isFunction),
)

function indexed<K extends AnyFunction['kind']>(
  kind: K,
): ReadonlyMap<string, Extract<AnyFunction, { kind: K }>> {
  const byName = new Map<string, Extract<AnyFunction, { kind: K }>>()
  for (const declaration of FUNCTIONS) {
    if (declaration.kind !== kind) continue
    for (const name of [declaration.name, ...(declaration.aliases ?? [])]) {
      if (byName.has(name)) throw new InternalError(`two ${kind} functions are called ${name}`)
      byName.set(name, declaration as Extract<AnyFunction, { kind: K }>)
    }
  }
  return byName
}

const SCALAR = indexed('scalar')
const AGGREGATE = indexed('aggregate')
const WINDOW = indexed('window')
const KNOWN: ReadonlySet<string> = new Set(knownFunctions)

/** The functions of kqlab. */
export const LIBRARY: FunctionLibrary = {
  scalar: name => SCALAR.get(name),
  aggregate: name => AGGREGATE.get(name),
  window: name => WINDOW.get(name),
  isUnsupported: name => KNOWN.has(name),
  *names() {
    yield* SCALAR.keys()
    yield* AGGREGATE.keys()
    yield* WINDOW.keys()
  },
}
