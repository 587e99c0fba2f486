import { ColumnBatch } from '../tables/batch.ts'
import { followPath } from '../tables/dynamic-path.ts'
import type { ScanColumn, ScanContext, ScanRequest, TableSource } from '../tables/source.ts'
import type { ScalarValue, Vector } from '../tables/vector.ts'
import { vectorOf } from '../tables/vector-builder.ts'
import type { Dynamic } from '../types/dynamic.ts'
import type { Schema } from '../types/schema.ts'
import type { TypedRow } from './typed-row.ts'
import { valueIn } from './typed-value.ts'

/** The rows as a table, at the `now` of a test. */
export function givenSource(rows: readonly TypedRow[], schema: Schema, now: bigint): TableSource {
  return {
    schema,
    async *scan({ columns }: ScanRequest, { batchSize }: ScanContext) {
      for (let start = 0; start < rows.length; start += batchSize) {
        const part = rows.slice(start, start + batchSize)
        const vectors = columns.map(column => vectorFor(column, part, now))
        yield new ColumnBatch(columns, vectors, part.length)
      }
    },
  }
}

function vectorFor(
  { column, type, path }: ScanColumn,
  rows: readonly TypedRow[],
  now: bigint,
): Vector {
  const empty: ScalarValue = type === 'string' ? '' : null
  const values = rows.map(row => {
    const given = row.get(column)
    if (given === undefined) return empty
    const value = valueIn(given, now)
    return path === undefined ? value : followPath(value as Dynamic, path)
  })
  return vectorOf(type, values)
}

/** Tables of one name, one after the other. A column that one lacks is null in its rows. */
export function joinedSources(schema: Schema, sources: readonly TableSource[]): TableSource {
  const [only] = sources
  if (sources.length === 1 && only !== undefined) return only
  return {
    schema,
    async *scan(request: ScanRequest, context: ScanContext) {
      for (const source of sources) yield* source.scan(request, context)
    },
  }
}
