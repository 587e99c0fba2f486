import type { PartitionSyntax } from '../../parser/syntax.ts'
import { findColumn } from '../../types/schema.ts'
import { readColumn, refuseDynamic, unknownColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { Scope } from '../binder/scope.ts'
import type { ContextPlan, Plan } from '../plan/nodes.ts'
import { isOrdered } from '../plan/plan.ts'
import { operator } from './declare.ts'

const STRATEGIES: ReadonlySet<string> = new Set(['native', 'shuffle', 'legacy'])

/** How many different keys the strategy `legacy` takes, as documented. */
const LEGACY_PARTITIONS = 64

/** @see https://learn.microsoft.com/kusto/query/partition-operator */
export const partition = operator('partition', {
  name: 'partition',
  aliases: ['__partitionby'],
  doc: 'Runs a subquery over the rows of each value of a column, and gives the rows of all of them: here in the order in which the values appear.',
  examples: [
    {
      query:
        'datatable(k: string, v: long)["a", 1, "b", 5, "a", 3] | partition hint.strategy=native by k (top 1 by v)',
      rows: [
        { k: 'a', v: 3 },
        { k: 'b', v: 5 },
      ],
    },
    {
      query:
        'let T = datatable(v: long)[1, 2, 3]; range x from 2 to 3 step 1 | partition by x { T | where v < toscalar(x) }',
      rows: [{ v: 1 }, { v: 1 }, { v: 2 }],
    },
  ],
  bind(node, input, binder) {
    const { span, parameters } = node
    binder.checkParameters(parameters, [], 'partition')
    const strategy = binder.parameter(parameters, 'hint.strategy') ?? 'legacy'
    if (!STRATEGIES.has(strategy)) {
      const message = `'${strategy}' is not a strategy of partition.`
      const at = parameters.find(({ name }) => name === 'hint.strategy')?.span ?? span
      return binder.failTabular('KS125', message, at, 'They are native, shuffle and legacy.')
    }
    const key = node.column.name
    const column = binder.columnIn(input.schema, key)
    if (column === undefined) {
      unknownColumn(binder, key, node.column.span, input.schema)
      return binder.failedPlan(span)
    }
    const read = readColumn(binder, column, node.column.span)
    if (binder.isFailed(refuseDynamic(binder, read, node.column))) return binder.failedPlan(span)
    const context = binder.contextOf(input.schema, span, isOrdered(input), input)
    const body = bindBody(binder, node, context)
    if (binder.isFailedPlan(body)) return binder.failedPlan(span)
    const limited = strategy === 'legacy'
    return {
      kind: 'partition',
      input,
      key,
      id: context.id,
      body,
      ...(limited ? { maxPartitions: LEGACY_PARTITIONS } : {}),
      schema: body.schema,
      span,
    }
  },
})

/** A query with a source of its own sees the key as a scalar, by the name of the column. */
function bindBody(binder: Binder, node: PartitionSyntax, context: ContextPlan): Plan {
  const { column, operators, query, span } = node
  const { type } = findColumn(context.schema, column.name)!
  const key = { kind: 'column', name: column.name, type, span } as const
  const plan: Plan = {
    kind: 'project',
    input: context,
    columns: [{ name: column.name, expr: key }],
    schema: [{ name: column.name, type }],
    span,
  }
  const outer = binder.scope
  binder.scope = new Scope(outer)
  const expr = { kind: 'query', mode: 'scalar', type, plan, span } as const
  binder.scope.declare(column.name, { kind: 'scalar', expr })
  try {
    if (operators !== undefined) return binder.pipe(operators, context)
    return query === undefined ? binder.failedPlan(span) : binder.tabular(query)
  } finally {
    binder.scope = outer
  }
}
