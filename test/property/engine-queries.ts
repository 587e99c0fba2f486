import type fc from 'fast-check'
import { compileQuery } from '../../src/engine/query.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import type { Schema } from '../../src/types/schema.ts'
import {
  aggregate,
  anyOf,
  Choices,
  expression,
  KEYS,
  key,
  NAMES,
  predicate,
  randomNumbers,
  sortKeys,
  TYPES,
} from './engine-expressions.ts'
import { TABLE_SCHEMAS } from './engine-tables.ts'

// Random queries over the random tables: pipelines whose expressions have the types that they need.

export const CATALOG = Catalog.empty().with(TABLE_SCHEMAS)

type Operator = (c: Choices, schema: Schema, tables: readonly string[]) => string

const JOIN_KINDS = [
  ...['inner', 'innerunique', 'leftouter', 'rightouter', 'fullouter'],
  ...['leftsemi', 'rightsemi', 'leftanti', 'rightanti'],
]

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
  if (c.once(4)) {
    const by = anyOf(c, schema, KEYS)
    const own = subquery(c, tables)
    return `partition hint.strategy=native by ${by} { ${own} | where ${c.of(['l == 1', 's == "a"'])} | extend z6 = ${by} }`
  }
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

function topNested(c: Choices, schema: Schema): string {
  const level = (name: string) => {
    const others = c.of(['', '', ' with others = "rest"'])
    const count = c.of(['', '1 ', '2 '])
    return `top-nested ${count}of ${name} = ${key(c, schema)}${others} by ${aggregate(c, schema)}`
  }
  return [level('z4'), ...(c.once(2) ? [level('z5')] : [])].join(', ')
}

function topHitters(c: Choices, schema: Schema): string {
  const by = c.once(2) ? ` by ${expression(c, 'long', schema, 1)}` : ''
  return `top-hitters ${1 + c.below(3)} of ${key(c, schema)}${by}`
}

/** A condition of search and find. */
function term(c: Choices): string {
  return c.of([
    '"a"',
    '"x"',
    '*',
    's:"a"',
    '"a" and "1"',
    '"b" or l == 1',
    '"a*"',
    's == "a"',
    'l > 0',
  ])
}

/** Rows of several tables at once. */
function manyTables(c: Choices): string {
  return c.of([
    () => `search in (T, U) ${term(c)}`,
    () => `search kind=case_sensitive ${term(c)}`,
    () => `find in (T, U) where ${c.of(['"a"', 's == "a"', 'l > 0', 'true'])}`,
    () => `find withsource=z1 in (T, U) where ${c.of(['s != ""', 'l > 0'])} project l, s, d`,
    () => `find in (T, U) where ${c.of(['isnotempty(s)', '"a"'])} project s, pack_all()`,
  ])()
}

function plugin(c: Choices, schema: Schema): string {
  return c.of([
    () => 'evaluate narrow()',
    () =>
      `evaluate pivot(${anyOf(c, schema, ['string'])}, ${c.of(['count()', 'sum(l)'])}, l): (l: long, a: long, b: long)`,
    () => `evaluate pivot(${anyOf(c, schema, ['string'])}): (s: string, a: long, b: long)`,
    () =>
      `evaluate bag_unpack(${anyOf(c, schema, ['dynamic'])}): (*, x: ${c.of(TYPES)}, y: dynamic)`,
    () => `evaluate bag_unpack(${anyOf(c, schema, ['dynamic'])}, "z_"): (*, z_x: long)`,
    () =>
      `sort by ${sortKeys(c, schema)} | evaluate rows_near(${expression(c, 'bool', schema, 1)}, 1, 1)`,
    () =>
      `evaluate bag_unpack(${anyOf(c, schema, ['dynamic'])}, columnsConflict="replace_source"): (*, x: long, ${c.of(['s: string', 'l: real'])})`,
    () => `project-keep s, l, b | evaluate basket(${c.of(['0.1', '0.3, "~", 1', '0.05, l'])})`,
    () => `project-keep s, l, b | reduce ${c.of(['', 'kind=source '])}by s`,
    () =>
      `evaluate sequence_detect(l, 3, 5, ${expression(c, 'bool', schema, 1)}, ${expression(c, 'bool', schema, 1)}, s)`,
    () =>
      `evaluate funnel_sequence_completion(s, l, -5, 9, ${c.of(['3', '100'])}, s, dynamic(["a", "b", "a"]), dynamic([1, 5]))`,
    () =>
      `extend x = todynamic(iff(l > 1, '{"x": 1}', '{"y": "a"}')) | evaluate bag_unpack(x): (*, x: long)`,
  ])()
}

function graph(c: Choices, schema: Schema): string {
  const ends = `z4 = ${key(c, schema)}, z5 = ${key(c, schema)}`
  const made = `extend ${ends} | make-graph z4 --> z5 with_node_id=id`
  const condition = c.of(['', ' where p.id != q.id', ' where isnotempty(q.id)'])
  return `${made} | ${c.of([
    () => 'graph-to-table edges',
    () => 'graph-to-table nodes',
    () =>
      `graph-match (p)-[e]->(q)${condition} project x = p.id, y = q.id, z1 = e.${anyOf(c, schema)}`,
    () => `graph-match (p)-[e*1..2]->(q)${condition} project x = p.id, y = q.id, d = map(e, z5)`,
    () => `graph-match (p)-[e]->(q)<-[f]-(r)${condition} project x = p.id, y = q.id, z1 = r.id`,
  ])()}`
}

const OPERATORS: readonly Operator[] = [
  topNested,
  topHitters,
  plugin,
  plugin,
  graph,
  c => `sample ${c.below(4)}`,
  (c, schema) => `sample-distinct ${1 + c.below(3)} of ${key(c, schema)}`,
  c => `search ${term(c)}`,
  c => `project-by-names ${c.of(['"s", "l"', '"*d*", "l"', 'dynamic(["z*", "x"]), "s"'])}`,
  c => `project-reorder ${c.of(['l, s', '* desc', 'x, d'])}`,
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
    manyTables(c),
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

/** A query with a plugin whose columns only the data tell. */
export interface LateQuery {
  /** What stands before the plugin, with `let` statements. */
  readonly rows: string
  readonly call: string
  /** What stands behind the rows that it gives, which are L if it is told to be so. */
  readonly named: boolean
  readonly after: string
}

/** The text of a late query, with `declared` for the columns of the plugin's result. */
export function textOfLate({ rows, call, named, after }: LateQuery, declared = ''): string {
  if (!named) return `${rows} | ${call}${declared}${after}`
  const start = rows.lastIndexOf('\n') + 1
  return `${rows.slice(0, start)}let P = ${rows.slice(start)} | ${call}${declared};\nP${after}`
}

function lateQueryOf(numbers: readonly number[]): LateQuery {
  const c = new Choices(numbers)
  const tables = ['T', 'U']
  const before = c.once(3) ? `let M = materialize(${pipeline(c, '', tables, 2)});\n` : ''
  if (before !== '') tables.push('M')
  let rows = before + pipeline(c, before, tables, 3)
  const schema = schemaOf(rows) ?? []
  const bag = schema.find(({ type }) => type === 'dynamic')?.name
  if (bag === undefined) rows += ` | extend d = ${c.of(['todynamic(\'{"x": 1}\')', 'pack_all()'])}`
  const column = bag ?? 'd'
  const pivoted = anyOf(c, schema, ['string'])
  const call = c.of([
    `bag_unpack(${column})`,
    `bag_unpack(${column}, columnsConflict="replace_source")`,
    `bag_unpack(${column}, columnsConflict="keep_source")`,
    `bag_unpack(${column}, "z_")`,
    `pivot(${pivoted}, ${aggregate(c, schema)}, ${anyOf(c, schema, KEYS)})`,
  ])
  // Of an empty value the column has a name that no value has.
  if (call.startsWith('pivot')) rows += ` | where isnotempty(${pivoted})`
  const late: LateQuery = { rows, call: `evaluate ${call}`, named: c.once(2), after: '' }
  const left = schema.filter(({ name }) => name !== column)
  const guessed: Schema = [...left, { name: 'x', type: 'long' }]
  const again = late.named ? ['P', ...tables] : tables
  let after = ''
  for (let n = c.below(4); n > 0; n--) {
    const longer = `${after} | ${c.of(OPERATORS)(c, guessed, again)}`
    const { plan } = compileQuery(textOfLate({ ...late, after: longer }), { catalog: CATALOG })
    if (plan !== undefined) after = longer
  }
  return { ...late, after }
}

/** Queries that compile over the catalog of the random tables. */
export const randomQuery: fc.Arbitrary<string> = randomNumbers.map(queryOf)

/** The same with conditions on the time of rows where tables are read. */
export const randomTimedQuery: fc.Arbitrary<string> = randomNumbers.map(timedQueryOf)

/** Queries with columns that only the data tell. */
export const randomLateQuery: fc.Arbitrary<LateQuery> = randomNumbers
  .map(lateQueryOf)
  .filter(late => compileQuery(textOfLate(late), { catalog: CATALOG }).late.length > 0)
