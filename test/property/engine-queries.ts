import fc from 'fast-check'
import { compileQuery } from '../../src/engine/query.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import type { Schema } from '../../src/types/schema.ts'
import { TABLE_SCHEMAS } from './engine-tables.ts'

// Random queries over the random tables: pipelines whose expressions have the types that they need.

export const CATALOG = Catalog.empty().with(TABLE_SCHEMAS)

/** Random choices, all of them the first where the numbers have run out. */
class Choices {
  readonly #numbers: readonly number[]
  #next = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  below(count: number): number {
    return (this.#numbers[this.#next++] ?? 0) % count
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  /** True once in `count` times. */
  once(count: number): boolean {
    return this.below(count) === count - 1
  }

  /** Between one and `most` of what `make` makes. */
  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make)
  }
}

const LITERALS: Readonly<Record<ScalarType, readonly string[]>> = {
  bool: ['true', 'false', 'bool(null)'],
  int: ['int(1)', 'int(0)', 'int(null)'],
  long: ['1', '0', '2', '-1', '9223372036854775807', 'long(null)'],
  real: ['0.5', '0.0', '-1.0', 'real(nan)', 'real(+inf)', 'real(null)'],
  decimal: ['decimal(1.5)', 'decimal(null)'],
  datetime: ['datetime(2026-01-01T12:00:00Z)', 'now()', 'ago(1h)', 'datetime(null)'],
  timespan: ['1h', '0s', '1tick', 'timespan(null)'],
  string: ['"a"', '""', '"b"', '"A"', '"x"'],
  guid: ['guid(74be27de-1e4e-49d9-b579-fe0b331d3642)', 'guid(null)'],
  dynamic: [
    'dynamic([1, "a", {"x": 1}])',
    'dynamic({"x": {"y": 1}})',
    'dynamic(null)',
    'dynamic(1)',
  ],
}

const TYPES = Object.keys(LITERALS) as ScalarType[]
/** The types that rows are grouped, sorted and joined by. */
const KEYS = TYPES.filter(type => type !== 'dynamic')
const NAMES = ['x', 'y', 'l', 's', 'd', 'z1']

type Make = (type: ScalarType) => string

/** Calls by the type that they give; `e` makes an argument. */
const CALLS: Readonly<Record<ScalarType, readonly ((e: Make, c: Choices) => string)[]>> = {
  bool: [
    (e, c) => {
      const type = c.of(KEYS)
      return `(${e(type)} ${c.of(['==', '!='])} ${e(type)})`
    },
    (e, c) => {
      const type = c.of(['int', 'long', 'real', 'decimal', 'datetime', 'timespan'] as const)
      return `(${e(type)} ${c.of(['<', '<=', '>', '>='])} ${e(type)})`
    },
    (e, c) => `(${e('bool')} ${c.of(['and', 'or'])} ${e('bool')})`,
    e => `not(${e('bool')})`,
    (e, c) => `${c.of(['isnull', 'isnotnull'])}(${e(c.of(TYPES))})`,
    (e, c) => `${c.of(['isempty', 'isnotempty'])}(${e('string')})`,
    (e, c) => {
      const operator = c.of(['has', '!has', 'contains', 'startswith', '=~', '!~', 'endswith_cs'])
      return `(${e('string')} ${operator} ${e('string')})`
    },
    (e, c) => `(${e('string')} ${c.of(['in', '!in', 'in~', 'has_any'])} (${e('string')}, "b"))`,
    (e, c) => `(${e('long')} ${c.of(['in', '!in'])} (${e('long')}, 2))`,
    (e, c) => `(${e('long')} ${c.of(['between', '!between'])} (${e('long')} .. ${e('long')}))`,
    e => `(${e('datetime')} between (ago(2h) .. ${e('datetime')}))`,
    e => `tobool(${e('dynamic')})`,
    (_, c) => `s in (${c.of(['T', 'U'])} | project s)`,
    (_, c) => `l !in (U | where l > ${c.below(2)} | project l)`,
  ],
  int: [e => `toint(${e('long')})`, e => `toint(${e('string')})`],
  long: [
    (e, c) => `(${e('long')} ${c.of(['+', '-', '*', '/', '%'])} ${e('long')})`,
    e => `iff(${e('bool')}, ${e('long')}, ${e('long')})`,
    (e, c) => `tolong(${e(c.of(['string', 'dynamic', 'real', 'int'] as const))})`,
    e => `strlen(${e('string')})`,
    e => `coalesce(${e('long')}, ${e('long')})`,
    e => `bin(${e('long')}, 2)`,
    e => `array_length(${e('dynamic')})`,
    e => `case(${e('bool')}, ${e('long')}, ${e('bool')}, 7, ${e('long')})`,
    (_e, c) => {
      const type = c.of(['long', 'real'] as const)
      return `tolong(toscalar(T | summarize ${c.of(['max', 'min'])}(${type === 'long' ? 'l' : 'r'})))`
    },
  ],
  real: [
    (e, c) => `(${e('real')} ${c.of(['+', '-', '*', '/'])} ${e(c.of(['real', 'long'] as const))})`,
    (e, c) => `toreal(${e(c.of(['long', 'string', 'dynamic'] as const))})`,
    e => `iff(${e('bool')}, ${e('real')}, ${e('real')})`,
    e => `round(${e('real')}, 1)`,
  ],
  decimal: [e => `todecimal(${e('long')})`, e => `(${e('decimal')} + ${e('decimal')})`],
  datetime: [
    (e, c) => `(${e('datetime')} ${c.of(['+', '-'])} ${e('timespan')})`,
    e => `bin(${e('datetime')}, 1h)`,
    e => `startofday(${e('datetime')})`,
    e => `todatetime(${e('string')})`,
  ],
  timespan: [
    e => `(${e('datetime')} - ${e('datetime')})`,
    (e, c) => `(${e('timespan')} ${c.of(['+', '-'])} ${e('timespan')})`,
  ],
  string: [
    (e, c) => `strcat(${e('string')}, ${e(c.of(['string', 'long', 'bool'] as const))})`,
    (e, c) => `tostring(${e(c.of(TYPES))})`,
    e => `tolower(${e('string')})`,
    e => `substring(${e('string')}, 1)`,
    e => `iff(${e('bool')}, ${e('string')}, ${e('string')})`,
    e => `replace_string(${e('string')}, "a", ${e('string')})`,
    e => `extract("([a-z]+)", 1, ${e('string')})`,
    _e => `toscalar(U | where l == 1 | project s) `,
    e => `coalesce(${e('string')}, ${e('string')})`,
  ],
  guid: [e => `toguid(${e('string')})`],
  dynamic: [
    (e, c) => `${pathBase(e('dynamic'))}${c.of(['.x', '["y"]', '[0]', '.x.y', '.y[-1]', '.y.x'])}`,
    e => `parse_json(${e('string')})`,
    (e, c) => `pack_array(${e(c.of(TYPES))}, ${e(c.of(TYPES))})`,
    (e, c) => `bag_pack("x", ${e(c.of(TYPES))}, "y", ${e('dynamic')})`,
    e => `split(${e('string')}, ",")`,
  ],
}

/** Only names and calls can be followed by a path. */
function pathBase(text: string): string {
  return /^[A-Za-z_]\w*$|\)$|\]$/.test(text) && !text.startsWith('(') ? text : `todynamic(${text})`
}

function expression(c: Choices, type: ScalarType, schema: Schema, depth: number): string {
  const columns = schema.filter(column => column.type === type)
  const kind = c.below(depth > 0 ? 8 : 4)
  if (kind < 3 && columns.length > 0) return c.of(columns).name
  if (kind < 4) return c.of(LITERALS[type])
  const make = c.of(CALLS[type])
  return make(inner => expression(c, inner, schema, depth - 1), c)
}

type Operator = (c: Choices, schema: Schema, tables: readonly string[]) => string

function anyOf(c: Choices, schema: Schema, types: readonly ScalarType[] = TYPES): string {
  const columns = schema.filter(column => types.includes(column.type))
  return columns.length === 0 ? '1' : c.of(columns).name
}

/** A key to group, sort or join by. */
function key(c: Choices, schema: Schema): string {
  return c.once(3) ? expression(c, c.of(KEYS), schema, 1) : anyOf(c, schema, KEYS)
}

function aggregate(c: Choices, schema: Schema): string {
  const e = (type: ScalarType) => expression(c, type, schema, 1)
  return c.of([
    () => 'count()',
    () => `countif(${e('bool')})`,
    () => `sum(${e('long')})`,
    () => `sum(${e('real')})`,
    () => `${c.of(['min', 'max'])}(${e(c.of(KEYS.filter(type => type !== 'bool')))})`,
    () => `avg(${e(c.of(['long', 'real'] as const))})`,
    () => `dcount(${e(c.of(KEYS))})`,
    () => `make_list(${e(c.of(TYPES))})`,
    () => `make_set(${e(c.of(['string', 'long', 'dynamic'] as const))}, 3)`,
    () => `take_any(${anyOf(c, schema)})`,
    () => `${c.of(['arg_max', 'arg_min'])}(${anyOf(c, schema, KEYS)}, *)`,
    () => `percentile(${e('long')}, 50)`,
    () => `stdev(${e('real')}) + ${c.below(3)}`,
    () => `make_bag(${e('dynamic')})`,
  ])()
}

function sortKeys(c: Choices, schema: Schema): string {
  const one = () => `${key(c, schema)}${c.of(['', ' asc', ' desc nulls first', ' asc nulls last'])}`
  return c.some(2, one).join(', ')
}

const JOIN_KINDS = [
  ...['inner', 'innerunique', 'leftouter', 'rightouter', 'fullouter'],
  ...['leftsemi', 'rightsemi', 'leftanti', 'rightanti'],
]

/** A predicate that some of the random rows satisfy and some do not. */
function predicate(c: Choices, schema: Schema): string {
  const column = c.of(schema.length === 0 ? [{ name: '1', type: 'long' } as const] : schema)
  const { name, type } = column
  if (type === 'string') {
    return c.of([`${name} != "b"`, `${name} == "a"`, `isempty(${name})`, `${name} has "a"`])
  }
  if (type === 'dynamic') {
    return c.of([
      `isnotnull(${name})`,
      `isnull(${name}.x)`,
      `${name}.x == 1`,
      `isnotnull(${name}.y)`,
      `${name}.x.y == "deep"`,
    ])
  }
  if (type === 'bool') return c.of([`isnotnull(${name})`, name, `not(${name})`, `isnull(${name})`])
  const literal = c.of(LITERALS[type])
  return c.of([
    `isnotnull(${name})`,
    `${name} != ${literal}`,
    `isnull(${name})`,
    `${name} == ${literal}`,
  ])
}

function where(c: Choices, schema: Schema): string {
  const part = () => (c.once(3) ? expression(c, 'bool', schema, 2) : predicate(c, schema))
  const parts = c.once(3) ? [part(), part()] : [part()]
  return `where ${parts.join(c.once(2) ? ' or ' : ' and ')}`
}

function extend(c: Choices, schema: Schema): string {
  const one = () => `${c.of(NAMES)} = ${expression(c, c.of(TYPES), schema, 2)}`
  return `extend ${c.some(2, one).join(', ')}`
}

function project(c: Choices, schema: Schema): string {
  const one = () =>
    c.once(3) ? `${c.of(NAMES)} = ${expression(c, c.of(TYPES), schema, 2)}` : anyOf(c, schema)
  return `project ${c.some(3, one).join(', ')}`
}

function join(c: Choices, schema: Schema, tables: readonly string[]): string {
  const kind = c.of(JOIN_KINDS)
  const right = subquery(c, tables)
  const on = c.of([
    () => anyOf(c, schema, ['string', 'long']),
    () => c.of(['l', 's']),
    () => `$left.${anyOf(c, schema, ['long', 'int'])} == $right.${c.of(['l', 'i', 'x'])}`,
    () => `s, $left.${anyOf(c, schema, ['long'])} == $right.l`,
  ])()
  return `join kind=${kind} (${right}) on ${on}`
}

function mvExpand(c: Choices, schema: Schema): string {
  const options = c.of(['', 'with_itemindex=y ', 'kind=array '])
  const column = () => {
    const value = c.once(2) ? anyOf(c, schema, ['dynamic']) : expression(c, 'dynamic', schema, 1)
    const named = c.once(2) || !/^\w+$/.test(value) ? `${c.of(NAMES)} = ${value}` : value
    return `${named}${c.of(['', '', ' to typeof(long)', ' to typeof(string)'])}`
  }
  return `mv-expand ${options}${c.some(2, column).join(', ')}${c.of(['', '', ' limit 2'])}`
}

function mvApply(c: Choices, schema: Schema, tables: readonly string[]): string {
  const name = c.of(NAMES)
  const type = c.of(['dynamic', 'long', 'string'] as const)
  const value = c.once(2) ? anyOf(c, schema, ['dynamic']) : expression(c, 'dynamic', schema, 1)
  const inner = [...schema.filter(column => column.name !== name), { name, type }]
  const body = c.of<() => string>([
    () => where(c, inner),
    () => `${where(c, inner)} | ${extend(c, inner)}`,
    () => summarize(c, inner),
    () => `top 2 by ${key(c, inner)}`,
    () => `${project(c, inner)} | take 2`,
    () => `sort by ${sortKeys(c, inner)} | extend y = row_number()`,
    () => 'count',
    () => c.some(2, () => c.of(OPERATORS)(c, inner, tables)).join(' | '),
  ])()
  const index = c.of(['', '', 'with_itemindex=y '])
  const typed = type === 'dynamic' ? '' : ` to typeof(${type})`
  return `mv-apply ${index}${name} = ${value}${typed}${c.of(['', '', ' limit 2'])} on (${body})`
}

function partition(c: Choices, schema: Schema, tables: readonly string[]): string {
  const body = c.of<() => string>([
    () => c.some(2, () => c.of(OPERATORS)(c, schema, tables)).join(' | '),
    () => `top 1 by ${key(c, schema)}`,
    () => `as z9 | extend y = toscalar(z9 | summarize ${aggregate(c, schema)})`,
    () => `as z9 | where ${anyOf(c, schema, ['string', 'long'])} in ((z9 | take 1))`,
    () => summarize(c, schema),
  ])()
  return `partition hint.strategy=native by ${anyOf(c, schema, KEYS)} (${body})`
}

function scan(c: Choices, schema: Schema): string {
  const column = anyOf(c, schema, ['long', 'string'])
  const output = () => c.of(['', '', ' output=last', ' output=none'])
  const condition = () =>
    c.of([
      'true',
      `isnotempty(${column})`,
      `s1.${column} == ${column}`,
      `s1.${column} != ${column} and ${expression(c, 'bool', schema, 1)}`,
      expression(c, 'bool', schema, 1),
    ])
  const matchId = c.of(['', 'with_match_id=z8 '])
  const steps = [
    `step s1${output()}: ${condition()} => z7 = s1.z7 + 1;`,
    ...(c.once(2) ? [`step s2${output()}: ${condition()} => z7 = s1.z7 * 2;`] : []),
  ]
  return `sort by ${sortKeys(c, schema)} | scan ${matchId}declare (z7: long = 0) with (${steps.join(' ')})`
}

function parse(c: Choices, schema: Schema): string {
  const kind = c.of(['', '', 'kind=relaxed ', 'kind=regex '])
  const part = () => `${c.of(['"a"', '","', '* "b"', '""'])} ${c.of(NAMES)}: ${c.of(TYPES)}`
  const pattern = `${c.some(2, part).join(' ')}${c.of(['', ' "x"', ' "" *'])}`
  return `${c.of(['parse', 'parse-where'])} ${kind}${expression(c, 'string', schema, 1)} with ${pattern}`
}

function summarize(c: Choices, schema: Schema): string {
  const aggregates = c.some(2, () => aggregate(c, schema)).join(', ')
  const by = c.once(4) ? '' : ` by ${c.some(2, () => key(c, schema)).join(', ')}`
  return `summarize ${aggregates}${by}`
}

function makeSeries(c: Choices, schema: Schema): string {
  const value = () =>
    c.of([
      () => 'count()',
      () => `countif(${expression(c, 'bool', schema, 1)})`,
      () => `sum(${expression(c, 'long', schema, 1)})`,
      () => `avg(${expression(c, 'real', schema, 1)}) default = real(null)`,
      () => `max(${expression(c, 'long', schema, 1)}) default = -1`,
    ])()
  const axis = c.of([
    () => `y = ${expression(c, 'long', schema, 1)} from -1 to 3 step 2`,
    () => `y = ${expression(c, 'real', schema, 1)} from 0.0 to 2.0 step 0.5`,
    () => `y = ${expression(c, 'datetime', schema, 1)} in range(ago(1d), now(), 6h)`,
    () => `y = ${expression(c, 'datetime', schema, 1)} from ago(1d) to now() step 6h`,
    () => `y = ${expression(c, 'long', schema, 1)} % 5 step 1`,
  ])()
  const by = c.once(3) ? '' : ` by ${c.some(2, () => key(c, schema)).join(', ')}`
  return `make-series ${c.some(2, value).join(', ')} on ${axis}${by}`
}

/** A call that gives several columns. */
function severalColumns(c: Choices, schema: Schema): string {
  const series = c.of([
    () => `pack_array(${expression(c, 'real', schema, 1)}, 1, 2)`,
    () => anyOf(c, schema, ['dynamic']),
  ])()
  const call = `${c.of(['series_stats', 'series_fit_line', 'series_decompose'])}(todynamic(${series}))`
  return c.of([
    `extend ${call}`,
    `extend (x, y) = ${call}`,
    `project x = ${call}, ${anyOf(c, schema)}`,
    `extend y = 1, (z1) = ${call}`,
  ])
}

const OPERATORS: readonly Operator[] = [
  makeSeries,
  severalColumns,
  extend,
  extend,
  where,
  where,
  project,
  project,
  join,
  join,
  join,
  mvExpand,
  mvExpand,
  mvApply,
  mvApply,
  partition,
  scan,
  parse,
  summarize,
  summarize,
  (c, schema) => `project-away ${anyOf(c, schema)}`,
  (c, schema) => `project-rename ${c.of(NAMES)} = ${anyOf(c, schema)}`,
  (c, _, tables) =>
    `lookup kind=${c.of(['leftouter', 'inner'])} (${subquery(c, tables)}) on ${c.of(['s', 'l'])}`,
  (c, schema) =>
    `parse-kv ${expression(c, 'string', schema, 1)} as (${c.of(NAMES)}: ${c.of(TYPES)}, a: string)`,
  (c, _, tables) =>
    `union ${c.of(['', '', 'kind=inner ', 'withsource=z1 '])}(${subquery(c, tables)})`,
  (_c, _, tables) => `union ${tables.join(', ')}`,
  (c, schema) => `sort by ${sortKeys(c, schema)}`,
  (c, schema) => `top ${1 + c.below(4)} by ${sortKeys(c, schema).split(',')[0]}`,
  c => `take ${1 + c.below(4)}`,
  (c, schema) => `distinct ${c.once(2) ? '*' : anyOf(c, schema, KEYS)}`,
  (c, schema) =>
    `sort by ${sortKeys(c, schema)} | extend y = row_number(), x = prev(${anyOf(c, schema)})`,
  (c, schema) => `serialize | where isnull(prev(${anyOf(c, schema, KEYS)}))`,
  () => 'as V',
  c => `where l in (${c.of(['V', 'M', 'U'])} | project l)`,
]

function subquery(c: Choices, tables: readonly string[]): string {
  const source = c.of(tables)
  const rest = c.of([
    '',
    ' | where isnotnull(l)',
    ' | project l, s',
    ' | project s, d, l',
    ' | summarize x = count() by s, l',
    ' | extend d = d.x',
    ' | mv-expand d',
    ' | top 2 by l',
  ])
  return `${source}${rest}`
}

function schemaOf(text: string): Schema | undefined {
  return compileQuery(text, { catalog: CATALOG }).bound?.schema
}

/** The text with operators that compile added to it; an operator that does not is left out. */
function pipeline(c: Choices, before: string, tables: readonly string[], most: number): string {
  let text = c.of([
    ...tables,
    'range l from 1 to 4 step 1',
    'print l = 1, s = "a", d = dynamic([1])',
  ])
  let schema = schemaOf(`${before}${text}`)
  // What a rewrite moves or leaves out shows when a filter and a choice of columns stand behind it.
  const operators = Array.from({ length: 1 + c.below(most) }, () => c.of(OPERATORS))
  if (c.below(4) < 3) operators.push(where)
  if (c.once(2)) operators.push(project)
  for (const operator of operators) {
    if (schema === undefined) break
    const longer = `${text} | ${operator(c, schema, tables)}`
    const compiled = schemaOf(`${before}${longer}`)
    if (compiled === undefined) continue
    text = longer
    schema = compiled
  }
  return text
}

/** Bounds of time, and what is no bound but looks like one. */
const TIME_CONDITIONS = [
  'TimeGenerated >= ago(1h)',
  'TimeGenerated > ago(1h)',
  'ago(1h) < TimeGenerated',
  'TimeGenerated between (ago(2h) .. now())',
  'TimeGenerated between (ago(1h) .. 1h)',
  'TimeGenerated !between (ago(1h) .. now())',
  'TimeGenerated < ago(1h)',
  'TimeGenerated <= now()',
  'TimeGenerated < datetime(2026-01-01T12:00:00Z)',
  'TimeGenerated > datetime(null)',
  'TimeGenerated > ago(1h) or l == 1',
  'not(TimeGenerated > ago(1h))',
  'bin(TimeGenerated, 1h) == bin(now(), 1h)',
  'TimeGenerated == now()',
  'TimeGenerated >= toscalar(T | summarize max(TimeGenerated))',
  'TimeGenerated >= todatetime(s)',
]

/** A query over tables and parts of T that are told by time. */
function timedQueryOf(numbers: readonly number[]): string {
  const c = new Choices(numbers)
  const condition = () => (c.once(3) ? predicate(c, TABLE_SCHEMAS.T ?? []) : c.of(TIME_CONDITIONS))
  const part = () =>
    `T | where ${c
      .some(3, condition)
      .map(text => `(${text})`)
      .join(' and ')}`
  const before = `let R = ${part()};\nlet S = ${part()};\n`
  return queryFrom(c, before, ['R', 'R', 'S', 'T', 'U'])
}

/** A query made of the numbers: no numbers make the simplest. */
function queryOf(numbers: readonly number[]): string {
  return queryFrom(new Choices(numbers), '', ['T', 'U'])
}

function queryFrom(c: Choices, given: string, sources: readonly string[]): string {
  let before = given
  const tables = [...sources]
  if (c.once(2)) {
    before += `let M = materialize(${pipeline(c, before, sources, 2)});\n`
    tables.push('M')
  }
  if (c.once(2)) {
    before += `let L = ${pipeline(c, before, tables, 2)};\n`
    tables.push('L')
  }
  return before + pipeline(c, before, tables, 5)
}

const randomNumbers = fc.array(fc.nat({ max: 5040 }), {
  minLength: 0,
  maxLength: 400,
  size: 'max',
})

/** Queries that compile over the catalog of the random tables. */
export const randomQuery: fc.Arbitrary<string> = randomNumbers.map(queryOf)

/** The same with conditions on the time of rows where tables are read. */
export const randomTimedQuery: fc.Arbitrary<string> = randomNumbers.map(timedQueryOf)
