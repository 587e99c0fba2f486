import { dailyFigures, figureText } from '../replay/figures.ts'
import type { Incident } from '../replay/records.ts'
import type { ReplayOutcome, RuleReplay } from '../replay/replay.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { formatDatetime } from '../types/datetime.ts'
import { formatTimespan } from '../types/timespan.ts'
import { alertText } from './diff-report.ts'
import { alignedLines, countText, visible } from './formats/table.ts'
import { diagnosticPrinter } from './reporter.ts'
import type { RuleFile } from './run-report.ts'
import type { Output } from './terminal.ts'

/** What the replay of a rule gave, with the file that the rule is in. */
export interface ReplayedFile {
  readonly file: RuleFile
  /** What was wrong with the rule before it ran. */
  readonly checks: readonly Diagnostic[]
  readonly replay: RuleReplay
  readonly incidents: readonly Incident[]
  /** The number of alerts in each phase of a sweep. */
  readonly sweep: readonly number[]
}

/** Alerts of a rule that are told one by one. */
const SHOWN_ALERTS = 20

/** Prints what a replay gave for people: rule by rule, then all together. */
export async function printText(
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
  out: Output,
): Promise<void> {
  const printer = diagnosticPrinter('text', out)
  for (const { file, replay, incidents, sweep } of rules) {
    const { rule, alerts, findings } = replay
    const name = visible(rule.rule.name)
    const kind = [...(rule.rule.severity ? [rule.rule.severity] : []), rule.rule.kind].join(', ')
    const lines = [
      `${out.color ? `\u001b[1m${name}\u001b[0m` : name} [${kind}]`,
      `  ${scheduleText(replay)}`,
      `  ${countText(alerts.length, 'alert')} in ${countText(incidents.length, 'incident')}${dailyText(replay, incidents)}${sparkText(replay)}`,
      ...alerts.slice(0, SHOWN_ALERTS).map(alert => `  ${alertText(alert)}`),
      ...(alerts.length > SHOWN_ALERTS
        ? [`  … and ${countText(alerts.length - SHOWN_ALERTS, 'alert')} more`]
        : []),
      ...(sweep.length === 0 ? [] : [`  ${sweepText(sweep)}`]),
    ]
    await out.write(`${lines.join('\n')}\n\n`)
    for (const finding of findings) await printer.inSource(file.source, finding)
  }
  if (rules.length > 1) await out.write(`${overview(rules, out.width).join('\n')}\n\n`)
  const { alerts, incidents, findings } = outcome
  const counts = [
    countText(rules.length, 'rule'),
    countText(alerts.length, 'alert'),
    countText(incidents.length, 'incident'),
    countText(findings.length, 'finding'),
  ]
  await out.write(`${counts.join(', ')}.\n`)
}

function scheduleText({ rule, runs, data }: RuleReplay): string {
  const first = runs[0]
  const last = runs.at(-1)
  if (first === undefined || last === undefined) {
    return data === undefined
      ? 'no runs: nothing that it reads has a time'
      : 'no runs: its schedule has none in the time that is replayed'
  }
  const failed = runs.filter(({ status }) => status === 'failed').length
  const suppressed = runs.filter(({ status }) => status === 'suppressed').length
  const window = rule.period === undefined ? '' : ` over ${formatTimespan(rule.period)}`
  const every =
    rule.rule.kind === 'Hunting' && rule.period === undefined
      ? 'run once'
      : `every ${formatTimespan(rule.frequency)}${window}`
  return [
    `${every}: ${countText(runs.length, 'run')} from ${formatDatetime(first.time)} to ${formatDatetime(last.time)}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ].join(', ')
}

const BLOCKS = [...'▁▂▃▄▅▆▇█']
const SPARKS = 60

/** The alerts of a rule over time as a line of bars, where there is more than one run. */
export function sparkText({ rule: { frequency }, runs }: RuleReplay): string {
  const [first, last] = [runs[0], runs.at(-1)]
  if (first === undefined || last === undefined || first === last) return ''
  const stepOf = (time: bigint) => Number((time - first.time) / frequency)
  const size = Math.ceil((stepOf(last.time) + 1) / SPARKS)
  const sums = Array<number>(Math.floor(stepOf(last.time) / size) + 1).fill(0)
  for (const { time, alerts } of runs) {
    const slot = Math.floor(stepOf(time) / size)
    sums[slot] = (sums[slot] ?? 0) + alerts
  }
  const most = Math.max(...sums)
  if (most === 0) return ''
  const bars = sums.map(sum => BLOCKS[Math.ceil((sum / most) * (BLOCKS.length - 1))])
  return `  ${bars.join('')}`
}

function dailyText({ rule, runs, alerts }: RuleReplay, incidents: readonly Incident[]): string {
  const daily = dailyFigures(runs, rule.frequency, alerts.length, incidents.length)
  if (daily === undefined || alerts.length === 0) return ''
  return `; ${figureText(daily.alerts)} alerts and ${figureText(daily.incidents)} incidents a day`
}

const HEAD = ['Rule', 'Runs', 'Alerts', 'a day', 'Incidents', 'a day', 'Findings']
/** Cells of a rule's name; more on a wide terminal. */
const NAME_WIDTH = 48

/** A line a rule, those with the most alerts first, and one for all. */
function overview(rules: readonly ReplayedFile[], width: number | undefined): string[] {
  const sorted = [...rules].sort((a, b) => b.replay.alerts.length - a.replay.alerts.length)
  const all = { alerts: 0, incidents: 0, runs: 0, raised: 0, grouped: 0, findings: 0 }
  const lines = sorted.map(({ replay, incidents }) => {
    const { rule, runs, alerts, findings } = replay
    const daily = dailyFigures(runs, rule.frequency, alerts.length, incidents.length)
    all.runs += runs.length
    all.raised += alerts.length
    all.grouped += incidents.length
    all.findings += findings.length
    all.alerts += daily?.alerts ?? 0
    all.incidents += daily?.incidents ?? 0
    const counts = [runs.length, alerts.length, daily?.alerts, incidents.length, daily?.incidents]
    return [visible(rule.rule.name), ...cellsOf([...counts, findings.length])]
  })
  const { runs, raised, grouped, findings, alerts, incidents } = all
  const total = ['All', ...cellsOf([runs, raised, alerts, grouped, incidents, findings])]
  return alignedLines([HEAD, ...lines, total], Math.max(NAME_WIDTH, (width ?? 0) - 54))
}

/** Figures as cells; the third and the fifth are figures a day, and may not be known. */
function cellsOf(figures: readonly (number | undefined)[]): string[] {
  return figures.map((figure, index) => {
    if (figure === undefined) return '-'
    return index === 2 || index === 4 ? figureText(figure) : String(figure)
  })
}

function sweepText(counts: readonly number[]): string {
  const least = Math.min(...counts)
  const most = Math.max(...counts)
  return `in ${counts.length} phases of the schedule: ${least} to ${most} alerts (${counts.join(', ')})`
}
