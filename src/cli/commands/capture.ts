import { randomBytes } from 'node:crypto'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { externalResolver } from '../../api/external-input.ts'
import { fires } from '../../replay/views.ts'
import {
  type Capture,
  type CaptureFailure,
  type CaptureInput,
  capture,
} from '../../testing/capture/capture.ts'
import { testsFile } from '../../testing/capture/tests-file.ts'
import { loadTests } from '../../testing/load-tests.ts'
import { runSuite, type SuiteOptions } from '../../testing/run-suite.ts'
import { KqlError } from '../../text/kql-error.ts'
import { SourceText } from '../../text/source-text.ts'
import { formatDatetime } from '../../types/datetime.ts'
import type { Data } from '../data.ts'
import { compile } from '../execute.ts'
import { EXIT, type ExitCode, Failure } from '../exit.ts'
import { countText, visible } from '../formats/table.ts'
import { geoipOptions } from '../geoip.ts'
import { newestTime } from '../newest.ts'
import { clockTime, type ExecutionOptions, executeOptions, nowArgument } from '../options.ts'
import { readRules } from '../read-rules.ts'
import type { RuleFile } from '../run-report.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { openSettings, readSettings, type Settings } from '../settings.ts'
import { written } from '../write-file.ts'

/** The options of `kqlab capture`. */
export interface CaptureOptions extends ExecutionOptions {
  readonly output?: string
  readonly salt?: string
  readonly keepValues?: boolean
  readonly force?: boolean
}

const FAILURES: Readonly<Record<CaptureFailure, readonly [message: string, hint: string]>> = {
  errors: ['The query has errors.', 'See kqlab check.'],
  'fires not': [
    'The rule does not fire at that time.',
    'kqlab replay says when it does; give one of these times as --now.',
  ],
  'needs originals': [
    'The rule does not fire any more once the values that say who somebody is are replaced.',
    'With --keep-values they stay.',
  ],
}

/** Makes a file of tests for each rule out of the least of the data with which it fires. */
export async function captureRules(
  paths: readonly string[],
  options: CaptureOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = sessionOf(environment, options)
  const settings = await readSettings(options, session.reporter)
  const { files } = await readRules(paths, {}, session)
  const data = await openSettings(settings, session)
  let failed = 0
  for (const file of files) {
    if (!(await captureRule(file, data, options, settings, session))) failed++
  }
  return failed > 0 ? EXIT.failed : EXIT.ok
}

async function captureRule(
  file: RuleFile,
  data: Data,
  options: CaptureOptions,
  { config }: Settings,
  session: Session,
): Promise<boolean> {
  const { reporter, signal, terminal } = session
  const { rule, query, source } = file
  const tables = compile(query, data, {}, { rule }).compiled?.prepared.tables ?? []
  const newest = await newestTime(tables, data, session)
  const now = nowArgument(options.now ?? config.now) ?? newest ?? clockTime()
  const { external, maxRows, maxMemory, tempDir } = executeOptions(options, config)
  const geoip = await geoipOptions(options.geoip ?? config.geoip, reporter)
  const { queryPeriod } = rule
  const found = await captured(file, session, {
    query: rule.query.text,
    catalog: data.catalog,
    workspace: data.workspace,
    sources: new Map([...data.sources].filter(([name]) => tables.includes(name))),
    run: {
      now,
      signal,
      externalData: external,
      ...geoip,
      ...(maxRows === undefined ? {} : { maxRows }),
      ...(maxMemory === undefined ? {} : { maxMemory }),
      ...(tempDir === undefined ? {} : { tempDir }),
    },
    // Tests see rows by their times, those of a hunting rule too.
    window: { from: queryPeriod === undefined ? 0n : now - queryPeriod, to: now },
    isEnough: rows => rows > 0 && fires({ rule }, rows),
    ...(options.keepValues === true
      ? {}
      : { salt: options.salt ?? randomBytes(16).toString('hex') }),
  })
  if (found === undefined) return false
  if ('failure' in found) {
    for (const diagnostic of found.diagnostics) {
      await reporter.inSource(source, query.locate(diagnostic))
    }
    const [message, hint] = FAILURES[found.failure]
    const at = `${message} now is ${formatDatetime(now)}.`
    await reporter.inFile({ code: 'KQL611', severity: 'error', message: at, hint, file: file.path })
    return false
  }
  const path = testsPath(file.path, options.output)
  const isBeside = dirname(path) === dirname(file.path)
  const text = testsFile({
    query: rule.query.text,
    capture: found,
    now,
    expects: rule.kind === 'Hunting' ? 'rows' : 'alerts',
    ...(isBeside ? {} : { rule: relative(dirname(resolve(path)), resolve(file.path)) }),
  })
  await checkTests(
    text,
    file,
    data,
    { ...geoip, externalData: externalResolver(external) },
    session,
  )
  await write(path, text, options.force === true, session)
  await terminal.out.write(summary(path, found, file))
  return true
}

/** What is captured; undefined where a run fails, which is reported. */
async function captured(
  { query, source }: RuleFile,
  { reporter, signal }: Session,
  input: CaptureInput,
): Promise<Awaited<ReturnType<typeof capture>> | undefined> {
  try {
    return await capture(input)
  } catch (error) {
    if (!(error instanceof KqlError) || signal.aborted) throw error
    for (const diagnostic of error.diagnostics) {
      await reporter.inSource(source, query.locate(diagnostic))
    }
    return undefined
  }
}

/** The path of the tests of a rule: beside it, or in a folder. */
function testsPath(rule: string, output: string | undefined): string {
  const name = `${basename(rule).replace(/\.(?:ya?ml|json)$/i, '')}.tests.yaml`
  return join(output ?? dirname(rule), name)
}

/** What was made has to hold: a test that does not is a defect, and nothing is written. */
async function checkTests(
  text: string,
  { rule, source }: RuleFile,
  { catalog, workspace }: Data,
  outside: Pick<SuiteOptions, 'externalData' | 'geoip'>,
  { reporter, signal }: Session,
): Promise<void> {
  const { file, diagnostics } = loadTests(new SourceText(text, 'captured.tests.yaml'))
  const result =
    file &&
    (await runSuite({ rule, ruleSource: source, file }, { ...outside, catalog, workspace, signal }))
  const failed = result?.tests.find(({ status }) => status === 'failed')
  const error = [...diagnostics, ...(result?.diagnostics ?? [])].find(
    ({ severity }) => severity === 'error',
  )
  if (result !== undefined && failed === undefined && error === undefined) return
  const what = failed === undefined ? (error?.message ?? '') : `The test \`${failed.name}\` fails.`
  await reporter.inFile({
    code: 'KQL611',
    severity: 'error',
    message: `The tests that were made do not hold, and are not written: ${what}`,
    file: source.name,
  })
  throw new Failure('capture')
}

async function write(
  path: string,
  text: string,
  force: boolean,
  { reporter }: Session,
): Promise<void> {
  if (await written(path, text, { inFolder: true, keep: !force })) return
  const message = 'There are tests already.'
  const hint = 'Give another folder as --output, or --force to write over them.'
  await reporter.inFile({ code: 'KQL611', severity: 'error', message, hint, file: path })
  throw new Failure('capture')
}

function summary(path: string, { tables, misses, rowsRead }: Capture, { rule }: RuleFile): string {
  const rows = Object.values(tables).reduce((sum, own) => sum + own.length, 0)
  const unsolved = misses.unsolved.map(({ start, end }) => {
    const part = rule.query.text.slice(start, end).replace(/\s+/g, ' ')
    return `  no row found that fails only: ${visible(part)}\n`
  })
  return (
    `${visible(path)}: ${countText(rows, 'row')} of ${rowsRead} that the query looked at, ` +
    `${misses.found.length} near ${misses.found.length === 1 ? 'miss' : 'misses'}\n${unsolved.join('')}`
  )
}
