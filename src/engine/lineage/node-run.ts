import { ColumnBatch, concat } from '../../tables/batch.ts'
import { batchBytes } from '../../tables/batch-size.ts'
import { Int64Vector, type ScalarValue, type Vector, valueAt } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Schema } from '../../types/schema.ts'
import { indexOfColumn } from '../../types/schema.ts'
import {
  ExecutionError,
  type ExecutionOptions,
  executePlan,
  MAX_MEMORY,
  MAX_ROWS,
} from '../execution.ts'
import type { Expr, Plan, SharedPlan } from '../plan/nodes.ts'

/** The hidden column with which a row carries its position; no query can name it. */
export const POSITION = '\0position'

/**
 * Runs single nodes with the engine's own executors, over inputs that are there already, and counts
 * the rows that are kept.
 */
export class NodeRun {
  readonly options: ExecutionOptions
  readonly #lasting = new Map<number, readonly ColumnBatch[]>()
  /** Vectors that are counted: nodes hand on those that they do not change. */
  readonly #counted = new WeakSet<Vector>()
  #rows = 0
  #bytes = 0

  constructor(options: ExecutionOptions) {
    this.options = options
  }

  /** The rows of a node that `make` builds over stand-ins for its inputs; without a selection. */
  async rows(
    inputs: readonly ColumnBatch[],
    make: (inputs: readonly Plan[]) => Plan,
  ): Promise<ColumnBatch> {
    const kept = new Map(this.#lasting)
    const standIns = inputs.map((batch, index) => {
      const id = FIRST_INPUT - index
      kept.set(id, batch.rowCount > 0 ? [batch] : [])
      return standIn(id, batch)
    })
    const plan = make(standIns)
    const batches: ColumnBatch[] = []
    for await (const batch of executePlan(plan, { ...this.options, kept })) {
      if (batch.rowCount > 0) batches.push(batch)
    }
    return concat(batches[0]?.schema ?? plan.schema, batches)
  }

  /** A node that gives these rows in all runs from now on. */
  lasting(batch: ColumnBatch): Plan {
    const id = FIRST_LASTING - this.#lasting.size
    this.#lasting.set(id, batch.rowCount > 0 ? [batch] : [])
    return standIn(id, batch)
  }

  /** What an expression gives for some rows of a batch, in their order. */
  async values(exprs: readonly Expr[], batch: ColumnBatch): Promise<Vector[]> {
    const columns = exprs.map((expr, index) => ({ name: `${index}`, expr }))
    const schema = columns.map(({ name, expr }) => ({ name, type: expr.type }))
    const span = { start: 0, end: 0 }
    if (batch.rowCount === 0) return [...concat(schema, []).columns]
    const { columns: vectors } = await this.rows([batch], ([input]) => {
      if (input === undefined) throw new InternalError('a project without an input')
      return { kind: 'project', input, columns, schema, span }
    })
    return [...vectors]
  }

  /** The value of an expression that is the same for all rows. */
  async constant(expr: Expr): Promise<ScalarValue> {
    const [vector] = await this.values([expr], new ColumnBatch([], [], 1))
    return vector === undefined ? null : valueAt(vector, 0)
  }

  /**
   * Counts rows that stay in memory.
   * @throws ExecutionError beyond the limits of the run.
   */
  keep(batch: ColumnBatch, { span }: Plan): void {
    const { maxRows = MAX_ROWS, maxMemory = MAX_MEMORY } = this.options
    const columns = batch.columns.filter(column => !this.#counted.has(column))
    if (columns.length === 0 && batch.columns.length > 0) return
    for (const column of columns) this.#counted.add(column)
    this.#rows += batch.rowCount
    this.#bytes += batchBytes(new ColumnBatch([], columns, batch.length))
    const tooMany = this.#rows > maxRows
    if (!tooMany && this.#bytes <= maxMemory) return
    const limit = tooMany ? `${maxRows} rows` : `${maxMemory} bytes`
    throw new ExecutionError({
      code: 'KQL300',
      severity: 'error',
      message: `Following rows keeps what every operator gives: more than ${limit} so far.`,
      span,
      hint: `Give less data, or raise ${tooMany ? 'maxRows' : 'maxMemory'}.`,
    })
  }
}

// Shared nodes of a query count from 0.
const FIRST_INPUT = -1
const FIRST_LASTING = -1_000_000

function standIn(id: number, { schema }: ColumnBatch): SharedPlan {
  const span = { start: 0, end: 0 }
  const input: Plan = { kind: 'values', rows: [], schema, span }
  return { kind: 'shared', id, input, schema, span }
}

/** The batch with a column at its end that numbers the rows from `first` on. */
export function withPosition(batch: ColumnBatch, first = 0): ColumnBatch {
  const values = BigInt64Array.from({ length: batch.length }, (_, row) => BigInt(first + row))
  const schema: Schema = [...batch.schema, { name: POSITION, type: 'long' }]
  return new ColumnBatch(schema, [...batch.columns, new Int64Vector('long', values)], batch.length)
}

/** The columns of a schema out of a batch that has them and others. */
export function columnsOf(batch: ColumnBatch, schema: Schema): ColumnBatch {
  const columns = schema.map(({ name }) => vectorNamed(batch, name))
  return new ColumnBatch(schema, columns, batch.length)
}

/** The vector of a column. */
export function vectorNamed(batch: ColumnBatch, name: string): Vector {
  const vector = batch.columns[indexOfColumn(batch.schema, name)]
  if (vector === undefined) throw new InternalError(`no column ${name}`)
  return vector
}
