import { InternalError } from '../../text/internal-error.ts'
import { didYouMean } from '../binder/suggest.ts'
import type { EvaluatePlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { matchArguments, PluginCall } from './plugins/call.ts'
import { findPlugin, MISSING, PLUGINS, SERVICES } from './plugins/registry.ts'
import { executeReduce, REDUCE } from './reduce.ts'
import type { Executor } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/evaluate-operator */
export const evaluate = operator('evaluate', {
  name: 'evaluate',
  doc: 'Gives what a plugin makes of the rows. The reference of plugins lists them.',
  examples: [
    {
      query: 'print a = 1, d = dynamic({"x": 2, "y": "z"}) | evaluate bag_unpack(d)',
      rows: [{ a: 1, x: 2, y: 'z' }],
    },
  ],
  bind(node, input, binder) {
    binder.checkParameters(node.parameters, [], 'evaluate')
    const { callee } = node.call
    const service = SERVICES.get(callee.name)
    if (service !== undefined) {
      return binder.failTabular(
        'KQL106',
        `The plugin \`${callee.name}\` ${service}, which kqlab does not have.`,
        callee.span,
        'Run this part where the service is, and load its result as a table.',
      )
    }
    if (MISSING.has(callee.name)) {
      const message = `The plugin \`${callee.name}\` is not supported.`
      return binder.failTabular('KQL100', message, callee.span, MISSING.get(callee.name))
    }
    const plugin = findPlugin(callee.name)
    if (plugin === undefined) {
      return binder.failTabular(
        'KS124',
        `The name \`${callee.name}\` does not refer to any known plugin.`,
        callee.span,
        didYouMean(callee.name, [...PLUGINS.map(({ name }) => name), ...SERVICES.keys()]),
      )
    }
    if (node.schema !== undefined && plugin.takesSchema !== true) {
      return binder.failTabular(
        'KQL101',
        `\`${plugin.name}\` with a schema of its output is not supported.`,
        node.schema.span,
      )
    }
    const args = matchArguments(binder, node, plugin)
    if (args === undefined) return binder.failedPlan(node.span)
    const call = new PluginCall(binder, node, input, plugin, args)
    const plan = plugin.bind(call)
    if (call.failed) return binder.failedPlan(node.span)
    const keeps = plugin.keepsColumns === true && node.schema === undefined
    return keeps || plan.kind === 'late' ? plan : binder.closed(plan)
  },
})

export const executeEvaluate: Executor<EvaluatePlan> = (plan, run) => {
  if (plan.plugin === REDUCE) return executeReduce(plan, run)
  const execute = findPlugin(plan.plugin)?.execute
  if (execute === undefined) throw new InternalError(`the plugin ${plan.plugin} runs nothing`)
  return execute(plan, run)
}
