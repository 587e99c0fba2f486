import { ColumnBatch, concat, gather } from '../../tables/batch.ts'
import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { identityRows, valueAt } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import { indexOfColumn, type Schema } from '../../types/schema.ts'
import { constantVector } from '../evaluator/constant-vector.ts'
import type { Evaluator, Filter } from '../evaluator/contract.ts'
import { collectColumns } from '../plan/expression.ts'
import type { Expr, SequencePlan, SequenceStep } from '../plan/nodes.ts'
import { conjunctionOf, conjunctsOf } from '../plan/predicates.ts'
import type { Executor, Run } from './run.ts'

/** A row that matched a step, as far as it is read later: a vector of one row for each column. */
type Kept = ReadonlyMap<string, Vector>

/** A sequence that has come as far as a step: a row for it and each step before. */
interface State {
  readonly rows: readonly Kept[]
  readonly id: bigint
  /** A row of a step with `output=last`, to be given unless another follows. */
  readonly pending?: ColumnBatch
}

const ONE = identityRows(1)

/** Matches one row after the other with the steps, the last step first. */
export const executeSequence: Executor<SequencePlan> = async function* (plan, run) {
  const matcher = await Matcher.of(plan, run)
  for await (const batch of run.execute(plan.input)) {
    await run.pause(batch.rowCount * plan.steps.length)
    yield* matcher.match(batch).slices(run.batchSize)
  }
  yield* matcher.rest().slices(run.batchSize)
}

class Matcher {
  readonly #plan: SequencePlan
  readonly #steps: readonly Step[]
  readonly #defaults: readonly ScalarValue[]
  readonly #states: (State | undefined)[]
  readonly #kept: readonly string[]
  #nextId = 0n
  #output: ColumnBatch[] = []

  static async of(plan: SequencePlan, run: Run): Promise<Matcher> {
    const defaults = await Promise.all(plan.declared.map(({ expr }) => run.compile(expr, [])))
    const values = defaults.map(({ constant }) => constant?.value ?? null)
    const empty = new Map<string, Vector>()
    for (const { name, type, column } of plan.states) {
      const index = plan.declared.findIndex(item => item.name === column)
      empty.set(name, constantVector(type, index < 0 ? null : values[index]!, 1))
    }
    const steps = await Promise.all(plan.steps.map(step => Step.of(plan, step, run, empty)))
    return new Matcher(plan, steps, values)
  }

  private constructor(
    plan: SequencePlan,
    steps: readonly Step[],
    defaults: readonly ScalarValue[],
  ) {
    this.#plan = plan
    this.#steps = steps
    this.#defaults = defaults
    this.#states = steps.map(() => undefined)
    this.#kept = [...new Set(plan.states.map(({ column }) => column))]
  }

  /** What the rows of the batch give. */
  match(batch: ColumnBatch): ColumnBatch {
    for (const step of this.#steps) step.enter(batch)
    const direct = new Direct(this.#plan, batch)
    for (const row of batch.rows) {
      for (let index = this.#steps.length - 1; index >= 0; index--) this.#try(index, row, direct)
    }
    this.#flush(direct)
    return this.#take()
  }

  /** The rows that waited for others of their step, in the order of their sequences' steps. */
  rest(): ColumnBatch {
    for (const state of this.#states) if (state?.pending) this.#output.push(state.pending)
    return this.#take()
  }

  #try(index: number, row: number, direct: Direct): void {
    const step = this.#steps[index]!
    if (!step.mayMatch(row)) return
    const before = index === 0 ? undefined : this.#states[index - 1]
    const own = this.#states[index]
    if (before !== undefined && step.matches(row, before.rows)) {
      this.#give(own, direct)
      this.#give(before, direct)
      this.#states[index - 1] = undefined
      this.#enter(index, row, before.rows, before.id, direct)
    } else if ((own !== undefined || index === 0) && step.matches(row, own?.rows ?? [])) {
      this.#enter(index, row, own?.rows ?? [], own?.id ?? this.#nextId++, direct)
    }
  }

  /** Makes the row the one of its step. */
  #enter(index: number, row: number, rows: readonly Kept[], id: bigint, direct: Direct): void {
    const step = this.#steps[index]!
    const assigned = step.assign(row, rows)
    const kept = new Map<string, Vector>()
    for (const name of this.#kept) {
      const declared = this.#plan.declared.findIndex(item => item.name === name)
      const { type } = this.#plan.declared[declared]?.expr ?? { type: 'long' as const }
      const vector =
        declared < 0
          ? direct.cell(name, row)
          : (assigned[declared] ?? constantVector(type, this.#defaults[declared]!, 1))
      kept.set(name, vector)
    }
    const { output } = this.#plan.steps[index]!
    const values = assigned.map((vector, column) =>
      vector === undefined ? this.#defaults[column]! : valueAt(vector, 0),
    )
    if (output === 'all') direct.add(row, values, id)
    const pending = output === 'last' ? direct.alone(row, values, id) : undefined
    this.#states[index] = {
      rows: [...rows.slice(0, index), kept],
      id,
      ...(pending && { pending }),
    }
  }

  #give(state: State | undefined, direct: Direct): void {
    if (state?.pending === undefined) return
    this.#flush(direct)
    this.#output.push(state.pending)
  }

  #flush(direct: Direct): void {
    const batch = direct.take()
    if (batch !== undefined) this.#output.push(batch)
  }

  #take(): ColumnBatch {
    const batch = concat(this.#plan.schema, this.#output)
    this.#output = []
    return batch
  }
}

interface Assignment {
  /** The position among the declared columns. */
  readonly column: number
  readonly evaluator: Evaluator
  readonly stateful: boolean
}

/** One step: what it asks of a row alone is asked of a whole batch, the rest row by row. */
class Step {
  readonly #plan: SequencePlan
  /** What is read of a row and of states where both are read. */
  readonly #schema: Schema
  readonly #empty: ReadonlyMap<string, Vector>
  readonly #alone: Filter | undefined
  readonly #stateful: Filter | undefined
  readonly #assignments: readonly Assignment[]
  #batch: ColumnBatch | undefined
  #matching = new Uint8Array(0)
  #values: readonly (Vector | undefined)[] = []
  #both: ColumnBatch | undefined

  static async of(
    plan: SequencePlan,
    step: SequenceStep,
    run: Run,
    empty: ReadonlyMap<string, Vector>,
  ): Promise<Step> {
    const parts = conjunctsOf(step.condition)
    const read = new Set<string>()
    const isStateful = (expr: Expr): boolean => {
      const own = new Set<string>()
      collectColumns(expr, own)
      if (!plan.states.some(({ name }) => own.has(name))) return false
      for (const name of own) read.add(name)
      return true
    }
    const alone = parts.filter(part => !isStateful(part))
    const stateful = parts.filter(isStateful)
    const kinds = step.assignments.map(({ expr }) => isStateful(expr))
    const schema = [...plan.input.schema, ...plan.states]
      .filter(({ name }) => read.has(name))
      .map(({ name, type }) => ({ name, type }))
    const filter = ([first, ...rest]: readonly Expr[], over: Schema) =>
      first === undefined ? undefined : run.filter(conjunctionOf([first, ...rest]), over)
    const assignments = await Promise.all(
      step.assignments.map(async ({ name, expr }, index) => ({
        column: plan.declared.findIndex(item => item.name === name),
        evaluator: await run.compile(expr, kinds[index] ? schema : plan.input.schema),
        stateful: kinds[index]!,
      })),
    )
    const filters = [
      await filter(alone, plan.input.schema),
      await filter(stateful, schema),
    ] as const
    return new Step(plan, schema, empty, filters, assignments)
  }

  private constructor(
    plan: SequencePlan,
    schema: Schema,
    empty: ReadonlyMap<string, Vector>,
    [alone, stateful]: readonly [Filter | undefined, Filter | undefined],
    assignments: readonly Assignment[],
  ) {
    this.#plan = plan
    this.#schema = schema
    this.#empty = empty
    this.#alone = alone
    this.#stateful = stateful
    this.#assignments = assignments
  }

  /** Goes on to another batch. */
  enter(batch: ColumnBatch): void {
    const rows = this.#alone === undefined ? batch.rows : this.#alone(batch, batch.rows)
    this.#matching = new Uint8Array(batch.length)
    for (const row of rows) this.#matching[row] = 1
    this.#values = this.#assignments.map(({ evaluator, stateful }) =>
      stateful ? undefined : evaluator.evaluate(batch, rows),
    )
    this.#batch = batch
  }

  /** Whether a state could be such that the row matches. */
  mayMatch(row: number): boolean {
    return this.#matching[row] === 1
  }

  /** Whether the row, which may match, does with the state. */
  matches(row: number, state: readonly Kept[]): boolean {
    this.#both = undefined
    if (this.#stateful === undefined) return true
    this.#both = this.#together(row, state)
    return this.#stateful(this.#both, ONE).length > 0
  }

  /** By declared column what is assigned where the row has just matched with the state. */
  assign(row: number, state: readonly Kept[]): (Vector | undefined)[] {
    const assigned = new Array<Vector | undefined>(this.#plan.declared.length).fill(undefined)
    const at = Uint32Array.of(row)
    this.#assignments.forEach(({ column, evaluator, stateful }, index) => {
      if (stateful) {
        this.#both ??= this.#together(row, state)
        assigned[column] = evaluator.evaluate(this.#both, ONE)
      } else {
        assigned[column] = gather(this.#values[index]!, at)
      }
    })
    return assigned
  }

  #together(row: number, state: readonly Kept[]): ColumnBatch {
    const at = Uint32Array.of(row)
    const columns = this.#schema.map(({ name }): Vector => {
      const own = indexOfColumn(this.#plan.input.schema, name)
      if (own >= 0) return gather(this.#batch!.columns[own]!, at)
      const { step, column } = this.#plan.states.find(item => item.name === name)!
      return state[step]?.get(column) ?? this.#empty.get(name)!
    })
    return new ColumnBatch(this.#schema, columns, 1)
  }
}

/** Rows of one batch of the input that the steps gave. */
class Direct {
  readonly #plan: SequencePlan
  readonly #batch: ColumnBatch
  #rows: number[] = []
  #values: (readonly ScalarValue[])[] = []
  #ids: bigint[] = []

  constructor(plan: SequencePlan, batch: ColumnBatch) {
    this.#plan = plan
    this.#batch = batch
  }

  /** `values` are those of the declared columns. */
  add(row: number, values: readonly ScalarValue[], id: bigint): void {
    this.#rows.push(row)
    this.#values.push(values)
    this.#ids.push(id)
  }

  alone(row: number, values: readonly ScalarValue[], id: bigint): ColumnBatch {
    return this.#make([row], [values], [id])
  }

  /** A column of the input in one row. */
  cell(name: string, row: number): Vector {
    const index = indexOfColumn(this.#plan.input.schema, name)
    return gather(this.#batch.columns[index]!, Uint32Array.of(row))
  }

  /** What was added, and forgets it; undefined where that is nothing. */
  take(): ColumnBatch | undefined {
    if (this.#rows.length === 0) return undefined
    const batch = this.#make(this.#rows, this.#values, this.#ids)
    this.#rows = []
    this.#values = []
    this.#ids = []
    return batch
  }

  #make(
    rows: readonly number[],
    values: readonly (readonly ScalarValue[])[],
    ids: readonly bigint[],
  ): ColumnBatch {
    const { schema, declared, matchId } = this.#plan
    const at = Uint32Array.from(rows)
    const columns: Vector[] = [
      ...this.#batch.columns.map(column => gather(column, at)),
      ...declared.map(
        ({ expr }, index) =>
          vectorOf(
            expr.type,
            values.map(item => item[index]!),
          ) as Vector,
      ),
      ...(matchId === undefined ? [] : [vectorOf('long', ids)]),
    ]
    return new ColumnBatch(schema, columns, rows.length)
  }
}
