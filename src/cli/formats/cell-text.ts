import type { Vector } from '../../tables/vector.ts'
import { formatDatetime } from '../../types/datetime.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { printDynamic } from '../../types/dynamic-json.ts'
import { formatReal } from '../../types/number.ts'
import { formatTimespan } from '../../types/timespan.ts'

/**
 * The value of a cell as text for people and spreadsheets: empty for null, compact JSON for dynamic,
 * otherwise what `tostring` gives, with a bool in lower case.
 */
export function cellText(vector: Vector, row: number): string {
  if (vector.isNull(row)) return ''
  switch (vector.type) {
    case 'bool':
      return vector.values[row] === 1 ? 'true' : 'false'
    case 'int':
    case 'long':
      return String(vector.values[row])
    case 'real':
      return formatReal(vector.values[row] ?? Number.NaN)
    case 'decimal': {
      const value = vector.values[row]
      return value === undefined ? '' : formatDecimal(value)
    }
    case 'datetime':
      return formatDatetime(vector.values[row] ?? 0n)
    case 'timespan':
      return formatTimespan(vector.values[row] ?? 0n)
    case 'string':
    case 'guid':
      return vector.at(row)
    case 'dynamic':
      return printDynamic(vector.at(row))
  }
}

/**
 * The value of a cell as JSON: a long as an integer of any size; NaN and the infinities as "NaN",
 * "Infinity" and "-Infinity"; decimal, guid, datetime and timespan as text; dynamic as it is.
 */
export function cellJson(vector: Vector, row: number): string {
  if (vector.isNull(row)) return 'null'
  switch (vector.type) {
    case 'bool':
    case 'int':
    case 'long':
    case 'dynamic':
      return cellText(vector, row)
    case 'real':
      return realJson(vector.values[row] ?? Number.NaN)
    default:
      return JSON.stringify(cellText(vector, row))
  }
}

function realJson(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`
  return Object.is(value, -0) ? '-0.0' : String(value)
}
