import { type ScalarValue, valueAt } from '../../tables/vector.ts'
import type { AggregateExpr, Plan, SummarizePlan } from '../plan/nodes.ts'
import type { NodeRun } from './node-run.ts'
import { POSITION, withPosition } from './node-run.ts'
import { type RowRef, sourcesOf } from './origins.ts'
import { oneLine, type Places } from './place.ts'
import { taken } from './taken.ts'
import type { Traced } from './traced.ts'
import { valueText } from './value-text.ts'

/** Aggregates that give the values of one row, which another row may have been. */
const CHOOSING: ReadonlySet<string> = new Set(['arg_max', 'arg_min', 'argmax', 'argmin'])

/** `the group of 2 rows with User "a"`. */
export function groupText(node: Traced, group: number): string {
  const count = node.links[0]?.inputsOf(group).length ?? 0
  const keys = node.ran.kind === 'summarize' ? node.ran.keys.length : 0
  const values = node.rows.schema.slice(0, keys).map(({ name, type }, index) => {
    const vector = node.rows.columns[index]
    const value: ScalarValue = vector === undefined ? null : valueAt(vector, group)
    // The binder's own keys begin with $: the point of a series.
    return `${name.replace(/^\$/, '')} ${valueText(type, value)}`
  })
  const size = count === 1 ? '1 row' : `${count} rows`
  return `the group of ${size}${values.length === 0 ? '' : ` with ${values.join(', ')}`}`
}

/** The row of a group whose values an aggregate such as `arg_max` took, where it was another. */
export interface Winner {
  readonly call: string
  readonly sources: readonly RowRef[]
  /** The columns of the result that have its values. */
  readonly columns: readonly string[]
}

/** The rows that choosing aggregates took in place of those followed. */
export async function winnersOf(
  node: Traced,
  group: number,
  followed: ReadonlySet<number>,
  run: NodeRun,
  places: Places,
): Promise<Winner[]> {
  const plan = node.ran
  const [input] = node.inputs
  if (plan.kind !== 'summarize' || input === undefined) return []
  const winners: Winner[] = []
  for (const aggregate of plan.aggregates.filter(item => CHOOSING.has(item.function))) {
    const members = [...(node.links[0]?.inputsOf(group) ?? [])]
    const chosen = await chosenBy(aggregate, plan, input, members, run)
    if (chosen === undefined || followed.has(chosen)) continue
    winners.push({
      call: oneLine(places.of(aggregate.span).text),
      sources: sourcesOf(input, chosen, 1),
      columns: aggregate.outputs.map(({ name }) => name),
    })
  }
  return winners
}

/** The row that the aggregate takes: asked for its position as one more of its columns. */
async function chosenBy(
  aggregate: AggregateExpr,
  plan: SummarizePlan,
  input: Traced,
  members: readonly number[],
  run: NodeRun,
): Promise<number | undefined> {
  const { span } = plan
  const position = { kind: 'column', type: 'long', name: POSITION, span } as const
  const output = { name: POSITION, type: 'long' } as const
  const asked: AggregateExpr = {
    ...aggregate,
    arguments: [...aggregate.arguments, position],
    outputs: [...aggregate.outputs, output],
  }
  const rows = await run.rows([withPosition(taken(input.rows, members))], ([stand]): Plan => {
    const schema = [...asked.outputs]
    return {
      kind: 'summarize',
      input: stand ?? input.plan,
      keys: [],
      aggregates: [asked],
      schema,
      span,
    }
  })
  const vector = rows.columns.at(-1)
  return vector === undefined ? undefined : members[Number(valueAt(vector, 0))]
}
