import { RawJson } from '../../../src/tables/raw-json.ts'
import type { ReadProblem, ScanColumn, TableSource } from '../../../src/tables/source.ts'
import { DynamicVector, valueAt } from '../../../src/tables/vector.ts'
import { formatDatetime } from '../../../src/types/datetime.ts'
import { printDynamic } from '../../../src/types/dynamic-json.ts'
import { formatTimespan } from '../../../src/types/timespan.ts'

/** What a scan gives: rows by column, readable, and what was reported. */
export interface ReadTable {
  readonly rows: Record<string, unknown>[]
  readonly problems: ReadProblem[]
}

/** The column of that name, or what is at a path in it: `Name.member[0]`. */
function scanColumn(source: TableSource, name: string): ScanColumn {
  const [column = '', ...path] = name.split('.')
  const type = source.schema.find(candidate => candidate.name === column)?.type
  if (type === undefined) throw new Error(`There is no column ${column}.`)
  if (path.length === 0) return { name, type, column }
  const steps = path.map(step => (/^-?\d+$/.test(step) ? Number(step) : step))
  return { name, type: 'dynamic', column, path: steps }
}

/**
 * Reads columns of a table: datetime and timespan as Kusto prints them, dynamic as JSON text in
 * angle brackets so that it is not taken for a string.
 */
export async function readTable(
  source: TableSource,
  names: readonly string[],
  batchSize = 4096,
): Promise<ReadTable> {
  const columns = names.map(name => scanColumn(source, name))
  const problems: ReadProblem[] = []
  const rows: Record<string, unknown>[] = []
  const context = { batchSize, report: (problem: ReadProblem) => problems.push(problem) }
  for await (const batch of source.scan({ columns }, context)) {
    for (const row of batch.rows) {
      const values = columns.map(({ name }, index) => {
        const vector = batch.columns[index]
        if (vector === undefined) throw new Error(`Column ${name} is missing.`)
        const value = valueAt(vector, row)
        if (value === null) return [name, null]
        if (vector instanceof DynamicVector) {
          const cell = vector.values[row]
          const text = cell instanceof RawJson ? cell.text : printDynamic(vector.at(row))
          return [name, `<${text}>`]
        }
        if (vector.type === 'datetime') return [name, formatDatetime(value as bigint)]
        if (vector.type === 'timespan') return [name, formatTimespan(value as bigint)]
        return [name, value]
      })
      rows.push(Object.fromEntries(values))
    }
  }
  return { rows, problems }
}
