import { parameterText } from '../../src/engine/operators/plugins/call.ts'
import type { Plugin } from '../../src/engine/operators/plugins/declare.ts'
import { MISSING, PLUGINS, SERVICES } from '../../src/engine/operators/plugins/registry.ts'
import { exampleText } from './examples.ts'
import { anchorOf, code, page, prose, table } from './markdown.ts'

/** docs/reference/plugins.md: the plugins of evaluate, and those that are not there. */
export function pluginsPage(pages: ReadonlyMap<object, string>): string {
  const plugins = PLUGINS.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return page(
    '# Plugins',
    `${plugins.length} plugins of the operator [evaluate](operators.md#evaluate): \`T | evaluate plugin(arguments)\`. \`[…]\` may be left out, \`…\` may be repeated. An argument may be written with its name, \`name=value\`. A parameter that is \`constant\` must have one value for the whole run.`,
    'Where a plugin takes the schema of its output, `: (Name: type, …)` after the call says which columns it gives. Without, the columns of bag_unpack and pivot follow from the data: the part of the query before is run for them, once, and then the rest is checked against them.',
    plugins.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(', '),
    ...plugins.map(plugin => pluginSection(plugin, pages.get(plugin))),
    '## Plugins that need a service',
    'Each is an error with the code KQL106 and its place:',
    [...SERVICES.keys()].toSorted().map(code).join(', '),
    '## Plugins that are not supported',
    'Each is an error with the code KQL100 and its place:',
    [...MISSING.keys()].toSorted().map(code).join(', '),
  )
}

function pluginSection(plugin: Plugin, link: string | undefined): string {
  const { name, doc, parameters, examples, takesSchema } = plugin
  const signature = `${name}(${parameters.map(parameterText).join(', ')})`
  const rows = parameters.map(item => [code(item.name), prose(item.takes), prose(item.doc)])
  return [
    `## ${name}`,
    code(takesSchema === true ? `${signature} [: schema]` : signature),
    prose(doc),
    ...(rows.length === 0 ? [] : [table(['Parameter', 'Takes', 'Meaning'], rows)]),
    ...(link === undefined ? [] : [`[Documentation of KQL](${link})`]),
    ...examples.map(exampleText),
  ].join('\n\n')
}
