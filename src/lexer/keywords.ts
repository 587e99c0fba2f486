/**
 * Where a keyword may also stand as a name:
 *
 * - `free`: wherever a name may stand
 * - `declared`: only where a column or parameter is declared, as in `extend title = 1` or
 *   `datatable(title: string)`
 * - `referenced`: only where a column is used in an expression, as in `where kind == 1`
 * - `reserved`: nowhere, except bracketed: `['last']`
 */
export type KeywordUse = 'free' | 'declared' | 'referenced' | 'reserved'

const FREE = `
  access alias bin consume count database declare default distinct entity_group evaluate extend
  dataformat inline_external_table datetime_pattern facet filter fork from getschema edges id
  best_effort join let lookup matches mvapply mvexpand nodes null nulls on optional order output pack
  parse __partitionby partition pattern plotly graph query_parameters range reduce regex render
  restrict scan serialize sort step summarize take top limit uuid view with with_node_id typeof bool guid`

const DECLARED = `
  accumulate as by contains datatable earliest externaldata find has in invoke latest materialize mdm
  of print sample sample-distinct search set sql title to top-hitters top-nested toscalar totable
  verbose viewers where`

const REFERENCED = 'kind with_source withsource'

const RESERVED = `
  __crossCluster __crossDB __id __isFuzzy __noWithSource __packedColumn __sourceColumnIndex
  __contextual_datatable __projectAway __executeAndCache
  and or between like likecs notlike notlikecs notcontains notcontainscs containscs contains_cs
  endswith endswith_cs startswith startswith_cs has_any has_all has_cs hasprefix hasprefix_cs hassuffix
  hassuffix_cs
  asc desc granny-asc granny-desc first last flags isfuzzy force_remote with_itemindex with_match_id
  with_step_name bagexpansion bin_legacy expandoutput decodeblocks relaxed simple others missing cycles
  anomalychart areachart barchart card columnchart ladderchart linechart piechart pivotchart scatterchart
  stackedareachart timechart timeline timepivot treemap
  union project project-away project-by-names project-keep project-rename project-reorder project-smart
  mv-apply mv-expand make-series make-graph parse-where parse-kv assert-schema macro-expand
  graph-match graph-shortest-paths graph-to-table graph-mark-components graph-where-nodes
  graph-where-edges external_data partitioned-by
  cachingpolicy callout cancel commands-and-queries dataexport datascope encodingpolicy
  extent_tags_retention harddelete hardretention hotcache journal materialized-view-combine
  materialized-views nooptimization pathformat queries query_results restricted_view_access
  row_level_security rowstore rowstore_references rowstore_sealinfo rowstorepolicy rowstores seal seals
  set-or-append set-or-replace shards softdelete softretention statistics storedqueryresultcontainers
  tablepurge unrestrictedviewers views writeaheadlog
  boolean int8 char uint8 byte int16 uint16 int int32 uint uint32 long int64 ulong uint64 float real
  decimal double string time timespan date datetime uniqueid dynamic`

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

/** Every keyword of KQL with where it may stand as a name. Keywords are case-sensitive. */
export const KEYWORDS: ReadonlyMap<string, KeywordUse> = new Map<string, KeywordUse>([
  ...words(FREE).map(word => [word, 'free'] as const),
  ...words(DECLARED).map(word => [word, 'declared'] as const),
  ...words(REFERENCED).map(word => [word, 'referenced'] as const),
  ...words(RESERVED).map(word => [word, 'reserved'] as const),
])

/** The keywords with a dash in them; elsewhere a dash ends a word. */
export const DASHED_KEYWORDS: readonly string[] = [...KEYWORDS.keys()].filter(word =>
  word.includes('-'),
)

/** The operators and sources that KQL has and kqlab lacks, by their first word. */
export const UNSUPPORTED_OPERATORS: ReadonlySet<string> = new Set(
  words(`
    __executeAndCache entity_group graph-where-edges graph-where-nodes inline_external_table
    macro-expand`),
)
