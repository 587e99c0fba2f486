import { externalResolver } from '../../api/external-input.ts'
import { runLimits } from '../../api/run-limits.ts'
import { coverageText } from '../../report/coverage.ts'
import { Catalog } from '../../tables/catalog.ts'
import { coverRules, shareOf } from '../../testing/coverage/cover.ts'
import { explainFailure } from '../../testing/explain-failure.ts'
import { reportOf } from '../../testing/report-counts.ts'
import type { SuiteResult } from '../../testing/results.ts'
import { runSuite, type SuiteOptions, type TestSuite } from '../../testing/run-suite.ts'
import { lackOf, type Shard, selectTests } from '../../testing/select-tests.ts'
import { updatedTests } from '../../testing/update.ts'
import type { TestFormat } from '../choices.ts'
import { type CoverageFile, coverageAs, coverageFiles } from '../coverage-files.ts'
import { EXIT, type ExitCode, Failure } from '../exit.ts'
import { type FoundTests, filesOf } from '../find-tests.ts'
import { countText, visible } from '../formats/table.ts'
import { geoipOptions } from '../geoip.ts'
import { type DataOptions, type ExecutionOptions, executeOptions } from '../options.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { readSettings, type Settings } from '../settings.ts'
import { sharedFiles } from '../shared-files.ts'
import { printReports, reportFiles } from '../test-reports.ts'
import { wantedTests } from '../wanted-tests.ts'
import { openWorkspaceOf } from '../workspace.ts'
import { written } from '../write-file.ts'

/** The options of `kqlab test`. */
export interface TestOptions
  extends DataOptions,
    Pick<ExecutionOptions, 'maxRows' | 'memory' | 'maxMemory' | 'tempDir'> {
  readonly filter?: readonly string[]
  readonly changed?: string
  readonly shard?: Shard
  readonly bail?: boolean
  readonly update?: boolean
  readonly minimumTests?: number
  readonly format: TestFormat
  readonly report?: readonly string[]
  readonly coverage?: boolean
  readonly coverageReport?: readonly string[]
  /** In per cent. */
  readonly minimumCoverage?: number
  readonly external?: readonly string[]
  readonly geoip?: string
  readonly diagnostics: 'text' | 'json'
}

/** Runs the tests of rules: 0 where all passed, 1 where one failed, 2 where a file cannot be used. */
export async function testRules(
  paths: readonly string[],
  options: TestOptions,
  environment: Environment,
): Promise<ExitCode> {
  return (await runTests(paths, options, environment)).code
}

/** What a run of tests gave, and the files that bear on them. */
export interface TestPass {
  readonly code: ExitCode
  readonly results: readonly SuiteResult[]
  /** All rules with tests that there are, run or not, each by its files. */
  readonly suites: readonly (readonly string[])[]
  /** What they share; undefined where the configuration cannot be used. */
  readonly settings: Settings | undefined
}

/** Runs tests once: all, or those that `isWanted` takes by their files. */
export async function runTests(
  paths: readonly string[],
  options: TestOptions,
  environment: Environment,
  isWanted?: (files: readonly string[]) => boolean,
): Promise<TestPass> {
  const session = sessionOf(environment, options)
  try {
    return await runFound(paths, options, session, isWanted)
  } catch (error) {
    // A configuration or a file that cannot be used, which was reported.
    if (error instanceof Failure && !environment.signal.aborted) {
      return { code: EXIT.usage, results: [], suites: [], settings: undefined }
    }
    throw error
  }
}

async function runFound(
  paths: readonly string[],
  options: TestOptions,
  session: Session,
  isWanted: ((files: readonly string[]) => boolean) | undefined,
): Promise<TestPass> {
  const { reporter, terminal } = session
  const reports = reportFiles(options.report ?? [])
  const coverageReports = coverageFiles(options.coverageReport ?? [])
  const start = performance.now()
  const settings = await readSettings(options, reporter)
  const hint = 'Tests of a rule are in NAME.tests.yaml beside it, or in its field `tests`.'
  const { changed } = options
  const isAgain = isWanted !== undefined
  const shared = sharedFiles(settings, options)
  const all = await wantedTests(paths, { changed, hint, shared, isAgain }, settings, reporter)
  const files = all.all.map(filesOf)
  const found =
    isWanted === undefined
      ? all
      : { ...all, suites: all.suites.filter(suite => isWanted(filesOf(suite))) }
  if (!isAgain) await reportFilter(all, options, session)
  const results = await runSuites(found.suites, options, settings, session)
  const report = reportOf(results)
  for (const { diagnostics } of results) {
    for (const diagnostic of diagnostics) {
      if (diagnostic.source !== undefined) await reporter.inSource(diagnostic.source, diagnostic)
    }
  }
  const invalid = reporter.errors > 0
  const lacking = await reportLacks(found, options.minimumTests, session)
  await printReports(options.format, reports, report, performance.now() - start, terminal.out)
  const uncovered = invalid
    ? false
    : await reportCoverage(found.suites, coverageReports, options, settings, session)
  const updated = options.update === true ? await update(found.suites, results, session) : 0
  const isGood = report.failed <= updated && lacking === 0 && !uncovered
  const code = invalid ? EXIT.usage : isGood ? EXIT.ok : EXIT.failed
  return { code, results, suites: files, settings }
}

/** Reports a filter that fits no test, whatever has changed. */
async function reportFilter(
  { all }: FoundTests,
  { filter }: TestOptions,
  { reporter }: Session,
): Promise<void> {
  // A rule that cannot be used may be the one that is meant.
  if (filter === undefined || all.length === 0 || reporter.errors > 0) return
  const named = all.map(({ rule, file }) => ({ rule: rule.name, file }))
  if (selectTests(named, { filter }).size > 0) return
  const rules = countText(new Set(all.map(({ rule }) => rule)).size, 'rule')
  await reporter.inFile({
    code: 'KQL601',
    severity: 'error',
    message: `--filter matches none of ${rules}, and no test.`,
    hint: 'It is a part of the name of a rule or of a test, in any case.',
  })
}

async function runSuites(
  suites: readonly TestSuite[],
  options: TestOptions,
  settings: Settings,
  session: Session,
): Promise<SuiteResult[]> {
  const { filter, shard, bail } = options
  const selected = selectTests(
    suites.map(({ rule, file }) => ({ rule: rule.name, file })),
    { ...(filter && { filter }), ...(shard && { shard }) },
  )
  const run: SuiteOptions = {
    ...(await surroundings(options, settings, session)),
    wants: test => selected.has(test),
    ...(bail === undefined ? {} : { bail }),
    clock: () => performance.now(),
    explain: explainFailure,
  }
  const results: SuiteResult[] = []
  for (const suite of suites) {
    if (!suite.file.tests.some(test => selected.has(test))) continue
    const result = await runSuite(suite, run)
    results.push(result)
    if (bail === true && result.tests.some(({ status }) => status === 'failed')) break
  }
  return results
}

/** Reports what the tests cover, where that is wanted; gives whether it is too little. */
async function reportCoverage(
  suites: readonly TestSuite[],
  files: readonly CoverageFile[],
  options: TestOptions,
  settings: Settings,
  session: Session,
): Promise<boolean> {
  const { coverage, minimumCoverage } = options
  if (coverage !== true && files.length === 0 && minimumCoverage === undefined) return false
  const results = await coverRules(suites, await surroundings(options, settings, session))
  for (const { format, path } of files) await written(path, coverageAs(format, results))
  const { covered, total } = shareOf(results.flatMap(({ items }) => items))
  // Besides the results, where those are for people; else by itself, as they are read by a program.
  const { out, err } = session.terminal
  const output = options.format === 'pretty' ? out : err
  if (coverage === true || minimumCoverage !== undefined) await output.write(coverageText(results))
  return total > 0 && 100 * covered < (minimumCoverage ?? 0) * total
}

/** What rules may name beside tables of tests, as the options and the configuration say. */
export async function surroundings(
  options: Omit<TestOptions, 'format'>,
  { config, data, workspace }: Settings,
  { reporter, signal }: Session,
): Promise<SuiteOptions> {
  const { external, ...limits } = executeOptions({ ...options }, config)
  return {
    catalog: Catalog.builtin().with(data.schemas ?? {}),
    workspace: await openWorkspaceOf(workspace, reporter, signal),
    ...(await geoipOptions(options.geoip ?? config.geoip, reporter)),
    externalData: externalResolver(external),
    limits: runLimits(limits),
    signal,
  }
}

/** How many rules have fewer tests than they have to have. */
async function reportLacks(
  { suites, untested }: FoundTests,
  minimum: number | undefined,
  { reporter }: Session,
): Promise<number> {
  if (minimum === undefined) return 0
  const rules = [
    ...suites.map(({ rule, ruleSource, file }) => ({
      rule,
      source: ruleSource,
      tests: file.tests,
    })),
    ...untested.map(({ rule, source }) => ({ rule, source, tests: [] })),
  ]
  let lacking = 0
  for (const [rule, own] of Map.groupBy(rules, each => each.rule)) {
    const [first] = own
    const lack = lackOf(
      own.flatMap(({ tests }) => tests),
      minimum,
    )
    if (lack === undefined || first === undefined) continue
    lacking++
    const span = rule.place(['name'])
    await reporter.inSource(first.source, {
      code: 'KQL606',
      severity: 'error',
      message: lack,
      span,
    })
  }
  return lacking
}

/** Writes what came into the files of tests that failed; gives how many tests that are. */
async function update(
  suites: readonly TestSuite[],
  results: readonly SuiteResult[],
  { terminal }: Session,
): Promise<number> {
  let count = 0
  for (const { file } of suites) {
    const result = results.find(({ testFile }) => testFile === file.source.name)
    const { text, updated } = updatedTests(file, result?.tests ?? [])
    if (updated.length === 0) continue
    await written(file.source.name, text)
    count += updated.length
    const tests = countText(updated.length, 'test')
    await terminal.err.write(`${visible(file.source.name)}: ${tests} updated.\n`)
  }
  return count
}
