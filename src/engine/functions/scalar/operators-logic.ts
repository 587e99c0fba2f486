import type { BoolVector } from '../../../tables/vector.ts'
import { overload, scalar } from '../declare.ts'

/** 1 true, 0 false, 2 null. */
function truthAt(vector: BoolVector, row: number): number {
  return vector.nulls !== undefined && vector.nulls[row] === 1 ? 2 : vector.values[row]!
}

/** @see https://learn.microsoft.com/kusto/query/logical-operators */
export const and = scalar({
  name: 'and',
  doc: 'Whether both operands are true: false where one is false, else null where one is null.',
  examples: [
    {
      query: 'print a = true and false, b = bool(null) and false, c = bool(null) and true',
      rows: [{ a: false, b: false, c: null }],
    },
  ],
  overloads: [
    overload({
      params: ['bool', 'bool'],
      returns: 'bool',
      nulls: 'handled',
      kernel([x, y], out, selection) {
        if (x.nulls === undefined && y.nulls === undefined) {
          const a = x.values
          const b = y.values
          for (let k = 0; k < selection.length; k++) {
            const row = selection[k]!
            out.values[row] = a[row]! & b[row]!
          }
          return
        }
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const left = truthAt(x, row)
          const right = truthAt(y, row)
          if (left === 0 || right === 0) continue
          if (left === 2 || right === 2) out.setNull(row)
          else out.values[row] = 1
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/logical-operators */
export const or = scalar({
  name: 'or',
  doc: 'Whether an operand is true: true where one is true, else null where one is null.',
  examples: [
    {
      query: 'print a = true or false, b = bool(null) or true, c = bool(null) or false',
      rows: [{ a: true, b: true, c: null }],
    },
  ],
  overloads: [
    overload({
      params: ['bool', 'bool'],
      returns: 'bool',
      nulls: 'handled',
      kernel([x, y], out, selection) {
        if (x.nulls === undefined && y.nulls === undefined) {
          const a = x.values
          const b = y.values
          for (let k = 0; k < selection.length; k++) {
            const row = selection[k]!
            out.values[row] = a[row]! | b[row]!
          }
          return
        }
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const left = truthAt(x, row)
          const right = truthAt(y, row)
          if (left === 1 || right === 1) out.values[row] = 1
          else if (left === 2 || right === 2) out.setNull(row)
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/not-function */
export const not = scalar({
  name: 'not',
  doc: 'The opposite of a bool; null for null.',
  examples: [{ query: 'print a = not(false), b = not(bool(null))', rows: [{ a: true, b: null }] }],
  overloads: [
    overload({
      params: ['bool'],
      returns: 'bool',
      nulls: 'propagate',
      kernel([x], out, selection) {
        const a = x.values
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = a[row]! ^ 1
        }
      },
    }),
  ],
})
