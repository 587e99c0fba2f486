import { join } from 'node:path'
import { reasonOf } from '../node/data-paths.ts'
import { filePromises } from '../node/file-promises.ts'
import { type LoadedRule, loadRule, loadRules } from '../rules/load-rule.ts'
import { diagnosticInFile, type Rule } from '../rules/rule.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { SourceText } from '../text/source-text.ts'
import { Failure } from './exit.ts'
import { type DecodedText, plainQuery, type QueryText, readDecoded } from './query-text.ts'
import type { Reporter } from './reporter.ts'

/** A file that is meant to hold a query. */
export interface QueryFile {
  readonly path: string
  readonly source: SourceText
  /** undefined where the file is no usable rule; the diagnostics say why. */
  readonly query: QueryText | undefined
  /** The rule that the query belongs to; undefined for a file of plain KQL. */
  readonly rule: Rule | undefined
  /** Faults of the file, not of the query, with their places in the file. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Files that may hold rules; tests of rules have names of their own. */
export const RULE_NAME = /(?<!\.tests)\.(?:ya?ml|json)$/i
/** Templates are small; larger JSON files in a folder of rules are logs. */
const MOST_JSON_BYTES = 8 * 1024 * 1024
const KQL_NAME = /\.(kql|csl|kusto)$/i

/** What {@link findQueryFiles} looks for. */
export interface FindOptions {
  /** Whether files of plain KQL are wanted beside rules. */
  readonly kql: boolean
}

/**
 * The rules in files and folders, in the order given and, in a folder, of their names, each file
 * once. A file that is named must hold a rule. In folders, YAML files that are no rules, tests of
 * rules (`*.tests.yaml`) and what begins with a dot are passed over. Paths that cannot be read, or
 * hold nothing of the kind, are reported as errors.
 */
export async function findQueryFiles(
  paths: readonly string[],
  options: FindOptions,
  reporter: Reporter,
): Promise<QueryFile[]> {
  const found = new Map<string, readonly QueryFile[]>()
  for (const path of paths) {
    const errors = reporter.errors
    let count = 0
    for (const { path: file, isNamed } of await candidates(path, options, reporter)) {
      const known = found.get(file)
      const loaded = known ?? (await load(file, isNamed, reporter))
      if (loaded.length === 0) continue
      found.set(file, loaded)
      count += loaded.length
    }
    if (count > 0 || reporter.errors > errors) continue
    await reporter.inFile({
      code: 'KQL401',
      severity: 'error',
      message: options.kql ? 'It holds no rule and no query.' : 'It holds no rule.',
      hint: 'Rules are .yaml files with a query and an id or a name, or exported .json templates.',
      file: path,
    })
  }
  return [...found.values()].flat()
}

type RuleInText = QueryFile & { readonly isRule: boolean }

/** The rule of a file, which may hold one. */
export function ruleInText(path: string, text: string): RuleInText {
  return inText(loadRule(text), path, new SourceText(text, path))
}

/** The rules of a file, as {@link findQueryFiles} has them. */
export function rulesInText(path: string, text: string): RuleInText[] {
  const source = new SourceText(text, path)
  return loadRules(text).map(loaded => inText(loaded, path, source))
}

function inText(loaded: LoadedRule, path: string, source: SourceText): RuleInText {
  const { rule, diagnostics, isRule } = loaded
  if (rule === undefined) return { path, source, query: undefined, rule, diagnostics, isRule }
  const query = {
    text: rule.query.text,
    source,
    locate: (diagnostic: Diagnostic) => diagnosticInFile(rule.query, diagnostic),
  }
  return { path, source, query, rule, diagnostics, isRule }
}

async function load(
  path: string,
  isNamed: boolean,
  reporter: Reporter,
): Promise<readonly QueryFile[]> {
  let text: DecodedText
  try {
    text = await readDecoded(path, reporter)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return []
  }
  return filesOfText(path, text, isNamed)
}

/** What the text of a file is; nothing where it was only come upon, and is neither rule nor query. */
export function filesOfText(
  path: string,
  { text, fault }: DecodedText,
  isNamed: boolean,
): readonly QueryFile[] {
  const files = filesIn(path, text, isNamed)
  const [first] = files
  if (fault === undefined || first === undefined) return files
  return [{ ...first, query: undefined, rule: undefined, diagnostics: [fault] }]
}

function filesIn(path: string, text: string, isNamed: boolean): readonly QueryFile[] {
  if (KQL_NAME.test(path)) {
    const query = plainQuery(text, path)
    return [{ path, source: query.source, query, rule: undefined, diagnostics: [] }]
  }
  // In a folder there are JSON files of all kinds: those that speak of rules are looked at.
  if (!isNamed && /\.json$/i.test(path) && !/alertRules/i.test(text)) return []
  return rulesInText(path, text).filter(file => isNamed || file.isRule)
}

/** Whether a file in a folder, by its path below it, may hold a rule. */
export function mayBeRule(path: string, bytes: number): boolean {
  const names = path.split('/')
  if (names.some(name => name.startsWith('.') || name === 'node_modules')) return false
  return RULE_NAME.test(path) && (!/\.json$/i.test(path) || bytes <= MOST_JSON_BYTES)
}

/** A file that was found. */
export interface FoundFile {
  readonly path: string
  /** Whether the path itself was given, not a folder above it. */
  readonly isNamed: boolean
}

/** Whether a file is no JSON, or may be a template by its size. What cannot be looked at is for who reads it. */
export async function isSmall(path: string): Promise<boolean> {
  if (!/\.json$/i.test(path)) return true
  return filePromises()
    .stat(path)
    .then(
      ({ size }) => size <= MOST_JSON_BYTES,
      () => true,
    )
}

/** The files at a path whose names fit. */
function candidates(path: string, { kql }: FindOptions, reporter: Reporter): Promise<FoundFile[]> {
  const isWanted = (name: string) => RULE_NAME.test(name) || (kql && KQL_NAME.test(name))
  return filesAt(path, isWanted, reporter)
}

/**
 * A file, or those of a folder whose names are wanted, in their order. What cannot be read is reported.
 */
export async function filesAt(
  path: string,
  isWanted: (name: string) => boolean,
  reporter: Reporter,
): Promise<FoundFile[]> {
  const files: FoundFile[] = []
  const unreadable = (file: string, error: unknown) =>
    reporter.inFile({ code: 'KQL400', severity: 'error', message: reasonOf(error), file })
  const visit = async (folder: string): Promise<void> => {
    const entries = await filePromises()
      .readdir(folder, { withFileTypes: true })
      .catch(async error => {
        await unreadable(folder, error)
        return []
      })
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const below = join(folder, entry.name)
      // Links to folders are not followed: they may lead in a circle.
      if (entry.isDirectory()) await visit(below)
      else if (isWanted(entry.name) && (await isSmall(below))) {
        files.push({ path: below, isNamed: false })
      }
    }
  }
  try {
    if ((await filePromises().stat(path)).isDirectory()) await visit(path)
    else files.push({ path, isNamed: true })
  } catch (error) {
    await unreadable(path, error)
  }
  return files
}
