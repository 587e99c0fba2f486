import { parseQuery } from '../../parser/parse.ts'
import type { PathStep } from '../../tables/source.ts'
import type { Span } from '../../text/span.ts'
import { formatDatetime, parseDatetime } from '../../types/datetime.ts'
import { parseGuid } from '../../types/guid.ts'
import { formatTimespan, parseTimespan } from '../../types/timespan.ts'
import { nodesOf } from '../mutation/syntax-tree.ts'
import {
  type FixtureRow,
  type FixtureTables,
  leavesOf,
  rowsOf,
  valueAtPath,
  withValue,
} from './fixture-rows.ts'

/** A change of a fixture: another value at a place of a row, or, with an empty path, without the row. */
export interface FixtureChange {
  readonly table: string
  /** The row's position in its table. */
  readonly row: number
  readonly path: readonly PathStep[]
  readonly from: unknown
  readonly to: unknown
}

/** The tables with a change made. */
export function changedTables(
  tables: FixtureTables,
  { table, row, path, to }: FixtureChange,
): FixtureTables {
  const rows = rowsOf(tables, table)
  const changed =
    path.length === 0
      ? rows.filter((_, at) => at !== row)
      : rows.map((old, at) => (at === row ? (withValue(old, path, to) as FixtureRow) : old))
  return { ...tables, [table]: changed }
}

/** Constants near which a change makes a difference. */
export interface Literals {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
  /** In ticks. */
  readonly spans: readonly bigint[]
}

/** The constants of a part of the query, then those of the rest. */
export function literalsIn(query: string, { start, end }: Span): Literals {
  const literals = [...nodesOf(parseQuery(query).syntax)].flatMap(({ node }) =>
    node.kind === 'literal'
      ? [node as typeof node & { readonly type: string; readonly value: unknown }]
      : [],
  )
  const own = literals.filter(({ span }) => span.start >= start && span.end <= end)
  const spans = [...own, ...literals].flatMap(({ type, value }) =>
    type === 'timespan' && typeof value === 'bigint' ? [value] : [],
  )
  return {
    texts: own.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
    numbers: own.flatMap(({ type, value }) =>
      type === 'long' || type === 'int' || type === 'real' ? [Number(value)] : [],
    ),
    spans: [...new Set(spans)],
  }
}

interface Leaf {
  readonly table: string
  readonly row: number
  readonly path: readonly PathStep[]
  readonly value: unknown
}

/**
 * Each value on its own with others in its place, then equal values together, then all times, then without
 * each row.
 */
export function* changesToTry(
  tables: FixtureTables,
  literals: Literals,
  now: bigint,
): Generator<FixtureChange[]> {
  const leaves = Object.entries(tables).flatMap(([table, rows]) =>
    rows.flatMap((object, row) =>
      leavesOf(object).map(
        (path): Leaf => ({ table, row, path, value: valueAtPath(object, path) }),
      ),
    ),
  )
  const equal = [...Map.groupBy(leaves, ({ value }) => JSON.stringify(value, textually)).values()]
  const groups = [...leaves.map((leaf): [Leaf] => [leaf]), ...equal.filter(isSeveral)]
  for (const group of groups) {
    const [{ value }] = group
    const others = [...timesBeside(value, leaves), ...othersFor(value, literals)]
    for (const to of others) yield changesOf(group, () => to)
  }
  yield* movedTimes(leaves, literals, now)
  for (const [table, rows] of Object.entries(tables)) {
    for (const [row, from] of rows.entries()) yield [{ table, row, path: [], from, to: null }]
  }
}

/** JSON has no longs beyond those that numbers have. */
function textually(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

function isSeveral(group: readonly Leaf[]): group is [Leaf, ...Leaf[]] {
  return group.length > 1
}

function changesOf(group: readonly Leaf[], to: (value: unknown) => unknown): FixtureChange[] {
  return group.map(({ table, row, path, value }) => ({
    table,
    row,
    path,
    from: value,
    to: to(value),
  }))
}

/** For a time, the other times and those right before and after them. */
function timesBeside(value: unknown, leaves: readonly Leaf[]): string[] {
  if (timeOf(value) === undefined) return []
  const others = leaves.flatMap(leaf => timeOf(leaf.value) ?? [])
  return [...new Set(others)].flatMap(other =>
    [other, other - SECOND, other + SECOND].map(formatDatetime).filter(text => text !== value),
  )
}

/** All times moved by as much as takes one of them just across the edge of a window. */
function* movedTimes(
  leaves: readonly Leaf[],
  { spans }: Literals,
  now: bigint,
): Generator<FixtureChange[]> {
  const times = leaves.filter(({ value }) => timeOf(value) !== undefined)
  for (const { value } of times) {
    const time = timeOf(value) ?? now
    for (const span of spans) {
      const by = now - span - time - SECOND
      yield changesOf(times, other => formatDatetime((timeOf(other) ?? now) + by))
    }
  }
}

function timeOf(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined
  return parseDatetime(value) ?? undefined
}

const SECOND = 10_000_000n
const DAY = 86_400n * SECOND

/** Other values in the place of one, the closest first. */
function othersFor(value: unknown, { texts, numbers, spans }: Literals): unknown[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') {
    const near = numbers.flatMap(number => [number, number + 1, number - 1])
    return [...near, value + 1, value - 1, 0].filter(other => other !== value)
  }
  if (typeof value !== 'string') return []
  const time = timeOf(value)
  if (time !== undefined) {
    const steps = [
      SECOND,
      60n * SECOND,
      ...spans,
      ...spans.map(span => span + SECOND),
      DAY,
      400n * DAY,
    ]
    return steps.flatMap(step => [formatDatetime(time - step), formatDatetime(time + step)])
  }
  // A longer word, another case, another word.
  const longer = texts.flatMap(text => {
    const at = value.toLowerCase().indexOf(text.toLowerCase())
    const end = at + text.length
    return text === '' || at < 0 ? [] : [`${value.slice(0, end)}x${value.slice(end)}`]
  })
  const others = [
    ...texts,
    value.slice(0, -1),
    `${value}x`,
    ...longer,
    value.toUpperCase(),
    'other',
    '',
  ]
  return [...new Set([...others, ...guidsBeside(value), ...spansBeside(value, spans)])].filter(
    other => other !== value,
  )
}

/** For a GUID, the one that differs in its last digit. */
function guidsBeside(value: string): string[] {
  if (parseGuid(value) === null) return []
  const last = Number.parseInt(value.slice(-1), 16)
  return [`${value.slice(0, -1)}${(last ^ 1).toString(16)}`]
}

/** For a timespan, those of the query and those right before and after them and it. */
function spansBeside(value: string, spans: readonly bigint[]): string[] {
  const own = /^-?(\d+\.)?\d\d:\d\d:\d\d/.test(value) ? parseTimespan(value) : null
  if (own === null) return []
  const near = [...spans, own].flatMap(span => [span, span - SECOND, span + SECOND])
  return [...near, 0n].map(formatTimespan)
}
