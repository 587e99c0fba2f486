import { compileQuery } from '../../src/engine/query.ts'
import type { Catalog } from '../../src/tables/catalog.ts'
import type { Diagnostic } from '../../src/text/diagnostic.ts'
import type { Schema } from '../../src/types/schema.ts'
import type { Analysis, AnalyzedColumn, Tables } from './analyzer.ts'

/** What kqlab makes of a query: its columns, or the errors that refuse it. */
export interface Verdict {
  /** Empty where there are errors; of several results those of the last, as the analyzer has it. */
  readonly columns: Schema
  readonly errors: readonly Diagnostic[]
}

/** Compiles the query without running it. A crash is thrown. */
export function verdictOf(query: string, catalog: Catalog): Verdict {
  const { results, diagnostics } = compileQuery(query, { catalog, toCheck: true })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const last = results.at(-1)
  if (errors.length > 0 || last === undefined) return { columns: [], errors }
  const { bound, plan } = last
  const columns = plan.schema.map(({ name, type }) => ({ name, type }))
  const asBound = bound.schema.map(({ name, type }) => ({ name, type }))
  if (JSON.stringify(columns) !== JSON.stringify(asBound)) {
    throw new Error(`rewriting changed the columns of: ${query}`)
  }
  return { columns, errors }
}

/** Whether kqlab refuses the query for nothing but KQL that it does not have, and says where. */
export function isUnsupported({ errors }: Verdict): boolean {
  return (
    errors.length > 0 &&
    errors.every(({ code }) => ['KQL100', 'KQL101', 'KQL106'].includes(code)) &&
    errors.every(({ span }) => span.end > span.start)
  )
}

/**
 * How kqlab and the analyzer disagree about a query, in one line that names the codes or the columns;
 * undefined where they agree. Which code refuses a query may differ, and a type that the analyzer
 * cannot tell may be any. That kqlab does not have something is no disagreement.
 */
export function disagreement(
  ours: Verdict,
  theirs: Pick<Analysis, 'columns' | 'errors'>,
): string | undefined {
  if (theirs.errors.length > 0) {
    return ours.errors.length > 0 ? undefined : `accepts ${theirs.errors.join(', ')}`
  }
  if (ours.errors.length > 0) {
    if (isUnsupported(ours)) return undefined
    return `refuses with ${[...new Set(ours.errors.map(({ code }) => code))].join(', ')}`
  }
  return columnDifference(ours.columns, theirs.columns)
}

/** Differing columns that a difference spells out. */
const SHOWN_COLUMNS = 3

function columnDifference(ours: Schema, theirs: readonly AnalyzedColumn[]): string | undefined {
  const shown = (column: AnalyzedColumn | undefined) =>
    column === undefined ? 'nothing' : `${column.name}:${column.type}`
  const differing = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, index) => {
    const our = ours[index]
    const their = theirs[index]
    const sameType = our?.type === their?.type || their?.type === 'unknown'
    return our?.name === their?.name && sameType ? [] : [`${shown(our)} instead of ${shown(their)}`]
  }).flat()
  if (differing.length === 0) return undefined
  const more = differing.length - SHOWN_COLUMNS
  const rest = more > 0 ? [`and ${more} more`] : []
  return [...differing.slice(0, SHOWN_COLUMNS), ...rest].join('; ')
}

/** The tables of the catalog that a query names somewhere, wildcards left aside. */
export function tablesNamed(query: string, catalog: Catalog): Tables {
  const names = new Set(query.match(/[A-Za-z_]\w*/g))
  const tables: Record<string, Schema> = {}
  for (const name of names) {
    const schema = catalog.schemaOf(name)
    if (schema !== undefined) tables[name] = schema
  }
  return tables
}
