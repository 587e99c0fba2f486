import { operator } from './declare.ts'

/** What the parser read over: it has been reported there. */
export const unsupported = operator('unsupported', {
  name: 'unsupported',
  doc: 'An operator of KQL that kqlab does not have; the parser reports it.',
  examples: [],
  bind: (node, _input, binder) => binder.failedPlan(node.span),
})
