import { InternalError } from '../../../text/internal-error.ts'
import { activityCountsMetrics, slidingWindowCounts } from './activity-counts.ts'
import {
  activeUsersCount,
  activityEngagement,
  activityMetrics,
  sessionCount,
} from './activity-metrics.ts'
import { bagUnpack } from './bag-unpack.ts'
import { basket } from './basket.ts'
import { dcountIntersect } from './dcount-intersect.ts'
import type { Plugin } from './declare.ts'
import { diffpatterns } from './diffpatterns.ts'
import { funnelSequenceCompletion } from './funnel-completion.ts'
import { geoLineLookup, geoPolygonLookup } from './geo-lookup.ts'
import { ipv4Lookup, ipv6Lookup } from './ip-lookup.ts'
import { narrow } from './narrow.ts'
import { newActivityMetrics } from './new-activity.ts'
import { pivot } from './pivot.ts'
import { rollingPercentile } from './rolling-percentile.ts'
import { rowsNear } from './rows-near.ts'
import { schemaMerge } from './schema-merge.ts'
import { sequenceDetect } from './sequence-detect.ts'
import { estimateRowsCount, identity, preview } from './simple.ts'

/** Every plugin. */
export const PLUGINS: readonly Plugin[] = [
  bagUnpack,
  pivot,
  narrow,
  ipv4Lookup,
  ipv6Lookup,
  geoPolygonLookup,
  geoLineLookup,
  activityCountsMetrics,
  slidingWindowCounts,
  activityMetrics,
  activityEngagement,
  activeUsersCount,
  newActivityMetrics,
  sessionCount,
  sequenceDetect,
  funnelSequenceCompletion,
  basket,
  diffpatterns,
  rollingPercentile,
  rowsNear,
  dcountIntersect,
  schemaMerge,
  estimateRowsCount,
  identity,
  preview,
]

const BY_NAME = new Map(PLUGINS.map(plugin => [plugin.name, plugin]))
if (BY_NAME.size !== PLUGINS.length) throw new InternalError('two plugins have one name')

const NOT_DERIVABLE = 'Its documentation does not say which patterns it gives; basket gives all.'

/** The plugins of KQL that kqlab lacks, some with what to do instead, or why. */
export const MISSING: ReadonlyMap<string, string | undefined> = new Map([
  [
    'funnel_sequence',
    'Its documentation does not say which states are before and after repeated ones; ' +
      'sequence_detect and funnel_sequence_completion are there.',
  ],
  ['identity_v3', undefined],
  ['autocluster', NOT_DERIVABLE],
  ['diffpatterns_text', NOT_DERIVABLE],
])

/** The plugin of that name. */
export function findPlugin(name: string): Plugin | undefined {
  return BY_NAME.get(name)
}

const SQL = 'asks another database'
const AI = 'asks a language model'
const SANDBOX = 'runs code in a sandbox of the service'
const STORAGE = 'reads storage of the service'

/** The plugins of KQL that need a service, with what they need it for. */
export const SERVICES: ReadonlyMap<string, string> = new Map([
  ['python', SANDBOX],
  ['r', SANDBOX],
  ['csharp', SANDBOX],
  ['sql_request', SQL],
  ['mysql_request', SQL],
  ['postgresql_request', SQL],
  ['cosmosdb_sql_request', SQL],
  ['dax_request', SQL],
  ['azure_digital_twins_query_request', SQL],
  ['execute_query', SQL],
  ['execute_show_command', SQL],
  ['http_request', 'asks a web server'],
  ['http_request_post', 'asks a web server'],
  ['infer_storage_schema', STORAGE],
  ['infer_storage_schema_with_suggestions', STORAGE],
  ['external_datatable', STORAGE],
  ['ai_embed_text', AI],
  ['ai_embeddings', AI],
  ['ai_chat_completion', AI],
  ['ai_chat_completion_prompt', AI],
])
