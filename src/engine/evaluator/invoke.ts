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
  deterministic: boolean,
): (batch: ColumnBatch, selection: Uint32Array) => Vector {
  const propagate = nulls === 'propagate'
  const { kernel } = implementation
  if (kernel !== undefined) {
    return (batch, selection) => {
      const vectors = args.map(argument => argument.evaluate(batch, selection))
      const out = allocate(type, batch.length)
      const rows = propagate ? withoutNulls(vectors, out, selection) : selection
      kernel.call(implementation, vectors, out, rows)
      return out
    }
  }
  // Each overload is only ever called with values of the types that it declares.
  const each = implementation.each as unknown as Each
  const varying = args.filter(argument => argument.constant === undefined)
  const cache = deterministic && varying.length === 1 ? new DictionaryCache() : undefined
  return (batch, selection) => {
    const vectors = args.map(argument => argument.evaluate(batch, selection))
    const out = allocate(type, batch.length)
    const rows = propagate ? withoutNulls(vectors, out, selection) : selection
    const index = args.findIndex(argument => argument.constant === undefined)
    const vector = vectors[index]
    if (cache !== undefined && vector !== undefined && isDictionary(vector)) {
      cache.fill(each, vectors, index, out, rows)
    } else {
      fillRows(each, vectors, out, rows)
    }
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

type TextColumn = Extract<Vector, { type: 'string' | 'guid' }>

function isDictionary(vector: Vector): vector is TextColumn {
  return (vector.type === 'string' || vector.type === 'guid') && vector.dictionary
}

/** What a function gave for each entry of a dictionary, kept while batches share the dictionary. */
class DictionaryCache {
  #dict: readonly string[] | undefined
  #results: (ScalarValue | undefined)[] = []

  fill(
    each: Each,
    vectors: readonly Vector[],
    index: number,
    out: Vector,
    rows: Uint32Array,
  ): void {
    const vector = vectors[index] as TextColumn
    if (vector.dict !== this.#dict) {
      this.#dict = vector.dict
      this.#results = []
    }
    const results = this.#results
    const values = new Array<ScalarValue>(vectors.length)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      if (vector.isNull(row)) {
        store(out, row, this.#call(each, vectors, row, values))
        continue
      }
      const code = vector.codes[row]!
      let result = results[code]
      if (result === undefined) {
        result = this.#call(each, vectors, row, values)
        results[code] = result
      }
      store(out, row, result)
    }
  }

  #call(each: Each, vectors: readonly Vector[], row: number, values: ScalarValue[]): ScalarValue {
    for (let i = 0; i < vectors.length; i++) values[i] = valueAt(vectors[i]!, row)
    return each(...values)
  }
}
