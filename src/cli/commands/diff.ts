import { type ChangedAlert, compareReplays } from '../../replay/compare.ts'
import type { Alert } from '../../replay/records.ts'
import { formatDatetime } from '../../types/datetime.ts'
import type { TextFormat } from '../choices.ts'
import type { ExitCode } from '../exit.ts'
import { countText, visible } from '../formats/table.ts'
import { exitCodeOf } from '../options.ts'
import { prepareReplay, type ScheduleOptions } from '../prepare-replay.ts'
import { readRules } from '../read-rules.ts'
import { diagnosticPrinter } from '../reporter.ts'
import type { RuleFilterOptions } from '../rule-filter.ts'
import { type Environment, startSession } from '../session.ts'
import { LineWriter, type Output } from '../terminal.ts'

/** The options of `kqlab diff`. */
export interface DiffOptions extends ScheduleOptions, RuleFilterOptions {
  readonly format: TextFormat
}

/** Replays rules before and after a change over the same data, and prints which alerts differ. */
export async function diffRules(
  before: string,
  after: string,
  options: DiffOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = startSession(
    environment,
    diagnosticPrinter(options.diagnostics, environment.terminal.err),
  )
  const { reporter, progress } = session
  const old = await readRules([before], options, session)
  const { files } = await readRules([after], options, session)
  // Both sides read the data together, each table once.
  const loading = await prepareReplay([...old.files, ...files], options, session, {
    paths: [[before], [after]],
    filter: options,
  })
  const { prepared, times, settings } = loading
  const oldFiles = new Set(old.files)
  const middle = prepared.filter(({ file }) => oldFiles.has(file)).length
  return loading.run(async replay => {
    const comparison = compareReplays(
      await replay.run(times, 0, middle),
      await replay.run(times, middle),
    )
    progress.clear()
    await loading.reportProblems()
    const { gained, lost, changed } = comparison
    if (options.format === 'json') await printJson(comparison, session.terminal.out)
    else await printText(comparison, session.terminal.out)
    const differing = gained.length + lost.length + changed.length
    return exitCodeOf(reporter, differing, options.failOn ?? settings.config.failOn)
  })
}

/** Rows of an alert that are shown. */
const SHOWN_ROWS = 5

type Comparison = ReturnType<typeof compareReplays>

async function printText({ gained, lost, changed, same }: Comparison, out: Output): Promise<void> {
  const lines = new LineWriter(out)
  const rowLines = (sign: string, rows: Alert['rows']) => [
    ...rows.slice(0, SHOWN_ROWS).map(row => `      ${sign} ${visible(textOf(row))}`),
    ...(rows.length > SHOWN_ROWS ? [`      ${sign} … ${rows.length - SHOWN_ROWS} more`] : []),
  ]
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
  await write([
    `${countText(gained.length, 'alert')} gained, ${lost.length} lost, ${changed.length} changed, ${same} the same.`,
  ])
  await lines.flush()
}

function alertText({ time, severity, name, rows }: Alert): string {
  const at = formatDatetime(time).slice(0, 19)
  return `${at}Z  ${severity}  ${visible(name)} (${countText(rows.length, 'row')})`
}

async function printJson({ gained, lost, changed, same }: Comparison, out: Output): Promise<void> {
  const data = {
    gained: gained.map(alertData),
    lost: lost.map(alertData),
    changed: changed.map(changeData),
    same,
  }
  await out.write(`${textOf(data, 2)}\n`)
}

function alertData(alert: Alert): Record<string, unknown> {
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

/** JSON in which a long is a number of any size, or its text where numbers cannot have it. */
function textOf(value: unknown, indent?: number): string {
  const plain = (_: string, item: unknown) => {
    if (typeof item !== 'bigint') return item
    const number = Number(item)
    return Number.isSafeInteger(number) ? number : String(item)
  }
  return JSON.stringify(value, plain, indent)
}
