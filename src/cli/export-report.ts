import type { DifferingAlert, ExportComparison, MissedAlert } from '../replay/compare-export.ts'
import { type AlertExport, type ExportedAlert, exportTimes } from '../replay/exported-alerts.ts'
import type { LoadedSpan } from '../replay/load-timelines.ts'
import type { Alert, Entity, ReplayRule } from '../replay/records.ts'
import { codeSpan, MARKDOWN_ROWS, markdownTable } from '../report/markdown.ts'
import { unreachable } from '../text/internal-error.ts'
import { plainJson } from '../text/plain-json.ts'
import type { DiffFormat } from './choices.ts'
import { alertData, alertText, rowLines } from './diff-report.ts'
import { countText, secondText, visible } from './formats/table.ts'
import { LineWriter, type Output } from './terminal.ts'

/** What was compared of a rule. */
export interface RuleComparison extends ExportComparison {
  readonly rule: ReplayRule
  /** The first and last time in the data. */
  readonly data: LoadedSpan | undefined
}

/** What a comparison with an export found. */
export interface ExportDiff {
  readonly rules: readonly RuleComparison[]
  readonly exported: AlertExport
  /** How many alerts are of none of the rules, by name. */
  readonly others: ReadonlyMap<string, number>
}

/** Prints how the alerts that Sentinel raised and those of a replay differ. */
export async function printExportDiff(
  format: DiffFormat,
  diff: ExportDiff,
  out: Output,
): Promise<void> {
  switch (format) {
    case 'text':
      return printText(diff, out)
    case 'json':
      return out.write(`${plainJson(dataOf(diff), 2)}\n`)
    case 'markdown':
      return out.write(markdownOf(diff))
    default:
      return unreachable(format)
  }
}

async function printText({ rules, exported, others }: ExportDiff, out: Output): Promise<void> {
  const lines = new LineWriter(out)
  for (const rule of rules) {
    for (const line of ruleLines(rule, exported)) await lines.add(`${line}\n`)
  }
  await lines.add(`${summaryText(rules)}\n`)
  for (const note of notes({ rules, exported, others })) await lines.add(`${note}\n`)
  await lines.flush()
}

function ruleLines(comparison: RuleComparison, exported: AlertExport): string[] {
  const { missed, extra, differing, uncovered, data, runs } = comparison
  return [
    ...missed.flatMap(each => [
      `- ${sentinelText(each.alert)}: only Sentinel`,
      `      ${reasonOf(each)}`,
      ...partlyLines(each.partly, data),
      ...each.alert.entities.map(entity => `      - ${visible(entityText(entity))}`),
    ]),
    ...extra.flatMap(alert => [
      `+ ${alertText(alert)}: only the replay`,
      ...outsideLines(alert, exported),
      ...rowLines('+', alert.rows),
    ]),
    ...differing.flatMap(each => [
      `~ ${alertText(each.replayed)}: ${each.what.join(', ')}`,
      ...changeLines(each),
      ...partlyLines(each.partly, data),
      ...rowLines(' ', each.replayed.rows),
    ]),
    ...uncovered.map(
      alert => `? ${sentinelText(alert)}: not compared, ${uncoveredText(alert, data, runs)}`,
    ),
  ]
}

function sentinelText({ time, severity, name }: ExportedAlert): string {
  return `${secondText(time)}  ${visible(severity)}  ${visible(name)}`
}

/** Why the replay did not raise an alert, as far as its run tells. */
function reasonOf({ alert, run }: MissedAlert): string {
  const had =
    alert.resultCount === undefined ? '' : `; in Sentinel ${countText(alert.resultCount, 'row')}`
  if (run === undefined) {
    return `no run of the replay is near ${secondText(alert.runTime)}, when the rule ran${had}`
  }
  const at = `the run at ${secondText(run.time)}`
  switch (run.status) {
    case 'suppressed':
      return `${at} was suppressed${had}`
    case 'failed':
      return `${at} failed${had}`
    case 'quiet':
      return `${at} gave ${countText(run.rows, 'row')}${had}`
    case 'fired':
      return `${at} gave ${countText(run.rows, 'row')} and other alerts${had}`
    default:
      return unreachable(run.status)
  }
}

function partlyLines(partly: boolean, data: LoadedSpan | undefined): string[] {
  if (!partly || data === undefined) return []
  return [`      its window is not all within the data, which are from ${spanText(data)}`]
}

function outsideLines({ time }: Alert, exported: AlertExport): string[] {
  const { from, to } = exportTimes(exported)
  if (time >= from && time <= to) return []
  const where = time < from ? 'before the first' : 'after the last'
  return [`      ${where} alert of the export: it may not reach so far`]
}

function changeLines({ sentinel, replayed, what, ...entities }: DifferingAlert): string[] {
  const lines: string[] = []
  const pair = (theirs: string, ours: string) =>
    lines.push(`      Sentinel: ${visible(theirs)}`, `      replay:   ${visible(ours)}`)
  if (what.includes('name')) pair(sentinel.name, replayed.name)
  if (what.includes('severity')) pair(sentinel.severity, replayed.severity)
  if (what.includes('rows')) {
    pair(countText(sentinel.resultCount ?? 0, 'row'), countText(replayed.resultCount, 'row'))
  }
  for (const entity of entities.missedEntities) lines.push(`      - ${visible(entityText(entity))}`)
  for (const entity of entities.extraEntities) lines.push(`      + ${visible(entityText(entity))}`)
  return lines
}

function uncoveredText(
  { runTime }: ExportedAlert,
  data: LoadedSpan | undefined,
  runs: RuleComparison['runs'],
): string {
  if (data === undefined) return 'there are no data'
  const replayed =
    runs === undefined ? 'nothing was replayed' : `those replayed are from ${spanText(runs)}`
  return `it is of the run at ${secondText(runTime)}; ${replayed}, the data from ${spanText(data)}`
}

function spanText({ first, last }: LoadedSpan): string {
  return `${secondText(first)} to ${secondText(last)}`
}

function entityText({ type, identifiers }: Entity): string {
  const texts = Object.entries(identifiers).map(([name, value]) => `${name} ${value}`)
  return `${type} ${texts.join(', ')}`
}

interface Totals {
  readonly same: number
  readonly differing: number
  readonly missed: number
  readonly extra: number
  readonly uncovered: number
}

function totalsOf(rules: readonly RuleComparison[]): Totals {
  const sum = (of: (rule: RuleComparison) => number) =>
    rules.reduce((all, rule) => all + of(rule), 0)
  return {
    same: sum(({ same }) => same),
    differing: sum(({ differing }) => differing.length),
    missed: sum(({ missed }) => missed.length),
    extra: sum(({ extra }) => extra.length),
    uncovered: sum(({ uncovered }) => uncovered.length),
  }
}

function summaryText(rules: readonly RuleComparison[]): string {
  const { same, differing, missed, extra, uncovered } = totalsOf(rules)
  const alerts = same + differing + missed + uncovered
  return (
    `${countText(alerts, 'alert')} of Sentinel: ${same} the same, ${differing} different, ` +
    `${missed} not replayed, ${uncovered} not compared. ` +
    `${countText(extra, 'alert')} that only the replay raised.`
  )
}

/** What the reader should know of the export. */
function notes({ rules, exported, others }: ExportDiff): string[] {
  const { from, to } = exportTimes(exported)
  const known = [...others].sort(([, a], [, b]) => b - a)
  const sum = known.reduce((all, [, count]) => all + count, 0)
  const named = known.slice(0, 5).map(([name, count]) => `${visible(name)} (${count})`)
  const more = known.length > named.length ? ', …' : ''
  const missed = rules.flatMap(rule => rule.missed)
  const elsewhen = missed.filter(({ run }) => run === undefined).length
  return [
    ...(elsewhen > 0
      ? [
          `${countText(elsewhen, 'alert')} of times at which the replay has no run: the schedule was another then, or --anchor is not Sentinel's.`,
        ]
      : []),
    `The export has ${countText(exported.alerts.length, 'alert')} from ${secondText(from)} to ${secondText(to)}.`,
    ...(exported.changes > 0
      ? [`Rows of later changes of those alerts, which are not compared: ${exported.changes}.`]
      : []),
    ...(sum > 0
      ? [`${countText(sum, 'alert')} of none of the rules: ${named.join(', ')}${more}.`]
      : []),
  ]
}

function dataOf({ rules, exported, others }: ExportDiff): unknown {
  const { from, to } = exportTimes(exported)
  const span = (first: bigint, last: bigint) => ({ from: secondText(first), to: secondText(last) })
  return {
    ...totalsOf(rules),
    export: { alerts: exported.alerts.length, changes: exported.changes, ...span(from, to) },
    others: Object.fromEntries(others),
    rules: rules.map(({ rule, data, runs, missed, extra, differing, same, uncovered }) => ({
      ruleId: rule.id,
      ruleName: rule.rule.name,
      data: data === undefined ? null : span(data.first, data.last),
      runs: runs === undefined ? null : span(runs.first, runs.last),
      same,
      missed: missed.map(each => ({
        alert: exportedData(each.alert),
        reason: reasonOf(each),
        windowWithinData: !each.partly,
      })),
      extra: extra.map(alertData),
      differing: differing.map(
        ({ sentinel, replayed, what, missedEntities, extraEntities, partly }) => ({
          what,
          sentinel: exportedData(sentinel),
          replayed: alertData(replayed),
          missedEntities,
          extraEntities,
          windowWithinData: !partly,
        }),
      ),
      uncovered: uncovered.map(exportedData),
    })),
  }
}

function exportedData(alert: ExportedAlert): Record<string, unknown> {
  const { id, name, severity, time, runTime, window, resultCount, entities } = alert
  return {
    id,
    name,
    severity,
    time: secondText(time),
    runTime: secondText(runTime),
    window:
      window === undefined ? null : { from: secondText(window.from), to: secondText(window.to) },
    rows: resultCount ?? null,
    entities,
  }
}

function markdownOf(diff: ExportDiff): string {
  const line = (sign: string, time: bigint, name: string, severity: string, what: string) =>
    [sign, secondText(time), codeSpan(name), codeSpan(severity), what] as const
  const rows = diff.rules.flatMap(({ missed, extra, differing, uncovered }) => [
    ...missed.map(each => {
      const { time, name, severity } = each.alert
      return line('only Sentinel', time, name, severity, reasonOf(each))
    }),
    ...extra.map(({ time, name, severity, rows: own }) =>
      line('only the replay', time, name, severity, countText(own.length, 'row')),
    ),
    ...differing.map(({ replayed: { time, name, severity }, what }) =>
      line('different', time, name, severity, what.join(', ')),
    ),
    ...uncovered.map(({ time, name, severity }) =>
      line('not compared', time, name, severity, 'outside of the runs and data'),
    ),
  ])
  const more = rows.length - MARKDOWN_ROWS
  const parts = [
    '### Alerts of Sentinel and of the replay',
    summaryText(diff.rules),
    ...(rows.length === 0
      ? []
      : [markdownTable(['', 'Raised', 'Alert', 'Severity', ''], rows.slice(0, MARKDOWN_ROWS))]),
    ...(more > 0 ? [`… and ${more} more: \`--format json\` has them all.`] : []),
  ]
  return `${parts.join('\n\n')}\n`
}
