import type { ColumnBatch } from '../../tables/batch.ts'
import type { OperatorBinders } from '../binder/context.ts'
import type { Plan } from '../plan/nodes.ts'
import { as } from './as.ts'
import { count } from './count.ts'
import { distinct } from './distinct.ts'
import { evaluate, executeEvaluate } from './evaluate.ts'
import { executeJoin } from './execute-join.ts'
import { executeMakeSeries } from './execute-make-series.ts'
import { executeParse } from './execute-parse.ts'
import { extend } from './extend.ts'
import { getschema } from './getschema.ts'
import { invoke } from './invoke.ts'
import { join, lookup } from './join.ts'
import { executeLate } from './late.ts'
import { makeSeries } from './make-series.ts'
import { executeContext, executeMvApply, mvApply } from './mv-apply.ts'
import { executeMvExpand, mvExpand } from './mv-expand.ts'
import { parse, parseWhere } from './parse.ts'
import { parseKv } from './parse-kv.ts'
import { executeProject, project } from './project.ts'
import { projectAway, projectKeep, projectRename, projectReorder } from './project-columns.ts'
import { render } from './render.ts'
import type { Executor, Run } from './run.ts'
import { serialize } from './serialize.ts'
import { executeShared } from './shared.ts'
import { executeSort, sort } from './sort.ts'
import { executeRange, executeScan, executeValues } from './sources.ts'
import { executeSummarize, summarize } from './summarize.ts'
import { executeTake, take } from './take.ts'
import { executeTop, top } from './top.ts'
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
  invoke,
  evaluate,
  unsupported,
} satisfies OperatorBinders

type Executors = { readonly [K in Plan['kind']]: Executor<Extract<Plan, { kind: K }>> }

const EXECUTORS: Executors = {
  scan: executeScan,
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
  parse: executeParse,
  'make-series': executeMakeSeries,
  sort: executeSort,
  top: executeTop,
  take: executeTake,
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
