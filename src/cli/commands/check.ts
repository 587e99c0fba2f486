import { checkSettings } from '../../rules/check-settings.ts'
import { readSettings as readRuleSettings } from '../../rules/read-settings.ts'
import type { Rule } from '../../rules/rule.ts'
import { type Diagnostic, DiagnosticBag } from '../../text/diagnostic.ts'
import type { CheckFormat, FailOn } from '../choices.ts'
import { type Compiled, compile } from '../execute.ts'
import { type ExitCode, Failure } from '../exit.ts'
import { countText } from '../formats/table.ts'
import { type DataOptions, exitCodeOf } from '../options.ts'
import { findQueryFiles, type QueryFile } from '../query-files.ts'
import { changedOnly } from '../read-rules.ts'
import { printSarif } from '../replay-report.ts'
import { DataPrinter, type DiagnosticData, diagnosticPrinter } from '../reporter.ts'
import { type Environment, type Session, startSession } from '../session.ts'
import { openSettings, readSettings, type Settings } from '../settings.ts'

/** The options of `kqlab check`. */
export interface CheckOptions extends DataOptions {
  readonly format: CheckFormat
  /** A revision of git: only files that differ from where the present work left it. */
  readonly changed?: string
  readonly failOn?: readonly FailOn[]
}

/**
 * Compiles queries and rules without running them. What is wrong with them is the result, and goes
 * to standard output.
 */
export async function checkQueries(
  paths: readonly string[],
  options: CheckOptions,
  environment: Environment,
): Promise<ExitCode> {
  const { out } = environment.terminal
  const found: DiagnosticData[] = []
  const printer =
    options.format === 'text'
      ? diagnosticPrinter('text', out)
      : new DataPrinter(async data => void found.push(data))
  const session = startSession(environment, printer)
  const { reporter } = session
  try {
    const settings = await readSettings(options, reporter)
    const files = await checkedFiles(paths, options, settings, session)
    await print(options.format, files, found, session)
    return exitCodeOf(reporter, 0, options.failOn ?? settings.config.failOn)
  } catch (error) {
    // What cannot be used beside the queries, as the configuration, is reported in the same form.
    const isTold = options.format === 'text' || environment.signal.aborted
    if (error instanceof Failure && !isTold) await print(options.format, [], found, session)
    throw error
  }
}

/** Compiles what is there, and reports what is wrong with it. */
async function checkedFiles(
  paths: readonly string[],
  { changed }: CheckOptions,
  settings: Settings,
  session: Session,
): Promise<readonly QueryFile[]> {
  const { reporter, signal } = session
  const data = await openSettings(settings, session)
  const all = await findQueryFiles(paths, { kql: true }, reporter)
  const files = await changedOnly(all, paths, changed, reporter)
  for (const { source, query, rule, diagnostics } of files) {
    signal.throwIfAborted()
    const own = query === undefined ? undefined : compile(query, data, {}, { rule, toCheck: true })
    const ofRule = rule === undefined ? [] : settingsFaults(rule, own?.compiled)
    const found = [...(own?.diagnostics ?? []), ...(own?.notes ?? []), ...ofRule]
    found.sort((a, b) => a.span.start - b.span.start)
    for (const diagnostic of [...diagnostics, ...found]) await reporter.inSource(source, diagnostic)
  }
  return files
}

async function print(
  format: CheckFormat,
  files: readonly QueryFile[],
  diagnostics: readonly DiagnosticData[],
  { reporter: { errors, warnings }, terminal: { out } }: Session,
): Promise<void> {
  const count = new Set(files.map(({ path }) => path)).size
  switch (format) {
    case 'sarif':
      return printSarif(diagnostics, out)
    case 'json': {
      const result = { files: count, errors, warnings, diagnostics }
      return out.write(`${JSON.stringify(result, undefined, 2)}\n`)
    }
    case 'text': {
      const counts = [countText(errors, 'error'), countText(warnings, 'warning')]
      return out.write(`${countText(count, 'file')} checked: ${counts.join(', ')}.\n`)
    }
  }
}

/** What is wrong with what a rule says of its alerts; which times those have is for a replay to tell. */
function settingsFaults(rule: Rule, compiled: Compiled | undefined): Diagnostic[] {
  const bag = new DiagnosticBag()
  const settings = readRuleSettings(rule, bag)
  // Which columns there are is not known before the run of a query with late ones.
  const known = compiled?.prepared.hasLateColumns === true ? undefined : compiled?.results[0]?.plan
  const found = checkSettings(rule, settings, known?.schema)
  return [...bag.items, ...found.filter(({ code }) => code !== 'KQL407')]
}
