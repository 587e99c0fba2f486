import { anchorOf, compareWithExported, type ExportComparison } from '../replay/compare-export.ts'
import {
  type AlertExport,
  EXPORT_COLUMNS,
  type ExportedAlert,
  type ExportRow,
  exportedAlerts,
  exportRow,
} from '../replay/exported-alerts.ts'
import type { ReplayRule } from '../replay/records.ts'
import { parseDuration } from '../rules/duration.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { Vector } from '../tables/vector.ts'
import type { DiffFormat } from './choices.ts'
import { openTables } from './data.ts'
import { compileOrFail, execute } from './execute.ts'
import { type ExitCode, Failure, UsageError } from './exit.ts'
import { printExportDiff, type RuleComparison } from './export-report.ts'
import { cellText } from './formats/cell-text.ts'
import { countText } from './formats/table.ts'
import { exitCodeOf } from './options.ts'
import { prepareReplay, type ScheduleOptions } from './prepare-replay.ts'
import { plainQuery } from './query-text.ts'
import { readRules } from './read-rules.ts'
import type { RuleFilterOptions } from './rule-filter.ts'
import type { Session } from './session.ts'

/** The options of a comparison with an export. */
export interface AgainstOptions extends ScheduleOptions, RuleFilterOptions {
  readonly format: DiffFormat
  /** Files with rows of the table SecurityAlert. */
  readonly against: readonly string[]
  readonly tolerance?: string
}

/** How far runs may be apart to be the same one: alerts tell them to seconds, at worst by the delay. */
const TOLERANCE = 3_000_000_000n

/** Replays rules and compares their alerts with those that Sentinel raised, as they were exported. */
export async function compareWithExport(
  paths: readonly string[],
  options: AgainstOptions,
  session: Session,
): Promise<ExitCode> {
  const tolerance = toleranceOf(options.tolerance)
  const exported = await readExport(options.against, session)
  const { files } = await readRules(paths, options, session)
  const loading = await prepareReplay(files, options, session)
  const { prepared, times, settings } = loading
  const { byRule, others } = alertsByRule(
    exported.alerts,
    prepared.map(({ rule }) => rule.rule),
  )
  session.progress.expect(prepared.length)
  return loading.run(async replay => {
    const rules: RuleComparison[] = []
    for (const [
      index,
      {
        rule: { rule },
      },
    ] of prepared.entries()) {
      const own = byRule.get(rule) ?? []
      // The alerts tell when the rule ran.
      const anchor = times.anchor ?? anchorOf(own, rule.frequency)
      const runTimes = anchor === undefined ? times : { ...times, anchor }
      const [replayed] = (await replay.run(runTimes, index, index + 1)).rules
      if (replayed === undefined) continue
      const most = rule.frequency / 2n
      const near = tolerance < most ? tolerance : most
      rules.push({ rule, data: replayed.data, ...compareWithExported(replayed, own, near) })
    }
    session.progress.clear()
    await loading.reportProblems()
    await printExportDiff(options.format, { rules, exported, others }, session.terminal.out)
    const differing = rules.reduce((sum, rule) => sum + countOf(rule), 0)
    return exitCodeOf(session.reporter, differing, options.failOn ?? settings.config.failOn)
  })
}

function toleranceOf(text: string | undefined): bigint {
  const ticks = text === undefined ? TOLERANCE : parseDuration(text)
  if (ticks !== undefined && ticks >= 0n) return ticks
  throw new UsageError(`--tolerance takes a duration such as 5m or PT5M, not '${text}'.`)
}

function countOf({ missed, extra, differing }: ExportComparison): number {
  return missed.length + extra.length + differing.length
}

/**
 * The alerts of an export.
 * @throws Failure where it cannot be read or has none, which is reported.
 */
async function readExport(paths: readonly string[], session: Session): Promise<AlertExport> {
  const { reporter, signal } = session
  const data = await openTables({ data: [], tables: { SecurityAlert: paths } }, reporter, signal)
  const compiled = await compileOrFail(
    plainQuery(`SecurityAlert | project ${EXPORT_COLUMNS.join(', ')}`, '--against'),
    data,
    {},
    session,
  )
  const rows: ExportRow[] = []
  const sink = {
    batch: async ({ columns, rows: positions }: ColumnBatch) => {
      for (const row of positions) {
        const text = (index: number) => cellText(columns[index] as Vector, row)
        rows.push(exportRow(EXPORT_COLUMNS.map((_, index) => text(index))))
      }
    },
    end: () => Promise.resolve(),
  }
  const how = { now: 0n, strict: false, missing: 'error', external: {} } as const
  await execute(compiled, data, how, () => sink, session)
  const exported = exportedAlerts(rows)
  const file = paths.join(', ')
  if (exported.alerts.length === 0) {
    await reporter.inFile({
      code: 'KQL103',
      severity: 'error',
      message:
        'It has no alerts: rows of the table SecurityAlert with SystemAlertId and TimeGenerated.',
      hint: 'Export the result of the query SecurityAlert, with all its columns.',
      file,
    })
    throw new Failure('export')
  }
  if (exported.unusable > 0) {
    await reporter.inFile({
      code: 'KQL202',
      severity: 'warning',
      message: `${countText(exported.unusable, 'row')} left out: no SystemAlertId or no TimeGenerated.`,
      file,
    })
  }
  return exported
}

/**
 * The alerts of each rule: by its identifier, else, as a rule made of a template has one of its own in a
 * workspace, by its name where only one rule has it. The others are counted by name.
 */
function alertsByRule(alerts: readonly ExportedAlert[], rules: readonly ReplayRule[]) {
  const byId = new Map(rules.map(rule => [rule.id.toLowerCase(), rule]))
  const byName = new Map<string, ReplayRule | undefined>()
  for (const rule of rules) {
    const name = rule.rule.name.trim().toLowerCase()
    byName.set(name, byName.has(name) ? undefined : rule)
  }
  const byRule = new Map<ReplayRule, ExportedAlert[]>()
  const others = new Map<string, number>()
  for (const alert of alerts) {
    const { ruleIds, ruleName, name } = alert
    const named = (text: string) => byName.get(text.trim().toLowerCase())
    const rule =
      ruleIds.map(id => byId.get(id)).find(found => found !== undefined) ??
      (alert.isOfRule ? named(ruleName || name) : undefined)
    if (rule === undefined) {
      const label = ruleName || name
      others.set(label, (others.get(label) ?? 0) + 1)
    } else byRule.set(rule, [...(byRule.get(rule) ?? []), alert])
  }
  return { byRule, others }
}
