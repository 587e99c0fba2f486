import type { ColumnBatch } from '../../../tables/batch.ts'
import type { ScalarValue, Vector } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import { convertScalar } from '../../../types/convert.ts'
import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import type { EvaluatePlan, Plan } from '../../plan/nodes.ts'
import { KeyIndex } from '../key-index.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { plugin } from './declare.ts'
import { longestChain } from './event-chains.ts'
import { faultOf, inputOf, optionOf } from './running.ts'
import {
  type Activities,
  bindTimeline,
  END,
  ID,
  lengthOptions,
  loadActivities,
  START,
  stepOf,
  TIME,
  type TimelineRow,
  timelineBatches,
  timeOptions,
  type Windows,
  windowsOf,
} from './timeline.ts'

/** @see https://learn.microsoft.com/kusto/query/funnel-sequence-completion-plugin */
export const funnelSequenceCompletion = plugin({
  name: 'funnel_sequence_completion',
  doc:
    'Counts, for each window of time and each period, the identities that came as far as each state ' +
    'of a sequence within the period of its first state. Other states may lie between. Each state ' +
    'is another row, at the time of the one before or later, which the documentation leaves open. ' +
    'A state that nobody reached has no row.',
  parameters: [
    ID,
    TIME,
    START,
    END,
    stepOf('BinSize', 'The length of a window.'),
    { name: 'StateColumn', takes: 'column', doc: 'The state of a row.' },
    { name: 'Sequence', takes: 'constant dynamic', doc: 'An array of states.' },
    {
      name: 'MaxSequenceStepWindows',
      takes: 'constant dynamic',
      doc: 'An array of periods: the longest time from the first state on.',
    },
  ],
  examples: [
    {
      query:
        'datatable(u: string, t: datetime, s: string)["A", datetime(2026-01-01 08:00), "open", "A", datetime(2026-01-01 09:30), "buy", "B", datetime(2026-01-01 08:00), "open"] ' +
        '| evaluate funnel_sequence_completion(u, t, datetime(2026-01-01), datetime(2026-01-02), 1d, s, dynamic(["open", "buy"]), dynamic([1h, 1d])) | project s, Period, dcount',
      rows: [
        { s: 'open', Period: '01:00:00', dcount: 2 },
        { s: 'open', Period: '1.00:00:00', dcount: 2 },
        { s: 'buy', Period: '1.00:00:00', dcount: 1 },
      ],
    },
  ],
  bind: bindCompletion,
  execute: (plan, run) => runCompletion(plan, run),
})

function bindCompletion(call: PluginCall): Plan {
  const { binder } = call
  // The state is read as the dimension of an activity.
  const bound = bindTimeline(call.with({ Dimension: call.all('StateColumn') }))
  const [state] = bound?.dimensions ?? []
  if (bound === undefined || state === undefined) {
    call.reported()
    return call.failedPlan()
  }
  if (state.type === 'dynamic' && !binder.isFailedColumn(state)) {
    return call.fail('KS116', 'The state must not be dynamic.', call.span)
  }
  const { time } = bound
  const length = time.type === 'datetime' || time.type === 'timespan' ? 'timespan' : 'long'
  const schema = [
    binder.renamed(time, time.name),
    { name: state.name, type: 'string' },
    { name: 'Period', type: length },
    { name: 'dcount', type: 'long' },
  ] as const
  return call.evaluate([bound.rows], schema, {
    ...timeOptions(call, time, ['Start', 'End']),
    ...lengthOptions(call, time, [], ['BinSize']),
    Sequence: call.constant('Sequence', 'dynamic'),
    MaxSequenceStepWindows: call.constant('MaxSequenceStepWindows', 'dynamic'),
  })
}

async function* runCompletion(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const windows = await windowsOf(plan, run, 'BinSize')
  const stateType = inputOf(plan).schema[2]!.type
  const sequence = await elementsOf(plan, run, 'Sequence', stateType)
  const periods = await elementsOf(plan, run, 'MaxSequenceStepWindows', plan.schema[2]!.type)
  const activities = await loadActivities(plan, run)
  if (windows === undefined) return
  const groups = groupsOf(activities, sequence, stateType)
  const rows: TimelineRow[] = []
  for (const [window, identities] of timesByIdentity(activities, windows, new Set(groups))) {
    for (const period of periods) {
      const reached = new Array<number>(sequence.length).fill(0)
      for (const byGroup of identities.values()) {
        await run.pause(1)
        const none: bigint[] = []
        const steps = groups.map(group => byGroup.get(group) ?? none)
        const far = longestChain(steps, period as bigint)
        for (let step = 0; step < far; step++) reached[step]!++
      }
      reached.forEach((count, step) => {
        if (count === 0) return
        const values = [convertScalar(sequence[step]!, stateType, 'string'), period, BigInt(count)]
        rows.push({ time: [windows.startOf(window)], group: 0, values })
      })
    }
  }
  yield* timelineBatches(plan, new KeyIndex([]), rows, run.batchSize)
}

/** The elements of an array that an option is, as values of the type. */
async function elementsOf(
  plan: EvaluatePlan,
  run: Run,
  name: string,
  type: ScalarType,
): Promise<ScalarValue[]> {
  const array = (await optionOf(plan, name, run)) as Dynamic
  const elements = isArray(array) ? array : []
  const values = elements.map(element => convertScalar(element, 'dynamic', type))
  if (values.length === 0 || values.some(value => value === null)) {
    throw faultOf(
      plan,
      'KS128',
      `${name} of \`${plan.plugin}\` must be an array of ${type} values.`,
    )
  }
  return values
}

/** The group of activities of each state, -1 where it has none. */
function groupsOf(
  { dimensions }: Activities,
  states: readonly ScalarValue[],
  type: ScalarType,
): number[] {
  const found = new Uint32Array(states.length)
  dimensions.find([vectorOf(type, states) as Vector], Uint32Array.from(states.keys()), found)
  return [...found]
}

/** When each identity was in each of the states, in order, for each window in order. */
function timesByIdentity(
  activities: Activities,
  windows: Windows,
  groups: ReadonlySet<number>,
): [window: number, Map<number, Map<number, bigint[]>>][] {
  const byWindow = new Map<number, Map<number, Map<number, bigint[]>>>()
  for (let row = 0; row < activities.length; row++) {
    const at = activities.at(row)
    const group = activities.groups[row]!
    if (at === null || at < windows.start || at > windows.end || !groups.has(group)) continue
    const identities = entryOf(byWindow, windows.of(at), () => new Map())
    const byGroup = entryOf(identities, activities.ids[row]!, () => new Map<number, bigint[]>())
    entryOf<number, bigint[]>(byGroup, group, () => []).push(at)
  }
  for (const identities of byWindow.values()) {
    for (const byGroup of identities.values()) {
      for (const times of byGroup.values()) times.sort((a, b) => (a < b ? -1 : Number(a > b)))
    }
  }
  return [...byWindow].sort(([a], [b]) => a - b)
}

/** The value of a key, made where it is missing. */
function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
