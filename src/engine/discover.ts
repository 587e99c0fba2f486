import type { ColumnBatch } from '../tables/batch.ts'
import { batchBytes } from '../tables/batch-size.ts'
import type { ReadProblem } from '../tables/source.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { InternalError } from '../text/internal-error.ts'
import type { Schema } from '../types/schema.ts'
import type { Discovery } from './binder/context.ts'
import {
  ExecutionError,
  type ExecutionOptions,
  executePlan,
  MAX_MEMORY,
  MAX_ROWS,
} from './execution.ts'
import * as plugins from './operators/plugins/registry.ts'
import { varies } from './plan/expression.ts'
import type { LatePlan, Plan } from './plan/nodes.ts'
import { rewrite } from './plan/rewrite.ts'
import { expressionsOf } from './plan/rewrites/map-plan.ts'
import { plansIn } from './plan/walk.ts'
import type { CompiledQuery } from './query.ts'

/** The plugins, which are evaluated for a query that has one. */
const pluginsPart = () => plugins

/** More columns than people ask for: keys of the data that were taken for names. */
const MAX_COLUMNS = 10_000
/** Each makes the query run in one more part. */
const MAX_RESULTS = 100
/** The part of the limits that the rows of all inputs may take, if they are to be kept. */
const KEPT_SHARE = 0.25

/**
 * The query with the columns that its data give: what a late result depends on is run, and the query
 * is bound anew with the columns that were found, until none is left. A query without late results is
 * given back as it is; one that turns out to have errors has no plan. `form`: how the parts are run.
 * @throws ExecutionError where a part fails.
 */
export async function discoverColumns(
  query: CompiledQuery,
  options: ExecutionOptions,
  form: 'rewritten' | 'bound' = 'rewritten',
): Promise<CompiledQuery> {
  const found = new Map<string, Discovery>()
  let compiled = query
  for (;;) {
    // A late result is bound after all that its input reads: the first depends on no other.
    const [node] = compiled.late
    if (node === undefined || compiled.plan === undefined) return compiled
    if (found.size === MAX_RESULTS) {
      const message = `The columns of more than ${MAX_RESULTS} results follow from the data.`
      throw faultOf(node.span, 'KQL002', message)
    }
    if (found.has(node.site)) throw new InternalError(`the columns of ${node.site} were found`)
    const before = [...found.values()].flatMap(({ rows }) => rows ?? [])
    const running = { ...options, kept: compiled.kept }
    found.set(node.site, await discover(node, running, form, before))
    compiled = compiled.bindAgain(found)
  }
}

function faultOf(
  span: LatePlan['span'],
  code: Diagnostic['code'],
  message: string,
): ExecutionError {
  return new ExecutionError({ code, severity: 'error', message, span })
}

/** Runs the input of a late result and looks at its rows, which are kept where they are not too many. */
async function discover(
  node: LatePlan,
  options: ExecutionOptions,
  form: 'rewritten' | 'bound',
  before: readonly ColumnBatch[],
): Promise<Discovery> {
  const discoverer = pluginsPart().findPlugin(node.plugin)?.discover?.(node)
  if (discoverer === undefined) throw new InternalError(`${node.plugin} discovers nothing`)
  const problems: ReadProblem[] = []
  const kept = new KeptRows(options, isSteady(node.input), before)
  const run = executePlan(form === 'bound' ? node.input : rewrite(node.input), {
    ...options,
    keepsResult: false,
    onProblem: problem => problems.push(problem),
  })
  for await (const batch of run) {
    discoverer.add(batch)
    kept.add(batch, node)
  }
  const columns: Schema = discoverer.columns()
  if (columns.length > MAX_COLUMNS) {
    const message = `\`${node.plugin}\` gives ${columns.length} columns, more than ${MAX_COLUMNS}.`
    throw faultOf(node.span, 'KQL300', message)
  }
  // Where the rows are read again, what cannot be read is reported then.
  if (kept.rows === undefined) return { columns }
  for (const problem of problems) options.onProblem?.(problem)
  return { columns, rows: kept.rows }
}

class KeptRows {
  rows: ColumnBatch[] | undefined = []
  readonly #steady: boolean
  readonly #maxRows: number
  readonly #maxBytes: number
  #rowCount = 0
  #bytes = 0

  /** `steady`: the rows can be computed again. */
  constructor(
    { maxRows, maxMemory }: ExecutionOptions,
    steady: boolean,
    before: readonly ColumnBatch[],
  ) {
    const share = steady ? KEPT_SHARE : 1
    for (const batch of before) this.#count(batch)
    this.#steady = steady
    this.#maxRows = (maxRows ?? MAX_ROWS) * share
    this.#maxBytes = (maxMemory ?? MAX_MEMORY) * share
  }

  add(batch: ColumnBatch, { span, plugin }: LatePlan): void {
    if (this.rows === undefined || batch.rowCount === 0) return
    this.#count(batch)
    if (this.#rowCount <= this.#maxRows && this.#bytes <= this.#maxBytes) {
      this.rows.push(batch)
      return
    }
    if (!this.#steady) {
      throw faultOf(
        span,
        'KQL300',
        `The rows that \`${plugin}\` looks at differ from run to run, and are too many to be kept.`,
      )
    }
    this.rows = undefined
  }

  #count(batch: ColumnBatch): void {
    this.#rowCount += batch.rowCount
    this.#bytes += batchBytes(batch)
  }
}

/** Whether the plan gives the same rows whenever it is run. */
function isSteady(plan: Plan): boolean {
  return ![...plansIn(plan)].some(node => expressionsOf(node).some(varies))
}
