import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { stringify } from 'yaml'
import { fires, triggerText } from '../../replay/views.ts'
import type { Rule } from '../../rules/rule.ts'
import { type Synthesis, synthesize, type Unsolved } from '../../testing/synth/synthesize.ts'
import { KqlError } from '../../text/kql-error.ts'
import { plainJson } from '../../text/plain-json.ts'
import type { SynthFormat } from '../choices.ts'
import type { Data } from '../data.ts'
import type { ExecuteOptions } from '../execute.ts'
import { EXIT, type ExitCode, Failure } from '../exit.ts'
import { countText } from '../formats/table.ts'
import { geoipOptions } from '../geoip.ts'
import {
  clockTime,
  type ExecutionOptions,
  executeOptions,
  nowArgument,
  parameterArguments,
} from '../options.ts'
import { isRulePath, queryFrom } from '../query-argument.ts'
import { findQueryFiles } from '../query-files.ts'
import type { QueryText } from '../query-text.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { openSettings, readSettings } from '../settings.ts'
import { writeReason } from '../write-file.ts'

/** The options of `kqlab synth`. */
export interface SynthOptions extends ExecutionOptions {
  readonly output?: string
  readonly force?: boolean
  readonly param?: readonly string[]
  readonly format: SynthFormat
}

/** Makes rows for which a query gives a result, and prints them. */
export async function synthesizeRows(
  argument: string | undefined,
  options: SynthOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = sessionOf(environment, options)
  const settings = await readSettings(options, session.reporter)
  const { config } = settings
  const now = nowArgument(options.now ?? config.now) ?? clockTime()
  const { external } = executeOptions(options, config)
  const { query, rule } = await ruleOrQuery(argument, session)
  const data = await openSettings(settings, session)
  const parameters = parameterArguments(options.param ?? [])
  const geoip = await geoipOptions(options.geoip ?? config.geoip, session.reporter)
  const task = { query, rule, data, parameters, now, external, ...geoip }
  const made = await synthesized(task, session)
  for (const each of made.unsolved) await report(each, made, query, session)
  if (!made.fired && made.unsolved.length === 0) await report(NO_REASON, made, query, session)
  if (made.fired && rule !== undefined) await reportQuiet(rule, made, query, session)
  await print(made, options, session)
  return session.reporter.errors > 0 ? EXIT.failed : EXIT.ok
}

interface Input {
  readonly query: QueryText
  readonly rule: Rule | undefined
}

/** What is named by the argument; of a file with several rules, the first. */
async function ruleOrQuery(argument: string | undefined, session: Session): Promise<Input> {
  if (argument === undefined || !isRulePath(argument)) {
    const query = await queryFrom({ query: argument, file: undefined }, session)
    return { query, rule: undefined }
  }
  const [file] = await findQueryFiles([argument], { kql: false }, session.reporter)
  for (const diagnostic of file?.diagnostics ?? []) {
    if (file !== undefined) await session.reporter.inSource(file.source, diagnostic)
  }
  if (file?.query === undefined) throw new Failure(argument)
  return { query: file.query, rule: file.rule }
}

interface Task extends Input, Pick<ExecuteOptions, 'external' | 'geoip'> {
  readonly data: Data
  readonly parameters: Readonly<Record<string, string>>
  readonly now: bigint
}

async function synthesized(task: Task, { reporter, signal }: Session): Promise<Synthesis> {
  const { query, rule, data, parameters, now, external, geoip } = task
  const { catalog, workspace } = data
  const period = rule?.queryPeriod
  try {
    return await synthesize(query.text, {
      catalog,
      workspace,
      parameters,
      now,
      signal,
      externalData: external,
      ...(geoip === undefined ? {} : { geoip }),
      rows: rowsToFire(rule),
      ...(period === undefined ? {} : { period }),
    })
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    for (const diagnostic of error.diagnostics) {
      await reporter.inSource(query.source, query.locate(workspace.locate(diagnostic)))
    }
    throw new Failure('query')
  }
}

/** Rows of a result that raise an alert: the fewest; one where no number does. */
function rowsToFire(rule: Rule | undefined): number {
  if (rule === undefined) return 1
  const threshold = rule.triggerThreshold ?? 0
  return [1, threshold, threshold + 1].find(rows => rows > 0 && fires({ rule }, rows)) ?? 1
}

const NO_REASON: Unsolved = {
  span: { start: 0, end: 0 },
  reason: 'the rows that were made give no result',
}

async function report(
  { span, reason }: Unsolved,
  { fired }: Synthesis,
  query: QueryText,
  { reporter }: Session,
): Promise<void> {
  const message = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
  const diagnostic = fired
    ? ({ code: 'KQL621', severity: 'warning', message, span } as const)
    : ({ code: 'KQL620', severity: 'error', message, span } as const)
  await reporter.inSource(query.source, query.locate(diagnostic))
}

/** Some triggers want fewer rows than were made, or none. */
async function reportQuiet(
  rule: Rule,
  { resultRows }: Synthesis,
  { source }: QueryText,
  { reporter }: Session,
): Promise<void> {
  if (fires({ rule }, resultRows)) return
  const rows = countText(resultRows, 'row')
  await reporter.inSource(source, {
    code: 'KQL620',
    severity: 'error',
    message: `The query gives ${rows} over what was made; the rule fires at ${triggerText(rule)}.`,
    span: rule.place(['triggerThreshold']),
  })
}

async function print(made: Synthesis, options: SynthOptions, session: Session): Promise<void> {
  const { output, format } = options
  if (output === undefined) {
    await session.terminal.out.write(format === 'yaml' ? yamlText(made) : linesText(made))
    return
  }
  const flag = options.force === true ? 'w' : 'wx'
  for (const [path, text] of filesOf(made, output, format)) {
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text, { flag })
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      const isThere = code === 'EEXIST' && syscall === 'open'
      await session.reporter.inFile({
        code: 'KQL400',
        severity: 'error',
        message: isThere ? 'There is such a file already.' : writeReason(error),
        ...(isThere ? { hint: 'Choose another place, or --force to write over it.' } : {}),
        file: path,
      })
      throw new Failure(path)
    }
  }
}

/** What is written where: a file, or in a folder one for each table. */
function filesOf(made: Synthesis, output: string, format: SynthFormat): [string, string][] {
  if (format === 'yaml') return [[output, yamlText(made)]]
  if (extname(output) !== '') return [[output, linesText(made)]]
  const taken = new Set<string>()
  return Object.entries(made.tables).map(([table, rows]) => {
    // A table may have any name, a path among them.
    const plain = table.replaceAll(/[^\w.-]/g, '_')
    let name = plain
    for (let more = 2; taken.has(name.toLowerCase()); more++) name = `${plain}-${more}`
    taken.add(name.toLowerCase())
    return [join(output, `${name}.ndjson`), linesText({ tables: { [table]: rows } })]
  })
}

/** A row a line, which says its table in `Type`, as exports have it. */
function linesText({ tables }: Pick<Synthesis, 'tables'>): string {
  return Object.entries(tables)
    .flatMap(([table, rows]) => rows.map(row => `${plainJson({ Type: table, ...row })}\n`))
    .join('')
}

/** What a test of a rule gives. */
function yamlText({ now, tables }: Synthesis): string {
  return stringify({ now, given: tables }, { lineWidth: 0 })
}
