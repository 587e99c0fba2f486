import { Failure, UsageError } from './exit.ts'
import { findQueryFiles } from './query-files.ts'
import { type RuleFilterOptions, wantsRule } from './rule-filter.ts'
import type { RuleFile } from './run-report.ts'
import type { Session } from './session.ts'

/** The rules of a command line. */
export interface RuleFiles {
  readonly files: readonly RuleFile[]
  /** How many files are meant to be rules and cannot be used. */
  readonly broken: number
}

/** Reads the rules that are wanted; what cannot be used is reported, and the others run all the same. */
export async function readRules(
  paths: readonly string[],
  filter: RuleFilterOptions,
  { reporter }: Session,
): Promise<RuleFiles> {
  const files: RuleFile[] = []
  let broken = 0
  let left = 0
  for (const file of await findQueryFiles(paths, { kql: false }, reporter)) {
    const { rule, query } = file
    if (rule !== undefined && !wantsRule(filter, rule)) {
      left++
      continue
    }
    for (const diagnostic of file.diagnostics) await reporter.inSource(file.source, diagnostic)
    if (rule !== undefined && query !== undefined) files.push({ ...file, rule, query })
    else broken++
  }
  if (files.length === 0 && left > 0) {
    throw new UsageError(`None of the ${left} rules fits what the options ask for.`)
  }
  if (files.length === 0) throw new Failure('rules')
  return { files, broken }
}
