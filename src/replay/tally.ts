import type { DiagnosticCode } from '../text/codes.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { formatDatetime } from '../types/datetime.ts'
import { formatTimespan } from '../types/timespan.ts'
import type { UnseenRows } from './late-rows.ts'
import type { Finding, ReplayRule } from './records.ts'
import type { ResultRows } from './result-rows.ts'
import { textOfRow } from './row-text.ts'

type Path = readonly (string | number)[]

/** Counts, run by run, what is worth telling of a rule. */
export class RuleTally {
  readonly #rule: ReplayRule
  /** How many runs each row of a result fired in. */
  readonly #rows = new Map<string, number>()
  readonly #fellBack = new Map<string, { missing: number; long: number }>()
  readonly #ambiguous = new Map<string, { alerts: number; columns: Set<string>; rows: number }>()
  readonly #empty = new Map<number, number>()
  #droppedEntities = 0
  #droppedDetails = 0
  #droppedProperties = 0
  #capped: { readonly time: bigint; readonly rows: number; runs: number } | undefined
  #unseen: UnseenRows | undefined
  #untimed: readonly string[] = []
  #withoutRuns: string | undefined
  /** Rows that only a longer window finds, and the first run at which. */
  readonly #beyond = new Map<string, bigint>()
  #incomplete: { runs: number; first: bigint } | undefined
  #failed: { runs: number; diagnostic: Diagnostic } | undefined

  constructor(rule: ReplayRule) {
    this.#rule = rule
  }

  fired(result: ResultRows): void {
    const seen = new Set<string>()
    for (let row = 0; row < result.count; row++) seen.add(textOfRow(result.row(row)))
    for (const text of seen) this.#rows.set(text, (this.#rows.get(text) ?? 0) + 1)
  }

  fellBack(field: string, reason: 'missing' | 'long'): void {
    const counts = this.#fellBack.get(field) ?? { missing: 0, long: 0 }
    counts[reason]++
    this.#fellBack.set(field, counts)
  }

  ambiguous(field: string, columns: readonly string[], rows: number): void {
    const known = this.#ambiguous.get(field) ?? { alerts: 0, columns: new Set<string>(), rows: 0 }
    known.alerts++
    for (const column of columns) known.columns.add(column)
    known.rows = Math.max(known.rows, rows)
    this.#ambiguous.set(field, known)
  }

  emptyEntity(mapping: number, rows: number): void {
    this.#empty.set(mapping, (this.#empty.get(mapping) ?? 0) + rows)
  }

  dropped(entities: number, details: number, properties: number): void {
    this.#droppedEntities += entities
    this.#droppedDetails += details
    this.#droppedProperties += properties
  }

  capped(time: bigint, rows: number): void {
    if (this.#capped === undefined) this.#capped = { time, rows, runs: 1 }
    else this.#capped.runs++
  }

  /** Why nothing says when it runs, where it has no runs for that. */
  withoutRuns(reason: string | undefined): void {
    this.#withoutRuns = reason
  }

  /** The tables with rows that have no time. */
  untimed(tables: readonly string[]): void {
    this.#untimed = tables
  }

  /** Rows of the data that no run could see. */
  unseen(rows: UnseenRows): void {
    this.#unseen = rows
  }

  /** What a run with a longer window finds, after all runs are done. */
  beyondEdge(result: ResultRows, time: bigint): void {
    for (let row = 0; row < result.count; row++) {
      const text = textOfRow(result.row(row))
      if (!this.#rows.has(text) && !this.#beyond.has(text)) this.#beyond.set(text, time)
    }
  }

  /** A run that fired, whose window begins before the data. */
  incomplete(first: bigint): void {
    if (this.#incomplete === undefined) this.#incomplete = { runs: 1, first }
    else this.#incomplete.runs++
  }

  failed(diagnostic: Diagnostic): void {
    if (this.#failed === undefined) this.#failed = { runs: 1, diagnostic }
    else this.#failed.runs++
  }

  findings(): Finding[] {
    const found: Finding[] = []
    const report = (
      code: DiagnosticCode,
      path: Path,
      message: string,
      hint?: string,
      part: 'key' | 'value' = 'value',
    ) => {
      found.push({
        ruleId: this.#rule.id,
        code,
        severity: 'warning',
        message,
        span: this.#rule.rule.place(path, part),
        ...(hint === undefined ? {} : { hint }),
      })
    }
    this.#duplicates(report)
    this.#details(report)
    if (this.#capped !== undefined) {
      const { time, rows, runs } = this.#capped
      report(
        'KQL505',
        ['eventGroupingSettings'],
        `${count(runs, 'run')} gave more rows than a run may raise alerts: ${rows} at ${formatDatetime(time)}. The last alert of such a run is about all rows.`,
      )
    }
    this.#blindSpots(report)
    if (this.#incomplete !== undefined) {
      const { runs, first } = this.#incomplete
      report(
        'KQL506',
        ['queryPeriod'],
        `${count(runs, 'run')} fired whose window begins before the data, at ${formatDatetime(first)}: what is told from absence is not sure.`,
        'Take them out with --from, or give older data.',
        'key',
      )
    }
    if (this.#failed !== undefined) {
      const { runs, diagnostic } = this.#failed
      const { message, span } = diagnostic
      found.push({
        ...diagnostic,
        ruleId: this.#rule.id,
        code: 'KQL508',
        message: `${count(runs, 'run')} failed: ${message}`,
        span: this.#rule.rule.query.toFile(span),
      })
    }
    return found
  }

  /** What belongs to the rule and no run could find. */
  #blindSpots(report: Report): void {
    const { late, between, delays } = this.#unseen ?? { late: 0, between: 0, delays: [] }
    if (late > 0) {
      const losing = delays.map(
        ({ percent, delay }) => `more than ${formatTimespan(delay)} loses ${percent} % of the rows`,
      )
      const loses = losing.length === 0 ? '' : ` A delay of ${listed(losing)}.`
      report(
        'KQL507',
        ['queryPeriod'],
        `${count(late, 'row')} arrived after the last run that could have seen them.${loses}`,
        'Lengthen queryPeriod by the delay, and leave out by ingestion_time() what was seen before.',
        'key',
      )
    }
    if (between > 0) {
      report(
        'KQL509',
        ['queryPeriod'],
        `No run sees ${count(between, 'row')} between the windows of two.`,
        'Make queryPeriod as long as queryFrequency, at least.',
        'key',
      )
    }
    for (const table of this.#untimed) {
      report(
        'KQL509',
        ['query'],
        `Rows of \`${table}\` have no time, in a column TimeGenerated or Timestamp: no run sees them.`,
        undefined,
        'key',
      )
    }
    if (this.#withoutRuns !== undefined) {
      report(
        'KQL509',
        ['query'],
        `The rule has no runs: ${this.#withoutRuns}`,
        this.#rule.rule.kind === 'NRT'
          ? undefined
          : 'Say between which times it runs: from and to.',
        'key',
      )
    }
    const [first] = this.#beyond.values()
    if (first === undefined) return
    const { frequency, period = 0n } = this.#rule
    report(
      'KQL509',
      ['queryPeriod'],
      `${count(this.#beyond.size, 'row')} would be found in a window longer by queryFrequency, and in no run: what belongs together lies across an edge of the windows, first at ${formatDatetime(first)}.`,
      `Make queryPeriod, and how far the query looks back, ${formatTimespan(period + frequency)}.`,
      'key',
    )
  }

  #duplicates(report: Report): void {
    const { frequency, period } = this.#rule
    let repeated = 0
    let most = 1
    for (const runs of this.#rows.values()) {
      if (runs > 1) repeated++
      most = Math.max(most, runs)
    }
    if (repeated === 0) return
    const cause =
      period !== undefined && period > frequency
        ? ` queryPeriod (${formatTimespan(period)}) is longer than queryFrequency (${formatTimespan(frequency)}), so runs see the same rows.`
        : ''
    report(
      'KQL500',
      ['queryPeriod'],
      `${repeated} of ${count(this.#rows.size, 'row')} raised alerts in more than one run, up to ${most}.${cause}`,
      'Leave out what an earlier run saw: where ingestion_time() > ago(queryFrequency).',
      'key',
    )
  }

  #details(report: Report): void {
    for (const [field, { alerts, columns, rows }] of this.#ambiguous) {
      const names = [...columns].map(name => `\`${name}\``).join(', ')
      report(
        'KQL501',
        ['alertDetailsOverride', field],
        `In ${count(alerts, 'alert')} the text names one value of ${names}, where the rows have several (up to ${rows} rows).`,
        this.#rule.settings.eventGrouping === 'AlertPerResult'
          ? undefined
          : 'Raise an alert for each row: eventGroupingSettings, aggregationKind: AlertPerResult.',
      )
    }
    for (const [field, { missing, long }] of this.#fellBack) {
      const reasons = [
        ...(missing > 0 ? [`a value is missing in ${missing}`] : []),
        ...(long > 0 ? [`the text is too long in ${long}`] : []),
      ]
      const path = ['alertDetailsOverride', field]
      report('KQL502', path, `Alerts have the rule's own text: ${reasons.join(', ')}.`)
    }
    for (const [mapping, rows] of this.#empty) {
      const { entityType = '' } = this.#rule.settings.entityMappings[mapping] ?? {}
      const path = ['entityMappings', mapping]
      report(
        'KQL503',
        path,
        `${count(rows, 'row')} gave no ${entityType}: its identifiers are empty.`,
      )
    }
    if (this.#droppedEntities > 0) {
      const message = `${count(this.#droppedEntities, 'entity', 'entities')} beyond the limits were left out.`
      report('KQL504', ['entityMappings'], message)
    }
    if (this.#droppedDetails > 0) {
      const message = `${count(this.#droppedDetails, 'value')} of custom details beyond the limits were left out.`
      report('KQL504', ['customDetails'], message)
    }
    if (this.#droppedProperties > 0) {
      const were = this.#droppedProperties === 1 ? 'was' : 'were'
      const message = `${count(this.#droppedProperties, 'value')} of alertDynamicProperties beyond the limits ${were} left out.`
      report('KQL504', ['alertDetailsOverride', 'alertDynamicProperties'], message)
    }
  }
}

type Report = (
  code: DiagnosticCode,
  path: Path,
  message: string,
  hint?: string,
  part?: 'key' | 'value',
) => void

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
