import { boundProcess } from '../node/memory.ts'
import type { Target } from '../rules/targets.ts'
import { parseDatetime, ticksFromEpochMillis } from '../types/datetime.ts'
import { SCALAR_TYPES, type ScalarType } from '../types/scalar-type.ts'
import type { FailOn, MissingTables, TextFormat } from './choices.ts'
import type { Config } from './config/config.ts'
import type { DataArguments } from './data.ts'
import type { ExecuteOptions } from './execute.ts'
import { EXIT, type ExitCode, UsageError } from './exit.ts'
import type { Reporter } from './reporter.ts'
import { parseSize } from './size.ts'

export { parseSize } from './size.ts'

/** The options of commands that read data. */
export interface DataOptions {
  readonly data?: readonly string[]
  readonly table?: readonly string[]
  readonly schema?: readonly string[]
  readonly functions?: readonly string[]
  readonly watchlist?: readonly string[]
  readonly searchKey?: readonly string[]
  readonly enrichment?: readonly string[]
  readonly target?: Target
  readonly place?: readonly string[]
  /** Codes of warnings and notes that are not reported. */
  readonly ignore?: readonly string[]
  /** The path of the configuration; false where none is to be read. */
  readonly config?: string | false
}

/** The options of commands that run queries. */
export interface ExecutionOptions extends DataOptions {
  readonly now?: string
  readonly external?: readonly string[]
  readonly strict?: boolean
  readonly missingTables?: MissingTables
  readonly failOn?: readonly FailOn[]
  readonly maxRows?: number
  readonly memory?: number
  /** The same, as it was called before. */
  readonly maxMemory?: number
  readonly tempDir?: string
  readonly threads?: number
  readonly geoip?: string
  readonly diagnostics: TextFormat
}

/**
 * Paths by table, as `--table` and options like it give them.
 * @throws UsageError where one is not `NAME=PATH`.
 */
export function pathsByName(texts: readonly string[], option: string): Map<string, string[]> {
  const paths = new Map<string, string[]>()
  for (const text of texts) {
    const [name, path] = assignment(text, option, 'NAME=PATH')
    if (path.trim() === '') {
      throw new UsageError(`${option} takes NAME=PATH, not '${text}': it names no path.`)
    }
    paths.set(name, [...(paths.get(name) ?? []), path])
  }
  return paths
}

/**
 * Where the data are: as the options say, else the configuration. Tables of both are taken, each from
 * the options where they name it.
 * @throws UsageError where an option is not in its form.
 */
export function dataArguments(options: DataOptions, config: Config = {}): DataArguments {
  const tables = new Map<string, readonly string[]>(config.tables)
  for (const entry of pathsByName(options.table ?? [], '--table')) tables.set(...entry)
  const schemas = new Map<string, ReadonlyMap<string, ScalarType>>(config.schemas)
  for (const [name, columns] of schemaArguments(options.schema ?? [])) schemas.set(name, columns)
  const entries = [...schemas].map(
    ([name, columns]) => [name, Object.fromEntries(columns)] as const,
  )
  return {
    data: options.data ?? config.data ?? [],
    tables: Object.fromEntries(tables),
    ...(entries.length === 0 ? {} : { schemas: Object.fromEntries(entries) }),
  }
}

function schemaArguments(texts: readonly string[]): Map<string, ReadonlyMap<string, ScalarType>> {
  const schemas = new Map<string, ReadonlyMap<string, ScalarType>>()
  for (const text of texts) {
    const [name, list] = assignment(text, '--schema', 'NAME=COLUMN:TYPE,…')
    if (schemas.has(name)) throw new UsageError(`--schema ${name} is given twice.`)
    const columns = new Map<string, ScalarType>()
    for (const part of list.split(',')) {
      const [column = '', type = ''] = part.split(':').map(piece => piece.trim())
      const found = SCALAR_TYPES.find(each => each === type)
      if (column === '' || found === undefined) {
        const isMistaken = type !== '' && found === undefined
        const fault = isMistaken ? `: '${type}' is no type (${SCALAR_TYPES.join(', ')})` : ''
        throw new UsageError(`--schema takes NAME=COLUMN:TYPE,…, not '${text}'${fault}.`)
      }
      if (columns.has(column)) {
        throw new UsageError(`--schema ${name} has the column ${column} twice.`)
      }
      columns.set(column, found)
    }
    schemas.set(name, columns)
  }
  return schemas
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

/**
 * Name and value of an option such as `--table`.
 * @throws UsageError where there are none.
 */
export function assignment(text: string, option: string, form: string): readonly [string, string] {
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

/** How queries are run, apart from the time: what the options say, else the configuration. */
export function executeOptions(
  options: ExecutionOptions,
  config: Config,
): Omit<ExecuteOptions, 'now'> {
  const size = config.memory ?? config.maxMemory
  const configured = size === undefined ? undefined : parseSize(size)
  const maxRows = options.maxRows ?? config.maxRows
  const memory = options.memory ?? options.maxMemory ?? configured
  const tempDir = options.tempDir ?? config.tempDir
  const threads = options.threads ?? config.threads
  return {
    strict: options.strict ?? config.strict ?? false,
    external: {
      ...Object.fromEntries(config.externalData ?? []),
      ...externalArguments(options.external ?? []),
    },
    missing: options.missingTables ?? config.missingTables ?? 'error',
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(memory === undefined ? {} : { maxMemory: boundProcess(memory) }),
    ...(tempDir === undefined ? {} : { tempDir }),
    ...(threads === undefined ? {} : { threads }),
  }
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
