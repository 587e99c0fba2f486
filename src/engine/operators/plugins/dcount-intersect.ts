import type { Expr } from '../../plan/nodes.ts'
import { plugin } from './declare.ts'

const MAX_SETS = 16

/** @see https://learn.microsoft.com/kusto/query/dcount-intersect-plugin */
export const dcountIntersect = plugin({
  name: 'dcount_intersect',
  doc: 'For each row how many distinct values the first sketch has, how many the first two have in common, and so on, as s0, s1, …; null where one of them is null. Sketches of different accuracies are an error, as is what is no sketch.',
  parameters: [
    { name: 'hll', takes: 'dynamic', doc: 'A sketch that `hll` gave.' },
    {
      name: 'more',
      takes: 'dynamic',
      doc: `Others, up to ${MAX_SETS} in all.`,
      repeated: true,
    },
  ],
  examples: [
    {
      query:
        'range x from 1 to 9 step 1 | summarize a = hll(x), b = hll(x * 3) | evaluate dcount_intersect(a, b)',
      rows: [{ s0: 9, s1: 3 }],
    },
  ],
  bind(call) {
    const { binder, input, span } = call
    const written = [...call.all('hll'), ...call.all('more')]
    if (written.length > MAX_SETS) {
      return call.fail('KS119', `dcount_intersect takes up to ${MAX_SETS} sketches.`, span)
    }
    const sketches = written.map((syntax): Expr => {
      return binder.scalarOf(syntax, { schema: input.schema }, 'dynamic')
    })
    if (sketches.some(sketch => binder.isFailed(sketch))) return call.failedPlan()
    const columns = sketches.map((_, last) => ({
      name: `s${last}`,
      expr: binder.call('$dcount_intersect', sketches.slice(0, last + 1), span),
    }))
    return call.project(input, columns)
  },
})
