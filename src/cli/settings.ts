import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { quoteString } from '../lexer/string-literal.ts'
import { reasonOf } from '../node/data-paths.ts'
import { STANDARD_INPUT } from '../node/stdin-file.ts'
import { LOCAL } from '../rules/local.ts'
import type { Target } from '../rules/targets.ts'
import { hasErrors } from '../text/diagnostic.ts'
import { SourceText } from '../text/source-text.ts'
import type { Config } from './config/config.ts'
import { type Data, type DataArguments, type OpenOptions, openTables } from './data.ts'
import { Failure, UsageError } from './exit.ts'
import { assignment, type DataOptions, dataArguments, pathsByName } from './options.ts'
import { type DecodedText, decodedText, soundText } from './query-text.ts'
import type { Reporter } from './reporter.ts'
import type { Session } from './session.ts'
import { openWorkspaceOf, type PlacePaths, type WorkspaceArguments } from './workspace.ts'

/** What a command is to do, from the command line and the configuration. */
export interface Settings {
  readonly data: DataArguments
  readonly workspace: WorkspaceArguments
  readonly config: Config
  /** The file of the configuration. */
  readonly configPath?: string
  readonly target?: Target
}

const CONFIG_NAMES = ['kqlab.yaml', 'kqlab.yml']

/**
 * The settings that the options and the configuration make; the options count more.
 * @throws UsageError where an option is not in its form; Failure where the configuration has a mistake,
 * which is reported.
 */
export async function readSettings(options: DataOptions, reporter: Reporter): Promise<Settings> {
  const configPath = await configPathOf(options.config)
  const config = configPath === undefined ? {} : await configIn(configPath, reporter)
  const target = options.target ?? config.target
  reporter.ignore([...(options.ignore ?? config.ignore ?? [])])
  return {
    ...(target === undefined ? {} : { target }),
    config,
    ...(configPath === undefined ? {} : { configPath }),
    data: dataArguments(options, config),
    workspace: workspaceArguments(options, config),
  }
}

/**
 * Opens the data and what else queries may name.
 * @throws Failure where any of it cannot be used, which is reported.
 */
export async function openSettings(
  { data, workspace, target }: Settings,
  { reporter, signal }: Session,
  options?: OpenOptions,
): Promise<Data> {
  const opened = await openTables(data, reporter, signal, options)
  return {
    ...opened,
    workspace: await openWorkspaceOf(workspace, reporter, signal),
    ...(target === undefined ? {} : { target }),
  }
}

/** Whether standard input is data. */
export function readsInput({ data, workspace }: Settings): boolean {
  const lists = [...workspace.watchlists.values()].map(({ path }) => path)
  return [data.data, ...Object.values(data.tables), ...lists].some(paths =>
    paths.includes(STANDARD_INPUT),
  )
}

async function configPathOf(given: string | false | undefined): Promise<string | undefined> {
  return given === false ? undefined : (given ?? (await findConfig(process.cwd())))
}

async function configIn(path: string, reporter: Reporter): Promise<Config> {
  let decoded: DecodedText
  try {
    decoded = decodedText(readFileSync(path))
  } catch (error) {
    await reporter.inFile({
      code: 'KQL122',
      severity: 'error',
      message: reasonOf(error),
      file: path,
    })
    throw new Failure(path)
  }
  const text = await soundText(decoded, path, reporter, 'KQL122')
  const { readConfig } = await import('./config/config.ts')
  const folder = dirname(path)
  const { config, diagnostics } = readConfig(text, each =>
    isAbsolute(each) ? each : join(folder, each),
  )
  const source = new SourceText(text, path)
  for (const diagnostic of diagnostics) await reporter.inSource(source, diagnostic)
  if (config === undefined || hasErrors(diagnostics)) throw new Failure(path)
  return config
}

/** The configuration in the folder or in the nearest one above it, as a path from here. */
export async function findConfig(start: string): Promise<string | undefined> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    for (const name of CONFIG_NAMES) {
      const path = join(folder, name)
      if (isFile(path)) return relative(start, path)
    }
    if (dirname(folder) === folder) return undefined
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    // What cannot be looked at is none of ours.
    return false
  }
}

function workspaceArguments(options: DataOptions, config: Config): WorkspaceArguments {
  const watchlists: WorkspaceArguments['watchlists'] = new Map(
    Array.from(config.watchlists ?? [], ([alias, watchlist]) => [
      alias,
      'path' in watchlist
        ? { ...watchlist, path: watchlist.path ?? [] }
        : { path: watchlist as readonly string[] },
    ]),
  )
  for (const [alias, path] of pathsByName(options.watchlist ?? [], '--watchlist')) {
    const { path: _, ...rest } = watchlists.get(alias) ?? { path }
    watchlists.set(alias, { ...rest, path })
  }
  for (const text of options.searchKey ?? []) {
    const [alias, searchKey] = assignment(text, '--search-key', 'NAME=COLUMN')
    const known = watchlists.get(alias)
    if (known === undefined) {
      throw new UsageError(`--search-key ${text}: there is no watchlist ${alias}.`)
    }
    watchlists.set(alias, { ...known, searchKey })
  }
  const enrichments: WorkspaceArguments['enrichments'] = new Map(
    Array.from(config.enrichments ?? [], ([name, given]) => [
      name,
      'path' in given ? { ...given, path: given.path ?? [] } : { path: given as readonly string[] },
    ]),
  )
  for (const [name, path] of pathsByName(options.enrichment ?? [], '--enrichment')) {
    const { path: _, ...rest } = enrichments.get(name) ?? { path }
    enrichments.set(name, { ...rest, path })
  }
  return {
    enrichments,
    functions: options.functions ?? config.functions ?? [],
    watchlists,
    places: placesOf(options.place ?? [], config),
  }
}

/** The functions of KQL that name places, by the key of the configuration. */
const PLACE_KEYS = {
  workspaces: 'workspace',
  databases: 'database',
  apps: 'app',
  resources: 'resource',
  adx: 'adx',
  arg: 'arg',
} as const

function placesOf(options: readonly string[], config: Config): Map<string, PlacePaths> {
  const places = new Map<string, PlacePaths>()
  const set = (text: string, paths: readonly (string | typeof LOCAL)[]) =>
    places.set(text, paths.includes(LOCAL) ? 'local' : (paths as readonly string[]))
  for (const [key, name] of Object.entries(PLACE_KEYS)) {
    for (const [argument, paths] of config[key as keyof typeof PLACE_KEYS] ?? []) {
      set(`${name}(${quoteString(argument)})`, paths)
    }
  }
  for (const [cluster, entry] of config.clusters ?? []) {
    const text = `cluster(${quoteString(cluster)})`
    if (!(entry instanceof Map)) set(text, entry as readonly (string | typeof LOCAL)[])
    else {
      for (const [database, paths] of entry)
        set(`${text}.database(${quoteString(database)})`, paths)
    }
  }
  for (const option of options) {
    const [text, path] = placeArgument(option)
    set(text, path === 'local' ? [LOCAL] : [path])
  }
  return places
}

/** `workspace("x")=PATH`: the place as it is written in queries, with either kind of quotes. */
function placeArgument(option: string): readonly [string, string] {
  const match = /^(.*?\))\s*=(.+)$/.exec(option)
  // Blanks in a name are part of it.
  const text = match?.[1]?.replaceAll("'", '"').replaceAll(/("[^"]*")|\s/g, '$1')
  if (text === undefined || !/^(?:[a-z]+\("[^"]*"\)\.?)+$/.test(text)) {
    throw new UsageError(`--place takes a place such as workspace("x")=PATH, not '${option}'.`)
  }
  return [text, match?.[2] ?? '']
}
