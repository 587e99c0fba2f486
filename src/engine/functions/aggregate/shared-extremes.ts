import { ownText } from '../../../tables/own-text.ts'
import type {
  DecimalVector,
  Int64Vector,
  ScalarValue,
  TextVector,
  Vector,
} from '../../../tables/vector.ts'
import { compareStrings } from '../../../types/collation.ts'
import type { Decimal } from '../../../types/decimal.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { realsOf } from './shared-reals.ts'
import type { ChosenRows } from './shared-row-store.ts'

/** The types that `min`, `max`, `arg_min` and `arg_max` order: neither guid nor dynamic. */
export const ORDERED_TYPES = [
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'datetime',
  'timespan',
  'string',
] as const satisfies readonly ScalarType[]

export type OrderedType = (typeof ORDERED_TYPES)[number]
export type Direction = 'min' | 'max'

/** What a group has seen: nothing, only nulls, or a value, which is then in `best`. */
export const NOTHING = 0
export const ONLY_NULLS = 1
export const A_VALUE = 2

/** The smallest or largest values by group. */
export interface ExtremeState {
  readonly type: OrderedType
  readonly direction: Direction
  seen: Uint8Array
  /** Reals for bool, int and real, 64-bit integers for long and times. */
  best: Float64Array | BigInt64Array | string[] | Decimal[]
}

export function extremeState(
  type: OrderedType,
  direction: Direction,
  groups: number,
): ExtremeState {
  return { type, direction, seen: new Uint8Array(groups), best: bestOf(type, groups) }
}

function bestOf(type: OrderedType, groups: number): ExtremeState['best'] {
  switch (type) {
    case 'bool':
    case 'int':
    case 'real':
      return new Float64Array(groups)
    case 'string':
    case 'decimal':
      return []
    default:
      return new BigInt64Array(groups)
  }
}

/**
 * Takes the rows, none of them null, into the state; of equal values the first stays. NaN is past
 * every value in both directions, as measured: the first NaN of a group stays.
 */
export function addExtremes(
  state: ExtremeState,
  vector: Vector,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen?: ChosenRows,
): void {
  const max = state.direction === 'max'
  switch (vector.type) {
    case 'bool':
    case 'int':
    case 'real': {
      const reals = realsOf(vector, selection)
      const add = max ? maxReals : minReals
      add(state, reals, groupOf, selection, chosen)
      return
    }
    case 'long':
    case 'datetime':
    case 'timespan': {
      const add = max ? maxLongs : minLongs
      add(state, vector, groupOf, selection, chosen)
      return
    }
    case 'decimal':
      addDecimals(state, vector, groupOf, selection, chosen)
      return
    case 'string':
      addTexts(state, vector, groupOf, selection, chosen)
  }
}

function maxReals(
  { seen, best }: ExtremeState,
  values: Float64Array,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen: ChosenRows | undefined,
): void {
  const reals = best as Float64Array
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const value = values[row]!
    // Not `value <= best`: true for a NaN value, false once the best is NaN.
    if (seen[g] === A_VALUE && (value <= reals[g]! || Number.isNaN(reals[g]))) continue
    seen[g] = A_VALUE
    reals[g] = value
    chosen?.choose(g, row)
  }
}

function minReals(
  { seen, best }: ExtremeState,
  values: Float64Array,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen: ChosenRows | undefined,
): void {
  const reals = best as Float64Array
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const value = values[row]!
    if (seen[g] === A_VALUE && (value >= reals[g]! || Number.isNaN(reals[g]))) continue
    seen[g] = A_VALUE
    reals[g] = value
    chosen?.choose(g, row)
  }
}

function maxLongs(
  { seen, best }: ExtremeState,
  { values }: Int64Vector,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen: ChosenRows | undefined,
): void {
  const longs = best as BigInt64Array
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    if (seen[g] === A_VALUE && values[row]! <= longs[g]!) continue
    seen[g] = A_VALUE
    longs[g] = values[row]!
    chosen?.choose(g, row)
  }
}

function minLongs(
  { seen, best }: ExtremeState,
  { values }: Int64Vector,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen: ChosenRows | undefined,
): void {
  const longs = best as BigInt64Array
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    if (seen[g] === A_VALUE && values[row]! >= longs[g]!) continue
    seen[g] = A_VALUE
    longs[g] = values[row]!
    chosen?.choose(g, row)
  }
}

function addTexts(
  { seen, best, direction }: ExtremeState,
  { codes, dict }: TextVector,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen: ChosenRows | undefined,
): void {
  const texts = best as string[]
  const sign = direction === 'max' ? 1 : -1
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const text = dict[codes[row]!]!
    if (seen[g] === A_VALUE && compareStrings(text, texts[g]!) * sign <= 0) continue
    seen[g] = A_VALUE
    texts[g] = ownText(text)
    chosen?.choose(g, row)
  }
}

function addDecimals(
  { seen, best, direction }: ExtremeState,
  { values }: DecimalVector,
  groupOf: Uint32Array,
  selection: Uint32Array,
  chosen: ChosenRows | undefined,
): void {
  const decimals = best as Decimal[]
  const sign = direction === 'max' ? 1 : -1
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const value = values[row]!
    if (seen[g] === A_VALUE && value.cmp(decimals[g]!) * sign <= 0) continue
    seen[g] = A_VALUE
    decimals[g] = value
    chosen?.choose(g, row)
  }
}

/**
 * Takes group `from` of `b` into group `to` of `a`, as if its rows came after those of `a`; true
 * when `a` took its value or was the first to see nulls.
 */
export function mergeExtreme(a: ExtremeState, to: number, b: ExtremeState, from: number): boolean {
  if (b.seen[from]! <= a.seen[to]! && b.seen[from] !== A_VALUE) return false
  if (b.seen[from] === A_VALUE) {
    if (a.seen[to] === A_VALUE && !beats(a, to, b, from)) return false
    a.best[to] = b.best[from]!
  }
  a.seen[to] = b.seen[from]!
  return true
}

function beats(a: ExtremeState, to: number, b: ExtremeState, from: number): boolean {
  const sign = a.direction === 'max' ? 1 : -1
  const before = a.best[to]!
  const value = b.best[from]!
  if (typeof value === 'object') return value.cmp(before as Decimal) * sign > 0
  if (typeof value === 'string') return compareStrings(value, before as string) * sign > 0
  if (Number.isNaN(before)) return false
  const number = before as number | bigint
  return Number.isNaN(value) || (sign > 0 ? value > number : value < number)
}

/** The extreme value of the group; null where it has none. */
export function extremeOf(state: ExtremeState, group: number): ScalarValue {
  if (state.seen[group] !== A_VALUE) return null
  const value = state.best[group]!
  return state.type === 'bool' ? value === 1 : value
}
