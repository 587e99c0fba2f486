import type { ExpressionSyntax } from '../../../parser/syntax.ts'
import { ColumnBatch } from '../../../tables/batch.ts'
import type { RealVector, ScalarValue, TextVector, Vector } from '../../../tables/vector.ts'
import { valueAt } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import { isNumeric, type ScalarType } from '../../../types/scalar-type.ts'
import type { Column, Schema } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import { ColumnNames } from '../../binder/naming.ts'
import { literal } from '../../plan/expression.ts'
import type { EvaluatePlan, Expr, NamedExpr, Plan } from '../../plan/nodes.ts'
import { KeyIndex } from '../key-index.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { allRows, faultOf, inputOf, optionOf } from './running.ts'
import type { PluginParameter } from './signature.ts'

// What plugins have in common that look for patterns: values that many rows share.

export const WEIGHT: PluginParameter = {
  name: 'WeightColumn',
  takes: 'numeric column, or "~"',
  doc: 'How many rows a row stands for; 1 if missing. Null counts as 0.',
  optional: true,
}
export const WILDCARDS: PluginParameter = {
  name: 'CustomWildcard',
  takes: 'literal, or "~"',
  doc: 'Stands in columns of its type for any value; null, in text the empty string, if missing.',
  optional: true,
  repeated: true,
}

/** The column with the texts by which rows are split. */
const SPLIT = '$split'
const WEIGHTS = '$weight'
const WILDCARD = 'wildcard:'

/** Whether the argument asks for the default of its parameter. */
function isDefault(syntax: ExpressionSyntax): boolean {
  return syntax.kind === 'literal' && syntax.type === 'string' && syntax.value === '~'
}

/** The call without the arguments that stand for a default. */
export function withoutDefaults(call: PluginCall): PluginCall {
  const replaced = call.plugin.parameters.map(
    ({ name }) => [name, call.all(name).filter(syntax => !isDefault(syntax))] as const,
  )
  return call.with(Object.fromEntries(replaced))
}

/** A plan over all columns and the weights, whose result has `computed` before the columns. */
export function bindAttributes(
  call: PluginCall,
  computed: Schema,
  options: Readonly<Record<string, Expr | undefined>>,
  split?: Column,
): Plan {
  const { binder, input, span } = call
  const weight = call.column('WeightColumn')
  if (weight !== undefined && !isNumeric(weight.type) && !binder.isFailedColumn(weight)) {
    return call.fail('KS141', 'The weight must be a number.', span)
  }
  const wildcards = bindWildcards(call)
  if (call.failed) return call.failedPlan()
  const names = new ColumnNames()
  const schema = [...computed, ...input.schema].map(column =>
    binder.renamed(column, names.unique(column.name)),
  )
  const one = literal('real', 1, span)
  const columns: NamedExpr[] = [
    ...input.schema.map(column => ({
      name: column.name,
      expr: readColumn(binder, column, span),
    })),
    ...(split === undefined
      ? []
      : [{ name: SPLIT, expr: binder.convert(readColumn(binder, split, span), 'string') }]),
    {
      name: WEIGHTS,
      expr: weight === undefined ? one : binder.convert(readColumn(binder, weight, span), 'real'),
    },
  ]
  // Columns that are no attributes stand in the result as wildcards.
  const apart = [split, weight].flatMap(column => (column === undefined ? [] : [column.name]))
  return call.evaluate([call.project(input, columns)], schema, {
    ...options,
    ...wildcards,
    apart: literal('dynamic', apart, span),
  })
}

/** The wildcard of each type that was given one. */
function bindWildcards(call: PluginCall): Record<string, Expr> {
  const wildcards: Record<string, Expr> = {}
  for (const syntax of call.all('CustomWildcard')) {
    const expr = call.binder.scalar(syntax, { schema: [] })
    if (call.binder.isFailed(expr)) call.reported()
    else if (expr.kind !== 'literal') {
      call.fail('KS120', 'A wildcard must be a literal.', syntax.span)
    } else wildcards[WILDCARD + expr.type] = expr
  }
  return wildcards
}

/** Rows as combinations of values, each once with its weight. */
export interface Attributes {
  /** The positions of the columns that are attributes. */
  readonly columns: readonly number[]
  /** For each attribute: the number of each combination's value, from 0 on in order of appearance. */
  readonly codes: readonly Uint32Array[]
  /** For each attribute: the values by their numbers. */
  readonly values: readonly Vector[]
  readonly weights: Float64Array
  readonly total: number
  /** Which combination each row of the input is. */
  readonly combinationOf: Uint32Array
  readonly rows: ColumnBatch
}

/** Reads what {@link bindAttributes} made. */
export async function loadAttributes(plan: EvaluatePlan, run: Run): Promise<Attributes> {
  const rows = await allRows(plan, run)
  const apart = new Set((await optionOf(plan, 'apart', run)) as readonly string[])
  const { schema } = inputOf(plan)
  const columns = schema.flatMap(({ name }, index) =>
    apart.has(name) || name === SPLIT || name === WEIGHTS ? [] : [index],
  )
  const keys = columns.map(index => rows.columns[index]!)
  const combinations = new KeyIndex(keys.map(({ type }) => type))
  const combinationOf = new Uint32Array(rows.length)
  if (keys.length === 0) combinations.addUnit()
  else if (rows.length > 0) combinations.assign(keys, rows.rows, combinationOf)
  const { size } = combinations
  run.keep(size, size * (columns.length * 4 + 8), plan.plugin)
  const weights = new Float64Array(size)
  const weightOf = rows.columns.at(-1) as RealVector
  let total = 0
  for (const row of rows.rows) {
    const weight = weightOf.isNull(row) ? 0 : weightOf.values[row]!
    total += weight
    if (!(weight >= 0) || total === Number.POSITIVE_INFINITY) {
      const message = `Weights of \`${plan.plugin}\` must be finite and not negative.`
      throw faultOf(plan, 'KS128', message)
    }
    weights[combinationOf[row]!]! += weight
  }
  const all = Uint32Array.from({ length: size }, (_, index) => index)
  const distinct = combinations.keyVectors(0, size)
  const indexes = distinct.map(vector => new KeyIndex([vector.type]))
  const codes = distinct.map((vector, column) => {
    const numbers = new Uint32Array(size)
    if (size > 0) indexes[column]!.assign([vector], all, numbers)
    return numbers
  })
  const values = indexes.map(index => index.keyVectors(0, index.size)[0]!)
  return { columns, codes, values, weights, total, combinationOf, rows }
}

/** The combinations that weigh anything. */
export function weighing(weights: Float64Array): Uint32Array {
  return Uint32Array.from(weights.keys()).filter(index => weights[index]! > 0)
}

/** The weight of the combinations whose rows have the text in the column that splits them. */
export function weightsOfSplit(
  { rows, combinationOf, weights }: Attributes,
  text: string,
): Float64Array {
  const sums = new Float64Array(weights.length)
  const splits = rows.columns.at(-2) as TextVector
  const weightOfRow = rows.columns.at(-1) as RealVector
  for (const row of rows.rows) {
    if (splits.at(row) !== text || weightOfRow.isNull(row)) continue
    sums[combinationOf[row]!]! += weightOfRow.values[row]!
  }
  return sums
}

/** The weight of some combinations. */
export function weightOf(weights: Float64Array, combinations: Uint32Array): number {
  let sum = 0
  for (const combination of combinations) sum += weights[combination]!
  return sum
}

/** A row of the result: what was computed, and the number of each attribute's value, -1 for any. */
export interface PatternRow {
  readonly computed: readonly ScalarValue[]
  readonly pattern: Int32Array
}

/** The rows as batches. */
export async function* patternBatches(
  plan: EvaluatePlan,
  run: Run,
  attributes: Attributes,
  rows: readonly PatternRow[],
): AsyncGenerator<ColumnBatch> {
  const own = inputOf(plan).schema.filter(({ name }) => name !== SPLIT && name !== WEIGHTS)
  const before = plan.schema.length - own.length
  const wildcards = new Map<ScalarType, ScalarValue>()
  for (const { name } of plan.options) {
    if (!name.startsWith(WILDCARD)) continue
    const type = name.slice(WILDCARD.length) as ScalarType
    wildcards.set(type, (await optionOf(plan, name, run)) ?? null)
  }
  const cell = (
    type: ScalarType,
    column: number,
    { computed, pattern }: PatternRow,
  ): ScalarValue => {
    if (column < before) return computed[column] ?? null
    const attribute = attributes.columns.indexOf(column - before)
    const code = attribute < 0 ? -1 : pattern[attribute]!
    return code < 0
      ? (wildcards.get(type) ?? (type === 'string' ? '' : null))
      : valueAt(attributes.values[attribute]!, code)
  }
  for (let start = 0; start < rows.length; start += run.batchSize) {
    const part = rows.slice(start, start + run.batchSize)
    const columns = plan.schema.map(
      ({ type }, column) =>
        vectorOf(
          type,
          part.map(row => cell(type, column, row)),
        ) as Vector,
    )
    yield new ColumnBatch(plan.schema, columns, part.length)
  }
}

/** A share that an option is, from 0.015 to 1. */
export async function thresholdOf(plan: EvaluatePlan, run: Run): Promise<number> {
  const threshold = (await optionOf(plan, 'Threshold', run)) ?? 0.05
  if (typeof threshold === 'number' && threshold >= 0.015 && threshold <= 1) return threshold
  throw faultOf(plan, 'KS128', `The threshold of \`${plan.plugin}\` is from 0.015 to 1.`)
}

/** A whole number greater than 0 that an option is, or else the default. */
export async function countOf(
  plan: EvaluatePlan,
  name: string,
  missing: number,
  run: Run,
): Promise<number> {
  const count = await optionOf(plan, name, run)
  if (count === undefined) return missing
  if (typeof count === 'bigint' && count > 0n) return Number(count)
  throw faultOf(plan, 'KS128', `${name} of \`${plan.plugin}\` must be greater than 0.`)
}
