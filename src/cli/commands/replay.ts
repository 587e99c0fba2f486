import type { ReplayFormat } from '../choices.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { exitCodeOf } from '../options.ts'
import { prepareReplay, type ScheduleOptions } from '../prepare-replay.ts'
import { readRules } from '../read-rules.ts'
import { printReplay, type ReplayedFile, writePage } from '../replay-report.ts'
import { diagnosticPrinter } from '../reporter.ts'
import type { RuleFilterOptions } from '../rule-filter.ts'
import { type Environment, startSession } from '../session.ts'

/** The options of `kqlab replay`. */
export interface ReplayOptions extends ScheduleOptions, RuleFilterOptions {
  readonly format: ReplayFormat
  readonly phaseSweep?: number
  readonly html?: string
}

/** Runs rules on their schedules over logs, and prints the alerts and incidents they would raise. */
export async function replayRules(
  paths: readonly string[],
  options: ReplayOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = startSession(
    environment,
    diagnosticPrinter(options.diagnostics, environment.terminal.err),
  )
  const { reporter, progress } = session
  const { files } = await readRules(paths, options, session)
  const loading = await prepareReplay(files, options, session, {
    paths: [paths],
    filter: options,
  })
  const { prepared, times, settings } = loading
  return loading.run(async replay => {
    const outcome = await replay.run(times)
    const sweep: number[][] = []
    const phases = options.phaseSweep ?? 0
    for (let phase = 0; phase < phases && !session.signal.aborted; phase++) {
      const { rules } = await replay.run({ ...times, phase: phase / phases })
      sweep.push(rules.map(({ alerts }) => alerts.length))
    }
    const replayed = prepared.map(
      ({ file, rule }, index): ReplayedFile => ({
        file,
        checks: rule.diagnostics,
        replay: outcome.rules[index]!,
        incidents: outcome.incidents.filter(({ ruleId }) => ruleId === rule.rule.id),
        sweep: sweep.map(counts => counts[index] ?? 0),
      }),
    )
    progress.clear()
    await loading.reportProblems()
    await printReplay(options.format, replayed, outcome, session)
    if (options.html !== undefined) await writePage(options.html, replayed, outcome)
    if (session.signal.aborted) {
      await session.terminal.err.write('Interrupted: this is what there was so far.\n')
      return EXIT.interrupted
    }
    return exitCodeOf(reporter, outcome.alerts.length, options.failOn ?? settings.config.failOn)
  }, true)
}
