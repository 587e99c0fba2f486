import { writeFile } from 'node:fs/promises'
import { reasonOf } from '../node/data-paths.ts'
import type { Alert, Incident, RunRecord } from '../replay/records.ts'
import type { ReplayOutcome, RuleReplay } from '../replay/replay.ts'
import { securityAlertRow, securityIncidentRow } from '../replay/security-tables.ts'
import { type PageFinding, replayPage } from '../report/replay-page.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { unreachable } from '../text/internal-error.ts'
import { formatDatetime } from '../types/datetime.ts'
import { formatTimespan } from '../types/timespan.ts'
import type { ReplayFormat } from './choices.ts'
import { UsageError } from './exit.ts'
import { countText, visible } from './formats/table.ts'
import { DataPrinter, type DiagnosticData, diagnosticPrinter } from './reporter.ts'
import type { RuleFile } from './run-report.ts'
import type { Session } from './session.ts'
import { LineWriter, type Output } from './terminal.ts'

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

/** Prints the outcome of a replay. */
export async function printReplay(
  format: ReplayFormat,
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
  { terminal: { out } }: Session,
): Promise<void> {
  switch (format) {
    case 'text':
      return printText(rules, outcome, out)
    case 'json':
      return printJson(rules, outcome, out)
    case 'ndjson':
      return printNdjson(rules, outcome, out)
    default:
      return unreachable(format)
  }
}

/** Alerts of a rule that are told one by one. */
const SHOWN_ALERTS = 20

async function printText(
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
  out: Output,
): Promise<void> {
  const printer = diagnosticPrinter('text', out)
  for (const { file, replay, incidents, sweep } of rules) {
    const { rule, runs, alerts, findings } = replay
    const name = visible(rule.rule.name)
    const kind = [...(rule.rule.severity ? [rule.rule.severity] : []), rule.rule.kind].join(', ')
    const lines = [
      `${out.color ? `\u001b[1m${name}\u001b[0m` : name} [${kind}]`,
      `  ${scheduleText(replay)}`,
      `  ${countText(alerts.length, 'alert')} in ${countText(incidents.length, 'incident')}${sparkText(runs)}`,
      ...alerts.slice(0, SHOWN_ALERTS).map(alert => `  ${alertText(alert)}`),
      ...(alerts.length > SHOWN_ALERTS
        ? [`  … and ${countText(alerts.length - SHOWN_ALERTS, 'alert')} more`]
        : []),
      ...(sweep.length === 0 ? [] : [`  ${sweepText(sweep)}`]),
    ]
    await out.write(`${lines.join('\n')}\n\n`)
    for (const finding of findings) await printer.inSource(file.source, finding)
  }
  const { alerts, incidents, findings } = outcome
  const counts = [
    countText(rules.length, 'rule'),
    countText(alerts.length, 'alert'),
    countText(incidents.length, 'incident'),
    countText(findings.length, 'finding'),
  ]
  await out.write(`${counts.join(', ')}.\n`)
}

function scheduleText({ rule, runs }: RuleReplay): string {
  const first = runs[0]
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return 'no runs: no data in its tables'
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

/** The alerts of the runs as a line of bars, where there is more than one run. */
function sparkText(runs: readonly RunRecord[]): string {
  if (runs.length < 2) return ''
  const size = Math.ceil(runs.length / SPARKS)
  const sums: number[] = []
  for (let at = 0; at < runs.length; at += size) {
    sums.push(runs.slice(at, at + size).reduce((sum, { alerts }) => sum + alerts, 0))
  }
  const most = Math.max(...sums)
  if (most === 0) return ''
  const bars = sums.map(sum => BLOCKS[Math.ceil((sum / most) * (BLOCKS.length - 1))])
  return `  ${bars.join('')}`
}

function alertText({ time, severity, name, rows }: Alert): string {
  return `${formatDatetime(time).slice(0, 19)}Z  ${severity}  ${visible(name)} (${countText(rows.length, 'row')})`
}

function sweepText(counts: readonly number[]): string {
  const least = Math.min(...counts)
  const most = Math.max(...counts)
  return `in ${counts.length} phases of the schedule: ${least} to ${most} alerts (${counts.join(', ')})`
}

async function printJson(
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
  out: Output,
): Promise<void> {
  const lines = new LineWriter(out)
  const list = async (name: string, items: readonly unknown[]) => {
    await lines.add(`${JSON.stringify(name)}:[`)
    for (const [index, item] of items.entries()) {
      await lines.add(`${index === 0 ? '\n' : ',\n'}${JSON.stringify(item)}`)
    }
    await lines.add('\n]')
  }
  await lines.add('{')
  await list(
    'runs',
    rules.flatMap(({ replay }) => replay.runs.map(runData)),
  )
  await lines.add(',\n')
  await list('alerts', alertRows(rules, outcome))
  await lines.add(',\n')
  await list('incidents', outcome.incidents.map(securityIncidentRow))
  await lines.add(',\n')
  await list('findings', await findingData(rules))
  await lines.add('}\n')
  await lines.flush()
}

async function printNdjson(
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
  out: Output,
): Promise<void> {
  const lines = new LineWriter(out)
  for (const alert of alertRows(rules, outcome)) await lines.add(`${JSON.stringify(alert)}\n`)
  for (const incident of outcome.incidents) {
    await lines.add(`${JSON.stringify(securityIncidentRow(incident))}\n`)
  }
  await lines.flush()
}

/**
 * Writes the page about a replay.
 * @throws UsageError where the file cannot be written.
 */
export async function writePage(
  path: string,
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
): Promise<void> {
  const findings = rules.flatMap(({ file, checks, replay }) =>
    [...checks, ...replay.findings].map((diagnostic): PageFinding => {
      const { severity, code, message, span, hint, source = file.source } = diagnostic
      const { line, column } = source.positionAt(span.start)
      const place = `${source.name}:${line}:${column}`
      const told = { ruleId: replay.rule.id, severity, code, message, place }
      return hint === undefined ? told : { ...told, hint }
    }),
  )
  try {
    await writeFile(path, replayPage(outcome, findings))
  } catch (error) {
    throw new UsageError(`--html cannot write '${path}': ${reasonOf(error)}`)
  }
}

function alertRows(
  rules: readonly ReplayedFile[],
  { alerts }: ReplayOutcome,
): Record<string, unknown>[] {
  const byId = new Map(rules.map(({ replay: { rule } }) => [rule.id, rule]))
  return alerts.flatMap(alert => {
    const rule = byId.get(alert.ruleId)
    return rule === undefined ? [] : [securityAlertRow(alert, rule)]
  })
}

function runData({ ruleId, time, from, rows, status, alerts }: RunRecord): Record<string, unknown> {
  return {
    ruleId,
    time: formatDatetime(time),
    from: from === undefined ? null : formatDatetime(from),
    rows,
    status,
    alerts,
  }
}

async function findingData(rules: readonly ReplayedFile[]): Promise<unknown[]> {
  const found: unknown[] = []
  for (const { file, checks, replay } of rules) {
    const take = async (data: DiagnosticData) => {
      found.push({ ruleId: replay.rule.id, ...data })
    }
    const printer = new DataPrinter(take)
    for (const diagnostic of [...checks, ...replay.findings]) {
      await printer.inSource(file.source, diagnostic)
    }
  }
  return found
}
