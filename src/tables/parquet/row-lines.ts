import { formatDatetime } from '../../types/datetime.ts'
import { formatDecimal } from '../../types/decimal.ts'
import { printDynamic } from '../../types/dynamic-json.ts'
import { formatTimespan } from '../../types/timespan.ts'
import { RawJson } from '../raw-json.ts'
import type { ScanContext, TableSource } from '../source.ts'
import type { Vector } from '../vector.ts'

/** The rows of a table as JSON lines, of all columns or those of `members`; nulls are left out. */
export async function* linesOf(
  table: TableSource,
  context: ScanContext,
  members?: ReadonlySet<string>,
): AsyncGenerator<Uint8Array> {
  const columns = table.schema
    .filter(({ name }) => members?.has(name) !== false)
    .map(({ name, type }) => ({ name, type, column: name }))
  const names = columns.map(({ name }) => JSON.stringify(name))
  const encoder = new TextEncoder()
  for await (const batch of table.scan({ columns }, context)) {
    let text = ''
    for (const row of batch.rows) {
      const members: string[] = []
      batch.columns.forEach((vector, index) => {
        if (!vector.isNull(row)) members.push(`${names[index]}:${jsonAt(vector, row)}`)
      })
      text += `{${members.join(',')}}\n`
    }
    yield encoder.encode(text)
  }
}

function jsonAt(vector: Vector, row: number): string {
  switch (vector.type) {
    case 'bool':
      return String(vector.values[row] === 1)
    case 'int':
    case 'long':
      return String(vector.values[row])
    case 'real':
      return realText(vector.values[row]!)
    case 'datetime':
      return JSON.stringify(formatDatetime(vector.values[row]!))
    case 'timespan':
      return JSON.stringify(formatTimespan(vector.values[row]!))
    case 'decimal':
      return JSON.stringify(formatDecimal(vector.values[row]!))
    case 'dynamic': {
      const cell = vector.values[row]!
      // A break of the line in JSON text is only between its parts.
      return cell instanceof RawJson ? cell.text.replaceAll(/[\r\n]/g, ' ') : printDynamic(cell)
    }
    default:
      return JSON.stringify(vector.at(row))
  }
}

/** How JSON has a number beyond the range of reals, which is read as the infinity. */
const BEYOND = '1e999'

/** The real as JSON: it stays one where it is whole. NaN, which JSON has no number for, is a text. */
export function realText(value: number): string {
  if (Number.isNaN(value)) return '"NaN"'
  if (!Number.isFinite(value)) return value > 0 ? BEYOND : `-${BEYOND}`
  const text = Object.is(value, -0) ? '-0' : String(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}
