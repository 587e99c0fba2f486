import { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { indexOfColumn } from '../../types/schema.ts'
import { ConstantSource } from '../evaluator/constant-vector.ts'
import type { UnionPlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import type { Executor } from './run.ts'
import { bindSource, isChosen, sourceName, unionOf } from './union-sources.ts'

/** @see https://learn.microsoft.com/kusto/query/union-operator */
export const union = operator('union', {
  name: 'union',
  doc: 'Gives the rows of all its sources; a column that a source lacks is null there.',
  examples: [
    {
      query: 'union (print a = 1), (print b = "x")',
      rows: [
        { a: 1, b: '' },
        { a: null, b: 'x' },
      ],
    },
    {
      query: 'union (print a = 1), (print a = "x")',
      rows: [
        { a_long: 1, a_string: '' },
        { a_long: null, a_string: 'x' },
      ],
    },
  ],
  bind(node, input, binder) {
    binder.checkParameters(
      node.parameters,
      ['kind', 'withsource', 'with_source', 'isfuzzy'],
      'union',
    )
    const fuzzy = isChosen(binder, 'union', node, 'isfuzzy', ['true', 'false'])
    const piped = input.kind !== 'union' || input.inputs.length > 0
    const sources = [
      ...(piped ? [{ plan: input, name: sourceName(input) ?? 'union_arg0' }] : []),
      ...node.sources.flatMap((source, index) =>
        bindSource(binder, source, fuzzy, `union_arg${index + (piped ? 1 : 0)}`),
      ),
    ]
    const { parameters, span } = node
    if (sources.length === 0 && fuzzy && !binder.toCheck) {
      const message = 'None of the sources of the union is known.'
      const hint =
        'isfuzzy=true leaves out what is not known, as long as there is some source left.'
      return binder.failTabular('KS204', message, span, hint)
    }
    if (sources.some(({ plan }) => binder.isFailedPlan(plan))) return binder.failedPlan(span)
    const [withSource, another] = ['withsource', 'with_source']
      .map(name => binder.parameter(parameters, name))
      .filter(name => name !== undefined)
    if (another !== undefined) {
      binder.diagnostics.error('KS180', '`withsource` and `with_source` are one parameter.', span)
    }
    const inner = isChosen(binder, 'union', node, 'kind', ['inner', 'outer'])
    return unionOf(binder, sources, { inner, withSource, span })
  },
})

export const executeUnion: Executor<UnionPlan> = async function* (plan, run) {
  const nulls = plan.schema.map(
    ({ type }) => new ConstantSource(type, type === 'string' ? '' : null),
  )
  for (const input of plan.inputs) {
    const positions = plan.schema.map(({ name }) => indexOfColumn(input.schema, name))
    for await (const batch of run.execute(input)) {
      const columns = positions.map((position, index): Vector => {
        const column = batch.columns[position]
        return column ?? (nulls[index] as ConstantSource).ofLength(batch.length)
      })
      yield new ColumnBatch(plan.schema, columns, batch.length, batch.selection)
    }
  }
}
