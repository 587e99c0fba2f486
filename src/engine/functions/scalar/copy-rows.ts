import { type ScalarValue, type Vector, valueAt } from '../../../tables/vector.ts'
import { store } from '../../../tables/vector-builder.ts'
import { conversion } from '../../../types/convert.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { packer } from '../dynamic-value.ts'

/** Copies rows of a vector into a fresh one, which may have another type: values are converted. */
export function copyRows(to: Vector, from: Vector, rows: Uint32Array): void {
  if (to.type !== from.type) {
    convertRows(to, from, rows)
    return
  }
  const { nulls } = from
  if (nulls !== undefined) {
    for (let k = 0; k < rows.length; k++) if (nulls[rows[k]!] === 1) to.setNull(rows[k]!)
  }
  switch (to.type) {
    case 'string':
    case 'guid': {
      const { dict, codes } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.dict[rows[k]!] = dict[codes[rows[k]!]!]!
      return
    }
    case 'long':
    case 'datetime':
    case 'timespan': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[rows[k]!] = values[rows[k]!]!
      return
    }
    case 'real': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[rows[k]!] = values[rows[k]!]!
      return
    }
    case 'int':
    case 'bool': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[rows[k]!] = values[rows[k]!]!
      return
    }
    case 'decimal': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[rows[k]!] = values[rows[k]!]!
      return
    }
    case 'dynamic': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[rows[k]!] = values[rows[k]!]!
    }
  }
}

function convertRows(to: Vector, from: Vector, rows: Uint32Array): void {
  const convert = converter(from.type, to.type)
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    const value = valueAt(from, row)
    store(to, row, value === null ? null : convert(value))
  }
}

/** The function from a value of one type to another; into a dynamic, a text stays the text it is. */
export function converter(from: ScalarType, to: ScalarType): (value: ScalarValue) => ScalarValue {
  if (from === to) return value => value
  if (to === 'dynamic') return packer(from)
  const convert: ((value: never) => ScalarValue) | undefined = conversion(from, to)
  return convert === undefined ? () => null : value => convert(value as never)
}
