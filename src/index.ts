export type { EnrichmentDescription, EnrichmentInput } from './api/enrichment-input.ts'
export {
  type ExplainRowOptions,
  type ExplainRowsOptions,
  explainRow,
  explainRows,
} from './api/explain-row.ts'
export type { ExternalData, ExternalInput } from './api/external-input.ts'
export type { QueryOptions, ResultHead, RunOptions } from './api/prepare.ts'
export { type PreparedQuery, type PrepareOptions, prepare, query } from './api/prepare.ts'
export type { TableDescription, TableInput, TableRow } from './api/table-input.ts'
export type { WatchlistDescription, WatchlistInput } from './api/watchlist-input.ts'
export type { FunctionInput, Workspace, WorkspaceOptions } from './api/workspace.ts'
export { openWorkspace } from './api/workspace.ts'
export type { Visualization } from './engine/binder/context.ts'
export type { ExplainedRows } from './engine/lineage/explain-rows.ts'
export type {
  Dropped,
  DropReason,
  FailedPart,
  Operand,
  PathEnd,
  Place,
  Reached,
  RowExplanation,
  RowPath,
  Stage,
  Unfollowed,
  Used,
} from './engine/lineage/explanation.ts'
export type { RowRef } from './engine/lineage/origins.ts'
export { QueryResult, ResultTable } from './engine/result.ts'
export { type ReplayOptions, replay, replayEvents, type TimeInput } from './replay/library.ts'
export type { Entity, Finding } from './replay/records.ts'
export type {
  ReplayEvent,
  ReplayedAlert,
  ReplayedIncident,
  ReplayedRun,
  ReplayResult,
} from './replay/replayed.ts'
export type { RuleSeverity } from './rules/rule.ts'
export { Catalog } from './tables/catalog.ts'
export type { GeoLocation, GeoLookup } from './tables/geo-lookup.ts'
export type { FunnelPipeline, FunnelStage } from './testing/funnel.ts'
export {
  type RuleTestsInput,
  type RuleTestsOptions,
  runRuleTests,
  testRule,
} from './testing/library.ts'
export type { CellDifference, MissingRow, RowDifference } from './testing/match-rows.ts'
export type { Mismatch, MissingItem } from './testing/mismatch.ts'
export type {
  FilePlace,
  GotAlert,
  GotIncident,
  SuiteResult,
  TestOutcome,
  TestReport,
  TestResult,
  WhyNot,
} from './testing/results.ts'
export type { MadeRow } from './testing/synth/attempt.ts'
export {
  type Synthesis,
  type SynthesizeOptions,
  synthesize,
  type Unsolved,
} from './testing/synth/synthesize.ts'
export type { Diagnostic, RelatedPlace, Severity } from './text/diagnostic.ts'
export { KqlError } from './text/kql-error.ts'
export type { SourceText } from './text/source-text.ts'
export type { Span } from './text/span.ts'
export type { ScalarType } from './types/scalar-type.ts'
export type { Column, Schema } from './types/schema.ts'
