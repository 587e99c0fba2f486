import { plugin } from './declare.ts'

/** A plugin without a page of its own: an exact count is the best estimate. */
export const estimateRowsCount = plugin({
  name: 'estimate_rows_count',
  doc: 'The number of rows, which is exact here.',
  parameters: [],
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | evaluate estimate_rows_count()',
      rows: [{ EstimatedRowsCount: 3 }],
    },
  ],
  bind({ binder, input, node, span }) {
    const name = { kind: 'name', name: 'EstimatedRowsCount', span } as const
    return binder.operators.count.bind({ kind: 'count', name, span: node.span }, input, binder)
  },
})

/** A plugin without a page of its own. */
export const identity = plugin({
  name: 'identity',
  doc: 'Gives the rows as they are.',
  parameters: [],
  keepsColumns: true,
  examples: [{ query: 'print x = 1 | evaluate identity()', rows: [{ x: 1 }] }],
  bind: call => call.input,
})

/** @see https://learn.microsoft.com/kusto/query/preview-plugin */
export const preview = plugin({
  name: 'preview',
  doc: 'Gives so many rows at most, here the first ones, and as a second result how many there are: only at the end of a query.',
  parameters: [{ name: 'NumberOfRows', takes: 'constant long', doc: 'How many rows.' }],
  examples: [
    {
      query: 'range x from 1 to 9 step 1 | evaluate preview(2)',
      rows: [{ x: 1 }, { x: 2 }],
    },
  ],
  // The end of a query is bound elsewhere: by `bindResults`.
  bind: call =>
    call.fail(
      'KQL101',
      'preview gives two results, which is supported only at the end of a query.',
      call.span,
    ),
})
