import { type ScalarValue, type Vector, valueAt } from '../../tables/vector.ts'
import { KeyIndex } from '../operators/key-index.ts'
import type { Expr, JoinPlan } from '../plan/nodes.ts'
import { printExpression } from '../plan/print-expression.ts'
import type { Drop, DropContext } from './drop.ts'
import { nearestKey } from './nearest-key.ts'
import { type RowRef, sourcesOf } from './origins.ts'
import { allRows } from './row-links.ts'
import { taken } from './taken.ts'
import type { Traced } from './traced.ts'
import { valueText } from './value-text.ts'

/** Rows of one side whose nearest keys are looked for. */
const MAX_ROWS = 20
/** Rows of tables that are named. */
const MAX_SOURCES = 3

/** The keys of both sides: of the rows followed, and of the other side. */
interface Sides {
  readonly own: readonly Expr[]
  readonly other: readonly Expr[]
  readonly otherName: 'left' | 'right'
  readonly partner: Traced
}

/** Why a join leaves out rows of the side `input`. */
export async function joinDrop(
  node: Traced,
  plan: JoinPlan,
  input: number,
  rows: readonly number[],
  context: DropContext,
): Promise<Drop> {
  const sides = sidesOf(node, plan, input)
  const { own, others, partners } = await keysOf(node, sides, input, rows, context)
  const first = partners.findIndex(list => list.length > 0)
  if (first >= 0) {
    const key = keyText(sides.own, own, first)
    const drop = plan.joinKind.endsWith('anti')
      ? partnerDrop(sides, partners[first] ?? [], key)
      : takenDrop(node, input, partners[first] ?? [], key)
    return first === 0 ? drop : { ...drop, row: rows[first] as number }
  }
  const nothing = { reason: 'no-match', parts: [], otherRows: [] } as const
  if (sides.partner.rows.length === 0) {
    return { ...nothing, message: `the ${sides.otherName} side has no rows` }
  }
  return { ...nothing, ...noPartner(sides, own, others) }
}

/** How many rows of the other side have the key of a row that only decides about them. */
export async function partnersOf(
  node: Traced,
  plan: JoinPlan,
  input: number,
  rows: readonly number[],
  context: DropContext,
): Promise<number> {
  const { groups, otherGroups } = await keyGroups(
    node,
    sidesOf(node, plan, input),
    input,
    rows,
    context,
  )
  const keys = new Set(groups)
  return otherGroups.filter(group => keys.has(group)).length
}

function sidesOf(node: Traced, { keys }: JoinPlan, input: number): Sides {
  const [left, right] = [keys.map(key => key.left), keys.map(key => key.right)]
  return input === 0
    ? { own: left, other: right, otherName: 'right', partner: node.inputs[1] as Traced }
    : { own: right, other: left, otherName: 'left', partner: node.inputs[0] as Traced }
}

/** The keys of the first rows and of the other side, and which rows of that side have the key of each. */
async function keysOf(
  node: Traced,
  sides: Sides,
  input: number,
  rows: readonly number[],
  context: DropContext,
): Promise<{ own: Vector[]; others: Vector[]; partners: number[][] }> {
  const looked = rows.slice(0, MAX_ROWS)
  const { own, others, groups, otherGroups } = await keyGroups(node, sides, input, looked, context)
  const every = Array.from(otherGroups.keys())
  const partners = looked.map((_, at) => every.filter(row => otherGroups[row] === groups[at]))
  return { own, others, partners }
}

/** The keys of rows and of the other side, each as a number too: NO_ROW for one that none of the rows has. */
async function keyGroups(
  node: Traced,
  sides: Sides,
  input: number,
  rows: readonly number[],
  { run }: DropContext,
): Promise<{ own: Vector[]; others: Vector[]; groups: Uint32Array; otherGroups: Uint32Array }> {
  const own = await run.values(sides.own, taken((node.inputs[input] as Traced).rows, rows))
  const others = await run.values(sides.other, sides.partner.rows)
  const index = new KeyIndex(sides.own.map(({ type }) => type))
  const groups = new Uint32Array(rows.length)
  if (own.length > 0) index.assign(own, allRows(rows.length), groups)
  const count = sides.partner.rows.length
  const otherGroups = new Uint32Array(count)
  if (others.length > 0) index.find(others, allRows(count), otherGroups)
  return { own, others, groups, otherGroups }
}

function partnerDrop({ otherName, partner }: Sides, rows: readonly number[], key: string): Drop {
  const otherRows = sourcesOf(partner, rows[0] as number, MAX_SOURCES)
  const message = `a row with the same key is on the ${otherName} side${refText(otherRows)}: ${key}`
  return { reason: 'match', message, parts: [], otherRows }
}

/** The key matches, but the join takes one row of this side alone, and that was another. */
function takenDrop(node: Traced, input: number, partners: readonly number[], key: string): Drop {
  const other = node.links[1 - input]
  const [out] = partners.flatMap(row => [...(other?.outputsOf(row) ?? [])])
  const [winner] = out === undefined ? [] : [...(node.links[input]?.inputsOf(out) ?? [])]
  const source = node.inputs[input]
  const otherRows =
    winner === undefined || source === undefined ? [] : sourcesOf(source, winner, MAX_SOURCES)
  const message = `kind=innerunique takes one row of each key, and took another${refText(otherRows)}: ${key}`
  return { reason: 'other-row', message, parts: [], otherRows }
}

function noPartner(
  { own, other, otherName, partner }: Sides,
  keys: readonly Vector[],
  others: readonly Vector[],
): { message: string; otherRows: readonly RowRef[] } {
  const types = own.map(({ type }) => type)
  const key = keys.map(vector => valueAt(vector, 0))
  const message = `no row of the ${otherName} side has the key: ${keyText(own, keys, 0)}`
  const nearest = nearestKey(key, types, others, partner.rows)
  if (nearest === undefined) return { message, otherRows: [] }
  const otherRows = sourcesOf(partner, nearest, MAX_SOURCES)
  const values = others.map(vector => valueAt(vector, nearest))
  const texts = other.map(
    (expr, index) => `${printExpression(expr)} ${textAt(expr, values[index] ?? null)}`,
  )
  const [only] = other
  const shown =
    other.length === 1 && only !== undefined
      ? `the nearest ${printExpression(only)} is ${textAt(only, values[0] ?? null)}`
      : `the nearest is ${texts.join(', ')}`
  const difference = differenceOf(key, values)
  return {
    message: `${message}; ${shown}${refText(otherRows)}${difference}`,
    otherRows,
  }
}

function differenceOf(key: readonly ScalarValue[], other: readonly ScalarValue[]): string {
  const same = (map: (text: string) => string) =>
    key.every((value, index) => {
      const found = other[index] ?? null
      if (typeof value !== 'string' || typeof found !== 'string') return value === found
      return map(value) === map(found)
    })
  if (same(text => text.toLowerCase())) return ', equal but for letter case'
  if (same(text => text.trim())) return ', equal but for blanks around it'
  if (same(text => text.trim().toLowerCase())) return ', equal but for letter case and blanks'
  return ''
}

function keyText(exprs: readonly Expr[], vectors: readonly Vector[], row: number): string {
  return exprs
    .map((expr, index) => {
      const vector = vectors[index]
      const value = vector === undefined ? null : valueAt(vector, row)
      return `${printExpression(expr)} is ${textAt(expr, value)}`
    })
    .join(', ')
}

function textAt({ type }: Expr, value: ScalarValue): string {
  return valueText(type, value)
}

/** ` (row 2 of SigninLogs)`, or nothing. */
export function refText(refs: readonly RowRef[]): string {
  return refs.length === 0
    ? ''
    : ` (${refs.map(({ table, row }) => `row ${row} of ${table}`).join(', ')})`
}
