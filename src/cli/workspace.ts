import { basename, extname, join } from 'node:path'
import { type Enrichment, openEnrichment } from '../api/enrichment-input.ts'
import { openWatchlist, type WatchlistDescription } from '../api/watchlist-input.ts'
import { type PlaceTables, Workspace } from '../api/workspace.ts'
import { functionsInText } from '../engine/function-text.ts'
import type { FunctionParts } from '../engine/saved-functions.ts'
import { reasonOf } from '../node/data-paths.ts'
import { filePromises } from '../node/file-promises.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import type { Watchlist } from '../tables/watchlist.ts'
import { KqlError } from '../text/kql-error.ts'
import { SourceText } from '../text/source-text.ts'
import { openTables } from './data.ts'
import { Failure } from './exit.ts'
import { readDecoded } from './query-text.ts'
import type { Reporter } from './reporter.ts'

/** Where the data of a place are. */
export type PlacePaths = readonly string[] | 'local'

/** Where what surrounds queries is. */
export interface WorkspaceArguments {
  /** Files and folders with saved functions. */
  readonly functions: readonly string[]
  /** By alias. */
  readonly watchlists: Map<string, WatchlistDescription & { readonly path: readonly string[] }>
  /** By the name of the function. */
  readonly enrichments: Map<
    string,
    { readonly path: readonly string[]; readonly keys?: readonly string[] }
  >
  /** By the text of the place. */
  readonly places: ReadonlyMap<string, PlacePaths>
}

/**
 * Opens what surrounds queries.
 * @throws Failure where any of it cannot be used, which is reported.
 */
export async function openWorkspaceOf(
  { functions, watchlists, enrichments, places }: WorkspaceArguments,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Workspace> {
  const saved = await readFunctions(functions, reporter)
  const opened = new Map<string, Watchlist>()
  for (const [alias, description] of watchlists) {
    const open = () => openWatchlist(alias, description)
    opened.set(alias, await openReporting(description.path, open, reporter))
  }
  const enriching = new Map<string, Enrichment>()
  for (const [name, description] of enrichments) {
    const open = () => openEnrichment(name, description)
    enriching.set(name, await openReporting(description.path, open, reporter))
  }
  const tables = new Map<string, PlaceTables>()
  for (const [place, paths] of places) {
    const isLocal = paths === 'local'
    const data = isLocal ? undefined : { data: paths, tables: {} }
    tables.set(
      place,
      data === undefined ? 'local' : (await openTables(data, reporter, signal)).sources,
    )
  }
  return new Workspace({
    functions: saved,
    watchlists: opened,
    enrichments: enriching,
    places: tables,
  })
}

async function openReporting<T>(
  paths: readonly string[],
  open: () => Promise<T>,
  reporter: Reporter,
): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof DataFileError) {
      await reporter.inFile({ code: 'KQL103', severity: 'error', message: error.message })
    } else if (error instanceof KqlError) {
      const file = paths.join(', ')
      for (const { code, message } of error.diagnostics) {
        await reporter.inFile({ code, severity: 'error', message, file })
      }
    } else throw error
    throw new Failure('workspace')
  }
}

const KQL_FILE = /\.(kql|csl|kusto)$/i
const YAML_FILE = /\.ya?ml$/i
/** A file in a folder that has saved searches with an alias. */
const TEMPLATE = /"functionAlias"\s*:/i

/** The functions in files and folders, by all their names. YAML and JSON files in folders may be others. */
async function readFunctions(
  paths: readonly string[],
  reporter: Reporter,
): Promise<Map<string, FunctionParts>> {
  const found = new Map<string, FunctionParts>()
  let failed = false
  const add = async (name: string, parts: FunctionParts): Promise<void> => {
    const before = found.get(name)
    const file = parts.source.name
    const isOther = before !== undefined && before.source.name !== file
    // A package of the content hub has its functions twice.
    if (isOther || (before !== undefined && !isSame(before, parts))) {
      failed = true
      const message = isOther
        ? `The function \`${name}\` is in ${before.source.name} too.`
        : `The function \`${name}\` is there twice, with another text.`
      await reporter.inFile({ code: 'KQL121', severity: 'error', message, file })
    }
    found.set(name, parts)
  }
  for (const { path, isNamed } of await functionFiles(paths, reporter)) {
    const { text, fault } = await readDecoded(path, reporter)
    const source = new SourceText(text, path)
    if (YAML_FILE.test(path) || isJson(path)) {
      if (!isNamed && isJson(path) && !TEMPLATE.test(source.text)) continue
      const { loadFunctions } = await import('../rules/load-functions.ts')
      const loaded = loadFunctions(source)
      if (fault !== undefined && (isNamed || loaded.some(({ isFunction }) => isFunction))) {
        failed = true
        await reporter.inSource(source, fault)
        continue
      }
      for (const { parts, names, diagnostics, isFunction } of loaded) {
        if (parts !== undefined) for (const name of names) await add(name, parts)
        else if (isNamed || isFunction) {
          failed = true
          for (const diagnostic of diagnostics) await reporter.inSource(source, diagnostic)
          if (diagnostics.length > 0) continue
          const message = isJson(path)
            ? 'It holds no function: it has no saved search with a functionAlias.'
            : 'It holds no function: it has no field FunctionQuery or ParserQuery.'
          await reporter.inFile({ code: 'KQL121', severity: 'error', message, file: path })
        }
      }
      continue
    }
    if (fault !== undefined) {
      failed = true
      await reporter.inSource(source, fault)
      continue
    }
    const name = basename(path, extname(path))
    const { functions, diagnostics } = functionsInText(name, source)
    for (const diagnostic of diagnostics) {
      failed = true
      await reporter.inSource(source, diagnostic)
    }
    for (const parts of functions) await add(parts.name, parts)
  }
  if (failed) throw new Failure('functions')
  return found
}

function isSame(a: FunctionParts, b: FunctionParts): boolean {
  return a.body.text === b.body.text && a.parameters?.text === b.parameters?.text
}

function isJson(path: string): boolean {
  return /\.json$/i.test(path)
}

interface FunctionFile {
  readonly path: string
  /** Whether the path itself was given, not a folder above it. */
  readonly isNamed: boolean
}

async function functionFiles(
  paths: readonly string[],
  reporter: Reporter,
): Promise<FunctionFile[]> {
  const files: FunctionFile[] = []
  const isTemplate = async (path: string): Promise<boolean> =>
    isJson(path) && (await (await import('./query-files.ts')).isSmall(path))
  const visit = async (folder: string): Promise<void> => {
    const entries = await filePromises().readdir(folder, { withFileTypes: true })
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = join(folder, entry.name)
      // Links to folders are not followed: they may lead in a circle.
      if (entry.isDirectory()) await visit(path)
      else if (KQL_FILE.test(path) || YAML_FILE.test(path) || (await isTemplate(path))) {
        files.push({ path, isNamed: false })
      }
    }
  }
  for (const path of paths) {
    try {
      if ((await filePromises().stat(path)).isDirectory()) await visit(path)
      else files.push({ path, isNamed: true })
    } catch (error) {
      const message = reasonOf(error)
      await reporter.inFile({ code: 'KQL121', severity: 'error', message, file: path })
      throw new Failure(path)
    }
  }
  return files
}
