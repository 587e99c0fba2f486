export type { QueryOptions, RunOptions } from './api/prepare.ts'
export { type PreparedQuery, type PrepareOptions, prepare, query } from './api/prepare.ts'
export type { TableDescription, TableInput, TableRow } from './api/table-input.ts'
export type { Visualization } from './engine/binder/context.ts'
export { QueryResult } from './engine/result.ts'
export {
  type ReplayedAlert,
  type ReplayedIncident,
  type ReplayedRun,
  type ReplayOptions,
  type ReplayResult,
  replay,
  type TimeInput,
} from './replay/library.ts'
export type { Entity, Finding } from './replay/records.ts'
export type { RuleSeverity } from './rules/rule.ts'
export { Catalog } from './tables/catalog.ts'
export type { Diagnostic, RelatedPlace, Severity } from './text/diagnostic.ts'
export { KqlError } from './text/kql-error.ts'
export type { Span } from './text/span.ts'
export type { ScalarType } from './types/scalar-type.ts'
export type { Column, Schema } from './types/schema.ts'
