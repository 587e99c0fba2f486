import type { ReduceSyntax } from '../../parser/syntax.ts'
import { ColumnBatch, concat } from '../../tables/batch.ts'
import type { TextVector, Vector } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import type { Column } from '../../types/schema.ts'
import { readColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { literal } from '../plan/expression.ts'
import type { EvaluatePlan, NamedExpr, Plan } from '../plan/nodes.ts'
import { collect } from './collect.ts'
import { operator } from './declare.ts'
import { inputOf, optionOf } from './plugins/running.ts'
import type { Run } from './run.ts'
import { TextPatterns } from './text-patterns.ts'

/** The name that the operator's node has among those of plugins. */
export const REDUCE = '$reduce'

/** @see https://learn.microsoft.com/kusto/query/reduce-operator */
export const reduce = operator('reduce', {
  name: 'reduce',
  doc:
    'Groups texts that have terms in common, and gives a pattern for each group, its number of texts ' +
    'and the first of them. After the paper that the documentation names: a term is kept where more ' +
    'than the share `threshold` of the texts have it at that place, and texts go together that keep ' +
    'the same terms; a term of digits alone is never kept. The rest is `others`. Which groups there ' +
    'are the documentation leaves open, so Kusto may find others; the numbers are exact. Of ' +
    '`characters`, letters and digits separate terms too, and others do not.',
  examples: [
    {
      query:
        'range x from 1 to 10 step 1 | project str = strcat("foo", "Z", tostring(x)) | reduce by str with characters="Z"',
      rows: [{ Pattern: 'foo*', Count: 10, Representative: 'fooZ1' }],
    },
    {
      query:
        'range x from 1 to 10 step 1 | project str = strcat("foo", "Z", tostring(x)) | reduce by str',
      rows: [{ Pattern: 'others', Count: 10, Representative: '' }],
    },
  ],
  bind: bindReduce,
})

function bindReduce(node: ReduceSyntax, input: Plan, binder: Binder): Plan {
  const { span } = node
  binder.checkParameters(node.parameters, ['kind'], 'reduce')
  binder.checkParameters(node.options, ['threshold', 'characters'], 'with of reduce')
  const text = binder.scalarOf(node.by.expression, { schema: input.schema }, 'string')
  const kind = binder.parameter(node.parameters, 'kind')
  if (kind !== undefined && kind !== 'source') {
    return binder.failTabular('KS125', `The kind of reduce can only be source.`, span)
  }
  const threshold = thresholdOf(binder, node)
  const characters = charactersOf(binder, node)
  if (threshold === undefined || characters === undefined || binder.isFailed(text)) {
    return binder.failedPlan(span)
  }
  const names = new ColumnNames()
  const own = kind === undefined ? [] : input.schema.map(column => ownColumn(binder, names, column))
  const computed: Column[] = [{ name: names.unique('Pattern'), type: 'string' }]
  if (kind === undefined) {
    computed.push({ name: 'Count', type: 'long' }, { name: 'Representative', type: 'string' })
  }
  const columns: NamedExpr[] = [
    ...own.map(({ name }, index) => ({
      name,
      expr: readColumn(binder, input.schema[index]!, span),
    })),
    { name: '$text', expr: text },
  ]
  const schema = columns.map(({ name, expr }) => binder.columnOf(name, expr))
  const plan: Plan = {
    kind: 'evaluate',
    plugin: REDUCE,
    inputs: [{ kind: 'project', input, columns, schema, span }],
    options: [
      { name: 'threshold', expr: literal('real', threshold, span) },
      { name: 'characters', expr: literal('string', characters, span) },
      { name: 'source', expr: literal('bool', kind === 'source', span) },
    ],
    schema: [...own, ...computed],
    span,
  }
  return kind === undefined ? binder.closed(plan) : plan
}

function ownColumn(binder: Binder, names: ColumnNames, column: Column): Column {
  names.claim(column.name)
  return binder.renamed(column, column.name)
}

/** The share of rows; undefined where it is none, which is reported. */
function thresholdOf(binder: Binder, { options }: ReduceSyntax): number | undefined {
  const option = options.find(({ name }) => name === 'threshold')
  if (option === undefined) return 0.1
  const { value } = option
  const share =
    value.kind === 'literal' && NUMBERS.has(value.type) ? Number(value.value) : Number.NaN
  if (share >= 0 && share <= 1) return share
  binder.fail('KS128', 'The threshold of reduce is a number from 0 to 1.', option.span)
  return undefined
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real'])

function charactersOf(binder: Binder, { options }: ReduceSyntax): string | undefined {
  const option = options.find(({ name }) => name === 'characters')
  if (option === undefined) return ''
  const { value } = option
  if (value.kind === 'literal' && value.type === 'string') return String(value.value)
  binder.fail('KS141', 'The characters of reduce are a text.', option.span)
  return undefined
}

/** Runs the nodes that the operator makes. */
export async function* executeReduce(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const input = inputOf(plan)
  const threshold = (await optionOf(plan, 'threshold', run)) as number
  const patterns = new TextPatterns(threshold, (await optionOf(plan, 'characters', run)) as string)
  const rows = concat(input.schema, await collect(input, run, 'reduce'))
  const texts = rows.columns.at(-1) as TextVector
  for (const row of rows.rows) patterns.add(texts.at(row))
  await run.pause(rows.length)
  run.keep(patterns.distinct, patterns.distinct * 64, 'reduce')
  const found = patterns.find()
  if ((await optionOf(plan, 'source', run)) === true) {
    const own = rows.columns.slice(0, -1)
    const pattern = vectorOf(
      'string',
      Array.from(rows.rows, row => patterns.patternOf(texts.at(row))),
    ) as Vector
    yield* new ColumnBatch(plan.schema, [...own, pattern], rows.length).slices(run.batchSize)
    return
  }
  const columns = [
    vectorOf(
      'string',
      found.map(({ pattern }) => pattern),
    ),
    vectorOf(
      'long',
      found.map(({ count }) => BigInt(count)),
    ),
    vectorOf(
      'string',
      found.map(({ representative }) => representative),
    ),
  ]
  yield* new ColumnBatch(plan.schema, columns, found.length).slices(run.batchSize)
}
