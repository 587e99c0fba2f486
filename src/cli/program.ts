import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { TARGETS } from '../rules/targets.ts'
import { visible } from '../text/visible.ts'
import {
  CHECK_FORMATS,
  DIFF_FORMATS,
  FAIL_ON,
  MISSING_TABLES,
  REPLAY_FORMATS,
  ROW_FORMATS,
  RUN_FORMATS,
  SYNTH_FORMATS,
  TEST_FORMATS,
  TEXT_FORMATS,
} from './choices.ts'
import type { CaptureOptions } from './commands/capture.ts'
import type { CheckOptions } from './commands/check.ts'
import type { DiffOptions } from './commands/diff.ts'
import type { ExplainOptions } from './commands/explain.ts'
import type { FunctionsOptions } from './commands/functions.ts'
import type { IngestOptions } from './commands/ingest.ts'
import type { InitOptions } from './commands/init.ts'
import type { MutateOptions } from './commands/mutate.ts'
import type { QueryOptions } from './commands/query.ts'
import type { ReplayOptions } from './commands/replay.ts'
import type { RunRulesOptions } from './commands/run.ts'
import type { SynthOptions } from './commands/synth.ts'
import type { TestOptions } from './commands/test.ts'
import type { WhyOptions } from './commands/why.ts'
import { EXIT, type ExitCode, Failure, UsageError } from './exit.ts'
import {
  CAPTURE_HELP,
  CHECK_HELP,
  DIFF_HELP,
  EXPLAIN_HELP,
  HELP,
  INGEST_HELP,
  INIT_HELP,
  MUTATE_HELP,
  QUERY_HELP,
  REPLAY_HELP,
  RUN_HELP,
  SYNTH_HELP,
  TEST_HELP,
  WHY_HELP,
} from './help-texts.ts'
import type { Environment } from './session.ts'
import { parseSize } from './size.ts'
import { packageVersion } from './version.ts'

const CHANGED_TESTS = 'rules of which the file, the tests or data of the tests were changed'

/** Runs the command line and gives its exit code. */
export async function runCommandLine(
  args: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  const result: { code: ExitCode } = { code: EXIT.ok }
  const program = programFor(args, environment, code => {
    result.code = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return result.code
  } catch (error) {
    if (environment.signal.aborted) return EXIT.interrupted
    if (error instanceof Failure) return EXIT.failed
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    if (!(error instanceof UsageError)) throw error
    await environment.terminal.err.write(`error: ${visible(error.message)}\n`)
    return EXIT.usage
  }
}

/** The commands that `args` may mean: the one that they name alone, since declaring all takes a while. */
function programFor(
  args: readonly string[],
  environment: Environment,
  done: (code: ExitCode) => void,
): Command {
  const program = new Command('kqlab')
    .description('Runs Microsoft Sentinel detections and other KQL offline, over exported logs.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', HELP)
    .configureHelp({ helpWidth: environment.terminal.out.width ?? 100 })
    .showHelpAfterError('Try: kqlab --help')
    .exitOverride()
  const commands: Readonly<Record<string, () => void>> = {
    query() {
      const query = program
        .command('query')
        .showHelpAfterError('Try: kqlab query --help')
        .summary('run a query over logs')
        .description('Runs one query over logs and prints its rows.')
        .argument('[query]', 'KQL, a .kql file, or - for standard input')
        .option('-f, --file <path>', 'read the query from a file')
        .addHelpText('after', QUERY_HELP)
        .action(async (argument: string | undefined, options: QueryOptions) => {
          const { runQuery } = await import('./commands/query.ts')
          done(await runQuery(argument, options, environment))
        })
      addDataOptions(query)
      addNow(query, 'the time that now() gives (default: the time of this machine)')
      query.addOption(
        withChoices('--format <format>', 'how rows are printed (default: "table")', ROW_FORMATS),
      )
      addParameters(query)
      addExecutionOptions(query)
      addThreads(query)
    },
    run() {
      const run = program
        .command('run')
        .showHelpAfterError('Try: kqlab run --help')
        .summary('run rules over logs')
        .description("Runs each rule's query once over logs and prints the rows that it finds.")
        .argument('<rule...>', 'rule files, or folders of them')
        .addHelpText('after', RUN_HELP)
        .action(async (paths: string[], options: RunRulesOptions) => {
          const { runRules } = await import('./commands/run.ts')
          done(await runRules(paths, options, environment))
        })
      addRuleFilter(run)
      addDataOptions(run)
      addNow(run, 'the time that now() gives (default: the newest TimeGenerated in the data)')
      run.addOption(
        withChoices('--format <format>', 'how rows are printed (default: "table")', RUN_FORMATS),
      )
      addExecutionOptions(run)
      addThreads(run)
    },
    ingest() {
      const ingest = program
        .command('ingest')
        .showHelpAfterError('Try: kqlab ingest --help')
        .summary('write logs as Parquet, which is read much faster')
        .description('Writes logs as Parquet files that every command reads much faster.')
        .argument('[path...]', 'logs: files, folders, or patterns, as for --data')
        .requiredOption('-o, --output <folder>', 'the folder to write the files to')
        .option('--force', 'replace files of the same tables that are there')
        .option('--strict', 'fail at the first record or value that cannot be read')
        .option('--no-strict', 'report what cannot be read and go on, whatever kqlab.yaml says')
        .addHelpText('after', INGEST_HELP)
        .action(async (paths: string[], options: IngestOptions) => {
          const { ingestLogs } = await import('./commands/ingest.ts')
          done(await ingestLogs(paths, options, environment))
        })
      addDataOptions(ingest)
      ingest.addOption(
        oneOf('--format <format>', 'how the report is printed', TEXT_FORMATS, 'text'),
      )
      addDiagnostics(ingest)
    },
    replay() {
      const replay = program
        .command('replay')
        .showHelpAfterError('Try: kqlab replay --help')
        .summary('run rules on their schedules, and raise their alerts')
        .description('Runs rules on their schedules over logs and prints the alerts and incidents.')
        .argument('<rule...>', 'rule files, or folders of them')
        .option('--from <time>', 'leave out runs before it (default: all runs that see data)')
        .option('--to <time>', 'leave out runs after it')
        .option('--anchor <time>', 'a time at which rules run')
        .option(
          '--delay <duration>',
          'how long after its TimeGenerated a row arrives: 5m, 1m..10m, 50%=1m,99%=20m',
        )
        .option('--freq <duration>', 'how often rules without a queryFrequency run')
        .option(
          '--period <duration>',
          'the window of rules without a queryPeriod (default: the frequency)',
        )
        .option('--warm-up', 'leave out runs whose window begins before the data')
        .option('--close-after <duration>', 'how long after its last alert an incident is closed')
        .option(
          '--workers <number>',
          'threads that run rules; 0 for none (default: by the work)',
          threadCount,
        )
        .option('--html <file>', 'also write a page about it, which needs nothing beside it')
        .option('--phase-sweep <number>', 'try so many phases of the schedules', wholeNumber)
        .addHelpText('after', REPLAY_HELP)
        .action(async (paths: string[], options: ReplayOptions) => {
          const { replayRules } = await import('./commands/replay.ts')
          done(await replayRules(paths, options, environment))
        })
      addRuleFilter(replay)
      addDataOptions(replay)
      replay.addOption(
        oneOf('--format <format>', 'how the result is printed', REPLAY_FORMATS, 'text'),
      )
      addExecutionOptions(replay)
    },
    init() {
      program
        .command('init')
        .showHelpAfterError('Try: kqlab init --help')
        .summary('begin with rules and their tests in a folder')
        .description('Writes what a folder of rules and their tests begins with.')
        .argument('[folder]', 'the folder, made where it is missing (default: the one at hand)')
        .option('--dry-run', 'tell what would be written, and write nothing')
        .addHelpText('after', INIT_HELP)
        .action(async (folder: string | undefined, options: InitOptions) => {
          const { initFolder } = await import('./commands/init.ts')
          done(await initFolder(folder ?? '.', options, environment))
        })
    },
    test() {
      const test = program
        .command('test')
        .showHelpAfterError('Try: kqlab test --help')
        .summary('run the tests of rules')
        .description('Runs the tests of rules and prints what does not hold.')
        .argument('[path...]', 'rules, files of tests, or folders of them')
        .option(
          '--filter <text>',
          'only tests with the text in their name or that of their rule',
          repeated,
        )
        .option('--shard <i/n>', 'only part I of N of the tests', shard)
        .option('--bail', 'stop after the first test that fails')
        .option('--update', 'write what came into the files of tests that fail')
        .option('--watch', 'run tests again when a file changes that bears on them; q ends it')
        .option(
          '--minimum-tests <number>',
          'fail where a rule has fewer tests, none in which it fires, or none in which it does not',
          wholeNumber,
        )
        .option(
          '--report <format=path>',
          'also write a report to a file; may be repeated',
          repeated,
        )
        .option('--coverage', 'print which parts of the queries the tests do not make happen')
        .option(
          '--coverage-report <format=path>',
          'write the coverage as lcov, cobertura or json; may be repeated',
          repeated,
        )
        .option('--minimum-coverage <percent>', 'fail where less is covered', wholeNumber)
        .addHelpText('after', TEST_HELP)
        .action(async (paths: string[], options: TestOptions & { readonly watch?: boolean }) => {
          if (options.watch === true) {
            const { watchTests } = await import('./watch/watch-tests.ts')
            done(await watchTests(paths, options, environment))
            return
          }
          const { testRules } = await import('./commands/test.ts')
          done(await testRules(paths, options, environment))
        })
      test.addOption(oneOf('--format <format>', 'how results are printed', TEST_FORMATS, 'pretty'))
      addChanged(test, CHANGED_TESTS)
      addWorkspaceOptions(test)
      addOutside(test)
      addLimits(test)
      addDiagnostics(test)
    },
    capture() {
      const captured = program
        .command('capture')
        .showHelpAfterError('Try: kqlab capture --help')
        .summary('make tests of a rule out of logs in which it fires')
        .description('Makes tests out of the least of the logs with which a rule fires.')
        .argument('<rule...>', 'rule files, or folders of them')
        .option(
          '-o, --output <folder>',
          'where files of tests are written (default: beside the rules)',
        )
        .option('--salt <text>', 'makes the same pseudonyms again (default: others each time)')
        .option('--keep-values', 'leave names, addresses and identifiers as they are in the logs')
        .option('--force', 'write over files that are there')
        .addHelpText('after', CAPTURE_HELP)
        .action(async (paths: string[], options: CaptureOptions) => {
          const { captureRules } = await import('./commands/capture.ts')
          done(await captureRules(paths, options, environment))
        })
      addDataOptions(captured)
      addNow(captured, 'the time that now() gives (default: the newest TimeGenerated in the data)')
      addExecutionOptions(captured)
    },
    mutate() {
      const mutate = program
        .command('mutate')
        .showHelpAfterError('Try: kqlab mutate --help')
        .summary('see whether the tests of rules notice changes')
        .description(
          'Changes rules in small ways and says which changes their tests do not notice.',
        )
        .argument('[path...]', 'rules, files of tests, or folders of them')
        .option(
          '--minimum-score <percent>',
          'fail where fewer of the changes are noticed, in per cent',
          wholeNumber,
        )
        .addHelpText('after', MUTATE_HELP)
        .action(async (paths: string[], options: MutateOptions) => {
          const { mutateRules } = await import('./commands/mutate.ts')
          done(await mutateRules(paths, options, environment))
        })
      mutate.addOption(oneOf('--format <format>', 'how mutants are printed', CHECK_FORMATS, 'text'))
      addChanged(mutate, CHANGED_TESTS)
      addWorkspaceOptions(mutate)
      addOutside(mutate)
      addLimits(mutate)
      addDiagnostics(mutate)
    },
    diff() {
      const diff = program
        .command('diff')
        .showHelpAfterError('Try: kqlab diff --help')
        .summary('compare the alerts of rules before and after a change')
        .description(
          'Replays rules before and after a change over the same logs and prints what differs.',
        )
        .argument('<what...>', 'rules before and after; a range of revisions and rules; or rules')
        .option('--against <file...>', 'compare with alerts that Sentinel raised, exported')
        .option(
          '--tolerance <duration>',
          'how far apart runs may be that are the same (default: 5m)',
        )
        .option('--from <time>', 'leave out runs before it (default: all runs that see data)')
        .option('--to <time>', 'leave out runs after it')
        .option('--anchor <time>', 'a time at which rules run')
        .option(
          '--delay <duration>',
          'how long after its TimeGenerated a row arrives: 5m, 1m..10m, 50%=1m,99%=20m',
        )
        .option('--freq <duration>', 'how often rules without a queryFrequency run')
        .option(
          '--period <duration>',
          'the window of rules without a queryPeriod (default: the frequency)',
        )
        .option('--warm-up', 'leave out runs whose window begins before the data')
        .option('--close-after <duration>', 'how long after its last alert an incident is closed')
        .option(
          '--workers <number>',
          'threads that run rules; 0 for none (default: by the work)',
          threadCount,
        )
        .addHelpText('after', DIFF_HELP)
        .action(async (paths: string[], options: DiffOptions) => {
          const { diffRules } = await import('./commands/diff.ts')
          done(await diffRules(paths, options, environment))
        })
      addRuleFilter(diff)
      addDataOptions(diff)
      diff.addOption(oneOf('--format <format>', 'how the result is printed', DIFF_FORMATS, 'text'))
      addExecutionOptions(diff)
    },
    why() {
      const why = program
        .command('why')
        .showHelpAfterError('Try: kqlab why --help')
        .summary('tell where rows of the logs end in a rule')
        .description('Follows rows of a table through a query and tells what leaves them out.')
        .argument('<rule>', 'a rule file, a .kql file, or KQL')
        .option('--where <condition>', 'follow the rows of the table for which it is true')
        .option('--rows <numbers>', 'follow the rows with these numbers: 3,7', rowNumbers)
        .option('--limit <number>', 'rows that are followed, at most (default: 20)', wholeNumber)
        .option('--at <time>', 'the time of a run, which sees the rows of its queryPeriod alone')
        .addHelpText('after', WHY_HELP)
        .action(async (argument: string, options: WhyOptions) => {
          const { explainWhy } = await import('./commands/why.ts')
          done(await explainWhy(argument, options, environment))
        })
      addDataOptions(why)
      addParameters(why)
      addNow(why, 'the time that now() gives (default: the newest TimeGenerated in the data)')
      why.addOption(oneOf('--format <format>', 'how it is printed', TEXT_FORMATS, 'text'))
      addExecutionOptions(why)
    },
    explain() {
      const explain = program
        .command('explain')
        .showHelpAfterError('Try: kqlab explain --help')
        .summary('print the plan of a query')
        .description('Prints the plan of a query, before and after rewriting, and what it reads.')
        .argument('[query]', 'KQL, a .kql file, a rule file, or - for standard input')
        .option('-f, --file <path>', 'read the query from a file')
        .option('--analyze', 'run the query too, for the rows and the time of each operator')
        .addHelpText('after', EXPLAIN_HELP)
        .action(async (argument: string | undefined, options: ExplainOptions) => {
          const { explainQuery } = await import('./commands/explain.ts')
          done(await explainQuery(argument, options, environment))
        })
      addDataOptions(explain)
      explain.addOption(oneOf('--format <format>', 'how plans are printed', TEXT_FORMATS, 'text'))
      addNow(
        explain,
        'the time that now() gives with --analyze (default: the time of this machine)',
      )
      addParameters(explain)
      addExecutionOptions(explain)
      addThreads(explain)
    },
    check() {
      const check = program
        .command('check')
        .showHelpAfterError('Try: kqlab check --help')
        .summary('look for faults in queries and rules')
        .description('Compiles queries and rules without running them and prints what is wrong.')
        .argument('<path...>', '.kql files, rule files, or folders of them')
        .addHelpText('after', CHECK_HELP)
        .action(async (paths: string[], options: CheckOptions) => {
          const { checkQueries } = await import('./commands/check.ts')
          done(await checkQueries(paths, options, environment))
        })
      addDataOptions(check)
      check.addOption(oneOf('--format <format>', 'how faults are printed', CHECK_FORMATS, 'text'))
      addChanged(check)
      check.addOption(
        new Option('--fail-on <what>', 'end with exit code 1 for warnings too')
          .choices(['warnings'])
          .argParser(collectChoices(['warnings'])),
      )
    },
    synth() {
      const synth = program
        .command('synth')
        .showHelpAfterError('Try: kqlab synth --help')
        .summary('make rows that a rule fires on')
        .description('Makes rows for which a query or a rule gives a result, from the query alone.')
        .argument('[query]', 'KQL, a .kql file, a rule file, or - for standard input')
        .option(
          '-o, --output <path>',
          'write to the file; without an extension, a file a table there',
        )
        .option('--force', 'write over files that are there')
        .addHelpText('after', SYNTH_HELP)
        .action(async (argument: string | undefined, options: SynthOptions) => {
          const { synthesizeRows } = await import('./commands/synth.ts')
          done(await synthesizeRows(argument, options, environment))
        })
      addNow(
        synth,
        'the time at which the query gives a result (default: the time of this machine)',
      )
      addDataOptions(synth)
      synth.addOption(oneOf('--format <format>', 'how rows are printed', SYNTH_FORMATS, 'ndjson'))
      addParameters(synth)
      addOutside(synth)
      addDiagnostics(synth)
    },
    functions() {
      const functions = program
        .command('functions')
        .showHelpAfterError('Try: kqlab functions --help')
        .summary('tell what a function does, or list all')
        .description('Prints the signatures, the description and examples of a function of KQL.')
        .argument('[name]', 'the function; without it all are listed, with what kqlab lacks')
        .action(async (name: string | undefined, options: FunctionsOptions) => {
          const { describeFunctions } = await import('./commands/functions.ts')
          done(await describeFunctions(name, options, environment))
        })
      functions.addOption(oneOf('--format <format>', 'how it is printed', TEXT_FORMATS, 'text'))
    },
  }
  const [named = ''] = args
  const declared = Object.hasOwn(commands, named) ? [named] : Object.keys(commands)
  for (const name of declared) commands[name]?.()
  return program
}

function addDataOptions(command: Command): void {
  command
    .option('--data <path...>', 'logs: files, folders, or patterns such as logs/**/*.json')
    .option('--table <name=path>', 'logs of the table NAME; may be repeated', repeated)
  addWorkspaceOptions(command)
  command
    .option(
      '--place <place=path>',
      'data of another place such as \'workspace("x")\', or local; may be repeated',
      repeated,
    )
    .addOption(
      withChoices(
        '--target <service>',
        'warn of what the service refuses though kqlab runs it',
        TARGETS,
      ),
    )
}

function addWorkspaceOptions(command: Command): void {
  command
    .option(
      '--schema <name=columns>',
      'columns of the table NAME: column:type,…; may be repeated',
      repeated,
    )
    .option('--functions <path>', 'saved functions: a file or a folder; may be repeated', repeated)
    .option('--watchlist <name=path>', 'items of the watchlist NAME; may be repeated', repeated)
    .option(
      '--search-key <name=column>',
      'the search key of the watchlist NAME; may be repeated',
      repeated,
    )
    .option(
      '--enrichment <name=path>',
      'what the function NAME, such as FileProfile, adds to rows; may be repeated',
      repeated,
    )
    .option('--ignore <code>', 'do not report warnings of the code; may be repeated', repeated)
    .option('--config <file>', 'the configuration (default: kqlab.yaml here or in a folder above)')
    .option('--no-config', 'read no configuration')
}

function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

function addRuleFilter(command: Command): void {
  for (const [flags, what] of [
    ['--severity <severity>', 'only rules of the severity'],
    ['--tactic <tactic>', 'only rules of the tactic'],
    ['--technique <technique>', 'only rules of the technique, sub-techniques included'],
    ['--tag <tag>', 'only rules with the tag'],
    ['--name <text>', 'only rules with the text in their name'],
    ['--id <id>', 'only the rule with the id'],
  ] as const) {
    command.option(flags, `${what}; may be repeated`, repeated)
  }
  addChanged(command)
}

function addChanged(command: Command, what = 'files changed'): void {
  command.option(
    '--changed <revision>',
    `only ${what} since the common ancestor with a revision of git, such as main`,
  )
}

function addNow(command: Command, description: string): void {
  command.option('--now <time>', description)
}

function addParameters(command: Command): void {
  command.option('--param <name=value>', 'value of a query parameter; may be repeated', repeated)
}

function addDiagnostics(command: Command): void {
  command.addOption(
    oneOf('--diagnostics <format>', 'how faults are printed on stderr', TEXT_FORMATS, 'text'),
  )
}

function addExecutionOptions(command: Command): void {
  addOutside(command)
  command
    .option('--strict', 'fail at the first record or value that cannot be read')
    .option('--no-strict', 'report what cannot be read and go on, whatever kqlab.yaml says')
    .addOption(
      withChoices(
        '--missing-tables <how>',
        'what a table without logs is: an error, or empty (default: "error")',
        MISSING_TABLES,
      ),
    )
    .addOption(
      new Option(
        '--fail-on <what>',
        'end with exit code 1 for rows, or for warnings; may be repeated',
      )
        .choices(FAIL_ON)
        .argParser(collectChoices(FAIL_ON)),
    )
  addLimits(command)
  addDiagnostics(command)
}

function addLimits(command: Command): void {
  command
    .option(
      '--max-rows <number>',
      'rows that sort, join, summarize and the like may keep in memory',
      wholeNumber,
    )
    .option(
      '--memory <size>',
      'memory of the process, such as 300MB or 4G; beyond, sort, top, summarize and join use files',
      size,
    )
    .addOption(new Option('--max-memory <size>', 'the same').argParser(size).hideHelp())
    .option('--temp-dir <folder>', "folder for those files (default: the system's)")
}

function addThreads(command: Command): void {
  command.option(
    '--threads <number>',
    'threads that read large files; 1 for no others (default: as many as there are processors)',
    wholeNumber,
  )
}

function addOutside(command: Command): void {
  command
    .option(
      '--external <url=path>',
      'file with the data that externaldata reads at URL; may be repeated',
      repeated,
    )
    .option(
      '--geoip <file>',
      'database of cities (GeoLite2-City.mmdb) for geo_info_from_ip_address; none makes it null',
    )
}

/** An option whose default is not known yet: the configuration may have it. */
function withChoices(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices)
}

function oneOf(
  flags: string,
  description: string,
  choices: readonly string[],
  fallback: string,
): Option {
  return new Option(flags, description).choices(choices).default(fallback)
}

function collectChoices(
  choices: readonly string[],
): (text: string, before?: readonly string[]) => string[] {
  return (text, before = []) => {
    const values = text.split(',').map(value => value.trim())
    const wrong = values.find(value => !choices.includes(value))
    if (wrong !== undefined) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`)
    }
    return [...before, ...values]
  }
}

function shard(text: string): { index: number; count: number } {
  const [index = 0, count = 0] = /^\d{1,6}\/\d{1,6}$/.test(text) ? text.split('/').map(Number) : []
  if (index > 0 && index <= count) return { index, count }
  throw new InvalidArgumentError('It is I/N, such as 1/3: part I of N.')
}

function size(text: string): number {
  const bytes = parseSize(text)
  if (bytes !== undefined) return bytes
  throw new InvalidArgumentError('It is a number of bytes, also with K, M or G.')
}

function threadCount(text: string): number {
  return text === '0' ? 0 : wholeNumber(text)
}

/** `3,7`: numbers of rows, each once. */
function rowNumbers(text: string): number[] {
  return [...new Set(text.split(',').map(each => wholeNumber(each.trim())))]
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It is a whole number above 0.')
}
