import type { ColumnBatch } from '../../tables/batch.ts'
import type { OperatorBinders } from '../binder/context.ts'
import type { Plan } from '../plan/nodes.ts'
import { as } from './as.ts'
import { count } from './count.ts'
import { distinct } from './distinct.ts'
import { executeJoin } from './execute-join.ts'
import { executeParse } from './execute-parse.ts'
import { extend } from './extend.ts'
import { join, lookup } from './join.ts'
import { executeMvExpand, mvExpand } from './mv-expand.ts'
import { parse, parseWhere } from './parse.ts'
import * as graphs from './parts/graphs.ts'
import * as nested from './parts/nested.ts'
import * as plugins from './parts/plugins.ts'
import * as rare from './parts/rare.ts'
import * as sequences from './parts/sequences.ts'
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

/** What few queries use is evaluated for the first that does: see docs/adr/0018-start-up.md. */
const PARTS = {
  graphs: () => graphs,
  sequences: () => sequences,
  nested: () => nested,
  plugins: () => plugins,
  rare: () => rare,
} as const

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
  get 'mv-apply'() {
    return PARTS.nested().mvApply
  },
  parse,
  'parse-where': parseWhere,
  get 'parse-kv'() {
    return PARTS.rare().parseKv
  },
  get scan() {
    return PARTS.sequences().scan
  },
  get partition() {
    return PARTS.nested().partition
  },
  get fork() {
    return PARTS.rare().fork
  },
  get facet() {
    return PARTS.rare().facet
  },
  get 'make-graph'() {
    return PARTS.graphs().makeGraph
  },
  get 'graph-match'() {
    return PARTS.graphs().graphMatch
  },
  get 'graph-shortest-paths'() {
    return PARTS.graphs().graphShortestPaths
  },
  get 'graph-mark-components'() {
    return PARTS.graphs().graphMarkComponents
  },
  get 'graph-to-table'() {
    return PARTS.graphs().graphToTable
  },
  get 'make-series'() {
    return PARTS.sequences().makeSeries
  },
  sort,
  top,
  take,
  count,
  distinct,
  as,
  serialize,
  render,
  get getschema() {
    return PARTS.rare().getschema
  },
  union,
  get search() {
    return PARTS.rare().search
  },
  get find() {
    return PARTS.rare().find
  },
  get sample() {
    return PARTS.rare().sample
  },
  get 'sample-distinct'() {
    return PARTS.rare().sampleDistinct
  },
  get 'top-nested'() {
    return PARTS.rare().topNested
  },
  get reduce() {
    return PARTS.rare().reduce
  },
  get 'top-hitters'() {
    return PARTS.rare().topHitters
  },
  get 'project-by-names'() {
    return PARTS.rare().projectByNames
  },
  get 'assert-schema'() {
    return PARTS.rare().assertSchema
  },
  get consume() {
    return PARTS.rare().consume
  },
  get invoke() {
    return PARTS.rare().invoke
  },
  get evaluate() {
    return PARTS.plugins().evaluate
  },
  unsupported,
} satisfies OperatorBinders

type Executors = { readonly [K in Plan['kind']]: Executor<Extract<Plan, { kind: K }>> }

const EXECUTORS: Executors = {
  scan: executeScan,
  get external() {
    return PARTS.rare().executeExternal
  },
  values: executeValues,
  range: executeRange,
  where: executeWhere,
  project: executeProject,
  summarize: executeSummarize,
  join: executeJoin,
  union: executeUnion,
  'mv-expand': executeMvExpand,
  get 'mv-apply'() {
    return PARTS.nested().executeMvApply
  },
  get context() {
    return PARTS.nested().executeContext
  },
  get partition() {
    return PARTS.nested().executePartition
  },
  get sequence() {
    return PARTS.sequences().executeSequence
  },
  get 'make-graph'() {
    return PARTS.graphs().executeGraph
  },
  get 'graph-components'() {
    return PARTS.graphs().executeGraph
  },
  get 'graph-table'() {
    return PARTS.graphs().executeGraphTable
  },
  get 'graph-match'() {
    return PARTS.graphs().executeGraphMatch
  },
  get 'graph-paths'() {
    return PARTS.graphs().executeGraphPaths
  },
  parse: executeParse,
  get 'make-series'() {
    return PARTS.sequences().executeMakeSeries
  },
  sort: executeSort,
  top: executeTop,
  take: executeTake,
  get sample() {
    return PARTS.rare().executeSample
  },
  get 'partition-top'() {
    return PARTS.nested().executePartitionTop
  },
  window: executeWindow,
  get evaluate() {
    return PARTS.plugins().executeEvaluate
  },
  get late() {
    return PARTS.rare().executeLate
  },
  shared: executeShared,
}

/** The rows of a plan node, batch by batch. */
export function execute(plan: Plan, run: Run): AsyncIterable<ColumnBatch> {
  const executor = EXECUTORS[plan.kind] as Executor<Plan>
  return executor(plan, run)
}
