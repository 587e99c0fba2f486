import {
  Replay,
  type ReplayInput,
  type ReplayOutcome,
  type ReplayTimes,
} from '../../../src/replay/replay.ts'
import { prepareRule, type ScheduleDefaults } from '../../../src/replay/rules.ts'
import { loadRule } from '../../../src/rules/load-rule.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { rowsSource } from '../../../src/tables/rows-source.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import type { Schema } from '../../../src/types/schema.ts'

/** The events of these tests: what happened, to whom, when, and when the row arrived. */
export interface Event {
  readonly TimeGenerated: string
  readonly user?: string
  readonly what?: string
  readonly severity?: string
  readonly _TimeReceived?: string
}

const COLUMNS: Schema = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'user', type: 'string' },
  { name: 'what', type: 'string' },
  { name: 'severity', type: 'string' },
]

/** The replay of a rule over events of the tables T and U; the date of all times is 2026-01-01. */
export async function replayOf(
  yaml: string,
  events: readonly Event[],
  times: Times = {},
  others: readonly Event[] = [],
): Promise<ReplayOutcome> {
  const { freq, period, delay, from, to, anchor } = times
  const { rule, diagnostics } = loadRule(yaml)
  if (rule === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '))
  const arrives = events.some(({ _TimeReceived }) => _TimeReceived !== undefined)
  const schema: Schema = arrives
    ? [...COLUMNS, { name: '_TimeReceived', type: 'datetime' }]
    : COLUMNS
  const catalog = Catalog.empty().with({ T: schema, U: COLUMNS })
  const defaults: ScheduleDefaults = {
    ...(freq === undefined ? {} : { frequency: freq }),
    ...(period === undefined ? {} : { period }),
  }
  const prepared = prepareRule(rule, { catalog }, defaults)
  const { plan, late } = prepared
  if (plan === undefined) throw new Error(JSON.stringify(prepared.diagnostics))
  const input: ReplayInput = {
    rules: [{ rule: prepared.rule, plan, late }],
    sources: new Map([
      ['T', rowsSource('T', events.map(dated), schema)],
      ['U', rowsSource('U', others.map(dated), COLUMNS)],
    ]),
    onProblem: problem => {
      throw new Error(problem.message)
    },
    ...(delay === undefined ? {} : { delay }),
  }
  const given: ReplayTimes = {
    ...(from === undefined ? {} : { from: at(from) }),
    ...(to === undefined ? {} : { to: at(to) }),
    ...(anchor === undefined ? {} : { anchor: at(anchor) }),
  }
  return (await Replay.load(input)).run(given)
}

export interface Times {
  readonly from?: string
  readonly to?: string
  readonly anchor?: string
  readonly freq?: bigint
  readonly period?: bigint
  readonly delay?: bigint
}

export const MINUTE = 600_000_000n

/** A time of the day of these tests, in ticks. */
export function at(time: string): bigint {
  const ticks = parseDatetime(`2026-01-01T${time}Z`)
  if (ticks === null) throw new Error(`${time} is no time`)
  return ticks
}

/** The time of the day that ticks are. */
export function clock(ticks: bigint): string {
  const minutes = Number((ticks - at('00:00')) / MINUTE)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

function dated(event: Event): Record<string, unknown> {
  const { TimeGenerated, _TimeReceived, ...rest } = event
  const row: Record<string, unknown> = { ...rest, TimeGenerated: `2026-01-01T${TimeGenerated}Z` }
  if (_TimeReceived !== undefined) row._TimeReceived = `2026-01-01T${_TimeReceived}Z`
  return row
}

/** A scheduled rule with the fields that matter. */
export function scheduled(query: string, fields = '', every = '1h', over = '1h'): string {
  return [
    'id: 6f1f4c0e-0000-4000-8000-000000000001',
    'name: The rule',
    'description: What it is about.',
    'kind: Scheduled',
    'severity: Low',
    `queryFrequency: ${every}`,
    `queryPeriod: ${over}`,
    'triggerOperator: gt',
    'triggerThreshold: 0',
    `query: ${JSON.stringify(query)}`,
    fields,
    '',
  ].join('\n')
}
