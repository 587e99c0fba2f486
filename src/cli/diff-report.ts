import type { ChangedAlert, ReplayComparison } from '../replay/compare.ts'
import type { Alert } from '../replay/records.ts'
import { codeSpan, MARKDOWN_ROWS, markdownTable } from '../report/markdown.ts'
import { unreachable } from '../text/internal-error.ts'
import { plainJson } from '../text/plain-json.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { DiffFormat } from './choices.ts'
import { countText, visible } from './formats/table.ts'
import { LineWriter, type Output } from './terminal.ts'

/** What a comparison of two versions found. */
export interface DiffResult {
  readonly comparison: ReplayComparison
  /** Rules that were not replayed, because both versions have them the same. */
  readonly unchanged: number
}

/** Prints how the alerts of two versions differ. */
export async function printDiff(
  format: DiffFormat,
  result: DiffResult,
  out: Output,
): Promise<void> {
  switch (format) {
    case 'text':
      return printText(result, out)
    case 'json':
      return printJson(result, out)
    case 'markdown':
      return out.write(markdownOf(result))
    default:
      return unreachable(format)
  }
}

/** Rows of an alert that are shown. */
const SHOWN_ROWS = 5

/** Lines for rows that only one version has, the first of many. */
export function rowLines(sign: string, rows: Alert['rows']): string[] {
  return [
    ...rows.slice(0, SHOWN_ROWS).map(row => `      ${sign} ${visible(plainJson(row))}`),
    ...(rows.length > SHOWN_ROWS ? [`      ${sign} … ${rows.length - SHOWN_ROWS} more`] : []),
  ]
}

async function printText({ comparison, unchanged }: DiffResult, out: Output): Promise<void> {
  const { gained, lost, changed, same } = comparison
  const lines = new LineWriter(out)
  const write = async (texts: readonly string[]) => {
    for (const text of texts) await lines.add(`${text}\n`)
  }
  for (const alert of lost) await write([`- ${alertText(alert)}`, ...rowLines('-', alert.rows)])
  for (const alert of gained) await write([`+ ${alertText(alert)}`, ...rowLines('+', alert.rows)])
  for (const { before, after, what, gainedRows, lostRows } of changed) {
    await write([
      `~ ${alertText(after)}: ${what.join(', ')}`,
      ...(what.includes('name') ? [`      was ${visible(before.name)}`] : []),
      ...(what.includes('severity') ? [`      was ${before.severity}`] : []),
      ...rowLines('-', lostRows),
      ...rowLines('+', gainedRows),
    ])
  }
  const counts = [
    `${countText(gained.length, 'alert')} gained`,
    `${lost.length} lost`,
    `${changed.length} changed`,
    `${same} the same`,
  ]
  await write([`${counts.join(', ')}.${unchangedText(unchanged)}`])
  await lines.flush()
}

function unchangedText(unchanged: number): string {
  if (unchanged === 0) return ''
  const verb = unchanged === 1 ? 'is' : 'are'
  return ` ${countText(unchanged, 'rule')} ${verb} the same in both and ${unchanged === 1 ? 'was' : 'were'} not replayed.`
}

/** An alert in a line: when, how severe, its name, and of how many rows. */
export function alertText({ time, severity, name, rows }: Alert): string {
  const at = formatDatetime(time).slice(0, 19)
  return `${at}Z  ${severity}  ${visible(name)} (${countText(rows.length, 'row')})`
}

async function printJson({ comparison, unchanged }: DiffResult, out: Output): Promise<void> {
  const { gained, lost, changed, same } = comparison
  const data = {
    gained: gained.map(alertData),
    lost: lost.map(alertData),
    changed: changed.map(changeData),
    same,
    unchangedRules: unchanged,
  }
  await out.write(`${plainJson(data, 2)}\n`)
}

/** An alert as data, with the rows that it is about. */
export function alertData(alert: Alert): Record<string, unknown> {
  const { id, ruleId, ruleName, name, severity, time, rows, columns } = alert
  return {
    id,
    ruleId,
    ruleName,
    name,
    severity,
    time: formatDatetime(time),
    columns: columns.map(column => column.name),
    rows,
  }
}

function changeData({ before, after, what, gainedRows, lostRows }: ChangedAlert): unknown {
  return { what, before: alertData(before), after: alertData(after), gainedRows, lostRows }
}

function markdownOf({ comparison, unchanged }: DiffResult): string {
  const { gained, lost, changed, same } = comparison
  const rows = [
    ...lost.map(alert => ['lost', alert, ''] as const),
    ...gained.map(alert => ['gained', alert, ''] as const),
    ...changed.map(({ after, what }) => ['changed', after, what.join(', ')] as const),
  ]
  const shown = rows
    .slice(0, MARKDOWN_ROWS)
    .map(([sign, alert, what]) => [
      sign,
      `${formatDatetime(alert.time).slice(0, 19)}Z`,
      codeSpan(alert.ruleName),
      alert.severity,
      codeSpan(alert.name),
      String(alert.rows.length),
      what,
    ])
  const more = rows.length - shown.length
  const parts = [
    '### Alerts before and after the change',
    `**${countText(gained.length, 'alert')} gained, ${lost.length} lost, ${changed.length} changed**, ${same} the same.${unchangedText(unchanged)}`,
    ...(shown.length === 0
      ? []
      : [
          markdownTable(['', 'Raised', 'Rule', 'Severity', 'Alert', 'Rows', 'What changed'], shown),
        ]),
    ...(more > 0
      ? [`… and ${countText(more, 'alert')} more: \`--format json\` has them all.`]
      : []),
  ]
  return `${parts.join('\n\n')}\n`
}
