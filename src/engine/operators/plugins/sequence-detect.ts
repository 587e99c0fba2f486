import type { ExpressionSyntax } from '../../../parser/syntax.ts'
import { ColumnBatch } from '../../../tables/batch.ts'
import type { BoolVector, ScalarValue, Vector } from '../../../tables/vector.ts'
import { valueAt } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import type { Column } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import { ColumnNames, resultName } from '../../binder/naming.ts'
import type { EvaluatePlan, Expr, NamedExpr, Plan } from '../../plan/nodes.ts'
import { KeyIndex } from '../key-index.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { plugin } from './declare.ts'
import { type ChainLimits, chains, type Moment } from './event-chains.ts'
import { allRows, faultOf, optionOf } from './running.ts'
import { lengthOf, lengthOptions, TIME, TIMES } from './timeline.ts'

const MOST_STEPS = 30
const STEP = '$step'

/** @see https://learn.microsoft.com/kusto/query/sequence-detect-plugin */
export const sequenceDetect = plugin({
  name: 'sequence_detect',
  doc:
    'Finds every sequence of rows for which one condition after the other is true, each another row ' +
    'at the time of the one before or later, and gives the times. Sequences with the same times and ' +
    'dimensions are one row. Both the documentation leaves open. A row without a time is in none.',
  parameters: [
    TIME,
    lengthOf('MaxSequenceStepWindow', 'The longest time from a step to the next.'),
    lengthOf('MaxSequenceSpan', 'The longest time from the first step to the last.'),
    {
      name: 'Expr',
      takes: 'bool',
      doc: `What is true of the row of a step; its name goes into that of the column. Up to ${MOST_STEPS}.`,
      repeated: true,
    },
    {
      name: 'Dimension',
      takes: 'column',
      doc: 'The rows of a sequence have the same values there.',
      optional: true,
      repeated: true,
    },
  ],
  namesArguments: true,
  examples: [
    {
      query:
        'datatable(t: timespan, who: string, what: string)[1h, "A", "fail", 2h, "A", "fail", 3h, "A", "in", 3h, "B", "in"] ' +
        '| evaluate sequence_detect(t, 2h, 2h, fail = what == "fail", in = what == "in", who)',
      rows: [
        { who: 'A', fail_t: '01:00:00', in_t: '03:00:00', Duration: '02:00:00' },
        { who: 'A', fail_t: '02:00:00', in_t: '03:00:00', Duration: '01:00:00' },
      ],
    },
  ],
  bind: bindSequence,
  execute: (plan, run) => runSequence(plan, run),
})

interface Step {
  readonly name: string
  readonly expr: Expr
}

/** The conditions, and behind them the dimensions: the first argument that is no bool is one. */
function bindSteps(call: PluginCall): { steps: Step[]; dimensions: Column[] } {
  const { binder, input } = call
  const steps: Step[] = []
  const dimensions: Column[] = []
  for (const syntax of [...call.all('Expr'), ...call.all('Dimension')]) {
    const value = unnamed(syntax)
    const isColumn = value.kind === 'name' && dimensions.length > 0
    const expr = isColumn ? undefined : binder.scalar(value, { schema: input.schema })
    if (expr !== undefined && binder.isFailed(expr)) {
      call.reported()
    } else if (expr?.type === 'bool' && dimensions.length === 0) {
      steps.push({ name: resultName(syntax, binder.library) ?? '', expr })
    } else if (steps.length === 0) {
      call.fail('KS141', 'The first step must have the type bool.', syntax.span)
    } else {
      const column = call.columnAt(value)
      if (column !== undefined) dimensions.push(column)
    }
  }
  return { steps, dimensions }
}

function unnamed(syntax: ExpressionSyntax): ExpressionSyntax {
  return syntax.kind === 'named-argument' ? syntax.value : syntax
}

function bindSequence(call: PluginCall): Plan {
  const { binder, span } = call
  const time = call.columnOf('TimelineColumn', TIMES)
  const { steps, dimensions } = bindSteps(call)
  if (steps.length > MOST_STEPS) {
    return call.fail('KQL101', `More than ${MOST_STEPS} steps are not supported.`, span)
  }
  const dynamic = dimensions.find(({ type }) => type === 'dynamic')
  if (dynamic !== undefined && !binder.isFailedColumn(dynamic)) {
    return call.fail('KS116', `The dimension \`${dynamic.name}\` is dynamic.`, span)
  }
  if (time === undefined || call.failed) return call.failedPlan()
  const at = readColumn(binder, time, span)
  const exprs: NamedExpr[] = [
    { name: '$time', expr: time.type === 'int' ? binder.convert(at, 'long') : at },
    ...dimensions.map((column, index) => ({
      name: `$dimension${index}`,
      expr: readColumn(binder, column, span),
    })),
    ...steps.map(({ expr }, index) => ({ name: `${STEP}${index}`, expr })),
  ]
  const names = new ColumnNames()
  const named = (column: Column, name: string): Column => binder.renamed(column, names.unique(name))
  const length = time.type === 'datetime' || time.type === 'timespan' ? 'timespan' : 'long'
  const schema = [
    ...dimensions.map(column => named(column, column.name)),
    ...steps.map(({ name }) => named(time, `${name}_${time.name}`)),
    { name: names.unique('Duration'), type: length } as const,
  ]
  const limits = lengthOptions(call, time, ['MaxSequenceStepWindow', 'MaxSequenceSpan'])
  return call.evaluate([call.project(call.input, exprs)], schema, limits)
}

async function* runSequence(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const gap = await optionOf(plan, 'MaxSequenceStepWindow', run)
  const span = await optionOf(plan, 'MaxSequenceSpan', run)
  if (typeof gap !== 'bigint' || typeof span !== 'bigint' || gap < 0n || span < 0n) {
    throw faultOf(plan, 'KS128', 'The windows of `sequence_detect` must not be null or negative.')
  }
  const rows = await allRows(plan, run)
  const steps = plan.inputs[0]!.schema.filter(({ name }) => name.startsWith(STEP)).length
  const { dimensions, momentsOf } = groupMoments(rows, steps)
  const found: { readonly group: number; readonly times: readonly bigint[] }[] = []
  const limits: ChainLimits = { steps, gap, span }
  for (const [group, moments] of momentsOf.entries()) {
    for (const chain of chains(moments, limits)) {
      await run.pause(1)
      if (chain === undefined) continue
      run.keep(1, steps * 16, plan.plugin)
      found.push({ group, times: chain.map(index => moments[index]!.time) })
    }
  }
  found.sort((a, b) => compareTimes(a.times, b.times) || a.group - b.group)
  const keys = dimensions.keyVectors(0, dimensions.size)
  for (let start = 0; start < found.length; start += run.batchSize) {
    const part = found.slice(start, start + run.batchSize)
    const columns = plan.schema.map(({ type }, index): Vector => {
      const values = part.map(({ group, times }): ScalarValue => {
        const key = keys[index]
        if (key !== undefined) return valueAt(key, group)
        const time = times[index - keys.length] ?? times.at(-1)! - times[0]!
        return type === 'int' ? Number(time) : time
      })
      return vectorOf(type, values) as Vector
    })
    yield new ColumnBatch(plan.schema, columns, part.length)
  }
}

/** The moments of each combination of dimensions, in order; without rows that can be no step. */
function groupMoments(
  rows: ColumnBatch,
  steps: number,
): { dimensions: KeyIndex; momentsOf: Moment[][] } {
  const [time, ...rest] = rows.columns
  const dimensions = rest.slice(0, rest.length - steps)
  const conditions = rest.slice(rest.length - steps) as BoolVector[]
  const index = new KeyIndex(dimensions.map(({ type }) => type))
  const groups = new Uint32Array(rows.length)
  if (dimensions.length === 0) index.addUnit()
  else if (rows.length > 0) index.assign(dimensions, rows.rows, groups)
  const byTime = Array.from({ length: index.size }, () => new Map<bigint, number[]>())
  for (const row of rows.rows) {
    const at = valueAt(time!, row)
    const bits = conditions.reduce((all, condition, step) => {
      return condition.isNull(row) || condition.values[row] !== 1 ? all : all | (1 << step)
    }, 0)
    if (typeof at !== 'bigint' || bits === 0) continue
    const times = byTime[groups[row]!]!
    const events = times.get(at)
    // More events of a kind than steps make no difference.
    if (events === undefined) times.set(at, [bits])
    else if (events.filter(event => event === bits).length < steps) events.push(bits)
  }
  const momentsOf = byTime.map(times =>
    [...times]
      .map(([time, events]): Moment => ({ time, events }))
      .sort((a, b) => (a.time < b.time ? -1 : 1)),
  )
  return { dimensions: index, momentsOf }
}

function compareTimes(a: readonly bigint[], b: readonly bigint[]): number {
  const at = a.findIndex((time, index) => time !== b[index])
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
}
