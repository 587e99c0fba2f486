import type { ReadProblem, TableSource } from '../tables/source.ts'
import { type ScalarValue, valueAt } from '../tables/vector.ts'
import type { Dynamic } from '../types/dynamic.ts'
import { dynamicToJs } from '../types/dynamic-json.ts'
import { findColumn } from '../types/schema.ts'
import { idOf } from './ids.ts'
import type { Closing } from './incidents.ts'
import type { Alert } from './records.ts'

/** Every incident is closed so many ticks after its last alert. */
export function closedAfter(ticks: bigint): Closing {
  return {
    isClosed: (alerts, at) => at - (alerts.at(-1) as Alert).time >= ticks,
  }
}

/** How much earlier and later than a replayed incident that of Sentinel may have been created. */
const EARLIER = 5n * 600_000_000n
const LATER = 60n * 600_000_000n

const COLUMNS = [
  'TimeGenerated',
  'IncidentName',
  'Title',
  'Status',
  'CreatedTime',
  'RelatedAnalyticRuleIds',
] as const

/** The states of an incident as SecurityIncident has them, a row for each. */
interface State {
  /** Its name; of one without, its rules, title and time of creation. */
  readonly name: string
  readonly title: string
  readonly status: string
  readonly created: bigint
  readonly ruleIds: readonly string[]
  readonly time: bigint
}

/**
 * Incidents are closed when those of a table SecurityIncident are. An incident of the replay is that of
 * its name; else the first that the same rule created with the same title from 5 minutes before it to an
 * hour after. `undefined` where the table has no rows.
 */
export async function closedAsIn(
  source: TableSource,
  report: (problem: ReadProblem) => void,
): Promise<Closing | undefined> {
  const states = await statesOf(source, report)
  if (states.length === 0) return undefined
  states.sort((a, b) => compare(a.time, b.time))
  const byName = Map.groupBy(states, ({ name }) => name)
  return {
    isClosed(alerts, at) {
      const [first] = alerts as [Alert]
      const own = byName.get(idOf('incident', first.id)) ?? byName.get(alike(states, first) ?? '')
      return own?.findLast(({ time }) => time <= at)?.status === 'Closed'
    },
  }
}

/** The name of the incident that a rule created with an alert. */
function alike(states: readonly State[], { time, name, ruleId }: Alert): string | undefined {
  const found = states.filter(
    ({ created, title, ruleIds }) =>
      created >= time - EARLIER &&
      created <= time + LATER &&
      title === name &&
      ruleIds.includes(ruleId.toLowerCase()),
  )
  return found.sort((a, b) => compare(a.created, b.created))[0]?.name
}

async function statesOf(
  source: TableSource,
  report: (problem: ReadProblem) => void,
): Promise<State[]> {
  const columns = COLUMNS.flatMap(name => {
    const type = findColumn(source.schema, name)?.type
    return type === undefined ? [] : [{ name, type, column: name }]
  })
  const states: State[] = []
  for await (const batch of source.scan({ columns }, { batchSize: 8192, report })) {
    for (const row of batch.rows) {
      const value = (name: (typeof COLUMNS)[number]): ScalarValue => {
        const vector = batch.columns[columns.findIndex(column => column.name === name)]
        return vector === undefined ? null : valueAt(vector, row)
      }
      const text = (name: (typeof COLUMNS)[number]) => {
        const found = value(name)
        return typeof found === 'string' ? found : ''
      }
      const time = value('TimeGenerated')
      const created = value('CreatedTime') ?? time
      if (typeof time !== 'bigint' || typeof created !== 'bigint') continue
      const title = text('Title')
      const ruleIds = textsOf(value('RelatedAnalyticRuleIds'))
      states.push({
        name:
          text('IncidentName') || JSON.stringify([ruleIds, title, String(value('CreatedTime'))]),
        title,
        status: text('Status'),
        created,
        time,
        ruleIds,
      })
    }
  }
  return states
}

/** The texts of an array; of exports that have it as JSON text too. */
function textsOf(value: ScalarValue): string[] {
  const js = typeof value === 'string' ? parsed(value) : dynamicToJs(value as Dynamic)
  const items: readonly unknown[] = Array.isArray(js) ? js : []
  return items.filter(item => typeof item === 'string').map(text => text.toLowerCase())
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
