import type { OrderedExpressionSyntax } from '../../parser/syntax.ts'
import { type ColumnBatch, concat } from '../../tables/batch.ts'
import { refuseDynamic } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import type { Plan, SortKey } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { orderRows } from './row-order.ts'
import type { Run } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/sort-operator */
export const sort = operator('sort', {
  name: 'sort',
  aliases: ['order'],
  doc: 'Orders the rows, descending unless said otherwise; nulls come last then, first ascending.',
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | sort by x',
      rows: [{ x: 3 }, { x: 2 }, { x: 1 }],
    },
  ],
  bind(node, input, binder) {
    const keys = node.by.map(by => {
      const key = bindSortKey(binder, by, input)
      return { ...key, expr: refuseDynamic(binder, key.expr, by.expression) }
    })
    return { kind: 'sort', input, keys, schema: input.schema, span: node.span }
  },
})

/** Binds one key of sort or top, with KQL's defaults. */
export function bindSortKey(binder: Binder, by: OrderedExpressionSyntax, input: Plan): SortKey {
  const expr = binder.scalar(by.expression, { schema: input.schema })
  const direction = by.direction ?? 'desc'
  return { expr, direction, nulls: by.nulls ?? (direction === 'asc' ? 'first' : 'last') }
}

/** The rows of the batches in the order of the keys, as one batch with a selection. */
export async function sorted(
  schema: Plan['schema'],
  batches: readonly ColumnBatch[],
  keys: readonly SortKey[],
  run: Run,
): Promise<ColumnBatch> {
  const batch = concat(schema, batches)
  const vectors = await Promise.all(
    keys.map(async ({ expr, direction, nulls }) => ({
      vector: (await run.compile(expr, schema)).evaluate(batch, batch.rows),
      direction,
      nulls,
    })),
  )
  return batch.select(orderRows(vectors, batch.rows))
}
