import { RuleIds } from '../replay/rule-ids.ts'
import { changedFiles } from './changed-files.ts'
import { Failure, UsageError } from './exit.ts'
import { findQueryFiles, type QueryFile } from './query-files.ts'
import type { Reporter } from './reporter.ts'
import { type RuleFilterOptions, wantsRule } from './rule-filter.ts'
import type { RuleFile } from './run-report.ts'
import type { Session } from './session.ts'

/** The rules of a command line. */
export interface RuleFiles {
  readonly files: readonly RuleFile[]
  /** How many files are meant to be rules and cannot be used. */
  readonly broken: number
}

/**
 * Reads the rules that are wanted; what cannot be used is reported, and the others run all the same.
 * There are none where only changed ones are wanted and none was, which is said.
 * @throws UsageError where none is what the options ask for; Failure where none can be used.
 */
export async function readRules(
  paths: readonly string[],
  filter: RuleFilterOptions,
  { reporter }: Session,
): Promise<RuleFiles> {
  const found = await findQueryFiles(paths, { kql: false }, reporter)
  const candidates = await changedOnly(found, paths, filter.changed, reporter)
  const { left, ...rules } = await chosenRules(candidates, filter, reporter)
  const isEmpty = rules.files.length === 0
  if (isEmpty && left > 0) {
    throw new UsageError(`None of the ${left} rules fits what the options ask for.`)
  }
  const isUnchanged = found.length > 0 && candidates.length === 0
  if (isEmpty && !isUnchanged) throw new Failure('rules')
  return rules
}

/** The rules that are wanted of files that were found, and how many are not. */
export async function chosenRules(
  found: readonly QueryFile[],
  filter: RuleFilterOptions,
  reporter: Reporter,
): Promise<RuleFiles & { readonly left: number }> {
  const files: RuleFile[] = []
  const ids = new RuleIds()
  let broken = 0
  let left = 0
  for (const file of found) {
    const { rule, query } = file
    if (rule !== undefined && !wantsRule(filter, rule)) {
      left++
      continue
    }
    for (const diagnostic of file.diagnostics) await reporter.inSource(file.source, diagnostic)
    if (rule !== undefined && query !== undefined) {
      const own = ids.distinct(rule)
      for (const diagnostic of own.diagnostics) await reporter.inSource(file.source, diagnostic)
      files.push({ ...file, rule: own.rule, query })
    } else broken++
    if (rule === undefined && query !== undefined) await reportPlain(file.path, reporter)
  }
  return { files, broken, left }
}

/** Tells of a file of plain KQL where rules are wanted. */
function reportPlain(file: string, reporter: Reporter): Promise<void> {
  return reporter.inFile({
    code: 'KQL401',
    severity: 'error',
    message: 'It is a query of its own, not a rule.',
    hint: '`kqlab query` runs it.',
    file,
  })
}

/** The files that differ from a revision of git; all where none is named. Says where there are none. */
export async function changedOnly<File extends QueryFile>(
  files: readonly File[],
  paths: readonly string[],
  revision: string | undefined,
  reporter: Reporter,
): Promise<readonly File[]> {
  if (revision === undefined) return files
  const changed = await changedFiles(revision, paths, reporter)
  const kept = files.filter(({ path }) => changed.has(path))
  if (files.length > 0 && kept.length === 0) {
    await reporter.inFile({
      code: 'KQL421',
      severity: 'info',
      message: `Nothing of what is named has changed since ${revision}.`,
    })
  }
  return kept
}
