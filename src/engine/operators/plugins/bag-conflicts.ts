import { ColumnBatch } from '../../../tables/batch.ts'
import { batchBytes } from '../../../tables/batch-size.ts'
import type { DynamicVector } from '../../../tables/vector.ts'
import { type Dynamic, dynamicLong, isBag } from '../../../types/dynamic.ts'
import { isNumeric, type ScalarType } from '../../../types/scalar-type.ts'
import { type Column, indexOfColumn } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import { collectColumns, literal } from '../../plan/expression.ts'
import type { EvaluatePlan, NamedExpr, Plan } from '../../plan/nodes.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { faultOf, inputOf, optionOf } from './running.ts'

// Slots of bags that have the name of a column, where only a run can tell whether there are any.

const BAG = '$bag'

/** What is wrong with a slot of the name of a column. */
export function conflictMessage(name: string): string {
  return `A slot of the bags gives a column \`${name}\`, which the rows have already.`
}

/** Whether a column can be declared with the type: numbers become each other. */
export function becomes(own: Column, type: ScalarType): boolean {
  return own.type === type || (isNumeric(own.type) && isNumeric(type))
}

/** What is wrong with a column of another type. */
export function typeMessage(own: Column, type: ScalarType): string {
  return `The column \`${own.name}\` is ${own.type}, not ${type}.`
}

/** A column of the result that is a slot, or where no bag has that, the column of the input. */
export interface Replaced {
  readonly slot: string
  readonly index: number
  readonly own: Column
}

/** The columns of the result, with those of the input that a run may find replaced behind them. */
export function replaceSource(
  call: PluginCall,
  bag: Column,
  columns: readonly NamedExpr[],
  replaced: readonly Replaced[],
): Plan {
  const { binder, input, span } = call
  const owned = replaced.map(({ index, own }, position): NamedExpr => {
    const { type } = columns[index]!.expr
    const fits = becomes(own, type) || binder.isFailedColumn(own)
    const expr = fits
      ? binder.convert(readColumn(binder, own, span), type)
      : readColumn(binder, own, span)
    return { name: `$own${position}`, expr }
  })
  const all = [...columns, ...owned, { name: BAG, expr: readColumn(binder, bag, span) }]
  const schema = columns.map(({ name, expr }) => binder.columnOf(name, expr))
  return call.evaluate([call.project(input, all)], schema, {
    replaced: literal(
      'dynamic',
      replaced.map(({ slot }) => slot),
      span,
    ),
    places: literal(
      'dynamic',
      replaced.map(({ index }) => dynamicLong(index)),
      span,
    ),
  })
}

/** The input; the run fails where a bag has one of the slots. */
export function withoutSlots(
  call: PluginCall,
  bag: Column,
  slots: readonly string[],
  columns: readonly NamedExpr[],
): Plan {
  const { input, span } = call
  if (slots.length === 0) return input
  const read = new Set([bag.name])
  for (const { expr } of columns) collectColumns(expr, read)
  const narrow = call.select(
    input.schema.flatMap(column =>
      read.has(column.name) ? [{ name: column.name, of: column }] : [],
    ),
  )
  return call.evaluate([narrow], narrow.schema, {
    column: literal('string', bag.name, span),
    slots: literal('dynamic', slots, span),
  })
}

/**
 * Takes the slots that any bag has, and else the columns of the input: so it is without a declared
 * schema too. Rows wait until every slot was seen, or all were.
 */
async function* chooseColumns(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const slots = (await optionOf(plan, 'replaced', run)) as readonly string[]
  const places = ((await optionOf(plan, 'places', run)) as readonly Dynamic[]).map(Number)
  const input = inputOf(plan)
  const missing = new Set(slots)
  const waiting: ColumnBatch[] = []
  const choose = (batch: ColumnBatch): ColumnBatch => {
    const columns = batch.columns.slice(0, plan.schema.length)
    slots.forEach((slot, position) => {
      if (!missing.has(slot)) return
      const [place, own] = [places[position]!, plan.schema.length + position]
      if (input.schema[own]!.type !== plan.schema[place]!.type) {
        const column = { name: plan.schema[place]!.name, type: input.schema[own]!.type }
        throw faultOf(plan, 'KS107', typeMessage(column, plan.schema[place]!.type))
      }
      columns[place] = batch.columns[own]!
    })
    return new ColumnBatch(plan.schema, columns, batch.length, batch.selection)
  }
  for await (const batch of run.execute(input)) {
    if (missing.size === 0) {
      yield choose(batch)
      continue
    }
    run.check()
    run.keep(batch.rowCount, batchBytes(batch), 'bag_unpack')
    waiting.push(batch)
    const vector = batch.columns.at(-1) as DynamicVector
    for (const row of batch.rows) {
      const bag = vector.at(row)
      if (isBag(bag)) for (const slot of missing) if (bag.has(slot)) missing.delete(slot)
    }
    if (missing.size === 0) yield* waiting.splice(0).map(choose)
  }
  yield* waiting.map(choose)
}

/** Passes the rows on, and fails where a bag has one of the slots. */
async function* refuseSlots(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const input = inputOf(plan)
  const column = indexOfColumn(input.schema, (await optionOf(plan, 'column', run)) as string)
  const slots = (await optionOf(plan, 'slots', run)) as readonly string[]
  for await (const batch of run.execute(input)) {
    const vector = batch.columns[column] as DynamicVector
    for (const row of batch.rows) {
      const bag = vector.at(row)
      const name = isBag(bag) ? slots.find(slot => bag.has(slot)) : undefined
      if (name !== undefined) throw faultOf(plan, 'KS171', conflictMessage(name))
    }
    yield batch
  }
}

/** Runs the nodes that {@link replaceSource} and {@link withoutSlots} make. */
export function settleConflicts(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const replaces = plan.options.some(({ name }) => name === 'replaced')
  return replaces ? chooseColumns(plan, run) : refuseSlots(plan, run)
}
