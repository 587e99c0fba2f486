import type { ExplainedRows } from '../engine/lineage/explain-rows.ts'
import type { Place, RowExplanation, RowPath, Stage } from '../engine/lineage/explanation.ts'
import { verdict } from '../engine/lineage/verdict.ts'
import { plainJson } from '../text/plain-json.ts'
import { renderPlace } from '../text/render.ts'
import { SourceText } from '../text/source-text.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { TextFormat } from './choices.ts'
import { countText, visible } from './formats/table.ts'
import type { RunTime } from './run-report.ts'
import type { Output } from './terminal.ts'

/** The time at which the query ran, and the window that it saw. */
export interface WhyTimes {
  readonly time: RunTime
  readonly window: { readonly from?: bigint; readonly to?: bigint }
}

/** Prints where rows ended. */
export async function printWhy(
  format: TextFormat,
  found: ExplainedRows,
  times: WhyTimes,
  out: Output,
): Promise<void> {
  await out.write(format === 'json' ? whyJson(found, times) : whyText(found, times, out))
}

function whyText({ rows, chosen }: ExplainedRows, { time, window }: WhyTimes, out: Output): string {
  const now = formatDatetime(time.now)
  const from = {
    given: '',
    clock: ', by the clock',
    data: ', the newest TimeGenerated in the data',
  }
  const since =
    window.from === undefined ? '' : `, and rows are seen from ${formatDatetime(window.from)} on`
  const blocks = rows.map(row => rowText(row, out.color))
  const left = chosen - rows.length
  const rest = left > 0 ? [`${countText(left, 'more row')} chosen: --limit follows more.`] : []
  const none = chosen === 0 ? ['No row of the table is chosen.'] : []
  const head = `now is ${now}${from[time.from]}${since}.`
  return `${[head, ...blocks, ...rest, ...none].join('\n\n')}\n`
}

function rowText({ table, row, values, paths }: RowExplanation, color: boolean): string {
  const [first, ...others] = paths
  const time = values.TimeGenerated ?? values.Timestamp
  const name = `Row ${row} of ${table}${time === undefined ? '' : ` (${String(time)})`}`
  if (first === undefined) return `${visible(name)}: nothing is known of it.`
  const { end: own } = first
  const lines = [visible(`${name} ${verdict(own)}`), placeText(own.place, color)]
  if (own.kind === 'dropped' && own.reason === 'condition' && own.rows > 1 && own.nearest) {
    lines.push(`  The nearest of the ${own.rows} rows is number ${own.nearest.row}.`)
  }
  lines.push(...stageLines(first.stages))
  for (const { end, place } of others) {
    const text = `  As the table is read in line ${place.line}, it ${verdict(end)} (line ${end.place.line})`
    lines.push(visible(text))
  }
  return lines.join('\n')
}

/** What the row came through, in one line as far as there is nothing to say of it. */
function stageLines(stages: readonly Stage[]): string[] {
  const lines: string[] = []
  let plain: string[] = []
  const flush = (): void => {
    if (plain.length > 0) lines.push(`  It came through ${plain.join(', ')}.`)
    plain = []
  }
  for (const { operator, place, rowsIn, rowsOut, note } of stages) {
    const counts = rowsIn === 1 && rowsOut === 1 ? '' : `, ${rowsIn} → ${countText(rowsOut, 'row')}`
    plain.push(`${operator} (line ${place.line}${counts})`)
    if (note === undefined) continue
    flush()
    lines.push(visible(`  There: ${note}.`))
  }
  flush()
  return lines
}

function placeText({ source, span }: Place, color: boolean): string {
  return renderPlace(new SourceText(source.text, visible(source.name)), span, { color })
}

/** `{"now":…,"chosen":…,"rows":[{"table","row","outcome","paths":[…]}]}`. */
function whyJson({ rows, chosen }: ExplainedRows, { time, window }: WhyTimes): string {
  const data = {
    now: formatDatetime(time.now),
    window: Object.fromEntries(
      Object.entries(window).map(([name, ticks]) => [name, formatDatetime(ticks)]),
    ),
    chosen,
    rows: rows.map(({ paths, ...row }) => ({ ...row, paths: paths.map(pathData) })),
  }
  return `${plainJson(data, 2)}\n`
}

function pathData({ place, stages, end }: RowPath): unknown {
  const placed = stages.map(stage => ({ ...stage, place: placeData(stage.place) }))
  const parts =
    end.kind === 'dropped'
      ? { parts: end.parts.map(part => ({ ...part, place: placeData(part.place) })) }
      : {}
  return {
    place: placeData(place),
    stages: placed,
    end: { ...end, place: placeData(end.place), ...parts },
  }
}

/** A place as data: line and column count from 1, the end is exclusive. */
function placeData({ source, span, line, column, text }: Place): unknown {
  const end = source.positionAt(span.end)
  return { file: source.name, line, column, endLine: end.line, endColumn: end.column, text }
}
