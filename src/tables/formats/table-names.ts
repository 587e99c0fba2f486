import { CATEGORY_TABLES } from './diagnostic-settings.ts'

/** The tables that names are looked up among. */
export interface TableNames {
  /** The table's name as the catalog spells it, whatever the case of `name`; undefined: no such table. */
  find(name: string): string | undefined
}

/** The lookup among `names`, by any case. */
export function tableNames(names: Iterable<string>): TableNames {
  const byLowerCase = new Map<string, string>()
  for (const name of names) byLowerCase.set(name.toLowerCase(), name)
  return { find: name => byLowerCase.get(name.toLowerCase()) }
}

const CATEGORIES = tableNames(Object.keys(CATEGORY_TABLES))

/** The table that receives records of a category of diagnostic settings; undefined: none is known. */
export function tableOfCategory(category: string): string | undefined {
  const known = CATEGORIES.find(category)
  return known === undefined ? undefined : CATEGORY_TABLES[known]
}

const CUSTOM_TABLE = /^[A-Za-z]\w*?_CL(?![A-Za-z0-9])/i
const DATA_EXTENSION = /\.(json|jsonl|ndjson|log|csv|gz|gzip|zst|zip|parquet)$/i
/** A name that is one plain word, such as Event or Usage, says little as a part of a file's name. */
const ONE_WORD = /^[A-Z][a-z]+$/

function customTable(name: string): string | undefined {
  const found = CUSTOM_TABLE.exec(name)?.[0]
  return found === undefined ? undefined : `${found.slice(0, -3)}_CL`
}

/** `AuditLogs.ndjson`, `AuditLogs_2024-01-01.json.gz`, `auditlogs-part2.csv`, `Building_CL.json`. */
function tableOfFileName(fileName: string, names: TableNames): string | undefined {
  let stem = fileName
  while (DATA_EXTENSION.test(stem)) stem = stem.replace(DATA_EXTENSION, '')
  const whole = names.find(stem)
  if (whole !== undefined) return whole
  for (let end = stem.length - 1; end > 0; end--) {
    if (/[A-Za-z0-9]/.test(stem.charAt(end))) continue
    const table = names.find(stem.slice(0, end))
    if (table === undefined) continue
    if (!ONE_WORD.test(table) || /^[^A-Za-z]+$/.test(stem.slice(end))) return table
  }
  return customTable(stem)
}

/** `am-auditlogs`, `insights-logs-auditlogs`, `AuditLogs`, `table=AuditLogs`. */
function tableOfFolderName(folder: string, names: TableNames): string | undefined {
  const [, prefix, name] = /^(am-|insights-logs-|table=)?(.*)$/i.exec(folder) as RegExpExecArray
  if (name === undefined || name === '') return undefined
  if (prefix?.toLowerCase() === 'insights-logs-') return tableOfCategory(name) ?? names.find(name)
  const table = names.find(name)
  if (table !== undefined && prefix === undefined && ONE_WORD.test(table) && table !== name) {
    return undefined
  }
  return table ?? (customTable(name)?.length === name.length ? customTable(name) : undefined)
}

/**
 * The table that the name of a file, else of the folders that it is in from the innermost out, speaks
 * of; undefined when none does. Case does not matter.
 */
export function tableOfPath(path: string, names: TableNames): string | undefined {
  const segments = path.split(/[\\/]/)
  const fileName = segments.pop() ?? ''
  const table = tableOfFileName(fileName, names)
  if (table !== undefined) return table
  for (const folder of segments.reverse()) {
    // A ZIP archive is a folder with the name of a file.
    const isArchive = /\.zip$/i.test(folder)
    const found = (isArchive ? tableOfFileName : tableOfFolderName)(folder, names)
    if (found !== undefined) return found
  }
  return undefined
}
