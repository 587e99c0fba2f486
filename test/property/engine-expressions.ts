import fc from 'fast-check'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import type { Schema } from '../../src/types/schema.ts'

// Random expressions of a type over the columns of a schema, and lists of them.

/** Random choices, all of them the first where the numbers have run out. */
export class Choices {
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

export const TYPES = Object.keys(LITERALS) as ScalarType[]
/** The types that rows are grouped, sorted and joined by. */
export const KEYS = TYPES.filter(type => type !== 'dynamic')
export const NAMES = ['x', 'y', 'l', 's', 'd', 'z1']

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
    e => `bag_has_key(${e('dynamic')}, "x")`,
    e => `set_has_element(${e('dynamic')}, ${e('long')})`,
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
    (e, c) => `${c.of(['array_sum', 'series_sum', 'series_product'])}(${array(e)})`,
    e => `series_dot_product(${array(e)}, ${array(e)})`,
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
    (e, c) => {
      const name = c.of(['array_concat', 'set_union', 'set_intersect', 'set_difference', 'zip'])
      return `${name}(${array(e)}, ${array(e)})`
    },
    (e, c) => `${c.of(['array_sort_asc', 'array_sort_desc', 'array_reverse'])}(${array(e)})`,
    (e, c) => `array_slice(${array(e)}, ${e('long')}, ${c.of(['-1', '1', '0'])})`,
    (e, c) => `array_shift_${c.of(['left', 'right'])}(${array(e)}, ${c.of(['1', '-1', '5'])})`,
    (e, c) => {
      const name = c.of(['series_add', 'series_multiply', 'series_equals', 'series_less'])
      return `${name}(${array(e)}, ${array(e)})`
    },
    (e, c) => `series_fill_${c.of(['forward', 'backward', 'linear'])}(${array(e)})`,
    (e, c) => `${c.of(['series_abs', 'series_sign', 'series_fit_line_dynamic'])}(${array(e)})`,
    e => `bag_merge(${e('dynamic')}, ${e('dynamic')})`,
    e => `bag_remove_keys(${e('dynamic')}, dynamic(["x"]))`,
    e => `bag_keys(${e('dynamic')})`,
  ],
}

/** An array of numbers, or what the data have instead. */
function array(e: Make): string {
  const [first, second] = [e('long'), e('real')]
  return second.startsWith('real(')
    ? `todynamic(${e('dynamic')})`
    : `pack_array(${first}, ${second})`
}

/** Only names and calls can be followed by a path. */
function pathBase(text: string): string {
  return /^[A-Za-z_]\w*$|\)$|\]$/.test(text) && !text.startsWith('(') ? text : `todynamic(${text})`
}

export function expression(c: Choices, type: ScalarType, schema: Schema, depth: number): string {
  const columns = schema.filter(column => column.type === type)
  const kind = c.below(depth > 0 ? 8 : 4)
  if (kind < 3 && columns.length > 0) return c.of(columns).name
  if (kind < 4) return c.of(LITERALS[type])
  const make = c.of(CALLS[type])
  return make(inner => expression(c, inner, schema, depth - 1), c)
}

export function anyOf(c: Choices, schema: Schema, types: readonly ScalarType[] = TYPES): string {
  const columns = schema.filter(column => types.includes(column.type))
  return columns.length === 0 ? '1' : c.of(columns).name
}

/** A key to group, sort or join by. */
export function key(c: Choices, schema: Schema): string {
  return c.once(3) ? expression(c, c.of(KEYS), schema, 1) : anyOf(c, schema, KEYS)
}

export function aggregate(c: Choices, schema: Schema): string {
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

export function sortKeys(c: Choices, schema: Schema): string {
  const one = () => `${key(c, schema)}${c.of(['', ' asc', ' desc nulls first', ' asc nulls last'])}`
  return c.some(2, one).join(', ')
}

/** A predicate that some of the random rows satisfy and some do not. */
export function predicate(c: Choices, schema: Schema): string {
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

/** What choices are made of. */
export const randomNumbers = fc.array(fc.nat({ max: 5040 }), {
  minLength: 0,
  maxLength: 400,
  size: 'max',
})
