import { dailyFigures, figureText } from '../replay/figures.ts'
import type { ReplayOutcome } from '../replay/replay.ts'
import { codeSpan, MARKDOWN_ROWS, markdownTable } from '../report/markdown.ts'
import type { LocatedFinding } from '../report/sarif.ts'
import { countText, secondText } from './formats/table.ts'
import type { ReplayedFile } from './replay-summary.ts'

/** A replay as Markdown, for a comment on a change: figures, findings, and the first alerts. */
export function replayMarkdown(
  rules: readonly ReplayedFile[],
  { alerts, incidents }: ReplayOutcome,
  findings: readonly LocatedFinding[],
): string {
  const counts = [
    countText(rules.length, 'rule'),
    countText(alerts.length, 'alert'),
    countText(incidents.length, 'incident'),
    countText(findings.length, 'finding'),
  ]
  const parts = [
    '### Replay',
    `**${counts.join(', ')}**`,
    ...table(
      ['Rule', 'Severity', 'Runs', 'Alerts', 'a day', 'Incidents', 'a day'],
      rules.map(ruleCells),
      'rule',
    ),
    ...section('Findings', ['', 'Code', 'Place', ''], findings.map(findingCells), 'finding'),
    ...section(
      'Alerts',
      ['Raised', 'Severity', 'Alert', 'Rows'],
      alerts.map(({ time, severity, name, rows }) => [
        secondText(time),
        severity,
        codeSpan(name),
        String(rows.length),
      ]),
      'alert',
    ),
  ]
  return `${parts.join('\n\n')}\n`
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  what: string,
): string[] {
  return rows.length === 0 ? [] : [`#### ${title}`, ...table(head, rows, what)]
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  what: string,
): string[] {
  const more = rows.length - MARKDOWN_ROWS
  return [
    markdownTable(head, rows.slice(0, MARKDOWN_ROWS)),
    ...(more > 0 ? [`… and ${countText(more, what)} more: \`--format json\` has them all.`] : []),
  ]
}

function ruleCells({ replay, incidents }: ReplayedFile): string[] {
  const { rule, runs, alerts } = replay
  const daily = dailyFigures(runs, rule.frequency, alerts.length, incidents.length)
  const figure = (value: number | undefined) => (value === undefined ? '' : figureText(value))
  return [
    codeSpan(rule.rule.name),
    rule.rule.severity ?? rule.rule.kind,
    String(runs.length),
    String(alerts.length),
    figure(daily?.alerts),
    String(incidents.length),
    figure(daily?.incidents),
  ]
}

function findingCells({ severity, code, file, line, message }: LocatedFinding): string[] {
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`
  return [severity, code, codeSpan(place), codeSpan(message)]
}
