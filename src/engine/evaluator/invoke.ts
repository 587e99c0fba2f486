import type { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { valueAt } from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Implementation } from '../functions/declare.ts'
import type { Evaluator } from './contract.ts'

type Each = (...args: readonly ScalarValue[]) => ScalarValue

/** Applies an implementation to the values of its arguments. */
export function invoke(
  implementation: Implementation,
  nulls: 'propagate' | 'handled',
  type: ScalarType,
  args: readonly Evaluator[],
): (batch: ColumnBatch, selection: Uint32Array) => Vector {
  const propagate = nulls === 'propagate'
  const { kernel } = implementation
  if (kernel !== undefined) {
    return (batch, selection) => {
      const vectors = args.map(argument => argument.evaluate(batch, selection))
      const there = implementation.reuse?.(vectors)
      if (there !== undefined) return there
      const out = allocate(type, batch.length)
      const rows = propagate ? withoutNulls(vectors, out, selection) : selection
      kernel.call(implementation, vectors, out, rows)
      return out
    }
  }
  // Each overload is only ever called with values of the types that it declares.
  const each = implementation.each as unknown as Each
  return (batch, selection) => {
    const vectors = args.map(argument => argument.evaluate(batch, selection))
    const out = allocate(type, batch.length)
    fillRows(each, vectors, out, propagate ? withoutNulls(vectors, out, selection) : selection)
    return out
  }
}

/** Marks the rows with a null argument as null in `out`; the others. */
function withoutNulls(
  vectors: readonly Vector[],
  out: Vector,
  selection: Uint32Array,
): Uint32Array {
  let rows = selection
  for (const { nulls } of vectors) {
    if (nulls === undefined) continue
    const kept = new Uint32Array(rows.length)
    let count = 0
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      if (nulls[row] === 1) out.setNull(row)
      else kept[count++] = row
    }
    rows = kept.subarray(0, count)
  }
  return rows
}

function fillRows(each: Each, vectors: readonly Vector[], out: Vector, rows: Uint32Array): void {
  const [first, second] = vectors
  if (vectors.length === 1 && first !== undefined) {
    for (let k = 0; k < rows.length; k++) store(out, rows[k]!, each(valueAt(first, rows[k]!)))
  } else if (vectors.length === 2 && first !== undefined && second !== undefined) {
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      store(out, row, each(valueAt(first, row), valueAt(second, row)))
    }
  } else {
    const values = new Array<ScalarValue>(vectors.length)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      for (let i = 0; i < vectors.length; i++) values[i] = valueAt(vectors[i]!, row)
      store(out, row, each(...values))
    }
  }
}
