import { writeFile } from 'node:fs/promises'
import { dailyFigures } from '../replay/figures.ts'
import type { RunRecord } from '../replay/records.ts'
import type { ReplayOutcome } from '../replay/replay.ts'
import {
  SECURITY_ALERT_COLUMNS,
  securityAlertRow,
  securityIncidentRow,
} from '../replay/security-tables.ts'
import { type PageFinding, replayPage } from '../report/replay-page.ts'
import { type LocatedFinding, sarifLog } from '../report/sarif.ts'
import { unreachable } from '../text/internal-error.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { ReplayFormat } from './choices.ts'
import { UsageError } from './exit.ts'
import { csvText } from './formats/csv.ts'
import { replayMarkdown } from './replay-markdown.ts'
import { printText, type ReplayedFile } from './replay-summary.ts'
import { DataPrinter, type DiagnosticData } from './reporter.ts'
import { LineWriter, type Output } from './terminal.ts'
import { packageVersion } from './version.ts'
import { writeReason } from './write-file.ts'

/** What a replay is to be printed of. */
export interface ReplayReport {
  readonly rules: readonly ReplayedFile[]
  readonly outcome: ReplayOutcome
  /** What was reported of the rules before they ran, those included that could not. */
  readonly reported: readonly LocatedFinding[]
}

/** Prints the outcome of a replay. */
export async function printReplay(
  format: ReplayFormat,
  { rules, outcome, reported }: ReplayReport,
  out: Output,
): Promise<void> {
  switch (format) {
    case 'text':
      return printText(rules, outcome, out)
    case 'json':
      return printJson(rules, outcome, out)
    case 'ndjson':
      return printNdjson(rules, outcome, out)
    case 'csv':
      return printCsv(rules, outcome, out)
    case 'sarif':
      return printSarif([...reported, ...(await findingsOf(rules))], out)
    case 'markdown':
      return out.write(replayMarkdown(rules, outcome, await findingsOf(rules, true)))
    default:
      return unreachable(format)
  }
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
  await list('findings', await findingsOf(rules, true))
  await lines.add(',\n')
  await list('rules', rules.map(ruleData))
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

async function printCsv(
  rules: readonly ReplayedFile[],
  outcome: ReplayOutcome,
  out: Output,
): Promise<void> {
  const lines = new LineWriter(out)
  await lines.add(`${SECURITY_ALERT_COLUMNS.join(',')}\n`)
  for (const alert of alertRows(rules, outcome)) {
    const cells = SECURITY_ALERT_COLUMNS.map(name => {
      const value = alert[name]
      return typeof value === 'string' ? csvText(value) : String(value ?? '')
    })
    await lines.add(`${cells.join(',')}\n`)
  }
  await lines.flush()
}

/** Prints findings for code scanning. */
export function printSarif(findings: readonly LocatedFinding[], out: Output): Promise<void> {
  return out.write(`${JSON.stringify(sarifLog(findings, packageVersion()), undefined, 2)}\n`)
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
    throw new UsageError(`--html cannot write '${path}': ${writeReason(error)}`)
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

/** What a rule did in all. */
function ruleData({ replay, incidents }: ReplayedFile): Record<string, unknown> {
  const { rule, runs, alerts, findings } = replay
  const daily = dailyFigures(runs, rule.frequency, alerts.length, incidents.length)
  return {
    ruleId: rule.id,
    ruleName: rule.rule.name,
    runs: runs.length,
    failed: runs.filter(({ status }) => status === 'failed').length,
    suppressed: runs.filter(({ status }) => status === 'suppressed').length,
    alerts: alerts.length,
    incidents: incidents.length,
    alertsPerDay: daily?.alerts ?? null,
    incidentsPerDay: daily?.incidents ?? null,
    findings: findings.length,
  }
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

/** What the runs of the rules told; with `checks`, what was told of the rules before as well. */
async function findingsOf(
  rules: readonly ReplayedFile[],
  withChecks = false,
): Promise<(DiagnosticData & { readonly ruleId: string })[]> {
  const found: (DiagnosticData & { readonly ruleId: string })[] = []
  for (const { file, checks, replay } of rules) {
    const printer = new DataPrinter(async data => {
      found.push({ ruleId: replay.rule.id, ...data })
    })
    for (const diagnostic of [...(withChecks ? checks : []), ...replay.findings]) {
      await printer.inSource(file.source, diagnostic)
    }
  }
  return found
}
