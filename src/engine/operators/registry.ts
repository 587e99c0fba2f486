import type { ColumnBatch } from '../../tables/batch.ts'
import type { OperatorBinders } from '../binder/context.ts'
import type { Plan } from '../plan/nodes.ts'
import { as } from './as.ts'
import { extend } from './extend.ts'
import * as expansions from './parts/expansions.ts'
import * as graphs from './parts/graphs.ts'
import * as joins from './parts/joins.ts'
import * as nested from './parts/nested.ts'
import * as orders from './parts/orders.ts'
import * as parsing from './parts/parsing.ts'
import * as plugins from './parts/plugins.ts'
import * as rare from './parts/rare.ts'
import * as sequences from './parts/sequences.ts'
import * as summaries from './parts/summaries.ts'
import * as unions from './parts/unions.ts'
import { executeProject, project } from './project.ts'
import { projectAway, projectKeep, projectRename, projectReorder } from './project-columns.ts'
import { render } from './render.ts'
import type { Executor, Run } from './run.ts'
import { executeShared } from './shared.ts'
import { executeRange, executeScan, executeValues } from './sources.ts'
import { executeTake, take } from './take.ts'
import { unsupported } from './unsupported.ts'
import { executeWhere, where } from './where.ts'

/** What few queries use is evaluated for the first that does: see docs/adr/0018-start-up.md. */
const PARTS = {
  joins: () => joins,
  summaries: () => summaries,
  unions: () => unions,
  parsing: () => parsing,
  expansions: () => expansions,
  orders: () => orders,
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
  get summarize() {
    return PARTS.summaries().summarize
  },
  get join() {
    return PARTS.joins().join
  },
  get lookup() {
    return PARTS.joins().lookup
  },
  get 'mv-expand'() {
    return PARTS.expansions().mvExpand
  },
  get 'mv-apply'() {
    return PARTS.nested().mvApply
  },
  get parse() {
    return PARTS.parsing().parse
  },
  get 'parse-where'() {
    return PARTS.parsing().parseWhere
  },
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
  get sort() {
    return PARTS.orders().sort
  },
  get top() {
    return PARTS.orders().top
  },
  take,
  get count() {
    return PARTS.summaries().count
  },
  get distinct() {
    return PARTS.summaries().distinct
  },
  as,
  get serialize() {
    return PARTS.orders().serialize
  },
  render,
  get getschema() {
    return PARTS.rare().getschema
  },
  get union() {
    return PARTS.unions().union
  },
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
  get summarize() {
    return PARTS.summaries().executeSummarize
  },
  get join() {
    return PARTS.joins().executeJoin
  },
  get union() {
    return PARTS.unions().executeUnion
  },
  get 'mv-expand'() {
    return PARTS.expansions().executeMvExpand
  },
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
  get parse() {
    return PARTS.parsing().executeParse
  },
  get 'make-series'() {
    return PARTS.sequences().executeMakeSeries
  },
  get sort() {
    return PARTS.orders().executeSort
  },
  get top() {
    return PARTS.orders().executeTop
  },
  take: executeTake,
  get sample() {
    return PARTS.rare().executeSample
  },
  get 'partition-top'() {
    return PARTS.nested().executePartitionTop
  },
  get window() {
    return PARTS.orders().executeWindow
  },
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
