import type { ColumnBatch } from '../../tables/batch.ts'
import type { OperatorBinders } from '../binder/context.ts'
import type { Plan } from '../plan/nodes.ts'
import { as } from './as.ts'
import { assertSchema } from './assert-schema.ts'
import { consume } from './consume.ts'
import { count } from './count.ts'
import { distinct } from './distinct.ts'
import { evaluate, executeEvaluate } from './evaluate.ts'
import { executeExternal } from './execute-external.ts'
import { executeGraphMatch, executeGraphPaths, executeGraphTable } from './execute-graph.ts'
import { executeJoin } from './execute-join.ts'
import { executeMakeSeries } from './execute-make-series.ts'
import { executeParse } from './execute-parse.ts'
import { executePartition } from './execute-partition.ts'
import { executePartitionTop } from './execute-partition-top.ts'
import { executeSequence } from './execute-sequence.ts'
import { executeSort } from './execute-sort.ts'
import { executeSummarize } from './execute-summarize.ts'
import { extend } from './extend.ts'
import { facet } from './facet.ts'
import { find } from './find.ts'
import { fork } from './fork.ts'
import { getschema } from './getschema.ts'
import { executeGraph } from './graph.ts'
import { graphMarkComponents } from './graph-mark-components.ts'
import { graphMatch } from './graph-match.ts'
import { graphShortestPaths } from './graph-shortest-paths.ts'
import { graphToTable } from './graph-to-table.ts'
import { invoke } from './invoke.ts'
import { join, lookup } from './join.ts'
import { executeLate } from './late.ts'
import { makeGraph } from './make-graph.ts'
import { makeSeries } from './make-series.ts'
import { executeContext, executeMvApply, mvApply } from './mv-apply.ts'
import { executeMvExpand, mvExpand } from './mv-expand.ts'
import { parse, parseWhere } from './parse.ts'
import { parseKv } from './parse-kv.ts'
import { partition } from './partition.ts'
import { executeProject, project } from './project.ts'
import { projectByNames } from './project-by-names.ts'
import { projectAway, projectKeep, projectRename, projectReorder } from './project-columns.ts'
import { reduce } from './reduce.ts'
import { render } from './render.ts'
import type { Executor, Run } from './run.ts'
import { executeSample, sample } from './sample.ts'
import { sampleDistinct } from './sample-distinct.ts'
import { scan } from './scan.ts'
import { search } from './search.ts'
import { serialize } from './serialize.ts'
import { executeShared } from './shared.ts'
import { sort } from './sort.ts'
import { executeRange, executeScan, executeValues } from './sources.ts'
import { summarize } from './summarize.ts'
import { executeTake, take } from './take.ts'
import { executeTop, top } from './top.ts'
import { topHitters } from './top-hitters.ts'
import { topNested } from './top-nested.ts'
import { executeUnion, union } from './union.ts'
import { unsupported } from './unsupported.ts'
import { executeWhere, where } from './where.ts'
import { executeWindow } from './window.ts'

/** Every tabular operator, by the kind of its syntax node. */
export const OPERATORS = {
  where,
  extend,
  project,
  'project-away': projectAway,
  'project-keep': projectKeep,
  'project-rename': projectRename,
  'project-reorder': projectReorder,
  summarize,
  join,
  lookup,
  'mv-expand': mvExpand,
  'mv-apply': mvApply,
  parse,
  'parse-where': parseWhere,
  'parse-kv': parseKv,
  scan,
  partition,
  fork,
  facet,
  'make-graph': makeGraph,
  'graph-match': graphMatch,
  'graph-shortest-paths': graphShortestPaths,
  'graph-mark-components': graphMarkComponents,
  'graph-to-table': graphToTable,
  'make-series': makeSeries,
  sort,
  top,
  take,
  count,
  distinct,
  as,
  serialize,
  render,
  getschema,
  union,
  search,
  find,
  sample,
  'sample-distinct': sampleDistinct,
  'top-nested': topNested,
  reduce,
  'top-hitters': topHitters,
  'project-by-names': projectByNames,
  'assert-schema': assertSchema,
  consume,
  invoke,
  evaluate,
  unsupported,
} satisfies OperatorBinders

type Executors = { readonly [K in Plan['kind']]: Executor<Extract<Plan, { kind: K }>> }

const EXECUTORS: Executors = {
  scan: executeScan,
  external: executeExternal,
  values: executeValues,
  range: executeRange,
  where: executeWhere,
  project: executeProject,
  summarize: executeSummarize,
  join: executeJoin,
  union: executeUnion,
  'mv-expand': executeMvExpand,
  'mv-apply': executeMvApply,
  context: executeContext,
  partition: executePartition,
  sequence: executeSequence,
  'make-graph': executeGraph,
  'graph-components': executeGraph,
  'graph-table': executeGraphTable,
  'graph-match': executeGraphMatch,
  'graph-paths': executeGraphPaths,
  parse: executeParse,
  'make-series': executeMakeSeries,
  sort: executeSort,
  top: executeTop,
  take: executeTake,
  sample: executeSample,
  'partition-top': executePartitionTop,
  window: executeWindow,
  evaluate: executeEvaluate,
  late: executeLate,
  shared: executeShared,
}

/** The rows of a plan node, batch by batch. */
export function execute(plan: Plan, run: Run): AsyncIterable<ColumnBatch> {
  const executor = EXECUTORS[plan.kind] as Executor<Plan>
  return executor(plan, run)
}
