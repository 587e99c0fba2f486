import { parseDatetime, ticksFromEpochMillis } from '../types/datetime.ts'
import type { FailOn, MissingTables, TextFormat } from './choices.ts'
import type { DataArguments } from './data.ts'
import type { ExecuteOptions } from './execute.ts'
import { EXIT, type ExitCode, UsageError } from './exit.ts'
import type { Reporter } from './reporter.ts'

/** The options of commands that read data. */
export interface DataOptions {
  readonly data?: readonly string[]
  readonly table?: readonly string[]
}

/** The options of commands that run queries. */
export interface ExecutionOptions extends DataOptions {
  readonly now?: string
  readonly external?: readonly string[]
  readonly strict?: boolean
  readonly missingTables: MissingTables
  readonly failOn?: readonly FailOn[]
  readonly maxRows?: number
  readonly maxMemory?: number
  readonly diagnostics: TextFormat
}

/**
 * Where the data are, as the options say.
 * @throws UsageError where `--table` is not `NAME=PATH`.
 */
export function dataArguments({ data = [], table = [] }: DataOptions): DataArguments {
  const tables: Record<string, string[]> = {}
  for (const [name, path] of table.map(text => assignment(text, '--table', 'NAME=PATH'))) {
    if (!Object.hasOwn(tables, name)) {
      Object.defineProperty(tables, name, { value: [], enumerable: true })
    }
    tables[name]?.push(path)
  }
  return { data, tables }
}

/**
 * The values of query parameters, as `--param` gives them.
 * @throws UsageError where one is not `NAME=VALUE`, or given twice.
 */
export function parameterArguments(texts: readonly string[]): Record<string, string> {
  const parameters = new Map<string, string>()
  for (const [name, value] of texts.map(text => assignment(text, '--param', 'NAME=VALUE'))) {
    if (parameters.has(name)) throw new UsageError(`--param ${name} is given twice.`)
    parameters.set(name, value)
  }
  return Object.fromEntries(parameters)
}

function assignment(text: string, option: string, form: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError(`${option} takes ${form}, not '${text}'.`)
  return [text.slice(0, equals).trim(), text.slice(equals + 1)]
}

/**
 * The files that stand for external data, by address, as `--external` gives them. An address may hold
 * equals signs itself: the last one counts.
 * @throws UsageError where one is not `URL=PATH`, or given twice.
 */
export function externalArguments(texts: readonly string[]): Record<string, string> {
  const files = new Map<string, string>()
  for (const text of texts) {
    const equals = text.lastIndexOf('=')
    if (equals < 1 || equals === text.length - 1) {
      throw new UsageError(`--external takes URL=PATH, not '${text}'.`)
    }
    const address = text.slice(0, equals).trim()
    if (files.has(address)) throw new UsageError(`--external ${address} is given twice.`)
    files.set(address, text.slice(equals + 1))
  }
  return Object.fromEntries(files)
}

/**
 * The value of now in ticks, as `--now` gives it; undefined where it was not given.
 * @throws UsageError where it is no time.
 */
export function nowArgument(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDatetime(text)
  if (ticks !== null) return ticks
  throw new UsageError(`--now takes a time such as 2026-03-17T15:42:07Z, not '${text}'.`)
}

/** How queries are run, apart from the time. */
export function executeOptions(options: ExecutionOptions): Omit<ExecuteOptions, 'now'> {
  const { strict = false, missingTables, maxRows, maxMemory, external = [] } = options
  return {
    strict,
    external: externalArguments(external),
    missing: missingTables,
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
  }
}

const SIZE = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i
const SIZE_UNITS = ['', 'k', 'm', 'g', 't']

/** Bytes of a size such as 512M or 4GB, by powers of 1024; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text.trim())
  if (match === null) return undefined
  const [, number = '', unit = ''] = match
  const bytes = Math.round(Number(number) * 1024 ** SIZE_UNITS.indexOf(unit.toLowerCase()))
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The wall clock, in ticks. */
export function clockTime(): bigint {
  return ticksFromEpochMillis(Date.now()) ?? 0n
}

/** The exit code of a command that ran. */
export function exitCodeOf(
  reporter: Reporter,
  rows: number,
  failOn: readonly FailOn[] = [],
): ExitCode {
  if (reporter.errors > 0) return EXIT.failed
  if (rows > 0 && failOn.includes('rows')) return EXIT.failed
  if (reporter.warnings > 0 && failOn.includes('warnings')) return EXIT.failed
  return EXIT.ok
}
