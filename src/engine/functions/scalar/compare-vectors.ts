import type {
  BoolVector,
  Int64Vector,
  IntVector,
  Nulls,
  RealVector,
} from '../../../tables/vector.ts'

// Each loop stands by itself: over one kind of array it stays monomorphic. `flip` is 1 for the
// opposite operator, so that `==` and `!=` share a loop and so do `<` and `>=` of whole numbers.

type Flip = 0 | 1

/** `==` of bools, or `!=` with `flip`. */
export function equalBools(
  x: BoolVector,
  y: BoolVector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = (a[row] === b[row] ? 1 : 0) ^ flip
  }
  applyNulls(x.nulls, y.nulls, out, selection, flip)
}

/** `==` of ints, or `!=` with `flip`. */
export function equalInts(
  x: IntVector,
  y: IntVector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = (a[row] === b[row] ? 1 : 0) ^ flip
  }
  applyNulls(x.nulls, y.nulls, out, selection, flip)
}

/** `==` of longs, datetimes or timespans, or `!=` with `flip`. */
export function equalInt64s(
  x: Int64Vector,
  y: Int64Vector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.halves
  const b = y.halves
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const low = row * 2
    to[row] = (a[low] === b[low] && a[low + 1] === b[low + 1] ? 1 : 0) ^ flip
  }
  applyNulls(x.nulls, y.nulls, out, selection, flip)
}

/** `==` of reals, or `!=` with `flip`; NaN is not equal to itself. */
export function equalReals(
  x: RealVector,
  y: RealVector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = (a[row] === b[row] ? 1 : 0) ^ flip
  }
  applyNulls(x.nulls, y.nulls, out, selection, flip)
}

/**
 * The results of `==` (or of `!=`, with `flip`) where an operand is null: not equal where one is,
 * null where both are.
 */
export function applyNulls(
  x: Nulls,
  y: Nulls,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  if (x === undefined && y === undefined) return
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const left = x !== undefined && x[row] === 1
    const right = y !== undefined && y[row] === 1
    if (left && right) out.setNull(row)
    else if (left || right) out.values[row] = flip
  }
}

/** `<` of bools, or `>=` with `flip`. */
export function lessBools(
  x: BoolVector,
  y: BoolVector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = (a[row]! < b[row]! ? 1 : 0) ^ flip
  }
}

/** `<` of ints, or `>=` with `flip`. */
export function lessInts(
  x: IntVector,
  y: IntVector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = (a[row]! < b[row]! ? 1 : 0) ^ flip
  }
}

/** `<` of longs, datetimes or timespans, or `>=` with `flip`. */
export function lessInt64s(
  x: Int64Vector,
  y: Int64Vector,
  out: BoolVector,
  selection: Uint32Array,
  flip: Flip,
): void {
  const a = x.halves
  const b = y.halves
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const low = row * 2
    const left = a[low + 1]!
    const right = b[low + 1]!
    const less = left === right ? a[low]! >>> 0 < b[low]! >>> 0 : left < right
    to[row] = (less ? 1 : 0) ^ flip
  }
}

/** `<` of reals; false beside NaN. */
export function lessReals(
  x: RealVector,
  y: RealVector,
  out: BoolVector,
  selection: Uint32Array,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = a[row]! < b[row]! ? 1 : 0
  }
}

/** `<=` of reals; false beside NaN. */
export function lessOrEqualReals(
  x: RealVector,
  y: RealVector,
  out: BoolVector,
  selection: Uint32Array,
): void {
  const a = x.values
  const b = y.values
  const to = out.values
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    to[row] = a[row]! <= b[row]! ? 1 : 0
  }
}

/** Whether longs, datetimes or timespans lie from `low` to `high`; `negated`, outside. */
export function int64sBetween(
  x: Int64Vector,
  low: Int64Vector,
  high: Int64Vector,
  out: BoolVector,
  selection: Uint32Array,
  negated: boolean,
): void {
  const value = x.halves
  const from = low.halves
  const to = high.halves
  const flip = negated ? 1 : 0
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const cell = row * 2
    const upper = value[cell + 1]!
    const lower = value[cell]! >>> 0
    const fromUpper = from[cell + 1]!
    const toUpper = to[cell + 1]!
    const after = upper === fromUpper ? lower >= from[cell]! >>> 0 : upper > fromUpper
    const before = upper === toUpper ? lower <= to[cell]! >>> 0 : upper < toUpper
    out.values[row] = (after && before ? 1 : 0) ^ flip
  }
}
