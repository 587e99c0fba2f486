import { parseDocument } from 'yaml'
import {
  bool,
  count,
  either,
  mapOf,
  oneOf,
  oneOrMore,
  parsed,
  path,
  pathOrLocal,
  pathOrWord,
  record,
  resolved,
  text,
  type ValueOf,
} from '../../rules/shape.ts'
import { TARGETS } from '../../rules/targets.ts'
import { sentence } from '../../rules/yaml-places.ts'
import { type Diagnostic, DiagnosticBag, hasErrors } from '../../text/diagnostic.ts'
import { parseDatetime } from '../../types/datetime.ts'
import { SCALAR_TYPES } from '../../types/scalar-type.ts'
import { FAIL_ON, MISSING_TABLES, ROW_FORMATS } from '../choices.ts'
import { parseSize } from '../size.ts'

const PATHS = 'a path, or a list of paths'

const watchlist = either(
  oneOrMore(path('CSV or JSON files.'), 'CSV or JSON files with the items.'),
  record(
    {
      path: oneOrMore(path('CSV or JSON files.'), 'CSV or JSON files with the items.'),
      searchKey: text('The column that is the search key.'),
      lastUpdated: parsed('a time', 'The value of LastUpdatedTimeUTC.', parseDatetime),
    },
    'a map with path and searchKey',
    ['path'],
  ),
)

const enrichment = either(
  oneOrMore(path('CSV or JSON files.'), 'Files with what it adds.'),
  record(
    {
      path: oneOrMore(path('CSV or JSON files.'), 'Files with what it adds.'),
      keys: oneOrMore(text('A column.'), 'The columns by which rows are looked up.'),
    },
    'a map with path and keys',
    ['path'],
  ),
)

const place = oneOrMore(
  pathOrLocal('Files, folders or patterns.'),
  'Where the data of the place are: paths, or `local` for the data of the run.',
)

const places = (what: string) =>
  mapOf(place, 'a map of names and paths', `Where the data of each ${what} are, or \`local\`.`)

/** The file `kqlab.yaml`. */
export const CONFIG_SHAPE = record(
  {
    $schema: text('The JSON Schema of this file, for editors.'),
    data: oneOrMore(
      path('A file, a folder, or a pattern.'),
      'Logs: files, folders, or patterns such as logs/**/*.json.',
    ),
    tables: mapOf(oneOrMore(path(PATHS), PATHS), 'a map of tables and paths', 'Logs by table.'),
    schemas: mapOf(
      mapOf(oneOf(SCALAR_TYPES, 'The type.'), 'a map of columns and types', 'Columns, in order.'),
      'a map of tables and columns',
      'Columns of tables that are not built in, or in place of the built-in ones.',
    ),
    functions: oneOrMore(
      path('A file or a folder.'),
      'Saved functions: .kql files, or YAML files of parsers, or folders of them.',
    ),
    watchlists: mapOf(watchlist, 'a map of aliases and watchlists', 'Watchlists by alias.'),
    enrichments: mapOf(
      enrichment,
      'a map of functions and files',
      'What functions such as FileProfile add to rows, by function.',
    ),
    externalData: mapOf(
      path('A file.'),
      'a map of addresses and files',
      'The files that stand for what externaldata reads, by address: nothing is ever fetched.',
    ),
    geoip: pathOrWord('none', 'A MaxMind database of where IP addresses are, or `none`.'),
    workspaces: places('workspace'),
    databases: places('database'),
    clusters: mapOf(
      either(place, places('database')),
      'a map of clusters',
      'Where the data of each cluster are: paths for all its databases, or a map of databases.',
    ),
    apps: places('app'),
    resources: places('resource'),
    adx: places('ADX cluster'),
    arg: mapOf(place, 'a map of names and paths', 'Where the tables of Azure Resource Graph are.'),
    target: oneOf(TARGETS, 'The service whose refusals are warned of.'),
    format: oneOf(ROW_FORMATS, 'How rows are printed.'),
    now: parsed('a time', 'The time that now() gives.', parseDatetime),
    missingTables: oneOf(MISSING_TABLES, 'What a table without logs is.'),
    strict: bool('Whether the first record or value that cannot be read ends the command.'),
    ignore: oneOrMore(
      text('A code such as KQL209.'),
      'Codes of warnings and notes that are not reported.',
    ),
    failOn: oneOrMore(oneOf(FAIL_ON, 'What.'), 'What ends the command with exit code 1.'),
    maxRows: count('Rows that sort, join, summarize and the like may keep in memory.'),
    threads: count('Threads that read large files.'),
    memory: parsed(
      'a size such as 512M or 4G',
      'Memory of the process; what does not fit is sorted, grouped and joined in files.',
      parseSize,
    ),
    maxMemory: parsed('a size such as 512M or 4G', 'The same, as it was called before.', parseSize),
    tempDir: path('The folder for what does not fit in memory.'),
  },
  'a map',
)

/** What a configuration file says. */
export type Config = ValueOf<typeof CONFIG_SHAPE>

/** The JSON Schema of a configuration file. */
export function configSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'kqlab.yaml',
    description: 'Where kqlab finds the data, functions and watchlists of a project, and defaults.',
    ...CONFIG_SHAPE.schema,
  }
}

/** What the text of a configuration file says; without a value where there are errors. */
export function readConfig(
  source: string,
  resolvePath: (path: string) => string,
): { readonly config: Config | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const document = parseDocument(source, { prettyErrors: false, uniqueKeys: true })
  const bag = new DiagnosticBag()
  for (const { pos, message } of document.errors) {
    const end = Math.max(pos[0], Math.min(pos[1], source.length))
    bag.error('KQL122', sentence(message), { start: pos[0], end })
  }
  if (document.errors.length > 0) return { config: undefined, diagnostics: bag.items }
  const reading = { document, bag, code: 'KQL122', path: resolvePath } as const
  const root = resolved(document.contents, reading)
  const config = root === undefined ? {} : CONFIG_SHAPE.read(root, reading)
  return { config: hasErrors(bag.items) ? undefined : config, diagnostics: bag.items }
}
