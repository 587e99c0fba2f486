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
