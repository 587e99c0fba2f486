import { entityData } from './entities.ts'
import type { ExportedAlert } from './exported-alerts.ts'
import type { Alert, Entity, ReplayRule, RunRecord } from './records.ts'
import type { RuleReplay } from './replay.ts'

/** An alert that Sentinel raised and the replay did not. */
export interface MissedAlert {
  readonly alert: ExportedAlert
  /** The run of the replay at that time; undefined where there is none. */
  readonly run: RunRecord | undefined
  /** Whether its window is only in part within the data. */
  readonly partly: boolean
}

/** An alert of both that differs. */
export interface DifferingAlert {
  readonly sentinel: ExportedAlert
  readonly replayed: Alert
  readonly what: readonly ('name' | 'severity' | 'entities' | 'rows')[]
  /** Entities that only one of them has. */
  readonly missedEntities: readonly Entity[]
  readonly extraEntities: readonly Entity[]
  readonly partly: boolean
}

/** What Sentinel raised of a rule against what its replay raises. */
export interface ExportComparison {
  readonly missed: readonly MissedAlert[]
  /** Alerts that the replay raises and Sentinel did not. */
  readonly extra: readonly Alert[]
  readonly differing: readonly DifferingAlert[]
  readonly same: number
  /** Alerts of Sentinel at times at which nothing was replayed, or without any data. */
  readonly uncovered: readonly ExportedAlert[]
  /** The times of the first and last run of the replay; undefined where there are none. */
  readonly runs: { readonly first: bigint; readonly last: bigint } | undefined
}

/**
 * Compares the alerts of a rule in an export with those of its replay. An alert is the same one where
 * the runs are, at most `tolerance` ticks apart; of several alerts of a run those go together that have
 * most in common.
 */
export function compareWithExported(
  { rule, runs, alerts, data }: RuleReplay,
  exported: readonly ExportedAlert[],
  tolerance: bigint,
): ExportComparison {
  const missed: MissedAlert[] = []
  const uncovered: ExportedAlert[] = []
  const differing: DifferingAlert[] = []
  let same = 0
  const replayed = groupedBy(alerts, alert => alert.runTime)
  const isPartly = ({ window }: ExportedAlert) =>
    data !== undefined &&
    window !== undefined &&
    (window.from < data.first || window.to > data.last)
  const [first, last] = [runs[0], runs.at(-1)]
  const isCovered = ({ runTime, window }: ExportedAlert) => {
    if (data === undefined || first === undefined || last === undefined) return false
    if (runTime < first.time - tolerance || runTime > last.time + tolerance) return false
    return window === undefined || (window.to >= data.first && window.from <= data.last)
  }
  const ofRuns = new Map<RunRecord, ExportedAlert[]>()
  for (const alert of exported) {
    const run = nearestRun(runs, alert.runTime, tolerance)
    if (!isCovered(alert)) uncovered.push(alert)
    else if (run === undefined) missed.push({ alert, run, partly: isPartly(alert) })
    else ofRuns.set(run, [...(ofRuns.get(run) ?? []), alert])
  }
  const paired = new Set<Alert>()
  for (const [run, sentinel] of ofRuns) {
    const { pairs, rest } = pairsOf(sentinel, replayed.get(run.time) ?? [])
    for (const alert of rest) missed.push({ alert, run, partly: isPartly(alert) })
    for (const [one, other] of pairs) {
      paired.add(other)
      const entities = entityChanges(one.entities, other.entities)
      const what = differences(one, other, rule, entities)
      if (what.length === 0) same++
      else {
        const partly = isPartly(one)
        differing.push({ sentinel: one, replayed: other, what, ...entities, partly })
      }
    }
  }
  missed.sort((a, b) => (a.alert.time < b.alert.time ? -1 : a.alert.time > b.alert.time ? 1 : 0))
  const extra = alerts.filter(alert => !paired.has(alert))
  const span =
    first === undefined || last === undefined ? undefined : { first: first.time, last: last.time }
  return { missed, extra, differing, same, uncovered, runs: span }
}

/**
 * The run of a rule from whose time its schedule is best known: the phase that most of the alerts have,
 * told to the tick where one tells it so. undefined without alerts.
 */
export function anchorOf(
  exported: readonly ExportedAlert[],
  frequency: bigint,
): bigint | undefined {
  const SECOND = 10_000_000n
  const byPhase = groupedBy(
    exported,
    // The window is told with its end rounded up.
    ({ runTime }) => ((runTime + SECOND - 1n) / SECOND) % (frequency / SECOND || 1n),
  )
  const [most] = [...byPhase.values()].sort((a, b) => b.length - a.length)
  const RANK = { tick: 0, second: 1, delay: 2 } as const
  return most?.sort((a, b) => RANK[a.precision] - RANK[b.precision])[0]?.runTime
}

function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key) {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function nearestRun(
  runs: readonly RunRecord[],
  time: bigint,
  tolerance: bigint,
): RunRecord | undefined {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.time ?? time) < time) low = middle + 1
    else high = middle
  }
  const distance = (run: RunRecord) => (run.time < time ? time - run.time : run.time - time)
  const near = [runs[low - 1], runs[low]].filter(run => run !== undefined)
  near.sort((a, b) => (distance(a) < distance(b) ? -1 : 1))
  return near.find(run => distance(run) <= tolerance)
}

type Pair = readonly [ExportedAlert, Alert]

/** Pairs of the alerts of a run: those with the most in common first, never two that have nothing. */
function pairsOf(sentinel: readonly ExportedAlert[], replayed: readonly Alert[]) {
  const pairs: Pair[] = []
  let rest = [...sentinel]
  let left = [...replayed]
  const take = (keyOf: (alert: ExportedAlert | Alert) => string) => {
    const byKey = groupedBy(left, keyOf)
    const found: Pair[] = []
    const unpaired: ExportedAlert[] = []
    for (const one of rest) {
      const other = byKey.get(keyOf(one))?.shift()
      if (other === undefined) unpaired.push(one)
      else found.push([one, other])
    }
    const taken = new Set(found.map(([, other]) => other))
    left = left.filter(alert => !taken.has(alert))
    rest = unpaired
    pairs.push(...found)
  }
  const entities = ({ entities: own }: ExportedAlert | Alert) => entitiesKey(own)
  take(alert => `${alert.name}\0${alert.severity}\0${entities(alert)}`)
  take(alert => `${alert.name}\0${entities(alert)}`)
  take(alert => (alert.entities.length === 0 ? `\0${alert.name}` : entities(alert)))
  take(alert => alert.name)
  const [one] = rest
  const [other] = left
  // A run that raised one alert raised this one.
  if (sentinel.length === 1 && replayed.length === 1 && one !== undefined && other !== undefined) {
    pairs.push([one, other])
    rest = []
  }
  return { pairs, rest }
}

/** Equal for lists of the same entities; only what both sides have of an entity can be compared. */
function entitiesKey(entities: readonly Entity[]): string {
  return entities
    .map(entity => {
      const { Type = '', ...own } = dataOf(entity)
      const first = ['Address', 'Name', 'HostName', 'Url', 'ResourceId'].find(name => own[name])
      return `${Type} ${(first === undefined ? JSON.stringify(own) : (own[first] ?? '')).toLowerCase()}`
    })
    .sort()
    .join('\n')
}

/**
 * The entity as the column has it: a name that is a UPN is split. Sentinel has written types with hyphens
 * and without.
 */
function dataOf(entity: Entity): Record<string, string> {
  const { $id: _, Type = '', ...data } = entityData(entity, 0)
  return { ...data, Type: Type.replaceAll('-', '').toLowerCase() }
}

/**
 * What entities only one side has. Sentinel adds to entities what it knows of them: one that has all
 * that the rule gives is the same.
 */
function entityChanges(sentinel: readonly Entity[], replayed: readonly Entity[]) {
  const isSame = (one: Entity, other: Entity) => {
    const known = dataOf(one)
    return Object.entries(dataOf(other)).every(
      ([name, value]) => known[name]?.toLowerCase() === value.toLowerCase(),
    )
  }
  return {
    missedEntities: sentinel.filter(one => !replayed.some(other => isSame(one, other))),
    extraEntities: replayed.filter(other => !sentinel.some(one => isSame(one, other))),
  }
}

function differences(
  sentinel: ExportedAlert,
  replayed: Alert,
  { settings }: ReplayRule,
  entities: Pick<DifferingAlert, 'missedEntities' | 'extraEntities'>,
): DifferingAlert['what'] {
  const { missedEntities, extraEntities } = entities
  const isSingle = settings.eventGrouping === 'SingleAlert'
  const rows = isSingle ? sentinel.resultCount : undefined
  return [
    ...(sentinel.name === replayed.name ? [] : (['name'] as const)),
    ...(sentinel.severity === replayed.severity ? [] : (['severity'] as const)),
    ...(missedEntities.length + extraEntities.length === 0 ? [] : (['entities'] as const)),
    ...(rows === undefined || rows === replayed.resultCount ? [] : (['rows'] as const)),
  ]
}
