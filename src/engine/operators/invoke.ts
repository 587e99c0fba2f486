import { bindEnrichment } from '../binder/enrichments.ts'
import { didYouMean } from '../binder/suggest.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/invoke-operator */
export const invoke = operator('invoke', {
  name: 'invoke',
  doc: 'Calls a tabular function of the query with the rows as its first argument.',
  examples: [
    {
      query: 'let twice = (T: (x: long)) { T | extend x = x * 2 }; print x = 4 | invoke twice()',
      rows: [{ x: 8 }],
    },
  ],
  bind(node, input, binder) {
    const { callee } = node.call
    const binding = binder.scope.lookup(callee.name)
    const enrichment = binder.workspace.enrichments.get(callee.name)
    if (binding === undefined && enrichment !== undefined) {
      return bindEnrichment(binder, enrichment, node.call, input)
    }
    if (binding?.kind !== 'function') {
      return binder.failTabular(
        binder.library.isUnsupported(callee.name) ? 'KQL100' : 'KS211',
        `The name \`${callee.name}\` does not refer to any known function.`,
        callee.span,
        callee.name === 'FileProfile'
          ? 'Give what it adds as a table with --enrichment FileProfile=PATH.'
          : didYouMean(callee.name, [
              ...binder.scope.names(),
              ...binder.workspace.enrichments.keys(),
            ]),
      )
    }
    const rows = { schema: input.schema }
    const bound = binder.applyFunction(binding, node.call.arguments, node.span, rows, input)
    if (bound.kind === 'tabular') return bound.plan
    if (binder.isFailed(bound.expr)) return binder.failedPlan(node.span)
    return binder.failTabular('KS137', `\`${callee.name}\` gives no table.`, node.span)
  },
})
