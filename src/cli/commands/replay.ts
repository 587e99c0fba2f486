import type { ReplayFormat } from '../choices.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { exitCodeOf } from '../options.ts'
import { prepareReplay, type ScheduleOptions } from '../prepare-replay.ts'
import { readRules } from '../read-rules.ts'
import { printReplay, writePage } from '../replay-report.ts'
import type { ReplayedFile } from '../replay-summary.ts'
import { DataPrinter, type DiagnosticData, diagnosticPrinter, TeePrinter } from '../reporter.ts'
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
  const { err, out } = environment.terminal
  const reported: DiagnosticData[] = []
  const keeper = new DataPrinter(async data => void reported.push(data))
  const printer = new TeePrinter(diagnosticPrinter(options.diagnostics, err), keeper)
  const session = startSession(environment, printer)
  const { reporter, progress } = session
  const { files } = await readRules(paths, options, session)
  // Which files have changed is found out once.
  const reading = options.changed === undefined ? { paths: [paths], filter: options } : undefined
  const loading = await prepareReplay(files, options, session, reading)
  const { prepared, times, settings } = loading
  // Of the rules: what is said of the data later has no place in them.
  const ofRules = reported.filter(
    ({ line, severity }) => line !== undefined || severity === 'error',
  )
  const phases = options.phaseSweep ?? 0
  progress.expect(prepared.length * (phases + 1))
  return loading.run(async replay => {
    const outcome = await replay.run(times)
    const sweep: number[][] = []
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
    const took = progress.clock.text()
    progress.clear()
    await loading.reportProblems()
    await printReplay(options.format, { rules: replayed, outcome, reported: ofRules }, out)
    if (options.format === 'text' && err.isTerminal) await err.write(`${took}\n`)
    if (options.html !== undefined) await writePage(options.html, replayed, outcome)
    if (session.signal.aborted) {
      await session.terminal.err.write('Interrupted: this is what there was so far.\n')
      return EXIT.interrupted
    }
    return exitCodeOf(reporter, outcome.alerts.length, options.failOn ?? settings.config.failOn)
  }, true)
}
